# A worker polls by itself: what the API changes, and what scans see, become
# alerts while nobody calls anything.
use strict;
use warnings;

use AutoconnTest;
use IPC::Run ();
use PostgreSQL::Test::Utils;
use Test::More;

my $api = start_api();
my $node = start_node('main', preload => 1, conf => <<'EOS');
autoconn.naptime = '1s'
autoconn.allowed_hosts = '127.0.0.1'
EOS

sub sql { return $node->safe_psql('postgres', @_); }

sub poll
{
	my ($condition, $name) = @_;
	return ok($node->poll_query_until('postgres', "SELECT $condition"), $name);
}

# An alert of the kind, and of the column where it has one.
sub told
{
	my ($server, $kind, $column, $name) = @_;
	my $where = "server = '$server' AND kind = '$kind'";

	$where .= " AND column_name = '$column'" if defined $column;
	return poll("EXISTS (SELECT FROM autoconn.alerts WHERE $where)", $name);
}

# So many polls of the server were made: there is something to compare with.
sub polled
{
	my ($server, $n) = @_;
	return poll("polls >= $n FROM autoconn.watch WHERE server = '$server'",
		"$server: polled");
}

# ---- the description, and what is told of it ----

watch_server($node, $api, 'spec');
$api->wait_for('spec', $api->count('spec') + 2);
poll("monitoring = 'on' AND last_check IS NOT NULL FROM autoconn.servers
	WHERE server = 'spec'", 'a server is watched');
my $last_check =
  sql("SELECT last_check FROM autoconn.servers WHERE server = 'spec'");
poll("last_check > '$last_check' FROM autoconn.servers
	WHERE server = 'spec'", 'and was polled again');
poll("last_check > clock_timestamp() - '10 s'::interval
	FROM autoconn.servers WHERE server = 'spec'", 'lately');

my ($heard, $err) = ('', '');
my $listener = IPC::Run::start(
	[ 'psql', '-XAtq', '-d', $node->connstr('postgres') ],
	'<', \my $say, '>', \$heard, '2>', \$err, IPC::Run::timeout(180));
$say = "LISTEN autoconn_alerts;\n\\echo listening\n";
$listener->pump until $heard =~ /listening/;
$api->drift('spec', 'add_column=orders.color&where=spec');
told('spec', 'column_added', 'color', 'a column that the description adds');
# psql shows notifications after a statement.
until ($heard =~ /Asynchronous/)
{
	$say = "SELECT pg_sleep(0.05);\n";
	$listener->pump;
}
$listener->kill_kill;
like($heard,
	qr/Asynchronous notification "autoconn_alerts" with payload "\{.*"server" ?: ?"spec".*\}"/,
	'which listeners hear of');
is( sql("SELECT count(*) FROM autoconn.alerts WHERE kind = 'column_added'"),
	1, 'once');
poll("occurrences > 2 FROM autoconn.alerts WHERE kind = 'column_added'",
	'polls that find it again count up');
$api->drift('spec', 'add_column=');
poll("status = 'resolved' FROM autoconn.alerts WHERE kind = 'column_added'",
	'and resolve it when it is gone');

# ---- what rows show: probes, without any scan ----

watch_server($node, $api, 'rows');
polled('rows', 2);
$api->drift('rows', 'retype=orders.total:string&where=payload');
told('rows', 'quoted_number', 'total', 'a type that the rows change');

# ---- what scans see, in a transaction that is rolled back ----

watch_server($node, $api, 'scan');
polled('scan', 3);
sql("ALTER SERVER scan OPTIONS (SET check_interval '1h')");
poll("next_check > clock_timestamp() + '30 min'::interval
	FROM autoconn.watch WHERE server = 'scan'", 'is polled once an hour from now on');
$api->drift('scan', 'add_column=customers.motto&where=payload');
$api->forget('scan');
sql('BEGIN; SELECT count(*) FROM scan.customers; ROLLBACK') for 1 .. 2;
told('scan', 'column_added', 'motto',
	'a scan that was rolled back told of a member that is no column');
is(scalar(grep { !m{^GET /v1/customers\b} } $api->requests('scan')),
	0, 'nothing else was asked');
my $polls = sql("SELECT polls FROM autoconn.watch WHERE server = 'scan'");
sql("ALTER SERVER scan OPTIONS (SET check_interval '1s')");
poll("polls > $polls FROM autoconn.watch WHERE server = 'scan'",
	'it does not take the hour until a shorter interval counts');

# ---- repairs ----

watch_server($node, $api, 'heal', on_drift => 'additive');
polled('heal', 2);
$api->drift('heal', 'add_column=orders.color');
poll("status = 'verified' AND decided_by = 'autoconn' FROM autoconn.alerts
	WHERE server = 'heal' AND kind = 'column_added'",
	'a column is added without a person, and watched');
is( sql('SELECT count(*), count(color) FROM heal.orders'),
	'60|60', 'it can be read');
is( sql("SELECT count(*) FROM pg_attribute WHERE attname = 'color'
	AND attrelid IN (SELECT ftrelid FROM pg_foreign_table)"),
	1, 'nobody else has it');

# ---- whose credentials ----

sql(<<"EOS");
CREATE ROLE regress_owner LOGIN;
CREATE ROLE regress_other LOGIN;
GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO regress_owner;
GRANT CREATE ON DATABASE postgres TO regress_owner;
EOS
$api->drift('owned', 'auth=bearer');
watch_server($node, $api, 'owned',
	user => 'regress_owner', token => 'bearer-S3CRET-5f1c');
sql("CREATE USER MAPPING FOR regress_other SERVER owned
	OPTIONS (token 'S3CRET-other');
	CREATE USER MAPPING FOR PUBLIC SERVER owned OPTIONS (token 'S3CRET-all');
	CREATE USER MAPPING FOR CURRENT_USER SERVER owned
	OPTIONS (token 'S3CRET-superuser')");
$api->forget('owned');
$api->wait_for('owned', 8);
my @lines = $api->requests('owned', 'authorization');
is(scalar(grep { /S3CRET/ && !/Bearer bearer-S3CRET-5f1c/ } @lines),
	0, 'nobody\'s credentials but the owner\'s are sent');
ok((grep { m{/v1/orders.*Bearer bearer-S3CRET-5f1c} } @lines),
	'the owner\'s are');
is(sql("SELECT count(*) FROM autoconn.alerts WHERE server = 'owned'"),
	0, 'and serve');
polled('owned', 2);
$api->drift('owned', 'add_column=orders.color');
told('owned', 'column_added', 'color', 'an ordinary role\'s server is watched');

# ---- idle ----

$api->forget('spec');
sql("DROP SERVER $_ CASCADE") for qw(rows heal owned spec);
poll("NOT EXISTS (SELECT FROM pg_stat_activity
	WHERE backend_type = 'autoconn worker')", 'the worker leaves');
is(worker_errors($node), '', 'the log has nothing to tell');
unlike(slurp_file($node->logfile), qr/PANIC|TRAP|signal 11/, 'nothing crashed');
done_testing();
