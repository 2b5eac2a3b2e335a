# What a description says of OAuth: the statements that it takes, and how far
# the description is believed.
use strict;
use warnings;

use AutoconnTest;
use OauthServer;
use Test::More;

my $oauth = OauthServer->new;
my $node = start_node('main', conf => "autoconn.watch = off\n");

sub ask
{
	my ($sql) = @_;
	my (undef, $out, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\n$sql");
	return $err eq '' ? $out : "$out\n$err";
}

sub server
{
	my ($name, $query) = @_;
	return ask("CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS (url '@{[ $oauth->url($name, 'spec') ]}$query')");
}

# On the API's own origin: the mapping is all that it takes.
like(server('own', ''), qr/Credentials: oauth2 \(client credentials\)\..*HINT:  CREATE USER MAPPING FOR CURRENT_USER SERVER own OPTIONS \(client_id '\.\.\.', client_secret '\.\.\.'\);$/ms,
	'a token endpoint on the own origin');
is(ask("SELECT auth FROM autoconn.servers WHERE server = 'own'"), 'oauth2 (client credentials)', 'what is stored');
ask("CREATE FOREIGN TABLE early (id bigint) SERVER own OPTIONS (path '/things', pagination 'none')");
like(ask('SELECT * FROM early'), qr/28000: .*HINT:  CREATE USER MAPPING FOR \w+ SERVER own OPTIONS \(client_id '\.\.\.', client_secret '\.\.\.'\);/s, 'a query without the mapping says the same');
ask("SET client_min_messages = error; CREATE USER MAPPING FOR CURRENT_USER SERVER own OPTIONS (client_id 'client-1', client_secret 'client-S3CRET');
	CREATE SCHEMA own; IMPORT FOREIGN SCHEMA api FROM SERVER own INTO own");
$oauth->happened('own');
is(ask('SELECT count(*) FROM own.things'), 3, 'it is used without another option');
is($oauth->count('own', 'token'), 1, 'to get a token');

# Elsewhere: nothing goes there until somebody says so.
my $elsewhere = $oauth->url('elsewhere', 'token') =~ s/127\.0\.0\.1/localhost/r;
like(server('far', "?at=$elsewhere"), qr/HINT:  ALTER SERVER far OPTIONS \(ADD oauth_token_url '\Q$elsewhere\E'\); CREATE USER MAPPING/, 'one on another origin');
ask("SET client_min_messages = error; CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (client_id 'client-1', client_secret 'client-S3CRET');
	CREATE FOREIGN TABLE far (id bigint) SERVER far OPTIONS (path '/things', pagination 'none')");
like(ask('SELECT count(*) FROM far'), qr/28000: .*ALTER SERVER far OPTIONS \(ADD oauth_token_url/s, 'is not believed');
is($oauth->happened('elsewhere'), '', 'nothing was sent there');
ask("ALTER SERVER far OPTIONS (ADD oauth_token_url '$elsewhere')");
ask('SELECT count(*) FROM far');
isnt($oauth->happened('elsewhere'), '', 'until it is named');

# A person is needed.
like(server('web', '?flow=authorizationCode'), qr{oauth2 \(authorization code\)\..*HINT:  ALTER SERVER web OPTIONS \(ADD oauth_grant 'authorization_code', ADD oauth_authorize_url 'https://example.com/authorize'\); CREATE USER MAPPING FOR CURRENT_USER SERVER web OPTIONS \(client_id '\.\.\.', client_secret '\.\.\.'\); SELECT autoconn.authorize\('web'\);}s, 'an authorization code');
like(server('tv', '?flow=deviceAuthorization'), qr{oauth2 \(device code\)\..*ADD oauth_grant 'device_code', ADD oauth_device_url '\Q@{[ $oauth->url('tv', 'device') ]}\E'}s, 'a device code');
like(server('old', '?flow=implicit'), qr/oauth2 \(bearer token\).*OPTIONS \(token '\.\.\.'\);/s, 'a flow that is not served');

# The statements work as they are printed.
my ($statement) = server('again', '?flow=deviceAuthorization') =~ /HINT:  (.*?;.*?;)/;
$statement =~ s/client_id '\.\.\.', client_secret '\.\.\.'/client_id 'client-1', client_secret 'client-S3CRET'/;
$oauth->get('again', '_allow');
unlike(ask("SET client_min_messages = error; $statement"), qr/ERROR/, 'what is printed can be run');
is(ask("SET client_min_messages = error; SELECT autoconn.authorize('again') IS NULL; CREATE SCHEMA again; IMPORT FOREIGN SCHEMA api FROM SERVER again INTO again; SELECT count(*) FROM again.things"), "t\n3", 'and gives access');

# A preview has no mapping, and asks for what may be had at any time.
is(ask("SELECT name FROM autoconn.preview('@{[ $oauth->url('own', 'spec') ]}', credentials => '{\"client_id\": \"client-1\", \"client_secret\": \"client-S3CRET\"}')"), 'things', 'a preview');
like(ask("CREATE SERVER bad FOREIGN DATA WRAPPER autoconn OPTIONS (url 'http://127.0.0.1', client_secret 'x')"), qr/HV00D: option "client_secret" cannot be set on a server/, 'secrets do not belong on a server');

done_testing();
