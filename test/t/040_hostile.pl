# An API that is hostile, and a role that may use a server but does not own it.
# The API is written here, byte by byte: the sample API stays within HTTP.
use strict;
use warnings;

use AutoconnTest;
use HostileApi;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

# answer_of(data): an answer with that JSON.
sub answer_of
{
	my ($data) = @_;
	my $body = ref $data ? encode_json($data) : $data;

	return $ok . 'Content-Length: ' . length($body) . "\r\n\r\n$body";
}

# The description of one collection, /things, and what else is given.
sub description
{
	my (%more) = @_;

	return {
		openapi => '3.0.0',
		info => { title => 'hostile', version => '1' },
		paths => {
			'/things' => {
				get => {
					summary => $more{summary} // 'things',
					responses => {
						200 => {
							description => 'rows',
							content => {
								'application/json' => {
									schema => {
										type => 'array',
										items => {
											type => 'object',
											properties => {
												id => { type => 'integer' },
												name => { type => 'string' }
											}
										}
									}
								}
							}
						}
					}
				}
			}
		},
		%{ $more{over} // {} }
	};
}

# What each path's first segment answers; gets the socket, the rest of the
# path and the request's header fields.
my %scenarios = (
	# Repeats the credentials that it was sent.
	echo => sub {
		my ($socket, $path, $header) = @_;
		my $said = $header->{authorization} // 'nothing';

		print $socket answer_of(
			description(
				summary => "for $said",
				over => {
					info => { title => "API of $said", version => $said },
					servers => [ { url => "http://elsewhere.example/$said" } ]
				}));
	},
	# Repeats them in the link to a page that does not fit its table.
	link => sub {
		my ($socket, $path, $header) = @_;
		my $said = $header->{authorization} =~ s/.* //r;
		my $body = $path =~ /said/ ? '[{"id": "x"}]' : '[{"id": 1}]';

		print $socket $ok
		  . "Link: </link/things?said=$said>; rel=\"next\"\r\nContent-Length: "
		  . length($body)
		  . "\r\n\r\n$body";
	},
	# Sends escape sequences: ESC, line ends, C1, right-to-left.
	escapes => sub {
		my ($socket) = @_;

		print $socket answer_of(
			description(
				over => {
					info => {
						title => "a\e[31m\r\nERROR:  b\x{9b}2J\x{202e}c",
						version => "\a1"
					}
				}));
	},
	# A second answer that nobody asked for, after the first was read.
	unasked => sub {
		my ($socket) = @_;

		print $socket answer_of([ { id => 1, name => 'asked for' } ]);
		sleep(0.1);
		print $socket answer_of([ { id => 666, name => 'not asked for' } ]);
	},
	# Says in odd ways that there are more rows.
	part => sub {
		my ($socket, $path) = @_;
		my $next = $path =~ m{/true} ? JSON::PP::true : { href => '/part' };

		if ($path =~ m{/range})
		{
			print $socket "HTTP/1.1 206 Partial Content\r\n"
			  . "Content-Range: items 0-0/100\r\n"
			  . "Content-Length: 10\r\n\r\n[{\"id\":1}]";
			return;
		}
		$next = { href => undef, rel => 'next' } if $path =~ m{/last};
		print $socket answer_of({ items => [ { id => 1 } ], next => $next });
	},
	# Leads on by more than any request has room for.
	long => sub {
		my ($socket, $path) = @_;
		my $on = $path =~ m{/text} ? '"' . 'x' x 30_000_000 . '"' : $path =~ m{/percent} ? '"' . '%' x 30_000_000 . '"'
		  : $path =~ m{/list} ? '[' . join(',', (0) x 20_000) . ']'
		  : '{' . join(',', map { "\"m$_\":0" } 1 .. ($path =~ m{/object} ? 500_000 : 5000)) . '}';

		print $socket answer_of("{\"items\":[{\"id\":1}],\"next\":$on}");
	},
	# Has no rows, but a large something else.
	rowless => sub {
		my ($socket) = @_;

		print $socket answer_of('{"error":{' . join(',', map { "\"m$_\":0" } 1 .. 2_500_000) . '}}');
	},
	# Trailer fields without end.
	trailers => sub {
		my ($socket) = @_;
		my $until = time() + 20;

		print $socket $ok
		  . "Transfer-Encoding: chunked\r\n\r\na\r\n[{\"id\":1}]\r\n0\r\n";
		while (time() < $until)
		{
			last if !print $socket "X-Trailer: more\r\n" x 1000;
		}
	},
	# Describes itself as a header says, to those who have a token.
	tenant => sub {
		my ($socket, $path, $header) = @_;
		my $token = $header->{authorization};

		if ($path ne '/openapi.json')
		{
			print $socket answer_of([ { id => 1, name => "own $token" } ]);
		}
		elsif (!defined $token)
		{
			print $socket
			  "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
		}
		else
		{
			my $prefix = $header->{'x-forwarded-prefix'} // '/tenant';
			print $socket answer_of(
				description(over => { servers => [ { url => $prefix } ] }));
		}
	},
	# Rows of a megabyte whose trees take more than a hundred.
	heavy => sub {
		my ($socket, $path, $header) = @_;
		my $one = description()->{paths}{'/things'};
		my $members = join '', map { ",\"$_\":{}" } 'a' .. 'z';
		my %paths = map { ("/t$_" => $one) } 1 .. 8;

		if ($path =~ m{^/t\d})
		{
			print $socket answer_of('['
				  . join(',', map { "{\"id\":$_$members}" } 1 .. 10000) . ']');
		}
		else
		{
			print $socket answer_of(
				{
					%{ description() },
					servers => [ { url => '/heavy' } ],
					paths => \%paths
				});
		}
	},
	stranger => sub {
		my ($socket, $path, $header) = @_;
		print $socket answer_of(
			[ { id => 1, name => "stolen $header->{authorization}" } ]);
	});

# Answers one connection's requests until it is closed.
sub serve
{
	my ($socket) = @_;

	while (my (undef, $target, $header) = next_request($socket))
	{
		my (undef, $name, $rest) = split m{/+}, $target, 3;

		if (my $scenario = $scenarios{ $name // '' })
		{
			$scenario->($socket, '/' . ($rest // ''), $header);
		}
		else
		{
			print $socket
			  "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
		}
	}
	return;
}

my $url = start_hostile(\&serve);
my $node = start_node('main',
	conf => "log_min_messages = debug1\nlog_min_error_statement = panic\n"
	  . "log_statement = none\n");
my ($out, $err);

# sql(statements): what they print and what they say.
sub sql
{
	my ($statements) = @_;

	(undef, $out, $err) = $node->psql('postgres', $statements);
	return $out;
}

# ---- what a description repeats ----

sql(<<"EOS");
CREATE SCHEMA echo;
CREATE SERVER echo FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/echo', spec_url '$url/echo/openapi.json', discover 'off');
CREATE USER MAPPING FOR CURRENT_USER SERVER echo OPTIONS (token 'echoed-S3CRET-4e1d');
SELECT autoconn.discover('echo');
IMPORT FOREIGN SCHEMA api FROM SERVER echo INTO echo OPTIONS (sample 'off');
SELECT obj_description('echo.things'::regclass);
EOS
like($err, qr/API of Bearer \*+/, 'an echoing title is told without the secret');
like($out, qr/for Bearer \*+/, 'so is a comment');
unlike($err . $out, qr/S3CRET/, 'nothing told holds the secret');
is( sql("SELECT count(*) FROM autoconn.servers s WHERE s::text ~ 'S3CRET'"),
	'0', 'nor does what everybody may read');

sql(<<"EOS");
CREATE SERVER link FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/link', discover 'off');
CREATE USER MAPPING FOR CURRENT_USER SERVER link OPTIONS (token 'linked-S3CRET-77f0');
CREATE FOREIGN TABLE link (id bigint) SERVER link OPTIONS (path '/things', rows_path '', pagination 'link');
SELECT * FROM link;
EOS
like($err, qr/page 2, GET \S+said=\*+/, 'an echoing link is shown without the secret');
unlike($err, qr/S3CRET/, 'anywhere');

# ---- escape sequences ----

sql("CREATE SERVER escapes FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/escapes')");
like($err, qr/speaks OpenAPI 3\.0\.0 \(a \[31m  ERROR:  b 2J c\)/,
	'a title is told in one line without escape sequences');
is( sql("SELECT count(*) FROM autoconn.servers WHERE server = 'escapes' AND (title || version) ~ '[[:cntrl:]]'"),
	'0', 'and kept so');

# ---- answers that nobody asked for ----

sql(<<"EOS");
CREATE SERVER unasked FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/unasked', discover 'off', retries '0');
CREATE FOREIGN TABLE unasked (id bigint, name text) SERVER unasked OPTIONS (path '/things', rows_path '', pagination 'none');
EOS
is( sql(<<'EOS'), "1\n\n1\n\n1", 'an answer left on a connection is not read');
SELECT id FROM unasked;
SELECT pg_sleep(0.5);
SELECT id FROM unasked;
SELECT pg_sleep(0.5);
SELECT id FROM unasked;
EOS
is($err, '', 'and nobody hears of it');

sql(<<"EOS");
CREATE SERVER trailers FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/trailers', discover 'off', retries '0');
CREATE FOREIGN TABLE trailers (id bigint) SERVER trailers OPTIONS (path '/things', rows_path '', pagination 'none');
EOS
my $began = time();
sql('SELECT * FROM trailers');
like($err, qr/header of the answer is too large/, 'endless trailers are an error');
ok(time() - $began < 5, 'that comes soon');

# ---- answers that are part of one ----

sql("CREATE SERVER part FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/part', discover 'off', retries '0')");
foreach my $case ([ 'object', '/items', 'error' ], [ 'true', '/items', 'error' ],
	[ 'last', '/items', '1' ], [ 'range', '', 'error' ])
{
	my ($path, $rows, $expected) = @$case;

	sql(<<"EOS");
CREATE FOREIGN TABLE part_$path (id bigint) SERVER part OPTIONS (path '/$path', rows_path '$rows', pagination 'auto');
SELECT id FROM part_$path;
EOS
	if ($expected eq 'error')
	{
		like($err, qr/scan is incomplete/, "a part of the rows is not all: $path");
	}
	else
	{
		is($out . $err, $expected, "an object without a link is the end: $path");
	}
}

# ---- ways on that are too long, and trees that are too large ----

sql(<<"EOS");
CREATE SERVER long FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url', discover 'off', retries '0');
CREATE FOREIGN TABLE long_rowless (id bigint) SERVER long OPTIONS (path '/rowless', rows_path '/items');
EOS
foreach my $style ('cursor', 'continue', 'auto')
{
	foreach my $on ('text', 'percent', 'list', 'object', 'continue')
	{
		my $options = $style eq 'auto' ? '' : ", cursor_path '/next'";

		next if $style eq 'auto' && $on eq 'list';
		$options .= ", cursor_param 'c'" if $style eq 'cursor';
		sql("CREATE FOREIGN TABLE long_${style}_$on (id bigint) SERVER long OPTIONS (path '/long/$on', rows_path '/items', pagination '$style'$options)");
	}
}
foreach my $table (split /\n/, sql("SELECT foreign_table_name FROM information_schema.foreign_tables WHERE foreign_table_name LIKE 'long_%' ORDER BY 1"))
{
	my (undef, $peak_kb, $said) = $node->psql('postgres', <<"EOS", on_error_stop => 0);
SET statement_timeout = '60s';
DO \$\$ BEGIN PERFORM id FROM $table; RAISE 'no error'; END \$\$;
SELECT (regexp_match(pg_read_file('/proc/self/status'), 'VmHWM:\\s+(\\d+)'))[1];
EOS
	like($said, $table eq 'long_rowless' ? qr/holds no rows/ : qr/scan is incomplete/, "$table: an error");
	cmp_ok($peak_kb, '<', 160 * 1024, 'that takes little memory');
}

# ---- samples that are too much together ----

sql(<<"EOS");
CREATE SCHEMA heavy;
CREATE SERVER heavy FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/heavy');
IMPORT FOREIGN SCHEMA api FROM SERVER heavy INTO heavy;
EOS
is( sql("SELECT count(*) FROM information_schema.foreign_tables WHERE foreign_table_schema = 'heavy'"),
	'8', 'tables are imported without samples, too');
is( sql("SELECT count(*) FROM autoconn.endpoints WHERE server = 'heavy' AND evidence ->> 'sample' = 'not looked at: the budget of samples is used up, since those of other tables are large'"),
	'7', 'what one sample takes is the limit of all');

# ---- a role with USAGE on the server ----

sql(<<"EOS");
CREATE ROLE stranger LOGIN;
CREATE SERVER tenant FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/tenant');
GRANT USAGE ON FOREIGN SERVER tenant TO stranger;
SET ROLE stranger;
CREATE USER MAPPING FOR CURRENT_USER SERVER tenant OPTIONS (token 'his', headers '{"X-Forwarded-Prefix": "/stranger"}');
RESET ROLE;
CREATE USER MAPPING FOR CURRENT_USER SERVER tenant OPTIONS (token 'mine');
CREATE FOREIGN TABLE tenant (id bigint, name text) SERVER tenant OPTIONS (path '/things', rows_path '', pagination 'none');
EOS
is(sql('SELECT name FROM tenant'), 'own Bearer mine',
	"somebody else's discovery does not lead requests out of the URL");
is( sql("SELECT status, base_url = url, note LIKE '%was not adopted%' FROM autoconn.servers WHERE server = 'tenant'"),
	'discovered|t|t', 'and the catalog says so');

# He learns what he likes of a server of his own, then leaves its name to the
# next; a superuser's server of the same name and URL inherits nothing.
sql(<<"EOS");
GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO stranger;
GRANT EXECUTE ON FUNCTION autoconn.discover TO stranger;
SET autoconn.allowed_hosts = '127.0.0.1';
SET ROLE stranger;
CREATE SERVER heir FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/tenant', discover 'off');
CREATE USER MAPPING FOR CURRENT_USER SERVER heir OPTIONS (token 'his', headers '{"X-Forwarded-Prefix": "/stranger"}');
SELECT autoconn.discover('heir');
SET check_function_bodies = off;
ALTER SERVER heir RENAME TO former;
RESET check_function_bodies;
RESET ROLE;
CREATE SERVER heir FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/tenant', discover 'off');
CREATE USER MAPPING FOR CURRENT_USER SERVER heir OPTIONS (token 'mine');
CREATE FOREIGN TABLE heir (id bigint, name text) SERVER heir OPTIONS (path '/things', rows_path '', pagination 'none');
EOS
is(sql('SELECT name FROM heir'), 'own Bearer mine',
	'a server inherits nothing from another that had its name');

unlike(slurp_file($node->logfile), qr/S3CRET/, 'no secret is in the log');

done_testing();
