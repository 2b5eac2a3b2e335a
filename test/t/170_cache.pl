# What another session does to a server ends what this one has kept of it; a
# redirect, a cut answer, and an answer to other headers are not kept.
use strict;
use warnings;

use AutoconnTest;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $api = start_api();
my $node = start_node('main', preload => 1, conf => "autoconn.watch = off\n");

sub create_api
{
	my ($name, $scenario, $more, %how) = @_;
	my $url = $api->url("/s/$name/$scenario");
	my $base = $how{spec} ? '' : q{, discover 'off'};

	$more //= '';
	$node->safe_psql('postgres', "SET client_min_messages = error;
		CREATE SERVER $name FOREIGN DATA WRAPPER autoconn
			OPTIONS (url '$url', cache_ttl '1h'$base);
		CREATE USER MAPPING FOR CURRENT_USER SERVER $name OPTIONS (token 'one');
		CREATE FOREIGN TABLE $name (id bigint, name text) SERVER $name
			OPTIONS (path '/things', rows_path '', pagination 'none'$more)");
	return;
}

# A session that stays: each call runs a statement in it and waits for it.
my %stays = (in => '', out => '', err => '');
$stays{handle} = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres') ],
	'<', \$stays{in}, '>', \$stays{out}, '2>', \$stays{err}, IPC::Run::timeout(60));

sub here
{
	my ($sql) = @_;
	$stays{out} = '';
	$stays{in} .= "$sql;\n\\echo done\n";
	$stays{handle}->pump until $stays{out} =~ /^done$/m || $stays{err} =~ /FATAL/;
	my $answer = $stays{out} =~ s/\n?done\n//r;
	chomp $answer;
	return $answer;
}

# Requests for rows; others are for the description.
sub things { return scalar grep { /things/ } $api->requests($_[0]); }

# How many requests two scans of it in that session take.
sub twice
{
	my ($table) = @_;
	my $before = things($table);
	here("SELECT count(*) FROM $table") for 1 .. 2;
	return things($table) - $before;
}

sub elsewhere { return $node->safe_psql('postgres', "SET client_min_messages = error; $_[0]"); }

create_api('kept', 'kept;rows=3;style=none');
is(here('SELECT count(*) FROM kept'), '3', 'rows');
is(here('SELECT count(*) FROM kept'), '3', 'the same rows');
is($api->count('kept'), 1, 'of one request');
is($node->safe_psql('postgres', 'SELECT count(*) FROM kept'), '3', 'another session');
is($api->count('kept'), 2, 'asks for itself');

foreach my $change (
	"ALTER USER MAPPING FOR CURRENT_USER SERVER kept OPTIONS (SET token 'two')",
	"ALTER SERVER kept OPTIONS (SET cache_ttl '2h')",
	'ALTER SERVER kept OPTIONS (DROP cache_ttl); ALTER SERVER kept OPTIONS (ADD cache_ttl \'2h\')')
{
	elsewhere($change);
	is(twice('kept'), 1, "$change, elsewhere");
}
elsewhere('DROP USER MAPPING FOR CURRENT_USER SERVER kept; CREATE USER MAPPING FOR PUBLIC SERVER kept OPTIONS (token \'all\')');
is(twice('kept'), 1, 'another mapping');
is((reverse @{ $api->log('kept') })[0]{headers}{authorization}, 'Bearer all', 'is asked with');

# A description of another version; what was learned is forgotten.
create_api('versions', 'kept;rows=3;style=none', '', spec => 1);
elsewhere("SELECT autoconn.discover('versions')");
is(twice('versions'), 1, 'a described API');
is(twice('versions'), 0, 'whose description stays the same');
elsewhere("UPDATE autoconn.server_state SET version = '99' WHERE server = 'versions'");
is(twice('versions'), 1, 'another version of it');
elsewhere("SELECT autoconn.forget('versions')");
is(twice('versions'), 1, 'forgotten elsewhere');

# What is no whole answer of a GET to that very URL.
create_api('moved', 'kept+redirect;rows=3;style=none;on=list');
is(twice('moved'), 4, 'a redirect is followed each time');
create_api('lines', 'close_delimited+kept;rows=3;style=none', ", on_incomplete 'warn'");
is(twice('lines'), 1, 'JSON that ends is whole');
elsewhere("ALTER FOREIGN TABLE lines OPTIONS (ADD rows_form 'lines')");
elsewhere("ALTER SERVER lines OPTIONS (ADD user_agent 'x')");
is(twice('lines'), 2, 'of lines without a length nobody knows');
create_api('posted', 'kept;rows=3;size=3;style=posted', ", method 'POST', body '{\"page\": {}}'");
elsewhere(q{ALTER FOREIGN TABLE posted OPTIONS (SET rows_path '/hits')});
is(twice('posted'), 2, 'nor is a POST');

# What does not fit is not kept, and nothing grows.
create_api('large', 'kept;rows=3000;style=none');
is(twice('large'), 1, 'a large answer');
here("SET autoconn.cache_size = '64kB'");
is(twice('large'), 2, 'that does not fit');
here('RESET autoconn.cache_size');
create_api('many', 'kept;rows=3000;size=300;style=cursor', ", page_size_param 'limit', page_size '300'");
elsewhere("ALTER FOREIGN TABLE many OPTIONS (SET pagination 'cursor', SET rows_path '/things', ADD cursor_param 'cursor', ADD cursor_path '/next_cursor')");
here("SET autoconn.cache_size = '100kB'");
here('SELECT count(*) FROM many') for 1 .. 20;
my $bytes = here("SELECT sum(total_bytes) FROM pg_backend_memory_contexts WHERE name LIKE 'autoconn cache%'");
cmp_ok($bytes, '>', 10 * 1024, 'something is kept');
cmp_ok($bytes, '<', 400 * 1024, 'no more than fits');
here('DISCARD ALL');
is(here('SELECT count(*) FROM kept'), '3', 'DISCARD ALL does no harm');

$stays{in} .= "\\q\n";
$stays{handle}->finish;
done_testing();
