# What goes wrong on the wire is either made good by asking again or an error
# that says what it was.  Never is it a short result.
use strict;
use warnings;

use AutoconnTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $api = start_api();
my $node = start_node('main');
my $sessions = 0;

# scan(scenario, server options): rows or '', error, session of the requests
sub scan
{
	my ($scenario, $options) = @_;
	my $session = 'f' . ++$sessions;
	my $url = $api->url("/s/$session/$scenario");
	$options = $options ? ", $options" : '';

	my ($code, $out, $err) = $node->psql('postgres', <<"EOS");
\\set VERBOSITY verbose
CREATE SERVER $session FOREIGN DATA WRAPPER autoconn
	OPTIONS (url '$url', discover 'off'$options);
CREATE FOREIGN TABLE $session (id bigint, name text, value numeric)
	SERVER $session
	OPTIONS (path '/things', rows_path '/things', pagination 'cursor',
		cursor_param 'cursor', cursor_path '/next_cursor');
SELECT count(*), sum(value) FROM $session;
EOS
	return ($out, $err, $session);
}

# Requests of the session that were sent for its first page.
sub first_page_requests
{
	my ($session) = @_;
	return scalar grep { $_ eq 'GET /things' } $api->requests($session);
}

# Harmless, or good again at the second attempt: all rows.
foreach my $scenario (
	'plain', 'plain;gzip=1', 'drip', 'silent_close', 'close',
	'close_delimited', 'chunked', 'early_hints', 'set_cookie',
	'reset_headers;fail=1', 'reset_body;fail=1', 'no_answer;fail=1',
	'truncated_chunked;fail=1', 'truncated_length;fail=1',
	'status;fail=1', 'status;status=503;fail=1',
	'flaky;fail=1', 'rate_limited;retry_after=0', 'html;fail=1',
	'gzip_broken;kind=corrupt;fail=1', 'redirect', 'redirect;status=308',
	'content_type;type=text%2Fhtml', 'content_type;type=none',
	'redirect;hops=5', 'redirect;form=path', 'redirect;form=relative')
{
	my ($out, $err) = scan($scenario);
	is($out, '20|215.00', "$scenario: all rows");
	is($err, '', "$scenario: no complaint");
}

# Not to be made good: SQLSTATE, a piece of the text, requests for page 1.
my $kb64 = "max_response_size '64kB'";
my @failures = (
	[ 'reset_headers', '08006', qr/connection to the API was lost/, 2 ],
	[ 'reset_body', '08006', qr/connection to the API was lost/, 2 ],
	[ 'no_answer', '08006', qr/connection to the API was lost/, 2 ],
	[ 'truncated_chunked', '08006', qr/ended early/, 2 ],
	[ 'truncated_length', '08006', qr/ended early/, 2 ],
	[ 'truncated_length;cut=5', '08006', qr/ended early/, 2 ],
	[ 'short_length', '22P02', qr/malformed JSON at byte 197/, 1 ],
	# Newer libcurl refuses them in words of its own.
	[ 'two_lengths', 'HV000', qr/two Content-Length|Invalid Content-Length/, 1 ],
	[ 'bad_status_line', 'HV000', qr/not valid HTTP/, 1 ],
	[ 'large_header;kb=90', 'HV000', qr/header of the answer is too large/, 1 ],
	[ 'many_headers', 'HV000', qr/header of the answer is too large/, 1 ],
	[
		'gzip_broken;kind=truncated', '22P02',
		qr/malformed JSON at byte \d+/, 1
	],
	[ 'gzip_broken;kind=corrupt', '22P02', qr/compressed answer/, 2 ],
	[ 'gzip_broken;kind=not', '22P02', qr/compressed answer/, 2 ],
	[ 'gzip_bomb', '54000', qr/answer exceeds 65536 bytes/, 1, $kb64 ],
	[ 'endless', '54000', qr/answer exceeds 65536 bytes/, 1, $kb64 ],
	[ 'status', 'HV000', qr/status 500.*it went wrong/, 2 ],
	[ 'status;status=501', 'HV000', qr/status 501/, 1 ],
	[ 'status;status=401', '28000', qr/CREATE USER MAPPING FOR/, 1 ],
	[ 'forbidden', '28000', qr/you may not see this/, 1 ],
	[ 'status;status=404', 'HV00R', qr/no such resource/, 1 ],
	[
		'rate_limited;retry_after=3600;fail=9', '53400',
		qr/frees in 3600 s, at \d{4}-/, 1
	],
	[ 'html', 'HV000', qr/HTML page instead of rows/, 2 ],
	[
		'html;type=application%2Fjson', 'HV000',
		qr/HTML page instead of rows/, 2
	],
	[ 'redirect_loop', 'HV000', qr/it leads in a circle/, 1 ],
	[ 'redirect;hops=6', 'HV000', qr/more than 5 in a row/, 1 ],
	[ 'redirect;to=other', '42501', qr/leads to another origin/, 1 ],
	[ 'redirect;to=localhost', '42501', qr/leads to another origin/, 1 ],
	[ 'redirect;to=metadata', '42501', qr/leads to another origin/, 1 ],
	[ 'redirect;to=file', '42501', qr/other than http and https/, 1 ],
	[ 'redirect;to=none', 'HV000', qr/status 302/, 1 ],);
