# The event ring between sessions: nothing is lost without being counted, no
# event is taken twice or in halves, databases do not get each other's, and
# sessions that are killed leave it in order.
use strict;
use warnings;

use AutoconnTest;
use IPC::Run ();
use PostgreSQL::Test::Utils;
use Test::More;

# One row with this many members that are no columns, and the scan's end.
my $members = 39;
my $events = $members + 1;

my $api = start_api();
my $url = $api->url('/s/ring/hostile_names;declared=0;rows=1');
my $table = <<"EOS";
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS autoconn;
CREATE SERVER ring FOREIGN DATA WRAPPER autoconn
	OPTIONS (url '$url', discover 'off', retries '0');
CREATE FOREIGN TABLE things (id bigint OPTIONS (json_path '/id'),
	name text OPTIONS (json_path '/name'),
	value numeric OPTIONS (json_path '/value'))
	SERVER ring OPTIONS (path '/things', rows_path '/things');
CREATE TABLE taken (kind text, server text, relation text, rows bigint,
	complete boolean, owner boolean, text text);
CREATE TABLE lost (n bigint);
CREATE PROCEDURE read_often(times int) LANGUAGE plpgsql AS
	'BEGIN FOR i IN 1 .. times LOOP PERFORM id FROM things; COMMIT; END LOOP; END';
CREATE PROCEDURE take_once() LANGUAGE plpgsql AS
	'BEGIN INSERT INTO taken SELECT kind, server, relation::text, rows, complete, owner, text FROM autoconn.take_events();
	INSERT INTO lost SELECT autoconn.events_lost(); COMMIT; END';
EOS

# Several sessions at once, each with its statement, while one here goes on.
sub in_parallel
{
	my ($node, $statements, $meanwhile) = @_;
	my @runs = map {
		IPC::Run::start(
			[ 'psql', '-XAtq', '-d', $node->connstr('postgres'),
				'-v', 'ON_ERROR_STOP=1', '-c', $_ ],
			'<', \undef, '>&', \my $out, IPC::Run::timeout(300))
	} @$statements;
	while ($meanwhile && grep { $_->pumpable } @runs)
	{
		$meanwhile->();
		$_->pump_nb for grep { $_->pumpable } @runs;
	}
	return scalar(grep { !$_->finish } @runs);
}

# ---- many writers, two readers ----

my $node = start_node('main', preload => 1, conf => "autoconn.watch = off\n");
$node->safe_psql('postgres', $table);
my $scans = 250;
is( in_parallel($node,
		[ ("CALL read_often($scans)") x 4,
			'DO $$BEGIN FOR i IN 1 .. 200 LOOP CALL take_once(); END LOOP; END$$' ],
		sub { $node->safe_psql('postgres', 'CALL take_once()') }),
	0, 'four sessions scan while two take events');
$node->safe_psql('postgres', 'CALL take_once()');
is( $node->safe_psql('postgres',
		'SELECT (SELECT count(*) FROM taken) + (SELECT sum(n) FROM lost)'),
	4 * $scans * $events,
	'what was taken and what was lost is what was put in');
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM taken'),
	'>', $scans * $events, 'and most of it was not lost');
is( $node->safe_psql('postgres', <<'EOS'), '', 'no event is a mixture');
SELECT * FROM taken WHERE server <> 'ring' OR relation <> 'things' OR rows <> 1 OR NOT owner
	OR kind NOT IN ('scan', 'field_unknown') OR (kind = 'scan') <> (text IS NULL) OR (kind = 'scan') <> (complete IS NOT NULL)
	OR text !~ '^/'
EOS
cmp_ok(
	$node->safe_psql('postgres', <<'EOS'), '<=', 4 * $scans, 'none is taken twice');
SELECT max(n) FROM (SELECT count(*) AS n FROM taken WHERE octet_length(text) < 95 GROUP BY kind, text) t
EOS

# ---- nobody takes anything: it fills, and goes on with the newest ----

$node->safe_psql('postgres', 'TRUNCATE taken, lost');
is(in_parallel($node, [ ("CALL read_often($scans)") x 4 ]), 0, 'four sessions scan');
$node->safe_psql('postgres', 'CALL take_once()');
is( $node->safe_psql('postgres',
		'SELECT (SELECT count(*) FROM taken) + (SELECT sum(n) FROM lost), (SELECT sum(n) FROM lost) > 0'),
	(4 * $scans * $events) . '|t',
	'a full ring: all that is not there was counted');

# ---- databases ----

$node->safe_psql('postgres', 'CREATE DATABASE other');
$node->safe_psql('other', $table);
$node->safe_psql('other', 'CALL read_often(1)');
$node->safe_psql('postgres', 'TRUNCATE taken, lost; CALL read_often(2); CALL take_once()');
$node->safe_psql('other', 'CALL take_once()');
is($node->safe_psql('postgres', 'SELECT count(*) FROM taken'), 2 * $events, 'events of this database');
is($node->safe_psql('other', 'SELECT count(*) FROM taken'), $events, 'events of the other one');

# Nobody takes what the other one puts in; it is this one's in the end.
$node->safe_psql('other', "CALL read_often($scans)");
$node->safe_psql('postgres', "TRUNCATE taken, lost; CALL read_often($scans); CALL take_once()");
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM taken'),
	'>', 1000, 'a database that nobody watches does not keep the ring full');

# ---- a kill ----

$node->append_conf('postgresql.conf', 'restart_after_crash = on');
$node->reload;
my $killed = IPC::Run::start(
	[ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', 'CALL read_often(1000000)' ],
	'<', \undef, '>', \my $out, '2>', \my $err, IPC::Run::timeout(120));
$node->poll_query_until('postgres',
	"SELECT count(*) = 1 FROM pg_stat_activity WHERE query ~ '^CALL read_often' AND pid <> pg_backend_pid()");
my $pid = $node->safe_psql('postgres',
	"SELECT pid FROM pg_stat_activity WHERE query ~ '^CALL read_often' AND pid <> pg_backend_pid()");
crash($node, $pid);
$killed->finish;
$node->safe_psql('postgres', 'TRUNCATE taken, lost; CALL take_once(); TRUNCATE taken, lost; CALL read_often(2); CALL take_once()');
is($node->safe_psql('postgres', 'SELECT (SELECT count(*) FROM taken), (SELECT sum(n) FROM lost)'), (2 * $events) . '|0', 'the ring is anew and in order');
$node->stop;

# ---- without preload ----

# On 15 and 16 the memory is small.
my $late = start_node('late', conf => "autoconn.watch = off\n");
$late->safe_psql('postgres', $table);
is($late->safe_psql('postgres', 'CALL read_often(1); CALL take_once(); SELECT (SELECT count(*) FROM taken), (SELECT sum(n) FROM lost)'),
	"$events|0", 'without preload');
is( in_parallel($late, [ ("CALL read_often(50)") x 4 ],
		sub { $late->safe_psql('postgres', 'CALL take_once()') }),
	0, 'four sessions scan');
$late->safe_psql('postgres', 'CALL take_once()');
is( $late->safe_psql('postgres', 'SELECT (SELECT count(*) FROM taken) + (SELECT sum(n) FROM lost)'),
	201 * $events,
	'nothing is missing there either');
$late->stop;

done_testing();
