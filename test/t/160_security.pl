# The rules of doc/security.md about addresses, origins, paths, sizes and
# headers, each named where it is proved.  test/sql/privileges.sql has those
# about privileges, 164_security_secrets.pl those about secrets.
use strict;
use warnings;

use AutoconnTest;
use HostileApi;
use IO::Compress::Gzip qw(gzip);
use MIME::Base64;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $dir = PostgreSQL::Test::Utils::tempdir();
my $rows = '[{"id": 1}]';

# ---- an API, at three addresses ----

my $bombs = {
	gzip => sub {
		my $zeros = "\0" x (1024 * 1024) x 64;
		gzip(\$zeros => \my $packed);
		return $packed;
	},
	# 64 MB of zeros, too
	br => sub { return decode_base64('z///f/gnAOKxQCD3/p/////wTwDEYQGA7v0/////4Z8AiMMiAN37f/7//8M/ARCHBQC69/8D'); },
	zstd => sub {
		my $block = 131072 << 3 | 1 << 1;
		return "\x28\xb5\x2f\xfd\x00\x38"
		  . (substr(pack('V', $block), 0, 3) . "\0") x 511
		  . substr(pack('V', $block | 1), 0, 3) . "\0";
	} };

# "http://host:port" of each API by name, known after all were started.
sub place
{
	my ($name) = @_;
	my ($line) = grep { /^$name / } split /\n/, slurp_file("$dir/places");
	return (split / /, $line)[1];
}

sub served_by
{
	my ($name) = @_;
	return sub {
		my ($socket) = @_;

		while (my ($method, $target, $header) = next_request($socket))
		{
			append_to_file("$dir/$name.log", "$method $target"
				  . join('', map { "\t$_=$header->{$_}" } sort keys %$header) . "\n");
			my (undef, $first, $rest) = split m{/}, $target, 3;
			if ($first eq 'to')
			{
				my ($where, $path) = split m{/}, $rest, 2;
				answer_with($socket, '302 Found', '', 'Location: ' . place($where) . "/$path\r\n");
			}
			elsif ($first eq 'next' && $target !~ /page/)
			{
				answer_with($socket, '200 OK', $rows, 'Link: <' . place($rest =~ s{/.*}{}r) . "/next/page>; rel=\"next\"\r\n");
			}
			elsif ($first eq 'bomb')
			{
				my ($kind) = $rest =~ /^(\w+)/;
				answer_with($socket, '200 OK', $bombs->{$kind}->(), "Content-Encoding: $kind\r\n");
			}
			elsif ($first eq 'drip')
			{
				print $socket "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n[";
				for (1 .. 200) { last if !print $socket ' '; sleep(0.1); }
				return;
			}
			elsif ($first eq 'deep')
			{
				answer_with($socket, '200 OK', '[' x 200000 . ']' x 200000);
			}
			elsif ($first eq 'yaml')
			{
				my $yaml = "openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths: " . '{a: ' x 100000 . '1' . '}' x 100000;
				print $socket "HTTP/1.1 200 OK\r\nContent-Type: application/yaml\r\nContent-Length: " . length($yaml) . "\r\n\r\n$yaml";
			}
			elsif ($first eq 'continue')
			{
				my $on = '"a": "page2", "X-A: 1\\r\\nX-Evil: 1\\r\\nX-B:": "v", "X-Named:": "v", "/q": "drop"';
				answer_with($socket, '200 OK', $target =~ /page2/ ? '{"rows": [{"id": 2}]}' : qq({"rows": [{"id": 1}], "next": {$on}}));
			}
			elsif ($first eq 'cursor')
			{
				answer_with($socket, '200 OK', '{"rows": [{"id": 1}], "next": "x\r\nX-Evil: 1"}');
			}
			elsif ($first eq 'servers')
			{
				answer_with($socket, '200 OK', '{"openapi": "3.0.0", "info": {"title": "x", "version": "1"}, "servers": [{"url": "'
					  . place('other') . '/stolen"}], "paths": {"/things": {"get": {"responses": {"200": {"description": "rows", "content": {"application/json": {"schema": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "integer"}}}}}}}}}}}}')
				  if $target =~ /openapi/;
				answer_with($socket, '200 OK', $rows) if $target !~ /openapi/;
			}
			else
			{
				answer_with($socket, '200 OK', $target =~ /page/ ? '[{"id": 2}]' : $rows);
			}
		}
		return;
	};
}

