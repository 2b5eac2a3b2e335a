# What goes wrong with one server, or in somebody's session, is no trouble for
# the others that a worker looks after.
use strict;
use warnings;

use AutoconnTest;
use IPC::Run ();
use PostgreSQL::Test::Utils;
use Test::More;

my $api = start_api();
my $node = start_node('main', preload => 1,
	conf => "autoconn.naptime = '1s'\nautoconn.watch = off\n");

sub watch
{
	my ($on) = @_;
	$node->append_conf('postgresql.conf', "autoconn.watch = $on\n");
	$node->reload;
	return;
}

sub until_true
{
	my ($condition, $name) = @_;
	return ok($node->poll_query_until('postgres', "SELECT $condition"), $name);
}

# A statement in a session of its own, which stays until it is finished.
sub start_session
{
	my (@statements) = @_;
	return IPC::Run::start(
		[ 'psql', '-XAtq', '-d', $node->connstr('postgres'),
			'-v', 'ON_ERROR_STOP=1', map { ('-c', $_) } @statements ],
		'<', \undef, '>&', \my $out, IPC::Run::timeout(120));
}

sub make_server
{
	my ($name, $path, $options) = @_;
	my $url = $api->url($path);

	$node->safe_psql('postgres', "SET client_min_messages = warning;
		CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS
			(url '$url', check_interval '1h', retries '0' " . ($options // '') . ");
		CREATE SCHEMA $name;
		IMPORT FOREIGN SCHEMA api FROM SERVER $name INTO $name OPTIONS (sample 'off')");
	return;
}

sub add_message
{
	my ($server) = @_;
	$node->safe_psql('postgres', "WITH a AS (INSERT INTO autoconn.alert
		(server, kind, severity, status, disposition, fingerprint, summary)
		VALUES ('$server', 'narrowed', 'info', 'open', 'notify',
			gen_random_uuid(), 'a test') RETURNING id)
		INSERT INTO autoconn.webhook (alert) SELECT id FROM a");
	return;
}

make_server('locked', '/d/f1/v1/openapi.json');
make_server('free', '/d/f2/v1/openapi.json');
my $hook = $api->url('/_hook/f3');

# ---- a session that leaves its transaction open ----

my $holder = start_session('SELECT pg_advisory_lock(1)',
	'SELECT pg_sleep(100)');
until_true("count(*) = 1 FROM pg_locks WHERE locktype = 'advisory'",
	'a lock to wait for');
my $session = start_session('BEGIN',
	"SELECT count(*) FROM autoconn.check('locked')",
	'SELECT pg_advisory_lock(1)', 'COMMIT');
until_true("count(*) = 2 FROM pg_locks WHERE locktype = 'advisory'",
	'a session has checked a server, and waits in its transaction');
watch('on');
until_true("bool_or(server = 'free' AND polls > 0) FROM autoconn.watch",
	'the other server is polled all the same');
until_true('count(*) = 1 FROM autoconn.worker_state()
	WHERE has_extension AND failures = 0 AND looked_at IS NOT NULL',
	'and the visit comes to its end');
$node->safe_psql('postgres', "SELECT pg_terminate_backend(pid)
	FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()");
$holder->finish;
$session->finish;
$node->safe_psql('postgres', "UPDATE autoconn.watch SET next_check = NULL");
until_true("min(polls) > 1 FROM autoconn.watch",
	'both are polled when nobody is in the way');

# ---- a mapping that makes no credentials ----

$node->safe_psql('postgres', qq{
	SET client_min_messages = warning;
	ALTER SERVER locked OPTIONS (ADD api_key_in 'cookie', ADD api_key_name 'k');
	CREATE USER MAPPING FOR CURRENT_USER SERVER locked
		OPTIONS (api_key 'a;b', webhook '$hook');
	CREATE USER MAPPING FOR CURRENT_USER SERVER free OPTIONS (webhook '$hook')});
watch('off');
add_message('locked');
add_message('free');
watch('on');
until_true("count(*) = 1 AND min(tries) = 1 FROM autoconn.webhook",
	'one message is delivered, the other is to be tried again');
is(scalar(my @told = $api->requests('f3')), 1, 'once');
$node->safe_psql('postgres', "UPDATE autoconn.watch SET next_check = NULL");
until_true("min(next_check) > now() AND
	(SELECT polls > 2 FROM autoconn.watch WHERE server = 'free') FROM autoconn.watch",
	'nor are polls of the one in the way of the other');
ok( $node->wait_for_log(qr/poll of foreign server with OID/),
	'the log says whose poll failed');

# ---- a discovery while a poll is underway ----

watch('off');
make_server('slow', '/s/f4/stall_headers;max_s=60/openapi.json');
$api->forget('f4');
$session = start_session("SELECT count(*) FROM autoconn.check('slow')");
$api->wait_for('f4', 2);
$node->safe_psql('postgres', "SET client_min_messages = error;
	SELECT autoconn.discover('slow')");
AutoconnTest::http_get($api->url('/_release/f4'));
ok($session->finish, 'the poll ends');
is( $node->safe_psql('postgres',
		"SELECT count(*) FROM autoconn.watch WHERE server = 'slow'"),
	'0',
	'what it knew from before does not replace what was discovered meanwhile');

$node->stop;
unlike(slurp_file($node->logfile), qr/PANIC|TRAP|TerminateWorker|signal 11/,
	'nothing crashed');
done_testing();
