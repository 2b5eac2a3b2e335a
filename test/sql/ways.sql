-- How a collection is paged is found by an import, from descriptions and from pages, and proved with a second request.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
-- Ways of an imported table, what the import says of them, and its requests.
CREATE FUNCTION pg_temp.way() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(o, ' ' ORDER BY n) FROM pg_foreign_table f, unnest(ftoptions) WITH ORDINALITY x(o, n)
  WHERE ftrelid = to_regclass('t.things') AND o !~ '^(path|item_path|item_rows_path|rows_path|estimated_rows|method|body)=' $$;
CREATE FUNCTION pg_temp.found() RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws('; ', evidence -> 'paging' ->> 'confidence', evidence -> 'paging' ->> 'refuted', evidence ->> 'pages', evidence ->> 'total') FROM autoconn.endpoints WHERE server = 't' AND path = '/things' $$;
CREATE FUNCTION pg_temp.described(scenario text, sample text, options text DEFAULT '', OUT way text, OUT proof text, OUT s pg_temp.scanned) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.connect(pg_temp.new_session(), scenario, options, sample);
  way := pg_temp.way();
  proof := pg_temp.found();
  s := pg_temp.read();
END $$;
-- The same where nothing is described but the path.
CREATE FUNCTION pg_temp.undescribed(scenario text, OUT way text, OUT proof text, OUT asked text, OUT s pg_temp.scanned) LANGUAGE plpgsql AS $$
DECLARE
  session text := pg_temp.new_session();
BEGIN
  SET LOCAL client_min_messages = error;
  DROP SERVER IF EXISTS t CASCADE;
  DROP SCHEMA IF EXISTS t CASCADE;
  CREATE SCHEMA t;
  EXECUTE format('CREATE SERVER t FOREIGN DATA WRAPPER autoconn OPTIONS (url %L, discover ''off'', max_concurrency ''1'')', format('%s/s/%s/%s', current_setting('test.api'), session, scenario));
  EXECUTE 'IMPORT FOREIGN SCHEMA api FROM SERVER t INTO t OPTIONS (paths ''/things'')';
  asked := pg_temp.asked(session);
  way := pg_temp.way();
  proof := pg_temp.found();
  s := pg_temp.read();
END $$;
\set ECHO all
\pset footer off
SET test.session = 'y';

-- Descriptions of all styles, without a word of the API's.
SELECT style, d.way, (d.s).n, (d.s).sum, (d.s).result FROM unnest('{keyset,keyset_bare,continue,cursor_header,range,page_header}'::text[]) style, pg_temp.described('plain;style=' || style, 'off') d;
-- The same proved.
SELECT style, d.way, d.proof, (d.s).n, (d.s).sum, (d.s).result FROM unnest('{link,next_url,cursor,page,offset,keyset,keyset_bare,continue,cursor_header,range,page_header}'::text[]) style, pg_temp.described('plain;rows=118;max_size=60;style=' || style, 'auto') d;
-- Nothing described: what the page itself tells, and guesses that are proved.
SELECT style, d.way, d.proof, d.asked, (d.s).n, (d.s).sum, (d.s).result FROM unnest('{link,next_url,cursor,page,offset,keyset,continue,cursor_header,range,page_header}'::text[]) style, pg_temp.undescribed('plain;style=' || style) d;

-- A read by POST, whose body takes an array that the answer has.
CREATE FUNCTION pg_temp.posted(sample text, OUT way text, OUT proof text, OUT s pg_temp.scanned) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.connect(pg_temp.new_session(), 'plain;style=posted');
  DROP FOREIGN TABLE t.things;
  EXECUTE format('IMPORT FOREIGN SCHEMA api FROM SERVER t INTO t OPTIONS (sample %L, post_reads ''true'')', sample);
  way := pg_temp.way();
  proof := pg_temp.found();
  s := pg_temp.read();
END $$;
SELECT sample, p.way, p.proof, (p.s).n, (p.s).sum, (p.s).result FROM unnest('{off,auto}'::text[]) sample, pg_temp.posted(sample) p;

-- A total binds where it was proved: the sample has all rows, or the last page has those that are left for it.
SELECT total, rows, substring(d.way FROM 'total=\w+') AS binds, d.proof, (d.s).n, (d.s).result FROM unnest('{total,total_high,total_low,total_moving,hidden}'::text[]) total, unnest('{18,118,130}'::int[]) rows,
  pg_temp.described(format('%s;rows=%s;max_size=60;style=offset', total, rows), 'auto') d;
