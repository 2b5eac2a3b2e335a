# Workers that renew tokens are few, and shared: no role has them all, who waits
# for one can be cancelled, and a server that is shut down does not wait for an
# authorization server.
use strict;
use warnings;

use AutoconnTest;
use OauthServer;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $oauth = OauthServer->new;
# Four workers for tokens, two of them for one role.
my $node = start_node('main', preload => 1,
	conf => "autoconn.watch = off\nautoconn.allowed_hosts = '127.0.0.1'\nmax_worker_processes = 8\nlog_min_error_statement = panic\n");
my $seed = "client_id 'client-1', client_secret 'client-S3CRET', refresh_token 'refresh-S3CRET-0'";

sub begin
{
	my ($sql) = @_;
	return begin_psql($node, [$sql], timeout => 90);
}

sub finish
{
	return join('', end_psql(@_));
}

sub workers
{
	return $node->safe_psql('postgres', "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autoconn token'");
}

sub wait_for_workers
{
	my ($n) = @_;
	return $node->poll_query_until('postgres', "SELECT count(*) = $n FROM pg_stat_activity WHERE backend_type = 'autoconn token'");
}

# ---- one role with many servers ----

$node->safe_psql('postgres', 'CREATE ROLE many; GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO many');
my @worlds = map { "m$_" } 1 .. 5;
foreach my $world (@worlds)
{
	$oauth->make($node, $world, mapping => $seed);
	$node->safe_psql('postgres', "ALTER SERVER $world OWNER TO many");
	$oauth->set($world, hold => 1);
}
$oauth->make($node, 'other', mapping => $seed);
my @all = map { begin("SELECT count(*) FROM $_") } @worlds;
wait_for_workers(2);
$node->poll_query_until('postgres', "SELECT count(*) = 5 FROM pg_stat_activity WHERE query LIKE 'SELECT count(*) FROM m%' AND wait_event_type = 'Extension'");
my $began = time;
is(finish(begin('SELECT count(*) FROM other')), "3\n", "another role's token is renewed");
cmp_ok(time - $began, '<', 10, 'at once');
is(workers(), 2, 'while one role has two workers at most');

# Who gives up does not leave workers behind that pile up.
my @held = grep { $oauth->get($_, '_counts') =~ /"renewals": 1/ } @worlds;
is(scalar(@held), 2, 'two have asked');
for (1 .. 6)
{
	my $asker = begin("SET application_name = 'again'; SELECT count(*) FROM $held[0]");
	$node->poll_query_until('postgres', "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'again' AND wait_event_type = 'Extension'");
	$node->safe_psql('postgres', "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'again'");
	like(finish($asker), qr/57014/, 'a wait is cancelled') if $_ == 1;
	finish($asker) if $_ > 1;
}
is(workers(), 2, 'there are no more of them');
$node->safe_psql('postgres', "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT count(*) FROM $held[0]'");
wait_for_workers(2);
is(workers(), 2, 'one whose query is cancelled goes on, and counts');
$oauth->set($_, hold => 0) foreach @worlds;
my @out = map { finish($_) } @all;
is(scalar(grep { $_ eq "3\n" } @out), 4, 'all others have their rows in the end');
is(scalar(grep { /57014/ } @out), 1, 'but the one that was cancelled');
is(finish(begin("SELECT count(*) FROM $held[0]")), "3\n", 'who has them, too');
is($oauth->count($_, 'REUSE'), 0, "$_: no token came twice") foreach @worlds;
wait_for_workers(0);

# ---- a shutdown ----

# The authorization server does nothing, for ever.
$oauth->get('other', '_expire');
$oauth->happened('other');
$oauth->set('other', hold => 1, status => 500, fail => 1);
my $asker = begin('SELECT count(*) FROM other');
$oauth->get('other', '_wait?n=1');
$began = time;
$node->stop('fast');
my $took_s = time - $began;
cmp_ok($took_s, '<', 10, sprintf('the server is shut down in %.1f s', $took_s));
finish($asker);
$oauth->set('other', hold => 0);
$node->start;
is(finish(begin('SELECT count(*) FROM other')), "3\n", 'nothing was lost');
unlike($oauth->happened('other'), qr/REUSE/, 'or presented twice');

# It answers late: what it gives is kept.
$oauth->get('other', '_expire');
$oauth->happened('other');
$oauth->set('other', delay_ms => 2500);
$asker = begin('SELECT count(*) FROM other');
$oauth->get('other', '_wait?n=1');
$node->stop('fast');
finish($asker);
is(scalar(() = glob $node->data_dir . '/pgsql_tmp_autoconn/*'), 1, 'an answer that came during the shutdown is kept');
$oauth->set('other', delay_ms => 0);
$node->start;
is(finish(begin('SELECT count(*) FROM other')), "3\n", 'and used');
unlike($oauth->happened('other'), qr/REUSE/, 'the old one is not');
$node->stop;
done_testing();
