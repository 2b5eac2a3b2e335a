# Whatever becomes of scans (they end, fail, are cancelled at any moment, their
# subtransactions are undone, their cursors stay open), nothing of them stays:
# no descriptor, no handle of libcurl, no memory.
#
# AUTOCONN_SCANS=10000 reads so many times, AUTOCONN_SEED=n in another order.
use strict;
use warnings;

use AutoconnStyles;
use AutoconnTest;
use IPC::Run ();
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time sleep);

my $scans = $ENV{AUTOCONN_SCANS} // 1500;
my $seed = $ENV{AUTOCONN_SEED} // 1;
my $looks = 5;
srand($seed);

# libcurl's handles are counted by a library of ours in front of it.
my $dir = PostgreSQL::Test::Utils::tempdir();
my $source = __FILE__ =~ s{t/[^/]*$}{lib/countcurl.c}r;
system('cc', '-shared', '-fPIC', '-O1', '-o', "$dir/countcurl.so", $source, '-ldl') == 0
  or die 'countcurl.c could not be compiled';
mkdir "$dir/counts";
chmod 0777, "$dir/counts";
$ENV{COUNTCURL_DIR} = "$dir/counts";

my $api = start_api();
$ENV{LD_PRELOAD} = "$dir/countcurl.so";
my $node = start_node('main', preload => 1, conf => "autoconn.watch = off\n");
delete $ENV{LD_PRELOAD};
chomp(my $hanging = http_get($api->url('/_port/hanging')));

# ---- tables, of which each ends otherwise ----

