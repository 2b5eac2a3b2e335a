# A session that is killed in the middle of a scan takes the cluster down and up
# again, and nothing else: shared state is as good as new, other scans work, and
# no limit, slot or event of the dead stays.  The same on a standby, and after
# the server was stopped in the hard way.
use strict;
use warnings;

use AutoconnStyles;
use AutoconnTest;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $api = start_api();
my $node = start_node('main', preload => 1,
	conf => "autoconn.watch = off\nrestart_after_crash = on\nwal_level = replica\nmax_wal_senders = 5\nhot_standby = on\n");

sub table
{
	my ($name, $style, $scenario, $server) = @_;
	$node->safe_psql('postgres', "CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS (url '" . $api->url("/s/$name/$scenario;style=$styles{$style}{style}") . "', discover 'off', " . ($server // "retries '3'") . ");
		CREATE FOREIGN TABLE $name (id int, name text, value numeric) SERVER $name OPTIONS (path '/things', $styles{$style}{options})");
	return;
}
table('well', 'cursor', 'plain');
table('ahead', 'offset_total', 'plain;rows=60;size=4', "max_concurrency '8'");
# where the dead one is when it dies
my %places = (
	headers => [ 'cursor', 'stall_headers;at=3' ],
	body => [ 'offset_total', 'stall_body;at=3', "max_concurrency '8'" ],
	back_off => [ 'page', 'rate_limited;retry_after=50;fail=99;at=2' ],
	limiter => [ 'link', 'plain', "rate_limit '0.05'" ],
	rows => [ 'page_total', 'drip;rows=400;size=4;tick_ms=1;delay_ms=3', "max_concurrency '4'" ],);
table($_, @{ $places{$_} }) foreach sort keys %places;

# A session that scans; its process.
sub begin_scan
{
	my ($on, $name) = @_;
	my %run = (out => '', err => '');
	$run{handle} = IPC::Run::start(
		[ 'psql', '-XAtq', '-d', $on->connstr('postgres'), '-c', "SET application_name = '$name'", '-c', "SELECT count(name) FROM $name" ],
		'<', \undef, '>', \$run{out}, '2>', \$run{err}, IPC::Run::timeout(60));
	$on->poll_query_until('postgres', "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = '$name' AND state = 'active' AND query LIKE 'SELECT count%'")
	  or die "$name does not run";
	$run{pid} = $on->safe_psql('postgres', "SELECT pid FROM pg_stat_activity WHERE application_name = '$name' AND state = 'active'");
	return \%run;
}

# All that there is of shared state is asked, and works.
sub check
{
	my ($on, $where) = @_;
	is($on->safe_psql('postgres', 'SELECT count(*), sum(value) FROM well'), '20|215.00', "$where: scans work");
	is($on->safe_psql('postgres', 'SELECT count(*), sum(value) FROM ahead'), '60|1845.00', "$where: concurrent ones, too");
	is($on->safe_psql('postgres', "SELECT count(*) FROM autoconn.limits WHERE scope = 'server' AND tokens < 0"), '0', "$where: nobody waits");
	is($on->safe_psql('postgres', 'SELECT count(*) FROM autoconn.servers'), 7, "$where: the catalog is read");
	return;
}

# ---- kill -9 ----

foreach my $place (sort keys %places)
{
	# in the limiter waits who comes second
	$node->safe_psql('postgres', "SELECT count(*) FROM (SELECT FROM $place LIMIT 1) x") if $place eq 'limiter';
	my $others = begin_scan($node, 'rows') if $place ne 'rows';
	my $victim = begin_scan($node, $place);
	$api->wait_for($place, $place eq 'headers' || $place eq 'body' ? 3 : 1);
	crash($node, $victim->{pid});
	eval { $_->{handle}->finish } foreach grep { $_ } $victim, $others;
	is($victim->{out}, '', "$place: the dead have no rows");
	check($node, "$place: after the crash");
	$api->forget($_) foreach ($place, 'rows');
}

# ---- the server is stopped in the hard way while scans run ----

foreach my $mode ('immediate', 'fast')
{
	my @scans = map { begin_scan($node, $_) } qw(headers rows);
	my $began = time;
	$node->stop($mode);
	cmp_ok(time - $began, '<', 20, "a $mode shutdown waits for no API");
	eval { $_->{handle}->finish } foreach @scans;
	is(join('', map { $_->{out} } @scans), '', 'its scans have no rows');
	$node->start;
	check($node, "after $mode");
	$api->forget($_) foreach qw(headers rows);
}

# ---- a standby ----

$node->backup('copy');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'copy', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
check($standby, 'a standby');
my $victim = begin_scan($standby, 'headers');
my $other = begin_scan($node, 'rows');
crash($standby, $victim->{pid});
eval { $victim->{handle}->finish };
check($standby, 'a standby after a crash');
eval { $other->{handle}->finish };
is($other->{out}, "400\n", 'the primary notices nothing of it');
$api->forget('headers');

# A scan on a standby that is promoted under it goes on.
my $during = begin_scan($standby, 'rows');
$standby->promote;
eval { $during->{handle}->finish };
is($during->{out}, "400\n", 'a scan outlives the promotion of its standby');
check($standby, 'promoted');
is($standby->safe_psql('postgres', 'CREATE TABLE kept AS SELECT * FROM well; SELECT count(*) FROM kept'), '20', 'and what is read can be stored');
$standby->stop;

my $log = slurp_file($node->logfile);
unlike($log, qr/signal (?:6|11|7)\b|TRAP|PANIC/, 'nobody crashed but who was killed');
$node->stop;

done_testing();
