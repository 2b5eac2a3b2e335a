# The statements in README.md's "Other ways in" and "In daily use" run as they
# stand there, with the sample API in place of the addresses.  ("make demo" runs the session.)
use strict;
use warnings;

use AutoconnTest;
use OauthServer;
use PostgreSQL::Test::Utils;
use Test::More;

my $api = start_api();
my $oauth = OauthServer->new;
my $node = start_node('main');
my $readme = slurp_file('README.md');
my $block = '';

for my $section ('Other ways in', 'In daily use')
{
	ok($readme =~ /^## $section\n.*?^```sql\n(.*?)^```/ms, "README.md has the section $section");
	$block .= $1;
}

# What stands for what; any other address is a failure.
my %places = (
	'https://depot.example/v2' => $api->url('/s/readme/plain'),
	'https://docs.depot.example/openapi.yaml' => $api->url('/s/readme/plain/openapi.json'),
	'https://crm.example/api' => $api->url('/locked/bearer/v1'),
	'https://mail.example/v1' => $oauth->url('mail', 'spec'),
	'https://handbook.example/' => site('handbook', '/'),
	'https://quakes.example/v1/recent' => $api->url('/i/readme/made/bare/users'),
	'https://intern.example/api' => $api->url('/i/readme/made/bare'),
	'https://api.shop.example/shop/v1' => $api->url('/shop/v1'),
);

# A virtual host of the sample API, in a session of its own.
sub site
{
	my ($name, $path) = @_;
	return "http://$name.readme.localhost:" . $api->port . $path;
}

for my $address (sort { length $b <=> length $a } keys %places)
{
	ok($block =~ s/'\Q$address\E'/'$places{$address}'/g, "$address is spoken of");
}
unlike($block, qr/https:/, 'there are no other addresses');
ok($block =~ s/token '\.\.\.'/token 'bearer-S3CRET-5f1c'/, 'a token is given');
ok($block =~ s/client_id '\.\.\.', client_secret '\.\.\.'/client_id 'client-1', client_secret 'client-S3CRET'/, 'so is a client');

# What the reader has already.
$node->safe_psql('postgres', join(";\n",
	'SET client_min_messages = error',
	(map { "CREATE SCHEMA $_" } qw(handbook intern bank shop lines)),
	map { sprintf("CREATE SERVER %s FOREIGN DATA WRAPPER autoconn OPTIONS (url '%s')", @$_) }
	  [ 'bank', $api->url('/i/readme/made/rpc') ],
	  [ 'shop', $api->url('/shop/v1') ]));

my ($rc, $out, $err) = $node->psql('postgres', $block, on_error_stop => 1);
is($rc, 0, 'all of it runs') or diag($err);
unlike($err, qr/ERROR/, 'without an error');
is(join("\n", $err =~ /^.*WARNING:.*$/mg) =~ s/^psql:<stdin>:\d+: //r,
	'WARNING:  server "intern" answers, but no description of an API was found',
	'the one warning is the one that is spoken of');
like($err, qr/server "crm" wants credentials/, 'credentials are asked for');
like($err, qr/SERVER mail OPTIONS \(client_id '\.\.\.', client_secret '\.\.\.'\);/, 'the NOTICE prints what OAuth takes');
like($out, qr/^intern\.posts\|1\|/m, 'statistics of a table');
like($out, qr{^\w+\|host http://}m, 'limits');
like($out, qr/^post 1 of 1$/m, 'a join through a path variable');
like($out, qr/^GET\|\/orders\|/m, 'a preview');

my $tables = $node->safe_psql('postgres', q{
	SELECT string_agg(foreign_table_schema || '.' || foreign_table_name, ' '
		ORDER BY foreign_table_schema, foreign_table_name)
	FROM information_schema.foreign_tables
	WHERE foreign_table_schema IN ('intern', 'bank') OR foreign_table_name = 'orders__items'});
is($tables, 'bank.accounts_search bank.transfers intern.posts intern.users lines.orders__items',
	'tables that are spoken of; nothing is found for plums');
cmp_ok($node->safe_psql('postgres', q{
	SELECT count(*) FROM information_schema.foreign_tables WHERE foreign_table_schema = 'handbook'}),
	'>', 0, 'documentation became tables');
is($node->safe_psql('postgres', q{SELECT status FROM autoconn.servers WHERE server = 'crm'}),
	'discovered', 'with the mapping it was discovered again');

done_testing();
