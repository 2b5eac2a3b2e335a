# ANALYZE makes no statistics of columns that the rows of a list do not show,
# also where it is what loads the library, and where several do so at once.
use strict;
use warnings;

use AutoconnTest;
use IPC::Run qw(start finish timeout);
use Test::More;

my $api = start_api();
my $node = start_node('main', conf => "autoconn.allowed_hosts = '127.0.0.1'\n");
my $url = $api->url('/i/statistics/asked/right');

$node->safe_psql('postgres', "CREATE SERVER s FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url', discover 'off', retries '0');
	CREATE FOREIGN TABLE boxes (id bigint OPTIONS (json_path '/id', key 'true'), kind text OPTIONS (json_path '/kind'), history text) SERVER s
	  OPTIONS (path '/v1/boxes', item_path '/v1/boxes/{id}', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '50', total_path '/total', detail 'history')");

sub columns
{
	return $node->safe_psql('postgres',
		"SELECT string_agg(attname, ' ' ORDER BY attname) FROM pg_stats WHERE tablename = 'boxes'");
}

$node->safe_psql('postgres', 'ANALYZE boxes');
is(columns(), 'id kind', 'the first statement of a session');
$node->safe_psql('postgres', 'VACUUM (ANALYZE)');
is(columns(), 'id kind', 'all tables, each in a transaction of its own');

my @sessions = map {
	my $err = '';
	{
		err => \$err,
		run => start([ 'psql', '-Xq', '-d', $node->connstr('postgres'), map { ('-c', 'ANALYZE boxes') } 1 .. 10 ],
			'<', \undef, '>', \my $out, '2>', \$err, timeout(120))
	}
} 1 .. 4;
finish($_->{run}) for @sessions;
is(join('', map { ${ $_->{err} } } @sessions), '', 'sessions that do it at once do not collide');
is(columns(), 'id kind', 'nor leave anything');

$node->stop;
done_testing();
