-- Lists inside of rows that have pages of their own: all of the list, or an error.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
-- A table by hand over the scenario "lines"; what a query shows of it, as a row of JSON each, or its error, where that was, and the requests that it sent.
CREATE FUNCTION pg_temp.table_of(session text, scenario text, options text, server text, columns text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL client_min_messages = error;
  DROP SERVER IF EXISTS t CASCADE;
  CREATE SCHEMA IF NOT EXISTS t;
  EXECUTE format('CREATE SERVER t FOREIGN DATA WRAPPER autoconn OPTIONS (url %L, discover ''off'', %s)', format('%s/s/%s/%s', current_setting('test.api'), session, scenario), server);
  EXECUTE format('CREATE FOREIGN TABLE t.things (%s) SERVER t OPTIONS (path ''/things''%s%s)', columns, CASE WHEN options ~ 'pagination' THEN '' ELSE ', pagination ''cursor'', cursor_path ''/next_cursor'', cursor_param ''cursor'', rows_path ''/things''' END, options);
  PERFORM set_config('client_min_messages', 'notice', true);
END $$;
-- Where the requests went, in the order in which they came, or by what they asked.
CREATE FUNCTION pg_temp.asked(session text, sorted bool) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(line, ' ' ORDER BY CASE WHEN sorted THEN line COLLATE "C" END, n)
  FROM (SELECT n, regexp_replace(regexp_replace(r, '^GET /things', ''), '^\?cursor=.*', '?cursor=...') AS line FROM pg_temp.api(format('/_log/%s?format=brief', session)) WITH ORDINALITY x(r, n)) y $$;
CREATE FUNCTION pg_temp.show(scenario text, query text, options text DEFAULT '', server text DEFAULT 'max_concurrency ''1''', columns text DEFAULT 'id int, lines jsonb, after text', OUT shown text, OUT asked text) LANGUAGE plpgsql AS $$
DECLARE
  session text := pg_temp.new_session(); state text; message text; context text;
BEGIN
  PERFORM pg_temp.table_of(session, scenario, options, server, columns);
  BEGIN
    EXECUTE format('SELECT string_agg(x::text, E''\n'') FROM (%s) x', query) INTO shown;
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, context = PG_EXCEPTION_CONTEXT;
    shown := state || ': ' || message || coalesce(E'\n' || substring(context from '^list at [^\n]*'), '');
  END;
  -- those of several lists come as they are answered
  asked := pg_temp.asked(session, server !~ 'max_concurrency ''1''' OR scenario ~ 'twice');
END $$;
-- All lines that a thing has.
CREATE FUNCTION pg_temp.lines(id int, n int) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_agg(jsonb_build_object('id', id || '-' || k, 'k', k, 'amount', (k || '.1000000000000000000' || id)::numeric) ORDER BY k) FROM generate_series(1, n) k $$;
\set ECHO all
\pset footer off
SET test.session = 'inner';

-- Each way: thing 3 shows two of its seven lines, the others come from where it says, digit by digit; what said that there are more says so no more.
\set of_three '''SELECT id, %s = pg_temp.lines(id, CASE WHEN id %% 3 = 0 THEN 7 ELSE 2 END) AS all, %s AS rest, after FROM t.things'''
SELECT form, s.* FROM (VALUES ('stripe', '{data}'), ('next', '{items}'), ('relative', '{items}'), ('hal', '{_embedded,lines}'), ('jsonapi', '{data}'), ('start', '{lines}'), ('query', '{records}')) v (form, path),
  pg_temp.show(format('lines;rows=4;form=%s', form), format(:of_three, format('lines #> %L', path), format('lines #- %L #- ''{url}'' #- ''{_links,self}'' #- ''{links,related}'' #- ''{self}''', path))) s;
SELECT s.* FROM pg_temp.show('lines;rows=4;form=odata', format(:of_three, 'lines', 'next'), columns => 'id int, lines jsonb, after text, next text OPTIONS (json_path ''/lines@odata.nextLink'')') s;
-- Where the column is the list itself.
SELECT form, path, s.* FROM (VALUES ('stripe', '/lines/data'), ('hal', '/lines/_embedded/lines')) v (form, path),
  pg_temp.show(format('lines;rows=4;form=%s', form), format(:of_three, 'lines', 'null'), columns => format('id int, lines jsonb OPTIONS (json_path %L), after text', path)) s;
-- As many rows as lines, each with its place and its parent.
\set nested '''id int OPTIONS (of_parent ''''true''''), place int OPTIONS (decode ''''ordinal''''), k int, amount numeric'''
SELECT form, path, s.* FROM (VALUES ('stripe', '/lines/data'), ('relative', '/lines/items'), ('odata', '/lines')) v (form, path),
  pg_temp.show(format('lines;rows=3;many=4;form=%s', form), 'SELECT * FROM t.things', format(', nested_path %L', path), columns => :nested) s;
-- Rows that are members of an object have their names.
SELECT s.* FROM pg_temp.show('lines;rows=3;map=1', 'SELECT called, id, lines -> ''data'' = pg_temp.lines(id, CASE WHEN id = 3 THEN 7 ELSE 2 END) AS all FROM t.things', ', rows_form ''map''', columns => 'id int, lines jsonb, called text OPTIONS (decode ''member_name'')') s;
-- Pages stand in an object, as the table's do.
SELECT s.* FROM pg_temp.show('lines;rows=3;form=v2;wrap=1', 'SELECT id, lines -> ''things'' = pg_temp.lines(id, CASE WHEN id = 3 THEN 7 ELSE 2 END) AS all FROM t.things', ', pagination ''cursor'', cursor_path ''/d/next_cursor'', cursor_param ''cursor'', rows_path ''/d/things''', columns => 'id int, lines jsonb') s;
-- Two lists of one row; rows in lines; elements in members of an object.
SELECT s.* FROM pg_temp.show('lines;rows=3;twice=1', 'SELECT id, lines -> ''data'' = pg_temp.lines(id, CASE WHEN id = 3 THEN 7 ELSE 2 END) AS all, again = lines AS same, after FROM t.things', columns => 'id int, lines jsonb, again jsonb, after text') s;
SELECT s.* FROM pg_temp.show('lines;rows=1;every=1', 'SELECT id, lines -> ''data'' = pg_temp.lines(1, 7) AS all, after FROM t.things', ', pagination ''none'', rows_form ''lines'', rows_path ''/things/0''', columns => 'id int, lines jsonb, after text') s;
SELECT s.* FROM pg_temp.show('lines;rows=3;map=1;many=4', 'SELECT called, k, amount FROM t.things', ', rows_form ''map'', nested_path ''/lines/data''', columns => 'called text OPTIONS (decode ''member_name''), k int, amount numeric') s;
-- None of a list is shown: a link leads to it, the last element does not.  Where rows are nested, not even a row is.
SELECT form, s.* FROM (VALUES ('next', '/lines/items'), ('stripe', '/lines/data')) v (form, path),
  pg_temp.show(format('lines;rows=3;many=3;show=0;few=0;form=%s', form), 'SELECT id, k FROM t.things', format(', nested_path %L', path), columns => :nested) s;
-- Paged as the table is, with its size of pages.
SELECT s.* FROM pg_temp.show('lines;rows=3;style=keyset', 'SELECT id, jsonb_array_length(lines -> ''data'') FROM t.things', ', pagination ''keyset'', cursor_param ''starting_after'', cursor_path ''/id'', more_path ''/has_more'', page_size_param ''limit'', page_size ''4'', rows_path ''/data''', columns => 'id int, lines jsonb') s;

-- Who does not look at the list does not ask for the rest of it; nor for that of rows that are not wanted.
SELECT query, s.* FROM unnest('{SELECT id FROM t.things,SELECT count(*) FROM t.things,SELECT id FROM t.things WHERE lines IS NOT NULL LIMIT 1,"SELECT id, lines ? ''data'' FROM t.things LIMIT 1"}'::text[]) query,
  pg_temp.show('lines;rows=6;every=1;many=3', query, server => 'max_concurrency ''8''') s;
SELECT query, s.* FROM unnest('{SELECT k FROM t.things LIMIT 2,SELECT k FROM t.things LIMIT 3,SELECT count(*) FROM t.things}'::text[]) query,
  pg_temp.show('lines;rows=6;every=1;many=3', query, ', nested_path ''/lines/data''', 'max_concurrency ''8''', :nested) s;

-- What goes wrong with a list, of the last page: no other one is under way.
SELECT bad, form, s.* FROM (VALUES ('', 'bare'), ('other', 'stripe'), ('other', 'next'), ('other', 'odata'), ('loop', 'next'), ('same', 'stripe'), ('gone', 'next'), ('flaky', 'stripe'), ('elsewhere', 'next')) v (bad, form),
  pg_temp.show(format('lines;rows=3;form=%s;bad=%s', form, bad), 'SELECT count(lines) FROM t.things') s;
SELECT s.* FROM pg_temp.show('lines;rows=4;form=next;bad=loop', 'SELECT k FROM t.things', ', nested_path ''/lines/items''', columns => :nested) s;
-- A list without an end: as many pages as are allowed, as many requests, as many bytes.
SELECT options, (s.s).shown, (SELECT count(*) FROM regexp_matches((s.s).asked, 'starting_after', 'g')) AS requests
FROM (VALUES (', max_pages ''5'''), (', max_requests ''6''')) v (options),
  LATERAL (SELECT pg_temp.show('lines;rows=3;bad=endless;part=10', 'SELECT count(lines) FROM t.things', options, 'max_concurrency ''1''') AS s OFFSET 0) s;
-- What is too large by its ninth page may be known when one more is asked for.
SELECT (s.s).shown, (SELECT count(*) FROM regexp_matches((s.s).asked, 'starting_after', 'g')) BETWEEN 8 AND 9 AS as_many
FROM (SELECT pg_temp.show('lines;rows=3;bad=endless;part=10', 'SELECT count(lines) FROM t.things', '', 'max_concurrency ''1'', max_response_size ''4kB''') AS s OFFSET 0) s;
-- Of all lists of a row together: each of the two alone would have taken as many requests.
SELECT split_part((s.s).shown, E'\n', 1) AS shown, (SELECT count(*) FROM regexp_matches((s.s).asked, 'starting_after', 'g')) < 12 AS few
FROM (SELECT pg_temp.show('lines;rows=3;bad=endless;part=10;twice=1', 'SELECT count(lines), count(again) FROM t.things', '', 'max_concurrency ''1'', max_response_size ''4kB''', 'id int, lines jsonb, again jsonb') AS s OFFSET 0) s;
-- As the option has it, what came is shown, with a warning.
SELECT bad, form, s.shown FROM (VALUES ('', 'bare'), ('loop', 'next')) v (bad, form), pg_temp.show(format('lines;rows=3;form=%s;bad=%s', form, bad), 'SELECT id, jsonb_array_length(coalesce(lines -> ''data'', lines -> ''items'')) FROM t.things', ', on_incomplete ''warn''') s;

-- To another origin only where it is allowed, and without credentials.
SELECT pg_temp.table_of('iother', 'lines;rows=3;form=next;bad=other;auth=bearer', '', format('allowed_origins %L', :'other'), 'id int, lines jsonb');
CREATE USER MAPPING FOR CURRENT_USER SERVER t OPTIONS (token 'bearer-S3CRET-5f1c');
SELECT id, lines -> 'items' = pg_temp.lines(id, CASE WHEN id = 3 THEN 7 ELSE 2 END) AS all FROM t.things;
SELECT CASE WHEN r ~ 'lines' THEN 'lines' ELSE 'things' END AS what, substring(r from 'authorization=.*') AS credential, count(*) FROM pg_temp.api('/_log/iother?format=brief&headers=authorization') r GROUP BY 1, 2 ORDER BY 1;

-- Several rows at once, no more than allowed; in order, complete, and counted.
CREATE FUNCTION pg_temp.at_once(max int, query text, options text DEFAULT '', columns text DEFAULT 'id int, lines jsonb', OUT rows text, OUT plan text, OUT most text) LANGUAGE plpgsql AS $$
DECLARE
  session text := pg_temp.new_session(); n int; found jsonb;
BEGIN
  PERFORM pg_temp.table_of(session, 'lines;rows=8;pages=1;every=1;many=5;delay_ms=30', options, format('max_concurrency %L', max), columns);
  EXECUTE format('SELECT string_agg(x::text, '' '') FROM (%s) x', query) INTO rows;
  SELECT CASE WHEN r::int > max THEN 'too many: ' || r WHEN r::int = 1 AND max > 1 THEN 'one' ELSE 'allowed' END INTO most FROM pg_temp.api('/_most/' || session) r;
  EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, FORMAT JSON) ' || query INTO found;
  found := found -> 0 -> 'Plan';
  plan := concat_ws(', ', found ->> 'Requests', found ->> 'Pages', found ->> 'Rows Received', found ->> 'Lists Read On', found ->> 'Completeness');
