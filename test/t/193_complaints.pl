# What users of other systems complain about, each complaint once.  Tests of
# their own have: limits that a second session breaks (110), pages lost or
# repeated at edges (190, 191), queues without bound and workers that crash
# (050, 200 to 203), notices of drift (210), cancels in each phase (020, 100).
use strict;
use warnings;

use AutoconnTest;
use IPC::Run ();
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $api = start_api();
my $node = start_node('main', preload => 1, conf => "autoconn.watch = off\n");
my $url = $api->url('/i/shop/shop/v1');

$node->safe_psql('postgres', <<"EOS");
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE SERVER shop FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url');
IMPORT FOREIGN SCHEMA api FROM SERVER shop INTO shop;
CREATE TABLE orders AS SELECT * FROM shop.orders;
CREATE VIEW pending AS SELECT * FROM shop.orders WHERE status = 'pending';
CREATE VIEW safe WITH (security_barrier) AS SELECT * FROM shop.orders;
CREATE FUNCTION of_status(text) RETURNS SETOF shop.orders LANGUAGE sql STABLE AS 'SELECT * FROM shop.orders WHERE status = \$1';
CREATE TABLE wanted (status text, tier text);
INSERT INTO wanted VALUES ('pending', 'pro');
ANALYZE wanted;
EOS

