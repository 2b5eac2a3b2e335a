# A query that waits for the network ends at once when it is told to: by a
# cancel, by statement_timeout, by termination, in every phase of a request.
# And each of our own limits of time names the phase that it ended.
use strict;
use warnings;

use AutoconnTest;
use IPC::Run ();
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time sleep);

# Far above what is needed (some milliseconds) for the sake of busy machines,
# far below any time limit of the requests; the benchmark measures.
my $prompt_s = 1.0;

my $api = start_api();
my $node = start_node('main');
my %port;
foreach my $kind (qw(hanging silent))
{
	chomp($port{$kind} = http_get($api->url("/_port/$kind")));
}

# server(name, url, options): a server and a foreign table of that name.
sub server
{
	my ($name, $url, $options) = @_;
	$options = $options ? ", $options" : '';
	$node->safe_psql('postgres', <<"EOS");
CREATE SERVER $name FOREIGN DATA WRAPPER autoconn
	OPTIONS (url '$url', discover 'off'$options);
CREATE FOREIGN TABLE $name (id bigint, name text, value numeric) SERVER $name
	OPTIONS (path '/things', rows_path '/things', pagination 'cursor',
		cursor_param 'cursor', cursor_path '/next_cursor');
EOS
	return;
}

my %phases = (
	connect => "http://127.0.0.1:$port{hanging}",
	tls => "https://127.0.0.1:$port{silent}",
	headers => $api->url('/s/headers/stall_headers'),
	body => $api->url('/s/body/stall_body'),
	later_page => $api->url('/s/later_page/stall_headers;at=3'),
	drip => $api->url('/s/drip/drip;bytes=1;tick_ms=200'),
	back_off => $api->url('/s/back_off/rate_limited;retry_after=30;fail=9999'),
	bomb => $api->url('/s/bomb/gzip_bomb;mb=900'),);
my $long = "timeout '60s', connect_timeout '60s'";
server($_, $phases{$_},
	$_ eq 'bomb' ? "$long, max_response_size '1GB'" : $long)
  foreach sort keys %phases;

# Starts a query in a session of its own; returns what is needed to end it.
sub start_query
{
	my ($sql) = @_;
	my ($out, $err) = ('', '');
	my $run = IPC::Run::start(
		[ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d',
			$node->connstr('postgres'), '-c', 'SELECT pg_backend_pid()',
			'-c', $sql ],
		'>', \$out, '2>', \$err,
		IPC::Run::timeout(120));

	$run->pump until $out =~ /^(\d+)\n/;
	my $pid = $1;
	# It must be waiting, not still on its way there.
	$node->poll_query_until('postgres',
		"SELECT wait_event_type = 'Extension' OR query LIKE '%bomb%'
		 FROM pg_stat_activity WHERE pid = $pid AND state = 'active'
		 AND query NOT LIKE '%pg_backend_pid()%'")
	  or die 'the query does not wait';
	return { run => $run, pid => $pid, out => \$out, err => \$err };
}

foreach my $phase (sort keys %phases)
{
	foreach my $how (qw(cancel terminate))
	{
		my $query = start_query("SELECT count(*) FROM $phase");
		sleep(0.05);
		$node->safe_psql('postgres',
			"SELECT pg_${how}_backend($query->{pid})");
		my $start = time;
		$query->{run}->finish;
		my $took_s = time - $start;

		like( ${ $query->{err} },
			$how eq 'cancel'
			? qr/canceling statement due to user request/
			: qr/terminating connection due to administrator command/,
			"$phase: $how");
		cmp_ok($took_s, '<', $prompt_s, "$phase: $how at once");
	}

	my $start = time;
	my ($code, undef, $err) = $node->psql('postgres',
		"SET statement_timeout = '300ms'; SELECT count(*) FROM $phase");
	like(
		$err,
		qr/canceling statement due to statement timeout/,
		"$phase: statement_timeout");
	cmp_ok(time - $start, '<', 0.3 + $prompt_s,
		"$phase: statement_timeout at once");
}

# The limits of a request.  Each error names what was missing.
my %limits = (
	connect => [
		"connect_timeout '300ms'",
		qr/TCP connection was not established within 0\.3 s/
	],
	tls => [
		"connect_timeout '300ms'",
		qr/TLS handshake was not finished within 0\.3 s/
	],
	headers => [ "timeout '300ms'", qr/no first byte within 0\.3 s/ ],
	body => [
		"timeout '300ms'",
		qr/answer was not complete within 0\.3 s, \d+ bytes had come/
	],
	later_page => [ "timeout '300ms'", qr/no first byte within 0\.3 s/ ],
	drip => [
		"timeout '300ms'",
		qr/answer was not complete within 0\.3 s, \d+ bytes had come/
	],);
foreach my $phase (sort keys %limits)
{
	my ($options, $expected) = @{ $limits{$phase} };
	server("limit_$phase", $phases{$phase}, "$options, retries '0'");
	my (undef, undef, $err) = $node->psql('postgres',
		"\\set VERBOSITY verbose\nSELECT count(*) FROM limit_$phase");
	like($err, qr/ERROR:  08006/, "$phase: SQLSTATE of a timeout");
	like($err, $expected, "$phase: the limit names its phase");
}

# A session survives all of it, and nothing is left behind: 1,250 requests
# that were cancelled in one session.  The limit is set in the same message as
# the query and undone with it: were it in force between them, a busy machine
# would also cancel a statement that is not meant.
my $session = join("\n",
	"\\set QUIET on",
	"CREATE TEMP TABLE seen (step int, fds int, kb int);",
	map {
		my $step = $_;
		( "INSERT INTO seen SELECT $step,
				(SELECT count(*) FROM pg_ls_dir('/proc/self/fd')),
				(regexp_match(pg_read_file('/proc/self/status'), 'VmRSS:\\s+(\\d+)'))[1]::int;",
			map {
				"SET LOCAL statement_timeout = '4ms'\\; SELECT count(*) FROM $_;"
			  }
			  (qw(connect tls headers body back_off)) x 50)
	} 1 .. 5);
$session .= "
SELECT string_agg(format('%s/%s', fds, kb), ' ' ORDER BY step) FROM seen;
SELECT count(*) FROM (SELECT FROM headers_well) x;\n";
server('headers_well', $api->url('/s/well/plain'), $long);
my (undef, $out, $errors) =
  $node->psql('postgres', $session, on_error_stop => 0);
my ($seen, $rows) = split /\n/, $out;
my @seen = map { [ split m{/}, $_ ] } split / /, $seen;
my $cancelled = () = $errors =~ /canceling statement due to statement timeout/g;
is($cancelled, 1250, 'all of them were cancelled');
is($rows, '20', 'and the session reads another table');
note "descriptors/kB: $seen";
cmp_ok($seen[4][0] - $seen[2][0], '<', 5, 'descriptors do not grow');
cmp_ok($seen[4][1] - $seen[2][1], '<', 1024, 'nor does memory');

done_testing();
