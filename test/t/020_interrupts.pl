# A session that waits for an API ends its statement at once when it is told
# to, closes the connection, and is as good as before: in scans, in CREATE
# SERVER's discovery, in IMPORT FOREIGN SCHEMA.
use strict;
use warnings;

use AutoconnTest;
use IPC::Run qw(start finish timeout);
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

# What waits here would wait for a minute; a busy machine needs some of it.
my $bound_s = 15;

my $api = start_api();
my $node = start_node('main');
my $hanging = http_get($api->url('/_port/hanging'));

chomp($hanging);

sub api_waits
{
	my ($session, $for) = @_;
	return eval {
		http_get($api->url("/_wait/$session?$for&timeout_ms=10000"));
		1;
	};
}

my $dir = PostgreSQL::Test::Utils::tempdir();

# A psql that runs a statement, then shows that its session can do more.
sub start_victim
{
	my ($name, $sql) = @_;
	(my $file = "$dir/$name") =~ tr/ /-/;

	append_to_file("$file.in", "SET application_name = '$name';\n$sql;\n"
		  . "SELECT 'still reads ' || count(*) FROM healthy;\n");
	my $run = start(
		[ 'psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d',
			$node->connstr('postgres') ],
		'<', "$file.in", '>', "$file.out", '2>', "$file.err",
		timeout(120));
	return { name => $name, file => $file, run => $run };
}

# Waits for its end and reads what it said.
sub finish_victim
{
	my ($victim) = @_;
	finish($victim->{run});
	$victim->{took_s} = time() - $victim->{told} if $victim->{told};
	$victim->{out} = slurp_file("$victim->{file}.out");
	$victim->{err} = slurp_file("$victim->{file}.err");
	return;
}

