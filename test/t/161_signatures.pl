# Requests signed for AWS (Signature Version 4): does another implementation,
# which is this one in Perl, come to the same signature from what arrives?
use strict;
use warnings;

use AutoconnTest;
use Digest::SHA qw(hmac_sha256 hmac_sha256_hex sha256_hex);
use HostileApi;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::Local qw(timegm);

my $secret = 'sEcr3t/S3CRET+aws/9d2c';
my $session = 'FwoGS3CRETsession/+=';
my $file = PostgreSQL::Test::Utils::tempdir() . '/arrived';

sub encoded
{
	my ($text, $kept) = @_;
	$text =~ s{([^A-Za-z0-9\-._~$kept])}{sprintf '%%%02X', ord $1}ge;
	return $text;
}

sub decoded
{
	my ($text) = @_;
	$text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
	return $text;
}

# What the signature of a request should be, from its own Authorization header
# and the secret.
sub signature_of
{
	my ($method, $target, $header, $body) = @_;
	my ($path, $query) = split /\?/, $target, 2;
	my ($key, $day, $region, $service, $names) = $header->{authorization} =~
	  m{^AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, SignedHeaders=([^,]+), }
	  or return 'none';

	$path =~ s{//+}{/}g if $service ne 's3';
	$path = encoded($service eq 's3' ? decoded($path) : $path, '/');
	my @params = map {
		my ($name, $value) = split /=/, $_, 2;
		[ encoded(decoded($name), ''), encoded(decoded($value // ''), '') ]
	} split /&/, $query // '';
	$query = join '&', map { "$_->[0]=$_->[1]" }
	  sort { $a->[0] cmp $b->[0] || $a->[1] cmp $b->[1] } @params;
	my $fields = join '', map { "$_:$header->{$_}\n" } split /;/, $names;
	my $request = join "\n", $method, $path, $query, $fields, $names,
	  sha256_hex($body);
	my $scope = "$day/$region/$service/aws4_request";
	my $text = join "\n", 'AWS4-HMAC-SHA256', $header->{'x-amz-date'}, $scope,
	  sha256_hex($request);

	my $secret_key = hmac_sha256($day, "AWS4$secret");
	$secret_key = hmac_sha256($_, $secret_key)
	  foreach $region, $service, 'aws4_request';
	return hmac_sha256_hex($text, $secret_key);
}

# Serves rows to whoever signs right, and notes what came.
sub serve
{
	my ($socket) = @_;

	while (my ($method, $target, $header, $body) = next_request($socket))
	{
		my ($sent) = ($header->{authorization} // '') =~ /Signature=(\w+)$/;
		my $right = signature_of($method, $target, $header, $body) eq ($sent // '')
		  && $header->{'x-amz-content-sha256'} eq sha256_hex($body);
		my $answer = '[{"id": 1}]';

		if ($target =~ m{/forwards})
		{
			answer_with($socket, '302 Found', '', "Location: /v1/elsewhere?z=1&a=2\r\n");
			next;
		}
		append_to_file($file, join("\t", $method, $target, $right ? 'right' : 'wrong',
				map { $header->{$_} // '-' } qw(authorization x-amz-date x-amz-security-token)) . "\n");
		$answer = "signed $header->{authorization} $secret $session"
		  if $target =~ m{/echo};
		answer_with($socket, $right && $target !~ m{/echo} ? '200 OK' : '403 Forbidden', $answer);
	}
	return;
}

my $url = start_hostile(\&serve);
my $node = start_node('main',
	conf => "log_min_messages = debug1\nlog_min_error_statement = panic\nlog_statement = none\n");
my ($out, $err);

sub sql
{
	my ($statements) = @_;
	(undef, $out, $err) = $node->psql('postgres', $statements);
	return $out;
}

# server(name, service, mapping): a server below /v1 of the API.
sub server
{
	my ($name, $service, $mapping) = @_;
	$service = ", aws_service '$service', aws_region 'eu-west-1'" if $service;
	sql(<<"EOS");
CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/v1', discover 'off', retries '0'$service);
CREATE USER MAPPING FOR CURRENT_USER SERVER $name OPTIONS ($mapping);
EOS
	return $err;
}

# arrived(): fields of the requests since the last call.
sub arrived
{
	my @lines = -e $file ? split(/\n/, slurp_file($file)) : ();
	unlink $file;
	return map { [ split /\t/ ] } @lines;
}

my $keys = "aws_access_key 'AKIDEXAMPLE', aws_secret_key '$secret'";
is(server('api', 'execute-api', $keys), '', 'a server of a service');
is(server('s3', 's3', "$keys, aws_session_token '$session'"), '', 'a server of S3');

# Paths and queries whose canonical form is not how they stand.
my @cases = (
	[ 'plain', '/things', '' ],
	[ 'order', '/things', 'z=1&a=2&A=3&a-b=4&a=1' ],
	[ 'odd', '/a%20b/c=d:e@f,g/*+$', '' ],
	[ 'slashes', '/a//b/', '' ],
	[ 'signs', '/things', q{q=x*y%27(z)~&r=1+2%2B3&s=%e4&t&u=} ],
	[ 'forwarded', '/forwards', '' ]);
foreach my $server (qw(api s3))
{
	foreach my $case (@cases)
	{
		my ($name, $path, $params) = @$case;
		my $more = $params eq '' ? '' : ", params '" . $params =~ s/'/''/gr . "'";

		sql("CREATE FOREIGN TABLE ${server}_$name (id bigint) SERVER $server OPTIONS (path '$path', rows_path '', pagination 'none'$more);
			SELECT id FROM ${server}_$name");
		is($out . $err, '1', "$server: $name is signed right");
	}
}
my @arrived = arrived();
is(scalar(@arrived), 12, 'one request each');
is((grep { $_->[2] eq 'right' } @arrived), 12, 'all of them signed right');
is((grep { $_->[5] eq $session } @arrived), 6, 'the session token goes along where there is one');
is($arrived[1][1], '/v1/things?A=3&a=1&a=2&a-b=4&z=1', 'a query is sent in the order that is signed');

# Values of quals, and bodies.
sql(<<'EOS');
CREATE FOREIGN TABLE searched (id bigint, q text OPTIONS (param 'q')) SERVER api OPTIONS (path '/things', rows_path '', pagination 'none');
SELECT id FROM searched WHERE q = 'a b/c&d=é%';
CREATE FOREIGN TABLE posted (id bigint) SERVER api OPTIONS (path '/search', method 'POST', body '{"x": "é"}', rows_path '', pagination 'none');
SELECT id FROM posted;
EOS
is($out . $err, "1\n1", 'values and bodies are signed right');

# Each attempt is signed for its own time.
my ($date) = map { $_->[4] } arrived();
like($date, qr/^\d{8}T\d{6}Z$/, 'a date goes along');
my @parts = $date =~ /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/;
cmp_ok(abs(timegm(reverse(@parts[ 3 .. 5 ]), $parts[2], $parts[1] - 1, $parts[0]) - time()),
	'<', 60, 'which is now');

# What is refused, and said so without the key.
sql("ALTER USER MAPPING FOR CURRENT_USER SERVER api OPTIONS (SET aws_secret_key 'wrong-S3CRET-000'); SELECT id FROM searched");
like($err, qr/403/, 'a wrong key is no access');
sql('CREATE FOREIGN TABLE echo (id bigint) SERVER s3 OPTIONS (path \'/echo\', rows_path \'\', pagination \'none\'); SELECT * FROM echo');
like($err, qr/403/, 'an answer that repeats keys');
unlike($err, qr/S3CRET|AKIDEXAMPLE/, 'is shown without them');

server('half', 's3', "aws_access_key 'AKIDEXAMPLE'");
sql("CREATE FOREIGN TABLE half (id bigint) SERVER half OPTIONS (path '/x'); SELECT * FROM half");
like($err, qr/user mapping has no usable "aws_secret_key"/, 'half a key');
server('nowhere', '', $keys);
sql("CREATE FOREIGN TABLE nowhere (id bigint) SERVER nowhere OPTIONS (path '/x'); SELECT * FROM nowhere");
like($err, qr/cannot be signed without a region and a service.*HINT:  Set the server options aws_region and aws_service/s,
	'a host that tells nothing');
server('pair', 's3', "$keys, token 'x'");
sql("CREATE FOREIGN TABLE both_of_them (id bigint) SERVER pair OPTIONS (path '/x'); SELECT * FROM both_of_them");
like($err, qr/more than one value for header "Authorization"/, 'two credentials for one header');

# A region and a service that would break out of the header are refused.
sql("CREATE SERVER broken FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url', discover 'off', aws_region E'x\\r\\nX-Evil: 1')");
like($err, qr/The value must be one line/, 'a region of two lines');
server('lines', 's3', "$keys, aws_session_token E'x\\r\\nX-Evil: 1'");
like($err, qr/The value must be one line/, 'a session token of two lines');

unlike(slurp_file($node->logfile), qr/S3CRET/, 'no key is in the log');
done_testing();
