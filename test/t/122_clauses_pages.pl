# What single pages say of others, word by word: counts and flags in the ways
# that APIs write them, errors in place of rows, values of rows that lead on.
use strict;
use warnings;

use AutoconnTest;
use HostileApi;
use JSON::PP;
use Test::More;

# Rows from..to of {"id": n, "name": "nN"}.
sub rows
{
	my ($from, $to) = @_;
	return [ map { { id => 0 + $_, name => "n$_" } } $from .. $to ];
}

# Answers by the first word of the path: what stands beside ten rows, and headers.
my %beside = (
	comma => { total => '1,234' },
	fraction => { total => \'1234.0' },
	elastic => { total => { value => 1234, relation => 'eq' } },
	wordy => { totalRecords => 1234 },
	fine => { total => '10', has_more => 0, truncated => 'no' },
	more_number => { has_more => 1 },
	more_text => { has_more => 'True' },
	more_inside => { pageInfo => { hasNextPage => JSON::PP::true } },
	more_pages => { page => 1, total_pages => 5 },
	cut_number => { truncated => 1 },
	cut_text => { is_truncated => 'True' },
	cut_inside => { meta => { is_truncated => JSON::PP::true } },
	cut_time => { timed_out => JSON::PP::true },
	cut_map => { exceededTransferLimit => JSON::PP::true });

# Answers without rows.
my %rowless = (
	code => { code => 500, message => 'internal', things => undef },
	code_absent => { statusCode => 403, message => 'no' },
	messages => { errorMessages => ['no'], things => [] },
	nothing => { code => 0, message => 'OK', errorMessages => [], things => undef },
	unknown => { code => 404, message => 'none', things => undef });

# Twelve rows, three of each moment, newest first.
my @tied = map { { id => 0 + $_, at => 100 - int($_ / 3) } } 0 .. 11;

sub encode
{
	my ($doc) = @_;
	my $text = JSON::PP->new->canonical->encode($doc);
	return $text;
}

sub answer_of
{
	my ($target) = @_;
	my ($case) = $target =~ m{^/(\w+)};
	my ($limit) = $target =~ /[?&]limit=(\d+)/;
	my ($until) = $target =~ /[?&]until=(\d+)/;
	my ($offset) = $target =~ /[?&](?:offset|pageOffset)=(\d+)/;

	if ($case eq 'fraction')
	{
		return '{"total":1234.0,"things":' . encode(rows(1, 10)) . '}';
	}
	return encode({ %{ $beside{$case} }, things => rows(1, 10) }) if $beside{$case};
	return encode($rowless{$case}) if $rowless{$case};
	if ($case eq 'behind' || $case eq 'from')
	{
		my @left = grep {
			!defined $until || ($case eq 'behind' ? $_->{at} < $until : $_->{at} <= $until)
		} @tied;
		return encode([ @left[ 0 .. ($#left < 3 ? $#left : 3) ] ]);
	}
	if ($case eq 'skips')
	{
		my $at = $offset // 0;
		my $to = $at + 4 > 10 ? 10 : $at + 4;
		return encode(rows($at + 1, $to));
	}
	# rows 1 .. 9; since is a value, and the order is asked for: what lies below in another order is lost
	if ($case eq 'sorted')
	{
		my ($since) = $target =~ /[?&]since=(\d+)/;
		my @left = map { { id => $_, rank => ($_ * 4) % 9 } } 1 .. 9;

		@left = grep { $_->{id} > ($since // 0) } @left;
		@left = sort { $a->{rank} <=> $b->{rank} } @left if $target =~ /sort=rank/;
		return encode([ @left[ 0 .. ($#left < 3 ? $#left : 3) ] ]);
	}
	return;
}

my $url = start_hostile(sub {
	my ($socket) = @_;

	while (my ($method, $target) = next_request($socket))
	{
		my $body = answer_of($target);
		my $header = $target =~ m{^/header} ? "X-Total-Count: 1,234\r\n" : '';

		$body //= encode({ things => rows(1, 10) }) if $header;
		print $socket 'HTTP/1.1 '
		  . (defined $body ? 200 : 404)
		  . " x\r\nContent-Type: application/json\r\n${header}Content-Length: "
		  . length($body // '') . "\r\n\r\n" . ($body // '');
	}
});

my $node = start_node('main', conf => "autoconn.watch = off\n");
my ($out, $err);

sub sql
{
	my ($statements) = @_;

	(undef, $out, $err) =
	  $node->psql('postgres', "\\set VERBOSITY verbose\n$statements", on_error_stop => 0);
	return $out;
}

# scan(case, options, columns, query): reads the table anew.
sub scan
{
	my ($case, $options, $columns, $query) = @_;

	$columns //= 'id int';
	$query //= 'SELECT count(id) FROM things';
	sql("SET client_min_messages = warning; DROP SERVER IF EXISTS s CASCADE;
		CREATE SERVER s FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/$case', discover 'off', retries '0', max_concurrency '1');
		CREATE FOREIGN TABLE things ($columns) SERVER s OPTIONS (path '/things' $options)");
	return sql($query);
}

# ---- one page that tells of more ----

my $open = ", rows_path '/things'";
foreach my $case (qw(comma fraction elastic wordy header))
{
	scan($case, $open);
	like($err, qr/ERROR:  HV000: scan is incomplete: the API announced 1234 rows and delivered 10/, "$case: a total");
}
is(scan('fine', $open), '10', 'a total that is reached, and flags that say no');
foreach my $case (grep { /^more/ } sort keys %beside)
{
	scan($case, $open);
	like($err, qr/ERROR:  HV000: scan is incomplete: the API says that there are more rows/, "$case: more rows");
}
foreach my $case (grep { /^cut/ } sort keys %beside)
{
	scan($case, $open);
	like($err, qr/ERROR:  HV000: scan is incomplete: the API says that its answer was cut off/, "$case: cut off");
}

# ---- errors in place of rows ----

foreach my $case (qw(code code_absent messages))
{
	scan($case, $open);
	like($err, qr/ERROR:  HV000: API answered with an error instead of rows/, "$case: an error");
}
is(scan($_, $open), '0', "$_: no rows") foreach qw(nothing unknown);

# ---- names of parameters ----

is(scan('skips', ", page_param 'pageOffset'"), '10', 'an offset by another spelling is no page number');

# ---- values of rows ----

my $moments = ", pagination 'keyset', cursor_param 'until', cursor_path '/at'";
scan('behind', $moments, 'id int, at int');
like($err, qr/ERROR:  HV000: scan is incomplete: several rows have the same value, and page 2 begins behind/,
	'a value that rows share leads past rows');
scan('from', $moments, 'id int, at int');
like($err, qr/ERROR:  HV000: scan is incomplete: several rows of page 2 have the value/, 'or to where it is not known which came');

# ---- an order and a value that leads on ----

is( scan(
		'sorted', ", pagination 'keyset', cursor_param 'since', cursor_path '/id'",
		"id int, rank int OPTIONS (sort_asc 'sort=rank', sort_nulls 'none')",
		q{SELECT string_agg(rank::text, ' ') FROM (SELECT rank FROM things ORDER BY rank) t}),
	'0 1 2 3 4 5 6 7 8',
	'rows that lead on by their own order are sorted here') or diag($err);

done_testing();
