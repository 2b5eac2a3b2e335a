# Secrets of a user mapping go to the origin of the base URL and nowhere else,
# and whatever the API echoes, they appear in no message and no log.
use strict;
use warnings;

use AutoconnTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $api = start_api();
my $other = $api->other_url;
my $node = start_node('main',
	conf => "log_min_messages = debug1\nlog_min_error_statement = panic\n"
	  . "log_statement = none\n");

my %credentials = (
	bearer => [ "token 'bearer-S3CRET-5f1c'", '' ],
	basic => [ "username 'shopkeeper', password 'basic-S3CRET-77aa'", '' ],
	header => [ "api_key 'header-S3CRET-0b2d'", '' ],
	query => [
		"api_key 'query-S3CRET-91e4'",
		", api_key_in 'query', api_key_name 'api_key'"
	],
	cookie => [
		"api_key 'cookie-S3CRET-c3d8'",
		", api_key_in 'cookie', api_key_name 'shop_session'"
	],
	headers => [ q(headers '{"X-Api-Key": "header-S3CRET-0b2d"}'), '' ],);

# table(name, path below the API, kind of credentials, server options)
sub table
{
	my ($name, $path, $kind, $options) = @_;
	my ($mapping, $server) = @{ $credentials{$kind} };
	my $url = $api->url($path);

	$node->safe_psql('postgres', <<"EOS");
CREATE SERVER $name FOREIGN DATA WRAPPER autoconn
	OPTIONS (url '$url', discover 'off', retries '0'$server$options);
CREATE USER MAPPING FOR CURRENT_USER SERVER $name OPTIONS ($mapping);
CREATE FOREIGN TABLE $name (id bigint, name text, value numeric)
	SERVER $name OPTIONS (path '/things', rows_path '/things',
		pagination 'cursor', cursor_param 'cursor',
		cursor_path '/next_cursor');
EOS
	return;
}

my @messages;

