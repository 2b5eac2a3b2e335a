-- Which way is chosen, and how much is asked for.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
SELECT pg_temp.connect('things', '/s/plan/filters;rows=100;pages=5;max_size=50'), pg_temp.connect('paged', '/s/planpaged/filters;rows=100;pages=5;max_size=50;style=page'),
  pg_temp.connect('counted', '/s/plancounted/filters;rows=100;pages=5;max_size=50;style=offset'), pg_temp.connect('linked', '/s/planlinked/filters;rows=100;pages=5;max_size=50;style=link'),
  pg_temp.connect('nexturl', '/s/plannext/filters;rows=100;pages=5;max_size=50;style=next_url') \g /dev/null
RESET client_min_messages;
CREATE FUNCTION pg_temp.nodes(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  line text; found text;
BEGIN
  FOR line IN SELECT pg_temp.plan(query, 'VERBOSE OFF') LOOP
    IF line ~ '^ *->' OR found IS NULL THEN found := concat_ws(', ', found, regexp_replace(line, '^ *(-> *)?', '')); END IF;
  END LOOP;
  RETURN found;
END $$;
CREATE FUNCTION pg_temp.estimate(query text, OUT rows float, OUT startup float, OUT total float) LANGUAGE plpgsql AS $$
DECLARE j json;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO j;
  rows := j #>> '{0,Plan,Plan Rows}'; startup := j #>> '{0,Plan,Startup Cost}'; total := j #>> '{0,Plan,Total Cost}';
END $$;
\set ECHO all
CREATE TABLE copy AS SELECT * FROM things.things;
CREATE TABLE one AS SELECT 7::bigint AS id;
CREATE TABLE many AS SELECT i % 100 + 1 AS id FROM generate_series(1, 1000) i;
ANALYZE copy, one, many;

-- A look-up for one row, one reading for many, whoever says how large the collection is.
ALTER FOREIGN TABLE things.things OPTIONS (ADD estimated_rows '100');
SELECT pg_temp.nodes('SELECT * FROM one JOIN things.things t USING (id)');
SELECT pg_temp.nodes('SELECT * FROM many JOIN things.things t USING (id)');
SELECT count(*), sum(value) FROM many JOIN things.things t USING (id);
ALTER FOREIGN TABLE things.things OPTIONS (SET estimated_rows '1000000');
SELECT pg_temp.nodes('SELECT * FROM one JOIN things.things t USING (id)');
SELECT pg_temp.nodes('SELECT * FROM many JOIN things.things t USING (id)') ~ '^Nested Loop.*Foreign Scan on things t$' AS looks_up;
SELECT rows FROM pg_temp.estimate('SELECT * FROM things.things');
ALTER FOREIGN TABLE things.things OPTIONS (DROP estimated_rows);
ANALYZE things.things;
SELECT rows FROM pg_temp.estimate('SELECT * FROM things.things');
SELECT rows FROM pg_temp.estimate('SELECT * FROM things.things WHERE kind = ''red''');
SELECT rows FROM pg_temp.estimate('SELECT * FROM things.things WHERE id = 7');
SELECT pg_temp.nodes('SELECT * FROM many JOIN things.things t USING (id)');
-- What is sent makes a reading cheaper, what is not does not; a look-up is cheaper than either.
SELECT a.total < s.total AS lookup_is_cheapest, s.total < n.total AS filter_helps, n.total >= f.total AS recheck_is_not_free, f.startup < f.total AS first_row_is_earlier
FROM pg_temp.estimate('SELECT * FROM things.things WHERE id = 7') a, pg_temp.estimate('SELECT * FROM things.things WHERE kind = ''red''') s,
  pg_temp.estimate('SELECT * FROM things.things WHERE name = ''thing 7''') n, pg_temp.estimate('SELECT * FROM things.things') f;

-- LIMIT: no more rows are asked for than are wanted, and nothing once they are there.
SELECT q, a.* FROM unnest(ARRAY['SELECT id FROM %s.things LIMIT 3', 'SELECT id FROM %s.things LIMIT 3 OFFSET 2', 'SELECT id FROM %s.things WHERE kind = ''red'' LIMIT 3', 'SELECT id FROM %s.things FETCH FIRST 4 ROWS ONLY', 'SELECT id FROM %s.things LIMIT 1', 'SELECT id FROM %s.things LIMIT 0']) WITH ORDINALITY q (q, n),
  pg_temp.ask('plan', format(q, 'things')) a ORDER BY n;
SELECT s, a.* FROM (VALUES (1, 'paged', 'planpaged'), (2, 'counted', 'plancounted'), (3, 'linked', 'planlinked'), (4, 'nexturl', 'plannext')) v (n, s, session), pg_temp.ask(session, format('SELECT id FROM %s.things LIMIT 3', s)) a ORDER BY n;
-- Where the API's pages are not what is limited, it is asked for whole pages.
SELECT q, a.rows, a.first_request FROM unnest(ARRAY['SELECT id FROM things.things WHERE value > 3 LIMIT 3', 'SELECT id FROM things.things ORDER BY id DESC LIMIT 3', 'SELECT DISTINCT kind FROM things.things LIMIT 3', 'SELECT kind, count(*) FROM things.things GROUP BY 1 LIMIT 3',
    'SELECT FROM (SELECT count(*) AS n FROM things.things LIMIT 3) x WHERE n > 3', 'SELECT FROM (SELECT row_number() OVER () AS n FROM things.things LIMIT 3) x WHERE n < 4', 'SELECT unnest(ARRAY[id, id]) FROM things.things LIMIT 3', 'SELECT id FROM things.things JOIN copy USING (id) LIMIT 3', 'SELECT id FROM things.things WHERE id IN (SELECT id FROM copy) LIMIT 3',
    'SELECT id FROM things.things ORDER BY value FETCH FIRST 3 ROWS WITH TIES', 'SELECT id FROM things.things LIMIT 1000', 'SELECT id FROM things.things LIMIT NULL']) WITH ORDINALITY q (q, n), pg_temp.ask('plan', q) a ORDER BY n;
PREPARE limited(int) AS SELECT count(*) FROM (SELECT id FROM things.things LIMIT $1) x;
SET plan_cache_mode = force_generic_plan;
EXECUTE limited(3);
EXECUTE limited(70);
EXECUTE limited(NULL);
RESET plan_cache_mode;
-- More than a small page can give goes on with small pages; an API that grants less still gives all.
SELECT rows FROM pg_temp.ask('plan', 'SELECT id FROM things.things LIMIT 60');
SELECT rows, requests FROM pg_temp.ask('plan', 'SELECT id FROM things.things LIMIT 100');

-- Whatever is limited, the rows are those of a copy.
CREATE FUNCTION pg_temp.differences(queries text[]) RETURNS TABLE (query text, missing bigint, surplus bigint) LANGUAGE plpgsql AS $$
BEGIN
  FOREACH query IN ARRAY queries LOOP
    EXECUTE format('WITH f AS MATERIALIZED (%s), c AS MATERIALIZED (%s) SELECT (SELECT count(*) FROM (TABLE c EXCEPT ALL TABLE f) x), (SELECT count(*) FROM (TABLE f EXCEPT ALL TABLE c) x)',
                   replace(query, 'T1', 'things.things'), replace(query, 'T1', 'copy')) INTO missing, surplus;
    IF missing + surplus > 0 THEN RETURN NEXT; END IF;
  END LOOP;
END $$;
SELECT * FROM pg_temp.differences(ARRAY[
  'SELECT id FROM T1 LIMIT 5', 'SELECT id FROM T1 LIMIT 55', 'SELECT id FROM T1 LIMIT 5 OFFSET 48', 'SELECT id FROM T1 OFFSET 97', 'SELECT id FROM T1 LIMIT 10 OFFSET 95', 'SELECT id FROM T1 OFFSET 100', 'SELECT id FROM T1 LIMIT 0',
  'SELECT id FROM T1 WHERE value > 50 LIMIT 5', 'SELECT id FROM T1 WHERE kind = ''red'' LIMIT 5', 'SELECT id FROM T1 WHERE kind = ''red'' AND value > 90 LIMIT 5', 'SELECT id FROM T1 WHERE kind = ''red'' LIMIT 5 OFFSET 22', 'SELECT id FROM T1 WHERE name LIKE ''%9%'' LIMIT 7 OFFSET 3',
  'SELECT id FROM T1 ORDER BY id DESC LIMIT 5', 'SELECT id, kind FROM T1 ORDER BY kind, id LIMIT 30', 'SELECT id FROM T1 ORDER BY value DESC, id LIMIT 5 OFFSET 5', 'SELECT owner_id FROM T1 ORDER BY owner_id FETCH FIRST 3 ROWS WITH TIES', 'SELECT kind FROM T1 WHERE active ORDER BY kind OFFSET 2 FETCH FIRST 1 ROW WITH TIES',
  'SELECT DISTINCT owner_id FROM T1 ORDER BY 1 LIMIT 3', 'SELECT DISTINCT ON (kind) kind, id FROM T1 ORDER BY kind, id DESC LIMIT 3', 'SELECT count(*) FROM T1 LIMIT 1', 'SELECT kind, count(*) FROM T1 GROUP BY 1 ORDER BY 1 LIMIT 2', 'SELECT kind, count(*) FROM T1 GROUP BY 1 HAVING sum(id) > 1250 ORDER BY 1 LIMIT 2',
  'SELECT count(*) FROM (SELECT id FROM T1 LIMIT 7) x', 'SELECT sum(id) FROM (SELECT id FROM T1 OFFSET 90) x', 'SELECT id, rank() OVER (ORDER BY owner_id) FROM T1 ORDER BY 1 LIMIT 3', 'SELECT unnest(ARRAY[id, -id]) FROM T1 LIMIT 5',
  'SELECT t.id FROM T1 t JOIN T1 u ON u.id = t.owner_id ORDER BY t.id LIMIT 5', 'SELECT t.id, u.id FROM T1 t LEFT JOIN T1 u ON u.id = t.id + 95 ORDER BY t.id LIMIT 7', 'SELECT id FROM T1 WHERE id IN (SELECT owner_id FROM T1) ORDER BY id LIMIT 4',
  'SELECT id FROM T1 t WHERE EXISTS (SELECT FROM T1 u WHERE u.owner_id = t.id LIMIT 1) ORDER BY 1', 'SELECT o.id, x.id FROM one o, LATERAL (SELECT id FROM T1 WHERE owner_id = o.id - 5 ORDER BY id LIMIT 3) x', '(SELECT id FROM T1 LIMIT 3) UNION ALL (SELECT id FROM T1 LIMIT 4)',
  'SELECT id FROM T1 UNION SELECT -id FROM T1 ORDER BY 1 LIMIT 5', 'SELECT max(id), min(id) FROM T1', 'SELECT max(value) FROM T1 WHERE kind = ''RED''', 'SELECT bool_and(active), array_agg(id ORDER BY id) FILTER (WHERE NOT active) FROM T1 WHERE kind = ''blue''',
  'SELECT id FROM T1 WHERE id = (SELECT min(id) FROM T1 WHERE NOT active) LIMIT 1', 'SELECT count(*) FILTER (WHERE kind = ''red''), count(*) FROM T1']);

-- Also where the API turns out to ignore the filter that the limit relied on, on the first page or a later one.
SET client_min_messages = error;
SELECT pg_temp.connect('ignoring', '/s/planignoring/ignore_filters;rows=100;pages=5;max_size=50') \g /dev/null
SELECT id FROM ignoring.things WHERE kind = 'blue' LIMIT 3;
SELECT id FROM ignoring.things WHERE kind = 'blue' LIMIT 2 OFFSET 20;
SELECT id FROM ignoring.things WHERE (owner_id, active) = (2, true) LIMIT 3;
SELECT count(*), sum(id) FROM ignoring.things WHERE kind = 'blue' AND owner_id = 4 AND active;
RESET client_min_messages;

-- A cursor reads as far as is fetched; what was asked ahead does not harm.
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM things.things;
FETCH 2 FROM c;
MOVE 57 FROM c;
FETCH 2 FROM c;
CLOSE c;
COMMIT;
-- Rows of all columns, of none, of one: only what is needed is converted, whatever is needed is.
SELECT count(*), count(name), sum(length(name)) FROM things.things WHERE value < 10;
ALTER FOREIGN TABLE things.things ALTER COLUMN name TYPE integer;
SELECT count(*), sum(id) FROM things.things WHERE value < 10;
SELECT pg_temp.error_of('SELECT name FROM things.things WHERE value < 10');
SELECT pg_temp.error_of('SELECT t FROM things.things t WHERE value < 10');
SELECT pg_temp.error_of('SELECT id FROM things.things t WHERE name > 3');
ALTER FOREIGN TABLE things.things ALTER COLUMN name TYPE text;
-- A plan that was made before an option changed is made anew.
PREPARE reds AS SELECT count(*) FROM things.things WHERE kind = 'red';
SELECT rows FROM pg_temp.ask('plan', 'SELECT 1');
SET plan_cache_mode = force_generic_plan;
EXECUTE reds;
SELECT * FROM pg_temp.requests('plan');
ALTER FOREIGN TABLE things.things ALTER COLUMN kind OPTIONS (ADD operators 'none');
EXECUTE reds;
SELECT * FROM pg_temp.requests('plan');
ALTER FOREIGN TABLE things.things OPTIONS (SET page_size '25');
EXECUTE reds;
SELECT (array_agg(r))[1], count(*) FROM pg_temp.requests('plan') r;
RESET plan_cache_mode;

\set ECHO none
SET client_min_messages = warning;
DROP TABLE copy, one, many;
SELECT pg_temp.disconnect() \g /dev/null
