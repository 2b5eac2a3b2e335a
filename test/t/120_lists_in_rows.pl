# Lists in rows that have pages of their own: whatever becomes of the scans
# that read them on, nothing of them stays; memory is bounded by the lists that
# are under way, not by all of them; whoever watches sees the requests.
use strict;
use warnings;

use AutoconnTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $api = start_api();
my $node = start_node('main', preload => 1, conf => "autoconn.watch = off\n");

sub table
{
	my ($name, $scenario, $columns, $options, $server) = @_;
	my $url = $api->url("/s/$name/$scenario");

	$node->safe_psql('postgres', "SET client_min_messages = error;
		CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url', discover 'off', retries '0', max_concurrency '4'" . ($server // '') . ");
		CREATE FOREIGN TABLE $name ($columns) SERVER $name OPTIONS (path '/things', pagination 'cursor', cursor_path '/next_cursor', cursor_param 'cursor', rows_path '/things'" . ($options // '') . ')');
	return;
}
my $whole = 'id int, lines jsonb';
my $nested = "id int OPTIONS (of_parent 'true'), k int, amount numeric";
table('good', 'lines;rows=8;every=2;form=next', $whole);
table('parts', 'lines;rows=8;every=2', $nested, ", nested_path '/lines/data'");
table('slow', 'lines;rows=8;every=1;delay_ms=20', $whole);
table('slow_parts', 'lines;rows=8;every=1;delay_ms=20', $nested, ", nested_path '/lines/data'");
table('bad', 'lines;rows=8;every=2;bad=loop;form=next', $whole);
table('gone', 'lines;rows=8;every=2;bad=gone', $nested, ", nested_path '/lines/data'");

# ---- what is left of scans ----

srand($ENV{AUTOCONN_SEED} // 1);
sub one_of { return $_[ rand @_ ] }
my @ways = (
	sub { 'SELECT count(lines) FROM ' . one_of(qw(good bad)) . ';' },
	sub { 'SELECT count(*) FROM ' . one_of(qw(parts gone)) . ';' },
	sub { 'SELECT id FROM ' . one_of(qw(good parts slow_parts)) . ' LIMIT ' . int(rand 9) . ';' },
	sub { 'BEGIN; DECLARE c CURSOR FOR SELECT * FROM ' . one_of(qw(good parts slow)) . '; FETCH ' . (1 + int(rand 7)) . ' FROM c; ' . one_of('COMMIT', 'ROLLBACK') . ';' },
	sub { 'BEGIN; SAVEPOINT a; SELECT count(lines) FROM bad; ROLLBACK TO a; SELECT * FROM parts LIMIT 3; COMMIT;' },
	sub { 'SELECT id FROM good WHERE lines IS NOT NULL UNION ALL SELECT id FROM parts;' },
	sub { 'BEGIN; SET LOCAL statement_timeout = \'' . (20 + int(rand 60)) . 'ms\'; SELECT * FROM ' . one_of(qw(slow slow_parts)) . '; COMMIT;' },);
my $look = q{SELECT 'look', (SELECT count(*) FROM pg_ls_dir('/proc/self/fd')),
	(SELECT sum(total_bytes) / 1024 FROM pg_backend_memory_contexts)::int,
	(SELECT count(*) FROM pg_backend_memory_contexts WHERE name LIKE 'autoconn%');};
my $script = '';
foreach my $n (1 .. 200)
{
	$script .= one_of(@ways)->() . "\n";
	$script .= "$look\n" if $n % 50 == 0;
}
my ($ret, $out, $err) = $node->psql('postgres', $script, on_error_stop => 0);
my @looks = map { [ split /\|/ ] } grep { /^look/ } split /\n/, $out;

is(scalar @looks, 4, 'the session lives');
my $timeouts = () = $err =~ /due to statement timeout/g;
my $others = () = $err =~ /scan is incomplete/g;
cmp_ok($timeouts, '>', 5, "scans are cut short ($timeouts)");
cmp_ok($others, '>', 10, "others fail ($others)");
note("descriptors, kB in contexts, contexts of ours: @{ $_ }[1 .. 3]") foreach @looks;
cmp_ok($looks[3][1], '<=', $looks[1][1] + 4, 'descriptors do not grow');
cmp_ok($looks[3][2], '<=', $looks[1][2] + 128, 'memory does not grow');
cmp_ok($looks[3][3], '<=', $looks[1][3], 'nor are there more contexts of ours');

# ---- memory ----

# 400 lists of 60 kB each, 24 MB in all.
table('large', 'lines;rows=400;pages=1;every=1;many=1000;show=1;part=1000;form=next', $whole);
my $peak = $node->safe_psql('postgres', q{
	SELECT sum(jsonb_array_length(lines -> 'items')) FROM large;
	SELECT (regexp_match(pg_read_file('/proc/self/status'), 'VmHWM:\s+(\d+)'))[1]::int / 1024});
my ($elements, $mb) = split /\n/, $peak;
is($elements, 400_000, 'all elements of all lists come');
my $base = $node->safe_psql('postgres', q{
	SELECT count(lines) FROM good;
	SELECT (regexp_match(pg_read_file('/proc/self/status'), 'VmHWM:\s+(\d+)'))[1]::int / 1024}) =~ s/.*\n//r;
cmp_ok($mb, '<', $base + 12, "memory holds those under way ($mb MB, without: $base MB)");

# ---- those who watch ----

table('watched', 'lines;rows=2;pages=1;every=1;show=1;many=40;part=1;delay_ms=100', $whole);
my $reader = $node->background_psql('postgres');
$reader->query_until(qr/begun/, "\\echo begun\nSELECT count(lines) FROM watched;\n");
ok($node->poll_query_until('postgres', q{SELECT requests > 3 AND pages = 1 AND rows = 2 AND total_rows IS NULL FROM autoconn.activity WHERE table_name LIKE '%watched'}),
	'requests are seen, and count as no pages or rows');
$node->safe_psql('postgres', q{SELECT pg_cancel_backend(pid) FROM autoconn.activity WHERE table_name LIKE '%watched'});
ok($node->poll_query_until('postgres', q{SELECT count(*) = 0 FROM autoconn.activity WHERE table_name LIKE '%watched' AND phase <> 'idle'}),
	'a cancel ends it');
$reader->{run}->kill_kill;

done_testing();
