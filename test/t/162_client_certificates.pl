# TLS shows the API the certificate of the user mapping, to the base URL's
# origin alone, and a connection that one mapping has opened serves no other.
use strict;
use warnings;

use AutoconnTest;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

my $dir = PostgreSQL::Test::Utils::tempdir();

sub openssl
{
	my @command = ('openssl', @_);
	run_log(\@command, '>', '/dev/null', '2>', "$dir/openssl.log")
	  or die "@command: " . slurp_file("$dir/openssl.log");
	return;
}

# An authority, and certificates by it: the API's, two clients', and one that
# has the first client's names but is nobody's.
openssl(qw(req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=authority),
	'-keyout', "$dir/ca.key", '-out', "$dir/ca.crt");
foreach my $name (qw(api one two))
{
	append_to_file("$dir/$name.ext", "subjectAltName=IP:127.0.0.1\n");
	openssl(qw(req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj), "/CN=$name",
		'-keyout', "$dir/$name.key", '-out', "$dir/$name.csr");
	openssl(qw(x509 -req -days 30 -CAcreateserial), '-in', "$dir/$name.csr", '-CA', "$dir/ca.crt",
		'-CAkey', "$dir/ca.key", '-extfile', "$dir/$name.ext", '-out', "$dir/$name.crt");
}
openssl(qw(req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=one),
	'-keyout', "$dir/stranger.key", '-out', "$dir/stranger.crt");
openssl(qw(ec -aes128 -passout pass:x), '-in', "$dir/one.key", '-out', "$dir/locked.key");
my %pem = map { $_ => slurp_file("$dir/$_") }
  qw(one.crt one.key two.crt two.key stranger.crt stranger.key locked.key);

my $api = start_api('--tls', "$dir/api.crt", "$dir/api.key", '--client-ca', "$dir/ca.crt");
my $url = 'https://127.0.0.1:' . $api->port;
my $other = 'http://127.0.0.1:' . other_port();
my $node = start_node('main',
	conf => "log_min_messages = debug1\nlog_min_error_statement = panic\nlog_statement = none\n");
my ($out, $err);

# The port of the listener without TLS, where the log can be read.
sub other_port
{
	# HTTP::Tiny shows no certificate; openssl does.
	my $request = "GET /_port/other HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
	my $answer = '';
	run_log([ qw(openssl s_client -quiet -connect), '127.0.0.1:' . $api->port,
			'-cert', "$dir/one.crt", '-key', "$dir/one.key" ],
		'<', \$request, '>', \$answer, '2>', '/dev/null');
	return $answer =~ /(\d+)\s*\z/ ? $1 : die "no port in: $answer";
}

sub sql
{
	my ($statements) = @_;
	(undef, $out, $err) = $node->psql('postgres', $statements, on_error_stop => 0);
	return $out;
}

# server(name, url, mapping): with a table of the same name.
sub server
{
	my ($name, $place, $mapping) = @_;
	sql(<<"EOS");
CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS (url '$place', discover 'off', retries '0', ca_file '$dir/ca.crt');
CREATE FOREIGN TABLE $name (id bigint) SERVER $name OPTIONS (path '/things', rows_path '/things', pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor');
EOS
	sql("CREATE USER MAPPING FOR CURRENT_USER SERVER $name OPTIONS ($mapping)") if $mapping;
	return;
}

sub cert
{
	my ($cert, $key) = @_;
	return "client_cert '$pem{$cert}', client_key '$pem{$key}'";
}

server('one', "$url/s/one/plain", cert('one.crt', 'one.key'));
is(sql('SELECT count(*) FROM one'), '20', 'a certificate of the authority');
is($err, '', 'and nothing else is said');
server('noone', "$url/s/noone/plain", '');
sql('SELECT count(*) FROM noone');
like($err, qr/lost while sending|certificate required|handshake failure/, 'no certificate');
server('stranger', "$url/s/stranger/plain", cert('stranger.crt', 'stranger.key'));
sql('SELECT count(*) FROM stranger');
like($err, qr/lost while sending|unknown ca/, "a certificate that is nobody's");

# A text out of a JSON document, its line breaks written as two characters.
my $line = cert('one.crt', 'one.key') =~ s/\n/\\n/gr;
server('oneline', "$url/s/oneline/plain", $line);
is(sql('SELECT count(*) FROM oneline'), '20', 'line breaks may be escaped');

# What is no certificate and key is refused, in words without the key.
my %refused = (
	alone => [ "client_cert '$pem{'one.crt'}'", qr/user mapping has no "client_key"/ ],
	keyless => [ "client_key '$pem{'one.key'}'", qr/user mapping has no "client_cert"/ ],
	mixed => [ cert('one.crt', 'two.key'), qr/The private key is not that of the certificate/ ],
	locked => [ cert('one.crt', 'locked.key'), qr/The private key is encrypted/ ],
	swapped => [ cert('one.key', 'one.crt'), qr/The value is not a certificate in PEM form/ ]);
my $secret = (split /\n/, $pem{'one.key'})[1];
foreach my $name (sort keys %refused)
{
	server($name, "$url/s/$name/plain", $refused{$name}[0]);
	sql("SELECT count(*) FROM $name");
	like($err, $refused{$name}[1], "refused: $name");
	unlike($err, qr/\Q$secret\E/, 'without the key');
}
sql("CREATE USER MAPPING FOR CURRENT_USER SERVER noone OPTIONS (client_cert 'x.pem', client_key 'y.pem')");
like($err, qr/The value must be in PEM/, 'a file name is no certificate');

# One session, several roles: each has connections of its own.  The thief has
# the certificate, which is public, and a key that is not its; role two has
# another certificate of the same authority.
sql("CREATE ROLE thief; CREATE ROLE two; CREATE ROLE nobody; GRANT SELECT ON one TO thief, two, nobody;
	GRANT USAGE ON FOREIGN SERVER one TO thief, two, nobody;
	CREATE USER MAPPING FOR thief SERVER one OPTIONS (" . cert('one.crt', 'two.key') . ");
	CREATE USER MAPPING FOR two SERVER one OPTIONS (" . cert('two.crt', 'two.key') . ')');
sql(<<'EOS');
SELECT count(*) FROM one;
SET ROLE thief;
SELECT count(*) FROM one;
SET ROLE nobody;
SELECT count(*) FROM one;
SET ROLE two;
SELECT count(*) FROM one;
EOS
is($out, "20\n20", 'only those with a key are served, whoever was before them in the session');
my @log = @{ decode_json(http_get("$other/_log/one"))->{requests} };
my %connections = map { $_->{connection} => 1 } @log;
is(scalar(keys %connections), 3, 'a connection for each session and mapping');

# Another origin is not shown the certificate, neither by a redirect nor as a
# base URL of the description.
sql("ALTER SERVER one OPTIONS (SET url '$other/s/away/redirect;to=main', ADD allowed_origins '$url')");
sql('SELECT count(*) FROM one');
unlike($out, qr/20/, 'a redirect to an origin that wants the certificate');

my $log = slurp_file($node->logfile);
unlike($log, qr/\Q$secret\E/, 'no key is in the log');
unlike($log, qr/PRIVATE KEY/, 'nor the beginning of one');
done_testing();
