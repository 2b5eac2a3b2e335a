# A person authorizes: with a device code, with an authorization code; and
# clients that sign.
use strict;
use warnings;

use AutoconnTest;
use Digest::SHA qw(sha256);
use IPC::Run;
use MIME::Base64 qw(encode_base64url);
use OauthServer;
use PostgreSQL::Test::Utils;
use Test::More;

my $oauth = OauthServer->new;
my $node = start_node('main',
	conf => "autoconn.watch = off\nlog_statement = none\nlog_min_error_statement = panic\n");
my $client = "client_id 'client-1', client_secret 'client-S3CRET'";
my @messages;

sub ask
{
	my ($sql) = @_;
	my (undef, $out, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\n$sql");

	push @messages, $err;
	return $err eq '' ? $out : "$out\n$err";
}

# ---- device code ----

# The import says what comes first, too.
$node->safe_psql('postgres', "CREATE SCHEMA later; CREATE SERVER later FOREIGN DATA WRAPPER autoconn OPTIONS (url '@{[ $oauth->url('later', 'spec') ]}', oauth_grant 'device_code', oauth_device_url '@{[ $oauth->url('later', 'device') ]}'); CREATE USER MAPPING FOR CURRENT_USER SERVER later OPTIONS ($client)");
like(ask('IMPORT FOREIGN SCHEMA api FROM SERVER later INTO later'), qr/WARNING: .* server "later" has yet to be authorized\nHINT:  They are imported .* SELECT autoconn\.authorize\('later'\); Then: SELECT \* FROM autoconn\.refresh\('later', true\);/, 'nor has an import samples');

my $device = "oauth_grant 'device_code', oauth_device_url '@{[ $oauth->url('tv', 'device') ]}', scope 'read'";
$oauth->make($node, 'tv', mapping => $client, server => $device);
like(ask('SELECT count(*) FROM tv'), qr/28000: server "tv" has yet to be authorized.*SELECT autoconn.authorize\('tv'\)/s, 'nobody has authorized it');
is($oauth->happened('tv'), '', 'nothing was asked');

$oauth->set('tv', pending => 2);
$oauth->get('tv', '_allow');
my $said = ask("SELECT autoconn.authorize('tv') IS NULL");
like($said, qr{NOTICE:  00000: to authorize server "tv", open https://example.com/device and enter the code WDJB-MJHT}, 'the code is shown');
is($oauth->happened('tv'), 'device scope=read, token device_code, token device_code, token device_code', 'it is polled until the person has decided');
is(ask('SELECT count(*) FROM tv'), 3, 'then there are rows');
$oauth->get('tv', '_expire');
is(ask('SELECT count(*) FROM tv'), 3, 'also when the token is over');
is($oauth->happened('tv'), 'things 200, things 401, token refresh_token, things 200', 'it is renewed with the refresh token that came with it');

# Authorizing is no part of the transaction.
$oauth->make($node, 'rolled', mapping => $client, server => $device =~ s/\btv\b/rolled/r);
$oauth->get('rolled', '_allow');
like(ask("BEGIN; SELECT autoconn.authorize('rolled'); ROLLBACK; SELECT count(*) FROM rolled"), qr/^3$/m, 'a transaction that is rolled back');

# Somebody loses patience.
$oauth->make($node, 'slow', mapping => $client, server => $device =~ s/\btv\b/slow/r);
my ($out, $err) = ('', '');
my $psql = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', "SELECT autoconn.authorize('slow')" ],
	'<', \undef, '>', \$out, '2>', \$err);
$oauth->get('slow', '_wait?n=1');
$node->safe_psql('postgres', "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT autoconn.authorize(''slow'')'");
eval { $psql->finish };
like($err, qr/canceling statement/, 'it can be cancelled');

# ---- authorization code ----

my $page = "oauth_grant 'authorization_code', oauth_authorize_url 'https://example.com/authorize?tenant=1', scope 'read'";
$oauth->make($node, 'web', mapping => $client, server => $page);

# visit(): begins, and has the person say yes to a code; the state.
sub visit
{
	my ($code) = @_;
	my ($url) = ask("SELECT autoconn.authorize('web')") =~ m{^(https:\S+)}m;
	my ($challenge) = $url =~ /code_challenge=([\w-]+)/;
	my ($state) = $url =~ /state=([\w-]+)/;

	like($url, qr{^https://example.com/authorize\?tenant=1&response_type=code&client_id=client-1&redirect_uri=http%3A%2F%2Flocalhost%2F&scope=read&state=[\w-]{43}&code_challenge=[\w-]{43}&code_challenge_method=S256$}, 'the URL to open');
	$oauth->get('web', "_allow?code=$code&challenge=$challenge");
	return $state;
}

visit('code-S3CRET-1');
is(ask("SELECT autoconn.authorize_complete('web', 'code-S3CRET-1')"), '', 'the code is traded');
is(ask('SELECT count(*) FROM web'), 3, 'for a token');
like(ask("SELECT autoconn.authorize_complete('web', 'code-S3CRET-1')"), qr/28000: server "web" was not authorized: nothing was begun/, 'once');
my $state = visit('code-S3CRET-2');
is(ask("SELECT autoconn.authorize_complete('web', 'http://localhost/?code=code-S3CRET-2&state=$state')"), '', 'the whole URL');
visit('code-S3CRET-3');
like(ask("SELECT autoconn.authorize_complete('web', 'http://localhost/?code=code-S3CRET-3&state=other')"), qr/28000: .*the URL is the answer to something else/, 'of another question');
like(ask("SELECT autoconn.authorize_complete('web', 'http://localhost/?error=access_denied')"), qr/28000: .*access_denied/, 'of a person who says no');
like(ask("SELECT autoconn.authorize_complete('web', 'code-S3CRET-9')"), qr/28000: .*invalid_grant/s, 'a code that is no good');
is(ask('SELECT count(*) FROM web'), 3, 'what there was serves until then');

# Authorized anew, a grant that was used up is in order again.
$node->safe_psql('postgres', "UPDATE autoconn.token SET refresh_token = 'no-S3CRET' WHERE server = 'web'");
$oauth->get('web', '_expire');
like(ask('SELECT count(*) FROM web'), qr/28000: authorization server does not accept the grant/, 'a grant that is used up');
visit('code-S3CRET-4');
is(ask("SELECT autoconn.authorize_complete('web', 'code-S3CRET-4')"), '', 'is authorized anew');
is(ask('SELECT count(*) FROM web'), 3, 'and serves');

# Whoever it is authorized as now, other sessions go by that: with his token,
# and without what was kept of the answers to somebody else's.
$node->safe_psql('postgres', "CREATE FOREIGN TABLE kept (id bigint) SERVER web OPTIONS (path '/things', pagination 'none', cache_ttl '1h')");
my $other = $node->background_psql('postgres');
$oauth->happened('web');
is($other->query_safe('SELECT count(*) FROM kept') . $other->query_safe('SELECT count(*) FROM kept'), 33, 'a session that keeps answers');
is($oauth->happened('web'), 'things 200', 'asks once');
$oauth->get('web', '_expire');
visit('code-S3CRET-5');
is(ask("SELECT autoconn.authorize_complete('web', 'code-S3CRET-5')"), '', 'authorized as somebody else');
is($other->query_safe('SELECT count(*) FROM kept'), 3, 'the other session');
is($oauth->happened('web'), 'token authorization_code, things 200', 'asks anew, with the token of now');
is($other->query_safe('SELECT count(*) FROM kept'), 3, 'and keeps');
is($oauth->happened('web'), '', 'the answer to that');
$other->quit;

# ---- who may ----

$node->safe_psql('postgres', <<'EOS');
CREATE ROLE regress_user;
GRANT SELECT ON web, tv TO regress_user;
EOS
like(ask("SET ROLE regress_user; SELECT autoconn.authorize('web')"), qr/42501: permission denied for function authorize/, 'nobody may who was not granted it');
$node->safe_psql('postgres', 'GRANT EXECUTE ON FUNCTION autoconn.authorize TO regress_user');
like(ask("SET ROLE regress_user; SELECT autoconn.authorize('web')"), qr/42501: permission denied for foreign server web/, 'nor who may not use the server');
$node->safe_psql('postgres', "GRANT USAGE ON FOREIGN SERVER web TO regress_user; CREATE USER MAPPING FOR PUBLIC SERVER web OPTIONS ($client)");
like(ask("SET ROLE regress_user; SELECT autoconn.authorize('web')"), qr/42704: server "web" has no user mapping for "regress_user"/, 'nor who has no mapping of his own');
like(ask("SET default_transaction_read_only = on; SELECT autoconn.authorize('web')"), qr/25006/, 'nor in a read-only transaction');
$oauth->make($node, 'cc', mapping => $client);
like(ask("SELECT autoconn.authorize('cc')"), qr/55000: server "cc" does not say where a person authorizes it/, 'nor where there is nothing to be authorized');

# ---- clients that sign ----

my $key = `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 2>/dev/null`;
$oauth->set('signed', auth => 'jwt');
$oauth->make($node, 'signed', mapping => "client_id 'client-1', private_key '$key', key_id 'k'");
is(ask('SELECT count(*) FROM signed'), 3, 'a client that shows itself with a key');
$oauth->set('bearer', auth => 'none');
$oauth->make($node, 'bearer', mapping => "client_id 'client-1', private_key '$key'",
	server => "oauth_grant 'jwt_bearer', oauth_client_auth 'none', oauth_subject 'me'");
is(ask('SELECT count(*) FROM bearer'), 3, 'an assertion for a grant');
is($oauth->happened('bearer'), 'token jwt-bearer, things 200', 'is what is presented');
$oauth->make($node, 'badkey', mapping => "client_id 'client-1', private_key E'-----BEGIN PRIVATE KEY-----\\nU3CRET\\n-----END PRIVATE KEY-----'");
like(ask('SELECT count(*) FROM badkey'), qr/HV024: /, 'a key that is none');

unlike("@messages", qr/S3CRET|U3CRET/, 'no message shows a secret');
is(join('', grep { /S3CRET/ } split /^/, slurp_file($node->logfile)), '', 'nor does the log');
done_testing();
