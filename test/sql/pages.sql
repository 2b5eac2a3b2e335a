-- Pages asked for concurrently, delivered in order; ways of paging beside the usual ones.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
-- A table by hand over a scenario; one reading of it, as in scan.inc, and query strings and some headers of its requests in their order by position.
CREATE FUNCTION pg_temp.table_of(session text, scenario text, options text, server text DEFAULT '', columns text DEFAULT 'id int, name text, value numeric') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL client_min_messages = error;
  DROP SERVER IF EXISTS t CASCADE;
  CREATE SCHEMA IF NOT EXISTS t;
  EXECUTE format('CREATE SERVER t FOREIGN DATA WRAPPER autoconn OPTIONS (url %L, discover ''off''%s)',
                 format('%s/s/%s/%s', current_setting('test.api'), session, scenario), ', ' || nullif(server, ''));
  EXECUTE format('CREATE FOREIGN TABLE t.things (%s) SERVER t OPTIONS (path ''/things'', %s)', columns, options);
  PERFORM set_config('client_min_messages', 'notice', true);
END $$;
CREATE FUNCTION pg_temp.asked_with(session text, headers text DEFAULT 'none') RETURNS text
LANGUAGE sql AS $$
  SELECT string_agg(regexp_replace(r, '^(GET|POST) /things\??', ''), ' ' ORDER BY (regexp_match(r, '(?:page|offset)=(\d+)'))[1]::int, n)
  FROM pg_temp.api(format('/_log/%s?format=brief&headers=%s', session, headers)) WITH ORDINALITY x(r, n) $$;
CREATE FUNCTION pg_temp.walk(scenario text, options text, server text DEFAULT '', headers text DEFAULT 'none', query text DEFAULT 'TABLE t.things', OUT s pg_temp.scanned, OUT asked text)
LANGUAGE plpgsql AS $$
DECLARE
  session text := pg_temp.new_session();
BEGIN
  PERFORM pg_temp.table_of(session, scenario, options, server);
  s := pg_temp.read(query);
  asked := pg_temp.asked_with(session, headers);
END $$;
\set ECHO all
\pset footer off
SET test.session = 'g';
\set page '''pagination ''''page'''', page_param ''''page'''', page_size_param ''''per_page'''', page_size ''''4'''', rows_path ''''/data'''''''
\set offset '''pagination ''''offset'''', page_param ''''offset'''', page_size_param ''''limit'''', page_size ''''4'''', rows_path ''''/items'''''''

-- With a total each page is asked for once, several at a time but never more than allowed, and rows come in order.
CREATE FUNCTION pg_temp.concurrent(scenario text, options text, max int, OUT n bigint, OUT in_order bool, OUT repeated bigint, OUT beyond bigint, OUT at_once text) LANGUAGE plpgsql AS $$
DECLARE
  session text := pg_temp.new_session();
  most int;
BEGIN
  PERFORM pg_temp.table_of(session, scenario, options, format('max_concurrency %L', max));
  SELECT count(*), bool_and(id = place) INTO n, in_order FROM (SELECT id, row_number() OVER () AS place FROM t.things) x;
  SELECT count(*) - count(DISTINCT r), count(*) FILTER (WHERE coalesce((regexp_match(r, 'page=(\d+)'))[1]::int > 12, (regexp_match(r, 'offset=(\d+)'))[1]::int >= 48)) INTO repeated, beyond
  FROM pg_temp.api(format('/_log/%s?format=brief', session)) r;
  SELECT r::int INTO most FROM pg_temp.api('/_most/' || session) r;
  at_once := CASE WHEN most > max THEN 'too many: ' || most WHEN most = 1 AND max > 1 THEN 'one' ELSE 'allowed' END;
END $$;
SELECT style, max, c.* FROM (VALUES ('page', :page || ', total_path ''/meta/total'''), ('offset', :offset || ', total_path ''/total''')) v (style, options), unnest('{1,2,8}'::int[]) max,
  pg_temp.concurrent('plain;rows=47;size=4;delay_ms=30;style=' || style, options, max) c;
-- Without a total by more and more: no more beyond the end than had been read, nor than is allowed.
SELECT style, max, c.n, c.in_order, c.repeated, c.beyond BETWEEN 0 AND max AS bounded FROM (VALUES ('page', :page), ('offset', :offset)) v (style, options), unnest('{1,2,8}'::int[]) max,
  pg_temp.concurrent('plain;rows=47;size=4;delay_ms=30;style=' || style, options, max) c;
