# max_concurrency is a ceiling for all sessions together: it is kept to and made
# use of, everybody has a turn, who ends in whatever way gives back his place,
# and nobody waits for the client of a stranger.
use strict;
use warnings;

use AutoconnTest;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $sessions = 4;
my $pages = 24;    # of each session, the last one not full
my $rows = 2 * $pages - 1;

my $api = start_api();
my $node = start_node('main', preload => 1,
	conf => "autoconn.watch = off\nrestart_after_crash = on\n");

# A server and a table of that name, whose requests are in the session of that
# name.
sub create_api
{
	my ($name, $scenario, $most, $style) = @_;
	my $url = $api->url("/s/$name/$scenario");

	$node->safe_psql('postgres', "CREATE SERVER $name FOREIGN DATA WRAPPER autoconn
			OPTIONS (url '$url', discover 'off', retries '0', max_concurrency '$most');
		CREATE FOREIGN TABLE $name (id bigint) SERVER $name OPTIONS (path '/things', $style)");
	return;
}

my $numbered = "rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '2', total_path '/meta/total'";
my $linked = "rows_path '/things', pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor'";

# A psql that runs statements on its own, under a name.
sub begin
{
	my ($name, $sql) = @_;
	return begin_psql($node, [ "SET application_name = '$name'", $sql ]);
}

sub end
{
	my ($out, $err) = end_psql(@_);
	chomp($out);
	return ($out, $err);
}

# What is done to the session of that name.
sub do_to
{
	my ($name, $what) = @_;
	return $node->safe_psql('postgres', "SELECT $what FROM pg_stat_activity WHERE application_name = '$name'");
}

sub wait_until_waiting
{
	my ($name) = @_;
	return $node->poll_query_until('postgres',
		"SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = '$name' AND wait_event_type = 'Extension'");
}

# ---- four sessions, three places ----

create_api('shared', "plain;rows=$rows;size=2;style=page;delay_ms=20", 3, $numbered);
my @runs = map { begin('all', 'SELECT count(*) FROM shared') } 1 .. $sessions;
is(join(' ', map { (end($_))[0] } @runs), join(' ', ($rows) x $sessions), 'all sessions read all rows');
is(AutoconnTest::http_get($api->url("/_most/shared")), "3\n", 'three requests at once, in all');
my @log = @{ $api->log('shared') };
is(scalar @log, $sessions * $pages, 'a request for each page');
my $took_s = $log[-1]{time} - $log[0]{time};
note(sprintf '%d requests in %.2f s', scalar @log, $took_s);
cmp_ok($took_s, '<', 0.020 * @log, 'so the places are made use of');

# ---- who ends gives back his place ----

create_api('held', 'stall_headers;rows=2;size=1', 1, $linked);
my $holder = begin('holder', 'SELECT count(*) FROM held');
$api->wait_for('held', 1);
my $waiter = begin('waiter', 'SELECT count(*) FROM held');
wait_until_waiting('waiter');
my $told = time;
do_to('waiter', 'pg_cancel_backend(pid)');
like((end($waiter))[1], qr/57014/, 'a wait for a place is cancelled');
cmp_ok(time - $told, '<', 5, 'at once');
$waiter = begin('waiter', 'SELECT count(*) FROM held');
wait_until_waiting('waiter');
is($api->count('held'), 1, 'nothing is sent without a place');
do_to('holder', 'pg_terminate_backend(pid)');
$api->wait_for('held', 2);
like((end($holder))[1], qr/57P01/, 'the holder is terminated');
pass('and who waited sends');

# ---- kill -9 ----

my $pid = do_to('waiter', 'pid');
crash($node, $pid);
end($waiter);
my $again = begin('again', 'SELECT count(*) FROM held');
$api->wait_for('held', 3);
pass('a place is had after a crash');
AutoconnTest::http_get($api->url('/_release/held'));
do_to('again', 'pg_terminate_backend(pid)');
end($again);

# ---- nobody waits for the client of a stranger ----

create_api('idle', 'plain;rows=4;size=1', 1, $linked);
my $idle = $node->background_psql('postgres', on_error_die => 1);
$idle->query_safe('BEGIN');
$idle->query_safe('DECLARE c CURSOR FOR SELECT id FROM idle');
is($idle->query_safe('FETCH 1 FROM c'), 1, 'a row of a cursor, whose next page is asked for');
is($node->safe_psql('postgres', 'SELECT count(*) FROM idle'), 4, 'another session has its rows');
is($idle->query_safe('FETCH ALL FROM c'), "2\n3\n4", 'and the cursor its own');
$idle->quit;

done_testing();
