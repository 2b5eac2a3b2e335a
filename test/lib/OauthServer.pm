# An authorization server and the API that it guards (oauth.py), for TAP tests.
package OauthServer;

use strict;
use warnings;

use File::Basename qw(dirname);
use HTTP::Tiny;
use IPC::Open2;

# new(): it ends with the object.
sub new
{
	my ($class) = @_;
	my $pid = open2(my $out, my $in, 'python3', dirname(__FILE__) . '/oauth.py');

	chomp(my $port = <$out>);
	return bless { pid => $pid, in => $in, out => $out, port => $port }, $class;
}

sub DESTROY
{
	my ($self) = @_;
	local $?;
	close($self->{in});
	waitpid($self->{pid}, 0);
	return;
}

# url(world, [what])
sub url
{
	my ($self, $world, $what) = @_;
	return "http://127.0.0.1:$self->{port}/$world" . (defined $what ? "/$what" : '');
}

# get(world, what): body of the answer; dies unless it is a 200.
sub get
{
	my ($self, $world, $what) = @_;
	my $answer = HTTP::Tiny->new(timeout => 30)->get($self->url($world, $what));

	die "$what: $answer->{status} $answer->{content}" unless $answer->{success};
	return $answer->{content};
}

# set(world, switch => value...)
sub set
{
	my ($self, $world, %switches) = @_;
	$self->get($world, '_set?' . join '&',
		map { "$_=" . ($switches{$_} =~ s/([^A-Za-z0-9_.-])/sprintf '%%%02X', ord $1/egr) } sort keys %switches);
	return;
}

# What happened since the last call, separated by commas.
sub happened
{
	my ($self, $world) = @_;
	return join ', ', split /\n/, $self->get($world, '_log?clear');
}

# How often a kind of line is in what happened since the last call.
sub count
{
	my ($self, $world, $pattern) = @_;
	return scalar grep { /$pattern/ } split /\n/, $self->get($world, '_log?clear');
}

# make(node, world, mapping => options, server => options): a server and a
# table of that name, discovery off.
sub make
{
	my ($self, $node, $world, %how) = @_;
	my $token_url = $self->url($world, 'token');
	my $url = $self->url($world);
	my $server = $how{server} ? ", $how{server}" : '';
	my $database = $how{database} // 'postgres';

	$node->safe_psql($database, <<"EOS");
CREATE SERVER $world FOREIGN DATA WRAPPER autoconn OPTIONS
	(url '$url', discover 'off', retries '0', oauth_token_url '$token_url'$server);
CREATE USER MAPPING FOR CURRENT_USER SERVER $world OPTIONS ($how{mapping});
CREATE FOREIGN TABLE $world (id bigint) SERVER $world
	OPTIONS (path '/things', pagination 'none');
EOS
	return;
}

1;
