# What is too large to be kept whole: rows of a sample, descriptions, imports.
use strict;
use warnings;

use AutoconnTest;
use HostileApi;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

# paths(number of tables, number of columns): a description of so many.
sub description
{
	my ($tables, $columns, $more) = @_;
	my %properties = map { ("c$_" => { type => 'string', description => "Column $_." }) } 1 .. $columns;
	my $responses = {
		200 => {
			description => 'rows',
			content => {
				'application/json' =>
				  { schema => { type => 'array', items => { type => 'object', properties => \%properties } } }
			}
		}
	};
	my %paths = map { (sprintf('/t%04d', $_) => { get => { responses => $responses } }) } 1 .. $tables;
	# What tells of a description stands first, as it does in most.
	my $text = '{"openapi":"3.0.0","info":{"title":"x","version":"1"},"paths":' . encode_json(\%paths) . '}';

	substr($text, -1) = $more . '}' if defined $more;
	return $text;
}

# A million empty objects are a tree of 200 MB.
my $many = '[' . '{},' x 999_999 . '{}]';
my %answers = (
	'/rows_array' => '[' . join(',', map { "{\"id\":$_,\"name\":\"x\"}" } 1 .. 3) . ',{}' x 999_997 . ']',
	'/rows_object' => '{"data":[' . join(',', map { "{\"id\":$_}" } 1 .. 3) . ',{}' x 999_997 . '],"total":1000000}',
	'/bomb.json' => description(1, 1, ",\"x-more\":$many"),
	'/crowd.json' => description(900, 2),
	'/small.json' => description(3, 4));

