# Without shared_preload_libraries: a session that needs a launcher starts it;
# where there is no memory to be shared all works but the watch.  On a standby
# there is no launcher at all.
use strict;
use warnings;

use AutoconnTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('main', conf => <<'EOS');
autoconn.naptime = '1s'
wal_level = replica
max_wal_senders = 5
EOS
my $server = q{FOREIGN DATA WRAPPER autoconn
	OPTIONS (url 'http://127.0.0.1:1', discover 'off')};
my $launchers = "FROM pg_stat_activity
	WHERE backend_type = 'autoconn launcher'";

sub poll
{
	my ($on, $condition, $name) = @_;
	return ok($on->poll_query_until('postgres', "SELECT $condition"), $name);
}

is($node->safe_psql('postgres', "SELECT count(*) $launchers"),
	'0', 'the extension alone needs no launcher');

# Not before the commit, and not after an abort.
$node->safe_psql('postgres', "BEGIN; CREATE SERVER s $server; ROLLBACK");
is( $node->safe_psql('postgres', "BEGIN; CREATE SERVER s $server;
	SELECT pg_stat_clear_snapshot(); SELECT count(*) $launchers; ROLLBACK"),
	"\n0",
	'nor does a server that is not there in the end');
$node->safe_psql('postgres', "CREATE SERVER s $server;
	CREATE FOREIGN TABLE t (id int) SERVER s OPTIONS (path '/t')");
poll($node, "count(*) = 1 $launchers", 'a server starts one');
poll($node, 'has_extension AND looked_at IS NOT NULL
	FROM autoconn.worker_state() JOIN pg_database d ON d.oid = dbid
	WHERE datname = current_database()', 'which visits its database');
is($node->safe_psql('postgres', 'SELECT count(*) > 0
	FROM pg_shmem_allocations WHERE name = \'autoconn\' AND size <= 32768'),
	't', 'memory was had')
  if $node->pg_version < 17;

# Two of them at the same time are one.
$node->safe_psql('postgres', "CREATE SERVER s$_ $server") for 1 .. 3;
is($node->safe_psql('postgres', "SELECT count(*) $launchers"),
	'1', 'other servers do with that one');

# It is not lost with the server, nor with the process.
$node->restart;
is($node->safe_psql('postgres', "SELECT count(*) $launchers"),
	'0', 'after a restart there is none at first');
$node->safe_psql('postgres', 'EXPLAIN SELECT * FROM t');
poll($node, "count(*) = 1 $launchers", 'a scan starts one');
my $pid = $node->safe_psql('postgres', "SELECT pid $launchers");
$node->safe_psql('postgres', "SELECT pg_terminate_backend($pid)");
poll($node, "count(*) = 0 $launchers", 'it ends when it is told to');
$node->safe_psql('postgres', 'EXPLAIN SELECT * FROM t');
poll($node, "count(*) = 1 $launchers", 'another scan starts another');

# It ends when autoconn.watch is off, and where nothing will ever be due.
$node->append_conf('postgresql.conf', "autoconn.watch = off\n");
$node->reload;
poll($node, "count(*) = 0 $launchers", 'it ends when there is nothing to watch');
$node->safe_psql('postgres', 'EXPLAIN SELECT * FROM t');
is($node->safe_psql('postgres', "SELECT count(*) $launchers"),
	'0', 'and nobody starts one then');
$node->append_conf('postgresql.conf', "autoconn.watch = on\n");
$node->reload;
$node->safe_psql('postgres', 'EXPLAIN SELECT * FROM t');
poll($node, "count(*) = 1 $launchers", 'until it is on again');
$node->safe_psql('postgres', 'SET client_min_messages = warning;
	DROP EXTENSION autoconn CASCADE');
$node->reload;
poll($node, "count(*) = 0 $launchers", 'it ends when it is of no use');

# A standby, with preload: nothing runs there before it is promoted.
$node->safe_psql('postgres', "CREATE EXTENSION autoconn;
	CREATE SERVER s $server;
	CREATE FOREIGN TABLE t (id int) SERVER s OPTIONS (path '/t')");
$node->backup('backup');
for my $preload (0, 1)
{
	my $standby = PostgreSQL::Test::Cluster->new("standby$preload");

	$standby->init_from_backup($node, 'backup', has_streaming => 1);
	$standby->append_conf('postgresql.conf',
		"shared_preload_libraries = 'autoconn'\n")
	  if $preload;
	$standby->start;
	$standby->safe_psql('postgres', 'EXPLAIN SELECT * FROM t');
	is($standby->safe_psql('postgres', "SELECT count(*) $launchers"),
		'0', "standby, preload $preload: no launcher");
	$standby->promote;
	$standby->safe_psql('postgres', 'EXPLAIN SELECT * FROM t');
	poll($standby, "count(*) = 1 $launchers",
		"standby, preload $preload: one after promotion");
	$standby->stop;
}
$node->stop;

# No background worker is free: the log has it once, all else goes on.  One is
# taken by the launcher of logical replication.
my $tight = start_node('tight', conf => "max_worker_processes = 1\n");
$tight->safe_psql('postgres', "CREATE SERVER s1 $server; CREATE SERVER s2 $server");
is($tight->safe_psql('postgres', "SELECT count(*) $launchers"),
	'0', 'no worker is free for a launcher');
my @told = slurp_file($tight->logfile) =~
  /(autoconn could not start its launcher: no background worker is free)/g;
is(scalar(@told), 1, 'the log tells it once a session');
$tight->append_conf('postgresql.conf', "shared_preload_libraries = 'autoconn'
max_worker_processes = 2
autoconn.naptime = '1s'\n");
my $offset = -s $tight->logfile;
$tight->restart;
ok( $tight->wait_for_log(
		qr/autoconn could not start a worker: no background worker is free/,
		$offset),
	'none is free for a visit');
poll($tight, "state_change > backend_start + '3 s' $launchers",
	'the launcher tries again');
@told = slurp_file($tight->logfile, $offset) =~
  /(autoconn could not start a worker: no background worker is free)/g;
is(scalar(@told), 1, 'which the log tells once');
$tight->stop;

# No memory: its slack is used up by locks, which on 15 and 16 leaves none.
SKIP:
{
	skip "memory is had elsewhere", 5 if $node->pg_version >= 17;
	my $full = start_node('full');
	my ($status, $out, $err) = $full->psql('postgres',
		'SELECT count(pg_advisory_lock(i)) FROM generate_series(1, 1000000) i');

	like($err, qr/out of shared memory/, 'there is no more shared memory');
	($status, $out, $err) = $full->psql('postgres', "CREATE SERVER s $server;
		CREATE FOREIGN TABLE t (id int) SERVER s OPTIONS (path '/t');
		EXPLAIN (COSTS OFF) SELECT * FROM t");
	is("$status $err", '0 ', 'servers and tables work without');
	is($full->safe_psql('postgres', "SELECT count(*) $launchers"),
		'0', 'without a launcher');
	like(slurp_file($full->logfile), qr/autoconn cannot watch APIs: there is no shared memory/,
		'which the log tells');
	is($full->safe_psql('postgres', 'SELECT count(*) FROM autoconn.worker_state()'),
		'0', 'and there is no state');
}

done_testing();