-- Sizes that the API cuts, pages that are short in the middle: what was asked for ahead from a wrong place is asked anew from the right one.
SELECT what, style, max, (w.s).n, (w.s).ids, (w.s).sum, (w.s).result, (w.s).reqs - (w.s).pages BETWEEN 0 AND 2 * max AS bounded
FROM unnest('{clamp;max=3,short_pages,plain;max_size=2}'::text[]) what, unnest('{1,8}'::int[]) max, (VALUES ('page', :page), ('offset', :offset)) v (style, options),
  pg_temp.walk(format('%s;rows=30;size=4;style=%s', what, style), options, format('max_concurrency %L', max)) w;
-- A number of pages, in a header or in the body, is as good as a total.
SELECT (w.s).*, asked FROM pg_temp.walk('plain;style=page_header', 'pagination ''page'', page_param ''page'', page_size_param ''per_page'', page_size ''4''') w;
SELECT (w.s).*, asked FROM pg_temp.walk('plain;style=page', :page || ', pages_path ''/meta/total_pages''') w;
-- LIMIT asks for no page that it does not need; where rows are checked here, for one more.
SELECT l, (w.s).n, asked FROM unnest('{3,4,5,9}'::int[]) l, pg_temp.walk('plain;rows=48;size=4;style=offset', :offset || ', total_path ''/total''', 'max_concurrency ''8''', query => 'SELECT * FROM t.things LIMIT ' || l) w;
SELECT (w.s).n, length(asked) < 120 AS few FROM pg_temp.walk('plain;rows=48;size=4;style=offset', :offset || ', total_path ''/total''', 'max_concurrency ''8''', query => 'SELECT * FROM t.things WHERE name LIKE ''%_'' LIMIT 6') w;
-- Caps count what is asked for, and are no error where all is there.
SELECT cap, (w.s).n, (w.s).result FROM unnest('{"max_pages ''5''","max_pages ''4''","max_requests ''5''","max_requests ''4''"}'::text[]) cap,
  pg_temp.walk('plain;rows=18;style=page', :page || ', total_path ''/meta/total''', cap || ', max_concurrency ''8''') w;
-- A page that fails for good is an error where it stands, not before.
SELECT (w.s).result FROM pg_temp.walk('status;at=4;style=page', :page || ', total_path ''/meta/total''', 'retries ''0'', max_concurrency ''8''') w;
SELECT count(*) FROM (SELECT FROM t.things LIMIT 12) x;
-- One that fails for a while does not hold up the others, nor mix rows up.
SELECT (w.s).n, (w.s).sum, (w.s).pages, (w.s).reqs, (w.s).retries, (w.s).result FROM pg_temp.walk('flaky;at=2;fail=1;style=page', :page || ', total_path ''/meta/total''', 'max_concurrency ''8''') w;

-- Nor do requests that wait for the limiter.
SELECT (w.s).n, (w.s).sum, (w.s).reqs, (w.s).result FROM pg_temp.walk('plain;rows=47;size=4;style=offset', :offset || ', total_path ''/total''', 'rate_limit ''100'', max_concurrency ''8''') w;

-- Offsets that count rows which are not shown: rows would come twice.
SELECT every, (w.s).n, (w.s).result FROM unnest('{2,3}'::int[]) every, pg_temp.walk('hidden;style=offset;every=' || every, :offset) w;
-- A total that is an estimate binds nobody.
SELECT t, (w.s).n, (w.s).result FROM unnest('{exact,estimate}'::text[]) t, pg_temp.walk('total_high;style=offset', :offset || format(', total_path ''/total'', total %L', t)) w;

-- The value of the last row leads on; APIs that begin with that row itself, and APIs that do not say that there is more.
SELECT style, param, more, (w.s).n, (w.s).sum, (w.s).result, asked FROM (VALUES
  ('keyset', 'starting_after', 'rows_path ''/data'', more_path ''/has_more'''), ('keyset', 'starting_after', 'rows_path ''/data'''),
  ('keyset_bare', 'starting_after', 'rows_path '''''), ('keyset_bare', 'since', 'rows_path ''''')) v (style, param, more),
  pg_temp.walk('plain;rows=18;size=4;style=' || style, format('pagination ''keyset'', cursor_path ''/id'', cursor_param %L, page_size_param ''limit'', page_size ''4'', %s', param, more)) w;
