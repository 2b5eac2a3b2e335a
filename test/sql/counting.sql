-- count(*) from a total that was proved: one request.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
CREATE SERVER counted FOREIGN DATA WRAPPER autoconn OPTIONS (url :'api', discover 'off', max_concurrency '1');
CREATE SCHEMA counted;
CREATE FOREIGN TABLE counted.things (id bigint OPTIONS (key 'true'), name text, kind text OPTIONS (json_path '/kind', param 'kind'), words text OPTIONS (param 'q'))
  SERVER counted OPTIONS (path '/s/counted/filters;style=page;size=50;rows=130/things', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '50', total_path '/meta/total');
-- What a query gives and asks.
CREATE FUNCTION pg_temp.asked(query text, OUT result text, OUT requests text[]) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget('counted');
  EXECUTE 'SELECT string_agg(q::text, '' '') FROM (' || query || ') q' INTO result;
  SELECT array_agg(regexp_replace(r, '^.*/things\??', '') ORDER BY n) INTO requests FROM pg_temp.requests('counted') WITH ORDINALITY r(r, n);
END $$;
\set ECHO all
-- Nobody says that the total is the number of rows.
SELECT * FROM pg_temp.asked('SELECT count(*) FROM counted.things');
ALTER FOREIGN TABLE counted.things OPTIONS (ADD total 'estimate');
SELECT cardinality(requests) FROM pg_temp.asked('SELECT count(*) FROM counted.things');
ALTER FOREIGN TABLE counted.things OPTIONS (SET total 'exact');
SELECT q AS query, a.* FROM unnest(ARRAY['SELECT count(*) FROM counted.things', 'SELECT count(*) + 1, 2 * count(*) FROM counted.things', 'SELECT count(*) FROM counted.things LIMIT 1', 'SELECT count(*) FROM counted.things WHERE words = ''thing''', 'SELECT count(*) FROM counted.things WHERE words = NULL',
  'SELECT v.n, (SELECT count(*) FROM counted.things WHERE words = v.w) FROM (VALUES (1, ''a''), (2, ''b'')) v(n, w)', 'SELECT (SELECT count(*) FROM counted.things), 2']) WITH ORDINALITY q(q, n), pg_temp.asked(q) a ORDER BY n;
-- Conditions on what rows show, groups, columns that may be NULL: rows are read.
SELECT q AS query, a.result, cardinality(a.requests) AS requests, a.requests[1] AS first FROM unnest(ARRAY['SELECT count(*) FROM counted.things WHERE kind = ''red''', 'SELECT count(*) FROM counted.things WHERE id > 0', 'SELECT count(name) FROM counted.things', 'SELECT count(DISTINCT kind) FROM counted.things', 'SELECT count(*) FILTER (WHERE kind = ''red'') FROM counted.things',
  'SELECT count(*), max(id) FROM counted.things', 'SELECT count(*) FROM counted.things HAVING count(*) > 7', 'SELECT count(*) FROM counted.things GROUP BY kind = ''red''', 'SELECT count(*) FROM (SELECT * FROM counted.things LIMIT 60) x', 'SELECT count(*) FROM (SELECT DISTINCT kind FROM counted.things) x', 'SELECT count(*) FROM counted.things a, (VALUES (1), (2)) v', 'SELECT count(*) FROM counted.things WHERE words IN (''a'', ''b'')'])
  WITH ORDINALITY q(q, n), pg_temp.asked(q) a ORDER BY n;
SELECT * FROM pg_temp.plan('SELECT count(*) FROM counted.things');
SELECT * FROM pg_temp.plan('SELECT count(*) + 1 FROM counted.things WHERE words = ''thing''', 'ANALYZE, VERBOSE');
-- The smallest page that the API takes; an API that does not let its pages be chosen.
ALTER FOREIGN TABLE counted.things OPTIONS (ADD page_size_min '5');
SELECT * FROM pg_temp.asked('SELECT count(*) FROM counted.things');
ALTER FOREIGN TABLE counted.things OPTIONS (DROP page_size_min, DROP page_size_param, DROP page_size);
SELECT * FROM pg_temp.asked('SELECT count(*) FROM counted.things');
ALTER FOREIGN TABLE counted.things OPTIONS (ADD page_size_param 'per_page', ADD page_size '50');
-- No total in the answer, or one that its rows contradict, or that may be of the page: rows are counted.
ALTER FOREIGN TABLE counted.things OPTIONS (SET total_path '/meta/none');
SELECT * FROM pg_temp.asked('SELECT count(*) FROM counted.things');
SELECT l FROM pg_temp.plan('SELECT count(*) FROM counted.things', 'ANALYZE, VERBOSE') l WHERE l ~ 'Counted|Requests|Rows Received|Completeness';
ALTER FOREIGN TABLE counted.things OPTIONS (SET total_path '/meta/page');
SELECT * FROM pg_temp.asked('SELECT count(*) FROM counted.things');
ALTER FOREIGN TABLE counted.things OPTIONS (SET total_path '/meta/total', SET path '/s/counted/filters;style=page;size=50;rows=1/things');
SELECT * FROM pg_temp.asked('SELECT count(*) FROM counted.things');
ALTER FOREIGN TABLE counted.things OPTIONS (SET path '/s/counted/filters;style=page;size=50;rows=0/things');
SELECT * FROM pg_temp.asked('SELECT count(*) FROM counted.things');
-- What the API refuses is an error, as ever.
ALTER FOREIGN TABLE counted.things OPTIONS (SET path '/s/counted/plain/nothing');
SELECT pg_temp.error_of('SELECT count(*) FROM counted.things');
ALTER FOREIGN TABLE counted.things OPTIONS (SET path '/s/counted/filters;style=page;size=50;rows=130/things');
-- Others may be shown other rows: who has a mapping of his own counts them.
CREATE ROLE counter;
GRANT USAGE ON SCHEMA counted TO counter;
GRANT SELECT ON counted.things TO counter;
CREATE VIEW counted.number AS SELECT count(*) FROM counted.things;
GRANT SELECT ON counted.number TO counter;
PREPARE number AS SELECT count(*) FROM counted.things;
SET plan_cache_mode = force_generic_plan;
EXECUTE number;
CREATE USER MAPPING FOR counter SERVER counted OPTIONS (token 'other-S3CRET');
SET ROLE counter;
SELECT count(*) FROM counted.things;
SELECT * FROM counted.number;
EXECUTE number;
RESET ROLE;
SELECT regexp_replace(r, '^.*/things\??', '') FROM pg_temp.requests('counted') r;
DROP USER MAPPING FOR counter SERVER counted;
DROP OWNED BY counter;
DROP ROLE counter;
-- A parent walk, and rows in rows, have no total.
CREATE FOREIGN TABLE counted.parts (id bigint) SERVER counted OPTIONS (path '/s/counted/filters;style=page;size=50;rows=10/things', rows_path '/data', nested_path '/parts', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '50', total_path '/meta/total', total 'exact');
SELECT count(*) FROM counted.parts;
SELECT pg_temp.disconnect();
