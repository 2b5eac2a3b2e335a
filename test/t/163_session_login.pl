# APIs with a login of their own: it is asked once, its token goes with the
# requests of the session, and a new one is got when that one is over.
use strict;
use warnings;

use AutoconnTest;
use HostileApi;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $dir = PostgreSQL::Test::Utils::tempdir();

# Each login gives the next token of its API; those before the number in
# $dir/<api>.valid are over.
sub number_in
{
	my ($file) = @_;
	return -e $file ? slurp_file($file) : 0;
}

sub note_request
{
	my ($api, @fields) = @_;
	append_to_file("$dir/$api.log", join("\t", @fields) . "\n");
	return;
}

sub login
{
	my ($socket, $api, $header, $body) = @_;
	my $n = number_in("$dir/$api.logins") + 1;
	my $token = "token-S3CRET-$api-$n";

	unlink "$dir/$api.logins";
	append_to_file("$dir/$api.logins", $n);
	note_request($api, 'login', $header->{authorization} // '-', $header->{'content-type'} // '-', $body);
	return answer_with($socket, '302 Found', '', "Location: /elsewhere/login\r\n") if $api eq 'forwarding';
	return answer_with($socket, '401 Unauthorized', "{\"error\": \"no such user: $body\"}")
	  if $api eq 'refusing';
	return sleep(30) if $api eq 'stalling';
	return answer_with($socket, '200 OK', "{\"token\": \"x\\r\\nX-Evil: 1\"}") if $api eq 'evil';
	return answer_with($socket, '200 OK', '{"data": {}}') if $api eq 'mute';
	return answer_with($socket, '200 OK', '{}',
		"Set-Cookie: sid=$token; Path=/; HttpOnly\r\nSet-Cookie: csrf=second-S3CRET; Secure\r\n")
	  if $api eq 'cookies';
	return answer_with($socket, '200 OK', '{}', "X-Session: $token\r\n") if $api eq 'headers';
	return answer_with($socket, '200 OK', encode_json({ token => $token, expires_in => 1 }));
}

sub serve
{
	my ($socket) = @_;

	while (my ($method, $target, $header, $body) = next_request($socket))
	{
		my ($api, $rest) = $target =~ m{^/(\w+)(/.*)};
		if ($rest eq '/login')
		{
			login($socket, $api, $header, $body);
			next;
		}
		my $said = join ' ', map { $header->{$_} // () } qw(authorization x-session-token cookie);
		my ($n) = $said =~ /token-S3CRET-$api-(\d+)/;
		note_request($api, 'rows', $said);
		if ($rest eq '/echo')
		{
			answer_with($socket, '418 Odd', "you said: $said" . ($api eq 'cookies' ? ', second-S3CRET alone' : ''));
		}
		elsif (defined $n && $n > number_in("$dir/$api.valid"))
		{
			answer_with($socket, '200 OK', '[{"id": 1}]');
		}
		else
		{
			answer_with($socket, '401 Unauthorized', '{}');
		}
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
	(undef, $out, $err) = $node->psql('postgres', $statements, on_error_stop => 0);
	return $out;
}

# server(name, options): with a mapping and a table of its name.
sub server
{
	my ($name, $options) = @_;
	$options = $options ? ", $options" : '';
	sql(<<"EOS");
CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/$name', discover 'off', retries '0', session_path '/login'$options);
CREATE USER MAPPING FOR CURRENT_USER SERVER $name OPTIONS (username 'ada', password 'pass-S3CRET "&');
CREATE FOREIGN TABLE $name (id bigint) SERVER $name OPTIONS (path '/things', rows_path '', pagination 'none');
EOS
	is($err, '', "a server: $name");
	return;
}

# log_of(api): what came, one list a request, and forgets it.
sub log_of
{
	my ($api) = @_;
	my @lines = -e "$dir/$api.log" ? split(/\n/, slurp_file("$dir/$api.log")) : ();
	unlink "$dir/$api.log";
	return map { [ split /\t/ ] } @lines;
}

sub kinds
{
	return join ' ', map { $_->[0] } @_;
}

# ---- once ----

server('plain', '');
is(sql('SELECT id FROM plain; SELECT id FROM plain; SELECT a.id FROM plain a, plain b'), "1\n1\n1", 'rows');
my @log = log_of('plain');
is(kinds(@log), 'login rows rows rows rows', 'one login for all of a session');
is_deeply(decode_json($log[0][3]), { username => 'ada', password => 'pass-S3CRET "&' }, 'name and password in JSON');
is($log[0][1], '-', 'and nowhere else');
is((grep { $_->[1] eq 'Bearer token-S3CRET-plain-1' } @log[ 1 .. 4 ]), 4, 'the token goes with the others');
sql('SELECT id FROM plain');
is(kinds(log_of('plain')), 'login rows', 'another session logs in for itself');
sql("SELECT id FROM plain; ALTER USER MAPPING FOR CURRENT_USER SERVER plain OPTIONS (SET password 'other-S3CRET'); SELECT id FROM plain; ALTER USER MAPPING FOR CURRENT_USER SERVER plain OPTIONS (SET username 'bob'); SELECT id FROM plain");
is(kinds(log_of('plain')), 'login rows login rows login rows', 'another name or password is another login');

# ---- ways to say it ----

server('forms', q(session_form 'form', session_body '{"user": "{username}", "pw": "{password}", "grant": 1}', session_token_in 'header', session_token_name 'X-Session-Token'));
is(sql('SELECT id FROM forms'), '1', 'a form, and a header');
@log = log_of('forms');
is($log[0][2], 'application/x-www-form-urlencoded', 'of its type');
is($log[0][3], 'user=ada&pw=pass-S3CRET%20%22%26&grant=1', 'in its encoding');
is($log[1][1], 'token-S3CRET-forms-1', 'the token in that header alone');

server('basics', q(session_form 'basic', session_token_in 'cookie', session_token_name 'sid'));
is(sql('SELECT id FROM basics'), '1', 'basic authentication, and a cookie');
@log = log_of('basics');
is($log[0][1], 'Basic YWRhOnBhc3MtUzNDUkVUICIm', 'for the login');
is($log[1][1], 'sid=token-S3CRET-basics-1', 'and the cookie for the rest');

server('cookies', q(session_token_path 'Set-Cookie:'));
is(sql('SELECT id FROM cookies'), '1', 'cookies of the answer');
is((log_of('cookies'))[1][1], 'sid=token-S3CRET-cookies-1; csrf=second-S3CRET', 'go back without their attributes');

server('headers', q(session_token_path 'X-Session:'));
is(sql('SELECT id FROM headers'), '1', 'a header of the answer');

# ---- renewed ----

append_to_file("$dir/plain.valid", number_in("$dir/plain.logins") + 1);
sql('SELECT id FROM plain; SELECT id FROM plain');
is($out, "1\n1", 'a token that the API does not take any more');
is(kinds(log_of('plain')), 'login rows login rows rows', 'is renewed once and the request sent again');
unlink "$dir/plain.valid";
append_to_file("$dir/plain.valid", 1000);
sql('\set VERBOSITY verbose
	SELECT id FROM plain');
like($err, qr/28000/, 'an API that takes none');
is(kinds(log_of('plain')), 'login rows login rows', 'is not asked in a loop');
unlink "$dir/plain.valid";

server('expiring', q(session_expiry_path '/expires_in'));
is(sql('SELECT id FROM expiring; SELECT id FROM expiring; SELECT pg_sleep(2.1); SELECT id FROM expiring'),
	"1\n1\n\n1", 'a token that is over');
is(kinds(log_of('expiring')), 'login rows rows login rows', 'is renewed before a request finds out');

# ---- what goes wrong ----

server('refusing', '');
sql('\set VERBOSITY verbose
	SELECT id FROM refusing; SELECT id FROM refusing');
like($err, qr/28000: API refused the login\nDETAIL:  POST \S+\/refusing\/login.*401.*\nHINT:  Look at username and password/,
	'a login that is refused');
is(kinds(log_of('refusing')), 'login login', 'is asked again by another scan, not by the same');
server('mute', '');
sql('SELECT id FROM mute');
like($err, qr{answer to the login has no token at "/token"}, 'an answer without a token');
server('evil', '');
sql('SELECT id FROM evil');
like($err, qr/no usable token/, 'a token of two lines goes into no header');
is(kinds(log_of('evil')), 'login', 'and nowhere else');
server('forwarding', '');
sql('SELECT id FROM forwarding');
like($err, qr/API refused the login/, 'a login that redirects');
is(kinds(log_of('elsewhere')), '', 'is not repeated elsewhere');
server('stalling', '');
my $began = time();
sql("SET statement_timeout = '300ms'; SELECT id FROM stalling");
like($err, qr/canceling statement due to statement timeout/, 'a login that takes long');
cmp_ok(time() - $began, '<', 5, 'can be cancelled');

# ---- secrets ----

sql(<<"EOS");
CREATE FOREIGN TABLE echo (id bigint) SERVER plain OPTIONS (path '/echo', rows_path '', pagination 'none');
CREATE FOREIGN TABLE echo_cookies (id bigint) SERVER cookies OPTIONS (path '/echo', rows_path '', pagination 'none');
SELECT * FROM echo;
SELECT * FROM echo_cookies;
EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM cookies;
SELECT * FROM refusing;
EOS
like($err, qr/you said: Bearer \*+/, 'an answer that repeats the token');
unlike($err . $out, qr/S3CRET/, 'is shown without it');
unlike(slurp_file($node->logfile), qr/S3CRET/, 'no secret is in the log');

sql("CREATE SERVER written FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url', discover 'off', session_path '/login', session_body '{\"password\": \"written\"}')");
like($err, qr/looks like a secret/, 'a password does not belong into the body');
sql("CREATE SERVER named FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/plain', discover 'off', session_path '/login', session_token_in 'header', session_token_name 'Content-Length');
	CREATE USER MAPPING FOR CURRENT_USER SERVER named OPTIONS (username 'a', password 'b');
	CREATE FOREIGN TABLE named (id bigint) SERVER named OPTIONS (path '/things', rows_path '', pagination 'none');
	SELECT * FROM named");
like($err, qr/token of the session cannot be sent as "Content-Length"/, 'a token is no header of the message');
done_testing();
