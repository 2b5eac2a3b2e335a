# Whatever ends a worker, and whenever: what was told stays told, nothing is
# done twice, polls go on.  While the API is asked a worker holds nothing.
use strict;
use warnings;

use AutoconnTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $api = start_api();
my $node = start_node('main', preload => 1, conf => <<'EOS');
autoconn.naptime = '1s'
restart_after_crash = on
EOS
my $worker = "FROM pg_stat_activity WHERE backend_type = 'autoconn worker'";

sub sql { return $node->safe_psql('postgres', @_); }

sub poll
{
	my ($condition, $name) = @_;
	return ok($node->poll_query_until('postgres', "SELECT $condition"), $name);
}

# A poll of "slow" waits for an answer that does not come, and will be the only
# one; returns the worker's pid.
sub stall
{
	$api->forget('slow');
	sql("ALTER SERVER slow OPTIONS (SET check_interval '1h');
		UPDATE autoconn.watch SET next_check = '-infinity' WHERE server = 'slow'");
	$api->wait_for('slow', 2);
	sql("ALTER SERVER slow OPTIONS (SET check_interval '0')");
	return sql("SELECT pid $worker");
}

# Polls of "well" go on, and nothing that was known before is lost.
sub goes_on
{
	my ($before, $changes, $how) = @_;
	my $polls = sql("SELECT polls FROM autoconn.watch WHERE server = 'well'");

	poll("polls > $polls + 1 FROM autoconn.watch WHERE server = 'well'",
		"$how: polls go on");
	is(alerts(), $before, "$how: no alert is lost, none is told again");
	is(changes(), $changes, "$how: no fix is applied twice");
	return;
}

sub alerts
{
	return sql("SELECT string_agg(concat_ws(' ', id, kind, column_name), ', ' ORDER BY id)
		FROM autoconn.alerts");
}

# Columns of the watched table, and how many fixes were applied.
sub changes
{
	return sql("SELECT count(*) || ' columns, ' ||
		(SELECT count(*) FROM autoconn.alerts WHERE decided_by = 'autoconn') || ' fixes'
		FROM pg_attribute WHERE attrelid = 'well.orders'::regclass AND attnum > 0");
}

watch_server($node, $api, 'well', on_drift => 'additive');
watch_server($node, $api, 'slow', url => $api->url('/s/slow/stall_headers'),
	timeout => '60s', check_interval => '0');
poll("polls >= 2 FROM autoconn.watch WHERE server = 'well'", 'polled');

# ---- what a worker holds while it waits ----

my $pid = stall();
is( sql("SELECT count(*) $worker AND pid = $pid AND xact_start IS NULL
		AND backend_xmin IS NULL AND backend_xid IS NULL"),
	1, 'no transaction while the API is asked');
is(sql("SELECT count(*) FROM pg_locks WHERE pid = $pid"), 0, 'and no lock');
sql('ALTER FOREIGN TABLE slow.things ADD COLUMN more text;
	ALTER FOREIGN TABLE slow.things DROP COLUMN more');
is(sql("SELECT count(*) $worker AND pid = $pid"), 1, 'its table can be altered meanwhile');

# ---- an end that was asked for ----

is(sql("SELECT pg_terminate_backend($pid, 2000)"), 't',
	'a worker that waits for an answer ends at once when it is told to');
$api->wait_for('slow', 2, gone => 1);
pass('and closes its connection');
poll("NOT EXISTS (SELECT FROM autoconn.worker_state() WHERE failures > 0)",
	'the next visit is well');

# ---- crashes ----

my $n = 0;

for my $how ('kill of the worker', 'kill of a session', 'immediate stop')
{
	# A fix that was applied just before.
	my $column = qw(color size weight)[ $n++ ];
	$api->drift('well', "add_column=orders.$column");
	poll("count(*) = 1 FROM autoconn.alerts WHERE column_name = '$column'
		AND status IN ('applied', 'verified')", "a column is added: $column");
	$pid = stall();
	my $before = alerts();
	my $changes = changes();
	if ($how eq 'kill of the worker')
	{
		crash($node, $pid);
	}
	elsif ($how eq 'kill of a session')
	{
		my $session = $node->background_psql('postgres', on_error_die => 0);
		crash($node, $session->query_safe('SELECT pg_backend_pid()'));
		eval { $session->quit };
	}
	else
	{
		$node->stop('immediate');
		$node->start;
	}
	$node->poll_query_until('postgres',
		"SELECT NOT EXISTS (SELECT $worker AND pid = $pid)");
	goes_on($before, $changes, $how);
	poll("status = 'verified' FROM autoconn.alerts WHERE column_name = '$column'",
		"$how: the fix is verified afterwards");
}
is(sql('SELECT count(weight) FROM well.orders'), 60, 'the table can be read');

# ---- an API that hangs ----

watch_server($node, $api, 'hung', url => $api->url('/s/hung/stall_headers'),
	timeout => '500ms', check_interval => '0');
sql(join(';', map { "CREATE FOREIGN TABLE hung.t$_ (id int) SERVER hung
		OPTIONS (path '/things', rows_path '/things', params 'n=$_')" } 1 .. 10));
$api->forget('hung');
sql("ALTER SERVER hung OPTIONS (SET check_interval '1s')");
poll("polls > 0 FROM autoconn.watch WHERE server = 'hung'", 'an API that hangs is polled');
poll("count(*) = 1 FROM autoconn.alerts WHERE server = 'hung' AND kind = 'outage'",
	'and told of');
sql("ALTER SERVER hung OPTIONS (SET check_interval '0')");

# A fast stop does not wait for an answer.
$pid = stall();
$node->stop('fast');
ok(!-e $node->data_dir . '/postmaster.pid', 'a fast stop does not wait for an answer');
unlike(slurp_file($node->logfile), qr/PANIC|TRAP|signal 11/, 'nothing crashed by itself');
is(worker_errors($node), '', 'no error of a worker');
done_testing();
