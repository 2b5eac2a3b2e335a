# What is good for one use is spent once, by one worker, and what it gives is
# kept, whatever becomes of the query that asked.
use strict;
use warnings;

use AutoconnTest;
use OauthServer;
use PostgreSQL::Test::Utils;
use Test::More;

my $oauth = OauthServer->new;
my $node = start_node('main',
	conf => "autoconn.watch = off\nmax_worker_processes = 8\nrestart_after_crash = on\nlog_statement = none\nlog_min_error_statement = panic\n");
my $seed = "client_id 'client-1', client_secret 'client-S3CRET', refresh_token 'refresh-S3CRET-0'";

# begin(sql): a psql that runs; finish(psql): what it said.
sub begin
{
	my ($sql) = @_;
	return begin_psql($node, [ split(/; /, $sql) ], timeout => 90);
}

sub finish
{
	return join('', end_psql(@_));
}

sub rows
{
	my ($table) = @_;
	return finish(begin("SELECT count(*) FROM $table"));
}

# The one backend that reads a table, and the one that renews its token.
sub reader_of
{
	my ($table) = @_;
	return $node->safe_psql('postgres',
		"SELECT pid FROM pg_stat_activity WHERE query = 'SELECT count(*) FROM $table' AND state = 'active'");
}

sub worker
{
	return $node->safe_psql('postgres',
		"SELECT pid FROM pg_stat_activity WHERE backend_type = 'autoconn token'");
}

# begin_held(world): a query that waits for a renewal, of which the
# authorization server has done its part and keeps the answer back.
sub begin_held
{
	my ($world, $switch, $value) = @_;

	$oauth->get($world, '_expire');
	$oauth->happened($world);
	$oauth->set($world, $switch => $value);
	my $psql = begin("SELECT count(*) FROM $world");
	$oauth->get($world, '_wait?n=1');
	return $psql;
}

# The credential is in order: one renewal, no token that came twice.
sub is_whole
{
	my ($world, $name) = @_;

	like(rows($world), qr/^3$/, "$name: the next query has rows");
	is($oauth->count($world, 'token|REUSE'), 1, "$name: one renewal");
	$oauth->get($world, '_expire');
	like(rows($world), qr/^3$/, "$name: and the one after the next renewal");
	unlike($oauth->happened($world), qr/REUSE/, "$name: no token came twice");
	return;
}

# ---- many at once ----

