# Every way of paging meets every fault.  What a cell must end in follows from
# the kind of the fault and the traits of the style: right rows or the right
# SQLSTATE, and exactly the requests that lead there.
#
# AUTOCONN_MATRIX=style:fault (patterns) runs some cells and shows what came.
use strict;
use warnings;

use AutoconnStyles;
use AutoconnTest;
use IPC::Run ();
use PostgreSQL::Test::Utils;
use Test::More;

# Cells side by side: most of a cell's time is a wait.
my $lanes = 16;

# Pages 1 to 5, of which the last is short; the same with a full last page.
my ($rows, $size) = (18, 4);
my $full_rows = 20;

my ($only_style, $only_fault) = split /:/, $ENV{AUTOCONN_MATRIX} // ':';

my $api = start_api();
my $node = start_node('main', preload => 1, conf => "autoconn.watch = off\nmax_connections = 40\n");
my %port = map { my $p = http_get($api->url("/_port/$_")); chomp $p; ($_ => $p) } qw(refused hanging);

# ---- outcomes ----

# Pages of a scan of so many rows that nothing disturbs.
sub all_pages
{
	my ($style, $count) = @_;
	my $last = int(($count + $size - 1) / $size);
	my $unsure = $style->{end} eq 'nothing';

	return 1 if $style->{way} eq 'none';
	# Behind the last row is page 5 still, for those who count rows.
	my $behind = $style->{way} =~ /rows|key/ ? int($count / $size) + 1 : $last + 1;
	return join ' ', 1 .. $last, $unsure ? $behind : ();
}

# The page that goes wrong.
sub where { return $_[0]->{way} eq 'none' ? 1 : $_[0]->{with} ? 2 : 3 }

sub sum_of
{
	my $sum = 0;
	$sum += $_ + 0.25 foreach @_;
	return sprintf '%.2f', $sum;
}

