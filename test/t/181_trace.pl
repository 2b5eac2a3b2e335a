# At debug1 there is a line for each request, in the log and for the client who
# asks for it, and no secret in any.
use strict;
use warnings;

use AutoconnTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $api = start_api();
my $node = start_node('main', preload => 1, conf => "autoconn.watch = off\nlog_statement = none\nlog_min_error_statement = panic\n");

# Every scheme of the shop, and an API that repeats what it was sent.
my %mappings = (
	bearer => "token 'bearer-S3CRET-5f1c'",
	basic => "username 'shopkeeper', password 'basic-S3CRET-77aa'",
	header => "api_key 'header-S3CRET-0b2d'",
	query => "api_key 'query-S3CRET-91e4'",
	cookie => "api_key 'cookie-S3CRET-c3d8'");

my $quiet = 'SET client_min_messages = error';

# Runs statements with these messages, and returns what the client and the log
# were told.
sub told
{
	my ($level, $sql) = @_;
	my $before = -s $node->logfile;
	my (undef, $out, $err) = $node->psql('postgres', "SET log_min_messages = $level;
		SET client_min_messages = $level;\n$sql");

	return ($err, PostgreSQL::Test::Utils::slurp_file($node->logfile, $before));
}

sub lines { return grep { /autoconn: / } split /\n/, $_[0]; }

foreach my $scheme (sort keys %mappings)
{
	my $url = $api->url("/i/$scheme/auth/$scheme/v1/openapi.json");
	my @key = $scheme eq 'header' ? ", api_key_in 'header', api_key_name 'X-Api-Key'"
	  : $scheme eq 'query' ? ", api_key_in 'query', api_key_name 'api_key'"
	  : $scheme eq 'cookie' ? ", api_key_in 'cookie', api_key_name 'shop_session'" : '';

	# The statement itself holds the secret: it is not shown, whatever comes of it.
	my ($err, $log) = told('debug1', "CREATE SERVER $scheme FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url'@key);
		CREATE USER MAPPING FOR CURRENT_USER SERVER $scheme OPTIONS ($mappings{$scheme});
		CREATE SCHEMA $scheme;
		IMPORT FOREIGN SCHEMA api FROM SERVER $scheme INTO $scheme;
		SELECT count(*) FROM (SELECT * FROM $scheme.products LIMIT 40) p;");
	unlike($err, qr/S3CRET/, "$scheme: no secret for the client");
	unlike($log, qr/S3CRET/, "$scheme: nor in the log");
	like($err, qr{autoconn: GET \S+/auth/$scheme/v1/products\S*: 200, \d+ bytes, \d+ ms, attempt 1, (?:new|kept) connection},
		"$scheme: a line for a request");
	like($err, qr/kept connection/, "$scheme: connections are kept");
	is(scalar(grep { /openapi\.json/ } lines($err)) > 0, 1, "$scheme: discovery has its lines");
	is(scalar(lines($log)), scalar(lines($err)), "$scheme: as many in the log");
}
unlike((told('debug1', 'SELECT count(*) FROM (SELECT * FROM query.products LIMIT 40) p'))[0],
	qr/query-S3CRET|api_key=(?!\S*(?:\*|redacted|xxx))/i, 'a key in the query is not shown');

# Failures and what follows them.
sub create_api
{
	my ($name, $url, $options) = @_;
	$node->safe_psql('postgres', "$quiet; CREATE SERVER $name FOREIGN DATA WRAPPER autoconn
			OPTIONS (url '$url', discover 'off', retries '1'$options);
		CREATE USER MAPPING FOR CURRENT_USER SERVER $name OPTIONS (token 'token-S3CRET-1', headers '{\"X-Other\": \"other-S3CRET\"}');
		CREATE FOREIGN TABLE $name (id bigint) SERVER $name OPTIONS (path '/things', rows_path '/things')");
	return;
}
create_api('echoes', $api->url('/s/echoes/status;status=500;echo=1'), '');
my ($err, $log) = told('debug1', 'SELECT * FROM echoes');
unlike("$err$log", qr/S3CRET/, 'an API that repeats secrets');
is_deeply([ map { s/.*(: \d+, ).*(attempt \d).*/$1$2/r } lines($err) ], [ ': 500, attempt 1', ': 500, attempt 2' ], 'each attempt is a line');
chomp(my $refused = http_get($api->url('/_port/refused')));
create_api('nobody', "http://127.0.0.1:$refused", '');
($err, $log) = told('debug1', 'SELECT * FROM nobody');
like($err, qr/autoconn: GET \S+: no answer \(.+\), \d+ ms, attempt 2/, 'nor does one that does not come');
create_api('moved', $api->url('/s/moved/redirect;hops=2'), '');
($err) = told('debug1', 'SELECT * FROM moved');
is(scalar(grep { /: 302, / } lines($err)), 2, 'redirects are requests');
create_api('cached', $api->url('/s/cached/kept'), ", cache_ttl '60s'");
($err) = told('debug1', "SELECT count(*) FROM (SELECT * FROM cached LIMIT 2) c; SELECT count(*) FROM (SELECT * FROM cached LIMIT 2) c");
is_deeply([ map { s/.*: (200|from the cache), .*/$1/r } lines($err) ], [ '200', 'from the cache' ], 'the cache says so');

# Less than that shows none.
($err, $log) = told('info', 'SELECT count(*) FROM moved');
is(scalar(lines($err)) + scalar(lines($log)), 0, 'no line unless it is asked for');
done_testing();