my $url = start_hostile(sub {
	my ($socket) = @_;

	while (my (undef, $target) = next_request($socket))
	{
		my $body = $answers{ $target =~ s/\?.*//r };

		answer_with($socket, defined $body ? '200 x' : '404 x', $body // '');
	}
});

# Locks for some 200 tables, some 500 from PostgreSQL 18 on, which counts more backends.
my $node = start_node('main',
	conf => "max_locks_per_transaction = 30\nautoconn.watch = off\nmax_connections = 10\nmax_wal_senders = 0\nmax_worker_processes = 4\n");
my ($out, $err);

sub sql
{
	my ($statements) = @_;

	(undef, $out, $err) =
	  $node->psql('postgres', "\\set VERBOSITY verbose\n$statements", on_error_stop => 0);
	return $out;
}

sub discover
{
	my ($name, $at) = @_;

	sql("CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url$at'); CREATE SCHEMA $name");
	return $err;
}

# ---- rows ----

foreach my $name (qw(rows_array rows_object))
{
	discover($name, "/$name");
	is(sql("SELECT status, kind FROM autoconn.servers WHERE server = '$name'"),
		'discovered|sample', "$name: some rows of a million say what they look like")
	  or diag($err);
	is(sql("SELECT json_array_length(CASE '$name' WHEN 'rows_array' THEN description::json ELSE description::json->'data' END) FROM autoconn.server_state WHERE server = '$name'"),
		'50', "$name: and no more are kept");
}

# ---- descriptions ----

like(discover('bomb', '/bomb.json'),
	qr/WARNING:  01000: server "bomb" answers.*DETAIL:  \S*\/bomb.json cannot be read: JSON document of \d+ bytes has too many values/s,
	'a description that would fill memory is refused')
  or diag($err);
sql("CREATE SCHEMA bombs; IMPORT FOREIGN SCHEMA api FROM SERVER bomb INTO bombs");
like($err, qr/ERROR:  HV000: .*too many values/s, 'and so is its import');

# ---- imports ----

discover('crowd', '/crowd.json');
sql("IMPORT FOREIGN SCHEMA api FROM SERVER crowd INTO crowd OPTIONS (sample 'off')");
like($err,
	qr/WARNING:  54000: leaving out \d+ tables of server "crowd": the import has too many tables\nHINT:  Import one group of the API at a time, or a few tables with LIMIT TO\./,
	'more tables than there are locks for are left out')
  or diag($err);
unlike($err, qr/ERROR/, 'without an error');
my $imported = sql("SELECT count(*) FROM pg_class WHERE relkind = 'f' AND relnamespace = 'crowd'::regnamespace");
cmp_ok($imported, '>', 50, 'others are imported')
  or diag($err);
is(sql("SELECT count(*) FROM autoconn.endpoints WHERE server = 'crowd' AND skip_reason = 'the import has too many tables: import one group, or some with LIMIT TO'"),
	900 - $imported, 'and the report says why')
  or diag(sql("SELECT skip_reason, importable, count(*) FROM autoconn.endpoints WHERE server = 'crowd' GROUP BY 1, 2"));
sql("IMPORT FOREIGN SCHEMA api LIMIT TO (t0900) FROM SERVER crowd INTO crowd OPTIONS (sample 'off')");
is(sql("SELECT 'crowd.t0900'::regclass"), 'crowd.t0900', 'one that was left out can be imported');

# ---- options of columns ----

my $columns = "SELECT attname, attfdwoptions, col_description(attrelid, attnum) FROM pg_attribute
  WHERE attrelid = '%s.t0001'::regclass AND attnum > 0 ORDER BY attname";

discover('small', '/small.json');
sql("IMPORT FOREIGN SCHEMA api FROM SERVER small INTO small OPTIONS (sample 'off')");
my $later = sql(sprintf $columns, 'small');
is($later, join("\n", map { "c$_|{json_path=/c$_}|Column $_." } 1 .. 4),
	'options of columns are set after the tables are made');
sql('DROP SCHEMA small CASCADE; CREATE SCHEMA small;
	BEGIN; SAVEPOINT a;
	IMPORT FOREIGN SCHEMA api LIMIT TO (t0002) FROM SERVER small INTO small OPTIONS (sample \'off\');
	ROLLBACK TO a;
	IMPORT FOREIGN SCHEMA api LIMIT TO (t0001) FROM SERVER small INTO small OPTIONS (sample \'off\');
	COMMIT');
is(sql(sprintf $columns, 'small'), $later, 'of the import that was not rolled back');
(my $bare = $later) =~ s/Column \d\.//g;
foreach my $case (
	[ 'the trigger is turned off', 'ALTER EVENT TRIGGER autoconn_ddl DISABLE', 'ALTER EVENT TRIGGER autoconn_ddl ENABLE' ],
	[ 'the session is a replica', 'SET session_replication_role = replica', 'RESET session_replication_role' ],
	[ 'a dump is restored', 'SET check_function_bodies = off', 'RESET check_function_bodies' ])
{
	my ($name, $before, $after) = @$case;

	sql("DROP SCHEMA small CASCADE; CREATE SCHEMA small; $before;
		IMPORT FOREIGN SCHEMA api FROM SERVER small INTO small OPTIONS (sample 'off'); $after");
	is(sql(sprintf $columns, 'small'), $bare, "$name: they are set with the tables");
}

# Somebody's trigger keeps ours from setting them: better no tables than wrong ones.
sql("DROP SCHEMA small CASCADE; CREATE SCHEMA small;
	CREATE FUNCTION blind() RETURNS event_trigger LANGUAGE plpgsql AS \$\$BEGIN PERFORM set_config('check_function_bodies', 'off', false); END\$\$;
	CREATE EVENT TRIGGER a_blind ON ddl_command_end WHEN TAG IN ('IMPORT FOREIGN SCHEMA') EXECUTE FUNCTION blind();
	IMPORT FOREIGN SCHEMA api FROM SERVER small INTO small OPTIONS (sample 'off')");
like($err,
	qr/ERROR:  HV000: foreign tables were imported into schema "small" without the options of their columns\nDETAIL:  Event trigger "autoconn_ddl" did not run/,
	'an import whose end is missing fails');
is(sql("SELECT count(*) FROM pg_class WHERE relnamespace = 'small'::regnamespace"), '0', 'and leaves no tables');

foreach my $change ('ALTER FOREIGN TABLE %s RENAME TO other', 'ALTER FOREIGN TABLE %s RENAME c2 TO d2', 'ALTER FOREIGN TABLE %s SET SCHEMA elsewhere')
{
	my $command = sprintf $change, 'small.t0001';

	sql("DROP SCHEMA IF EXISTS small, elsewhere CASCADE; CREATE SCHEMA small; CREATE SCHEMA elsewhere;
		CREATE OR REPLACE FUNCTION blind() RETURNS event_trigger LANGUAGE plpgsql AS \$\$BEGIN $command; END\$\$;
		IMPORT FOREIGN SCHEMA api FROM SERVER small INTO small OPTIONS (sample 'off')");
	like($err, qr/ERROR:  HV000: foreign table "\w+" was changed before its columns had their options\n/,
		"an import fails where a trigger comes first: $change");
}
sql("ALTER EVENT TRIGGER a_blind RENAME TO z_blind; DROP SCHEMA small, elsewhere CASCADE; CREATE SCHEMA small;
	CREATE OR REPLACE FUNCTION blind() RETURNS event_trigger LANGUAGE plpgsql AS \$\$BEGIN ALTER FOREIGN TABLE small.t0002 RENAME TO other; END\$\$;
	IMPORT FOREIGN SCHEMA api FROM SERVER small INTO small OPTIONS (sample 'off')");
is(sql("SELECT string_agg(attfdwoptions::text, ' ' ORDER BY attfdwoptions::text) FROM pg_attribute WHERE attrelid = 'small.other'::regclass AND attnum > 0"),
	join(' ', map { "{json_path=/c$_}" } 1 .. 4), 'and not where it comes afterwards');

done_testing();
