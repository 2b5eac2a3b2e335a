# No secret of a user mapping is in anything that autoconn writes, whatever
# kind it is and whatever the API does with it; and the extension's own objects
# are open to nobody who should not have them.
use strict;
use warnings;

use AutoconnTest;
use HostileApi;
use JSON::PP;
use MIME::Base64;
use PostgreSQL::Test::Utils;
use Test::More;

my $dir = PostgreSQL::Test::Utils::tempdir();

# A description that has what was sent wherever a text may be.
sub description
{
	my ($said) = @_;
	my $schema = {
		type => 'object',
		description => "for $said",
		properties => {
			id => { type => 'integer', description => "id of $said", example => $said },
			name => { type => 'string', default => $said, enum => [ $said, 'x' ] } } };
	my $operation = sub {
		return {
			summary => "things of $said",
			tags => [ "tag $said" ],
			parameters => [ { name => 'q', in => 'query', schema => { type => 'string', default => $said } } ],
			responses => {
				200 => {
					description => $said,
					content => { 'application/json' => { schema => { type => 'array', items => $schema } } } } } };
	};

	return encode_json(
		{
			openapi => '3.0.0',
			info => { title => "API of $said", version => $said, description => $said },
			servers => [ { url => "/echo/$said", description => $said } ],
			paths => { '/things' => { get => $operation->() }, "/of/$said" => { get => $operation->() } } });
}

