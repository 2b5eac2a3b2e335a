# Whatever a server is told to log of what it runs, statements within
# statements, their plans and parameters, no token is in it, nor what an
# authorization is completed with.
use strict;
use warnings;

use AutoconnTest;
use OauthServer;
use PostgreSQL::Test::Utils;
use Test::More;

my $oauth = OauthServer->new;
my $node = start_node('main',
	conf => "autoconn.watch = off\nshared_preload_libraries = 'auto_explain'\n");
my $client = "client_id 'client-1', client_secret 'client-S3CRET'";

$oauth->make($node, 'renewed', mapping => "$client, refresh_token 'refresh-S3CRET-0'");
$oauth->make($node, 'again', mapping => "$client, refresh_token 'refresh-S3CRET-0'");
$oauth->make($node, 'asked', mapping => $client);
$oauth->make($node, 'web', mapping => $client,
	server => "oauth_grant 'authorization_code', oauth_authorize_url 'https://example.com/authorize'");
$oauth->make($node, 'tv', mapping => $client,
	server => "oauth_grant 'device_code', oauth_device_url '" . $oauth->url('tv', 'device') . "'");

# From here on everything is logged.
my %settings = (
	'log_statement' => 'all',
	'log_min_duration_statement' => 0,
	'log_min_messages' => 'debug1',
	'log_min_error_statement' => 'debug1',
	'log_parameter_max_length' => -1,
	'log_parameter_max_length_on_error' => -1,
	'debug_print_parse' => 'on',
	'debug_print_rewritten' => 'on',
	'debug_print_plan' => 'on',
	'auto_explain.log_min_duration' => 0,
	'auto_explain.log_nested_statements' => 'on',
	'auto_explain.log_analyze' => 'on',
	'auto_explain.log_verbose' => 'on');
$settings{'auto_explain.log_parameter_max_length'} = -1 if $node->pg_version >= 16;
$node->append_conf('postgresql.conf', join '', map { "$_ = '$settings{$_}'\n" } sort keys %settings);
$node->reload;
my $before = -s $node->logfile;

is($node->safe_psql('postgres', 'SELECT count(*) FROM asked'), 3, 'client credentials');
is($node->safe_psql('postgres', 'SELECT count(*) FROM renewed'), 3, 'a refresh token');
$oauth->get('renewed', '_expire');
is($node->safe_psql('postgres', 'SELECT count(*) FROM renewed'), 3, 'that was rotated');
$oauth->set('again', status => 400, fail => 1, body => '{"error":"invalid_grant","error_description":"refresh-S3CRET-0"}');
(undef, undef, my $err) = $node->psql('postgres', 'SELECT count(*) FROM again');
like($err, qr/does not accept/, 'one that is refused');

my $url = $node->safe_psql('postgres', "SELECT autoconn.authorize('web')");
my ($challenge) = $url =~ /code_challenge=([\w-]+)/;
my ($state, $verifier) = split /\|/, $node->safe_psql('postgres', 'SELECT state, verifier FROM autoconn."authorization"');
is(length($verifier), 43, 'an authorization is begun');
like($url, qr/state=\Q$state\E&/, 'whose state is kept');
$oauth->get('web', "_allow?code=C0DE&challenge=$challenge");
$node->safe_psql('postgres', "SELECT autoconn.authorize_complete('web', 'C0DE')");
is($node->safe_psql('postgres', 'SELECT count(*) FROM web'), 3, 'and completed');
is($node->safe_psql('postgres', "SELECT length(access_token) > 12, length(refresh_token) > 12 FROM autoconn.token WHERE server = 'web'"), 't|t', 'tokens are stored');
$oauth->get('tv', '_allow');
$node->safe_psql('postgres', "SELECT autoconn.authorize('tv')");
is($node->safe_psql('postgres', 'SELECT count(*) FROM tv'), 3, 'a device');
$node->safe_psql('postgres', 'SELECT autoconn.adopt(\'renewed\')');
$node->safe_psql('postgres', 'DROP USER MAPPING FOR CURRENT_USER SERVER renewed');
$node->stop;

my $log = slurp_file($node->logfile, $before);
like($log, qr/plan:.*UPDATE autoconn\.token SET/s, 'the plan of what stores tokens is logged');
like($log, qr/plan:.*INSERT INTO autoconn\.authorization/s, 'and of what begins an authorization');
is(join('', grep { /S3CRET|\Q$verifier\E|\Q$state\E/ } split /^/, $log), '', 'no secret is');
my $bytes = join ' ', map { ord } split //, 'S3CRET';
is(join('', grep { /\b$bytes\b/ } split /^/, $log), '', 'nor as a constant of a plan tree');
$bytes = join ' ', map { ord } split //, $verifier;
is(join('', grep { /\b$bytes\b/ } split /^/, $log), '', 'nor is the verifier');
done_testing();
