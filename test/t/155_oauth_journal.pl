# A token that is got but not committed yet outlives a DROP that is rolled back,
# in whole or to a savepoint, and goes with one that is committed.
use strict;
use warnings;

use AutoconnTest;
use IPC::Run;
use OauthServer;
use PostgreSQL::Test::Utils;
use Test::More;

my $oauth = OauthServer->new;
my $node = start_node('main',
	conf => "autoconn.watch = off\nmax_prepared_transactions = 4\nlog_min_error_statement = panic\n");
my $seed = "client_id 'client-1', client_secret 'client-S3CRET', refresh_token 'refresh-S3CRET-0'";

sub journals
{
	return scalar(() = glob $node->data_dir . '/pgsql_tmp_autoconn/*');
}

sub rows
{
	my ($table) = @_;
	my (undef, $out, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\nSELECT count(*) FROM $table");
	return "$out$err";
}

# A server of that name, whose token was renewed, by a worker that was ended
# before it could commit what it got.
sub strand
{
	my ($world) = @_;
	my $locker = $node->background_psql('postgres');
	my ($out, $err) = ('', '');

	$oauth->make($node, $world, mapping => $seed);
	$locker->query_safe('BEGIN; LOCK TABLE autoconn.token IN EXCLUSIVE MODE');
	my $asker = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', "SELECT count(*) FROM $world" ],
		'<', \undef, '>', \$out, '2>', \$err);
	$node->poll_query_until('postgres', "SELECT count(*) = 1 FROM pg_locks WHERE NOT granted AND relation = 'autoconn.token'::regclass");
	$node->safe_psql('postgres', "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE backend_type = 'autoconn token'");
	eval { $asker->finish };
	$locker->query_safe('ROLLBACK');
	$locker->quit;
	return;
}

# What the journal has serves: the seed is not presented again.
sub is_whole
{
	my ($world, $name) = @_;

	is(rows($world), '3', "$name: the next query has rows");
	unlike($oauth->happened($world), qr/REUSE/, "$name: with what was got");
	is(journals(), 0, "$name: no journal is left");
	return;
}

my $drop = 'DROP USER MAPPING FOR CURRENT_USER SERVER';

strand('back');
is(journals(), 1, 'a journal');
$node->safe_psql('postgres', "BEGIN; $drop back; ROLLBACK");
is(journals(), 1, 'outlives a rollback');
$node->safe_psql('postgres', 'BEGIN; SET client_min_messages = warning; DROP SERVER back CASCADE; ROLLBACK');
is(journals(), 1, 'of DROP SERVER, too');
$node->safe_psql('postgres', "BEGIN; SAVEPOINT a; $drop back; ROLLBACK TO a; COMMIT");
is(journals(), 1, 'outlives a rollback to a savepoint');
$node->safe_psql('postgres', "BEGIN; SAVEPOINT a; SAVEPOINT b; $drop back; RELEASE b; ROLLBACK TO a; COMMIT");
is(journals(), 1, 'past one that was released');
$node->safe_psql('postgres', "BEGIN; SAVEPOINT a; $drop back; RELEASE a; ROLLBACK");
is(journals(), 1, 'and to the beginning');
$node->safe_psql('postgres', "DO \$\$ BEGIN $drop back; RAISE division_by_zero; EXCEPTION WHEN division_by_zero THEN NULL; END \$\$");
is(journals(), 1, 'outlives an error that is caught');
$node->safe_psql('postgres', "BEGIN; $drop back; PREPARE TRANSACTION 'p'");
is(journals(), 1, 'outlives a transaction that is prepared');
$node->safe_psql('postgres', "ROLLBACK PREPARED 'p'");
is_whole('back', 'rolled back');

strand('mixed');
strand('released');
strand('twice');
is(journals(), 3, 'three journals');
$node->safe_psql('postgres', "BEGIN; SAVEPOINT a; $drop mixed; ROLLBACK TO a; $drop twice; COMMIT");
is(journals(), 2, 'one goes, one that was dropped and came back stays');
$node->safe_psql('postgres', "BEGIN; SAVEPOINT a; $drop released; RELEASE a; COMMIT");
is(journals(), 1, 'one goes with a savepoint that was released');
is_whole('mixed', 'rolled back to a savepoint');

strand('prepared');
$node->safe_psql('postgres', "BEGIN; $drop prepared; PREPARE TRANSACTION 'p'");
$node->safe_psql('postgres', "$drop mixed");
is(journals(), 1, 'what another transaction has prepared to drop stays');
$node->safe_psql('postgres', "COMMIT PREPARED 'p'");
$node->safe_psql('postgres', "$drop back");
is(journals(), 0, 'and goes with the next that drops one');

strand('owned');
$node->safe_psql('postgres', "CREATE ROLE leaver; ALTER FOREIGN TABLE owned OWNER TO leaver; GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO leaver; ALTER SERVER owned OWNER TO leaver");
$node->safe_psql('postgres', 'BEGIN; SET client_min_messages = warning; DROP OWNED BY leaver CASCADE; ROLLBACK');
is(journals(), 1, 'DROP OWNED that is rolled back');
$node->safe_psql('postgres', 'SET client_min_messages = warning; DROP OWNED BY leaver CASCADE');
is(journals(), 0, 'and one that is not');
done_testing();
