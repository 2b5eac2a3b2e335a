# What was learned of a server is forgotten at its owner's word, and no role
# drives out of full tables what is known of another's.
use strict;
use warnings;

use AutoconnTest;
use IPC::Run ();
use Test::More;
use Time::HiRes qw(time);

my $api = start_api();
my $node = start_node('main', preload => 1, conf => "autoconn.watch = off\nautoconn.allowed_hosts = '127.0.0.1'\n");

sub create_api
{
	my ($on, $name, $scenario, $options) = @_;
	my $url = $api->url("/s/$name/$scenario");

	$on->safe_psql('postgres', "CREATE SERVER $name FOREIGN DATA WRAPPER autoconn
			OPTIONS (url '$url', discover 'off'$options);
		CREATE FOREIGN TABLE $name (id bigint) SERVER $name
			OPTIONS (path '/things', rows_path '/things', pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor')");
	return;
}

sub error_of
{
	my ($sql, %how) = @_;
	my (undef, undef, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\n$sql", %how);
	return $err;
}

# ---- autoconn.limits_reset() ----

create_api($node, 'days', 'rate_limited;retry_after=999999;fail=1;rows=2;size=5', '');
like(error_of('SELECT count(*) FROM days'), qr/53400.*frees in 999999 s/s, 'an API wants to be left alone for days');
like(error_of('SELECT count(*) FROM days'), qr/53400.*was not sent/s, 'and is');
$node->safe_psql('postgres', 'CREATE ROLE stranger LOGIN; CREATE ROLE owner LOGIN; GRANT USAGE ON FOREIGN SERVER days TO stranger;
	GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO owner');
like(error_of("SELECT autoconn.limits_reset('days')", extra_params => [ '-U', 'stranger' ]),
	qr/42501: must be owner of foreign server days/, 'who may use the server may not change that');
like(error_of("SELECT autoconn.limits_reset('away')"), qr/42704/, 'nor anybody for a server that is not there');
is($api->count('days'), 1, 'nothing was sent so far');
$node->safe_psql('postgres', 'ALTER SERVER days OWNER TO owner; GRANT SELECT ON days TO owner');
$node->safe_psql('postgres', "SELECT autoconn.limits_reset('days')", extra_params => [ '-U', 'owner' ]);
is($node->safe_psql('postgres', 'SELECT count(*) FROM autoconn.limits'), 0, 'the owner may');
is($node->safe_psql('postgres', 'SELECT count(*) FROM days'), 2, 'and it flows again');

# One who waits goes, too.
create_api($node, 'slow', 'plain;rows=1', ", rate_limit '0.02'");
is($node->safe_psql('postgres', 'SELECT count(*) FROM slow'), 1, 'the one request in fifty seconds');
my ($out, $err) = ('', '');
my $waiter = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', "SET application_name = 'waiter'; SELECT count(*) FROM slow" ],
	'<', \undef, '>', \$out, '2>', \$err, IPC::Run::timeout(60));
$node->poll_query_until('postgres', "SELECT tokens < 0 FROM autoconn.limits WHERE server = 'slow' AND scope = 'server'");
my $told = time;
$node->safe_psql('postgres', "SELECT autoconn.limits_reset('slow')");
$waiter->finish;
is($out, "1\n", 'who waited has his rows');
cmp_ok(time - $told, '<', 10, 'soon');

# A breaker that is open.
create_api($node, 'broken', 'status', ", retries '0'");
like(error_of('SELECT count(*) FROM broken'), qr/HV000/, 'a failure') for 1 .. 5;
like(error_of('SELECT count(*) FROM broken'), qr/57P03/, 'a breaker is open');
$node->safe_psql('postgres', "SELECT autoconn.limits_reset('broken')");
like(error_of('SELECT count(*) FROM broken'), qr/HV000/, 'and closed');
$node->stop;

# ---- shares, in the small memory that is had late on 15 and 16 ----

SKIP:
{
	skip 'memory is of full size', 6 if $node->pg_version >= 17;
	my $late = start_node('late', conf => "autoconn.watch = off\nautoconn.allowed_hosts = '127.0.0.1'\n");
	create_api($late, 'honest', 'limits_told;limit=100;reset_s=1000;rows=2;size=1', '');
	is($late->safe_psql('postgres', 'SELECT count(*) FROM honest'), 2, 'a server');
	$late->safe_psql('postgres', 'CREATE ROLE many LOGIN; CREATE SCHEMA AUTHORIZATION many; GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO many');
	$late->safe_psql('postgres', join(';', map {
				"CREATE SERVER m$_ FOREIGN DATA WRAPPER autoconn OPTIONS (url '" . $api->url("/s/m$_/plain;rows=1") . "', discover 'off');
				CREATE FOREIGN TABLE many.m$_ (id bigint) SERVER m$_ OPTIONS (path '/things', rows_path '/things', pagination 'none');
				SELECT count(*) FROM many.m$_" } 1 .. 12), extra_params => [ '-U', 'many' ]);
	is($late->safe_psql('postgres', "SELECT remaining FROM autoconn.limits WHERE server = 'honest' AND scope = 'server'"), 98,
		'a role with many servers does not drive out its limits');
	cmp_ok($late->safe_psql('postgres', "SELECT count(DISTINCT server) FROM autoconn.limits WHERE server LIKE 'm%'"), '>', 1, 'and has its own');
	is($late->safe_psql('postgres', "SELECT requests FROM autoconn.stats WHERE server = 'honest'"), 2, 'nor what was counted');
	cmp_ok($late->safe_psql('postgres', "SELECT count(*) FROM autoconn.stats WHERE server LIKE 'm%'"), '>', 3, 'of which it has as much as there is');
	# Servers that are gone are in nobody's way.
	my $has = sub {
		return $late->safe_psql('postgres',
			"SELECT count(*) FROM autoconn.limits WHERE server = '$_[0]'");
	};
	$late->safe_psql('postgres', 'DROP SERVER ' . join(', ', map { "m$_" } 1 .. 12) . ' CASCADE');
	# Their paths are not there, which is no failure of theirs.
	$late->psql('postgres', join(";\n",
			"CREATE SERVER next FOREIGN DATA WRAPPER autoconn OPTIONS (url '" . $api->url('/s/next/plain;rows=1') . "', discover 'off')",
			map { "CREATE FOREIGN TABLE many.n$_ (id bigint) SERVER next OPTIONS (path '/things/$_', rows_path '/things', pagination 'none');
SELECT count(*) FROM many.n$_" } 'a' .. 'f'),
		on_error_stop => 0, extra_params => [ '-U', 'many' ]);
	is($has->('next'), 8, 'one more server has all of its limits');
	is($has->('honest'), 3, 'and so have others');
	$late->stop;
}
done_testing();