foreach my $failure (@failures)
{
	my ($scenario, $sqlstate, $text, $requests, $options) = @$failure;
	my ($out, $err, $session) =
	  scan($scenario, join(', ', "retries '1'", $options // ()));
	is($out, '', "$scenario: no rows");
	like($err, qr/ERROR:  $sqlstate:/, "$scenario: SQLSTATE $sqlstate");
	like($err, $text, "$scenario: what it was");
	is(first_page_requests($session), $requests,
		"$scenario: $requests requests");
}

# The same on a later page: what came before is not a result.
foreach my $scenario ('reset_body;at=3', 'truncated_length;at=3',
	'status;at=3', 'html;at=3')
{
	my ($out, $err) = scan($scenario, "retries '0'");
	is($out, '', "$scenario: no rows");
	like($err, qr/ERROR:  (08006|HV000):/, "$scenario: an error");
}

# A redirect to an origin that is listed.
my ($moved) =
  scan('redirect;to=other', "allowed_origins '" . $api->other_url . "'");
is($moved, '20|215.00', 'all rows from a listed origin');

# A refused connection, and a name that does not exist.
chomp(my $refused = http_get($api->url('/_port/refused')));
$node->safe_psql('postgres', <<"EOS");
CREATE SERVER refused FOREIGN DATA WRAPPER autoconn OPTIONS
	(url 'http://127.0.0.1:$refused', discover 'off', retries '1');
CREATE FOREIGN TABLE refused (id int) SERVER refused OPTIONS (path '/x');
EOS
my (undef, undef, $err) = $node->psql('postgres',
	"\\set VERBOSITY verbose\nSELECT * FROM refused");
like($err, qr/ERROR:  08001: could not connect/, 'refused: SQLSTATE');
like($err, qr/All 2 attempts are used up/, 'refused: tried again');

# Connections are kept: one serves all pages, and the next query.
my (undef, undef, $session) = scan('plain');
$node->safe_psql('postgres',
	"SELECT * FROM $session; SELECT * FROM $session");
my %connections = map { $_->{connection} => 1 } @{ $api->log($session) };
is(scalar(keys %connections), 2, 'one connection for each session');

# The ceiling holds.
my ($out) = scan('plain;rows=200;pages=10;delay_ms=20', "rate_limit '20'");
is($out, '200|20150.00', 'rows under a rate limit');
my @log = @{ $api->log("f$sessions") };
cmp_ok($log[-1]{time} - $log[0]{time}, '>=', 0.05 * ($#log) - 0.02,
	'no more requests than the rate limit allows');

done_testing();