my %url = map { $_ => start_hostile(served_by($_)) } qw(main other);
my ($main_port) = $url{main} =~ /:(\d+)/;
my ($other_port) = $url{other} =~ /:(\d+)/;
append_to_file("$dir/places", "main $url{main}\nother $url{other}\n"
	  . "moving http://moving.test:$other_port\ninside http://inside.test:$other_port\n");

# requests(name): what arrived since the last call.
sub requests
{
	my ($name) = @_;
	my @lines = -e "$dir/$name.log" ? split(/\n/, slurp_file("$dir/$name.log")) : ();
	unlink "$dir/$name.log";
	return @lines;
}

# ---- a server, whose names lead where this test says ----

run_log([ $ENV{CC} // 'cc', '-shared', '-fPIC', '-o', "$dir/addresses.so", 'test/lib/addresses.c', '-ldl' ])
  or die 'could not compile test/lib/addresses.c';

# names(name => address...): from now on
sub names
{
	my (%names) = @_;
	unlink "$dir/names";
	append_to_file("$dir/names", join('', map { "$_ $names{$_}\n" } keys %names));
	return;
}

my $far = '93.184.216.34';
names('public.test' => $far, 'moving.test' => $far, 'inside.test' => '127.0.0.1');
my $node;
{
	local $ENV{LD_PRELOAD} = "$dir/addresses.so";
	local $ENV{AC_TEST_NAMES} = "$dir/names";
	$node = start_node('main', conf => "log_min_messages = debug1\nlog_statement = none\n");
}
my ($out, $err);

sub sql
{
	my ($statements) = @_;
	(undef, $out, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\n$statements", on_error_stop => 0);
	die $err if $err =~ /42601/;
	return $out;
}

# server(name, url, path, [options => , mapping => , table => , role => ]):
# a server, perhaps of another owner, and a table of its name.
sub server
{
	my ($name, $place, $path, %how) = @_;
	my $options = $how{options} ? ", $how{options}" : '';
	my $table = $how{table} // "rows_path '', pagination 'none'";

	sql(($how{role} ? "SET ROLE $how{role};" : '') . <<"EOS");
CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS (url '$place', discover 'off', retries '0'$options);
CREATE FOREIGN TABLE $name (id bigint) SERVER $name OPTIONS (path '$path', $table);
EOS
	sql("CREATE USER MAPPING FOR CURRENT_USER SERVER $name OPTIONS ($how{mapping})") if $how{mapping};
	return;
}

sql('CREATE ROLE clerk; GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO clerk; GRANT CREATE ON SCHEMA public TO clerk; CREATE ROLE reader');

# Rule: loopback and private addresses are open to servers whose owner is a
# superuser, to others only for listed hosts, however the address is spelt, and
# a name is judged by its address.
my $n = 0;
foreach my $host ('127.0.0.1', 'localhost', 'localhost.', '127.1', '2130706433', '0x7f000001',
	'0177.0.0.1', '017700000001', '127.0.0.1.', '[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]',
	'[::ffff:7f00:1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b::127.0.0.1]', '[2002:7f00:1::]',
	'0.0.0.0', '0', '[::]', '10.0.0.1', '192.168.1.1', '172.16.0.1', '100.64.0.1', '[fd00::1]',
	'inside.test', '127.0.0.1%00.example')
{
	my $name = 'clerk' . $n++;
	server($name, "http://$host:$main_port", '/x', role => 'clerk', options => "connect_timeout '2s'");
	my $made = $err eq '';
	sql("SET ROLE clerk; SELECT id FROM $name") if $made;
	like($err, $made ? qr/42501|08001/ : qr/HV024/, "an ordinary owner's server does not reach $host");
	unlike($out, qr/1/, 'and gets nothing');
}
is(scalar(requests('main')), 0, 'no request was sent');
sql("SET autoconn.allowed_hosts = 'inside.test'; SET ROLE clerk; SELECT id FROM clerk25");
is($out, '1', 'a listed host is reached');
sql("SET ROLE clerk; SET autoconn.allowed_hosts = 'inside.test'; SELECT id FROM clerk25");
like($err, qr/42501/, 'which only superusers list');
is($out, '', 'to any effect');
is(scalar(requests('main')), 1, 'once');

# Rule: link-local and metadata addresses are refused for all, unless listed.
$n = 0;
foreach my $host ('169.254.169.254', '[::ffff:169.254.169.254]', '[::ffff:a9fe:a9fe]', '[64:ff9b::a9fe:a9fe]',
	'[2002:a9fe:a9fe::]', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '169.254.43518',
	'[fd00:ec2::254]', '100.100.100.200', '169.254.170.2', '[fe80::1]', 'metadata.test')
{
	my $name = 'meta' . $n++;
	names('metadata.test' => '169.254.169.254', 'public.test' => $far, 'moving.test' => $far, 'inside.test' => '127.0.0.1');
	server($name, "http://$host", '/latest', options => "connect_timeout '2s'");
	my $made = $err eq '';
	sql("SELECT id FROM $name") if $made;
	like($err, $made ? qr/42501/ : qr/HV024/, "nobody's server reaches $host");
}

# Rule: addresses are checked on reused connections, too, and the owner is
# looked up per request.
server('near', $url{main}, '/near');
server('near_clerk', $url{main}, '/near', role => 'clerk');
sql('GRANT SELECT ON near_clerk TO postgres; SELECT id FROM near; SELECT id FROM near_clerk; SELECT id FROM near');
is($out, "1\n1", "an open connection does not serve another owner's server");
like($err, qr/42501/, 'whose own policy holds');
sql('SELECT id FROM near; ALTER SERVER near OWNER TO clerk; SELECT id FROM near; ALTER SERVER near OWNER TO postgres; SELECT id FROM near');
is($out, "1\n1", 'a new owner counts from the next request on');
like($err, qr/42501/, 'in the same session');
sql('BEGIN; DECLARE c CURSOR FOR SELECT id FROM near; ALTER SERVER near OWNER TO clerk; FETCH c; ROLLBACK');
like($err, qr/42501|55006/, 'and in the same transaction');
is((grep { /near/ } requests('main')), 4, 'nothing else was sent');

# Rule: redirects are under the address policy again.
server('redirected', "http://public.test:$main_port", '/to/inside/x', options => "allowed_origins 'http://inside.test:$other_port'", role => 'clerk');
sql('SET ROLE clerk; SELECT id FROM redirected');
like($err, qr/42501/, "a redirect does not lead an ordinary owner's server inside");

# Rule: a server first met at a public address is refused when its name later
# leads to a private one, though its owner may reach that.
server('rebound', "http://moving.test:$main_port", '/x');
sql(<<"EOS");
CREATE FOREIGN TABLE rebound_later (id bigint) SERVER rebound OPTIONS (path '/to/moving/x', rows_path '', pagination 'none');
ALTER SERVER rebound OPTIONS (ADD allowed_origins 'http://moving.test:$other_port');
SELECT id FROM rebound;
\\! echo 'moving.test 127.0.0.1' > $dir/names
SELECT id FROM rebound_later;
EOS
is($out, '1', 'a name that moves inside in the middle of a session');
like($err, qr/42501: host has moved from a public to a loopback address/, 'is not followed');
is(scalar(requests('other')), 0, 'nothing is sent there');
names('public.test' => $far, 'inside.test' => '127.0.0.1');

# The same of where tokens and sessions are had: what the API was met at counts.
names('moving.test' => '127.0.0.1', 'inside.test' => '127.0.0.1');
server('rebound_login', "http://moving.test:$main_port", '/x', mapping => "username 'u', password 'p'", options => "session_path '/login'");
sql('SELECT id FROM rebound_login');
is((grep { m{^POST /login} } requests('main')), 1, 'a login at a private address is tried');
names('moving.test' => $far, 'inside.test' => '127.0.0.1');
sql(<<"EOS");
CREATE SERVER rebound_open FOREIGN DATA WRAPPER autoconn OPTIONS (url 'http://moving.test:$main_port', discover 'off', retries '0');
CREATE FOREIGN TABLE rebound_open (id bigint) SERVER rebound_open OPTIONS (path '/x', rows_path '', pagination 'none');
SELECT id FROM rebound_open;
\\! echo 'moving.test 127.0.0.1' > $dir/names
CREATE USER MAPPING FOR CURRENT_USER SERVER rebound_open OPTIONS (username 'u', password 'p');
ALTER SERVER rebound_open OPTIONS (ADD session_path '/login', ADD allowed_origins 'http://moving.test:$other_port', SET url 'http://moving.test:$other_port');
SELECT id FROM rebound_open;
EOS
is($out, '1', 'one at a name that moved inside in the middle of a session');
like($err, qr/42501: host has moved from a public to a loopback address/, 'is not');
is((grep { /POST/ } requests('main'), requests('other')), 0, 'and nothing is sent there');
names('public.test' => $far, 'inside.test' => '127.0.0.1');

# Rule: an API at a public address does not lead the search for its description
# inside.
sql("CREATE SERVER guided FOREIGN DATA WRAPPER autoconn OPTIONS (url 'http://public.test:$main_port/to/inside/openapi.json')");
like($err, qr/42501: API at a public address leads to a loopback address/, 'a search that is led inside');
is(scalar(requests('other')), 0, 'a description is not looked for inside');

# Rule: credentials over plain http go to loopback and private addresses only,
# of whatever kind they are.
requests('main');
my %credentials = (
	token => "token 'x-S3CRET'",
	basic => "username 'u', password 'x-S3CRET'",
	key => "api_key 'x-S3CRET'",
	headers => q(headers '{"X-Secret": "x-S3CRET"}'),
	aws => "aws_access_key 'A', aws_secret_key 'x-S3CRET'",
	oauth => "client_id 'x', client_secret 'x-S3CRET'",
	login => "username 'u', password 'x-S3CRET'");
my %more = (
	aws => "aws_region 'eu-west-1', aws_service 'x'",
	oauth => "oauth_token_url 'http://public.test:$main_port/token'",
	login => "session_path '/login'");
foreach my $kind (sort keys %credentials)
{
	server("plain_$kind", "http://public.test:$main_port", '/x', mapping => $credentials{$kind}, options => $more{$kind});
	sql("SELECT id FROM plain_$kind");
	like($err, qr/42501: credentials are not sent over plain http to a public address/, "not over plain http: $kind");
}
is(scalar(requests('main')), 0, 'nothing was sent');
server('plain_none', "http://public.test:$main_port", '/x');
is(sql('SELECT id FROM plain_none'), '1', 'without credentials it is');
requests('main');

# Rule: another origin never gets credentials, by a redirect, a next link or a
# description's servers.
my $allowed = "allowed_origins '$url{other}'";
foreach my $kind (sort keys %credentials)
{
	next if $kind eq 'oauth';
	my $options = join ', ', grep { $_ } $allowed, $kind eq 'login' ? '' : $more{$kind};
	server("led_$kind", $url{main}, '/to/other/x', mapping => $credentials{$kind}, options => $options);
	is(sql("SELECT id FROM led_$kind"), '1', "a redirect to an allowed origin: $kind");
	my @told = requests('other');
	is(scalar(@told), 1, 'is followed');
	unlike("@told", qr/S3CRET|authorization|cookie|x-amz|x-api-key/, 'without credentials');
	server("linked_$kind", $url{main}, '/next/other', mapping => $credentials{$kind}, options => $options, table => "rows_path '', pagination 'link'");
	is(sql("SELECT id FROM linked_$kind"), "1\n2", "a next link to an allowed origin: $kind");
	@told = requests('other');
	is(scalar(@told), 1, 'is followed');
	unlike("@told", qr/S3CRET|authorization|cookie|x-amz|x-api-key/, 'without credentials');
}
server('unlisted', $url{main}, '/next/other', mapping => $credentials{token}, table => "rows_path '', pagination 'link'");
sql('SELECT id FROM unlisted');
like($err, qr/another origin, \Q$url{other}\E/, 'an origin that is not listed is an error that names it');
sql("CREATE SERVER described FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url{main}/servers', spec_url '$url{main}/servers/openapi.json', discover 'off');
	CREATE USER MAPPING FOR CURRENT_USER SERVER described OPTIONS (token 'x-S3CRET');
	SELECT autoconn.discover('described');
	CREATE FOREIGN TABLE described (id bigint) SERVER described OPTIONS (path '/things', rows_path '', pagination 'none');
	SELECT id FROM described");
like($out, qr/1$/, "a description's servers");
is(scalar(requests('other')), 0, 'do not lead credentials away');
requests('main');

# Rule: paths of tables do not leave the base URL, however that is written.
server('below', "$url{main}/v1", '/x');
foreach my $path ('/../x', '/%2e%2e/x', '/%2E%2e/x', '/.%2e/x', '/a/%2e%2e%2fx', '/a/..%2Fx', '/a%5c..%5cx', '/a/%2e', '/..', '//evil.example/x', '/a/%252e%252e/x')
{
	my $double = $path =~ /%25/;
	sql("CREATE FOREIGN TABLE leaving (id bigint) SERVER below OPTIONS (path '$path', rows_path ''); DROP FOREIGN TABLE leaving");
	$double ? is($err, '', "no dots: $path") : like($err, qr/HV024/, "refused when the table is made: $path");
	sql("ALTER FOREIGN TABLE below OPTIONS (ADD item_path '$path'); ALTER FOREIGN TABLE below OPTIONS (DROP item_path)");
	like($err, qr/HV024/, 'and as another path of it') if !$double;
}

# Rule: values in paths are encoded including '/'; empty, '.' and '..' are refused.
sql("CREATE FOREIGN TABLE valued (id bigint, v text OPTIONS (param 'v')) SERVER below OPTIONS (path '/of/{v}/rows', rows_path '', pagination 'none')");
my %encoded = ('a/b' => 'a%2Fb', '../x' => '..%2Fx', '%2e%2e' => '%252e%252e', '..\\x' => '..%5Cx', 'a?b=c#d' => 'a%3Fb%3Dc%23d',
	"a\r\nX-Evil: 1" => 'a%0D%0AX-Evil%3A%201', '...' => '...');
foreach my $value (sort keys %encoded)
{
	requests('main');
	sql("SELECT id FROM valued WHERE v = E'" . $value =~ s/\\/\\\\/gr . "'");
	like((requests('main'))[0], qr{^GET /v1/of/\Q$encoded{$value}\E/rows\t}, "a value in a path: $encoded{$value}");
}
foreach my $value ('', '.', '..')
{
	sql("SELECT id FROM valued WHERE v = '$value'");
	is(scalar(requests('main')), 0, "nothing is sent for '$value'");
	like($err, qr/0A000/, 'it is an error');
}

# Rule: bodies are capped after decompression, in time, and in depth.
foreach my $kind (sort keys %$bombs)
{
	server("bomb_$kind", $url{main}, "/bomb/$kind", options => "max_response_size '1MB'");
	my $began = time();
	sql("SELECT id FROM bomb_$kind");
	like($err, qr/54000.*answer exceeds 1048576 bytes/s, "a bomb in $kind");
	cmp_ok(time() - $began, '<', 5, 'is defused at once');
}
server('drip', $url{main}, '/drip', options => "timeout '1s'");
sql('SELECT id FROM drip');
like($err, qr/08006/, 'a body that drips is over when the time is');
server('deep', $url{main}, '/deep');
sql('SELECT id FROM deep');
like($err, qr/54000|22P02/, 'deep JSON is an error');
sql("CREATE SERVER deep_yaml FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url{main}/yaml/openapi.yaml')");
unlike($err, qr/PANIC|terminated|server closed/, 'deep YAML');
is(sql("SELECT status <> 'discovered' FROM autoconn.servers WHERE server = 'deep_yaml'"), 't', 'is no description');

# Rule: no text of options, mappings or the API ends a header's line.
requests('main');
my $evil = 'x' . "\r\n" . 'X-Evil: 1';
my %evil_mappings = (
	token => "token E'x\\r\\nX-Evil: 1'",
	password => "username 'u', password E'x\\nX-Evil: 1'",
	username => "username E'x\\rX-Evil: 1', password 'x'",
	key => "api_key E'x\\r\\nX-Evil: 1'",
	headers => q(headers '{"X-A": "x\r\nX-Evil: 1"}'),
	name => q(headers '{"X-A: 1\r\nX-Evil": "1"}'),
	smuggled => q(headers '{"Transfer-Encoding": "chunked"}'),
	length => q(headers '{"Content-Length": "0"}'),
	host => q(headers '{"Host": "evil.example"}'));
foreach my $kind (sort keys %evil_mappings)
{
	server("evil_$kind", $url{main}, '/x', mapping => $evil_mappings{$kind});
	my $refused = $err;
	sql("SELECT id FROM evil_$kind") if $refused eq '';
	like($err . $refused, qr/HV024/, "refused in a mapping: $kind");
}
foreach my $option (qw(user_agent api_key_name aws_region session_token_name scope oauth_audience))
{
	sql("CREATE SERVER evil_option FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url{main}', discover 'off', $option E'x\\r\\nX-Evil: 1')");
	like($err, qr/HV024/, "refused as $option");
}
server('evil_named', $url{main}, '/x', mapping => "api_key 'x'", options => "api_key_name 'X-A: 1, X-Evil'");
sql('SELECT id FROM evil_named');
like($err, qr/HV024/, 'refused as a name of a header');
server('evil_cursor', $url{main}, '/cursor', table => "rows_path '/rows', pagination 'cursor', cursor_param 'X-Cursor:', cursor_path '/next'");
sql('SELECT id FROM evil_cursor');
like($err, qr/cannot stand in a header/, 'refused as a cursor');
requests('main');
server('evil_names', $url{main}, '/continue/x', table => "rows_path '/rows', pagination 'continue', cursor_path '/next'");
is(sql('SELECT id FROM evil_names'), "1\n2", 'an API that leads on by names of headers and places');
my (undef, $led) = requests('main');
like($led, qr{^GET /continue\S*\ba=page2&\S*X-Named(?::|%3A)=v&(?:/|%2F)q=drop\t}, 'is asked with all of them in the query');
unlike($led, qr/\tx-/, 'and with no header of its own');
sql("CREATE FOREIGN TABLE evil_param (id bigint) SERVER evil_cursor OPTIONS (path '/x', page_param 'Content-Length:')");
like($err, qr/HV024/, 'refused as a parameter');
unlike(join("\n", requests('main')), qr/x-evil|transfer-encoding/i, 'no header of the kind was sent');

# Rule: schemes are http and https.
foreach my $url ('file:///etc/passwd', 'ftp://127.0.0.1/x', 'gopher://127.0.0.1:70/x', 'dict://127.0.0.1:2628/x', 'unix:/tmp/x', 'http://user:pw@127.0.0.1/')
{
	sql("CREATE SERVER scheme FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url', discover 'off')");
	like($err, qr/HV024/, "no URL of a server: $url");
}

# Rule: proxy needs a superuser, file names pg_read_server_files, method and
# body the server's ownership.
sql("SET ROLE clerk; CREATE SERVER proxied FOREIGN DATA WRAPPER autoconn OPTIONS (url 'https://public.test', discover 'off', proxy 'http://127.0.0.1:1')");
like($err, qr/42501/, 'a proxy');
sql("SET ROLE clerk; CREATE SERVER filed FOREIGN DATA WRAPPER autoconn OPTIONS (url 'https://public.test', discover 'off', ca_file '/etc/passwd')");
like($err, qr/42501/, 'a file');
sql("GRANT USAGE ON FOREIGN SERVER below TO clerk; SET ROLE clerk;
	CREATE FOREIGN TABLE posting (id bigint) SERVER below OPTIONS (path '/x', method 'POST', body '{}', rows_path '', pagination 'none');
	SELECT * FROM posting");
like($err, qr/42501/, 'a POST');
is((grep { /^POST/ } requests('main')), 0, 'is not sent');

# Rule: scans under views and SECURITY DEFINER functions use the mapping of
# whom they are checked as.
server('checked', $url{main}, '/checked', mapping => "token 'of postgres'");
sql("CREATE VIEW checked_view AS SELECT id FROM checked;
	CREATE FUNCTION checked_function() RETURNS SETOF bigint LANGUAGE sql SECURITY DEFINER SET search_path = public AS 'SELECT id FROM checked';
	GRANT USAGE ON FOREIGN SERVER checked TO reader; GRANT SELECT ON checked, checked_view TO reader;
	CREATE USER MAPPING FOR reader SERVER checked OPTIONS (token 'of reader')");
sql('SET ROLE reader; SELECT * FROM checked; SELECT * FROM checked_view; SELECT checked_function(); SELECT * FROM checked');
is($out, "1\n1\n1\n1", 'in one session');
is(join(',', map { /authorization=Bearer of (\w+)/ } requests('main')), 'reader,postgres,postgres,reader', 'each with the credentials of its user');

done_testing();
