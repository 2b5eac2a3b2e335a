# Who is watched, and where: nobody on a standby; in a copy of a database, or
# a dump that was restored, only what somebody adopts; without preload as well
# as with it.
use strict;
use warnings;

use AutoconnTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $api = start_api();
my $node = start_node('main', preload => 1,
	conf => "autoconn.naptime = '1s'\nautoconn.allowed_hosts = '127.0.0.1'\nwal_level = replica\nmax_wal_senders = 5\n");

sub poll
{
	my ($on, $database, $condition, $name) = @_;
	return ok($on->poll_query_until($database, "SELECT $condition"), $name);
}

sub monitoring
{
	my ($on, $database) = @_;
	return $on->safe_psql($database,
		"SELECT monitoring FROM autoconn.servers WHERE server = 'shop'");
}

# Two visits of the database were made, and the API has not been asked.
sub leaves_alone
{
	my ($on, $database, $session, $name) = @_;
	my $looked = "SELECT looked_at FROM autoconn.worker_state()
		JOIN pg_database d ON d.oid = dbid WHERE datname = '$database'";

	for (1 .. 2)
	{
		$on->poll_query_until('postgres', "SELECT ($looked) IS NOT NULL");
		my $before = $on->safe_psql('postgres', $looked);
		$on->reload;
		$on->poll_query_until('postgres', "SELECT ($looked) > '$before'");
	}
	return is(join("\n", $api->requests($session)), '', $name);
}

# Has the node watched, or leaves it alone for a while.
sub watch
{
	my ($whether) = @_;

	$node->append_conf('postgresql.conf', "autoconn.watch = $whether\n");
	$node->reload;
	poll($node, 'postgres', "NOT EXISTS (SELECT FROM pg_stat_activity
		WHERE backend_type = 'autoconn worker')", 'nobody watches for a while') if $whether eq 'off';
	return;
}

watch_server($node, $api, 'shop',
	mapping => "token 'S3CRET', webhook '" . $api->url('/_hook/shop') . "'");
poll($node, 'postgres', "polls >= 2 FROM autoconn.watch", 'the original is polled');
is(monitoring($node, 'postgres'), 'on', 'and says so');

# ---- a standby ----

$node->backup('backup');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'backup', has_streaming => 1);
$standby->start;
watch('off');
# A poll that was cut short just now has put off the next one.
$node->safe_psql('postgres', 'UPDATE autoconn.watch SET next_check = NULL');
$node->wait_for_catchup($standby);
$api->forget('shop');
is($standby->safe_psql('postgres',
		"SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'autoconn%'"),
	0, 'standby: neither launcher nor worker');
is($standby->safe_psql('postgres', 'SELECT count(*) FROM shop.orders'), 60, 'standby: a scan');
is($standby->safe_psql('postgres',
		"SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'autoconn%'"),
	0, 'standby: which starts none');
