# What an import finds out where a description says little: numbers of pages
# that begin with 0 beside links, offsets without a page size, totals that are
# texts; and what scans do where it found nothing.
use strict;
use warnings;

use AutoconnTest;
use HostileApi;
use JSON::PP;
use Test::More;

my @rows = map { { id => $_, owner_id => 1 + $_ % 3, name => "n$_" } } 1 .. 37;
my $size = 10;

my $thing = { type => 'object',
	properties => { id => { type => 'integer' }, owner_id => { type => 'integer' }, name => { type => 'string' } } };

# described(bare, parameters...): a list of things; names of integers.
sub described
{
	my ($bare, @params) = @_;
	my $list = { type => 'array', items => $thing };
	my $body = $bare ? $list : { type => 'object', properties => { things => $list } };

	return encode_json({
		openapi => '3.0.3',
		info => { title => 'x', version => '1' },
		servers => [ { url => './' } ],
		paths => {
			'/things' => {
				get => {
					parameters => [ map { { name => s/=.*//r, in => 'query', schema => { type => 'integer', /=(.*)/ ? (minimum => 0 + $1) : () } } } @params ],
					responses => {
						200 => { description => 'ok', content => { 'application/json' => { schema => $body } } } } } } } });
}

my %described = (
	start => described(0, 'start', 'owner_id'),
	links => described(1, 'page', 'owner_id'),
	zero => described(1, 'page=0', 'owner_id'),
	silent => described(1, 'page[offset]', 'owner_id'),
	behind => described(1, 'from', 'owner_id'),
	since => described(1, 'since_id', 'owner_id'),
	filter => described(1, 'since_id', 'owner_id'),
	unknown => described(0, 'owner_id'),
	nowhere => described(0, 'owner_id'));

# answer(case, query): the body, and a header field more.
sub answer
{
	my ($case, $target) = @_;
	my ($owner) = $target =~ /[?&]owner_id=(\d+)/;
	my ($start) = $target =~ /[?&]start=(\d+)/;
	my ($page) = $target =~ /[?&]page=(\d+)/;
	my ($at_row) = $target =~ /[?&](?:page%5Boffset%5D|from)=(\d+)/;
	my ($since) = $target =~ /[?&]since_id=(\d+)/;
	my @left = grep { !defined $owner || $_->{owner_id} == $owner } @rows;
	my $at = $case eq 'start' ? $start // 0 : $case =~ /links|zero/ ? ($page // 0) * $size : 0;
	my $to = $at + $size > @left ? @left : $at + $size;

	# one page of many, and nothing to those who ask for another
	return (encode_json({ things => $target =~ /(?:page|offset)=/ ? [] : [ @left[ 0 .. 9 ] ], total => 37 }), '') if $case eq 'nowhere';
	# all of them at once, or what is newer
	return (encode_json([ grep { $_->{id} > ($since // 0) } @left ]), '') if $case eq 'filter';
	if ($case =~ /silent|behind|since/)
	{
		my @behind = $case eq 'since' ? grep({ !defined $since || $_->{id} < $since } reverse @left) : @left[ ($at_row // 0) .. $#left ];
		return (encode_json([ @behind > $size ? @behind[ 0 .. $size - 1 ] : @behind ]), '');
	}
	my @page = $at < $to ? @left[ $at .. $to - 1 ] : ();

	return (encode_json({ things => \@page, total => '' . @left }), '') if $case !~ /links|zero/;
	return (encode_json(\@page), '') if $to >= @left;
	my $next = ($page // 0) + 1;
	my $filter = defined $owner ? "owner_id=$owner&" : '';
	return (encode_json(\@page), "Link: </$case/things?${filter}page=$next>; rel=\"next\"\r\n");
}

my $url = start_hostile(sub {
	my ($socket) = @_;

	while (my ($method, $target) = next_request($socket))
	{
		my ($case, $rest) = $target =~ m{^/(\w+)/(\w+)};
		my ($status, $body, $header) = (404, '{}', '');

		if (defined $case && $described{$case})
		{
			($status, $body) = (200, $described{$case}) if $rest eq 'openapi';
			($status, ($body, $header)) = (200, answer($case, $target)) if $rest eq 'things';
		}
		print $socket "HTTP/1.1 $status x\r\nContent-Type: application/json\r\n${header}Content-Length: "
		  . length($body) . "\r\n\r\n$body";
	}
});

my $node = start_node('main', conf => "autoconn.watch = off\n");
my ($out, $err);

sub sql
{
	my ($statements) = @_;

	(undef, $out, $err) =
	  $node->psql('postgres', "\\set VERBOSITY verbose\nSET client_min_messages = warning;\n$statements", on_error_stop => 0);
	return $out;
}

foreach my $case (qw(start links zero silent behind since filter unknown nowhere))
{
	sql("CREATE SERVER $case FOREIGN DATA WRAPPER autoconn OPTIONS (url '$url/$case/openapi.json', check_interval '0', retries '0'); CREATE SCHEMA $case;
		IMPORT FOREIGN SCHEMA api FROM SERVER $case INTO $case OPTIONS (sample 'on')");
	is($err, '', "$case: imported");
}

like(sql("SELECT ftoptions FROM pg_foreign_table WHERE ftrelid = 'start.things'::regclass"),
	qr/pagination=offset,page_param=start,.*total_path=\/total/,
	'an offset without a page size, and a total that is a text');
is(sql('SELECT count(id) FROM start.things'), 37, 'all rows');
is(sql('SELECT count(id) FROM start.things WHERE owner_id = 2'), 13, 'all that match');

like(sql("SELECT ftoptions FROM pg_foreign_table WHERE ftrelid = 'links.things'::regclass"), qr/pagination=link/, 'links');
is(sql('SELECT count(id) FROM links.things'), 37, 'the first page is not asked for by a number that nobody knows')
  or diag(sql("SELECT ftoptions FROM pg_foreign_table"));
is(sql('SELECT count(id) FROM links.things WHERE owner_id = 2'), 13, 'nor is that of those that match');

like(sql("SELECT ftoptions FROM pg_foreign_table WHERE ftrelid = 'zero.things'::regclass"),
	qr/pagination=link,page_param=page,page_start=0/, 'a first page that is said to be 0');
is(sql('SELECT count(id) FROM zero.things'), 37, 'is asked for beside links, too');

foreach my $way ([ silent => 'pagination=offset,"?page_param=page\[offset\]' ], [ behind => 'pagination=offset,page_param=from' ],
	[ since => 'pagination=keyset,.*cursor_param=since_id' ], [ filter => 'pagination=auto' ])
{
	my ($case, $options) = @$way;

	like(sql("SELECT ftoptions FROM pg_foreign_table WHERE ftrelid = '$case.things'::regclass"), qr/$options/,
		"$case: a parameter that may lead on, though nothing tells of more");
	is(sql("SELECT count(id), count(DISTINCT id) FROM $case.things"), '37|37', 'all rows');
}

sql('SELECT count(id) FROM unknown.things');
like($err, qr/ERROR:  HV000: scan is incomplete: the API announced 37 rows and delivered 10/, 'where nothing leads on');
sql('SELECT count(id) FROM unknown.things WHERE owner_id = 2');
like($err, qr/ERROR:  HV000: scan is incomplete: the API announced 13 rows and delivered 10/, 'a total counts under a condition, too');
sql('SELECT count(id) FROM nowhere.things');
like($err, qr/ERROR:  HV000: scan is incomplete: the API announced 37 rows and delivered 10/, 'where all that was tried is empty');
is(sql('SELECT id FROM unknown.things WHERE owner_id = 2 LIMIT 2'), "1\n4", 'unless enough rows came');

done_testing();
