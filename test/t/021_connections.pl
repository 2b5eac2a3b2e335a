# Connections to an API: kept over pages, scans and statements, dropped with
# what they belonged to; options and credentials that change in the middle;
# what errors, aborted subtransactions and cursors leave behind (nothing).
use strict;
use warnings;

use AutoconnTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $api = start_api();
my $node = start_node('main');
my $paged = "path '/things', rows_path '/things', pagination 'cursor',
	cursor_param 'cursor', cursor_path '/next_cursor'";

sub sql
{
	my ($sql) = @_;
	my ($status, $out, $err) =
	  $node->psql('postgres', "SET client_min_messages = warning;\n$sql",
		on_error_stop => 0);
	return wantarray ? ($out, $err) : $out;
}

sub create_table
{
	my ($name, $path, $options) = @_;
	my $url = $api->url($path);
	sql(<<"EOS");
CREATE SERVER "$name" FOREIGN DATA WRAPPER autoconn
	OPTIONS (url '$url', discover 'off', retries '0');
CREATE FOREIGN TABLE "$name" (id bigint OPTIONS (json_path '/id'),
	kind text OPTIONS (json_path '/kind', param 'kind'))
	SERVER "$name" OPTIONS (${\($options // $paged)});
EOS
	return;
}

# Numbers of the connections that a session's requests came by.
sub connections
{
	my ($session) = @_;
	my %seen;
	$seen{ $_->{connection} }++ for @{ $api->log($session) };
	return scalar(keys %seen);
}

# ---- kept ----

create_table('kept', '/s/kept/plain');
is( sql("SELECT count(*) FROM kept; SELECT count(*) FROM kept WHERE id > 3;
		BEGIN; SELECT count(*) FROM kept; COMMIT; SELECT count(*) FROM kept"),
	"20\n17\n20\n20",
	'four statements');
is(scalar($api->requests('kept')), 20, 'twenty pages');
is(connections('kept'), 1, 'one connection');

$api->forget('kept');
is( sql("SELECT count(*) FROM kept; SELECT 1 / (count(*) - 20) FROM kept;
		DISCARD ALL; SELECT count(*) FROM kept"),
	"20\n20",
	'an error and DISCARD ALL between');
is(connections('kept'), 1, 'one connection still');

create_table('closing', '/s/closing/silent_close');
is(sql('SELECT count(*) FROM closing; SELECT count(*) FROM closing'),
	"20\n20", 'connections that the API closes behind its promise');

# ---- changed ----

create_table('changed', '/s/before/plain');
my $after = $api->url('/s/after/plain;rows=10');
is( sql(<<"EOS"), "1\n19\n10", 'a server that moves in the middle of a scan');
BEGIN;
DECLARE d CURSOR FOR SELECT id FROM changed;
FETCH 1 FROM d;
ALTER SERVER changed OPTIONS (SET url '$after');
CREATE TEMP TABLE rest (id bigint);
DO \$\$ DECLARE c refcursor := 'd'; i bigint; BEGIN
	LOOP FETCH c INTO i; EXIT WHEN NOT FOUND; INSERT INTO rest VALUES (i); END LOOP; END \$\$;
SELECT count(*) FROM rest;
SELECT count(*) FROM changed;
COMMIT;
EOS
is(scalar($api->requests('before')), 5, 'the scan went on where it was');
is((grep { m{/things} } $api->requests('after')),
	5, 'the next statement went where the server is');

create_table('secured', '/i/secured/auth/bearer/v1',
	"path '/customers', rows_path '/data', pagination 'page', page_param 'page',
	page_size_param 'per_page', page_size '100'");
my ($out, $err) = sql(<<'EOS');
CREATE USER MAPPING FOR CURRENT_USER SERVER secured OPTIONS (token 'bearer-S3CRET-5f1c');
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM secured;
MOVE 1 FROM c;
ALTER USER MAPPING FOR CURRENT_USER SERVER secured OPTIONS (SET token 'wrong');
MOVE ALL FROM c;
SAVEPOINT s;
SELECT count(*) FROM secured;
ROLLBACK TO s;
ALTER USER MAPPING FOR CURRENT_USER SERVER secured OPTIONS (SET token 'bearer-S3CRET-5f1c');
SELECT count(*) FROM secured;
COMMIT;
DROP USER MAPPING FOR CURRENT_USER SERVER secured;
SELECT count(*) FROM secured;
EOS
is($out, '1200', 'a mapping that changes in the middle of a scan');
my @denied = $err =~ /(ERROR:.*)/g;
is(scalar(@denied), 2, 'each statement has the credentials of its time')
  or diag($err);
like($_, qr/credentials/, 'the error says so') for @denied;
my @tokens = $api->requests('secured', 'authorization');
is((grep { /wrong/ } @tokens), 1, 'one request with the wrong token');
is((grep { !/authorization=\[Bearer/ } @tokens),
	1, 'one without, when the mapping was gone');
unlike($err, qr/S3CRET/, 'no secret in the errors');

# Two users of one session: each request has its user's credentials, though
# the connection may be the same.
($out, $err) = sql(<<'EOS');
CREATE ROLE regress_a;
CREATE ROLE regress_b;
GRANT SELECT ON secured TO regress_a, regress_b;
CREATE USER MAPPING FOR regress_a SERVER secured OPTIONS (token 'bearer-S3CRET-5f1c');
CREATE USER MAPPING FOR regress_b SERVER secured OPTIONS (token 'token of b');
EOS
$api->forget('secured');
($out, $err) = sql(<<'EOS');
SET ROLE regress_a;
SELECT count(*) FROM secured;
SET ROLE regress_b;
SELECT count(*) FROM secured;
SET ROLE regress_a;
SELECT count(*) FROM secured;
EOS
is($out, "1200\n1200", 'two users');
@tokens = $api->requests('secured', 'authorization');
is((grep { /token of b/ } @tokens), 1, 'one request of the one');
is((grep { /5f1c/ } @tokens), @tokens - 1, 'all others of the other');

# ---- left behind ----

create_table('whole', '/s/whole/plain');
create_table('refused', '/s/refused/status;status=400');
create_table('half', '/s/half/truncated_length;at=2');
create_table('reset', '/s/reset/reset_body;at=2');
create_table('long', '/s/long/plain;rows=200;pages=50');
create_table('wrong', '/s/wrong/type_change;at=2');
sql('ALTER FOREIGN TABLE wrong ADD value numeric OPTIONS (json_path \'/value\')');

is( sql(<<'EOS'), "1\n1\n9\n20", 'an error in one scan does not harm another');
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM whole;
FETCH 1 FROM c;
SAVEPOINT s;
SELECT count(*) FROM half;
ROLLBACK TO s;
SAVEPOINT s;
DECLARE d CURSOR FOR SELECT id FROM whole;
FETCH 1 FROM d;
ROLLBACK TO s;
MOVE 7 FROM c;
FETCH 1 FROM c;
COMMIT;
SELECT count(*) FROM whole;
EOS

# A function that fails in many ways, or stops early, in subtransactions.
sql(<<'EOS');
CREATE FUNCTION fail_often(times int) RETURNS TABLE (failed bigint, stopped bigint)
LANGUAGE plpgsql AS $$
DECLARE i int; t text;
BEGIN
	failed := 0; stopped := 0;
	FOR i IN 1 .. times LOOP
		FOREACH t IN ARRAY '{refused,half,reset,wrong}'::text[] LOOP
			BEGIN
				EXECUTE format('SELECT count(t) FROM %I t', t);
			EXCEPTION WHEN OTHERS THEN failed := failed + 1;
			END;
		END LOOP;
		PERFORM FROM long LIMIT 7;
		PERFORM FROM long WHERE EXISTS (SELECT FROM whole w WHERE w.id = long.id OFFSET 0) LIMIT 1;
		stopped := stopped + 1;
	END LOOP;
	RETURN NEXT;
END $$;
EOS

my $measure = "SELECT (SELECT count(*) FROM pg_ls_dir('/proc/' || pg_backend_pid() || '/fd')),
	(SELECT sum(total_bytes) FROM pg_backend_memory_contexts
	 WHERE name NOT IN ('ExecutorState', 'ExprContext', 'PortalContext', 'MessageContext')),
	(SELECT count(*) FROM pg_backend_memory_contexts WHERE name ~ 'autoconn scan'),
	(SELECT substring(pg_read_file('/proc/' || pg_backend_pid() || '/status') FROM 'VmRSS:\\s+(\\d+)'))";
my @lines = split /\n/, sql(<<"EOS");
SELECT * FROM fail_often(15);
$measure;
SELECT * FROM fail_often(75);
$measure;
SELECT count(*) FROM whole;
EOS
is($lines[0], '60|15', 'scans that fail or stop early');
is($lines[2], '300|75', '300 scans that fail');
my @before = split /\|/, $lines[1];
my @after = split /\|/, $lines[3];
cmp_ok($after[0], '<=', $before[0] + 1, 'no descriptor is left open');
cmp_ok($after[1] - $before[1], '<', 64 * 1024, 'no memory of PostgreSQL\'s is lost');
is($after[2], 0, 'no scan is left');
cmp_ok($after[3] - $before[3], '<', 2048, 'no memory of any other is lost (kB)');
is($lines[4], '20', 'and the next scan is whole');
note("descriptors $before[0] -> $after[0], contexts $before[1] -> $after[1], RSS $before[3] -> $after[3] kB");

# The same at the top level, where the transaction ends each time.
@lines = split /\n/, sql(join "\n", $measure . ';',
	("SELECT count(*) FROM half;\nSELECT count(t) FROM wrong t;") x 30, $measure . ';',
	("SELECT count(*) FROM half;\nSELECT count(t) FROM wrong t;") x 60, $measure . ';');
is(scalar(@lines), 3, 'transactions that fail');
@before = split /\|/, $lines[1];
@after = split /\|/, $lines[2];
cmp_ok($after[0], '<=', $before[0] + 1, 'no descriptor is left open');
cmp_ok($after[1] - $before[1], '<', 64 * 1024, 'no memory is lost');

# ---- cursors that outlive their transaction ----

is( sql(<<'EOS'), "1\n20\n20\n40\n20", 'a cursor over a commit');
BEGIN;
DECLARE held CURSOR WITH HOLD FOR SELECT id FROM whole;
FETCH 1 FROM held;
COMMIT;
MOVE 18 FROM held;
FETCH ALL FROM held;
SELECT count(*) FROM whole;
SELECT 2 * count(*) FROM whole;
CLOSE held;
SELECT count(*) FROM whole;
EOS

# One that is never closed: the session ends with a scan under way.
create_table('stalled', '/s/stalled/stall_body;at=3;max_s=100');
is( sql(<<'EOS'), '1', 'a session that ends in the middle of a scan');
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM stalled;
FETCH 1 FROM c;
MOVE 4 FROM c;
EOS
is( sql('SELECT count(*) FROM whole'), '20', 'the next session');

done_testing();