is(scalar(grep { /openapi/ } $api->requests('shop')), 0, 'standby: no poll');
$standby->promote;
$api->forget('shop');
poll($standby, 'postgres', "last_check > pg_postmaster_start_time()
	FROM autoconn.servers WHERE server = 'shop'", 'promoted: it is polled');
$standby->stop;

# ---- a copy made by CREATE DATABASE ----

# With an alert of which the webhook has not been told.
$node->safe_psql('postgres', "UPDATE autoconn.watch SET next_check = 'infinity'");
$api->drift('shop', 'sunset=orders:7');
$node->safe_psql('postgres', "SELECT count(*) FROM autoconn.check('shop');
	UPDATE autoconn.watch SET next_check = NULL");
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM autoconn.webhook'),
	'>', 0, 'a webhook is to be told of something');
$node->safe_psql('postgres', 'CREATE DATABASE copy TEMPLATE postgres');
$node->safe_psql('postgres', 'DROP SERVER shop CASCADE');
$api->forget('shop');
watch('on');
leaves_alone($node, 'copy', 'shop', 'copy: no requests');
is(monitoring($node, 'copy'), 'paused', 'copy: monitoring is paused');
is(scalar(@{ $api->hook('shop') }), 0, 'copy: no webhook is told');
is($node->safe_psql('copy', 'SELECT count(*) FROM shop.orders'), 60, 'copy: a scan');
$api->forget('shop');
leaves_alone($node, 'copy', 'shop', 'copy: which changes nothing');
my $alerts = $node->safe_psql('copy', 'SELECT count(*) FROM autoconn.alerts');
my $now = $node->safe_psql('copy', 'SELECT clock_timestamp()');
$node->safe_psql('copy', "SELECT autoconn.adopt('shop')");
is(monitoring($node, 'copy'), 'on', 'copy: adopted');
poll($node, 'copy', "last_check > '$now' FROM autoconn.servers", 'copy: it is polled');
poll($node, 'copy', 'count(*) = 0 FROM autoconn.webhook', 'copy: webhooks are told');
cmp_ok(scalar(@{ $api->hook('shop') }), '>', 0, 'copy: they are');
is($node->safe_psql('copy', 'SELECT count(*) FROM autoconn.alerts'),
	$alerts, 'copy: what was known is known');

# ---- dump and restore ----

# A look at a database that is not restored yet would be the last for minutes.
watch('off');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$api->forget('shop');
$node->run_log([ 'sh', '-c',
		join(' ', 'pg_dump', '-h', $node->host, '-p', $node->port, 'copy', '|',
			'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-h', $node->host, '-p', $node->port, 'restored') ]);
$node->safe_psql('postgres', 'DROP DATABASE copy WITH (FORCE)');
$api->forget('shop');
watch('on');
leaves_alone($node, 'restored', 'shop', 'restored: no requests');
is(monitoring($node, 'restored'), 'paused', 'restored: monitoring is paused');
$node->safe_psql('restored', "SELECT autoconn.adopt('shop')");
is(monitoring($node, 'restored'), 'on', 'restored: adopted');
poll($node, 'restored', "polls >= 3 FROM autoconn.watch", 'restored: it is polled');
$api->drift('shop', 'add_column=orders.color');
poll($node, 'restored', "count(*) = 1 FROM autoconn.alerts
	WHERE kind = 'column_added' AND relation = 'shop.orders'", 'restored: what changes is told');

# A server that is renamed, or has another owner, is the same.
$node->safe_psql('restored', 'ALTER SERVER shop RENAME TO store');
$now = $node->safe_psql('restored', 'SELECT clock_timestamp()');
poll($node, 'restored', "last_check > '$now' FROM autoconn.servers WHERE server = 'store'",
	'renamed: it is polled');
$node->safe_psql('restored', "CREATE ROLE regress_owner LOGIN;
	GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO regress_owner;
	CREATE USER MAPPING FOR regress_owner SERVER store OPTIONS (token 'S3CRET-new');
	ALTER SERVER store OWNER TO regress_owner");
$now = $node->safe_psql('restored', 'SELECT clock_timestamp()');
$api->forget('shop');
poll($node, 'restored', "last_check > '$now' AND monitoring = 'on'
	FROM autoconn.servers WHERE server = 'store'", 'given away: it is polled');
$api->wait_for('shop', 4);
is(scalar(grep { !/S3CRET-new/ } $api->requests('shop', 'authorization')),
	0, 'with the mapping of its owner');
$node->stop;

# ---- without preload ----

my $late = start_node('late', conf => "autoconn.naptime = '1s'\n");
watch_server($late, $api, 'late');
poll($late, 'postgres', 'polls >= 3 FROM autoconn.watch', 'without preload: polls');
is($late->safe_psql('postgres', 'SELECT monitoring FROM autoconn.servers'), 'on',
	'without preload: monitoring is on');
$api->drift('late', 'add_column=orders.color&where=payload');
poll($late, 'postgres', "count(*) = 1 FROM autoconn.alerts WHERE kind = 'column_added'",
	'without preload: alerts');
$late->restart;
$api->forget('late');
is($late->safe_psql('postgres', 'SELECT count(*) FROM late.orders'), 60,
	'after a restart a scan');
$api->wait_for('late', 6);
poll($late, 'postgres', 'last_check > pg_postmaster_start_time() FROM autoconn.servers',
	'starts the watch again');
is(worker_errors($_), '', 'no error of a worker') for $node, $late;
done_testing();
