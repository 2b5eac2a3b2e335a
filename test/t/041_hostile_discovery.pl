# An API that is hostile while it is discovered and imported: bombs, and ways
# that lead to actions; and a role that looks for others' data in the catalog.
use strict;
use warnings;

use AutoconnTest;
use HostileApi;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

my $requests = "${PostgreSQL::Test::Utils::tmp_check}/hostile_requests";

# list_of(properties): the response of a collection of such rows.
sub list_of
{
	my ($properties) = @_;

	return {
		200 => {
			description => 'rows',
			content => {
				'application/json' => {
					schema => {
						type => 'array',
						items => { type => 'object', properties => $properties }
					}
				}
			}
		}
	};
}

sub description
{
	my ($scenario, $paths) = @_;

	return encode_json(
		{
			openapi => '3.0.0',
			info => { title => 'hostile', version => '1' },
			servers => [ { url => "/$scenario" } ],
			paths => $paths
		});
}

my $id = { id => { type => 'integer' } };

# Descriptions by scenario.
my %descriptions = (
	# hundreds of paths with hundreds of variables
	variables => sub {
		my %paths;

		for my $i (1 .. 200)
		{
			my $path = join('', map { "/{v${i}_$_}" } 1 .. 200);
			$paths{$path} = { get => { responses => list_of($id) } };
		}
		return \%paths;
	},
	# names of megabytes
	names => sub {
		return {
			'/' . 'a/' x 1_000_000 => { get => { responses => list_of($id) } },
			'/things' => {
				get => { responses =>
					  list_of({ %$id, 'A' x 2_000_000 => { type => 'string' }, 'B' x 900 => { type => 'string' } }) }
			}
		};
	},
	# characters that the catalog cannot hold, or that fool a terminal
	characters => sub {
		return {
			"/th\e]0;x\aings\0" => { get => { responses => list_of($id), summary => "a\0b\e[31mc" } },
			'/things' => {
				get => {
					summary => "x\0y\e[2Jz",
					tags => ["t\0g"],
					parameters => [
						{ name => "st\0ate", in => 'query',
							schema => { type => 'string', default => "o\0n", enum => [ "o\0n", 'all' ] } }
					],
					responses => list_of(
						{ %$id, "n\0ame" => { type => 'string', description => "d\0\e[1m", enum => ["e\0", 'f'] } })
				}
			}
		};
	},
	# statements in every name
	injection => sub {
		my $s = q{x'); DROP TABLE victim; --};
		my $d = q{y"); DROP TABLE victim; --};

		return {
			map {
				(
					"/$_" => {
						get => {
							summary => $_, description => $_, tags => [$_], operationId => $_,
							parameters => [
								{ name => $_, in => 'query', schema => { type => 'string', default => $_, enum => [ $_, 'all' ] } }
							],
							responses => list_of(
								{ %$id, $_ => { type => 'string', description => $_, format => $_, enum => [ $_, 'b' ] } })
						}
					})
			} $s, $d
		};
	},
	# redirects, links and values that lead to actions
	actions => sub {
		return {
			'/redirected' => { get => { responses => list_of($id) } },
			'/linked' => { get => { responses => list_of($id) } },
			'/users' => { get => { responses => list_of({ id => { type => 'string' } }) } },
			'/users/{id}' => {
				get => {
					parameters => [ { name => 'id', in => 'path', required => JSON::PP::true, schema => { type => 'string' } } ],
					responses => {
						200 => {
							description => 'one',
							content => { 'application/json' => { schema => { type => 'object', properties => { id => { type => 'string' } } } } }
						}
					}
				}
			}
		};
	},
	# rows whose values are few
	private => sub {
		return { '/orders' => { get => { responses => list_of({ %$id, kind => { type => 'string' } }) } } };
	});

# An archive whose items answer with arrays, as it is, and with credentials.
sub archive
{
	my ($url) = @_;
	my @entries = map {
		{
			request => {
				method => 'GET',
				url => "$url/archive$_?api_key=RECORDED",
				headers => [ { name => 'Authorization', value => 'Bearer RECORDED' } ]
			},
			response => { status => 200, content => { mimeType => 'application/json', text => '[{"id": 1}]' } }
		}
	} qw(/things /things/1 /things/2);

	return encode_json({ log => { version => '1.2', entries => \@entries } });
}

# answer(scenario, path, url): status, more header fields, body.
sub answer
{
	my ($scenario, $path, $url) = @_;

	return (200, '', description($scenario, $descriptions{$scenario}->()))
	  if $path eq '/openapi.json' && $descriptions{$scenario};
	return (200, '', archive($url)) if "$scenario$path" eq 'archive/x.har';
	return (200, '', encode_json([ map { { id => $_, kind => 'PRIVATE' . $_ % 3 } } 1 .. 300 ]))
	  if "$scenario$path" eq 'private/orders';
	return (200, '', '{' . join(',', map { "\"m$_\":0" } 1 .. 600_000) . '}') if "$scenario$path" eq 'members/';
	if ($scenario eq 'lines' && $path eq '/')
	{
		return (200, '', '<html><h1>API reference</h1><pre>' . "curl \\\n" x 300_000 . '</pre></html>');
	}
	if ($scenario eq 'actions')
	{
		return (302, "Location: /actions/session/log%6fut\r\n", '') if $path eq '/redirected';
		return (200, "Link: </actions/linked/delete>; rel=\"next\"\r\n", '[{"id":1}]') if $path eq '/linked';
		return (200, '', '[{"id":"a"},{"id":"delete"}]') if $path eq '/users';
		return (200, '', '[{"id":"delete"}]');
	}
	return (404, '', '{}');
}

sub serve
{
	my ($socket, $url) = @_;

	while (my ($method, $target) = next_request($socket))
	{
		my ($scenario, $path) = $target =~ m{^/(\w*)([^?]*)};
		my ($status, $more, $body);

		append_to_file($requests, "$method $target\n");
		($status, $more, $body) = answer($scenario, $path, $url);
		answer_with($socket, "$status x", $body, $more, $body =~ /^<html/ ? 'text/html' : undef);
	}
	return;
}

my $url = start_hostile(\&serve);
my $node = start_node('main');
my ($out, $err);

sub sql
{
	my ($statements) = @_;

	(undef, $out, $err) =
	  $node->psql('postgres', $statements, on_error_stop => 0);
	return $out;
}

# ---- bombs ----

sql('CREATE TABLE victim ()');
foreach my $case ([ 'variables', 3, 400 ],  [ 'names', 3, 300 ],
	[ 'members', 3, 300 ], [ 'lines', 2, 200 ], [ 'characters', 1, 100 ], [ 'injection', 1, 100 ])
{
	my ($name, $seconds, $megabytes) = @$case;
	my $at = $descriptions{$name} ? "$url/$name/openapi.json" : "$url/$name/";
	# what it is for is over when it is discovered
	my $import = $name eq 'variables' ? '' : "IMPORT FOREIGN SCHEMA api FROM SERVER $name INTO $name OPTIONS (sample 'off');";
	my ($used, $most);

	($used, $most, $err) = costs($node, <<"EOS");
CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS (url '$at');
CREATE SCHEMA $name;
$import
EOS

	cmp_ok($used, '<', $seconds, "$name: a bomb takes little time");
	cmp_ok($most, '<', $megabytes, "$name: and little memory")
	  or diag($err);
}
is(sql("SELECT count(*) FROM pg_description WHERE description ~ E'[\\x01-\\x08\\x0b-\\x1f]'"),
	'0', 'comments have no control characters');
is(sql("SELECT count(*) FROM pg_class WHERE relname = 'victim'"), '1', 'no name is a statement');

# ---- records ----

sql("CREATE SERVER archive FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/archive/x.har')");
like($err, qr/recorded requests/, 'an archive whose items are arrays is read');
is(sql("SELECT count(*) FROM autoconn.server_state WHERE description ~ 'RECORDED'"),
	'0', 'and kept without the credentials of who recorded it');

# ---- actions ----

unlink($requests);
sql(<<"EOS");
CREATE SERVER actions FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/actions/openapi.json');
CREATE SCHEMA actions;
IMPORT FOREIGN SCHEMA api FROM SERVER actions INTO actions OPTIONS (sample 'on');
EOS
my $asked = slurp_file($requests);
like($asked, qr{^(?=.*GET /actions/redirected)(?=.*GET /actions/users)}s, 'tables are sampled');
unlike($asked, qr{log%6fut|logout|delete}i, 'nothing leads to an action');
unlike($asked, qr/^(?!GET )/m, 'nothing but GET is sent');

# ---- values ----

sql(<<"EOS");
CREATE ROLE reader LOGIN;
CREATE SERVER private FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/private/openapi.json');
CREATE SCHEMA private;
IMPORT FOREIGN SCHEMA api FROM SERVER private INTO private OPTIONS (sample 'on');
GRANT USAGE ON FOREIGN SERVER private TO reader;
EOS
like(sql("SELECT evidence FROM autoconn.endpoints WHERE server = 'private'"),
	qr/PRIVATE1/, 'the owner sees which values there are');
like(sql("SET ROLE reader; SELECT evidence FROM autoconn.endpoints WHERE server = 'private'"),
	qr/"types"/, 'who may use the server sees the evidence');
unlike($out, qr/PRIVATE/, 'but no values of tables that he may not read');

done_testing();
