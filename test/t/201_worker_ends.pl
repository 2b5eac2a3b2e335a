# Visits end when they must: when somebody drops or copies the database, when
# the launcher or the worker is told to end, when the server crashes.
use strict;
use warnings;

use AutoconnTest;
use IPC::Run qw(start finish timeout);
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('main', preload => 1, conf => <<'EOS');
autoconn.naptime = '1s'
restart_after_crash = on
max_prepared_transactions = 5
EOS

sub poll
{
	my ($condition, $name) = @_;
	return ok($node->poll_query_until('postgres', "SELECT $condition"), $name);
}

sub of_state
{
	my ($database, $expression) = @_;
	return "(SELECT $expression FROM autoconn.worker_state()
		JOIN pg_database d ON d.oid = dbid WHERE datname = '$database')";
}

sub waits_in
{
	my ($database) = @_;
	return poll("EXISTS (SELECT FROM pg_stat_activity
		WHERE backend_type = 'autoconn worker' AND datname = '$database'
		AND application_name = 'autoconn worker' AND state = 'active'
		AND wait_event_type = 'Lock')", "$database: a worker waits there");
}

# A database where each visit waits for a lock, which no session holds.
sub make_busy
{
	my ($database) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	# A server asks for a visit; who came before the extension was there comes again.
	$node->safe_psql($database, q{CREATE EXTENSION autoconn;
		CREATE SERVER s FOREIGN DATA WRAPPER autoconn
			OPTIONS (url 'http://127.0.0.1:1', discover 'off')});
	poll(of_state($database, 'has_extension'), "$database is visited");
	$node->safe_psql($database, "BEGIN; LOCK TABLE pg_extension;
		PREPARE TRANSACTION 'hold_$database'");
	$node->reload;
	waits_in($database);
	return;
}

sub free
{
	my ($database) = @_;
	$node->safe_psql($database, "ROLLBACK PREPARED 'hold_$database'");
	return;
}

sub launcher
{
	return $node->safe_psql('postgres',
		"SELECT pid FROM pg_stat_activity WHERE backend_type = 'autoconn launcher'");
}

# The one that waits; other databases may be visited, too.
sub worker_in
{
	my ($database) = @_;
	return $node->safe_psql('postgres', "SELECT pid FROM pg_stat_activity
		WHERE backend_type = 'autoconn worker' AND datname = '$database'");
}

# Storms of visits, and databases and extensions that go meanwhile.
for my $i (1 .. 15)
{
	$node->safe_psql('postgres', "CREATE DATABASE victim$i");
	$node->safe_psql("victim$i", q{
		SET client_min_messages = warning;
		CREATE EXTENSION autoconn;
		CREATE SERVER s FOREIGN DATA WRAPPER autoconn
			OPTIONS (url 'http://127.0.0.1:1', discover 'off');
		SELECT pg_reload_conf()});
	my ($status, $out, $err) = $i % 2
	  ? $node->psql("victim$i", 'SET client_min_messages = warning;
		DROP EXTENSION autoconn CASCADE; SELECT pg_reload_conf()')
	  : $node->psql('postgres', "CREATE DATABASE copy TEMPLATE victim$i;
		DROP DATABASE copy");
	is("$status $err", '0 ',
		"while visits go on: " . ($i % 2 ? 'DROP EXTENSION' : 'a copy'));
	($status, $out, $err) = $node->psql('postgres', "DROP DATABASE victim$i");
	is("$status $err", '0 ', "while visits go on: DROP DATABASE");
}
poll("NOT EXISTS (SELECT FROM autoconn.worker_state() WHERE failures > 0)
	AND NOT EXISTS (SELECT FROM pg_stat_activity
		WHERE backend_type = 'autoconn worker')", 'all is quiet afterwards');

# A visit that takes long gives way: what is left in the way of the drop is
# only the transaction that made the visit long.
make_busy('long');
my ($status, $out, $err) = $node->psql('postgres', 'DROP DATABASE long');
like($err, qr/There is 1 prepared transaction using the database/,
	'DROP DATABASE finds no worker in its way');
poll(of_state('long', 'failures = 0'), 'which is no failure of the visit');
poll("EXISTS (SELECT FROM pg_stat_activity
	WHERE backend_type = 'autoconn worker' AND datname = 'long')",
	'another one is made afterwards');
($status, $out, $err) =
  $node->psql('postgres', 'CREATE DATABASE copy TEMPLATE long');
like($err, qr/There is 1 prepared transaction using the database/,
	'CREATE DATABASE that copies it finds none, either');

# autoconn.watch ends visits, too.
poll("EXISTS (SELECT FROM pg_stat_activity
	WHERE backend_type = 'autoconn worker')", 'another visit');
$node->append_conf('postgresql.conf', "autoconn.watch = off\n");
$node->reload;
poll("NOT EXISTS (SELECT FROM pg_stat_activity
	WHERE backend_type = 'autoconn worker')", 'nobody visits when watch is off');
$node->append_conf('postgresql.conf', "autoconn.watch = on\n");
$node->reload;

# A worker that is told to end: a failure that is counted and told once.
poll(of_state('long', 'worker_pid IS NOT NULL'), 'a visit again');
my $offset = -s $node->logfile;
$node->safe_psql('postgres', 'SELECT pg_terminate_backend(worker_pid)
	FROM autoconn.worker_state() WHERE worker_pid IS NOT NULL');
poll(of_state('long', 'failures > 0'), 'its end is a failure');
poll(of_state('long', 'failures > 0 AND worker_pid IS NOT NULL'),
	'it is tried again');
$node->safe_psql('postgres', 'SELECT pg_terminate_backend(worker_pid)
	FROM autoconn.worker_state() WHERE worker_pid IS NOT NULL');
poll(of_state('long', 'failures = 2'), 'failures are counted');
poll(of_state('long', q{worker_pid IS NULL
	AND due_at > clock_timestamp() + '0.5 s'}), 'and it waits longer');
my @told = slurp_file($node->logfile, $offset) =~
  /(autoconn worker ended before it had done the checks)/g;
is(scalar(@told), 1, 'the log has it once');
free('long');
poll(of_state('long', 'failures = 0 AND worker_pid IS NULL'),
	'a visit that succeeds ends the row');

# A launcher that is told to end takes its workers with it, and comes again.
make_busy('held');
my $launcher = launcher();
my $worker = worker_in('held');
$node->safe_psql('postgres', "SELECT pg_terminate_backend($launcher)");
poll("NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid IN ($launcher, $worker))",
	'the launcher ends, and its worker');
poll("EXISTS (SELECT FROM pg_stat_activity
	WHERE backend_type = 'autoconn launcher' AND pid <> $launcher)",
	'another launcher comes');
poll("EXISTS (SELECT FROM pg_stat_activity
	WHERE backend_type = 'autoconn worker' AND datname = 'held')",
	'and visits');

free('held');

# Crashes of either: the server starts anew, and so do they.  Here a session
# has the lock, as its end is that of the lock.
for my $type ('worker', 'launcher')
{
	my ($out, $err);
	my $holder = start(
		[ 'psql', '-XAtq', '-d', $node->connstr('held'), '-c',
			'BEGIN; LOCK TABLE pg_extension; SELECT pg_sleep(600)' ],
		'>', \$out, '2>', \$err, timeout(300));

	poll("EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep')",
		'a session has the lock');
	$node->reload;
	waits_in('held');
	my $worker = worker_in('held');
	my $launcher = launcher();
	crash($node, $type eq 'worker' ? $worker : $launcher);
	finish($holder);
	poll("EXISTS (SELECT FROM pg_stat_activity
		WHERE backend_type = 'autoconn launcher' AND pid <> $launcher)
		AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $worker)",
		"after a crash of the $type there is a new launcher");
	poll(of_state($_, 'has_extension AND worker_pid IS NULL'), "which had $_ visited")
	  for 'held', 'postgres';
}

# A fast shutdown does not wait for a visit.
make_busy('last');
$node->stop('fast');
ok(!-e $node->data_dir . '/postmaster.pid', 'the server stops during a visit');

done_testing();
