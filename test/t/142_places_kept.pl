# A place is held as long as its request lives: a session that is busy with
# something else keeps its own, and gives it up itself, when others want it and
# its answer is there.
use strict;
use warnings;

use AutoconnTest;
use Fcntl qw(:flock);
use HostileApi;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $dir = PostgreSQL::Test::Utils::tempdir();
my $slow_s = 5.6;    # longer than a session may be busy and keep its place

# One step of an answer, that of one process at a time: how many are under way,
# at most, and in all.
sub count
{
	my ($change) = @_;
	open(my $lock, '>>', "$dir/lock") or die $!;
	flock($lock, LOCK_EX);
	my ($now, $most, $all) = -e "$dir/counts" ? split / /, slurp_file("$dir/counts") : (0, 0, 0);
	$now += $change;
	$most = $now if $now > $most;
	$all++ if $change > 0;
	open(my $counts, '>', "$dir/counts") or die $!;
	print $counts "$now $most $all";
	close($counts);
	close($lock);
	return $all;
}

# Two pages of a row each; the second one takes its time when it is asked for
# first.
sub serve
{
	my ($socket) = @_;

	while (my ($method, $target) = next_request($socket))
	{
		my $all = count(+1);
		my $second = $target =~ /page=2/;
		sleep($slow_s) if $second && $all == 2;
		my $body = $second ? '[{"id": 2}]' : '[{"id": 1}]';
		my $link = $second ? '' : "Link: </v1/things?page=2>; rel=\"next\"\r\n";
		my $answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${link}Content-Length: " . length($body) . "\r\n\r\n$body";
		count(-1);
		print $socket $answer;
	}
	return;
}

my $url = start_hostile(\&serve);
my $api = start_api();
my $node = start_node('main', preload => 1, conf => "autoconn.watch = off\n");

# A psql that runs statements on its own.
sub begin
{
	my ($sql) = @_;
	return begin_psql($node, [$sql]);
}

sub end
{
	my ($out, $err) = end_psql(@_);
	chomp($out);
	return $out . $err;
}

sub used
{
	my ($server) = @_;
	return $node->safe_psql('postgres',
		"SELECT under_way, in_line FROM autoconn.limits WHERE server = '$server' AND scope = 'server'");
}

# ---- a session that computes ----

$node->safe_psql('postgres', "CREATE SERVER busy FOREIGN DATA WRAPPER autoconn
		OPTIONS (url '$url/v1', discover 'off', retries '0', max_concurrency '1');
	CREATE FOREIGN TABLE busy (id bigint) SERVER busy OPTIONS (path '/things', pagination 'link')");
my $began = time;
my $busy = begin('SELECT id, pg_sleep(CASE id WHEN 1 THEN 8.5 ELSE 0 END) FROM busy');
my $other;
for (1 .. 200)
{
	last if -e "$dir/counts" && (split / /, slurp_file("$dir/counts"))[2] == 2;
	sleep(0.02);
}
is(used('busy'), '1|0', 'the page ahead has the one place');
$other = begin('SELECT id FROM busy');
$node->poll_query_until('postgres', "SELECT in_line = 1 FROM autoconn.limits WHERE server = 'busy' AND scope = 'server'");
is(used('busy'), '1|1', 'another session stands in line');
is(end($other), "1\n2", 'and has its rows');
cmp_ok(time - $began, '>', $slow_s, 'not before that page has come');
cmp_ok(time - $began, '<', 8, 'but before the first session looks at it');
is(end($busy), "1|\n2|", 'which has its own');
my ($now, $most, $all) = split / /, slurp_file("$dir/counts");
is($most, 1, 'one request at once');
is($all, 5, 'one was sent again');
is(used('busy'), '0|0', 'nothing is left');

# ---- a session that sleeps, beside a scan that an Append has begun ----

$node->safe_psql('postgres', "CREATE SERVER asleep FOREIGN DATA WRAPPER autoconn
		OPTIONS (url '" . $api->url('/s/asleep/plain;rows=4;size=1;delay_ms=1000') . "', discover 'off', max_concurrency '1');
	CREATE FOREIGN TABLE asleep (id bigint) SERVER asleep OPTIONS (path '/things', rows_path '/things',
		pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor')");
my $asleep = begin('SELECT id FROM asleep UNION ALL SELECT i FROM generate_series(1, 5000) i WHERE i < 5000 OR pg_sleep(60) IS NOT NULL');
$node->poll_query_until('postgres', "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep')
	AND EXISTS (SELECT FROM autoconn.limits WHERE server = 'asleep' AND scope = 'server' AND under_way = 1)");
is($node->safe_psql('postgres', "SET statement_timeout = '30s'; SELECT count(*) FROM asleep"), 4,
	'who sleeps keeps no place from others');
$node->safe_psql('postgres', "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
like(end($asleep), qr/canceling statement due to user request/, 'it slept all the time');

# ---- a cursor that outlived an error ----

$node->safe_psql('postgres', "CREATE SERVER idle FOREIGN DATA WRAPPER autoconn
		OPTIONS (url '" . $api->url('/s/idle/plain;rows=4;size=1') . "', discover 'off', max_concurrency '1');
	CREATE FOREIGN TABLE idle (id bigint) SERVER idle OPTIONS (path '/things', rows_path '/things',
		pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor')");
my $idle = $node->background_psql('postgres', on_error_stop => 0);
$idle->query("BEGIN; DECLARE c CURSOR FOR SELECT id FROM idle");
is($idle->query('FETCH 1 FROM c'), 1, 'a row of a cursor');
$idle->query('SAVEPOINT s');
$idle->query('SELECT 1 / 0');
$idle->query('ROLLBACK TO s');
is(used('idle'), '1|0', 'its next page is under way');
is($node->safe_psql('postgres', 'SELECT count(*) FROM idle'), 4, 'another session has its rows');
is($idle->query('FETCH ALL FROM c'), "2\n3\n4", 'and the cursor its own');
$idle->quit;
is(AutoconnTest::http_get($api->url('/_most/idle')), "1\n", 'one request at once there, too');
done_testing();
