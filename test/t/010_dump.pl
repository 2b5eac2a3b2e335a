# Dump and restore: of everything by a superuser, of one's own by an ordinary
# role; neither sends a request, and what was learned is learned anew.
use strict;
use warnings;

use AutoconnTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $api = start_api();
my $node = start_node('main',
	conf => "autoconn.allowed_hosts = '127.0.0.1'\n");
my $url = $api->url('/i/dump/shop/v1');

# An ordinary role that has a server, a mapping and imported tables.
$node->safe_psql('postgres', <<"EOS");
CREATE ROLE regress_user LOGIN;
GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO regress_user;
GRANT CREATE ON DATABASE postgres TO regress_user;
EOS
my $as_user = [ '-U', 'regress_user' ];
$node->safe_psql('postgres', <<"EOS", extra_params => $as_user);
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE SERVER shop FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url');
CREATE USER MAPPING FOR regress_user SERVER shop OPTIONS (token 'S3CRET');
IMPORT FOREIGN SCHEMA api FROM SERVER shop INTO shop;
CREATE VIEW shop.paid AS SELECT id, total FROM shop.orders WHERE status = 'paid';
EOS
my $ddl = "SELECT string_agg(attrelid::regclass || '.' || attname || ' ' ||
	format_type(atttypid, atttypmod) ||
	(SELECT array_agg(o ORDER BY o) FROM unnest(attfdwoptions) o)::text, E'\\n'
	ORDER BY attrelid::regclass::text, attnum)
	FROM pg_attribute WHERE attrelid IN (SELECT ftrelid FROM pg_foreign_table)
	AND attnum > 0";
my $before = $node->safe_psql('postgres', $ddl);
like($before, qr/shop\.orders\.id bigint/, 'tables were imported');
$api->forget('dump');

my $dir = PostgreSQL::Test::Utils::tempdir();

sub restore
{
	my ($name, $dump, @how) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $name OWNER regress_user");
	# The wrapper's USAGE is part of the superuser's dump only.
	if ($name eq 'users')
	{
		$node->safe_psql($name, 'CREATE EXTENSION autoconn;
			GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO regress_user');
	}
	$node->command_ok(
		[ 'pg_restore', '-h', $node->host, '-p', $node->port, '-d', $name,
			'--exit-on-error', @how, $dump ],
		"$name: restored");
	is($node->safe_psql($name, $ddl), $before, "$name: the same tables");
	is(join("\n", $api->requests('dump')), '', "$name: no request was sent");
	is( $node->safe_psql(
			$name, "SELECT status FROM autoconn.servers WHERE server = 'shop'"),
		'pending',
		"$name: nothing is known of the server yet");
	return;
}

$node->command_ok(
	[ 'pg_dump', '-h', $node->host, '-p', $node->port, '-Fc', '-f',
		"$dir/all", 'postgres' ],
	'a superuser dumps');
restore('everything', "$dir/all");

$node->command_ok(
	[ 'pg_dump', '-h', $node->host, '-p', $node->port, '-U', 'regress_user',
		'-Fc', '-n', 'shop', '-f', "$dir/own", 'postgres' ],
	'an ordinary role dumps its schema');
$node->command_ok(
	[ 'pg_dump', '-h', $node->host, '-p', $node->port, '-U', 'regress_user',
		'-Fc', '-f', "$dir/usersall", 'postgres' ],
	'an ordinary role dumps the database');
# Comments and event triggers of the extension are the superuser's: leave the
# extension out, as the role that restores has it already.
my $list = "$dir/list";
run_log([ 'sh', '-c',
		"pg_restore -l '$dir/usersall' | grep -vE 'EXTENSION|ACL|EVENT TRIGGER' > '$list'" ]);
restore('users', "$dir/usersall", '-U', 'regress_user', '-L', $list);

# The restored tables can be read; the server is learned on import.
is( $node->safe_psql(
		'users', 'SELECT count(*) FROM shop.paid', extra_params => $as_user),
	'1132',
	'a restored view over a restored table');
my $requests = join("\n", $api->requests('dump'));
like($requests, qr{^GET /shop/v1/orders\?status=paid&limit=200$}m,
	'it asks the API below the URL of the server');
$node->safe_psql('users', <<'EOS', extra_params => $as_user);
SET client_min_messages = warning;
CREATE SCHEMA again;
IMPORT FOREIGN SCHEMA api LIMIT TO (products) FROM SERVER shop INTO again;
EOS
is( $node->safe_psql(
		'users', "SELECT status FROM autoconn.servers WHERE server = 'shop'"),
	'discovered',
	'and an import learns it');

# What a table is asked by is learned, too: a base below the origin of a
# description's URL, and the name of a key.  After a restore a session learns
# it for itself, without storing anything.
my $keyed = $api->url('/i/keyed/auth/query/v1/openapi.json');
$node->safe_psql('postgres', <<"EOS");
SET client_min_messages = warning;
CREATE SERVER keyed FOREIGN DATA WRAPPER autoconn OPTIONS (url '$keyed');
CREATE USER MAPPING FOR CURRENT_USER SERVER keyed OPTIONS (api_key 'query-S3CRET-91e4');
CREATE SCHEMA keyed;
IMPORT FOREIGN SCHEMA api LIMIT TO (account) FROM SERVER keyed INTO keyed;
EOS
is($node->safe_psql('postgres', 'SELECT count(*) FROM keyed.account'),
	'1', 'a table whose base and key name are learned');
$node->command_ok(
	[ 'pg_dump', '-h', $node->host, '-p', $node->port, '-Fc', '-f',
		"$dir/keyed", 'postgres' ],
	'it is dumped');
$node->safe_psql('postgres', 'CREATE DATABASE keyed');
$node->command_ok(
	[ 'pg_restore', '-h', $node->host, '-p', $node->port, '-d', 'keyed',
		'--exit-on-error', "$dir/keyed" ],
	'and restored');
$api->forget('keyed');
is( $node->safe_psql(
		'keyed', 'BEGIN READ ONLY; SELECT count(*) FROM keyed.account;
		SELECT count(*) FROM keyed.account'),
	"1\n1", 'the restored table asks the same');
is( join("\n", $api->requests('keyed')),
	join("\n",
		'GET /auth/query/v1/openapi.json',
		'GET /auth/query/v1/account?api_key=query-S3CRET-91e4',
		'GET /auth/query/v1/account?api_key=query-S3CRET-91e4'),
	'the session learned it once');
is( $node->safe_psql(
		'keyed', "SELECT status FROM autoconn.servers WHERE server = 'keyed'"),
	'pending', 'and stored nothing');

done_testing();
