# While a worker waits for an answer, everything that it looks after can be
# dropped, at once.
use strict;
use warnings;

use AutoconnTest;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

# Far above what is needed, far below the time limit of the request.
my $prompt_s = 3.0;

my $api = start_api();
my $node = start_node('main', preload => 1, conf => "autoconn.naptime = '1s'\n");
my $worker = "FROM pg_stat_activity WHERE backend_type = 'autoconn worker'";

sub poll
{
	my ($condition, $name, $database) = @_;
	return ok($node->poll_query_until($database // 'postgres', "SELECT $condition"),
		$name);
}

# A database of that name, where a poll waits for an answer.
sub stall
{
	my ($name) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $name") if $name ne 'postgres';
	$node->safe_psql($name, 'SET client_min_messages = warning;
		CREATE EXTENSION IF NOT EXISTS autoconn');
	watch_server($node, $api, $name, database => $name, timeout => '100s',
		check_interval => '0', url => $api->url("/s/$name/stall_headers;max_s=100"));
	$api->forget($name);
	$node->safe_psql($name, "ALTER SERVER $name OPTIONS (SET check_interval '1s')");
	$api->wait_for($name, 2);
	poll("count(*) = 1 $worker AND datname = '$name' AND xact_start IS NULL",
		"$name: a poll waits");
	return;
}

sub succeeds
{
	my ($database, $statement, $limit_s) = @_;
	my $start = time;
	my ($status, $out, $err) = $node->psql($database,
		"SET client_min_messages = warning; $statement");

	is("$status $err", '0 ', $statement);
	cmp_ok(time - $start, '<', $limit_s // $prompt_s, "$statement: at once");
	return;
}

# ---- the server ----

stall('postgres');
succeeds('postgres', 'DROP SERVER postgres CASCADE');
$api->release('postgres');
poll("NOT EXISTS (SELECT $worker)", 'the visit ends');
is($node->safe_psql('postgres', 'SELECT (SELECT count(*) FROM autoconn.watch),
		(SELECT count(*) FROM autoconn.alert), (SELECT count(*) FROM autoconn.server_state)'),
	'0|0|0', 'nothing is stored for a server that is gone');

# Made anew while the poll of the old one waits.
$node->safe_psql('postgres', 'DROP SCHEMA postgres CASCADE');
stall('postgres');
my $pid = $node->safe_psql('postgres', "SELECT pid $worker");
succeeds('postgres', 'DROP SERVER postgres CASCADE; DROP SCHEMA postgres CASCADE');
watch_server($node, $api, 'postgres', check_interval => '0',
	url => $api->url('/s/postgres/stall_headers;max_s=100'));
$api->release('postgres');
poll("NOT EXISTS (SELECT $worker AND pid = $pid)", 'the visit ends');
is($node->safe_psql('postgres', 'SELECT count(*) FROM autoconn.watch'),
	'0', 'a server of the same name inherits nothing');

# ---- a table of it ----

$node->safe_psql('postgres', 'SET client_min_messages = warning;
	DROP SERVER postgres CASCADE; DROP SCHEMA postgres CASCADE');
stall('postgres');
succeeds('postgres', 'DROP FOREIGN TABLE postgres.things');
$api->release('postgres');
poll("polls >= 2 FROM autoconn.watch", 'polls go on without it');
is($node->safe_psql('postgres', 'SELECT count(*) FROM autoconn.watch_table'),
	'0', 'nothing is kept of it');

$node->safe_psql('postgres', 'SET client_min_messages = warning;
	DROP SERVER postgres CASCADE');
$api->release('postgres');

# ---- the extension ----

stall('extension');
succeeds('extension', 'DROP EXTENSION autoconn CASCADE');
$api->release('extension');
poll("NOT has_extension AND failures = 0 AND worker_pid IS NULL
	FROM autoconn.worker_state() JOIN pg_database d ON d.oid = dbid
	WHERE datname = 'extension'", 'the visit ends and finds the extension gone');

# Again and again, whatever a worker is doing: neither waits for the other.
for my $i (1 .. 25)
{
	my ($status, $out, $err) = $node->psql('extension', q{
		SET client_min_messages = warning;
		CREATE EXTENSION autoconn;
		CREATE SERVER s FOREIGN DATA WRAPPER autoconn
			OPTIONS (url 'http://127.0.0.1:1', discover 'off');
		SELECT pg_reload_conf();
		DROP EXTENSION autoconn CASCADE});
	is("$status $err", '0 ', 'dropped while a worker comes');
}

# ---- the database ----

stall('forced');
succeeds('postgres', 'DROP DATABASE forced WITH (FORCE)');
stall('plain');
succeeds('postgres', 'DROP DATABASE plain', 5);
stall('renamed');
succeeds('postgres', 'ALTER DATABASE renamed RENAME TO other', 5);
succeeds('postgres', 'DROP DATABASE other', 5);
stall('copied');
succeeds('postgres', 'CREATE DATABASE copy TEMPLATE copied', 5);
is($node->safe_psql('postgres', 'SELECT count(*) FROM autoconn.worker_state() WHERE failures > 0'),
	0, 'no visit failed');
is(worker_errors($node), '', 'no error of a worker');
unlike(slurp_file($node->logfile), qr/PANIC|TRAP|signal 11/, 'nothing crashed');
done_testing();