SELECT style, rows, substring(d.way FROM 'total=\w+') AS binds, d.proof, (d.s).result FROM unnest('{page,next_url}'::text[]) style, unnest('{18,100,120,130}'::int[]) rows, pg_temp.described(format('plain;rows=%s;max_size=60;style=%s', rows, style), 'auto') d;
-- Fewer rows than a proved total are an error, one that nobody proved is told, and an estimate as well; where an API refuses a page or shows one only, any total that is not said to be an estimate counts.
SELECT total, style, s.n, s.result FROM unnest('{exact,estimate,NULL}'::text[]) total, unnest('{link,next_url,page,offset}'::text[]) style,
  pg_temp.scan('total_high;style=' || style, '', 'ALTER FOREIGN TABLE t.things OPTIONS (' || coalesce(nullif('ADD total ''' || total || '''', ''), 'SET pagination ''' || style || '''') || ')') s;
SELECT total, s.n, s.result FROM unnest('{exact,estimate}'::text[]) total, pg_temp.scan('total_moving;style=next_url', '', format('ALTER FOREIGN TABLE t.things OPTIONS (ADD total %L)', total)) s;
SELECT total, s.n, s.result FROM unnest('{exact,estimate}'::text[]) total, pg_temp.scan('total_high+past_end;rows=20;style=offset', '', format('ALTER FOREIGN TABLE t.things OPTIONS (ADD total %L)', total)) s;
-- It was proved for the table's owner, and binds nobody with other credentials.
DO $$ BEGIN PERFORM pg_temp.connect('y1000', 'total_high;style=offset'); END $$;
ALTER FOREIGN TABLE t.things OPTIONS (ADD total 'exact');
CREATE ROLE regress_ways_other;
GRANT USAGE ON SCHEMA t TO regress_ways_other;
GRANT SELECT ON t.things TO regress_ways_other;
SET ROLE regress_ways_other;
SELECT pg_temp.error_of('TABLE t.things');
RESET ROLE;
CREATE USER MAPPING FOR regress_ways_other SERVER t OPTIONS (headers '{"X-Who": "another"}');
SET ROLE regress_ways_other;
SELECT count(*) FROM t.things;
RESET ROLE;
SELECT pg_temp.error_of('TABLE t.things');

-- How deep an API lets one look: its description says it, or its refusal of the last page does; then there are windows.
SELECT told, sample, d.way, d.proof, (d.s).n, (d.s).ids, (d.s).result FROM (VALUES ('said=1', 'off'), ('said=1', 'auto'), ('told=1', 'auto'), ('told=0', 'auto')) v (told, sample),
  pg_temp.described('deep;depth=500;rows=618;max_size=100;style=offset;' || told, sample) d;

-- A first page with one row, or none, does not make a collection one of one page.
CREATE FUNCTION pg_temp.grown(style text, few int, OUT way text, OUT s pg_temp.scanned) LANGUAGE plpgsql AS $$
BEGIN
  way := (pg_temp.undescribed(format('plain;rows=%s;style=%s', few, style))).way;
  EXECUTE format('ALTER SERVER t OPTIONS (SET url %L)', format('%s/s/%s/plain;rows=18;style=%s', current_setting('test.api'), pg_temp.new_session(), style));
  s := pg_temp.read();
END $$;
SELECT style, g.way, (g.s).n, (g.s).result FROM unnest('{link,next_url,page,offset}'::text[]) style, pg_temp.grown(style, 1) g;
-- Where it cannot be known how there is more, it is an error, not the beginning.
SELECT style, g.way, (g.s).n, (g.s).result FROM unnest('{cursor,keyset,cursor_header}'::text[]) style, pg_temp.grown(style, 1) g;

-- A token tells of more, though nothing else does, be it a number.
SELECT scenario, d.way, d.proof, d.asked, (d.s).n, (d.s).result FROM unnest('{token_alone,token_alone;number=1}'::text[]) scenario, pg_temp.undescribed(scenario) d;

-- Ways that the API does not know are not taken, whatever the page promises.
SELECT scenario, d.way, d.proof, d.asked, (d.s).n, (d.s).result FROM unnest('{more_without_token,ignore_paging;style=page,ignore_paging;style=keyset}'::text[]) scenario, pg_temp.undescribed(scenario) d;

-- Rows that are texts are their own keys.
CREATE FOREIGN TABLE t.names (name text OPTIONS (json_path '')) SERVER t OPTIONS (path '/names', pagination 'keyset', cursor_path '', cursor_param 'last');
CREATE FOREIGN TABLE t.others (name text) SERVER t OPTIONS (path '/names', pagination 'cursor', cursor_path '', cursor_param 'last');

-- Caps of one table.
SELECT cap, s.n, s.result FROM unnest('{"max_pages ''3''","max_pages ''5''","max_requests ''3''","max_requests ''0''"}'::text[]) cap,
  pg_temp.scan('plain;style=cursor', 'max_pages ''4'', max_requests ''4''', format('ALTER FOREIGN TABLE t.things OPTIONS (ADD %s)', cap)) s;
SELECT s.n, s.result FROM pg_temp.scan('plain;style=cursor', 'max_pages ''4'', max_requests ''4''', 'ALTER FOREIGN TABLE t.things OPTIONS (ADD max_pages ''9'', ADD max_requests ''0'')') s;

SET client_min_messages = warning;
DROP SERVER t CASCADE;
DROP SCHEMA t CASCADE;
DROP ROLE regress_ways_other;
