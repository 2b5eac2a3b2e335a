# Webhooks: told of each alert once, in spite of failures; one that hangs is
# in nobody's way; those of a copy of the database say nothing.
use strict;
use warnings;

use AutoconnTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $api = start_api();
my $node = start_node('main', preload => 1, conf => "autoconn.naptime = '1s'\n");

sub sql { return $node->safe_psql('postgres', @_); }

sub poll
{
	my ($condition, $name, $database) = @_;
	return ok($node->poll_query_until($database // 'postgres', "SELECT $condition"),
		$name);
}

sub set_clock
{
	my ($offset) = @_;
	$node->append_conf('postgresql.conf', "autoconn.clock_offset = '$offset'\n");
	$node->reload;
	return;
}

sub watch_with_hook
{
	my ($session, $hook) = @_;
	watch_server($node, $api, $session,
		mapping => "token 'S3CRET-api', webhook '$hook'");
	poll("polls >= 2 FROM autoconn.watch WHERE server = '$session'",
		"$session: polled");
	return;
}

# How often the webhook was sent each alert, as "id: statuses".
sub posts
{
	my ($session) = @_;
	my %statuses;
	push @{ $statuses{ $_->{json}{alert}{id} } }, $_->{status}
	  for @{ $api->hook($session) };
	return join(', ', map { "$_: @{ $statuses{$_} }" } sort { $a <=> $b } keys %statuses);
}

# ---- failures ----

watch_with_hook('told', $api->url('/_hook/told?status=500&fail=1'));
sql("CREATE ROLE other; CREATE USER MAPPING FOR other SERVER told
	OPTIONS (webhook '" . $api->url('/_hook/other') . "')");
$api->forget('told');
$api->drift('told', 'sunset=orders:7&where=payload');
poll("count(*) = 1 AND bool_and(tries = 1 AND next_try > clock_timestamp() + '20 s'::interval)
	FROM autoconn.webhook", 'a webhook that fails is tried again in a minute');
my $id = sql("SELECT id FROM autoconn.alerts WHERE kind = 'sunset_scheduled'");
is(posts('told'), "$id: 500", 'it was sent the alert');
my $polls = sql("SELECT polls FROM autoconn.watch WHERE server = 'told'");
poll("polls > $polls + 2 FROM autoconn.watch WHERE server = 'told'",
	'polls go on');
is(posts('told'), "$id: 500", 'but not before');
set_clock('2 min');
poll('count(*) = 0 FROM autoconn.webhook', 'it is told in the end');
is(posts('told'), "$id: 500 200", 'once');
my $message = $api->hook('told')->[1];
is($message->{content_type}, 'application/json', 'as JSON');
like($message->{json}{text}, qr/^\[critical\] told: ./, 'with a text for people');
is($message->{json}{content}, $message->{json}{text}, 'under two names');
is_deeply(
	[ @{ $message->{json}{alert} }{qw(server kind severity table_name status)} ],
	[qw(told sunset_scheduled critical orders open)],
	'and parts for programs');
is(scalar(grep { /S3CRET/ && /_hook/ } $api->requests('told', 'authorization')),
	0, 'the API\'s credentials are not for it');
is(posts('other'), '', 'webhooks of other roles are not told');
$polls = sql("SELECT polls FROM autoconn.watch WHERE server = 'told'");
poll("polls > $polls + 2 FROM autoconn.watch WHERE server = 'told'",
	'polls find it again');
is(posts('told'), "$id: 500 200", 'which is nothing new');

# Nine failures, of which the log has the last, are the end.
watch_with_hook('never', $api->url('/_hook/never?status=503'));
$api->drift('never', 'sunset=orders:7&where=payload');
for my $try (1 .. 8)
{
	poll("count(*) = 1 AND bool_and(tries = $try) FROM autoconn.webhook", "try $try");
	set_clock(2 + 2**($try + 1) . ' min');
}
poll('count(*) = 0 FROM autoconn.webhook', 'and no more');
like(posts('never'), qr/^\d+:(?: 503){9}$/, 'nine tries');
ok($node->wait_for_log(qr/webhook was not told of alert \d+ after 9 tries/), 'the log tells');

# ---- hanging ----

chomp(my $silent = http_get($api->url('/_port/silent')));
watch_with_hook('hangs', "http://127.0.0.1:$silent/hook?S3CRET-hook");
$api->drift('hangs', 'sunset=orders:7&where=payload');
# While the request is under way: the worker says so, and is in no transaction.
poll("count(*) = 1 FROM autoconn.webhook WHERE tries = 1", 'a webhook hangs');
my $hanging = sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'autoconn worker'");
$api->drift('told', 'add_column=customers.motto&where=spec');
poll("count(*) = 1 FROM autoconn.alerts
	WHERE server = 'told' AND kind = 'column_added'", 'another server\'s alert');
$api->drift('hangs', 'add_column=customers.motto&where=spec');
poll("count(*) = 1 FROM autoconn.alerts
	WHERE server = 'hangs' AND kind = 'column_added'", 'the server\'s next alert');
poll("EXISTS (SELECT FROM pg_stat_activity WHERE pid = $hanging
		AND backend_xmin IS NULL AND xact_start IS NULL)", 'come while it hangs');
# It gives up, and so the visit ends.
poll("NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $hanging)",
	'the visit ends nevertheless');
$polls = sql("SELECT polls FROM autoconn.watch WHERE server = 'told'");
poll("polls > $polls + 2 FROM autoconn.watch WHERE server = 'told'", 'polls go on');
poll(q(count(*) FILTER (WHERE tries = 0) = 0 FROM autoconn.webhook), 'all were tried');

# ---- refused, gone ----

chomp(my $refused = http_get($api->url('/_port/refused')));
sql("ALTER USER MAPPING FOR CURRENT_USER SERVER hangs
	OPTIONS (SET webhook 'http://127.0.0.1:$refused/')");
set_clock('2 days');
poll("count(*) > 0 AND min(tries) > 1 FROM autoconn.webhook", 'a webhook that refuses is tried again');
sql("ALTER USER MAPPING FOR CURRENT_USER SERVER hangs OPTIONS (DROP webhook)");
set_clock('3 days');
poll('count(*) = 0 FROM autoconn.webhook', 'without a webhook there are no messages');
unlike(slurp_file($node->logfile) =~ s/.*LOG:  statement.*|^\t.*//gmr, qr/S3CRET/,
	'the log knows no addresses of webhooks');
is(sql('SELECT count(*) FROM autoconn.worker_state() WHERE failures > 0'),
	0, 'no visit failed');
done_testing();
