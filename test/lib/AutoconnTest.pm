# AutoconnTest: what TAP tests (test/t/*.pl) share.
#
#	use AutoconnTest;
#	use Test::More;
#
#	my $api = start_api();				# a sample API server of our own
#	my $node = start_node('main');		# a cluster with autoconn in it
#	$node->safe_psql('postgres', "CREATE SERVER s FOREIGN DATA WRAPPER
#		autoconn OPTIONS (url '" . $api->url('/i/mine/shop') . "')");
#	is_deeply([ $api->requests('mine') ], [ 'GET /shop' ], 'what was asked');
#
# Nodes are PostgreSQL::Test::Cluster objects; both end with the test, also
# when it is interrupted.
package AutoconnTest;

use strict;
use warnings;

use Cwd qw(abs_path);
use Exporter 'import';
use File::Basename qw(dirname);
use HTTP::Tiny;
use IPC::Run ();
use JSON::PP;
use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(start_api start_node watch_server worker_errors
  begin_psql end_psql crash http_get costs);

my $test_dir = abs_path(dirname(__FILE__) . '/..');

# Without these perl would end without END blocks, and nodes would stay.
$SIG{TERM} = $SIG{INT} = $SIG{HUP} = sub { die "ended by a signal\n" };

# start_node(name, [conf => text], [extension => 0], [preload => 1]): a
# running node, in whose database postgres the extension was created.
sub start_node
{
	my ($name, %how) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);

	$node->init(extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
	$node->append_conf('postgresql.conf',
		"jit = off\nlog_line_prefix = '%m [%p] %b %q%a '\n");
	$node->append_conf('postgresql.conf',
		"shared_preload_libraries = 'autoconn'\n")
	  if $how{preload};
	$node->append_conf('postgresql.conf', $how{conf}) if $how{conf};
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION autoconn')
	  if $how{extension} // 1;
	return $node;
}

# watch_server(node, api, session, [user => role], [token => text],
# [mapping => options], [database => name], [url => URL], [option => value...]):
# a server, and a schema of its tables, with the session's name, which are
# polled once a second unless the option check_interval says otherwise.  The
# API is the session's /d/ unless the url says otherwise.
sub watch_server
{
	my ($node, $api, $name, %how) = @_;
	my $database = delete $how{database} // 'postgres';
	my $user = delete $how{user};
	my $token = delete $how{token};
	my $mapping = delete $how{mapping};
	my %options = (
		url => $api->url("/d/$name/v1/openapi.json"),
		check_interval => '1s',
		retries => 0,
		%how);
	my $list = join(', ', map { "$_ '$options{$_}'" } sort keys %options);
	my $sql = "SET client_min_messages = error;
		CREATE SERVER $name FOREIGN DATA WRAPPER autoconn OPTIONS ($list);\n";

	$mapping //= "token '$token'" if defined $token;
	$sql .= "CREATE USER MAPPING FOR CURRENT_USER SERVER $name
		OPTIONS ($mapping);\n" if defined $mapping;
	$sql .= "CREATE SCHEMA $name;
		IMPORT FOREIGN SCHEMA api FROM SERVER $name INTO $name
			OPTIONS (sample 'off');\n";
	$node->safe_psql($database, $sql,
		extra_params => defined $user ? [ '-U', $user ] : []);
	return;
}

# What went wrong in workers and the launcher, according to the log; ends that
# were asked for are nothing wrong.
sub worker_errors
{
	my ($node) = @_;
	return join "\n",
	  grep { /\] autoconn \w+ (?:WARNING|ERROR|FATAL|PANIC)/ && !/due to administrator command/ }
	  split /\n/, PostgreSQL::Test::Utils::slurp_file($node->logfile);
}

# costs(node, statements): seconds of processor time, megabytes at the most and
# messages of a backend; whatever becomes of the statements.
sub costs
{
	my ($node, $statements) = @_;
	my $tick = POSIX::sysconf(&POSIX::_SC_CLK_TCK);
	my (undef, $out, $err) = $node->psql('postgres',
		"SELECT pg_backend_pid() AS pid \\gset\n\\setenv BACKEND :pid\n$statements\n"
		  . "\\! echo COSTS \$(cut -d' ' -f14,15 /proc/\$BACKEND/stat) \$(awk '/VmHWM/{print \$2}' /proc/\$BACKEND/status)",
		on_error_stop => 0);

	return (99, 9999, $err) if $out !~ /COSTS (\d+) (\d+) (\d+)/;
	return (($1 + $2) / $tick, $3 / 1024, $err);
}