sub table
{
	my ($name, $style, $scenario, %how) = @_;
	my $url = $how{url} // $api->url("/s/$name/$scenario;style=$styles{$style}{style}");
	my $server = $how{server} // "retries '0', max_concurrency '4'";

	$node->safe_psql('postgres', "SET client_min_messages = error;
		CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url', discover 'off', $server);
		CREATE FOREIGN TABLE $name (id int, name text, value numeric) SERVER $name OPTIONS (path '/things', $styles{$style}{options})");
	return;
}
my (@good, @slow, @bad, @stuck);
foreach my $style (qw(link next_url cursor offset_total page_total keyset range graphql continue posted odata))
{
	table("good_$style", $style, 'plain;rows=20;size=4');
	push @good, "good_$style";
}
foreach my $style (qw(cursor offset_total page link graphql))
{
	table("slow_$style", $style, 'drip;rows=60;size=4;delay_ms=2;tick_ms=1');
	push @slow, "slow_$style";
}
my %bad = (
	forbidden => 'forbidden;at=2', garbled => 'bad_json;at=3', cut => 'truncated_length;at=3', loop => 'next_self;at=2', turned => 'redirect_loop;at=2',
	html => 'html;at=2', error => 'not_ok;at=2', encoded => 'gzip_broken;kind=corrupt;at=3', away => 'redirect;to=other;at=2', missing => 'status;status=404;at=1');
foreach my $name (sort keys %bad)
{
	table("bad_$name", 'cursor', $bad{$name});
	push @bad, "bad_$name";
}
table('stuck_headers', 'cursor', 'stall_headers;at=2');
table('stuck_body', 'cursor', 'stall_body;at=2');
table('stuck_wait', 'cursor', 'rate_limited;retry_after=40;fail=99;at=2', server => "retries '3'");
table('stuck_connect', 'cursor', '', url => "http://127.0.0.1:$hanging");
table('stuck_limit', 'cursor', 'plain;rows=60;size=4', server => "rate_limit '0.2'");
@stuck = qw(stuck_headers stuck_body stuck_wait stuck_connect stuck_limit);

# ---- what is done with them ----

sub one_of { return $_[ rand @_ ] }

# A statement that somebody cancels, or statement_timeout; /*cancel*/ is what
# the canceller looks for.
sub cut_short
{
	my $table = rand() < 0.5 ? one_of(@slow) : one_of(@stuck);
	my $ms = 1 + int(rand() ** 2 * 25);

	return rand() < 0.5
	  ? "SET LOCAL statement_timeout = '${ms}ms'\\; SELECT count(*) FROM $table;"
	  : "SELECT /*cancel*/ count(*) FROM $table;";
}

my @ways = (
	sub { 'SELECT count(*) FROM ' . one_of(@good) . ';' },
	sub { 'SELECT count(*) FROM ' . one_of(@good) . ';' },
	sub { 'SELECT count(*) FROM ' . one_of(@bad) . ';' },
	sub { 'SELECT id FROM ' . one_of(@good, @slow) . ' LIMIT ' . int(rand 9) . ';' },
	# an error and what follows in a subtransaction
	sub { 'BEGIN; SAVEPOINT a; SELECT count(*) FROM ' . one_of(@bad) . '; ROLLBACK TO a; SELECT id FROM ' . one_of(@good) . ' LIMIT 3; ' . one_of('COMMIT', 'ROLLBACK') . ';' },
	sub { "DO \$\$ BEGIN FOR i IN 1..2 LOOP BEGIN PERFORM count(*) FROM " . one_of(@bad, @good) . "; RAISE 'x'; EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; END \$\$;" },
	# a cursor left open: at the end of the transaction, undone with its
	# subtransaction, closed, held
	sub { 'BEGIN; DECLARE c CURSOR FOR SELECT * FROM ' . one_of(@good, @slow) . '; FETCH ' . (1 + int(rand 7)) . ' FROM c; ' . one_of('COMMIT', 'ROLLBACK', 'CLOSE c; COMMIT') . ';' },
	sub { 'BEGIN; SAVEPOINT a; DECLARE c CURSOR FOR SELECT * FROM ' . one_of(@good, @slow) . '; FETCH 2 FROM c; DECLARE d CURSOR FOR SELECT * FROM ' . one_of(@good) . '; FETCH 1 FROM d; ROLLBACK TO a; COMMIT;' },
	sub { 'BEGIN; DECLARE h CURSOR WITH HOLD FOR SELECT * FROM ' . one_of(@good) . '; COMMIT; FETCH 2 FROM h; CLOSE h;' },
	# an error while another scan is open
	sub { 'BEGIN; DECLARE c CURSOR FOR SELECT * FROM ' . one_of(@slow) . '; FETCH 3 FROM c; SELECT count(*) FROM ' . one_of(@bad) . '; COMMIT;' },
	sub { 'SELECT count(*) FROM generate_series(1, 2) g, LATERAL (SELECT id FROM ' . one_of(@good) . ' WHERE id > g LIMIT 2) x;' },
	sub { 'SELECT id FROM ' . one_of(@good) . ' UNION ALL SELECT id FROM ' . one_of(@good, @bad) . ' LIMIT 30;' },
	sub { 'PREPARE p AS SELECT count(*) FROM ' . one_of(@good) . '; EXECUTE p; EXECUTE p; DEALLOCATE p;' },
	sub { 'EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM ' . one_of(@good) . ';' },
	sub { rand() < 0.3 ? 'DISCARD ALL; SET application_name = \'reader\';' : 'SELECT 1/(id - 3) FROM ' . one_of(@good) . ';' },);

# What the session holds.  No shot of the canceller may hit: it holds the lock
# for each, and a late one hits the first of these statements.
sub look
{
	my ($step) = @_;
	return join("\n", ('SELECT pg_advisory_lock(42);') x 4,
		"SELECT 'look', $step, (SELECT count(*) FROM pg_ls_dir('/proc/self/fd')),
			(regexp_match(pg_read_file('/proc/self/status'), 'RssAnon:\\s+(\\d+)'))[1]::int,
			(SELECT sum(total_bytes) / 1024 FROM pg_backend_memory_contexts)::int,
			(SELECT count(*) FROM pg_backend_memory_contexts WHERE name LIKE 'autoconn%'), pg_backend_pid();",
		"\\! sleep 0.2",
		'SELECT pg_advisory_unlock_all();', '');
}

# A third is cut short, the others go their ways.
my $file = "$dir/script.sql";
my $cut = 0;
my $script = "SET application_name = 'reader';\n";
foreach my $n (1 .. $scans)
{
	my $short = $n % 3 == 0;
	$cut += $short;
	$script .= ($short ? cut_short() : one_of(@ways)->()) . "\n";
	$script .= look($n / ($scans / $looks)) if $n % ($scans / $looks) == 0;
}
append_to_file($file, $script);

# Shoots at what wants it, at any moment.
my ($nothing, $shots) = ('', '');
append_to_file("$dir/cancel.sql", <<'EOS');
DO $$
DECLARE
  n int := 0;
BEGIN
  LOOP
    PERFORM pg_sleep(random() ^ 2 * 0.03);
    PERFORM pg_advisory_lock(42);
    PERFORM pg_stat_clear_snapshot();
    PERFORM pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'reader' AND state = 'active' AND query LIKE '%/*cancel*/%';
    PERFORM pg_advisory_unlock(42);
  END LOOP;
END $$;
EOS
my $canceller = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-f', "$dir/cancel.sql" ],
	'<', \undef, '>', \$shots, '2>', \$nothing);

