# What a server in use does to a scan: interrupts that are no cancel, other
# encodings, other time zones.
use strict;
use warnings;

use AutoconnTest;
use Test::More;

my $api = start_api();
my $node = start_node('main');

sub sql
{
	my ($stdout, $stderr) = ('', '');

	$node->psql($_[1] // 'postgres', $_[0],
		stdout => \$stdout, stderr => \$stderr);
	return $stdout . $stderr;
}

# Pages large enough that requests to log memory, sent all the time, come
# while they are read.
my $url = $api->url('/s/c1/bench;rows=60000;size=20000');
$node->safe_psql('postgres', "
	SET client_min_messages = warning;
	CREATE SERVER big FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url');
	CREATE SCHEMA big;
	IMPORT FOREIGN SCHEMA api FROM SERVER big INTO big OPTIONS (sample 'off')");
my $nagger = $node->background_psql('postgres');
$nagger->{stdin} .= "DO \$\$ BEGIN LOOP
	PERFORM pg_log_backend_memory_contexts(pid) FROM pg_stat_activity
		WHERE application_name = 'reader';
	PERFORM pg_stat_clear_snapshot(), pg_sleep(0.001);
	END LOOP; END \$\$;\n";
$nagger->{run}->pump_nb;
like(
	sql("SET application_name = 'reader';
		SELECT count(*) FROM big.rows"),
	qr/^60000$/,
	'a request to log memory does not end a query');
sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity
	WHERE query LIKE 'DO%' AND state = 'active'");
$nagger->{run}->finish; # the error ends psql

# Times without an offset are UTC, however they are spelt or stored.
my $times = $api->url('/shop/v1');
is( sql("SET client_min_messages = error;
		SET timezone = 'America/New_York';
		CREATE SERVER times FOREIGN DATA WRAPPER autoconn
			OPTIONS (url '$times', discover 'off');
		CREATE FOREIGN TABLE times (
			usual timestamptz OPTIONS (json_path '/available_from'),
			rounded timestamptz(3) OPTIONS (json_path '/available_from'),
			day date OPTIONS (json_path '/available_from'))
		SERVER times OPTIONS (path '/products', pagination 'none',
			on_incomplete 'warn');
		SELECT usual AT TIME ZONE 'UTC', rounded AT TIME ZONE 'UTC', day
		FROM times LIMIT 1"),
	'2024-01-02 00:00:00|2024-01-02 00:00:00|2024-01-02',
	'a date without an offset is UTC for timestamptz');

# Encodings.
sql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
like(
	sql('CREATE EXTENSION autoconn', 'latin'),
	qr/autoconn does not support the database encoding "LATIN1"/,
	'LATIN1 is refused');
sql("CREATE DATABASE bytes ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
like(
	sql('CREATE EXTENSION autoconn', 'bytes'),
	qr/^[^\n]*WARNING:  database encoding is SQL_ASCII.*\n[^\n]*DETAIL[^\n]*\n[^\n]*HINT[^\n]*$/,
	'SQL_ASCII is not, with a warning');
my $emoji = $api->url('/s/c2/lone_surrogate;kind=pair;style=none');
like(
	sql("CREATE SERVER emoji FOREIGN DATA WRAPPER autoconn
			OPTIONS (url '$emoji', discover 'off')", 'bytes'),
	qr/WARNING:  database encoding is SQL_ASCII/,
	'and so says each new server');
is( sql("CREATE FOREIGN TABLE things (id int, name text) SERVER emoji
			OPTIONS (path '/things');
		SELECT encode(convert_to(name, 'SQL_ASCII'), 'hex') FROM things
			WHERE id = 1", 'bytes'),
	'f09f98802031', 'its text is UTF-8');

done_testing();
