# Many servers and tables: with the background workers that a server has by
# default all are polled as often as they are to be, a few requests at a time,
# in little memory.
use strict;
use warnings;

use AutoconnTest;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $servers = 200;
my $interval_s = 15;
my $megabytes = 64;

my $api = start_api();
my $node = start_node('main', preload => 1, conf => "autoconn.naptime = '1s'\n");
my $worker = "FROM pg_stat_activity WHERE backend_type = 'autoconn worker'";

sub sql { return $node->safe_psql('postgres', @_); }

# Memory of a process that is its own, in kB; undef if it is gone.
sub memory_of
{
	my ($pid) = @_;
	open(my $file, '<', "/proc/$pid/status") or return;
	my ($kb) = map { /^RssAnon:\s+(\d+)/ } <$file>;
	close($file);
	return $kb;
}

# Five tables each; the last two read what others do in another way.
my $url = $api->url('/d/many%s/v1/openapi.json');
sql(<<"EOS");
CREATE PROCEDURE watch_many() LANGUAGE plpgsql AS \$\$
BEGIN
	FOR i IN 1 .. $servers LOOP
		EXECUTE format('CREATE SERVER many%1\$s FOREIGN DATA WRAPPER autoconn
			OPTIONS (url %2\$L, check_interval ''${interval_s}s'')',
			i, replace('$url', '%s', i::text));
		EXECUTE format('CREATE SCHEMA many%1\$s;
			IMPORT FOREIGN SCHEMA api FROM SERVER many%1\$s INTO many%1\$s
				OPTIONS (sample ''off'');
			CREATE FOREIGN TABLE many%1\$s.paid (id bigint, total numeric) SERVER many%1\$s
				OPTIONS (path ''/orders'', rows_path ''/data'', params ''status=paid'');
			CREATE FOREIGN TABLE many%1\$s.stock (id bigint, sku text) SERVER many%1\$s
				OPTIONS (path ''/products'', params ''in_stock=true'')', i);
		COMMIT;
	END LOOP;
END \$\$;
SET client_min_messages = error;
CALL watch_many();
EOS
is( sql("SELECT (SELECT count(*) FROM pg_foreign_table),
		current_setting('max_worker_processes'), current_setting('autoconn.max_workers')"),
	5 * $servers . '|8|2', 'a thousand tables, and settings by default');

# What is going on is looked at until all have been polled twice since.
my $start = sql('SELECT clock_timestamp()');
my $most_workers = 0;
my %memory;
my $done = '';
my $before = sql('SELECT COALESCE(max(polls), 0) FROM autoconn.watch');

$api->forget("many$_") for 1 .. $servers;
for (my $end = time + 100; $done ne 't' && time < $end; usleep(100_000))
{
	my @pids = split(/\n/, sql("SELECT pid $worker"));

	$most_workers = @pids if @pids > $most_workers;
	for my $pid (@pids)
	{
		my $kb = memory_of($pid) or next;
		push @{ $memory{$pid} }, $kb;
	}
	$done = sql("SELECT count(*) = $servers AND min(polls) >= 2 + $before FROM autoconn.watch");
}
is($done, 't', 'all servers are polled again and again');
is($most_workers, 1, 'a database has one worker at a time');

my ($peak) = sort { $b <=> $a } map { @$_ } values %memory;
cmp_ok($peak, '<', $megabytes * 1024, 'a worker is content with little memory');

# How often each was polled, according to the API; and how many connections.
my (%gap, @late);
my (%connections, $n_polls);
for my $i (1 .. $servers)
{
	my @log = @{ $api->log("many$i") };
	my @polls = map { $_->{time} } grep { $_->{target} =~ /openapi/ } @log;

	for my $n (1 .. $#polls)
	{
		my $gap = $polls[$n] - $polls[ $n - 1 ];
		push @late, "many$i: $gap" if $gap > 1.5 * $interval_s;
	}
	push @late, "many$i: never" if @polls < 2;
	next if @polls < 2;

	# Whole polls alone: the log may begin, and end, in the midst of one.  All
	# servers are at one place: what one has opened serves the next.
	$n_polls += $#polls;
	$connections{ $_->{connection} } = 1
		foreach grep { $_->{time} >= $polls[0] && $_->{time} < $polls[-1] } @log;
}
is(join("\n", @late), '', 'each within its interval');
cmp_ok(keys(%connections) / $n_polls, '<', 1, 'polls have few connections')
  or diag(keys(%connections) . " connections, $n_polls polls");
is(sql('SELECT count(*) FROM autoconn.worker_state() WHERE failures > 0'), 0, 'no visit failed');
is(sql("SELECT count(*) FROM autoconn.alerts WHERE severity <> 'info'"), 0, 'and nothing is told');
is(worker_errors($node), '', 'no error of a worker');
done_testing();