sub wait_until_it_waits
{
	my ($victim) = @_;
	ok( $node->poll_query_until(
			'postgres',
			"SELECT count(*) = 1 FROM pg_stat_activity WHERE
			 application_name = '$victim->{name}' AND
			 wait_event_type = 'Extension'"),
		"$victim->{name}: waits");
	return;
}

sub end_it
{
	my ($victim, $function) = @_;
	$victim->{told} = time();
	$node->safe_psql('postgres',
		"SELECT $function(pid) FROM pg_stat_activity
		 WHERE application_name = '$victim->{name}'");
	return;
}

my %ways = (
	cancel => {
		end => sub { end_it($_[0], 'pg_cancel_backend') },
		error => qr/ERROR:  57014: canceling statement due to user request/,
	},
	timeout => {
		before => "SET statement_timeout = '1s'",
		end => sub { $_[0]->{told} = time() },
		error => qr/ERROR:  57014: canceling statement due to statement timeout/,
	},
	terminate => {
		end => sub { end_it($_[0], 'pg_terminate_backend') },
		error => qr/FATAL:  57P01: terminating connection due to administrator/,
		gone => 1,
	},);

# interrupt(name, statement, way, [session]): starts it, waits until it waits
# (and the API, if there is a session, has got a request), ends it.
sub interrupt
{
	my ($name, $sql, $way, $session) = @_;
	my $how = $ways{$way};
	my $before = $how->{before} // '';
	my $victim = start_victim("$name $way",
		$before ne '' ? "$before;\n$sql;\nRESET statement_timeout" : $sql);

	$name = "$name, $way";
	ok(api_waits($session, 'n=1'), "$name: the API was asked") if $session;
	wait_until_it_waits($victim) unless $way eq 'timeout';
	$how->{end}->($victim);
	finish_victim($victim);
	cmp_ok($victim->{took_s}, '<', $bound_s, "$name: it ended at once");
	like($victim->{err}, $how->{error}, "$name: it said why");
	if ($how->{gone})
	{
		is($victim->{out}, '', "$name: the session is gone");
	}
	else
	{
		is($victim->{out}, "still reads 20\n", "$name: the session is not");
	}
	ok(api_waits($session, 'gone=1'), "$name: the connection was closed")
	  if $session;
	return;
}

sub create_table
{
	my ($name, $url, $options) = @_;
	$node->safe_psql('postgres', <<"EOS");
CREATE SERVER "$name" FOREIGN DATA WRAPPER autoconn OPTIONS
	(url '$url', discover 'off', timeout '50s', connect_timeout '50s' $options);
CREATE FOREIGN TABLE "$name" (id bigint OPTIONS (json_path '/id'))
	SERVER "$name" OPTIONS (path '/things', rows_path '/things',
	pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor');
EOS
	return;
}

create_table('healthy', $api->url('/s/healthy/plain'), '');

# ---- scans ----

my %scenarios = (
	headers => 'stall_headers;max_s=100',
	body => 'stall_body;max_s=100',
	'later page' => 'stall_body;max_s=100;at=3',
	drip => 'drip;bytes=1;tick_ms=500',);

for my $phase (sort keys %scenarios)
{
	for my $way (sort keys %ways)
	{
		(my $session = "$phase-$way") =~ tr/ /-/;
		create_table($session,
			$api->url("/s/$session/$scenarios{$phase}"), '');
		interrupt($phase, "SELECT count(*) FROM \"$session\"",
			$way, $session);
	}
}

# Told to come back in 50 seconds: the answer ended, nobody is gone.
for my $way (sort keys %ways)
{
	my $session = "backoff-$way";
	create_table($session,
		$api->url("/s/$session/rate_limited;retry_after=50;fail=0"), '');
	interrupt('backoff', "SELECT count(*) FROM \"$session\"", $way);
	is(scalar($api->requests($session)), 1,
		"back-off, $way: it was not asked again");
}

for my $way (sort keys %ways)
{
	create_table("connect-$way", "http://127.0.0.1:$hanging/v1", '');
	interrupt('connect', "SELECT count(*) FROM \"connect-$way\"", $way);
}

# What was cancelled can be asked again, by the same session.
create_table('again', $api->url('/s/again/stall_headers;max_s=100;fail=1;at=1'),
	'');
{
	my $victim = start_victim('again',
		"SELECT count(*) FROM again;\nSELECT count(*) FROM again");
	ok(api_waits('again', 'n=1'), 'again: the API was asked');
	wait_until_it_waits($victim);
	end_it($victim, 'pg_cancel_backend');
	finish_victim($victim);
	is($victim->{out}, "20\nstill reads 20\n", 'again: the next scan is whole');
}

# A handler for errors does not catch a cancel, nor does it leave a scan behind.
create_table('handled', $api->url('/s/handled/stall_headers;max_s=100'), '');
interrupt(
	'handled', q{DO $$ BEGIN PERFORM count(*) FROM handled;
	EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'caught'; END $$},
	'cancel', 'handled');

# ---- discovery and import ----

for my $way (sort keys %ways)
{
	my $session = "create-$way";
	my $url = $api->url("/s/$session/stall_headers;on=all;max_s=100");
	interrupt(
		'create', "CREATE SERVER \"$session\" FOREIGN DATA WRAPPER autoconn
		OPTIONS (url '$url', timeout '50s')", $way, $session);
	is( $node->safe_psql(
			'postgres',
			"SELECT (SELECT count(*) FROM pg_foreign_server WHERE srvname = '$session')
			 + (SELECT count(*) FROM autoconn.server_state WHERE server = '$session')
			 + (SELECT count(*) FROM autoconn.endpoint WHERE server = '$session')"
		),
		'0',
		"create, $way: nothing is left of the server");
}

for my $way (sort keys %ways)
{
	my $session = "import-$way";
	my $url = $api->url("/s/$session/stall_body;max_s=100");
	$node->safe_psql('postgres', <<"EOS");
SET client_min_messages = error;
CREATE SERVER "$session" FOREIGN DATA WRAPPER autoconn
	OPTIONS (url '$url', timeout '50s');
CREATE SCHEMA "$session";
EOS
	$api->forget($session);
	interrupt(
		'import',
		"IMPORT FOREIGN SCHEMA api FROM SERVER \"$session\" INTO \"$session\"",
		$way, $session);
	is( $node->safe_psql(
			'postgres',
			"SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = '\"$session\"'::regnamespace),
			 (SELECT status FROM autoconn.servers WHERE server = '$session'),
			 (SELECT count(*) FROM autoconn.endpoints WHERE server = '$session')"
		),
		'0|discovered|2',
		"import, $way: no table, and what was known before still is");
}

# Shutting down does not wait either.
create_table('shutdown', $api->url('/s/shutdown/stall_headers;max_s=100'), '');
{
	my $victim = start_victim('shutdown', 'SELECT count(*) FROM shutdown');
	ok(api_waits('shutdown', 'n=1'), 'shutdown: the API was asked');
	wait_until_it_waits($victim);
	my $told = time();
	$node->stop('fast');
	cmp_ok(time() - $told, '<', $bound_s, 'shutdown: it ended at once');
	finish_victim($victim);
}

done_testing();
