# HostileApi: an API that a TAP test writes byte by byte, because the sample API
# stays within HTTP.
#
#	use HostileApi;
#
#	my $url = start_hostile(sub {
#		my ($socket) = @_;			# a connection; ends when it is closed
#		while (my ($method, $target, $header, $body) = next_request($socket))
#		{
#			answer_with($socket, '200 OK', '[{"id": 1}]');
#		}
#	});
#
# Each connection has a process of its own.  The server ends with the test.
package HostileApi;

use strict;
use warnings;

use Exporter 'import';
use IO::Socket::INET;
use POSIX ();

our @EXPORT = qw(start_hostile next_request answer_with);

# Seconds after which the server ends though nobody ended it: more than a test
# takes where many run at once.
my $longest = 900;

my @servers;

# start_hostile(serve): runs serve(socket, url) for each connection; the URL.
sub start_hostile
{
	my ($serve) = @_;
	my $listener = IO::Socket::INET->new(
		Listen => 20,
		LocalAddr => '127.0.0.1',
		Proto => 'tcp') or die "could not listen: $!";
	my $url = 'http://127.0.0.1:' . $listener->sockport;

	my $server = fork() // die "could not fork: $!";
	if ($server == 0)
	{
		local $SIG{CHLD} = 'IGNORE';
		local $SIG{PIPE} = 'IGNORE';
		alarm($longest);
		while (my $socket = $listener->accept())
		{
			my $child = fork() // next;
			if ($child == 0)
			{
				$socket->autoflush(1);
				$serve->($socket, $url);
				POSIX::_exit(0);
			}
			close($socket);
		}
		POSIX::_exit(0);
	}
	close($listener);
	push @servers, $server;
	return $url;
}

# next_request(socket): method, target, header fields (names in lower case) and
# body of the next request; nothing when the connection is closed.
sub next_request
{
	my ($socket) = @_;
	my $line = <$socket> // return;
	my ($method, $target) = split / /, $line;
	my %header;

	while (defined(my $field = <$socket>))
	{
		last if $field =~ /^\r?\n/;
		$header{ lc $1 } = $2 if $field =~ /^([^:]+):\s*(.*?)\r?\n/;
	}
	my $body = '';
	read($socket, $body, $header{'content-length'}) if $header{'content-length'};
	return ($method, $target, \%header, $body);
}

# answer_with(socket, status, body, [fields], [type]): an answer, "200 OK" with
# further lines of its header, of JSON unless the type says otherwise.
sub answer_with
{
	my ($socket, $status, $body, $fields, $type) = @_;

	$type //= 'application/json';
	print $socket "HTTP/1.1 $status\r\nContent-Type: $type\r\n"
	  . ($fields // '')
	  . 'Content-Length: '
	  . length($body)
	  . "\r\n\r\n$body";
	return;
}

END
{
	my $status = $?;
	kill 'TERM', @servers if @servers;
	$? = $status;
}

1;
