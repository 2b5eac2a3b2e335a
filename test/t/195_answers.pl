# Answers that are not quite what they seem: each ends in the right rows or the
# right SQLSTATE, with the requests that were sent.  The sample API has those
# that a server of good will would send; these are written byte by byte.
use strict;
use warnings;

use AutoconnTest;
use Compress::Zlib;
use HostileApi;
use POSIX qw(strftime);
use PostgreSQL::Test::Utils;
use Test::More;

my $dir = PostgreSQL::Test::Utils::tempdir();
my $rows = '[{"id": 1}, {"id": 2}]';
my $lines = join '', map { "{\"id\": $_}\n" } 1 .. 20;

# The answer with a length, or the lines of headers given in its place.
sub answer
{
	my ($body, %how) = @_;
	my $headers = $how{headers} // 'Content-Length: ' . length($body) . "\r\n";

	return 'HTTP/1.1 ' . ($how{status} // 200) . " X\r\nContent-Type: application/json\r\n" . ($how{more} // '') . "$headers\r\n$body";
}

# One that ends with its connection.
sub unbounded { return answer($_[0], headers => $_[1] // '') }

# The part of a gzip stream that was flushed before the end was there.
sub half_gzip
{
	my ($text) = @_;
	my $gzip = Compress::Zlib::deflateInit(-WindowBits => 31);

	return $gzip->deflate($text) . $gzip->flush(Z_SYNC_FLUSH);
}

sub in_zone
{
	my ($seconds) = @_;
	return strftime('%a, %d %b %Y %H:%M:%S +0200', gmtime(time + $seconds + 7200));
}

sub page { my ($members, $status) = @_; return answer("{$members, \"rows\": $rows}", status => $status) }
sub again { my ($bad, $good) = @_; return sub { return $_[0] == 1 ? $bad : $good } }

# What each API answers to its nth request.
my $deep = '{"data": {"rows": ' . $rows . '}, "errors": [{"message": "owner: not allowed"}]}';
my %api = (
	# cut on the way, without a length to tell by
	cut => sub { unbounded('[{"id": 1}, {"i') },
	cut_once => again(unbounded('[{"id": 1}, {"i'), unbounded($rows)),
	cut_length => sub { answer('[{"id": 1}, {"i') },
	lines_whole => sub { answer($lines) },
	lines_cut => sub { unbounded($lines) },
	lines_gzip => sub { unbounded(half_gzip($lines), "Content-Encoding: gzip\r\n") },
	lines_broken => again(unbounded(substr($lines, 0, -4)), answer($lines)),
	# errors beside rows
	ok_false => sub { page('"ok": false, "error": "half of it"') },
	ok_text => sub { page('"success": "false"') },
	ok_true => sub { page('"ok": true, "success": "yes", "error": "", "errors": []') },
	errors => sub { page('"errors": [{"message": "shard 3"}]') },
	errors_deep => sub { answer($deep) },
	error_once => again(page('"error": "busy"'), page('"error": null')),
	error_code => sub { page('"error": {"code": "ok", "message": ""}') },
	error_object => sub { page('"error": {"code": 3, "message": "half of it"}') },
	error_word => sub { page('"error": "None"') },
	timed_out => sub { page('"timed_out": true') },
	# rows that are errors by name
	errors_table => sub { answer('{"ok": true, "errors": [{"id": 1}, {"id": 2}]}') },
	# not there yet
	promise => sub { answer('{"id": null, "state": "running"}', status => 202) },
	promise_empty => again(answer('{}', status => 202), answer($rows)),
	promise_kept => sub { answer($rows, status => 202) },
	# tokens that no text can be
	token_nul => sub { answer('{"rows": ' . $rows . ', "next": "a\u0000b"}') },
	token_half => sub { answer('{"rows": ' . $rows . ', "next": "\ud800"}') },
	# Retry-After in a zone of its own
	login_429 => sub { answer('{}', status => 429, more => "Retry-After: 100\r\n") },
	login_503 => sub { answer('{}', status => 503) },
	login_401 => sub { answer('{"error": "no, word-S3CRET"}', status => 401) },
	scheme => sub { answer('{}', status => 401, more => "WWW-Authenticate: Digest realm=\"x\"\r\nWWW-Authenticate: Basic realm=\"x\"\r\n") },
	zone => again(answer('{}', status => 429, more => 'Retry-After: ' . in_zone(3600) . "\r\n"), answer($rows)),
);

sub serve
{
	my ($socket) = @_;

	while (my ($method, $target) = next_request($socket))
	{
		my ($name) = $target =~ m{^/(\w+)};

		append_to_file("$dir/$name", "$method\n");
		my $n = () = slurp_file("$dir/$name") =~ /\n/g;
		my $text = $name =~ /^token_(?:long|short)$/ ? token($name) : $api{ $name =~ s/_by_post$//r }->($n);
		print $socket $text;
		return if $text !~ /^Content-Length/m;
	}
	return;
}

# A token endpoint that is asked too often.
sub token
{
	my ($name) = @_;
	my $wait = $name eq 'token_long' ? 100 : 0;

	return answer('{"error": "slow down"}', status => 429, more => "Retry-After: $wait\r\n");
}

my $url = start_hostile(\&serve);
my $node = start_node('main');

sub sql
{
	my ($statements) = @_;
	my (undef, $out, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\n$statements", on_error_stop => 0);

	return $out if $err eq '';
	return $err =~ /ERROR:  (\S+): (.*)/ ? "$1: $2" : "? $err";
}

sub hint { return (($node->psql('postgres', $_[0]))[2] // '') =~ /HINT:  (.*)/ ? $1 : 'none' }

# Statements that make a server and a table of that name.
sub table
{
	my ($name, $options, $server) = @_;

	$server = $server ? ", $server" : '';
	return <<"EOS";
CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/$name', discover 'off'$server);
CREATE FOREIGN TABLE $name (id bigint) SERVER $name OPTIONS (path '/things', $options);
EOS
}

# Those of a case.
sub case_table
{
	my ($name, $post) = @_;
	my $way = $name =~ /^token/ ? "pagination 'cursor', cursor_param 'after', cursor_path '/next'" : "pagination 'none'";
	my $form = $name =~ /^lines/ ? ", rows_form 'lines'"
	  : $name eq 'errors_table' ? ", rows_path '/errors'"
	  : $name eq 'errors_deep' ? ", rows_path '/data/rows'"
	  : $name =~ /^(?:ok|error|timed|token)/ ? ", rows_path '/rows'" : '';

	return table($name, "$way$form") unless $post;
	return table("${name}_by_post", "$way$form, method 'POST', body '{}'");
}

# asked(name): the requests so far
sub asked { return scalar(() = slurp_file("$dir/$_[0]") =~ /\n/g) }

# scans(name, what is to come, requests, why)
sub scans
{
	my ($name, $wanted, $requests, $why) = @_;
	my $got = sql("SELECT count(*), sum(id) FROM $name");

	ref $wanted ? like($got, $wanted, "$name: $why") : is($got, $wanted, "$name: $why");
	is(asked($name), $requests, "$name: requests");
	return;
}

# name, result, requests by GET, why; [result, requests by POST]
my $good = '2|3';
my $early = qr/^08006: answer of the API ended early: malformed JSON at byte 15/;
my $error = qr/^HV000: API answered with an error instead of rows/;
my $none = qr/^HV000: API's answer holds no rows/;
my $length = qr/^HV000: scan is incomplete: the answer has no length/;
my @cases = (
	[ 'cut', $early, 2, 'a text that was cut is asked for again' ],
	[ 'cut_once', $good, 2, 'and may be whole then', $early, 1 ],
	[ 'cut_length', qr/^22P02: malformed JSON at byte 15/, 1, 'what has its length was made so' ],
	[ 'lines_whole', '20|210', 1, 'lines with a length' ],
	[ 'lines_cut', $length, 1, 'lines without one' ],
	[ 'lines_gzip', $length, 1, 'that of a compressed message is no other' ],
	[ 'lines_broken', '20|210', 2, 'a line that was cut', qr/^08006/, 1 ],
	[ 'ok_false', $error, 2, 'rows beside ok: false are not all' ],
	[ 'ok_text', $error, 2, 'be it a text' ],
	[ 'ok_true', $good, 1, 'members that say that all is well' ],
	[ 'errors', $error, 2, 'rows beside errors' ],
	[ 'errors_deep', $error, 2, 'as GraphQL has them' ],
	[ 'error_once', $good, 2, 'asked for again', $error, 1 ],
	[ 'error_code', $good, 1, 'an object may say that all is well' ],
	[ 'error_object', $error, 2, 'or that it is not' ],
	[ 'error_word', $good, 1, 'so may a word' ],
	[ 'timed_out', qr/^HV000: scan is incomplete/, 1, 'a search that gave up' ],
	[ 'errors_table', $good, 1, 'errors may be the rows' ],
	[ 'promise', $none, 2, 'an answer that is still being made is no row' ],
	[ 'promise_empty', $good, 2, 'nor none', $none, 1 ],
	[ 'promise_kept', $good, 1, 'rows that are there are' ],
	[ 'token_nul', qr/^HV000: scan is incomplete/, 1, 'a token that cannot be sent back is no end' ],
	[ 'token_half', qr/^HV000: scan is incomplete/, 1, 'nor is half a character' ],
	[ 'zone', qr/^53400/, 1, 'a date with a zone is waited for' ]);
is(sql(join '', map { (case_table($_->[0]), case_table($_->[0], 1)) } @cases), '', 'tables');
foreach my $case (@cases)
{
	my ($name, $wanted, $requests, $why, $posted, $posts) = @$case;

	scans($name, $wanted, $requests, $why);
	scans("${name}_by_post", $posted // $wanted, $posts // 1, $why) unless $name =~ /^token/;
}

# The authorization server's limit is one, too.
foreach my $name (qw(token_long token_short))
{
	my $grant = "oauth_token_url '$url/$name', retries '1'";

	sql(table("of_$name", "pagination 'none'", $grant) . "CREATE USER MAPPING FOR CURRENT_USER SERVER of_$name OPTIONS (client_id 'me', client_secret 'mine-S3CRET')");
	like(sql("SELECT * FROM of_$name"), qr/^53400: authorization server did not answer/, "$name: a limit is a limit");
	is(asked($name), $name eq 'token_long' ? 1 : 2, "$name: waited for if that is not too long");
}

# So is that of a login, and trouble there says nothing about the password.
my %logins = (429 => [ qr/^53400: API's rate limit is exceeded/, 1 ], 503 => [ qr/^HV000: API answered with status 503/, 1 ],
	401 => [ qr/^28000: API refused the login/, 1 ]);
foreach my $status (sort keys %logins)
{
	my $name = "login_$status";

	sql(table($name, "pagination 'none'", "session_path '/in', retries '0'") . "CREATE USER MAPPING FOR CURRENT_USER SERVER $name OPTIONS (username 'me', password 'word-S3CRET')");
	like(sql("SELECT * FROM $name"), $logins{$status}[0], "a login that is answered by $status");
	is(asked($name), $logins{$status}[1], 'asked once');
}

# A challenge that names another scheme is no word about the token.
sql(table('scheme', "pagination 'none'") . "CREATE USER MAPPING FOR CURRENT_USER SERVER scheme OPTIONS (token 'mine-S3CRET')");
like(hint('SELECT * FROM scheme'), qr/^The API wants other credentials .* on server scheme: username '\.\.\.', password '\.\.\.'\.$/, 'another scheme is wanted');
sql("ALTER USER MAPPING FOR CURRENT_USER SERVER scheme OPTIONS (DROP token, ADD username 'me', ADD password 'mine-S3CRET')");
like(hint('SELECT * FROM scheme'), qr/^The API refused the credentials/, 'the scheme is right');

done_testing();
