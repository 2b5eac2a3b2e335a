# A parameter that the API ignores is not sent any more: not in the session
# that found out, not in others, not after a restart, until its option changes.
use strict;
use warnings;

use AutoconnTest;
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

# Rows and the requests of a query that a session of its own makes.
sub asked
{
	my ($session, $query) = @_;
	$api->forget($session);
	my $rows = sql($query);
	return ($rows, grep { m{/things} && !m{per_page=1\b|limit=1\b} } $api->requests($session));
}

sub serve
{
	my ($name, $scenario, $on_drift) = @_;
	my $url = $api->url . "/s/$name/$scenario";
	sql(<<EOS);
CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url', check_interval '1h', on_drift '$on_drift');
CREATE SCHEMA $name;
IMPORT FOREIGN SCHEMA api FROM SERVER $name INTO $name OPTIONS (sample 'off');
EOS
	return;
}

serve('ignoring', 'ignore_filters;style=page;size=50;rows=60', 'alert');
my $query = "SELECT count(*) FROM ignoring.things WHERE kind = 'red'";

# The import asks the API for all that it can, in vain; the first scan finds out.
my ($rows, @requests) = asked('ignoring', $query);
is($rows, 15, 'no wrong row is shown');
ok((grep { /kind=red/ } @requests), 'the parameter is sent');
poll("EXISTS (SELECT FROM autoconn.alerts WHERE server = 'ignoring'
	AND kind = 'semantics_changed' AND column_name = 'kind'
	AND status IN ('open', 'proposed'))", 'an alert tells');
is( sql("SELECT severity, relation, summary, fix FROM autoconn.alerts
	WHERE server = 'ignoring' AND kind = 'semantics_changed'"),
	'warning|ignoring.things|the API ignores the parameter "kind" of things: it sent rows with other values than it was asked for'
	. '|ALTER FOREIGN TABLE ignoring.things ALTER COLUMN kind OPTIONS (ADD operators \'none\')',
	'what, where, how bad, and what answers it');
($rows, @requests) = asked('ignoring', $query);
is($rows, 15, 'another session has the same rows');
ok(!(grep { /kind=/ } @requests), 'and does not send the parameter');
like( sql("EXPLAIN (VERBOSE) $query"),
	qr/Not sent: kind = 'red' \(the API was seen to ignore the parameter\)/,
	'EXPLAIN says why');
($rows, @requests) = asked('ignoring',
	'SELECT count(*) FROM ignoring.things WHERE owner_id = 2');
is($rows, 12, 'another column');
ok((grep { /owner_id=2/ } @requests), 'is another matter');

# It outlives a restart.
$node->restart;
($rows, @requests) = asked('ignoring', $query);
ok(!(grep { /kind=/ } @requests), 'it outlives a restart');
poll("count(*) = 1 FROM autoconn.alerts WHERE server = 'ignoring'
	AND kind = 'semantics_changed' AND column_name = 'kind'", 'one alert');

# Somebody says that the parameter is another one: that is sent.
sql("ALTER FOREIGN TABLE ignoring.things ALTER COLUMN kind OPTIONS (SET param 'colour')");
($rows, @requests) = asked('ignoring', $query);
ok((grep { /colour=red/ } @requests), 'a parameter of another name is sent');

# The fix, by hand.
serve('mended', 'ignore_filters;style=page;size=50;rows=60', 'alert');
asked('mended', "SELECT count(*) FROM mended.things WHERE kind = 'red'");
poll("EXISTS (SELECT FROM autoconn.alerts WHERE server = 'mended'
	AND kind = 'semantics_changed')", 'another server, another alert');
sql("SELECT autoconn.approve(id) FROM autoconn.alerts
	WHERE server = 'mended' AND kind = 'semantics_changed'");
is( sql("SELECT o.option_value FROM pg_attribute a, pg_options_to_table(attfdwoptions) o
	WHERE attrelid = 'mended.things'::regclass AND attname = 'kind' AND o.option_name = 'operators'"),
	'none', 'the fix makes it permanent');
sql("SELECT count(*) FROM autoconn.check('mended')");
is( sql("SELECT count(*) FROM autoconn.ignored_param p JOIN pg_class c ON c.oid = p.relid
	WHERE relnamespace = 'mended'::regnamespace"), 0, 'and there is nothing more to remember');

# A filter that works stays.
serve('good', 'filters;style=page;size=50;rows=60', 'alert');
asked('good', "SELECT count(*) FROM good.things WHERE kind = 'red'");
sql("SELECT count(*) FROM autoconn.check('good')");
is( sql("SELECT count(*) FROM autoconn.ignored_param WHERE server = 'good'"),
	0, 'a filter that works stays');
sql('DROP SERVER ignoring CASCADE');
is( sql("SELECT count(*) FROM autoconn.ignored_param"), 0,
	'with the server goes what is known of it');

done_testing();