-- A value that is not there, or not the row's own.
SELECT path, (w.s).n, (w.s).result FROM unnest('{/nothing,/name,/value}'::text[]) path,
  pg_temp.walk('plain;style=keyset', format('pagination ''keyset'', cursor_path %L, cursor_param ''starting_after'', rows_path ''/data''', path)) w;
-- Several parameters that an object names.
SELECT (w.s).*, asked FROM pg_temp.walk('plain;style=continue', 'pagination ''continue'', cursor_path ''/continue'', rows_path ''/things'', page_size_param ''limit'', page_size ''4''') w;
-- A token in a header, which goes into a header or a parameter.
SELECT param, (w.s).n, (w.s).sum, (w.s).result, asked FROM unnest('{X-Cursor:,cursor}'::text[]) param,
  pg_temp.walk('plain;style=cursor_header', format('pagination ''cursor'', cursor_path ''X-Next-Cursor:'', cursor_param %L, page_size_param ''limit'', page_size ''4''', param), headers => 'x-cursor') w;
-- Ranges of rows, with a unit or as PostgREST has them; with a total, concurrently.
SELECT scenario, unit, (w.s).n, (w.s).sum, (w.s).result, asked FROM unnest('{total,plain}'::text[]) scenario, unnest('{"page_param ''things'',",""}'::text[]) unit,
  pg_temp.walk(scenario || ';rows=9;size=4;style=range', format('pagination ''range'', %s page_size ''4''', unit), 'max_concurrency ''1''', headers => 'range,range-unit') w;
SELECT (w.s).n, (w.s).sum, (w.s).reqs, (w.s).result FROM pg_temp.walk('total;rows=47;size=4;style=range', 'pagination ''range'', page_size ''4''', 'max_concurrency ''8''') w;
-- A token that is an array, in the body of a POST.
SELECT (w.s).* FROM pg_temp.walk('plain;style=posted', 'method ''POST'', body ''{"page": {}}'', pagination ''cursor'', cursor_path ''/after'', cursor_param ''/page/after'', page_size_param ''/page/size'', page_size ''4'', rows_path ''/hits''') w;

-- What lies deeper than the API shows is read in windows: by halves where a total tells how much there is, else from the last value on.
\set deep '''pagination ''''offset'''', page_param ''''offset'''', page_size_param ''''limit'''', page_size ''''4'''', rows_path ''''/items'''''''
\set window ''', depth_limit ''''12'''', window_path ''''/id'''', window_from ''''min_id'''''''
SELECT ends, "order", told, (w.s).n, (w.s).ids, (w.s).sum, (w.s).result FROM unnest('{in,out}'::text[]) ends, unnest('{up,down,none}'::text[]) "order", (VALUES ('total', ', total_path ''/total'''), ('no total', '')) v (told, total),
  pg_temp.walk(format('deep;depth=12;rows=100;size=4;style=offset;ends=%s;order=%s', ends, "order"), :deep || :window || ', window_to ''max_id''' || total, 'max_concurrency ''1''') w;
-- Concurrently within a window.
SELECT (w.s).n, (w.s).ids, (w.s).sum, (w.s).result FROM pg_temp.walk('deep;depth=12;rows=100;size=4;style=offset', :deep || :window || ', window_to ''max_id'', total_path ''/total''', 'max_concurrency ''8''') w;
-- With the lower end alone; a total that stops at the cap, too.
SELECT (w.s).n, (w.s).sum, (w.s).result, asked FROM pg_temp.walk('deep;depth=12;rows=30;size=4;style=offset;capped=1', :deep || :window || ', total_path ''/total''', 'max_concurrency ''1''') w;
-- Without windows it is an error, not the beginning.
SELECT options, (w.s).n, (w.s).result FROM unnest('{"depth_limit ''12''","total_path ''/total''","total_path ''/total'', depth_limit ''12''"}'::text[]) options,
  pg_temp.walk('deep;depth=12;rows=30;size=4;style=offset', :deep || ', ' || options, 'max_concurrency ''1''') w;