$oauth->make($node, 'many', mapping => $seed);
$oauth->set('many', delay_ms => 300);
my @all = map { begin('SELECT count(*) FROM many') } 1 .. 12;
is(join(' ', map { finish($_) =~ s/\s//gr } @all), join(' ', (3) x 12), 'twelve sessions at once');
is($oauth->count('many', 'token'), 1, 'make one renewal');
$oauth->get('many', '_expire');
@all = map { begin('SELECT count(*) FROM many') } 1 .. 12;
is(join(' ', map { finish($_) =~ s/\s//gr } @all), join(' ', (3) x 12), 'twelve sessions whose token was revoked');
is($oauth->count('many', 'token'), 1, 'make one renewal');
$oauth->set('many', delay_ms => 0);

# One answer that fails, fails for all who waited.
$oauth->get('many', '_expire');
$oauth->set('many', hold => 1, fail => 1, status => 500);
@all = map { begin('SELECT count(*) FROM many') } 1 .. 6;
$oauth->get('many', '_wait?n=1');
$node->poll_query_until('postgres',
	"SELECT count(*) = 6 FROM pg_stat_activity WHERE query = 'SELECT count(*) FROM many' AND state = 'active' AND wait_event_type = 'Extension'");
$oauth->set('many', hold => 0);
my @failed = grep { /HV000: authorization server did not answer/ } map { finish($_) } @all;
is(scalar(@failed), 6, 'a failure is one of all who waited');
is($oauth->count('many', 'token'), 1, 'and asked for once');
is_whole('many', 'after a failure');

# ---- the query ends, the renewal does not ----

$oauth->make($node, 'one', mapping => $seed);
like(rows('one'), qr/^3$/, 'a credential');

my $psql = begin_held('one', hold => 1);
my $began = time;
$node->safe_psql('postgres', 'SELECT pg_cancel_backend(' . reader_of('one') . ')');
like(finish($psql), qr/57014: canceling statement/, 'cancel: at once');
cmp_ok(time - $began, '<', 5, 'cancel: promptly');
isnt(worker(), '', 'cancel: the worker goes on');
$psql = begin('SELECT count(*) FROM one');
# for as long as the exchange takes, which other waits for locks may not
$node->poll_query_until('postgres', "SELECT count(*) = 2 AND min(clock_timestamp() - backend_start) > '6 s' FROM pg_stat_activity WHERE backend_type = 'autoconn token'");
$oauth->set('one', hold => 0);
like(finish($psql), qr/^3$/, 'cancel: a query meanwhile waits for it');
is_whole('one', 'cancel');

$psql = begin_held('one', hold => 1);
$node->safe_psql('postgres', 'SELECT pg_terminate_backend(' . reader_of('one') . ')');
like(finish($psql), qr/57P01: terminating connection/, 'terminate');
$oauth->set('one', hold => 0);
is_whole('one', 'terminate') if $node->poll_query_until('postgres', "SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type = 'autoconn token'");

$psql = begin_held('one', hold => 1);
$node->safe_psql('postgres', 'SELECT pg_terminate_backend(' . worker() . ')');
$oauth->set('one', hold => 0);
like(finish($psql), qr/^3$|55000/, 'the worker is terminated');
is_whole('one', 'the worker is terminated');

my $aborted = begin("BEGIN; SELECT count(*) FROM one; ROLLBACK; SELECT count(*) FROM one");
like(finish($aborted), qr/^3\n3$/, 'a transaction that is rolled back');

# ---- the server ends ----

$psql = begin_held('one', delay_ms => 1500);
crash($node, reader_of('one'));
finish($psql);
$oauth->set('one', delay_ms => 0);
is_whole('one', 'kill -9');

foreach my $mode ('immediate', 'fast')
{
	$psql = begin_held('one', delay_ms => 1000);
	$node->stop($mode);
	finish($psql);
	$node->start;
	$oauth->set('one', delay_ms => 0);
	is_whole('one', "$mode shutdown");
}

# A worker that has its token but cannot commit it.
my $locker = $node->background_psql('postgres');
$locker->query_safe('BEGIN; LOCK TABLE autoconn.token IN EXCLUSIVE MODE');
$psql = begin_held('one', hold => 0);
$node->poll_query_until('postgres', "SELECT count(*) = 1 FROM pg_locks WHERE NOT granted AND relation = 'autoconn.token'::regclass");
my @journal = glob $node->data_dir . '/pgsql_tmp_autoconn/*';
is(scalar(@journal), 1, 'what is not committed yet stands in the journal');
is(sprintf('%o', (stat $journal[0])[2] & 07777), '600', 'which others cannot read');
crash($node, worker());
finish($psql);
eval { $locker->quit };
is_whole('one', 'kill -9 of the worker');
is_deeply([ glob $node->data_dir . '/pgsql_tmp_autoconn/*' ], [], 'no journal is left');

# ---- no worker is to be had ----

$oauth->get('one', '_expire');
$oauth->happened('one');
$node->append_conf('postgresql.conf', "max_worker_processes = 0\nmax_logical_replication_workers = 0\nautoconn.watch = off\n");
$node->restart;
like(rows('one'), qr/55000: could not renew the access token of server "one": no background worker is free.*max_worker_processes/s, 'no worker is free');
is($oauth->count('one', 'token'), 0, 'nothing was spent');
$node->append_conf('postgresql.conf', "max_worker_processes = 4\n");
$node->restart;
is_whole('one', 'with a worker');

is(join('', grep { /S3CRET/ } split /^/, slurp_file($node->logfile)), '', 'the log shows no secret');
done_testing();
