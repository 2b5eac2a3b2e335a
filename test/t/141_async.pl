# A query that waits for several APIs at once ends when it is told to, in
# whatever way, and leaves nothing behind; APIs that answer are not held up by
# one that does not.
use strict;
use warnings;

use AutoconnTest;
use HTTP::Tiny;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $prompt_s = 5;    # far above what it takes, far below what is waited for

my $api = start_api();
my $node = start_node('main', conf => "autoconn.watch = off\n");
my $paging = "rows_path '/things', pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor'";

sub create_api
{
	my ($name, $scenario) = @_;
	my $url = $api->url("/s/$name/$scenario");

	$node->safe_psql('postgres', "CREATE SERVER $name FOREIGN DATA WRAPPER autoconn
			OPTIONS (url '$url', discover 'off', retries '0', timeout '60s');
		CREATE FOREIGN TABLE $name (id bigint, value numeric) SERVER $name OPTIONS (path '/things', $paging)");
	return;
}

create_api('quick', 'plain;rows=40;size=4;delay_ms=10');
create_api('slow', 'stall_headers;rows=40;size=4');
create_api('cut', 'stall_body;rows=40;size=4');
my $both = 'SELECT * FROM quick UNION ALL SELECT * FROM slow UNION ALL SELECT * FROM cut';
like($node->safe_psql('postgres', "EXPLAIN $both"), qr/Async Foreign Scan/, 'several at once');

sub begin
{
	my ($sql) = @_;
	return begin_psql($node, [ "SET application_name = 'victim'", $sql ]);
}

# Begins the query, waits until the API that stalls was asked and the other one
# was read to its end, does that to it, and tells what became of it.
sub interrupt
{
	my ($sql, $how) = @_;
	my $run;

	HTTP::Tiny->new->delete($api->url("/_log/$_")) for qw(quick slow cut);
	$run = begin($sql);
	$api->wait_for('quick', 10, done => 10);
	$api->wait_for('slow', 1);
	my $told = time;
	$node->safe_psql('postgres', "SELECT $how(pid) FROM pg_stat_activity WHERE application_name = 'victim'") if $how;
	my (undef, $err) = end_psql($run);
	return ($err, time - $told);
}

foreach my $case (
	[ 'cancel', $both, 'pg_cancel_backend', qr/57014/ ],
	[ 'terminate', $both, 'pg_terminate_backend', qr/57P01/ ],
	[ 'statement_timeout', "SET statement_timeout = '2s'; $both", undef, qr/57014/ ],
	[ 'below an aggregate', "SELECT count(*) FROM ($both) q", 'pg_cancel_backend', qr/57014/ ])
{
	my ($name, $sql, $how, $expected) = @$case;
	my ($err, $took_s) = interrupt($sql, $how);

	like($err, $expected, "$name ends the query");
	cmp_ok($took_s, '<', $prompt_s, "$name: at once");
}

# In one session, again and again: no descriptor is left.
my $session = $node->background_psql('postgres', on_error_die => 0);
my $pid = $session->query_safe('SELECT pg_backend_pid()');
my $three = 'SELECT count(*) FROM (' . join(' UNION ALL ', ('SELECT * FROM quick') x 3) . ') q';
is($session->query_safe($three), 120, 'three times the rows');
my $before = () = glob "/proc/$pid/fd/*";
is(join(' ', map { $session->query_safe("SELECT count(*) FROM (SELECT * FROM quick UNION ALL SELECT * FROM quick LIMIT $_) q") } 1 .. 20),
	join(' ', 1 .. 20), 'a part of the rows');
is($session->query_safe($three), 120, 'all again');
my $after = () = glob "/proc/$pid/fd/*";
cmp_ok($after, '<=', $before + 3, "descriptors: $before before, $after after");
$session->quit;

done_testing();