# begin_psql(node, [statement...], [timeout => seconds]): a psql that runs them
# while the test goes on; end_psql(run): waits for its end, and returns what it
# wrote, as output and messages, the latter with SQLSTATEs.
sub begin_psql
{
	my ($node, $statements, %how) = @_;
	my %run = (out => '', err => '');

	$run{handle} = IPC::Run::start(
		[ 'psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', $node->connstr('postgres'),
			map { ('-c', $_) } @$statements ],
		'<', \undef, '>', \$run{out}, '2>', \$run{err}, IPC::Run::timeout($how{timeout} // 60));
	return \%run;
}

sub end_psql
{
	my ($run) = @_;
	eval { $run->{handle}->finish };
	return ($run->{out}, $run->{err});
}

# crash(node, pid): kills a process of the node, which has restart_after_crash,
# in the hard way; returns when the server is up again.  No query is sent before
# that: psql ends without having read it when it is turned away.
sub crash
{
	my ($node, $pid) = @_;
	my $offset = -s $node->logfile;
	my $told = qr/all server processes terminated; reinitializing/;
	my $is_up = sub {
		return PostgreSQL::Test::Utils::slurp_file($node->logfile, $offset) =~ $told
		  && system('pg_isready', '-q', '-h', $node->host, '-p', $node->port) == 0;
	};

	kill 'KILL', $pid or die "could not kill process $pid: $!";
	for (1 .. 1800)
	{
		return if $is_up->();
		select(undef, undef, undef, 0.1);
	}
	die 'the server did not come back';
}

# Body of a GET to any URL; dies unless it succeeds.
sub http_get
{
	my ($url) = @_;
	my $answer = HTTP::Tiny->new(timeout => 90)->get($url);

	die "GET $url: $answer->{status} $answer->{content}"
	  unless $answer->{success};
	return $answer->{content};
}

# start_api([option...]): a sample API server, see test/api/README.md.  It
# stops when the object goes.
sub start_api
{
	return AutoconnTest::Api->new(@_);
}

package AutoconnTest::Api;

sub new
{
	my ($class, @options) = @_;
	my $file = PostgreSQL::Test::Utils::tempdir() . '/api_port';

	# Its stdin is our pipe, so it ends with us whatever happens.
	my $pid = open(my $stdin, '|-', 'python3', "$test_dir/api/server.py",
		'--parent-stdin', '--port-file', $file, @options)
	  or die "could not start the sample API server: $!";
	for (1 .. 1200)
	{
		last if -e $file;
		select(undef, undef, undef, 0.05);
	}
	die 'the sample API server did not start' unless -e $file;
	chomp(my $port = PostgreSQL::Test::Utils::slurp_file($file));
	return bless { stdin => $stdin, pid => $pid, port => $port }, $class;
}

sub DESTROY
{
	my ($self) = @_;
	local $?;
	close($self->{stdin}) if $self->{stdin};
	return;
}

*stop = \&DESTROY;

sub port { return $_[0]->{port}; }

# url([path]): http://127.0.0.1:PORT and the path.
sub url
{
	my ($self, $path) = @_;
	return "http://127.0.0.1:$self->{port}" . ($path // '');
}

# The second listener's address: another origin.
sub other_url
{
	my ($self, $path) = @_;
	chomp(my $port = AutoconnTest::http_get($self->url('/_port/other')));
	return "http://127.0.0.1:$port" . ($path // '');
}

# log(session): the requests that arrived, decoded, as a reference to a list.
sub log
{
	my ($self, $session) = @_;
	return JSON::PP::decode_json(
		AutoconnTest::http_get($self->url("/_log/$session")))->{requests};
}

# requests(session, [headers]): the same as lines "GET /path", without the
# segments that name session and scenario; headers (comma-separated) are added
# to each line.
sub requests
{
	my ($self, $session, $headers) = @_;
	my $query = '?format=brief' . ($headers ? "&headers=$headers" : '');
	return split /\n/,
	  AutoconnTest::http_get($self->url("/_log/$session$query"));
}

# Waits until the session saw n requests, and whatever else /_wait can wait
# for (gone => 1); dies after ten seconds.
sub wait_for
{
	my ($self, $session, $n, %more) = @_;
	my $query = join('&', "n=$n", 'timeout_ms=60000', map { "$_=$more{$_}" } sort keys %more);

	AutoconnTest::http_get($self->url("/_wait/$session?$query"));
	return;
}

# The number of requests that the session saw.
sub count
{
	my ($self, $session) = @_;
	return 0 + AutoconnTest::http_get($self->url("/_count/$session"));
}

# Turns switches of the session's API that changes, as in "a=b&c=d".
sub drift
{
	my ($self, $session, $switches) = @_;
	my $answer = HTTP::Tiny->new(timeout => 30)
	  ->put($self->url("/_drift/$session?$switches"));

	die "drift $switches: $answer->{status} $answer->{content}"
	  unless $answer->{success};
	return;
}

# What the session's webhook was told, as a reference to a list.
sub hook
{
	my ($self, $session) = @_;
	my $told = JSON::PP::decode_json(
		AutoconnTest::http_get($self->url("/_hook/$session")));
	return $told->{posts};
}

# Lets answers that stall now go on.
sub release
{
	my ($self, $session) = @_;
	AutoconnTest::http_get($self->url("/_release/$session"));
	return;
}

sub forget
{
	my ($self, $session) = @_;
	HTTP::Tiny->new->delete($self->url("/_log/$session"));
	return;
}

1;
