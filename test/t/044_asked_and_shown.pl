# What an API or an import option can make autoconn ask for, and what rows then
# show: first pages that change meanwhile, lists that are none, paths that lead
# out of the base URL, and names that are many.
use strict;
use warnings;

use AutoconnTest;
use HostileApi;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

my $size = 5;
my $total = 17;

# A list that counts pages from 1 and takes 0 for 1, too.
sub page_of
{
	my ($target) = @_;
	my $page = $target =~ /[?&]page=(\d+)/ ? $1 || 1 : 1;
	my $first = ($page - 1) * $size;

	return grep { $_ < $total } $first .. $first + $size - 1;
}

# Once this file is there the lists are others.
my $flag = PostgreSQL::Test::Utils::tempdir() . '/later';
my $log = PostgreSQL::Test::Utils::tempdir() . '/asked';

sub answer_of
{
	my ($target) = @_;
	my $seen = 1 + int(rand(1e9));

	if ($target =~ m{^/pages/counters})
	{
		return encode_json([ map { { id => $_, a => $seen, b => "x$seen", c => -$seen } } page_of($target) ]);
	}
	if ($target =~ m{^/pages/shuffled})
	{
		my @rows = map { { id => $_, name => "n$_" } } page_of($target);

		push @rows, splice(@rows, 0, 1 + int(rand(4)) % (@rows || 1));
		return encode_json(\@rows);
	}
	if ($target =~ m{^/lists/(\w+)})
	{
		my $asked = $1;
		my $good = '{"time":[1,2],"value":[3,4]}';
		my %other = (
			scalar => '{"time":[1,2],"value":3}',
			object => '{"time":{"0":1},"value":{"0":3}}',
			short => '{"time":[1,2],"value":[3]}',
			many => '{"time":[1,2],"value":[3,4],'
			  . join(',', (map { "\"\\u006b$_\":[]" } 1 .. 9900), map { "\"\\u0061$_\":1" } 1 .. 200_000) . '}');

		return -e $flag ? $other{$asked} : $good;
	}
	if ($target eq '/description.json')
	{
		my $rows = { type => 'array', items => { type => 'object', properties => { id => { type => 'integer' } } } };
		my $list = {
			get => {
				parameters => [ { name => 'page', in => 'query', schema => { type => 'integer' } } ],
				responses => { 200 => { description => 'rows', content => { 'application/json' => { schema => $rows } } } }
			}
		};

		return '{"openapi":"3.0.0","info":{"title":"x","version":"1"},"paths":'
		  . encode_json({ map { ("/pages/$_" => $list) } qw(counters shuffled) }) . '}';
	}
	return undef;
}

my $url = start_hostile(sub {
	my ($socket) = @_;

	while (my ($method, $target) = next_request($socket))
	{
		my $body = answer_of($target);

		append_to_file($log, "$target\n");
		answer_with($socket, defined $body ? '200 x' : '404 x', $body // '');
	}
});

my $node = start_node('main', conf => "autoconn.watch = off\n");
my ($out, $err);

sub sql
{
	my ($statements) = @_;

	(undef, $out, $err) =
	  $node->psql('postgres', "\\set VERBOSITY verbose\n$statements", on_error_stop => 0);
	return $out;
}

# ---- the first page ----

sql("CREATE SERVER pages FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/description.json'); CREATE SCHEMA pages;
	IMPORT FOREIGN SCHEMA api FROM SERVER pages INTO pages");
foreach my $table (qw(counters shuffled))
{
	is(sql("SELECT count(*), count(DISTINCT id) FROM pages.$table"), "$total|$total",
		"$table: no page comes twice")
	  or diag(sql("SELECT evidence FROM autoconn.endpoints WHERE name = '$table'"), $err);
}

# ---- lists ----

sql("CREATE SERVER named FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/', discover 'off'); CREATE SCHEMA named;
	IMPORT FOREIGN SCHEMA api FROM SERVER named INTO named OPTIONS (paths '/lists/scalar,/lists/object,/lists/short,/lists/many')");
is(sql('SELECT * FROM named.many'), "1|3\n2|4", 'lists are columns') or diag($err);
append_to_file($flag, '');
foreach my $case ([ 'scalar', '"value" is no list of values' ], [ 'object', '"\w+" is no list of values' ],
	[ 'short', 'list "value" has 1 values for 2 rows' ])
{
	my ($table, $message) = @$case;

	is(sql("SELECT * FROM named.$table"), '', "$table: no rows");
	like($err, qr/ERROR:  22P02: $message/, 'but an error');
}
is(sql("SET statement_timeout = '20s'; SELECT * FROM named.many"), "1|3\n2|4",
	'ten thousand names beside others are no minute of work')
  or diag($err);

# ---- paths ----

sql("CREATE SERVER below FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/v1/own', discover 'off'); CREATE SCHEMA below;
	IMPORT FOREIGN SCHEMA api FROM SERVER below INTO below
	OPTIONS (paths '/%2e%2e/other,/..%5cother,/..;/other,/x%2f..%2f..%2fother,/here')");
unlike(slurp_file($log), qr/other/, 'nothing is asked above the base URL');
like(slurp_file($log), qr{^/v1/own/here$}m, 'but below it');
foreach my $query ('a%70i_key=hidden', 'x=1;token=hidden', 'u=http://me:hidden@host/')
{
	sql("IMPORT FOREIGN SCHEMA api FROM SERVER below INTO below OPTIONS (paths '/here?$query')");
	like($err, qr/ERROR:  HV024: .*looks like a secret/s, "a secret in a query: $query");
	unlike($err =~ s/^(?:LINE|STATEMENT).*//mrg, qr/DETAIL.*hidden/, 'which no message shows');
}
my $shared = join('&', map { "p$_=v$_" } 1 .. 150);
sql("SET statement_timeout = '30s';
	IMPORT FOREIGN SCHEMA api FROM SERVER below INTO below OPTIONS (sample 'off', paths '"
	  . join(',', map { "/many?$shared&z=$_" } 1 .. 500) . "')");
unlike($err, qr/ERROR/, 'five hundred queries of many parameters');
is(sql("SELECT count(DISTINCT query) FROM autoconn.endpoints WHERE path = '/many'"), '500', 'are told apart');

done_testing();
