# What runs can be seen while it runs, by those who may, and is gone when it is
# over, however it ends; what it took stays.
use strict;
use warnings;

use AutoconnTest;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $api = start_api();
my $node = start_node('main', preload => 1, conf => <<'EOS');
autoconn.watch = off
wal_level = replica
max_wal_senders = 5
restart_after_crash = on
EOS

# A server and a table of that name, in a session of that name.
sub create_api
{
	my ($name, $scenario, %how) = @_;
	my $url = $how{url} // $api->url("/s/$name/$scenario");
	my $options = $how{options} ? ", $how{options}" : '';

	$node->safe_psql('postgres', "SET client_min_messages = warning;
		CREATE SERVER $name FOREIGN DATA WRAPPER autoconn
			OPTIONS (url '$url', discover 'off'$options);
		CREATE FOREIGN TABLE $name (id bigint, name text) SERVER $name
			OPTIONS (path '/things', rows_path '" . ($how{rows} // '/things') . "',
				pagination '" . ($how{paging} // q{cursor', cursor_param 'cursor', cursor_path '/next_cursor}) . "')");
	return;
}

# A psql that runs statements on its own, and stays until it is ended.
sub begin
{
	my ($sql, $user) = @_;
	my %run = (in => "$sql\n", out => '', err => '');

	$run{handle} = IPC::Run::start(
		[ 'psql', '-XAtq', '-d', $node->connstr('postgres'), defined $user ? ('-U', $user) : () ],
		'<', \$run{in}, '>', \$run{out}, '2>', \$run{err}, IPC::Run::timeout(60));
	$run{handle}->pump_nb;
	return \%run;
}

sub end
{
	my ($run) = @_;
	eval { $run->{in} = "\\q\n"; $run->{handle}->finish };
	return $run->{err};
}

# Is that so, before long?
sub poll
{
	my ($condition, $name) = @_;
	return ok($node->poll_query_until('postgres', "SELECT $condition"), $name);
}

sub ask
{
	my ($sql, $user) = @_;
	return $node->safe_psql('postgres', $sql, extra_params => [ '-U', $user ]) if defined $user;
	return $node->safe_psql('postgres', $sql);
}

sub gone
{
	my ($table, $name) = @_;
	return poll("count(*) = 0 FROM autoconn.activity WHERE table_name = '$table'", "$name leaves nothing");
}

# ---- phases ----

my $hanging = http_get($api->url('/_port/hanging'));
chomp $hanging;
create_api('connect', '', url => "http://127.0.0.1:$hanging");
create_api('answer', 'stall_headers');
create_api('body', 'stall_body;at=2;rows=10');
create_api('slow', 'plain;rows=9;size=1', options => "rate_limit '0.05'");
create_api('again', 'rate_limited;retry_after=30;fail=9999');
create_api('reads', 'plain;rows=6;size=2;style=offset', rows => '/items',
	paging => q{offset', page_param 'offset', total_path '/total', page_size_param 'limit', page_size '2});

my $named = $node->pg_version >= 17;
foreach my $case (
	[ 'connect', 'connecting', 'AutoconnConnect' ],
	[ 'answer', 'waiting for answer', 'AutoconnAnswer' ],
	[ 'body', 'receiving', 'AutoconnReceive' ],
	[ 'slow', 'waiting for limit', 'AutoconnLimit' ],
	[ 'again', 'backing off', 'AutoconnBackOff' ])
{
	my ($table, $phase, $event) = @$case;
	my $run = begin("SELECT count(*) FROM $table;");

	poll("phase = '$phase' FROM autoconn.activity WHERE table_name = '$table'", $phase);
	is(ask("SELECT wait_event_type || ' ' || wait_event FROM pg_stat_activity
			JOIN autoconn.activity USING (pid) WHERE table_name = '$table'"),
		'Extension ' . ($named ? $event : 'Extension'), "$phase is a wait event");
	ask("SELECT pg_cancel_backend(pid) FROM autoconn.activity WHERE table_name = '$table'");
	gone($table, 'cancelling');
	like(end($run), qr/canceling statement/, "$phase was cancelled");
}
is(ask("SELECT pages, rows > 0 FROM autoconn.stats WHERE table_name = 'body'"),
	'1|t', 'what a cancelled scan took counts');
is(ask("SELECT retries > 0 OR requests = 1, errors FROM autoconn.stats WHERE table_name = 'again'"),
	't|0', 'a cancel is no error of the API');

# Scans of one query that wait together.
create_api('stalls', 'stall_headers');
my $both = begin('SELECT id FROM answer UNION ALL SELECT id FROM stalls;');
poll("count(*) = 2 FROM autoconn.activity WHERE phase IN ('connecting', 'waiting for answer')", 'both wait');
ask("SELECT pg_cancel_backend(pid) FROM autoconn.activity LIMIT 1");
gone('stalls', 'cancelling both');
end($both);

# A cursor that nobody reads, and the counts so far.
my $cursor = begin('BEGIN; DECLARE c CURSOR FOR SELECT * FROM reads; FETCH 3 FROM c;');
poll("phase = 'idle' FROM autoconn.activity WHERE table_name = 'reads'", 'an open cursor is idle');
is(ask("SELECT server, requests >= 2, pages, rows, retries, wait_ms < 1000, total_rows, started <= since,
		bytes > 0 FROM autoconn.activity WHERE table_name = 'reads'"),
	'reads|t|2|4|0|t|6|t|t', 'its counts');
is(ask("SELECT count(*) FROM autoconn.activity"), '1', 'nothing else runs');
my $busy = begin('SELECT count(pg_sleep(0.5)) FROM reads;');
poll("count(*) = 1 FROM autoconn.activity WHERE phase = 'reading'", 'rows that are worked on are read');

# ---- rights ----

ask("CREATE ROLE alice LOGIN; CREATE ROLE bob LOGIN; CREATE ROLE carol LOGIN;
	GRANT pg_read_all_stats TO bob; GRANT USAGE ON FOREIGN SERVER reads TO alice, bob;
	GRANT SELECT ON reads TO alice; GRANT pg_read_all_stats TO carol;");
is(ask('SELECT count(*) FROM autoconn.activity', 'alice'), '0', 'others see nothing');
is(ask('SELECT count(*) > 0 FROM autoconn.activity', 'bob'), 't', 'who may read statistics sees it');
is(ask('SELECT count(*) FROM autoconn.activity', 'carol'), '0', 'but not of servers that he may not use');
my $hers = begin('BEGIN; DECLARE c CURSOR FOR SELECT * FROM reads; FETCH 1 FROM c;', 'alice');
poll("count(*) > 0 FROM autoconn.activity JOIN pg_stat_activity USING (pid) WHERE usename = 'alice'", 'a scan of hers');
is(ask('SELECT count(*) FROM autoconn.activity', 'alice'), '1', 'is all that she sees');
is($node->psql('postgres', 'SELECT autoconn.stats_reset()', extra_params => [ '-U', 'alice' ]),
	3, 'and may not reset them');

# ---- ends ----

end($cursor);
end($hers);
end($busy);
gone('reads', 'the end of the session');
is(ask("SELECT string_agg(table_name, ',') FROM autoconn.stats", 'alice'), 'reads',
	'she sees counts of tables that she may read');
$cursor = begin('BEGIN; DECLARE c CURSOR FOR SELECT * FROM reads; FETCH 3 FROM c;');
poll("count(*) = 1 FROM autoconn.activity WHERE table_name = 'reads'", 'another');
ask("SELECT pg_terminate_backend(pid) FROM autoconn.activity");
gone('reads', 'a backend that is told to end');
end($cursor);
$cursor = begin("BEGIN; DECLARE c CURSOR FOR SELECT * FROM reads; FETCH 3 FROM c;\nFETCH 1 FROM c; ROLLBACK;");
gone('reads', 'an abort');
end($cursor);

# ---- counts ----

create_api('fails', 'status;status=500', options => "retries '1'");
create_api('counted', 'plain;rows=10;size=5');
ask('SELECT autoconn.stats_reset()');
is(ask('SELECT count(*) FROM autoconn.stats'), '0', 'nothing was counted');
$node->psql('postgres', 'SELECT * FROM fails');
is(ask("SELECT scans, requests, rows, retries, errors, p50_ms IS NOT NULL FROM autoconn.stats WHERE table_name = 'fails'"),
	'1|2|0|1|1|t', 'what fails is an error, and is counted though nothing commits');
ask('SELECT count(*) FROM counted');
ask('BEGIN; SELECT count(*) FROM counted; ROLLBACK');
ask('BEGIN READ ONLY; SELECT count(*) FROM counted; COMMIT');
is(ask("SELECT server, scans, requests, rows, retries, errors, cache_hits, p50_ms <= p95_ms
		FROM autoconn.stats WHERE table_name = 'counted'"),
	'counted|3|6|30|0|0|0|t', 'of all scans, whatever their transactions did');
is(ask("SELECT count(*) FROM (VALUES (1), (2), (3)) v (i), LATERAL (SELECT * FROM counted OFFSET v.i) t"), '24', 'a join');
is(ask("SELECT scans FROM autoconn.stats WHERE table_name = 'counted'"), '6', 'each reading is a scan');
ask('CREATE SCHEMA elsewhere; ALTER FOREIGN TABLE counted SET SCHEMA elsewhere; ALTER FOREIGN TABLE elsewhere.counted RENAME TO renamed');
is(ask("SELECT scans FROM autoconn.stats WHERE table_name = 'elsewhere.renamed'"), '6', 'they follow the table');
ask("SELECT autoconn.stats_reset('fails')");
is(ask('SELECT table_name FROM autoconn.stats'), 'elsewhere.renamed', 'one table is reset');
ask('SET client_min_messages = warning; DROP FOREIGN TABLE elsewhere.renamed');
is(ask('SELECT count(*) FROM autoconn.stats'), '0', 'and are gone with it');

# On a standby, too.
create_api('stands', 'plain;rows=3;size=3');
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
is($standby->safe_psql('postgres', 'SELECT count(*) FROM stands;
	SELECT scans, requests, rows FROM autoconn.stats'), "3\n1|1|3", 'a standby counts its own');
$standby->stop;

# ---- a crash ----

$cursor = begin('BEGIN; DECLARE c CURSOR FOR SELECT * FROM reads; FETCH 3 FROM c;');
poll("count(*) = 1 FROM autoconn.activity WHERE table_name = 'reads'", 'once more');
my $pid = ask("SELECT pid FROM autoconn.activity");
crash($node, $pid);
end($cursor);
ok($node->poll_query_until('postgres', 'SELECT count(*) = 0 FROM autoconn.activity'), 'a backend that is killed leaves nothing');
is(ask('SELECT count(*) FROM autoconn.stats'), '0', 'counts begin anew with the server');

# ---- one session is not all there is to see ----

create_api('greedy', 'plain');
is( ask(<<'EOS'),
DO $$
DECLARE
	c refcursor;
	first record;
BEGIN
	FOR i IN 1 .. 100 LOOP
		c := 'greedy' || i;
		OPEN c FOR SELECT id FROM greedy;
		FETCH c INTO first;
		ASSERT first.id IS NOT NULL;
	END LOOP;
	PERFORM set_config('test.shown', count(*)::text, false) FROM autoconn.activity WHERE table_name = 'greedy';
END
$$;
SELECT current_setting('test.shown')
EOS
	'64', 'a session shows no more than a quarter of what can be shown');
gone('greedy', 'and');
is(ask("SELECT scans FROM autoconn.stats WHERE table_name = 'greedy'"), '100', 'all of its scans are counted');

$node->stop;

# ---- without memory asked for in time ----

my $late = start_node('late', conf => "autoconn.watch = off\n");
my $url = $api->url('/s/late/plain;rows=4;size=2');
$late->safe_psql('postgres', "SET client_min_messages = warning;
	CREATE SERVER late FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url', discover 'off');");
$late->safe_psql('postgres', "CREATE FOREIGN TABLE late$_ (id bigint) SERVER late OPTIONS (path '/things',
	rows_path '/things', pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor')") for 1 .. 10;
is($late->safe_psql('postgres', 'BEGIN; DECLARE c CURSOR FOR SELECT * FROM late1; FETCH 3 FROM c;
		SELECT phase, pages FROM autoconn.activity'), "1\n2\n3\nreading|2", 'its own scan is seen');
$late->safe_psql('postgres', join ';', map { "SELECT count(*) FROM late$_" } 1 .. 10);
my $kept = $late->safe_psql('postgres', "SELECT string_agg(table_name, ' ' ORDER BY since) FROM autoconn.stats");
my $all = join ' ', map { "late$_" } ($late->pg_version >= 17 ? 2 : 5) .. 10;
like($kept, qr/$all$/, 'those that were read last are kept');
is($late->safe_psql('postgres', 'SELECT count(*) FROM autoconn.stats'), $late->pg_version >= 17 ? '10' : '6', 'as many as fit');
# More scans at a time than there are slots are no matter.
my $cursors = join ';', map { "DECLARE c$_ CURSOR FOR SELECT * FROM late$_; FETCH 1 FROM c$_" } 1 .. 10;
$cursors .= ';' . join ';', map { "DECLARE d$_ CURSOR FOR SELECT * FROM late$_; FETCH 1 FROM d$_" } 1 .. 10;
like($late->safe_psql('postgres', "BEGIN; $cursors; SELECT count(*) FROM autoconn.activity"),
	$late->pg_version >= 17 ? qr/^20$/m : qr/^4$/m, 'what has no slot runs unseen');
is($late->safe_psql('postgres', 'SELECT count(*) FROM autoconn.activity'), '0', 'and nothing is left');

done_testing();
