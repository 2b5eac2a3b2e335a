# Access tokens: asked for once, kept, renewed when they are over or refused,
# and never shown.
use strict;
use warnings;

use AutoconnTest;
use OauthServer;
use PostgreSQL::Test::Utils;
use Test::More;

my $oauth = OauthServer->new;
my $node = start_node('main',
	conf => "autoconn.watch = off\nlog_min_messages = debug1\nlog_statement = none\nlog_min_error_statement = panic\n"
	  # its log of what ran has the values of parameters
	  . "shared_preload_libraries = 'auto_explain'\nauto_explain.log_min_duration = 0\n");
my $client = "client_id 'client-1', client_secret 'client-S3CRET'";
my $seed = "$client, refresh_token 'refresh-S3CRET-0'";
my @messages;

# ask(sql): what psql printed and said, with SQLSTATEs.
sub ask
{
	my ($sql) = @_;
	my (undef, $out, $err) = $node->psql('postgres',
		"\\set VERBOSITY verbose\nSET client_min_messages = debug1;\n$sql");

	push @messages, $err, $out;
	return ($out, $err);
}

sub rows
{
	my ($table) = @_;
	my ($out, $err) = ask("SELECT count(*) FROM $table");
	return $out eq '3' ? 3 : $err;
}

# ---- client credentials ----

$oauth->make($node, 'cc', mapping => $client,
	server => "scope 'read write', oauth_audience 'things'");
is(rows('cc'), 3, 'client credentials');
is($oauth->happened('cc'), 'token client_credentials scope=read write audience=things, things 200',
	'one token, one request');
my ($out, $err) = ask("SELECT count(*) FROM cc; SELECT count(*) FROM cc");
is($out, "3\n3", 'two queries of a session');
is($oauth->count('cc', 'token'), 1, 'share a token');

# A query that ends a token's life in the middle.
$oauth->set('cc', expires_in => 2);
($out, $err) = ask("SELECT count(*) FROM cc; SELECT pg_sleep(2.1); SELECT count(*) FROM cc");
is($oauth->happened('cc'), 'token client_credentials scope=read write audience=things, things 200, '
	  . 'token client_credentials scope=read write audience=things, things 200',
	'a token that is over is renewed before anything is sent with it');
$oauth->set('cc', expires_in => 3600);

# A token that the API does not take although its time is not over.
my $session = $node->background_psql('postgres');
is($session->query_safe('SELECT count(*) FROM cc'), 3, 'a session has a token');
$oauth->get('cc', '_expire');
$oauth->happened('cc');
is($session->query_safe('SELECT count(*) FROM cc'), 3, 'that is revoked');
is($oauth->happened('cc') =~ s/ scope=.*?things,/,/r, 'things 401, token client_credentials, things 200', 'renewed once');
$session->quit;

