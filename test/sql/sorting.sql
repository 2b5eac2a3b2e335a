-- Orders: what the API sorts is not sorted again, and each row is compared with the one before it.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
SELECT pg_temp.connect('things', '/s/sorting/filters;rows=40;sorts=1'), pg_temp.connect('unsorted', '/s/sortingnot/filters;rows=40') \g /dev/null
RESET client_min_messages;
\set ECHO all
CREATE TEMP TABLE copy AS SELECT * FROM things.things;
ALTER FOREIGN TABLE things.things ALTER COLUMN id OPTIONS (ADD sort_asc 'sort=id', ADD sort_desc 'sort=-id', ADD sort_nulls 'none'), ALTER COLUMN value OPTIONS (ADD sort_asc 'sort=value', ADD sort_desc 'sort=-value', ADD sort_nulls 'low'),
  ALTER COLUMN kind OPTIONS (ADD sort_asc 'sort=kind', ADD sort_nulls 'first'), ALTER COLUMN owner_id OPTIONS (ADD sort_desc 'sort=-owner_id');
CREATE FUNCTION pg_temp.sorted(tail text, OUT right_rows bool, OUT by_api bool, OUT requests bigint, OUT first_request text) LANGUAGE plpgsql AS $$
DECLARE a jsonb; b jsonb;
BEGIN
  PERFORM pg_temp.forget('sorting');
  EXECUTE format('SELECT jsonb_agg(q) FROM (SELECT * FROM things.things %s) q', tail) INTO a;
  SELECT count(*), regexp_replace((array_agg(r))[1], '^.*/things', '') INTO requests, first_request FROM pg_temp.requests('sorting') r;
  EXECUTE format('SELECT jsonb_agg(q) FROM (SELECT * FROM copy things %s) q', tail) INTO b;
  right_rows := a = b;
  SELECT bool_or(l ~ 'Sorted by the API') AND NOT bool_or(l ~ '^ *->? *Sort') INTO by_api FROM pg_temp.plan(format('SELECT * FROM things.things %s', tail)) l;
END $$;
SELECT tail, s.* FROM unnest(ARRAY['ORDER BY id', 'ORDER BY id DESC', 'ORDER BY id DESC LIMIT 3', 'ORDER BY id DESC LIMIT 3 OFFSET 2', 'ORDER BY id DESC FETCH FIRST 1 ROW WITH TIES', 'ORDER BY value DESC NULLS LAST', 'ORDER BY value NULLS FIRST LIMIT 4', 'WHERE kind = ''red'' ORDER BY id DESC LIMIT 2'])
  WITH ORDINALITY t(tail, n), pg_temp.sorted(tail) s ORDER BY n;
SELECT array_agg(kind) AS kinds FROM (SELECT kind FROM things.things ORDER BY kind COLLATE "C" NULLS FIRST) t;
SELECT * FROM pg_temp.requests('sorting');
-- Not where NULLs go elsewhere or nobody knows where, where texts compare otherwise, where there is more to sort by, or where rows come from several readings.
SELECT tail, s.* FROM unnest(ARRAY['ORDER BY value DESC, id', 'ORDER BY value, id', 'ORDER BY owner_id DESC, id', 'ORDER BY id % 7, id', 'WHERE id IN (9) ORDER BY id', 'WHERE id = 7 ORDER BY id', 'ORDER BY -id'])
  WITH ORDINALITY t(tail, n), pg_temp.sorted(tail) s ORDER BY n;
SELECT * FROM pg_temp.plan('SELECT * FROM things.things ORDER BY kind NULLS FIRST');
SELECT * FROM pg_temp.plan('SELECT * FROM things.things ORDER BY id DESC LIMIT 3');
SELECT array_agg(id) AS ids FROM (SELECT id FROM things.things WHERE owner_id IN (1, 3) ORDER BY id DESC) t;
SELECT array_agg(id) AS ids FROM (SELECT id FROM things.things WHERE id IN (7, 9, 3) ORDER BY id) t;
-- What is grouped is not cut.
SELECT pg_temp.forget('sorting') \g /dev/null
SELECT id, count(*) FROM things.things GROUP BY id ORDER BY id DESC LIMIT 2;
SELECT DISTINCT id FROM things.things ORDER BY id DESC LIMIT 2;
SELECT id, sum(id) OVER () FROM things.things ORDER BY id DESC LIMIT 2;
SELECT max(id), min(id) FROM things.things;
-- Both sides of a merge join, and the outer side of a nested loop.
SELECT count(*), sum(a.id) FROM things.things a JOIN things.things b USING (id);
SELECT a.id FROM things.things a JOIN copy b USING (id) WHERE b.active ORDER BY a.id DESC LIMIT 2;
DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT id FROM things.things ORDER BY id DESC;
FETCH 2 FROM c;
FETCH PRIOR FROM c;
CLOSE c;

-- An API that does not sort: an error before the row is shown.
ALTER FOREIGN TABLE unsorted.things ALTER COLUMN id OPTIONS (ADD sort_asc 'sort=id', ADD sort_desc 'sort=-id', ADD sort_nulls 'none'), ALTER COLUMN kind OPTIONS (ADD sort_asc 'sort=kind', ADD sort_nulls 'last');
SELECT count(*) FROM (SELECT * FROM unsorted.things ORDER BY id) x;
SELECT id FROM unsorted.things ORDER BY id DESC;
SELECT pg_temp.error_of('SELECT id FROM unsorted.things ORDER BY kind COLLATE "C"');
SELECT id FROM unsorted.things ORDER BY id DESC LIMIT 1;
SELECT pg_temp.disconnect();
