# Reading needs no writing: scans and EXPLAIN work on a hot standby and in
# read-only transactions, and parallel plans leave foreign tables alone.
use strict;
use warnings;

use AutoconnTest;
use PostgreSQL::Test::Cluster;
use Test::More;

my $api = start_api();
my $node = start_node('main',
	conf => "wal_level = replica\nmax_wal_senders = 5\nautoconn.watch = off\n");
my $url = $api->url('/i/standby/shop/v1');
my $ignoring = $api->url('/s/ignoring/ignore_filters;rows=40');

$node->safe_psql('postgres', <<"EOS");
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE SERVER shop FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url');
IMPORT FOREIGN SCHEMA api FROM SERVER shop INTO shop;
CREATE SCHEMA ignoring;
CREATE SERVER ignoring FOREIGN DATA WRAPPER autoconn OPTIONS (url '$ignoring');
IMPORT FOREIGN SCHEMA api FROM SERVER ignoring INTO ignoring;
CREATE SERVER unknown FOREIGN DATA WRAPPER autoconn
	OPTIONS (url '$url', discover 'off');
CREATE TABLE wanted (id bigint);
INSERT INTO wanted VALUES (7), (4711);
ANALYZE wanted;
EOS

my %queries = (
	'a collection' => [ 'SELECT count(*), sum(price) FROM shop.products', '300|38080.90' ],
	'a filter' => [ q(SELECT count(*) FROM shop.orders WHERE status = 'pending'), '100' ],
	'a look-up' => [ 'SELECT total FROM shop.orders WHERE id = 4711', '996.41' ],
	'a join' => [ 'SELECT sum(o.id) FROM wanted JOIN shop.orders o USING (id)', '4718' ],
	'an API that ignores a filter' =>
	  [ q(SELECT count(*) FROM ignoring.things WHERE kind = 'red'), '10' ],
	'what is known' =>
	  [ q(SELECT status FROM autoconn.servers WHERE server = 'shop'), 'discovered' ],);

sub check_reading
{
	my ($on, $where, $before) = @_;

	for my $name (sort keys %queries)
	{
		my ($query, $expected) = @{ $queries{$name} };
		is($on->safe_psql('postgres', "$before;\n$query"),
			$expected, "$where: $name");
	}
	like(
		$on->safe_psql(
			'postgres',
			"$before;\nEXPLAIN (VERBOSE) SELECT FROM shop.orders WHERE status = 'pending'"
		),
		qr{Request: GET \S+/orders\?status=pending}, "$where: EXPLAIN");
	like(
		$on->safe_psql(
			'postgres',
			"$before;\nEXPLAIN (ANALYZE) SELECT FROM shop.orders WHERE status = 'pending'"
		),
		qr{Rows Received: 100\b.*Completeness: complete}s,
		"$where: EXPLAIN ANALYZE");
	is( $on->safe_psql('postgres',
			"$before;\nSELECT FROM autoconn.take_events();\nSELECT count(*) FROM shop.products;\n"
			  . 'SELECT kind, rows, complete FROM autoconn.take_events()') =~ s/^\n*//r,
		"300\nscan|300|t",
		"$where: what scans see");
	return;
}

# Statements that store something: an error, and nothing half done.
sub check_writing
{
	my ($on, $where, $before) = @_;

	for my $statement (
		"CREATE SERVER other FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url')",
		'IMPORT FOREIGN SCHEMA api FROM SERVER shop INTO public',
		q(SELECT autoconn.discover('shop')),
		q(SELECT autoconn.forget('shop')))
	{
		my ($status, $out, $err) =
		  $on->psql('postgres', "\\set VERBOSITY verbose\n$before;\n$statement");
		like($err, qr/ERROR:  25006: cannot/,
			"$where: " . substr($statement, 0, 25));
	}
	return;
}

$node->backup('copy');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'copy', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby);
is($standby->safe_psql('postgres', 'SELECT pg_is_in_recovery()'),
	't', 'the standby is one');
check_reading($standby, 'standby', 'SELECT WHERE false');
check_writing($standby, 'standby', 'SELECT WHERE false');
check_reading($node, 'read only', 'SET default_transaction_read_only = on');
check_writing($node, 'read only', 'SET default_transaction_read_only = on');

# Parallel plans: wherever the planner may put workers, these scans are ours.
my $forced = $node->safe_psql('postgres',
	"SELECT name FROM pg_settings
	 WHERE name IN ('force_parallel_mode', 'debug_parallel_query')");
check_reading($node, 'parallel', "SET $forced = on;
	SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
	SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 4");

done_testing();
