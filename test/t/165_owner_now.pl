# The owner of a server is looked up for each request, also in the middle of a
# statement: who loses his standing reaches nothing more.
use strict;
use warnings;

use AutoconnTest;
use HostileApi;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;

my $dir = PostgreSQL::Test::Utils::tempdir();

# Waits for a file.
sub await
{
	my ($file) = @_;

	for (1 .. 300)
	{
		return 1 if -e $file;
		select(undef, undef, undef, 0.05);
	}
	return 0;
}

# The first page comes when it is told to, and leads to a second.
sub serve
{
	my ($socket) = @_;

	while (my ($method, $target) = next_request($socket))
	{
		my $first = $target eq '/things';
		my $body = $first ? '{"rows": [{"id": 1}], "next": "/second"}' : '{"rows": [{"id": 2}]}';

		append_to_file("$dir/asked", "$target\n");
		await("$dir/go") if $first;
		print $socket "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
	}
	return;
}

my $url = start_hostile(\&serve);
my $node = start_node('main');

$node->safe_psql('postgres', <<"EOS");
CREATE ROLE ordinary;
GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO ordinary;
CREATE SERVER here FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url', discover 'off');
CREATE FOREIGN TABLE things (id int) SERVER here OPTIONS (path '/things', rows_path '/rows', pagination 'next_url', cursor_path '/next');
EOS

# A scan during which that is run.
sub scan_while
{
	my ($statement) = @_;
	my ($out, $err) = ('', '');

	unlink "$dir/asked", "$dir/go";
	my $run = IPC::Run::start([ 'psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', $node->connstr('postgres'), '-c', 'SELECT sum(id) FROM things' ], '<', \undef, '>', \$out, '2>', \$err);
	ok(await("$dir/asked"), 'the scan has begun');
	$node->safe_psql('postgres', $statement);
	append_to_file("$dir/go", 'go');
	$run->finish;
	return ($out . $err, slurp_file("$dir/asked"));
}

my ($said, $asked) = scan_while('SELECT');
is($said, "3\n", 'all rows');
is($asked, "/things\n/second\n", 'both pages');
($said, $asked) = scan_while('ALTER SERVER here OWNER TO ordinary');
like($said, qr/^.*ERROR:  42501: connection to a loopback address is not allowed/, 'another owner may not go there');
is($asked, "/things\n", 'the second page was not asked for');
$node->safe_psql('postgres', 'ALTER ROLE ordinary SUPERUSER');
($said, $asked) = scan_while('ALTER ROLE ordinary NOSUPERUSER');
like($said, qr/^.*ERROR:  42501: connection to a loopback address is not allowed/, 'nor may one that is no superuser any more');
is($asked, "/things\n", 'the second page was not asked for');

done_testing();
