# An API that makes work: what a discovery and an import read for it in vain
# has its bounds in processor time, memory and time on the clock.
use strict;
use warnings;

use AutoconnTest;
use HostileApi;
use IPC::Run;
use JSON::PP;
use POSIX ();
use PostgreSQL::Test::Utils;
use Test::More;

use constant MB => 1024 * 1024;

my $requests = "${PostgreSQL::Test::Utils::tmp_check}/costs_requests";
my $secret = 'bearer-S3CRET-5f1c';

# table(properties): the path item of a collection of such rows.
sub table
{
	my ($properties) = @_;
	my $rows = { type => 'array', items => { type => 'object', properties => $properties } };

	return {
		get => {
			responses => {
				200 => { description => 'rows', content => { 'application/json' => { schema => $rows } } }
			}
		}
	};
}

sub description
{
	my ($scenario, $paths, $text) = @_;

	return encode_json(
		{
			openapi => '3.0.0',
			info => { title => 'costs', version => '1', description => $text // '' },
			servers => [ { url => "/$scenario" } ],
			paths => $paths
		});
}

my $things = { '/things' => table({ id => { type => 'integer' } }) };

# Objects of many members, another one for every salt.
sub members
{
	my ($salt) = @_;

	return '{' . join(',', map { "\"m$_\":0" } 1 .. 600_000) . ",\"salt\":\"$salt\"}";
}

# Descriptions in descriptions, each of which is one only at its end.
sub nested
{
	return '<html><script>Redoc.init(' . '{"a":' x 60 . '{"a":"' . 'x' x (8 * MB) . '","openapi":1}'
	  . ',"openapi":1}' x 60 . ');</script></html>';
}

# Rows that make a page of a megabyte.
sub rows
{
	return encode_json([ map { { id => $_, name => "thing $_", text => 'abc ' x 40, at => '2024-01-01T00:00:00Z' } } 1 .. 4500 ]);
}

# Bodies of scenarios that answer any path, by scenario.
my %bodies = (
	same => sub { return members('') },
	others => sub { return members($_[0]) },
	pages => sub { return '<html>' . "<p>GET /things/x</p>" x 50_000 . "<p>$_[0]</p></html>" });

# Bodies of single paths.
my %places = (
	'large/' => sub { return '<html><p>Welcome</p>' . ' ' x (3 * MB) . '</html>' },
	'large/openapi.json' => sub { return description('large', $things, 'y' x (13 * MB)) },
	'nested/' => \&nested,
	'lines/' => sub { return "{\"a\":1}\n" x 900_000 },
	'parts/openapi.json' => sub {
		return description('parts', { map { ("/t$_" => { get => { responses => { 200 => { '$ref' => "/parts/$_.json#/a" } } } }) } 1 .. 32 });
	},
	'paths/openapi.json' => sub {
		return description('paths', { %$things, map { ($_ => $things->{'/things'}) } '/a b', '/a\\b', '/a/../b', '/x/{y', '//other/z', "/new\nline" });
	},
	'paths/things' => sub { return '[{"id":1}]' },
	'echo/openapi.json' => sub { return description('echo', $things) },
	'echo/things' => sub { return encode_json([ { id => 1, $_[1] => 'a', b => $_[1] } ]) },
	'samples/openapi.json' => sub {
		return description('samples', { map { ("/t$_" => table({ id => { type => 'integer' } })) } 101 .. 180 });
	},
	'slow/openapi.json' => sub {
		return description('slow', { map { ("/t$_" => table({ id => { type => 'integer' } })) } 101 .. 120 });
	});

# answer(scenario, path, credential): the body, or none.
sub answer
{
	my ($scenario, $path, $credential) = @_;
	my $place = $places{"$scenario$path"};

	return $place->($path, $credential) if $place;
	return $bodies{$scenario}->($path) if $bodies{$scenario};
	return rows() if $scenario eq 'samples' && $path =~ m{^/t\d+$};
	return '{"a":{"pad":[' . '"xxxxxxxxxx",' x 80_000 . '1]}}' if $scenario eq 'parts' && $path =~ /^.\d+\.json$/;
	return;
}

# A byte now and then.
sub answer_slowly
{
	my ($socket) = @_;

	print $socket "HTTP/1.1 200 x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n";
	while (print $socket ' ')
	{
		select(undef, undef, undef, 0.5);
	}
	POSIX::_exit(0);
}

# The length of a chunk, and what may stand behind it, without an end.
sub answer_chunk
{
	my ($socket) = @_;

	print $socket "HTTP/1.1 200 x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1;";
	while (print $socket 'a' x 65536)
	{
	}
	POSIX::_exit(0);
}

# A challenge whose scheme is no word.
sub answer_challenge
{
	my ($socket) = @_;

	print $socket "HTTP/1.1 401 x\r\nWWW-Authenticate: " . 'n' x 8000 . " realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
	POSIX::_exit(0);
}

sub serve
{
	my ($socket) = @_;

	while (my ($method, $target, $header) = next_request($socket))
	{
		my ($scenario, $path) = $target =~ m{^/(\w*)([^?]*)};

		append_to_file($requests, "$method $target\n");
		answer_slowly($socket) if $scenario eq 'slow' && $path =~ m{^/t};
		answer_chunk($socket) if $scenario eq 'chunk';
		answer_challenge($socket) if $scenario eq 'challenge';
		my $body = answer($scenario, $path, $header->{authorization} // '');
		my $type = ($body // '') =~ /^<html/ ? 'text/html' : 'application/json';

		answer_with($socket, defined $body ? '200 x' : '404 x', $body // '', '', $type);
	}
	return;
}

my $url = start_hostile(\&serve);
my $node = start_node('main');
my ($out, $err);

sub sql
{
	my ($statements) = @_;

	(undef, $out, $err) = $node->psql('postgres', $statements, on_error_stop => 0);
	return $out;
}

sub create
{
	my ($name, $place) = @_;

	return "CREATE SCHEMA $name; CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/$name/"
	  . ($place // '') . "');";
}

# is_bounded(name, statements, seconds, megabytes)
sub is_bounded
{
	my ($name, $statements, $seconds, $megabytes) = @_;
	my ($used, $most);

	($used, $most, $err) = costs($node, $statements);

	cmp_ok($used, '<', $seconds, "$name: little time");
	cmp_ok($most, '<', $megabytes, "$name: little memory") or diag($err);
	return;
}

# ---- an import whose answers never end, beside everything else ----

sql(create('slow', 'openapi.json'));
my ($slow_out, $slow_err) = ('', '');
my $clock = 'SELECT extract(epoch FROM clock_timestamp())';
my $slow = IPC::Run::start(
	[
		'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', $clock,
		'-c', 'IMPORT FOREIGN SCHEMA api FROM SERVER slow INTO slow', '-c', $clock
	],
	'>', \$slow_out, '2>', \$slow_err);

# ---- what is read in vain ----

is_bounded('the same megabytes everywhere', create('same'), 3, 256);
is_bounded('other megabytes everywhere', create('others'), 4, 256);
like($err, qr/answers with rows/, 'what the URL itself has is taken');
is_bounded('large pages everywhere', create('pages'), 4, 250);
like($err, qr/too large/, 'it says why nothing more was read');
is_bounded('descriptions in descriptions', create('nested'), 1.5, 256);
is_bounded('a million lines', create('lines'), 1, 150);
is_bounded('parts of megabytes', create('parts', 'openapi.json'), 3, 256);

is_bounded('chunks that never begin', create('chunk'), 4, 100);

is_bounded('a large description', create('large'), 3, 256);
is(sql("SELECT status, endpoints FROM autoconn.servers WHERE server = 'large'"),
	'discovered|1', 'a description of 13 MB is found behind a page of three');

# ---- samples ----

unlink($requests);
is_bounded('samples of a megabyte', create('samples', 'openapi.json')
	  . ' IMPORT FOREIGN SCHEMA api FROM SERVER samples INTO samples;', 4, 256);
like($err, qr/NOTICE:  no sample was looked at of \d+ tables of server "samples": those of the others are large/,
	'one word is said');
is(() = $err =~ /no sample was looked at/g, 1, 'and once');
is(sql("SELECT count(*), count(*) FILTER (WHERE evidence->>'sample' ~ 'budget of samples is used up') BETWEEN 30 AND 75 FROM autoconn.endpoints WHERE server = 'samples' AND importable"),
	'80|t', 'the evidence of those that were not looked at says so');
is(sql("SELECT count(*) FROM information_schema.columns WHERE table_schema = 'samples' AND column_name = 'id'"),
	'80', 'they are what the description says');
is(sql("SELECT data_type FROM information_schema.columns WHERE (table_schema, table_name, column_name) = ('samples', 't101', 'at')"),
	'timestamp with time zone', 'others are what their samples say');

# ---- paths that no option holds ----

sql(create('paths', 'openapi.json') . ' IMPORT FOREIGN SCHEMA api FROM SERVER paths INTO paths;');
unlike($err, qr/ERROR/, 'paths that are none do not end an import');
is(sql("SELECT count(*) FROM paths.things"), '1', 'the others are imported');
is(sql("SELECT count(*) FROM autoconn.endpoints WHERE server = 'paths' AND NOT importable AND skip_reason ~ 'path'"),
	'5', 'it says why they are left out');

# ---- names that are secrets ----

sql(<<"EOS");
CREATE SCHEMA echo;
CREATE SERVER echo FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/echo/openapi.json', discover 'off');
CREATE USER MAPPING FOR CURRENT_USER SERVER echo OPTIONS (token '$secret');
ALTER SERVER echo OPTIONS (SET discover 'on');
IMPORT FOREIGN SCHEMA api FROM SERVER echo INTO echo;
EOS
is(sql("SELECT count(*) FROM information_schema.columns WHERE table_schema = 'echo'"),
	'3', 'a table is made of rows that echo the credential');
is(sql(qq{
	SELECT count(*) FROM pg_attribute WHERE attfdwoptions::text ~ 'S3CRET' OR attname ~* 's3cret'
	UNION ALL SELECT count(*) FROM autoconn.endpoints e WHERE e::text ~* 's3cret'}),
	"0\n0", 'which stands in no option and no evidence');

# ---- a challenge that fills the screen ----

sql(create('challenge'));
like($err, qr/wants credentials.*Credentials: n{10}/s, 'what credentials the API wants is told');
unlike($err, qr/n{100}/, 'in few words');

# ---- the end ----

$slow->finish;
my ($began, $ended) = split /\n/, $slow_out;
cmp_ok($ended - $began, '<', 45, 'an import that waits for samples ends after its 30 seconds')
  or diag($slow_err);
is(sql("SELECT count(*) FROM information_schema.foreign_tables WHERE foreign_table_schema = 'slow'"),
	'20', 'with all tables');

done_testing();
