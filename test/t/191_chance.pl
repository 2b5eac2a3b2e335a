# Games of chance against the whole engine: a random way of paging, sizes,
# filters, faults, concurrency and query.  Every row comes once, or there is an
# error.  Of collections that change the verdict tells the truth.
#
# AUTOCONN_GAMES=20000 plays so many, AUTOCONN_SEED=n those of another seed;
# AUTOCONN_GAME=n plays one alone and shows it.
use strict;
use warnings;

use AutoconnStyles;
use AutoconnTest;
use IPC::Run ();
use PostgreSQL::Test::Utils;
use Test::More;

my $games = $ENV{AUTOCONN_GAMES} // 300;
my $seed = $ENV{AUTOCONN_SEED} // 1;
my $lanes = 8;

my $api = start_api();
my $node = start_node('main', preload => 1, conf => "autoconn.watch = off\nmax_connections = 40\n");

sub quoted { my ($text) = @_; $text =~ s/'/''/g; return "'$text'" }

# ---- what the games are made of ----

my @values;
foreach my $name (sort keys %styles)
{
	my $style = $styles{$name};
	next if $style->{ahead} || $style->{with};
	push @values, sprintf("(%s, %s, %s, %s, %s)", map { quoted($_) } $name, $style->{style}, $style->{options}, $style->{way}, $style->{post} ? 'true' : 'false');
}
$node->safe_psql('postgres', sprintf(<<'EOS', join(",\n", @values), $api->url));
CREATE TABLE styles (name text, api text, options text, way text, post bool);
INSERT INTO styles VALUES %s;
CREATE TABLE truth AS SELECT n AS id, 'thing ' || n AS name, n + 0.25 AS value, ('{red,RED,green,blue}'::text[])[1 + n %% 4] AS kind, 1 + n %% 5 AS owner_id, n %% 3 <> 0 AS active
	FROM generate_series(1, 400) n;

CREATE FUNCTION pick(VARIADIC choices text[]) RETURNS text LANGUAGE sql VOLATILE AS
	$$ SELECT choices[1 + floor(random() * cardinality(choices))] $$;

-- The API of one game, and its table.
CREATE FUNCTION prepare(game text, scenario text, server text, columns text, options text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL client_min_messages = error;
  EXECUTE format('CREATE SCHEMA %%I', game);
  EXECUTE format('CREATE SERVER %%I FOREIGN DATA WRAPPER autoconn OPTIONS (url %%L, discover ''off'', %%s)', game, '%s/s/' || game || '/' || scenario, server);
  EXECUTE format('CREATE FOREIGN TABLE %%I.t (%%s) SERVER %%I OPTIONS (path ''/things'', %%s)', game, columns, game, options);
  EXECUTE format('CREATE FOREIGN TABLE %%I.item (id int OPTIONS (param ''id'', json_path ''/id''), name text, value numeric) SERVER %%I OPTIONS (path ''/things/{id}'', parent ''t(id)'')', game, game);
  PERFORM set_config('search_path', game || ', public', true);
END $$;
EOS

$node->safe_psql('postgres', <<'EOS');
-- What a query gives as text, and what it would give of the truth.
CREATE FUNCTION told(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  EXECUTE format('SELECT coalesce(string_agg(x::text, '' ''), '''') FROM (%s) x', query) INTO result;
  RETURN result;
END $$;

CREATE FUNCTION play(seed int, i int, OUT about text, OUT problem text) LANGUAGE plpgsql AS $$
DECLARE
  game text := format('g%s_%s', seed, i);
  s styles;
  rows int;
  size int;
  filtered bool;
  sorted bool;
  fault text;
  lies bool := false;
  scenario text;
  server text;
  clause text;
  shape text;
  query text;
  ordered bool := false;
  few int;
  got text;
  wanted text;
  columns text := 'id int%s, name text, value numeric';
BEGIN
  PERFORM setseed(((seed::bigint * 7919 + i) % 100003) / 100003.0);
  SELECT * INTO s FROM styles ORDER BY random() LIMIT 1;
  rows := 1 + floor(random() ^ 2 * 130);
  size := 1 + floor(random() ^ 2 * 20);
  fault := pick('plain', 'plain', 'plain', 'total', 'chance;percent=8', 'chance;percent=8', 'chance;percent=25;tries=1', 'lie', 'lie', 'odd');
  IF fault = 'lie' THEN
    fault := pick('total_high', 'total_low', 'total_moving', 'repeat_page', 'next_first', 'ignore_paging', 'status;at=2', 'bad_json;at=3', 'truncated_length;at=2');
    lies := true;
  ELSIF fault = 'odd' THEN
    fault := CASE WHEN s.way IN ('number', 'rows') THEN pick('past_end', 'past_end;status=400', 'repeat_last', 'total_first') WHEN s.name IN ('next_url', 'cursor', 'graphql') THEN pick('end;form=null', 'end;form=absent', 'end;form=empty') ELSE 'plain' END;
    -- a last page that comes again has to be told from one that is missed
    lies := fault = 'repeat_last';
  END IF;
  filtered := NOT s.post AND s.way <> 'key' AND random() < 0.6;
  -- Lists without rows have no first page there; a number of pages is believed.
  filtered := filtered AND fault !~ '^past_end';
  fault := CASE WHEN s.name = 'page_header' AND fault = 'total_low' THEN 'total_high' ELSE fault END;
  sorted := filtered AND s.way IN ('number', 'rows', 'url') AND random() < 0.3;
  IF filtered THEN
    columns := columns || ', kind text OPTIONS (param ''kind'', json_path ''/kind''), owner_id int OPTIONS (param ''owner_id'', json_path ''/owner_id''), active bool OPTIONS (param ''active'', json_path ''/active'')';
  END IF;
  columns := format(columns, CASE WHEN sorted THEN ' OPTIONS (sort_asc ''sort=id'', sort_desc ''sort=-id'', sort_nulls ''none'')' ELSE '' END);
  scenario := format('%s%s;style=%s;rows=%s;size=%s;max_size=%s;filters=%s;sorts=%s', fault, CASE WHEN fault ~ '^chance' THEN ';seed=' || i ELSE '' END, s.api, rows, size, pick(size::text, '50'), filtered::int, sorted::int);
  server := format('max_concurrency %L, retries %L', 1 + floor(random() ^ 2 * 9)::int, CASE WHEN lies THEN 0 ELSE 5 END);
  clause := CASE WHEN filtered THEN pick('true', 'kind = ''red''', 'kind IN (''red'', ''blue'', ''red'')', 'owner_id = 3', 'owner_id IN (1, 2, 5) AND active', 'NOT active', 'kind <> ''green''', 'kind = ''red'' OR owner_id = 2',
      'kind = ''red'' OR kind = ''green''', 'kind IN (NULL, ''RED'')', 'kind = ANY (ARRAY[''blue'', ''nothing''])', 'owner_id = (SELECT 2)', 'kind = ''nothing''', 'owner_id IN (SELECT 4)', 'owner_id = ANY (''{}''::int[])',
      'id % 3 = 0 AND kind = ''green''', 'kind IS NULL', 'kind = ''red'' AND kind = ''blue''', 'active = (id % 3 <> 0)', 'owner_id BETWEEN 2 AND 3')
    ELSE pick('true', 'true', 'id % 3 = 0', 'value > 20', 'name LIKE ''%1%''', 'id = 7', 'id IN (3, 4, 99, 3)', 'id BETWEEN 10 AND 20', 'false') END;
  few := floor(random() * 30);
  shape := pick('rows', 'rows', 'rows', 'limit', 'offset', 'count', 'order', 'join', 'semijoin', 'twice', 'walk', 'lateral', 'cursor');
  IF shape = 'walk' THEN
    rows := least(rows, 12);
    scenario := regexp_replace(scenario, ';rows=\d+', ';rows=' || rows);
  END IF;
  query := CASE shape
    WHEN 'count' THEN 'SELECT count(*), sum(value) FROM t WHERE ' || clause
    WHEN 'order' THEN format('SELECT id FROM t WHERE %s ORDER BY id %s LIMIT %s', clause, pick('', 'DESC'), few)
    WHEN 'join' THEN format('SELECT t.id FROM (VALUES (1), (4), (7)) v(o) JOIN t ON %s = v.o WHERE %s', CASE WHEN filtered THEN 'owner_id' ELSE 'id' END, clause)
    WHEN 'lateral' THEN format('SELECT l.id FROM generate_series(1, 3) o, LATERAL (SELECT id FROM t WHERE %s AND id >= o ORDER BY id LIMIT 2) l', clause)
    WHEN 'semijoin' THEN format('SELECT k FROM generate_series(1, 10) k WHERE EXISTS (SELECT FROM t WHERE id = k AND %s)', clause)
    WHEN 'twice' THEN format('SELECT id FROM t WHERE %s UNION ALL SELECT -id FROM t', clause)
    WHEN 'walk' THEN format('SELECT id, value FROM item WHERE %s', pick('true', 'id IN (2, 5, 99)', 'id = 3', 'id % 2 = 0'))
    ELSE 'SELECT id, name, value FROM t WHERE ' || clause END;
  about := format('%s; %s; %s; %s', s.name, scenario, server, CASE WHEN shape IN ('limit', 'offset', 'cursor') THEN format('%s of %s: ', shape, few) ELSE '' END || query);
  -- the truth
  EXECUTE format('CREATE TEMP VIEW t AS SELECT * FROM truth WHERE id <= %s', rows);
  CREATE TEMP VIEW item AS TABLE t;
  wanted := told(query || CASE WHEN shape IN ('order', 'count') THEN '' ELSE ' ORDER BY 1' END);
  DROP VIEW item;
  DROP VIEW t;
  PERFORM prepare(game, scenario, server, columns, replace(s.options, 'page_size ''4''', format('page_size ''%s''', size)));
  IF random() < 0.5 THEN
    SET LOCAL enable_hashjoin = off;
    SET LOCAL enable_mergejoin = off;
    SET LOCAL enable_material = off;
  END IF;
  BEGIN
    IF shape IN ('limit', 'offset', 'cursor') THEN
      DECLARE
        n bigint; m bigint; fine bool; skipped int := CASE WHEN shape = 'offset' THEN few / 2 ELSE 0 END;
        c refcursor; r record; ids int[] := '{}';
      BEGIN
        IF shape = 'cursor' THEN
          -- some rows of two scans at once, left where they are
          OPEN c FOR EXECUTE 'SELECT id FROM t WHERE ' || clause;
          FETCH c INTO r;
          FOR r IN EXECUTE 'SELECT id FROM t WHERE ' || clause LOOP
            EXIT WHEN cardinality(ids) >= few;
            ids := ids || r.id;
          END LOOP;
          CLOSE c;
        ELSE
          EXECUTE format('SELECT array_agg(id) FROM (SELECT id FROM t WHERE %s LIMIT %s OFFSET %s) x', clause, few, skipped) INTO ids;
        END IF;
        EXECUTE format('SELECT count(*), greatest(least(%s, (SELECT count(*) FROM truth WHERE id <= %s AND (%s)) - %s), 0), count(*) = count(DISTINCT u) AND coalesce(bool_and(EXISTS (SELECT FROM truth WHERE id = u AND id <= %2$s AND (%3$s))), true) FROM unnest($1) u',
          few, rows, clause, skipped) INTO n, m, fine USING ids;
        problem := CASE WHEN n <> m THEN format('%s of %s rows', n, m) WHEN NOT fine THEN 'not the rows: ' || ids::text END;
      END;
    ELSE
      got := told(query || CASE WHEN shape IN ('order', 'count') THEN '' ELSE ' ORDER BY 1' END);
      IF got IS DISTINCT FROM wanted THEN
        problem := format('%s instead of %s', got, wanted);
      END IF;
    END IF;
  EXCEPTION WHEN OTHERS THEN
    problem := CASE WHEN lies OR (s.post AND fault ~ '^chance' AND SQLSTATE IN ('HV000', '08006', '22P02')) THEN NULL ELSE SQLSTATE || ': ' || SQLERRM END;
  END;
  SET LOCAL client_min_messages = error;
  EXECUTE format('DROP SERVER %I CASCADE', game);
  EXECUTE format('DROP SCHEMA %I', game);
END $$;

-- A collection that changes: the rows that came, and the verdict.
CREATE FUNCTION play_churn(seed int, i int, OUT game text, OUT about text, OUT came int[], OUT verdict text, OUT style text) LANGUAGE plpgsql AS $$
DECLARE
  s styles;
  line text;
  r int;
BEGIN
  game := format('c%s_%s', seed, i);
  PERFORM setseed(((seed::bigint * 7919 + i) % 100003) / 100003.0);
  SELECT * INTO s FROM styles WHERE name ~ '^(page_total|offset_total|keyset|keyset_bare|cursor|next_url|link)$' ORDER BY random() LIMIT 1;
  style := s.name;
  about := format('churn%s;kind=%s;percent=%s;seed=%s;rows=%s;size=%s;style=%s', CASE WHEN s.name IN ('cursor') THEN '+total' ELSE '' END, pick('insert', 'delete', 'mixed'), pick('10', '30', '90'), i,
    10 + floor(random() * 40), 2 + floor(random() * 7), s.api);
  PERFORM prepare(game, about, format('max_concurrency %L', pick('1', '4')), 'id int, name text, value numeric',
    replace(s.options, 'page_size ''4''', 'page_size ''' || (regexp_match(about, 'size=(\d+)'))[1] || '''') || CASE s.name WHEN 'cursor' THEN ', total_path ''/total''' WHEN 'next_url' THEN ', total_path ''/count''' ELSE '' END);
  CREATE TEMP TABLE arrived (id int);
  BEGIN
    FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) INSERT INTO arrived SELECT id FROM t' LOOP
      verdict := coalesce(verdict, substring(line FROM 'Completeness: (.*)'));
    END LOOP;
    SELECT coalesce(array_agg(id), '{}') INTO came FROM arrived;
  EXCEPTION WHEN OTHERS THEN
    verdict := 'error ' || SQLSTATE || ' ' || SQLERRM;
  END;
  DROP TABLE arrived;
  SET LOCAL client_min_messages = error;
  EXECUTE format('DROP SERVER %I CASCADE', game);
  EXECUTE format('DROP SCHEMA %I', game);
END $$;
EOS

# Runs statements side by side; what they print.
my $files = 0;
my $dir = PostgreSQL::Test::Utils::tempdir();
sub in_lanes
{
	my @statements = @_;
	my @runs;
	my $out = '';
	foreach my $lane (0 .. $lanes - 1)
	{
		my $file = "$dir/lane.$lane." . ++$files;
		append_to_file($file, "SELECT;\n" . join '', map { "$_;\n" } @statements[ grep { $_ % $lanes == $lane } 0 .. $#statements ]);
		my %run = (out => '', err => '');
		$run{handle} = IPC::Run::start([ 'psql', '-XAtq', '-F', "\t", '-d', $node->connstr('postgres'), '-f', $file ],
			'<', \undef, '>', \$run{out}, '2>', \$run{err});
		push @runs, \%run;
	}
	foreach my $run (@runs)
	{
		$run->{handle}->finish;
		is($run->{err}, '', 'nothing is complained about');
		$out .= $run->{out};
	}
	return $out;
}

# The first of what went wrong.
sub shown
{
	my ($kind, $wrong) = @_;
	my @which = sort { $a <=> $b } keys %$wrong;

	splice @which, 30;
	return join "\n", map { "$kind $_: $wrong->{$_}" } @which;
}

# ---- collections that stay ----

my @numbers = $ENV{AUTOCONN_GAME} ? ($ENV{AUTOCONN_GAME}) : (1 .. $games);
my $wanted = @numbers;
my $began = time;
my %problems;
my $played = 0;
# In portions, after each of which the API forgets what was asked.
while (my @portion = splice @numbers, 0, 1000)
{
	my $out = in_lanes(map { "SELECT 'game', $_, * FROM play($seed, $_)" } @portion);
	while ($out =~ /^game\t(\d+)\t(.*)\t(.*)$/mg)
	{
		$played++;
		$problems{$1} = "$2\n  $3" if $3 ne '';
		diag("game $1: $2") if $ENV{AUTOCONN_GAME};
	}
	next if @portion < 1000;
	$api->forget("g${seed}_$_") foreach @portion;
}
note(sprintf '%d games in %d s', $played, time - $began);
is($played, $wanted, 'all games are played');
is(shown('game', \%problems), '', "each row once, or an error (seed $seed)");

# ---- collections that change ----

$began = time;
my @churns = $ENV{AUTOCONN_GAME} ? ($ENV{AUTOCONN_GAME}) : (1 .. $games / 4);
my $out = in_lanes(map { "SELECT 'churn', $_, * FROM play_churn($seed, $_)" } @churns);
my %untrue;
my %verdicts;
$played = 0;
while ($out =~ /^churn\t(\d+)\t(\S+)\t(.*)\t\{?(.*?)\}?\t(.*)\t(.*)$/mg)
{
	my ($i, $game, $about, $came, $verdict, $style) = ($1, $2, $3, $4, $5, $6);
	my @came = split /,/, $came;
	my @pages = grep { defined $_->{total} } @{ $api->log($game) };
	my %totals = map { $_->{total} => 1 } @pages;
	my $why;

	$played++;
	$verdicts{ $verdict =~ s/\d+/n/gr =~ s/:.*//r }++;
	my %n;
	$n{$_}++ foreach @came;
	my @twice = grep { $n{$_} > 1 } keys %n;
	if ($verdict !~ /^error/)
	{
		my $tells = $style !~ /keyset|link/;
		$why = 'it moved' if $tells && keys %totals > 1 && $verdict !~ /moved/ && $pages[0]{total} != $pages[-1]{total};
		$why = 'it did not move' if keys %totals == 1 && $verdict =~ /moved/;
		$why = 'rows came twice' if @twice && $verdict !~ /moved/ && ($style =~ /keyset/ || (keys %totals == 1));
		# Keys hold: what was there all the time came.
		if ($style =~ /keyset/)
		{
			my ($rows) = $about =~ /rows=(\d+)/;
			my $last = $pages[-1];
			my $kept = grep { $_ <= 1000 } @came;
			$why = 'rows are missing' if $about =~ /kind=insert/ && $kept != $rows;
		}
		$why = 'rows are missing' if keys %totals == 1 && @came != (keys %totals)[0];
	}
	elsif ($verdict !~ /^error HV000/)
	{
		$why = 'that error';
	}
	$untrue{$i} = "$about ($style): $verdict\n  $why: " . join(' ', @came) . '; totals ' . join(' ', map { $_->{total} } @pages) if $why;
	diag("churn $i: $about: $verdict: $came") if $ENV{AUTOCONN_GAME};
}
is($played, scalar @churns, 'all of them');
is(shown('churn', \%untrue), '', "verdicts tell the truth (seed $seed)");
note(sprintf '%d collections that change in %d s', $played, time - $began);
note("$verdicts{$_} times $_") foreach sort keys %verdicts;

done_testing();