# Runs a scan with all that psql can show; returns rows and messages.
sub scan
{
	my ($name) = @_;
	my (undef, $out, $err) = $node->psql('postgres',
		"\\set VERBOSITY verbose
		SET client_min_messages = debug1;
		SELECT count(*) FROM $name");
	push @messages, $err;
	return ($out, $err);
}

sub sent_to
{
	my ($session, $port) = @_;
	return grep { $_->{port} eq $port } @{ $api->log($session) };
}

foreach my $kind (sort keys %credentials)
{
	my $scheme = $kind eq 'headers' ? 'header' : $kind;

	# The API accepts them.
	table("ok_$kind", "/s/ok_$kind/plain;auth=$scheme", $kind, '');
	my ($out, $err) = scan("ok_$kind");
	is($out, '20', "$kind: accepted");

	# An error that repeats all of the request.
	table("echo_$kind", "/s/echo_$kind/status;status=418;echo=1", $kind, '');
	($out, $err) = scan("echo_$kind");
	like($err, qr/status 418/, "$kind: an error that echoes the request");
	unlike($err, qr/S3CRET/, "$kind: shows no secret");
	my @log = $api->requests("echo_$kind",
		'authorization,cookie,x-api-key');
	isnt("@log", 'GET /things', "$kind: which the request had");

	# A redirect to another origin, listed and not.
	table("moved_$kind", "/s/moved_$kind/redirect;to=other", $kind, '');
	($out, $err) = scan("moved_$kind");
	like($err, qr/42501: API leads to another origin/, "$kind: refused");
	is(scalar(sent_to("moved_$kind", 'other')), 0, "$kind: nothing sent");

	table("listed_$kind", "/s/listed_$kind/redirect;to=other", $kind,
		", allowed_origins '$other'");
	($out, $err) = scan("listed_$kind");
	is($out, '20', "$kind: rows from a listed origin");
	my @sent = map {
		my $request = $_;
		( $request->{target},
			map { "$_: $request->{headers}{$_}" }
			  keys %{ $request->{headers} })
	} sent_to("listed_$kind", 'other');
	cmp_ok(scalar(@sent), '>', 0, "$kind: the other origin was asked");
	unlike("@sent", qr/S3CRET|authorization|cookie:|x-api-key/,
		"$kind: without credentials");

	# The same for a next link.
	table("next_$kind", "/s/next_$kind/next_other;style=next_url", $kind,
		", allowed_origins '$other'");
	$node->safe_psql('postgres',
		"ALTER FOREIGN TABLE next_$kind OPTIONS (SET pagination 'next_url',
			DROP cursor_param, SET cursor_path '/next', SET rows_path '/results')");
	($out, $err) = scan("next_$kind");
	is($out, '20', "$kind: next links to a listed origin")
	  or diag $err;
	unlike(
		join(' ', map { ($_->{target}, values %{ $_->{headers} }) }
			  sent_to("next_$kind", 'other')),
		qr/S3CRET/,
		"$kind: without credentials");
}

# Plain http to a public address is refused before anything is sent; the
# address is that of nobody we know, and no packet goes there.
$node->safe_psql('postgres', <<'EOS');
CREATE SERVER plain FOREIGN DATA WRAPPER autoconn OPTIONS
	(url 'http://93.184.216.34:9', discover 'off', retries '0');
CREATE USER MAPPING FOR CURRENT_USER SERVER plain OPTIONS (token 'S3CRET');
CREATE FOREIGN TABLE plain (id int) SERVER plain OPTIONS (path '/x');
EOS
my (undef, $err) = scan('plain');
like(
	$err,
	qr/42501: credentials are not sent over plain http to a public address/,
	'plain http to a public address');

# Addresses that the server's owner may not reach, on new connections and on
# those that another server's scan left open.
$node->safe_psql('postgres', <<"EOS");
CREATE ROLE regress_owner;
GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO regress_owner;
SET ROLE regress_owner;
CREATE SERVER owned FOREIGN DATA WRAPPER autoconn OPTIONS
	(url '@{[ $api->url('/s/owned/plain') ]}', discover 'off', retries '0');
RESET ROLE;
CREATE FOREIGN TABLE owned (id int) SERVER owned
	OPTIONS (path '/things', rows_path '/things', pagination 'cursor',
		cursor_param 'cursor', cursor_path '/next_cursor');
EOS
(undef, my $out, $err) = $node->psql('postgres', <<'EOS', on_error_stop => 0);
\set VERBOSITY verbose
SELECT count(*) FROM owned;
SELECT count(*) FROM ok_bearer;
SELECT count(*) FROM owned;
SET autoconn.allowed_hosts = '127.0.0.1';
SELECT count(*) FROM owned;
SET autoconn.allowed_hosts = '';
SELECT count(*) FROM owned;
ALTER SERVER owned OWNER TO CURRENT_USER;
SELECT count(*) FROM owned;
EOS
is($out, "20\n20\n20", 'a superuser\'s server, a listed host, a new owner');
my $refused = () =
  $err =~ /42501: connection to a loopback address is not allowed/g;
is($refused, 3, 'otherwise loopback is refused, also on a kept connection');

# Mappings that cannot be sent.
foreach my $bad (
	[ q(headers E'{"X-Api-Key": "S3CRET\\\\r\\\\nX-Other: y"}'), 'line break' ],
	[ q(headers '{"Host": "S3CRET"}'), 'Host' ],
	[ q(token 'S3CRET', username 'S3CRET', password 'S3CRET'), 'more than one' ])
{
	my ($options, $text) = @$bad;
	my $name = 'bad' . scalar @messages;
	my ($code, undef, $err) = $node->psql('postgres', <<"EOS");
CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS
	(url '@{[ $api->url('/s/bad/plain') ]}', discover 'off');
CREATE USER MAPPING FOR CURRENT_USER SERVER $name OPTIONS ($options);
CREATE FOREIGN TABLE $name (id int) SERVER $name OPTIONS (path '/things');
SELECT * FROM $name;
EOS
	isnt($code, 0, "a mapping with '$text' is refused");
	push @messages, $err;
}
is(scalar($api->requests('bad')), 0, 'and nothing was sent with it');

unlike("@messages", qr/S3CRET/, 'no message shows a secret');
ok(slurp_file($node->logfile) !~ /S3CRET/, 'nor does the server log');

done_testing();