# Repeats all that it was sent, in plain, in base64 and percent-encoded.
sub serve
{
	my ($socket) = @_;

	while (my ($method, $target, $header, $body) = next_request($socket))
	{
		my $said = join ' ', "$target $body", map { $header->{$_} }
		  grep { !/^(accept|host|user-agent|content-)/ } sort keys %$header;
		my $all = join ' ', $said, encode_base64($said, ''),
		  $said =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ger;
		append_to_file("$dir/arrived", "$said\n");
		my ($what) = $target =~ m{/(token|login|openapi|error|odd|link|refused|things)};
		$what //= '';
		if ($what eq 'token')
		{
			answer_with($socket, '400 Bad Request', encode_json({ error => 'invalid_client', error_description => "not $all" }));
		}
		elsif ($what eq 'login')
		{
			answer_with($socket, '200 OK', '{"token": "given-S3CRET-77"}');
		}
		elsif ($what eq 'openapi')
		{
			answer_with($socket, '200 OK', description($said =~ s/[^\x20-\x7e]//gr), "ETag: \"$said\"\r\nX-Said: $said\r\n");
		}
		elsif ($what eq 'error')
		{
			answer_with($socket, '500 Broken', encode_json({ error => { message => $all } }));
		}
		elsif ($what eq 'refused')
		{
			answer_with($socket, '401 Unauthorized', $all, "WWW-Authenticate: Bearer realm=\"$said\"\r\n", 'text/plain');
		}
		elsif ($what eq 'odd')
		{
			answer_with($socket, '200 OK', encode_json([ { id => $said } ]));
		}
		elsif ($what eq 'link')
		{
			my $encoded = $said =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ger;
			answer_with($socket, '200 OK', '[{"id": 1}]', "Link: <http://elsewhere.example/$encoded?token=$encoded>; rel=\"next\"\r\n");
		}
		else
		{
			answer_with($socket, '200 OK', '[{"id": 1, "name": "x"}]');
		}
	}
	return;
}

my $url = start_hostile(\&serve);
my $node = start_node('main',
	conf => "log_min_messages = debug1\nlog_min_error_statement = panic\nlog_statement = none\n");
my ($out, $err);
my $told = '';

sub sql
{
	my ($statements) = @_;
	(undef, $out, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\n$statements", on_error_stop => 0);
	die $err if $err =~ /42601/;
	$told .= $out . $err;
	return $out;
}

# Kinds of credentials: of the mapping, and of the server.
my $pem = join "\n", '-----BEGIN PRIVATE KEY-----',
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjpsQnnGQmL+YBIff',
  'H1136cspYG6+0iY7X1fCE9+E9LKhRANCAAR/zc4ncPbEXUGDy+5v20t7WAczNXvp',
  '7xO6z248e9FURcfxRM0bvZt+hyzf7bnuufSzaV1uqQskrYpGIyiFiOWt', '-----END PRIVATE KEY-----';
my %kinds = (
	token => ["token 'bearer-S3CRET-5f1c'"],
	basic => ["username 'user-S3CRET-01', password 'basic-S3CRET-77aa'"],
	header => ["api_key 'header-S3CRET-0b2d'"],
	query => [ "api_key 'query-S3CRET-91e4'", "api_key_in 'query', api_key_name 'key'" ],
	cookie => [ "api_key 'cookie-S3CRET-c3d8'", "api_key_in 'cookie', api_key_name 'sid'" ],
	headers => [q(headers '{"X-A": "one-S3CRET-11", "Cookie": "a=two-S3CRET-22; b=three-S3CRET-33"}')],
	aws => [ "aws_access_key 'AKIDS3CRET44', aws_secret_key 'aws-S3CRET-55', aws_session_token 'ses-S3CRET-66'",
		"aws_region 'eu-west-1', aws_service 'x'" ],
	login => [ "username 'user-S3CRET-88', password 'login-S3CRET-99'", "session_path '/login'" ],
	client => [ "client_id 'client', client_secret 'client-S3CRET-aa'", "oauth_token_url '$url/echo/token', oauth_client_auth 'post'" ],
	clientbasic => [ "client_id 'client', client_secret 'client-S3CRET-bb'", "oauth_token_url '$url/echo/token'" ],
	refresh => [ "client_id 'client', refresh_token 'refresh-S3CRET-cc'", "oauth_token_url '$url/echo/token'" ],
	assertion => [ "client_id 'client', private_key '$pem'", "oauth_token_url '$url/echo/token', oauth_grant 'jwt_bearer', oauth_algorithm 'ES256'" ]);

# Rule: secrets appear in nothing that autoconn writes: messages, EXPLAIN,
# catalogs, alerts, logs, also at debug1.
foreach my $kind (sort keys %kinds)
{
	my ($mapping, $options) = @{ $kinds{$kind} };
	$options = $options ? ", $options" : '';
	unlink "$dir/arrived";
	$node->safe_psql('postgres', <<"EOS");
CREATE SCHEMA $kind;
CREATE SERVER $kind FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/echo', spec_url '$url/echo/openapi.json', discover 'off', retries '0'$options);
CREATE USER MAPPING FOR CURRENT_USER SERVER $kind OPTIONS ($mapping);
EOS
	sql(<<"EOS");
SET client_min_messages = debug1;
SELECT autoconn.discover('$kind');
IMPORT FOREIGN SCHEMA api FROM SERVER $kind INTO $kind;
EOS
	foreach my $path (qw(error refused odd link))
	{
		sql(<<"EOS");
CREATE FOREIGN TABLE $kind.t_$path (id bigint) SERVER $kind OPTIONS (path '/$path', rows_path '', pagination 'link');
SET client_min_messages = debug1;
EXPLAIN (VERBOSE) SELECT * FROM $kind.t_$path;
SELECT * FROM $kind.t_$path;
EXPLAIN (ANALYZE, VERBOSE, COSTS OFF) SELECT * FROM $kind.t_$path;
EOS
	}
	sql("CREATE FOREIGN TABLE $kind.fine (id bigint, name text) SERVER $kind OPTIONS (path '/things', rows_path '', pagination 'none');
		EXPLAIN (ANALYZE, VERBOSE, COSTS OFF) SELECT * FROM $kind.fine;
		SELECT * FROM autoconn.check('$kind')");
	my $arrived = -e "$dir/arrived" ? slurp_file("$dir/arrived") : '';
	# Secrets that only sign, or that stand encoded, are not sent as they are.
	like($arrived, $kind eq 'basic' ? qr/Basic / : $kind eq 'clientbasic' ? qr/Basic / : $kind eq 'assertion' ? qr/assertion=|openapi/ : qr/S3CRET/, "the API was sent it: $kind");
}
my @shown = $told =~ /(.*S3CRET.*)/g;
is(join("\n", @shown), '', 'no secret in a message, an EXPLAIN or a result');
unlike($told, qr/PRIVATE KEY|MIGHAgEA/, 'no key');
# In base64, at each of its three alignments.
my @encoded = map { my $pad = $_; substr(encode_base64(('x' x $pad) . 'S3CRET', ''), $pad ? 2 + $pad : 0, 5) } 0 .. 2;
my @bad = grep { $told =~ /\Q$_\E/ } @encoded;
is("@bad", '', 'nor in base64');
my @catalogs = split /\n/, $node->safe_psql('postgres', <<'EOS');
SELECT c.oid::regclass FROM pg_class c WHERE c.relnamespace = 'autoconn'::regnamespace AND c.relkind IN ('r', 'v')
	AND c.relname NOT IN ('token', 'authorization') ORDER BY 1
EOS
cmp_ok(scalar(@catalogs), '>', 10, 'catalogs');
foreach my $catalog (@catalogs)
{
	is($node->safe_psql('postgres', "SELECT count(*) FROM $catalog t WHERE t::text ~ 'S3CRET|MIGHAgEA'"), '0', "nor in $catalog");
}
is($node->safe_psql('postgres', "SELECT count(*) FROM pg_description WHERE description ~ 'S3CRET|MIGHAgEA'"), '0', 'nor in a comment');
is($node->safe_psql('postgres', "SELECT count(*) FROM pg_foreign_table t, pg_attribute a WHERE a.attrelid = t.ftrelid
	AND (t.ftoptions::text ~ 'S3CRET' OR a.attfdwoptions::text ~ 'S3CRET' OR a.attname ~ 'S3CRET')"), '0', 'nor in options of tables');
is($node->safe_psql('postgres', "SELECT count(*) FROM pg_class WHERE relname ~ 'S3CRET'"), '0', 'nor in a name');
is($node->safe_psql('postgres', "SELECT count(*) FROM pg_stat_activity WHERE backend_type <> 'client backend' AND (query ~ 'S3CRET' OR application_name ~ 'S3CRET')"), '0', 'nor in what workers show');
my @logged = slurp_file($node->logfile) =~ /(.*(?:S3CRET|MIGHAgEA).*)/g;
is(join("\n", @logged), '', 'nor in the log at debug1');

# Rule: secrets live in user mappings, which the validator insists on.
foreach my $option (qw(password token api_key client_secret refresh_token private_key aws_secret_key aws_session_token client_key headers webhook))
{
	sql("CREATE SERVER secret FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url', discover 'off', $option 'x')");
	like($err, qr/HV00D: option "$option" cannot be set on a server/, "no server option: $option");
}
sql("CREATE SERVER secret FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/?api_key=x', discover 'off')");
like($err, qr/HV024/, 'nor in a URL');

# Rule: what sends requests is revoked from PUBLIC; what PUBLIC may call sends
# none: it is needed by views, or looks itself whose table it is.
is($node->safe_psql('postgres', <<'EOS'),
SELECT string_agg(p.proname, ' ' ORDER BY p.proname) FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
	WHERE p.pronamespace = 'autoconn'::regnamespace AND a.grantee = 0 AND a.privilege_type = 'EXECUTE'
	AND p.prorettype <> 'event_trigger'::regtype
EOS
	'approve dismiss handler limit_state limits_reset monitoring option_table rollback scan_state table_counts validator without_values', 'functions that everybody may call');

# Rule: the extension's own functions set their search_path: those in SQL, and
# those that run with another's rights.
is($node->safe_psql('postgres', <<'EOS'),
SELECT coalesce(string_agg(p.oid::regprocedure::text, ' '), '') FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
	WHERE p.pronamespace = 'autoconn'::regnamespace AND (p.prosecdef OR l.lanname IN ('sql', 'plpgsql'))
	AND NOT coalesce(array_to_string(p.proconfig, ',') ~ 'search_path=', false)
EOS
	'', 'functions without a search_path');

# Rule: base tables are the owner's alone, views are security barriers.
is($node->safe_psql('postgres', <<'EOS'),
SELECT coalesce(string_agg(c.relname || ' ' || a.privilege_type, ', '), '') FROM pg_class c, aclexplode(c.relacl) a
	WHERE c.relnamespace = 'autoconn'::regnamespace AND c.relkind IN ('r', 'S') AND a.grantee <> c.relowner
EOS
	'', 'tables and sequences that others may use');
is($node->safe_psql('postgres', <<'EOS'),
SELECT coalesce(string_agg(c.relname, ' '), '') FROM pg_class c, aclexplode(c.relacl) a
	WHERE c.relnamespace = 'autoconn'::regnamespace AND c.relkind = 'v' AND a.grantee = 0
	AND NOT coalesce('security_barrier=true' = ANY (c.reloptions), false) AND c.relname <> 'options'
EOS
	'', 'views for everybody that are no barriers');

# Rule: views hide the rows of servers that one may not use.
sql('CREATE ROLE stranger; SET ROLE stranger;
' . join(';', map { "SELECT '$_', count(*) FROM autoconn.$_" } qw(servers endpoints relationships alerts limits)));
is($out, join("\n", map { "$_|0" } qw(servers endpoints relationships alerts limits)), 'a stranger sees nothing');
sql('SET ROLE stranger; SELECT * FROM autoconn.token');
like($err, qr/42501/, 'and no token');

done_testing();