my $began = time;
my ($out, $err) = ('', '');
my $reader = IPC::Run::start([ 'psql', '-XAtq', '-F', ' ', '-d', $node->connstr('postgres'), '-f', $file ],
	'<', \undef, '>', \$out, '2>', \$err);
# Handles are counted while the session lives and nothing runs in it.
my (@looks, @handles);
while ($reader->pumpable)
{
	my $before = $out;
	last unless eval { $reader->pump; 1 };
	next if length($out) == length($before);
	while ($out =~ /^look (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)$/mg)
	{
		next if $1 <= @looks;
		push @looks, [ $2, $3, $4, $5 ];
		push @handles, [ unpack 'q2', slurp_file("$dir/counts/$6") ];
	}
	$out = substr($out, -4096) if length($out) > 65536;
}
$reader->finish;
my $took_s = time - $began;
$node->safe_psql('postgres', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'DO%advisory%'");
eval { $canceller->finish };

my $by_timeout = () = $err =~ /due to statement timeout/g;
my $by_user = () = $err =~ /due to user request/g;
my $errors = () = $err =~ /ERROR:/g;
note(sprintf '%d scans in %.0f s: %d to be cut short, %d were by statement_timeout, %d by a cancel, %d other errors', $scans, $took_s, $cut, $by_timeout, $by_user, $errors - $by_timeout - $by_user);
note("look $_: descriptors, kB, kB in contexts, contexts: @{ $looks[$_] }; handles now, made: @{ $handles[$_] }") foreach 0 .. $#looks;

is(scalar @looks, $looks, 'the session lives, and is looked at');
cmp_ok($by_timeout, '>', $cut / 8, 'many are ended by statement_timeout');
cmp_ok($by_user, '>', $cut / 8, 'and many by a cancel');
cmp_ok($errors - $by_timeout - $by_user, '>', $scans / 20, 'others fail');
# The first looks are where things settle.
my ($then, $now) = @looks[ 1, -1 ];
cmp_ok($now->[0], '<=', $then->[0] + 4, 'descriptors do not grow');
is($handles[-1][0], $handles[1][0], 'handles of libcurl are given back');
cmp_ok($handles[-1][0], '<=', 1, 'all of them');
cmp_ok($handles[-1][1], '>', $scans, 'of which many were made');
cmp_ok($now->[1], '<=', $then->[1] + 1024, 'memory does not grow');
cmp_ok($now->[2], '<=', $then->[2] + 128, 'nor do memory contexts');
cmp_ok($now->[3], '<=', $then->[3], 'nor are there more of ours');
is($node->safe_psql('postgres', "SELECT count(*) FROM autoconn.limits WHERE scope LIKE 'server%' AND tokens < -1"), 0, 'nobody waits for a limit any more');

done_testing();