sub hand_made
{
	my ($name, $scenario, $server) = @_;
	$server //= "retries '0'";
	$node->safe_psql('postgres', "CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS (url '" . $api->url("/s/$name/$scenario") . "', discover 'off', $server);
		CREATE FOREIGN TABLE $name (id int, name text, value numeric) SERVER $name
			OPTIONS (path '/things', rows_path '/things', pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor')");
	return;
}

# The paths and query strings that the query asks for.
sub asked
{
	my ($session, $query) = @_;
	$api->forget($session);
	my $rows = $node->safe_psql('postgres', $query);
	return ($rows, $api->requests($session));
}

# ---- queries that hold locks for days ----

hand_made('stuck', 'stall_headers;max_s=60', "retries '3', timeout '60s'");
my ($out, $err) = ('', '');
my $run = IPC::Run::start(
	[ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', "SET statement_timeout = '700ms'", '-c', 'BEGIN', '-c', 'SELECT count(*) FROM stuck', '-c', 'ROLLBACK', '-c', 'SELECT pg_sleep(20)' ],
	'<', \undef, '>', \$out, '2>', \$err);
$api->wait_for('stuck', 1);
my $began = time;
is($node->safe_psql('postgres', "SET lock_timeout = '10s'; ALTER FOREIGN TABLE stuck OPTIONS (ADD estimated_rows '5'); SELECT 'altered'"),
	'altered', 'a query that waits for an API gives its locks back');
cmp_ok(time - $began, '<', 8, 'when its time is over');
$run->kill_kill;

# ---- filters lost in joins and subqueries, or wrong rows by them ----

my %filtered = (
	'a view' => 'SELECT count(*), sum(total) FROM pending',
	'a view that is a barrier' => "SELECT count(*), sum(total) FROM safe WHERE status = 'pending'",
	'a subquery' => "SELECT count(*), sum(total) FROM (SELECT * FROM shop.orders) x WHERE status = 'pending'",
	'a CTE' => "WITH x AS (SELECT * FROM shop.orders) SELECT count(*), sum(total) FROM x WHERE status = 'pending'",
	'a subquery under an aggregate' => "SELECT count(*), sum(s) FROM (SELECT status, id, sum(total) s FROM shop.orders GROUP BY status, id) x WHERE status = 'pending'",
	'a union' => "SELECT count(*), sum(total) FROM (SELECT * FROM shop.orders UNION ALL SELECT * FROM shop.orders WHERE false) x WHERE status = 'pending'",
	'a join' => 'SELECT count(*), sum(o.total) FROM wanted JOIN shop.orders o USING (status)',
	'a lateral join' => 'SELECT count(*), sum(o.total) FROM wanted w, LATERAL (SELECT * FROM shop.orders o WHERE o.status = w.status) o',
	'an outer join' => 'SELECT count(*), sum(o.total) FROM wanted w LEFT JOIN shop.orders o USING (status)',
	'IN' => 'SELECT count(*), sum(total) FROM shop.orders WHERE status IN (SELECT status FROM wanted)',
	'a scalar subquery' => 'SELECT count(*), sum(total) FROM shop.orders WHERE status = (SELECT status FROM wanted)',
	'a function' => "SELECT count(*), sum(total) FROM of_status('pending')",
	'a parameter' => "PREPARE p AS SELECT count(*), sum(total) FROM shop.orders WHERE status = \$1; SET plan_cache_mode = force_generic_plan; EXECUTE p('pending')",);
my $truth = $node->safe_psql('postgres', "SELECT count(*), sum(total) FROM orders WHERE status = 'pending'");
foreach my $where (sort keys %filtered)
{
	my ($rows, @requests) = asked('shop', $filtered{$where});
	is($rows, $truth, "$where: the rows");
	is(scalar(grep { !/status=pending/ } @requests), 0, "$where: the filter is sent") or diag(join "\n", @requests);
	cmp_ok(scalar @requests, '<=', 2, "$where: few requests");
}
# Conditions that look as if they could be sent.
foreach my $condition ("status <> 'pending'", "status LIKE 'pend%'", "upper(status) = 'PENDING'", "status = 'pending' OR gift", "note = ''", 'customer_id + 0 = 7',
	"NOT (status = 'pending')", "status IS DISTINCT FROM 'pending'", "coalesce(note, 'pending') = 'pending'", "created_at > '2025-10-01 00:00+02'", "created_at = '2024-01-01T01:37:00Z'")
{
	my $columns = 'SELECT count(*), coalesce(sum(id), 0) FROM %s WHERE ' . $condition;
	is($node->safe_psql('postgres', sprintf($columns, 'shop.orders')), $node->safe_psql('postgres', sprintf($columns, 'orders')), "$condition: the rows");
}
is($node->safe_psql('postgres', 'SELECT count(*), sum(o.id) FROM shop.orders o LEFT JOIN wanted w ON w.status = o.status AND o.gift WHERE w.status IS NULL'),
	$node->safe_psql('postgres', 'SELECT count(*), sum(o.id) FROM orders o LEFT JOIN wanted w ON w.status = o.status AND o.gift WHERE w.status IS NULL'), 'nor does an outer join lose rows');

# ---- LIMIT that fetches everything ----

my %limited = (
	'LIMIT' => [ 'SELECT id FROM shop.orders LIMIT 5', 5 ],
	'LIMIT over a view' => [ 'SELECT id FROM safe LIMIT 5', 5 ],
	'LIMIT over a subquery' => [ 'SELECT id FROM (SELECT id, total FROM shop.orders) x LIMIT 5', 5 ],
	'LIMIT over a union' => [ 'SELECT id FROM shop.orders UNION ALL SELECT id FROM shop.orders LIMIT 5', 5 ],
	'LIMIT with a condition of ours' => [ 'SELECT id FROM shop.orders WHERE id % 2 = 0 LIMIT 5', 5 ],
	'EXISTS' => [ 'SELECT EXISTS (SELECT FROM shop.orders)', 1 ],
	'a cursor' => [ 'BEGIN; DECLARE c CURSOR FOR SELECT id FROM shop.orders; FETCH 5 FROM c; COMMIT', 5 ],);
foreach my $what (sort keys %limited)
{
	my ($rows, @requests) = asked('shop', $limited{$what}[0]);
	is(scalar(split /\n/, $rows), $limited{$what}[1], "$what: so many rows");
	# the two scans of a union run at once
	cmp_ok(scalar @requests, '<=', $what =~ /union/ ? 4 : 2, "$what: no more than a page, and one ahead");
}

# ---- rows of yesterday, or of somebody else ----

my (undef, @twice) = asked('shop', 'SELECT count(*) FROM pending; SELECT count(*) FROM pending');
is(scalar(@twice), 2, 'who asks twice asks the API twice');
$node->safe_psql('postgres', "CREATE ROLE ann LOGIN; CREATE ROLE ben LOGIN; CREATE ROLE cat LOGIN;
	GRANT USAGE ON SCHEMA shop TO ann, ben, cat; GRANT SELECT ON shop.orders TO ann, ben, cat; GRANT USAGE ON FOREIGN SERVER shop TO ann, ben, cat;
	CREATE USER MAPPING FOR ann SERVER shop OPTIONS (token 'ann-S3CRET'); CREATE USER MAPPING FOR ben SERVER shop OPTIONS (token 'ben-S3CRET')");
$api->forget('shop');
$node->safe_psql('postgres', join ' ', map { "SET ROLE $_; SELECT count(*) FROM (SELECT FROM shop.orders LIMIT 1) x; RESET ROLE;" } qw(ann ben cat ann));
is(join(' ', map { /authorization=\[(.*)\]/ ? $1 : 'none' } $api->requests('shop', 'authorization')), 'Bearer ann-S3CRET Bearer ben-S3CRET none Bearer ann-S3CRET', 'each user has his own credentials, also over one connection');

# ---- memory that grows with the result ----

$node->safe_psql('postgres', "CREATE SERVER big FOREIGN DATA WRAPPER autoconn OPTIONS (url '" . $api->url('/s/big/bench;rows=60000;size=1000;style=cursor') . "', discover 'off');
	CREATE FOREIGN TABLE big (id bigint, name text) SERVER big OPTIONS (path '/rows', rows_path '/rows', pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor', page_size_param 'limit', page_size '1000')");
my $kb = q{(regexp_match(pg_read_file('/proc/self/status'), 'RssAnon:\s+(\d+)'))[1]::int};
my ($few, $many) = split / /, $node->safe_psql('postgres', "CREATE TEMP TABLE seen (n int, kb int);
	INSERT INTO seen SELECT count(*), $kb FROM (SELECT id FROM big LIMIT 6000) x;
	INSERT INTO seen SELECT count(*), $kb FROM big;
	SELECT string_agg(kb::text, ' ' ORDER BY n) FROM seen");
note("kB after 6,000 rows: $few, after 60,000: $many");
cmp_ok($many - $few, '<', 2048, 'ten times the rows take no more memory');

# ---- a field that is absent on a later page, or of another type ----

hand_made('absent', 'missing_field;at=3');
is($node->safe_psql('postgres', 'SELECT count(*), count(value), min(id) FILTER (WHERE value IS NULL) FROM absent'), '20|16|9', 'a field that a later page lacks is NULL there');
hand_made('other', 'type_change;at=3');
(undef, undef, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\nSELECT * FROM other");
like($err, qr/ERROR:  22P02: .*numeric.*column "value".*page 3, GET http/s, 'of another type it is an error that names column, page and request');
$node->safe_psql('postgres', "ALTER FOREIGN TABLE other OPTIONS (ADD on_error 'null')");
is($node->safe_psql('postgres', 'SET client_min_messages = error; SELECT count(*), count(value) FROM other'), '20|16', 'or NULL, if that is wanted');

# ---- a description that says "required" where there are nulls ----

$api->drift('req', 'nullable=orders.status&where=payload');
watch_server($node, $api, 'req', check_interval => '1h');
is($node->safe_psql('postgres', "SELECT count(*), count(*) FILTER (WHERE status IS NULL), count(status) FROM req.orders"), '60|20|40', 'what is said to be required may be NULL');
is($node->safe_psql('postgres', "SELECT count(*) FROM req.orders WHERE status IS NULL"), '20', 'and is found by that');

# ---- functions that reach internal hosts ----

$node->safe_psql('postgres', 'GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO ann; GRANT CREATE ON SCHEMA public TO ann');
foreach my $host ('169.254.169.254', '127.0.0.1:' . $api->port, 'localhost:' . $api->port, '[::1]', '10.0.0.1', '0.0.0.0:' . $api->port)
{
	(undef, undef, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\nSET ROLE ann; SELECT autoconn.preview('http://$host/')", timeout => 30);
	like($err, qr/ERROR:  42501/, "an ordinary user has nothing of $host");
}
like(($node->psql('postgres', "SET ROLE ben; SELECT autoconn.preview('http://example.com/')"))[2] // '', qr/permission denied/, 'who may not use the wrapper sends nothing');

# ---- imports that leave tables out without a word ----

is($node->safe_psql('postgres', "SELECT count(*) FROM autoconn.endpoints WHERE server = 'shop' AND NOT importable AND skip_reason IS NULL"), '0', 'what cannot be imported has a reason');
is($node->safe_psql('postgres', "SELECT string_agg(name, ' ' ORDER BY name) FROM autoconn.endpoints e WHERE server = 'shop' AND importable AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relname = e.name)"), '', 'and all else was');
(undef, undef, $err) = $node->psql('postgres', 'CREATE SCHEMA s2; IMPORT FOREIGN SCHEMA api FROM SERVER shop INTO s2');
like($err, qr/importing 10 tables of server "shop" and leaving out 2 operations/, 'which it says');

done_testing();