# Outcomes: rows as ids, or a SQLSTATE; and the pages asked for.
sub rows_of { my ($ids, $pages) = @_; return { ids => $ids, pages => $pages } }
sub all_of { my ($style, $pages) = @_; return rows_of([ 1 .. $rows ], $pages // all_pages($style, $rows)) }
sub fails { my ($state, $pages) = @_; return { state => $state, pages => $pages } }
sub up_to { return join ' ', 1 .. $_[0] }
sub before { my ($style) = @_; return up_to(where($style) - 1) }

# The page asked for twice, and then all the others.
sub doubled
{
	my ($style) = @_;
	my $at = where($style);
	return all_pages($style, $rows) =~ s/\b$at\b/$at $at/r;
}

# Kinds of faults.  Each is a function of the style and its SQLSTATE.
my %kinds = (
	# nothing that a reader need notice
	harmless => sub { all_of($_[0]) },
	# passes, and the API did nothing: asked again, whatever the method
	passing => sub { all_of($_[0], doubled($_[0])) },
	# passes, but the API may have acted on it: a POST is not sent twice
	passing_read => sub { my ($style, $state) = @_; $style->{post} ? fails($state, up_to(where($style))) : all_of($style, doubled($style)) },
	# the same, and it does not pass: two attempts
	lasting => sub { my ($style, $state) = @_; fails($state, up_to(where($style)) . ' ' . where($style)) },
	lasting_read => sub { my ($style, $state) = @_; fails($state, up_to(where($style)) . ($style->{post} ? '' : ' ' . where($style))) },
	# no use in asking again
	final => sub { my ($style, $state) = @_; fails($state, up_to(where($style))) },
	# the API knows no such page: the end for those who count or go by the last
	# row, if no total contradicts; a page that the API itself named must be there
	no_such_page => sub {
		my ($style, $state) = @_;
		return fails($state, 1) if $style->{way} eq 'none';
		return rows_of([ 1 .. 8 ], up_to(3)) if $style->{way} =~ /number|rows|key/ && $style->{end} eq 'nothing';
		return fails('HV000', up_to(3));
	},
	# sends elsewhere: a POST follows 307 and 308 only
	moved => sub { my ($style) = @_; $style->{post} ? fails('HV000', up_to(where($style))) : all_of($style, doubled($style)) },
	moved_same => sub { all_of($_[0], doubled($_[0])) },
	# never reaches the API
	unreached => sub { fails($_[1], '') },);

# ---- faults ----

my @faults;

# fault(kind, SQLSTATE, scenarios...): they go wrong at one page.
sub fault
{
	my ($kind, $state, @scenarios) = @_;
	push @faults, { kind => $kind, state => $state, scenario => $_ } foreach @scenarios;
	return;
}

# fault_by(scenario, outcome of style, more)
sub fault_by
{
	my ($scenario, $outcome, %more) = @_;
	push @faults, { scenario => $scenario, outcome => $outcome, %more };
	return;
}

fault('harmless', undef, 'plain', 'plain;gzip=1', 'drip;tick_ms=1', 'close', 'close_delimited',
	'chunked', 'trailers', 'http10', 'http10;length=0', 'continue_100', 'early_hints', 'set_cookie', 'bom',
	'content_type;type=text/html', 'content_type;type=none', 'white_space;mb=1',
	'missing_field', 'new_field', 'duplicate_keys', 'large_header;kb=8');

# A POST may just meet the connection's end, and is not sent twice.
fault_by('silent_close', $kinds{harmless}, for => sub { !$_[0]{post} });

# Told to wait, in every form.
fault('passing', undef, map { "rate_limited;retry_after=$_" } qw(0 0.1 none past garbage));
fault('passing', undef, 'rate_limited;retry_after=ms;in_s=0', 'rate_limited;retry_after=date;in_s=0', 'rate_limited;retry_after=epoch;in_s=0',
	'rate_limited;status=503;retry_after=0', 'quota;reset_s=0');
fault('lasting', '53400', 'rate_limited;retry_after=0;fail=9');
fault('final', '53400', 'rate_limited;retry_after=3600;fail=9', 'rate_limited;retry_after=61', 'rate_limited;retry_after=date;in_s=90',
	'rate_limited;retry_after=epoch;in_s=90', 'rate_limited;retry_after=ms;in_s=90', 'quota;reset_s=3600');

# What passes: once, and for good.
foreach my $status (408, 425, 500, 502, 503, 504, 520, 522, 524)
{
	fault('passing_read', 'HV000', "status;status=$status;fail=1");
	fault('lasting_read', 'HV000', "status;status=$status") if $status =~ /500|503|520/;
}
my %broken = (
	'reset_headers' => '08006', 'reset_body' => '08006', 'reset_body;after=1' => '08006', 'no_answer' => '08006',
	'truncated_length' => '08006', 'truncated_length;cut=5' => '08006', 'truncated_chunked' => '08006',
	'truncated_chunked;cut=9' => '08006', 'http10;cut=7' => '08006', 'gzip_broken;kind=corrupt' => '22P02',
	'gzip_broken;kind=not' => '22P02', 'html' => 'HV000', 'html;type=application/json' => 'HV000', 'empty_body' => 'HV000',
	'not_ok;form=ok' => 'HV000', 'not_ok;form=success' => 'HV000', 'not_ok;form=errors' => 'HV000', 'not_ok;form=fault' => 'HV000');
foreach my $scenario (sort keys %broken)
{
	fault('passing_read', $broken{$scenario}, "$scenario;fail=1");
	fault('lasting_read', $broken{$scenario}, $scenario);
}

# Legal, but libcurl reads one member alone.
fault('lasting_read', '22P02', 'gzip_broken;kind=members');

# What does not.
fault('final', 'HV000', 'status;status=400', 'status;status=422', 'status;status=405', 'status;status=409', 'status;status=501', 'status;status=304',
	'bad_status_line', 'two_lengths', 'many_headers', 'redirect_loop', 'redirect;to=none;status=307');
fault('final', '28000', 'status;status=401', 'status;status=401;fail=1', 'status;status=407', 'forbidden');
fault('final', '42501', 'redirect;status=307;to=other', 'redirect;status=308;to=metadata', 'redirect;status=307;to=file');
fault('final', '22P02', 'bad_json', 'bad_json;kind=unclosed', 'bad_json;kind=unterminated', 'trailing_garbage', 'second_document', 'latin1', 'nul_byte',
	'bad_utf8', 'short_length', 'gzip_broken;kind=truncated');
fault('no_such_page', 'HV00R', 'status;status=404', 'status;status=410');
fault('moved', undef, 'redirect;status=302', 'redirect;status=301', 'redirect;status=303;form=path');
fault('moved_same', undef, 'redirect;status=307', 'redirect;status=308;form=relative');

fault_by('redirect;hops=6;status=307', sub { fails('HV000', up_to(where($_[0])) . (' ' . where($_[0])) x 5) });

# Time: each phase has its limit.
fault_by('stall_headers', $kinds{final}, state => '08006', server => "timeout '500ms', retries '0'");
fault_by('stall_body', $kinds{final}, state => '08006', server => "timeout '500ms', retries '0'");
fault_by('stall_body;fail=1', $kinds{passing_read}, state => '08006', server => "timeout '500ms', retries '1'");
fault_by('refused', $kinds{unreached}, state => '08001', url => "http://127.0.0.1:$port{refused}");
fault_by('hanging', $kinds{unreached}, state => '08006', url => "http://127.0.0.1:$port{hanging}", server => "connect_timeout '300ms', retries '0'");
fault_by('no_such_name', $kinds{unreached}, state => '08001', url => 'http://no-such-host.invalid');
fault_by('gzip_bomb;mb=1', $kinds{final}, state => '54000', server => "max_response_size '64kB', retries '1'");

# Ways on that lead nowhere, or back.  Those who count do not look at them.
sub leads { my ($style) = @_; return $style->{way} =~ /url|token/ }
fault_by('next_self;at=3', sub { leads($_[0]) ? fails('HV000', up_to(3)) : all_of($_[0]) });
fault_by('next_self;at=1', sub { leads($_[0]) ? fails('HV000', '1 1') : all_of($_[0]) });
fault_by('next_first;at=3', sub { leads($_[0]) ? fails('HV000', '1 2 3 1') : all_of($_[0]) });
fault_by('next_other;at=3', sub { $_[0]{way} eq 'url' ? fails('42501', up_to(3)) : all_of($_[0]) });
fault_by('next_relative;at=3', sub { all_of($_[0]) });
fault_by('next_relative;form=scheme;at=3', sub { all_of($_[0]) });
fault_by('next_bad;at=3', sub { $_[0]{way} eq 'url' ? fails('22P02', up_to(3)) : all_of($_[0]) }, for => sub { $_[0]{way} ne 'token' });
fault_by('more_without_token;at=3', sub { fails('HV000', up_to(3)) }, for => sub { ($_[0]{says} // '') eq 'more' });
fault_by('token_without_more;at=3', sub { all_of($_[0]) }, for => sub { ($_[0]{says} // '') eq 'more' });
fault_by("end;form=$_", sub { all_of($_[0]) }, for => sub { $_[0]{options} =~ m{'/next|'/@|endCursor} }) foreach qw(null empty absent);
fault_by('number_token', sub { all_of($_[0]) }, for => sub { $_[0]{options} =~ m{next_cursor|endCursor} });
# The last page leads to an empty one.
fault_by("trailing_token;rows=$full_rows", sub { rows_of([ 1 .. $full_rows ], $_[0]{end} =~ /pages|total/ ? up_to(5) : up_to(6)) }, for => sub { $_[0]{way} ne 'none' && $_[0]{end} !~ /more/ });
# A token that has expired: anew if no row has been seen, once.
foreach my $status (400, 410)
{
	fault_by("expired;status=$status", sub { fails('HV000', up_to(2)) }, for => \&leads);
	fault_by("expired+empty_page;hole=1;status=$status", sub { rows_of([ 5 .. $rows ], '1 2 1 2 3 4 5') }, for => \&leads);
	fault_by("expired+empty_page;hole=1;times=2;status=$status", sub { fails('HV000', '1 2 1 2') }, for => \&leads);
}

# Pages that are not what was asked for.
fault_by('ignore_paging', sub { $_[0]{way} eq 'none' ? all_of($_[0]) : fails('HV000', '1 1') });
fault_by('repeat_page;at=3', sub { $_[0]{way} eq 'none' ? all_of($_[0]) : fails('HV000', undef) });
fault_by('repeat_last', sub { all_of($_[0]) }, for => sub { $_[0]{way} =~ /number|rows/ });
fault_by("repeat_last;rows=$full_rows", sub { rows_of([ 1 .. $full_rows ], $_[0]{end} =~ /nothing|pages/ ? up_to(7) : all_pages($_[0], $full_rows)) }, for => sub { $_[0]{way} =~ /number|rows/ });
fault_by("past_end;status=$_", sub { all_of($_[0]) }, for => sub { $_[0]{way} =~ /number|rows/ }) foreach qw(400 404 410 416 422);
fault_by("past_end;status=$_;rows=$full_rows", sub { rows_of([ 1 .. $full_rows ], all_pages($_[0], $full_rows)) }, for => sub { $_[0]{way} =~ /number|rows/ }) foreach qw(400 404);
# Short in the middle: what is lost by numbers is lost to the caller.
fault_by('short_pages', sub { $_[0]{way} eq 'number' || ($_[0]{style} // '') eq 'link' ? rows_of([ 1 .. 6, 9 .. 14, 17, 18 ], all_pages($_[0], $rows)) : rows_of([ 1 .. $rows ], undef) }, for => sub { $_[0]{way} ne 'none' });
# An empty page in the middle is the end where nothing says otherwise.
fault_by(
	'empty_page;hole=3',
	sub {
		my ($style) = @_;
		my @left = (1 .. 8, 13 .. $rows);
		return rows_of(\@left, up_to(5)) if leads($style) || $style->{end} eq 'pages';
		return fails('HV000', up_to(3)) if $style->{end} =~ /more/ || ($style->{way} eq 'rows' && $style->{end} eq 'total');
		return rows_of(\@left, up_to(5)) if $style->{end} eq 'total';
		return rows_of([ 1 .. 8 ], up_to(3));
	},
	for => sub { $_[0]{way} ne 'none' });
fault_by('clamp;max=3', sub { rows_of([ 1 .. $rows ], up_to($_[0]{end} eq 'nothing' ? 7 : 6)) }, for => sub { $_[0]{way} ne 'none' && ($_[0]{style} // '') ne 'range' });
fault_by('missing_key;at=3', sub { $_[0]{way} eq 'key' ? fails('HV000', up_to(3)) : { nulls => 1, pages => all_pages($_[0], $rows) } });
fault_by('truncated_flag;at=5', sub { fails('HV000', up_to(5)) }, for => sub { !$_[0]{bare} && $_[0]{end} ne 'nothing' });
fault_by('truncated_flag;at=3', sub { all_of($_[0]) }, for => sub { $_[0]{way} ne 'none' });
# Without the list and with a way on it is no page without rows, but for
# continuation objects, which come so.
fault_by('rows_missing;at=3', sub { $_[0]{style} eq 'continue' ? rows_of([ 1 .. 8, 13 .. $rows ], up_to(5)) : fails('HV000', undef) }, for => sub { leads($_[0]) && !$_[0]{bare} });
# An answer without content is a page without rows, and without a way on.
fault_by('no_content;at=3', sub { $_[0]{end} eq 'total' ? fails('HV000', undef) : $_[0]{end} eq 'pages' ? rows_of([ 1 .. 8, 13 .. $rows ], up_to(5)) : rows_of([ 1 .. 8 ], up_to(3)) }, for => sub { $_[0]{way} ne 'none' });

# Totals.
sub told { return $_[0]{end} eq 'total' }
fault_by('total_high', sub { fails('HV000', undef) }, for => \&told);
fault_by('total_low', sub { rows_of([ 1 .. $rows ], all_pages({ %{ $_[0] }, end => 'nothing' }, $rows)) }, for => \&told);
fault_by('total_moving', sub { rows_of([ 1 .. $rows ], up_to(6)) }, for => \&told);
fault_by('total_first', sub { all_of($_[0]) }, for => \&told);

# ---- cells ----

my @cells;
my $count = 0;
foreach my $name (sort keys %styles)
{
	my $style = $styles{$name};
	next if $only_style && $name !~ /^$only_style$/;
	foreach my $fault (@faults)
	{
		next if $only_fault && $fault->{scenario} !~ /$only_fault/;
		next if $fault->{for} && !$fault->{for}->($style);
		# in windows any page may be the second of several
		next if $style->{with} && (!$fault->{kind} || $fault->{kind} eq 'no_such_page');
		my $expected = ($fault->{outcome} // $kinds{ $fault->{kind} })->($style, $fault->{state});
		$expected->{pages} = undef if $style->{with};
		my $scenario = $fault->{scenario};
		$scenario =~ s/^(\w+)(.*)/$1+$style->{with}$2$style->{more}/ if $style->{with};
		$scenario .= ';at=' . where($style) if $scenario !~ /;at=|;hole=|next_|^end|number_token|trailing_token|expired|ignore_|repeat|past_end|short_pages|clamp|total|^plain|^refused|^hanging|^no_such/;
		$scenario .= ";rows=$rows" if $scenario !~ /;rows=/;
		$scenario .= ";size=$size;style=$style->{style}";
		$count++;
		push @cells, {
			id => "m$count",
			name => "$name: $fault->{scenario}",
			style => $style,
			scenario => $scenario,
			expected => $expected,
			url => $fault->{url} // $api->url("/s/m$count/" . $scenario =~ s{/}{%2F}gr),
			server => ($fault->{server} // "retries '1'") . ", max_concurrency '" . ($style->{ahead} // 1) . "'",
		};
	}
}

# One cell in SQL: a line of what came.
$node->safe_psql('postgres', <<'EOS');
CREATE FUNCTION cell(id text, url text, server text, options text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  line text;
BEGIN
  SET LOCAL client_min_messages = error;
  EXECUTE format('CREATE SERVER %I FOREIGN DATA WRAPPER autoconn OPTIONS (url %L, discover ''off'', %s)', id, url, server);
  EXECUTE format('CREATE FOREIGN TABLE %I (id int, name text, value numeric) SERVER %I OPTIONS (path ''/things'', %s)', id, id, options);
  BEGIN
    EXECUTE format('SELECT concat_ws(''|'', count(*), coalesce(sum(value), 0), string_agg(id::text, '','')) FROM %I', id) INTO line;
  EXCEPTION WHEN OTHERS THEN
    line := 'error|' || SQLSTATE || '|' || replace(SQLERRM, E'\n', ' ');
  END;
  EXECUTE format('DROP SERVER %I CASCADE', id);
  RETURN line;
END $$;
EOS

sub quoted { my ($text) = @_; $text =~ s/'/''/g; return "'$text'" }

# Each lane is a session that plays every so-manyth cell.
my @runs;
my $dir = PostgreSQL::Test::Utils::tempdir();
my $began = time;
foreach my $lane (0 .. $lanes - 1)
{
	my $file = "$dir/lane$lane.sql";
	append_to_file($file, "SELECT 1;\n");
	append_to_file($file, sprintf("SELECT %s, cell(%s);\n", quoted($_->{id}), join ', ', map { quoted($_) } @{$_}{qw(id url server)}, $_->{style}{options}))
	  foreach @cells[ grep { $_ % $lanes == $lane } 0 .. $#cells ];
	my %run = (out => '', err => '');
	$run{handle} = IPC::Run::start([ 'psql', '-XAtq', '-F', ' ', '-d', $node->connstr('postgres'), '-f', $file ],
		'<', \undef, '>', \$run{out}, '2>', \$run{err}, IPC::Run::timeout(170));
	push @runs, \%run;
}
my %came;
foreach my $run (@runs)
{
	$run->{handle}->finish;
	diag($run->{err}) if $run->{err} ne '';
	$came{$1} = $2 while $run->{out} =~ /^(m\d+) (.*)$/mg;
}
note(sprintf '%d cells in %d s', scalar @cells, time - $began);

# What was asked for, compared: exactly; where pages are asked for ahead, one
# may follow the one that failed, and their order is not that of the pages.
sub asked_rightly
{
	my ($cell, $asked) = @_;
	my $style = $cell->{style};
	my $expected = $cell->{expected}{pages};
	my $positional = $style->{way} =~ /number|rows/;

	return 1 if !defined $expected;
	return 1 if $asked eq $expected;
	# A kept connection that ends without an answer: libcurl asks once more,
	# for each of our attempts.
	my $at = where($style);
	return 1 if $cell->{name} =~ /no_answer|reset_headers/ && !$style->{post} && $asked =~ /^$expected(?: $at){1,2}$/;
	return 0 if !$positional;
	my @asked = sort { $a <=> $b } split / /, $asked;
	my @expected = sort { $a <=> $b } split / /, $expected;
	my %n;
	$n{$_}++ foreach @expected;
	my @more = grep { ($n{$_} // 0) <= 0 || !$n{$_}-- } @asked;
	# none of those that were wanted is missing
	return 0 if grep { $n{$_} > 0 } keys %n;
	my $may = $style->{ahead} // 1;
	return @more <= $may;
}

foreach my $cell (@cells)
{
	my $expected = $cell->{expected};
	my $got = $came{ $cell->{id} } // 'nothing came';
	my $asked = http_get($api->url("/_log/$cell->{id}?format=pages"));
	my $wanted;
	if ($expected->{state})
	{
		$wanted = "error $expected->{state}";
		$wanted .= ' after ' . ($expected->{pages} || 'no') . ' pages' if defined $expected->{pages};
	}
	my $good;
	if ($expected->{state})
	{
		$good = $got =~ /^error\|$expected->{state}\|/;
	}
	elsif ($expected->{nulls})
	{
		$good = $got =~ /^$rows\|/;
	}
	else
	{
		my @ids = @{ $expected->{ids} };
		$good = $got =~ /^${\ scalar @ids}\|/ && $got =~ /\|${\ join ',', @ids}$/
		  && ($got =~ /\|${\ sum_of(@ids)}\|/ || $cell->{name} =~ /missing_field/);
	}
	my $requests_good = asked_rightly($cell, $asked);
	ok($good && $requests_good, $cell->{name})
	  or diag("$cell->{scenario}\n  came: $got\n  asked: $asked\n  expected: "
		  . ($expected->{state} // ($expected->{nulls} ? 'all, without ids' : join ',', @{ $expected->{ids} }))
		  . "\n  pages: " . ($expected->{pages} // 'any'));
	unlike(http_get($api->url("/_log/$cell->{id}?format=brief&headers=expect")), qr/expect=/, "$cell->{name}: no request waits to be told to go on")
	  if $cell->{style}{post} && $cell->{name} =~ /: plain$/;
	diag("$cell->{name}: $got; $asked") if $ENV{AUTOCONN_MATRIX};
}

done_testing();