-- An API that ignores the window.
SELECT (w.s).n, (w.s).result FROM pg_temp.walk('deep;depth=12;rows=30;size=4;style=offset', :deep || ', depth_limit ''12'', window_path ''/id'', window_from ''lowest'', window_to ''highest'', total_path ''/total''') w;

-- A token that expires before there are any rows: paging begins anew, once.  After rows it is an error.
\set cursor '''pagination ''''cursor'''', cursor_path ''''/next_cursor'''', cursor_param ''''cursor'''', rows_path ''''/things'''''''
SELECT scenario, status, (w.s).n, (w.s).sum, (w.s).result, asked FROM unnest('{"empty_page;hole=1",plain}'::text[]) scenario, unnest('{400,410}'::text[]) status,
  pg_temp.walk(format('expired+%s;status=%s', scenario, status), :cursor) w;
SELECT (w.s).n, (w.s).result FROM pg_temp.walk('expired+empty_page;hole=1;times=2', :cursor) w;

-- Lists inside of rows that are cut: an error, a warning, or nothing where the query does not look at them.
CREATE FUNCTION pg_temp.lists(form text, columns text, options text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.table_of(pg_temp.new_session(), 'embedded;form=' || form, 'pagination ''cursor'', cursor_path ''/next_cursor'', cursor_param ''cursor'', rows_path ''/things''' || options, columns => columns);
  RETURN (pg_temp.read('SELECT *, 1 AS value FROM t.things')).result;
END $$;
SELECT form, pg_temp.lists(form, 'id int, lines jsonb') FROM unnest('{has_more,total,connection}'::text[]) form;
SELECT form, pg_temp.lists(form, format('id int, lines jsonb OPTIONS (json_path %L)', path)) FROM (VALUES ('has_more', '/lines/data'), ('connection', '/lines/nodes')) v (form, path);
SELECT pg_temp.lists('has_more', 'id int OPTIONS (of_parent ''true''), n int', ', nested_path ''/lines/data''');
SELECT pg_temp.lists('has_more', 'id int, lines jsonb', ', on_incomplete ''warn''');
SELECT pg_temp.lists('has_more', 'id int');
-- A page that begins with a row of the page before cannot leave out what is nested in it.
SELECT pg_temp.table_of('g1001', 'embedded;cut=0;style=keyset_bare', 'pagination ''keyset'', cursor_path ''/id'', cursor_param ''since'', nested_path ''/lines/data''', columns => 'id int OPTIONS (of_parent ''true''), n int');
SELECT pg_temp.error_of('SELECT * FROM t.things');

-- Lines whose message ends with its connection: nobody knows whether all came.
SELECT framing, on_incomplete, (w.s).n, (w.s).result FROM unnest('{close_delimited,chunked,close}'::text[]) framing, unnest('{error,warn}'::text[]) on_incomplete,
  pg_temp.walk(framing || ';rows=1', format('pagination ''none'', rows_form ''lines'', rows_path ''/things/0'', on_incomplete %L', on_incomplete)) w;

-- Games of chance: each row once and in order, complete; where the API lies, that or an error.
CREATE FUNCTION pg_temp.game(i int, OUT scenario text, OUT server text, OUT problem text) LANGUAGE plpgsql AS $$
DECLARE
  style text := (ARRAY['page', 'offset', 'link', 'next_url', 'cursor', 'keyset', 'keyset_bare', 'continue', 'range'])[1 + floor(random() * 9)];
  rows int := 1 + floor(random() ^ 2 * 90);
  size int := 1 + floor(random() * 12);
  fault text := (ARRAY['plain', 'total', 'rate_limited;retry_after=0;fail=1;at=2', 'empty_body;at=2;fail=1', 'short_pages', 'clamp;max=3', 'past_end', 'total_high', 'total_low', 'repeat_page', 'delay_ms=3'])[1 + floor(random() * 11)];
  lies bool := fault ~ 'total_|repeat';
  options text := CASE style
    WHEN 'page' THEN 'pagination ''page'', page_param ''page'', page_size_param ''per_page'', rows_path ''/data''' || CASE WHEN random() < 0.5 THEN ', total_path ''/meta/total''' ELSE '' END
    WHEN 'offset' THEN 'pagination ''offset'', page_param ''offset'', page_size_param ''limit'', rows_path ''/items''' || CASE WHEN random() < 0.5 THEN ', total_path ''/total''' ELSE '' END
    WHEN 'link' THEN 'pagination ''link'', page_size_param ''per_page'''
    WHEN 'next_url' THEN 'pagination ''next_url'', cursor_path ''/next'', page_size_param ''page_size'', rows_path ''/results'', total_path ''/count'''
    WHEN 'cursor' THEN 'pagination ''cursor'', cursor_path ''/next_cursor'', cursor_param ''cursor'', page_size_param ''limit'', rows_path ''/things'''
    WHEN 'keyset' THEN 'pagination ''keyset'', cursor_path ''/id'', cursor_param ''starting_after'', page_size_param ''limit'', rows_path ''/data'', more_path ''/has_more'''
    WHEN 'keyset_bare' THEN 'pagination ''keyset'', cursor_path ''/id'', cursor_param ''since'', page_size_param ''limit'''
    WHEN 'continue' THEN 'pagination ''continue'', cursor_path ''/continue'', page_size_param ''limit'', rows_path ''/things'''
    WHEN 'range' THEN 'pagination ''range''' END;
  n int; in_order bool;
BEGIN
  IF style IN ('page', 'link', 'keyset', 'keyset_bare', 'continue', 'range') AND fault ~ 'short_pages|clamp' OR style = 'range' AND fault ~ 'past_end' THEN
    fault := 'plain';
  END IF;
  -- a page of one row that begins with the row before has room for no other
  lies := lies OR style = 'keyset_bare' AND size = 1;
  fault := CASE WHEN fault ~ '^delay' THEN 'plain;' || fault ELSE fault END;
  scenario := format('%s;style=%s;rows=%s;size=%s;max_size=%s', fault, style, rows, size, CASE WHEN random() < 0.3 THEN size ELSE 50 END);
  server := format('max_concurrency %L', 1 + floor(random() ^ 2 * 9)::int);
  PERFORM pg_temp.table_of(pg_temp.new_session(), scenario, options || format(', page_size %L', size), server);
  SELECT count(*), coalesce(bool_and(id = place AND value = id + 0.25), true) INTO n, in_order FROM (SELECT id, value, row_number() OVER () AS place FROM t.things) x;
  problem := CASE WHEN n <> rows THEN format('%s of %s rows', n, rows) WHEN NOT in_order THEN 'not in order' END;
EXCEPTION WHEN OTHERS THEN
  problem := CASE WHEN lies AND SQLSTATE = 'HV000' THEN NULL ELSE SQLERRM END;
END $$;
SELECT setseed(0.42);
SELECT count(*), count(*) FILTER (WHERE problem IS NOT NULL) AS problems, string_agg(scenario || ' ' || server || ': ' || problem, E'\n') AS which FROM generate_series(1, 120) i, LATERAL pg_temp.game(i) g;

-- What the validator wants.
SELECT * FROM (VALUES ('pagination ''keyset'', cursor_path ''/id'''), ('pagination ''keyset'', cursor_param ''since'''), ('pagination ''keyset'', cursor_param ''since'', cursor_path ''X-Id:'''), ('pagination ''continue'''),
  ('pagination ''page'', page_param ''Authorization:'''), ('pagination ''page'', page_param ''X Page:'''), ('total_path ''X-Total:'''), ('total_path ''X Total:'''), ('total_path ''total'''), ('cursor_path ''Set-Cookie'''),
  ('window_path ''/id'''), ('window_path ''/id'', window_from ''from'''), ('window_from ''from'', depth_limit ''9'''), ('window_path ''/id'', window_to ''to'', depth_limit ''9'', nested_path ''/x'''), ('window_unit ''week''')) v (options),
  pg_temp.error_of(format('CREATE FOREIGN TABLE t.%I (id int) SERVER t OPTIONS (path ''/x'', %s)', 'bad ' || options, options)) e;

-- EXPLAIN shows what goes into headers, and how many pages may be ahead.
SELECT pg_temp.table_of('g1000', 'plain;style=range', 'pagination ''range'', page_param ''things'', page_size ''4''', 'max_concurrency ''8''');
EXPLAIN (VERBOSE, COSTS OFF) SELECT id FROM t.things;
SET client_min_messages = warning;
DROP SERVER t CASCADE;
DROP SCHEMA t CASCADE;
