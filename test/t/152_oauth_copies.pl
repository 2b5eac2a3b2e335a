# Tokens and what becomes of their mappings, servers and databases: a standby
# and a copy do not spend what is the original's.
use strict;
use warnings;

use AutoconnTest;
use OauthServer;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $oauth = OauthServer->new;
my $node = start_node('main',
	conf => "wal_level = replica\nmax_wal_senders = 5\nautoconn.watch = off\n");
my $client = "client_id 'client-1', client_secret 'client-S3CRET'";
my $seed = "$client, refresh_token 'refresh-S3CRET-0'";

sub error_of
{
	my ($on, $sql, $database) = @_;
	my (undef, $out, $err) =
	  $on->psql($database // 'postgres', "\\set VERBOSITY verbose\n$sql");
	return $out . $err;
}

sub rows
{
	my ($table, $on, $database) = @_;
	return error_of($on // $node, "SELECT count(*) FROM $table", $database);
}

sub stored
{
	my ($on, $database) = @_;
	return ($on // $node)->safe_psql($database // 'postgres',
		"SELECT server, generation FROM autoconn.token ORDER BY 1");
}

# ---- a standby ----

$oauth->make($node, 'alone', mapping => $seed);
$oauth->make($node, 'cc', mapping => $client);
is(rows('alone'), 3, 'a token');
$node->backup('copy');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'copy', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby);
$oauth->happened('alone');
is(rows('alone', $standby), 3, 'a standby uses the token of the primary');
is($oauth->happened('alone'), 'things 200', 'as it is');
is(rows('cc', $standby), 3, 'and asks for one where that can be done at any time');
$oauth->get('alone', '_expire');
like(rows('alone', $standby), qr/25006: cannot renew the access token of server "alone" during recovery.*primary/s, 'but spends nothing');
is($oauth->happened('alone'), 'things 401', 'at all');
is(rows('alone'), 3, 'the primary renews it');
$node->wait_for_catchup($standby);
$oauth->happened('alone');
is(rows('alone', $standby), 3, 'for both');
is($oauth->happened('alone'), 'things 200', 'without asking');
$standby->stop;

# ---- servers and mappings that change ----

$node->safe_psql('postgres', 'ALTER SERVER alone RENAME TO renamed');
is(rows('alone'), 3, 'a server that was renamed');
$oauth->get('alone', '_expire');
is(rows('alone'), 3, 'and whose token was renewed then');
is(stored(), "cc|0\nrenamed|3", 'its row follows');
$node->safe_psql('postgres', "ALTER USER MAPPING FOR CURRENT_USER SERVER renamed OPTIONS (ADD headers '{\"X-Y\": \"z\"}')");
$oauth->happened('alone');
is(rows('alone'), 3, 'a mapping that changed elsewhere');
is($oauth->happened('alone'), 'things 200', 'keeps its token');
$node->safe_psql('postgres', "ALTER SERVER renamed OPTIONS (ADD scope 'more')");
is(rows('alone'), 3, 'another scope');
is($oauth->happened('alone'), 'token refresh_token, things 200', 'is asked for with the refresh token that came last');
$oauth->make($node, 'second', mapping => "$client, refresh_token 'no-S3CRET'");
like(rows('second'), qr/28000/, 'a seed that is no good');
$node->safe_psql('postgres', "ALTER USER MAPPING FOR CURRENT_USER SERVER second OPTIONS (SET refresh_token 'refresh-S3CRET-0')");
is(rows('second'), 3, 'another one');
$node->safe_psql('postgres', "ALTER SERVER second OPTIONS (SET oauth_token_url '@{[ $oauth->url('elsewhere', 'token') ]}')");
$oauth->happened('elsewhere');
rows('second');
is($oauth->happened('elsewhere'), 'token refresh_token, token refresh_token', 'another authorization server gets the seed and no token of the first one');
$node->safe_psql('postgres', 'DROP USER MAPPING FOR CURRENT_USER SERVER second');
is(stored(), "cc|0\nrenamed|4", 'a mapping that is dropped takes its tokens along');
$node->safe_psql('postgres', 'BEGIN; DROP SERVER renamed CASCADE; ROLLBACK');
is(rows('alone'), 3, 'a server that is not dropped after all');
$oauth->make($node, 'gone', mapping => $seed);
is(rows('gone'), 3, 'one that is');
$node->safe_psql('postgres', 'DROP SERVER gone CASCADE');
$oauth->make($node, 'gone', mapping => $seed);
like(rows('gone'), qr/28000: authorization server does not accept the grant/, 'leaves nothing to one of its name');
$node->safe_psql('postgres', 'DROP SERVER gone CASCADE');

# A renewal while somebody is dropping the mapping: it is not waited for long,
# and what was got is not lost.
my $dropper = $node->background_psql('postgres');
$dropper->query_safe('BEGIN; DROP USER MAPPING FOR CURRENT_USER SERVER renamed');
$oauth->get('alone', '_expire');
$oauth->happened('alone');
like(rows('alone'), qr/55000: access token of server "renamed" was not renewed/, 'a mapping that somebody is dropping');
$dropper->query_safe('ROLLBACK');
$dropper->quit;
is(rows('alone'), 3, 'and does not drop');
is($oauth->count('alone', 'token|REUSE'), 1, 'has the token that was got meanwhile');

# ---- one refresh token in two mappings ----

$node->safe_psql('postgres', 'CREATE ROLE regress_other');
$oauth->make($node, 'shared', mapping => $seed);
is(rows('shared'), 3, 'a refresh token');
$node->safe_psql('postgres', "CREATE USER MAPPING FOR regress_other SERVER shared OPTIONS ($seed); GRANT SELECT ON shared TO regress_other");
like(error_of($node, 'SET ROLE regress_other; SELECT count(*) FROM shared'), qr/55000: refresh token of server "shared" is in use for another user mapping/, 'in a second mapping');
$oauth->get('shared', '_expire');
is(rows('shared'), 3, 'is not spent again');
unlike($oauth->happened('shared'), qr/REUSE/, 'for the sake of the first');
$node->safe_psql('postgres', 'DROP SERVER shared CASCADE');

# ---- a copy of the database ----

$node->safe_psql('postgres', 'CREATE DATABASE copy TEMPLATE template0');
$node->safe_psql('postgres', "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'postgres' AND pid <> pg_backend_pid()");
$node->safe_psql('template1', 'CREATE DATABASE twin TEMPLATE postgres');
$oauth->happened('alone');
is(rows('alone', $node, 'twin'), 3, 'a copy may use a token that is good');
$oauth->get('alone', '_expire');
like(rows('alone', $node, 'twin'), qr/55000: database seems to be a copy: the token of server "renamed" is not renewed in it.*SELECT autoconn.adopt\('renamed'\)/s, 'but does not renew it');
is($oauth->happened('alone'), 'things 200, things 401', 'and spends nothing');
is(rows('alone'), 3, 'which the original still can');
$node->safe_psql('twin', "ALTER USER MAPPING FOR CURRENT_USER SERVER renamed OPTIONS (SET client_secret 'client-S3CRET')");
$oauth->get('alone', '_expire');
like(rows('alone', $node, 'twin'), qr/55000/, 'nor when its mapping is touched');
$node->safe_psql('twin', "SET client_min_messages = error; SELECT autoconn.adopt('renamed')");
like(rows('alone', $node, 'twin'), qr/28000/, 'adopted, it spends what it has: by now that is used up');

# A dump has the seed, which is spent, or will be by the original.
$oauth->make($node, 'dumped', mapping => $seed);
my ($dump) = run_command([ 'pg_dump', $node->connstr('postgres') ]);
unlike($dump, qr/access-S3CRET|refresh-S3CRET-[1-9]/, 'no token is in a dump');
my $file = $node->basedir . '/dump.sql';
open(my $fh, '>', $file) or die;
print $fh $dump;
close $fh;
$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('copy'), '-f', $file ], 'the dump is restored');
like(rows('dumped', $node, 'copy'), qr/55000: database seems to be a copy/, 'there the seed is not spent');
is(rows('dumped'), 3, 'which the original is free to do');
$oauth->make($node, 'moved', mapping => $seed, database => 'copy');
is(rows('moved', $node, 'copy'), 3, 'what is made there is its own');
is(error_of($node, "SET client_min_messages = error; SELECT autoconn.adopt('cc')", 'copy'), '', 'adopting a server');
is($node->safe_psql('copy', "SELECT server FROM autoconn.token ORDER BY 1"), "cc\nmoved", 'makes its tokens those of the database');

done_testing();
