-- LIMIT: how much is asked for, and that no row is missing for it.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
CREATE SERVER limited FOREIGN DATA WRAPPER autoconn OPTIONS (url :'api', discover 'off', max_concurrency '4');
CREATE SCHEMA limited;
CREATE FOREIGN TABLE limited.things (id bigint OPTIONS (key 'true', json_path '/id', sort_asc 'sort=id', sort_desc 'sort=-id', sort_nulls 'none'), name text, kind text OPTIONS (json_path '/kind', param 'kind'), owner_id int OPTIONS (json_path '/owner_id', param 'owner_id'))
  SERVER limited OPTIONS (path '/s/limited/filters;sorts=1;style=page;size=50;rows=400/things', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '50', total_path '/meta/total');
CREATE FOREIGN TABLE limited.others (id bigint OPTIONS (key 'true', json_path '/id'), name text, kind text OPTIONS (json_path '/kind', param 'kind')) SERVER limited OPTIONS (path '/s/limited/filters;style=page;size=50;rows=40/things', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '50', total_path '/meta/total');
-- Rows of a query and the query strings of its requests.
CREATE FUNCTION pg_temp.asked(query text, OUT rows bigint, OUT requests text[]) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget('limited');
  EXECUTE 'CREATE TEMP TABLE got AS ' || query;
  SELECT count(*) INTO rows FROM got;
  DROP TABLE got;
  SELECT array_agg(regexp_replace(r, '^.*/things\??', '') ORDER BY r) INTO requests FROM pg_temp.requests('limited') r;
END $$;
\set ECHO all
-- As the page size: LIMIT and OFFSET together, one relation, every condition sent, an order that the API delivers.
SELECT q AS query, a.* FROM unnest(ARRAY['SELECT * FROM limited.things LIMIT 3', 'SELECT * FROM limited.things LIMIT 3 OFFSET 4', 'SELECT name FROM limited.things WHERE kind = ''red'' LIMIT 2', 'SELECT * FROM limited.things ORDER BY id DESC LIMIT 30', 'SELECT * FROM limited.things ORDER BY id LIMIT 1',
  'SELECT * FROM limited.things LIMIT 120', 'SELECT * FROM limited.things LIMIT 0', 'SELECT * FROM (SELECT * FROM limited.things LIMIT 5) x', 'SELECT * FROM (SELECT id FROM limited.things) x LIMIT 5'])
  WITH ORDINALITY q(q, n), pg_temp.asked(q) a ORDER BY n;
-- It stops early, but how many rows it takes is not known: WITH TIES, conditions that stay here, joins, rows that become several or part of another set.
SELECT q AS query, a.rows, a.requests[1] AS first, cardinality(a.requests) <= 4 AS few FROM unnest(ARRAY['SELECT * FROM limited.things ORDER BY id FETCH FIRST 3 ROWS WITH TIES', 'SELECT * FROM limited.things WHERE name LIKE ''%7'' LIMIT 1', 'SELECT * FROM limited.things WHERE kind = ''red'' AND id > 4 LIMIT 2', 'SELECT t.* FROM limited.things t, (VALUES (1), (2)) v(n) WHERE t.owner_id + v.n = 3 LIMIT 2',
  'SELECT id, generate_series(1, 2) FROM limited.things LIMIT 4', 'SELECT id FROM limited.things UNION ALL SELECT id FROM limited.others LIMIT 2', 'SELECT * FROM limited.others WHERE EXISTS (SELECT FROM limited.things)'])
  WITH ORDINALITY q(q, n), pg_temp.asked(q) a ORDER BY n;
-- All rows are needed before the first is known: nothing is sent, and pages are asked for at once.
SELECT q AS query, a.rows, cardinality(a.requests) AS requests, a.requests[1] AS first FROM unnest(ARRAY['SELECT count(*) FROM limited.things LIMIT 1', 'SELECT DISTINCT kind FROM limited.things LIMIT 1', 'SELECT kind, count(*) FROM limited.things GROUP BY 1 LIMIT 1', 'SELECT * FROM limited.things ORDER BY name LIMIT 1', 'SELECT * FROM limited.things ORDER BY id, name LIMIT 1',
  'SELECT id, rank() OVER (ORDER BY name) FROM limited.things LIMIT 1', 'SELECT max(id) FROM limited.things HAVING count(*) > 0 LIMIT 1']) WITH ORDINALITY q(q, n), pg_temp.asked(q) a ORDER BY n;
-- A filter that finds too much: the rows that are missing are asked for.
ALTER FOREIGN TABLE limited.others OPTIONS (SET path '/s/limited/filter_caseless;style=page;size=50;rows=40/things');
SELECT * FROM pg_temp.asked('SELECT * FROM limited.others WHERE kind = ''RED'' LIMIT 8');
-- No smaller page than the API takes.
ALTER FOREIGN TABLE limited.things OPTIONS (ADD page_size_min '10');
SELECT * FROM pg_temp.asked('SELECT * FROM limited.things LIMIT 3');
ALTER FOREIGN TABLE limited.things OPTIONS (DROP page_size_min);
-- A cursor and a parameter.
PREPARE some_rows(int) AS SELECT id FROM limited.things LIMIT $1;
SELECT pg_temp.forget('limited') \g /dev/null
EXECUTE some_rows(2);
SELECT regexp_replace(r, '^.*/things\??', '') FROM pg_temp.requests('limited') r;
SET plan_cache_mode = force_generic_plan;
EXECUTE some_rows(3);
SELECT regexp_replace(r, '^.*/things\??', '') FROM pg_temp.requests('limited') r;
RESET plan_cache_mode;
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM limited.things;
FETCH 2 FROM c;
SELECT min(regexp_replace(r, '^.*/things\??', '')) AS first, count(*) <= 2 AS few FROM pg_temp.requests('limited') r;
COMMIT;
SELECT l FROM pg_temp.plan('SELECT * FROM limited.things WHERE kind = ''red'' LIMIT 3 OFFSET 1') l WHERE l ~ 'Request|Limit|Wanted';
SELECT pg_temp.disconnect();