# Requests that are under way at the same time wait for one token: of a first
# one that is refused, for another.
$node->safe_psql('postgres', "CREATE FOREIGN TABLE parts (id bigint OPTIONS (param 'id')) SERVER cc
	OPTIONS (path '/things', pagination 'none')");
foreach my $delay_ms (0, 100)
{
	$oauth->set('cc', delay_ms => $delay_ms);
	$session = $node->background_psql('postgres');
	is($session->query_safe('SELECT count(*) FROM parts WHERE id = ANY (ARRAY[1, 2, 3, 4, 5, 6])'), 18, 'requests beside one another');
	my $happened = $oauth->happened('cc');
	is($happened =~ s/ scope=.*?things,/,/r, 'token client_credentials' . ', things 200' x 6, 'share a token that none had');
	$oauth->get('cc', '_expire');
	is($session->query_safe('SELECT count(*) FROM parts WHERE id = ANY (ARRAY[1, 2, 3, 4, 5, 6])'), 18, 'and one that is revoked');
	my @happened = split /, /, $oauth->happened('cc');
	is(scalar(grep { /^token/ } @happened), 1, 'is renewed once');
	is(scalar(grep { /200/ } @happened), 6, 'for all');
	$session->quit;
}
$oauth->set('cc', delay_ms => 0);

# An API that takes no token at all.
$oauth->set('cc', expires_in => 0);
$oauth->make($node, 'never', mapping => $client);
$oauth->set('never', expires_in => 0);
like(rows('never'), qr/28000: /, 'an API that takes none');
is($oauth->happened('never'), 'token client_credentials, things 401, token client_credentials, things 401',
	'is asked twice and no more');

# The other ways to show who one is.
foreach my $how ([ 'post', "oauth_client_auth 'post'", $client ], [ 'none', '', "client_id 'client-1'" ])
{
	$oauth->set($how->[0], auth => $how->[0]);
	$oauth->make($node, $how->[0], server => $how->[1] || "scope 'a'", mapping => $how->[2]);
	is(rows($how->[0]), 3, "client authentication: $how->[0]");
}

# ---- refusals ----

$oauth->make($node, 'wrong', mapping => "client_id 'client-1', client_secret 'wrong-S3CRET'");
like(rows('wrong'), qr/28000: authorization server refused the token request.*Status 401: invalid_client: who is.*Check client_id and client_secret/s,
	'a client that is not known');
is($oauth->happened('wrong'), 'token client_credentials', 'nothing was asked of the API');
$oauth->make($node, 'echo', mapping => $client);
$oauth->set('echo', status => 400, fail => 1, body => '{"error":"invalid_request","error_description":"client-S3CRET and Y2xpZW50LTE6Y2xpZW50LVMzQ1JFVA=="}');
like(rows('echo'), qr/28000: .*invalid_request/s, 'an answer that repeats the secret');
$oauth->make($node, 'page', mapping => $client);
$oauth->set('page', status => 200, fail => 1, body => '<html>Welcome</html>');
like(rows('page'), qr/28000: authorization server refused.*Check the server option "oauth_token_url"/s, 'a page');
$oauth->make($node, 'busy', mapping => $client);
$oauth->set('busy', status => 503, fail => 1);
like(rows('busy'), qr/HV000: authorization server did not answer the token request.*Status 503/s, 'one that is out of order');
is(rows('busy'), 3, 'is asked again by the next query');
$node->safe_psql('postgres', <<"EOS");
CREATE SERVER nowhere FOREIGN DATA WRAPPER autoconn OPTIONS
	(url '@{[ $oauth->url('nowhere') ]}', discover 'off', retries '0', oauth_token_url 'http://127.0.0.1:1/token');
CREATE USER MAPPING FOR CURRENT_USER SERVER nowhere OPTIONS ($client);
CREATE FOREIGN TABLE nowhere (id bigint) SERVER nowhere OPTIONS (path '/things', pagination 'none');
CREATE SERVER plain FOREIGN DATA WRAPPER autoconn OPTIONS
	(url '@{[ $oauth->url('plain') ]}', discover 'off', retries '0', oauth_token_url 'http://93.184.216.34:9/token');
CREATE USER MAPPING FOR CURRENT_USER SERVER plain OPTIONS ($client);
CREATE FOREIGN TABLE plain (id bigint) SERVER plain OPTIONS (path '/things', pagination 'none');
CREATE SERVER unsaid FOREIGN DATA WRAPPER autoconn OPTIONS
	(url '@{[ $oauth->url('unsaid') ]}', discover 'off', retries '0');
CREATE USER MAPPING FOR CURRENT_USER SERVER unsaid OPTIONS ($client);
CREATE FOREIGN TABLE unsaid (id bigint) SERVER unsaid OPTIONS (path '/things', pagination 'none');
EOS
like(rows('nowhere'), qr/08001: /, 'one that is not there');
like(rows('plain'), qr/42501: credentials are not sent over plain http to a public address/, 'plain http to the internet');
like(rows('unsaid'), qr/28000: .*ALTER SERVER unsaid OPTIONS \(ADD oauth_token_url/s, 'one that nobody named');
is($oauth->happened('nowhere') . $oauth->happened('plain'), '', 'nothing was asked of these APIs');

# The address policy is that of the server's owner.
$node->safe_psql('postgres', 'CREATE ROLE regress_owner; GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO regress_owner;
	ALTER SERVER cc OWNER TO regress_owner');
like(rows('cc'), qr/42501: connection to a loopback address is not allowed/, 'the token endpoint is subject to the address policy');

# ---- refresh tokens ----

$oauth->make($node, 'rotating', mapping => $seed);
is(rows('rotating'), 3, 'a refresh token');
is(rows('rotating'), 3, 'a second session');
is($oauth->happened('rotating'), 'token refresh_token, things 200, things 200', 'has its access token');
$oauth->get('rotating', '_expire');
is(rows('rotating'), 3, 'an access token that is revoked');
is($oauth->happened('rotating'), 'things 401, token refresh_token, things 200', 'is renewed with the refresh token that came last');
is($node->safe_psql('postgres', 'SELECT generation, dead, access_token IS NOT NULL, refresh_token FROM autoconn.token t JOIN pg_user_mappings m ON m.umid = t.mapping WHERE srvname = \'rotating\''),
	'2|f|t|refresh-S3CRET-2', 'what is stored');
is_deeply([ glob $node->data_dir . '/pgsql_tmp_autoconn/*' ], [], 'no journal is left');
($out, $err) = ask("SET default_transaction_read_only = on; SELECT count(*) FROM rotating");
is($out, 3, 'a read-only session');
$oauth->get('rotating', '_expire');
($out, $err) = ask("BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY; SELECT 1; SELECT count(*) FROM rotating; SELECT count(*) FROM rotating");
is($out, "1\n3\n3", 'a transaction with a snapshot from before the renewal');
$oauth->set('rotating', rotate => 0);
$oauth->get('rotating', '_expire');
is(rows('rotating'), 3, 'a server that gives no other refresh token');
$oauth->get('rotating', '_expire');
is(rows('rotating'), 3, 'twice');
$oauth->set('rotating', rotate => 1);

# A grant that is used up is not presented again.
$oauth->happened('rotating');
$node->safe_psql('postgres', "ALTER USER MAPPING FOR CURRENT_USER SERVER rotating OPTIONS (SET refresh_token 'refresh-S3CRET-0')");
$oauth->make($node, 'dead', mapping => "$client, refresh_token 'refresh-S3CRET-9'");
like(rows('dead'), qr/28000: authorization server does not accept the grant any more.*invalid_grant.*autoconn.authorize\(\)/s, 'a refresh token that is no good');
like(rows('dead'), qr/28000: authorization server does not accept the grant any more/, 'stays so');
is($oauth->happened('dead'), 'token refresh_token', 'and is presented once');
$node->safe_psql('postgres', "ALTER USER MAPPING FOR CURRENT_USER SERVER dead OPTIONS (SET refresh_token 'refresh-S3CRET-0')");
is(rows('dead'), 3, 'another one begins anew');

# ---- what cannot be had ----

$oauth->make($node, 'two', mapping => "$client, token 'S3CRET'");
like(rows('two'), qr/HV024: user mapping has more than one value for header "Authorization"/, 'OAuth beside another credential');

($out, $err) = ask("BEGIN; CREATE SERVER young FOREIGN DATA WRAPPER autoconn OPTIONS (url '@{[ $oauth->url('young') ]}', discover 'off', oauth_token_url '@{[ $oauth->url('young', 'token') ]}');
	CREATE USER MAPPING FOR CURRENT_USER SERVER young OPTIONS ($seed);
	CREATE FOREIGN TABLE young (id bigint) SERVER young OPTIONS (path '/things', pagination 'none');
	SELECT count(*) FROM young; COMMIT");
like($err, qr/55000: user mapping of server "young" is not committed yet/, 'a mapping that nobody else sees');
is($oauth->happened('young'), '', 'nothing was spent');

# ---- nothing is shown ----

($out, $err) = ask("EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM rotating; SELECT * FROM pg_stat_activity");
my $shown = join "\n", map { s/refresh_token 'refresh-S3CRET-\d'//gr } @messages;
unlike($shown, qr/S3CRET/, 'no message shows a secret');
ok(slurp_file($node->logfile) !~ /S3CRET/, 'nor does the log');
is($node->safe_psql('postgres', "SELECT has_table_privilege('regress_owner', 'autoconn.token', 'SELECT'), has_table_privilege('regress_owner', 'autoconn.authorization', 'SELECT')"), 'f|f', 'others cannot read tokens');
$node->safe_psql('postgres', 'CREATE DATABASE given');
is($node->safe_psql('given', "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO regress_owner; CREATE EXTENSION autoconn;
	SELECT has_table_privilege('regress_owner', 'autoconn.token', 'SELECT'), has_table_privilege('regress_owner', 'autoconn.authorization', 'SELECT')"),
	'f|f', 'whatever privileges new tables have');
my ($dump, undef) = run_command([ 'pg_dump', $node->connstr('postgres') ]);
unlike($dump, qr/access-S3CRET|refresh-S3CRET-[1-8]/, 'no token is in a dump');

done_testing();