END $$;
SELECT max, s.* FROM unnest('{1,3}'::int[]) max, pg_temp.at_once(max, 'SELECT id, lines -> ''data'' = pg_temp.lines(id, 5) FROM t.things') s;
SELECT max, s.* FROM unnest('{1,3}'::int[]) max, pg_temp.at_once(max, 'SELECT id * 10 + place FROM t.things', ', nested_path ''/lines/data''', :nested) s;
-- By two scans that wait side by side.
SELECT pg_temp.table_of('iasync', 'lines;rows=4;every=1;many=5;delay_ms=5', '', 'max_concurrency ''4''', 'id int, lines jsonb');
SET enable_async_append = on;
SELECT id, count(*), bool_and(lines -> 'data' = pg_temp.lines(id, 5)) AS all FROM (SELECT * FROM t.things UNION ALL SELECT * FROM t.things) x GROUP BY id ORDER BY id;
-- Of an item, and of the items of rows.
SELECT s.* FROM pg_temp.show('lines;rows=4', 'SELECT id, lines -> ''data'' = pg_temp.lines(id, 7) AS all FROM t.things WHERE id = 3', ', item_path ''/things/{id}''', columns => 'id int OPTIONS (key ''true''), lines jsonb') s;
SELECT s.* FROM pg_temp.show('lines;rows=3', 'SELECT id, lines -> ''data'' = pg_temp.lines(id, CASE WHEN id = 3 THEN 7 ELSE 2 END) AS all FROM t.things', ', item_path ''/things/{id}'', detail ''lines''', 'max_concurrency ''2''', columns => 'id int OPTIONS (key ''true''), lines jsonb') s;
-- A wait ends where it is told to.
SELECT pg_temp.table_of('icancel', 'lines;rows=1;every=1;delay_ms=300', '', 'max_concurrency ''4''', 'id int, lines jsonb');
SET statement_timeout = 450;
SELECT count(lines) FROM t.things;
RESET statement_timeout;
-- The cache keeps parts of a list as it keeps pages; ANALYZE takes rows as they are.
SELECT pg_temp.table_of('icache', 'lines;rows=3', ', cache_ttl ''1min''', 'max_concurrency ''1''', 'id int, lines jsonb');
SELECT id, jsonb_array_length(lines -> 'data') FROM t.things;
SELECT id, jsonb_array_length(lines -> 'data') FROM t.things;
SELECT pg_temp.asked('icache', true);
SELECT pg_temp.table_of('ianalyze', 'lines;rows=3;form=bare', '', 'max_concurrency ''1''', 'id int, lines jsonb');
ANALYZE t.things;
SELECT reltuples FROM pg_class WHERE oid = 't.things'::regclass;
SELECT pg_temp.asked('ianalyze', true);
