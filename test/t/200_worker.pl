# The launcher starts with the server and sends workers to the databases that
# have the extension; each visit is short, settings say where to and whether.
use strict;
use warnings;

use AutoconnTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('main', preload => 1,
	conf => "autoconn.naptime = '1s'\n");

# What autoconn.worker_state() knows of a database; empty without a place.
sub state_is
{
	my ($database, $condition, $name) = @_;

	return ok(
		$node->poll_query_until(
			'postgres',
			"SELECT coalesce(bool_or($condition), false)
			 FROM autoconn.worker_state() JOIN pg_database d ON d.oid = dbid
			 WHERE datname = '$database'"),
		$name);
}

sub no_worker
{
	my ($name) = @_;

	return ok(
		$node->poll_query_until(
			'postgres',
			"SELECT NOT EXISTS (SELECT FROM pg_stat_activity
				WHERE backend_type = 'autoconn worker')
			 AND NOT EXISTS (SELECT FROM autoconn.worker_state()
				WHERE worker_pid IS NOT NULL)"),
		$name);
}

sub launcher_says
{
	my ($query, $name) = @_;

	return ok(
		$node->poll_query_until(
			'postgres',
			"SELECT count(*) = 1 FROM pg_stat_activity
			 WHERE backend_type = 'autoconn launcher' AND datid IS NULL
			 AND application_name = 'autoconn launcher' AND state = 'idle'
			 AND query LIKE '$query'"),
		$name);
}

# A launcher, and visits

$node->safe_psql('postgres', q{CREATE SERVER s FOREIGN DATA WRAPPER autoconn
	OPTIONS (url 'http://127.0.0.1:1', discover 'off')});
$node->restart;
launcher_says('databases being visited: %',
	'the launcher runs, and tells what it does');
state_is('postgres', 'has_extension AND looked_at IS NOT NULL AND failures = 0',
	'the database with the extension was visited');
state_is('postgres', 'due_at > looked_at', 'and will be again');

$node->safe_psql('postgres', 'CREATE DATABASE empty');
state_is('empty', 'NOT has_extension AND looked_at IS NOT NULL',
	'a database without the extension was looked at');
my $looked_at = $node->safe_psql('postgres',
	"SELECT looked_at FROM autoconn.worker_state() s
	 JOIN pg_database d ON d.oid = dbid WHERE datname = 'empty'");
is( $node->safe_psql('postgres',
		"SELECT string_agg(datname, ',') FROM autoconn.worker_state() s
		 JOIN pg_database d ON d.oid = dbid
		 WHERE datname = 'template0' OR
			(datname = 'template1' AND looked_at IS NOT NULL)"),
	'',
	'templates are left alone');
no_worker('workers leave');

# Ten databases do with the eight background workers of the default.  The
# later ones were looked at after the empty one was due again, if it were.
my @many = map { "many$_" } 1 .. 10;

is($node->safe_psql('postgres', 'SHOW max_worker_processes'),
	'8', 'there are eight background workers');
for my $name (@many)
{
	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->safe_psql($name, 'SET client_min_messages = warning;
		CREATE EXTENSION autoconn;
		CREATE SERVER s FOREIGN DATA WRAPPER autoconn
			OPTIONS (url \'http://127.0.0.1:1\', discover \'off\')');
}
state_is($_, 'has_extension AND looked_at IS NOT NULL', "$_ was visited")
  for @many;
is( $node->safe_psql('postgres',
		"SELECT looked_at FROM autoconn.worker_state() s
		 JOIN pg_database d ON d.oid = dbid WHERE datname = 'empty'"),
	$looked_at,
	'the database without the extension was looked at once');
no_worker('workers leave again');
is( $node->safe_psql('postgres',
		'SELECT count(*) FROM autoconn.worker_state() WHERE failures > 0'),
	'0',
	'no visit failed');

# A session asks when it commits, for what the visit is to see.
$node->safe_psql('empty', q{
	SET client_min_messages = warning;
	BEGIN;
	CREATE EXTENSION autoconn;
	CREATE SERVER s FOREIGN DATA WRAPPER autoconn
		OPTIONS (url 'http://127.0.0.1:1', discover 'off');
	COMMIT});
state_is('empty', 'has_extension', 'a new server has its database visited');

# An extension that goes is noticed, at the visit that a reload makes.
$node->safe_psql('many1', 'SET client_min_messages = warning;
	DROP EXTENSION autoconn CASCADE');
$node->reload;
state_is('many1', 'NOT has_extension', 'the extension is gone from many1');

# Places of databases that are gone are free again.
$node->safe_psql('postgres', "DROP DATABASE $_") for @many;
ok( $node->poll_query_until(
		'postgres',
		'SELECT NOT EXISTS (SELECT FROM autoconn.worker_state() s
			WHERE NOT EXISTS (SELECT FROM pg_database d WHERE d.oid = dbid))'),
	'nothing is known of databases that are gone');

# Who may look

$node->safe_psql('postgres', 'CREATE ROLE regress_user LOGIN');
my ($status, $out, $err) = $node->psql('postgres',
	'SELECT * FROM autoconn.worker_state()',
	extra_params => [ '-U', 'regress_user' ]);
like($err, qr/permission denied for function worker_state/,
	'what the launcher knows is not for everybody');

# autoconn.databases

$node->safe_psql('postgres', 'CREATE DATABASE "Listed"');
$node->append_conf('postgresql.conf',
	q(autoconn.databases = 'postgres, "Listed", last') . "\n");
$node->reload;
state_is('Listed', 'looked_at IS NOT NULL', 'a database that is listed');
$node->safe_psql('postgres', 'CREATE DATABASE listed');
$node->safe_psql('postgres', 'CREATE DATABASE last');
state_is('last', 'looked_at IS NOT NULL', 'another that is listed');
is( $node->safe_psql('postgres',
		"SELECT count(*) FROM autoconn.worker_state() s
		 JOIN pg_database d ON d.oid = dbid WHERE datname = 'listed'"),
	'0',
	'one that is not has no visit');
$node->append_conf('postgresql.conf', "autoconn.databases = ''\n");
$node->reload;
state_is('listed', 'looked_at IS NOT NULL', 'it has when the list is empty');

# autoconn.watch

$node->append_conf('postgresql.conf', "autoconn.watch = off\n");
$node->reload;
launcher_says('autoconn.watch is off', 'the launcher only waits');
no_worker('nobody visits');
$node->safe_psql('postgres', 'CREATE DATABASE unwatched');
$node->safe_psql('unwatched', q{
	SET client_min_messages = warning;
	CREATE EXTENSION autoconn;
	CREATE SERVER s FOREIGN DATA WRAPPER autoconn
		OPTIONS (url 'http://127.0.0.1:1', discover 'off')});
launcher_says('autoconn.watch is off', 'and goes on doing so');
is( $node->safe_psql('postgres',
		"SELECT count(*) FROM autoconn.worker_state() s
		 JOIN pg_database d ON d.oid = dbid
		 WHERE datname = 'unwatched' AND looked_at IS NOT NULL"),
	'0',
	'no visit while it is off');
$node->append_conf('postgresql.conf', "autoconn.watch = on\n");
$node->reload;
state_is('unwatched', 'has_extension', 'a visit when it is on again');

# Values of settings

for my $good ('0', '3 days', '-01:30', 'P1Y2M', '1 mon -2 hours', '100 years')
{
	is( $node->safe_psql('postgres',
			"SET autoconn.clock_offset = '$good'; SELECT 'set'"),
		'set',
		"clock_offset may be $good");
}
for my $bad ('soon', '', '2020-01-01', 'now', '101 years', '-4000000 days',
	'infinity', '1 day' . ' 1 hour' x 60)
{
	($status, $out, $err) = $node->psql('postgres',
		"SET autoconn.clock_offset = '$bad'");
	like($err, qr/invalid value for parameter "autoconn.clock_offset"/,
		"clock_offset must not be '$bad'");
}
($status, $out, $err) = $node->psql('postgres',
	"SET autoconn.clock_offset = '1 day'",
	extra_params => [ '-U', 'regress_user' ]);
like($err, qr/permission denied/, 'nor set by everybody');
($status, $out, $err) = $node->psql('postgres',
	"ALTER SYSTEM SET autoconn.databases = 'a b'");
like($err, qr/invalid value for parameter "autoconn.databases"/,
	'a list of databases has commas');

# A bad value in the file leaves the server and the launcher running.
$node->append_conf('postgresql.conf', "autoconn.clock_offset = 'soon'\n");
my $offset = -s $node->logfile;
$node->reload;
ok($node->wait_for_log(qr/invalid value for parameter "autoconn.clock_offset"/,
		$offset),
	'a bad value in the configuration file is told');
$node->safe_psql('postgres', 'CREATE DATABASE after');
state_is('after', 'looked_at IS NOT NULL', 'and the launcher goes on');

$node->stop;
unlike(slurp_file($node->logfile), qr/PANIC|TRAP|TerminateWorker|signal 11/,
	'nothing crashed');
done_testing();
