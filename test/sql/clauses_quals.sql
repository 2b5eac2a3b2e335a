-- Alternatives of one column in all ways of writing them; values that say nothing in a query string; orders that paging has of its own.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
\set ECHO all
\pset footer off
SET test.session = 'clq';
SELECT pg_temp.connect('clq0', 'filters;rows=40;style=page;size=40');
ALTER FOREIGN TABLE t.things OPTIONS (ADD estimated_rows '100000');
SET client_min_messages = warning;
CREATE TEMP TABLE copy AS SELECT * FROM t.things;
RESET client_min_messages;
SELECT pg_temp.forget('clq0');
-- What the clause gives, whether a copy agrees, and what was asked for.
CREATE FUNCTION pg_temp.check(clause text, name text DEFAULT 't.things', copy text DEFAULT 'copy', session text DEFAULT 'clq0', zone text DEFAULT 'UTC', OUT n bigint, OUT same boolean, OUT asked text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('timezone', zone, true);
  EXECUTE format('SELECT count(*) FROM %s WHERE %s', name, clause) INTO n;
  asked := (SELECT string_agg(DISTINCT r, ' ' ORDER BY r) FROM (SELECT regexp_replace(r, '^[^?]*|[?&](page|per_page)=\d+', '', 'g') r FROM pg_temp.requests(session) r) x);
  EXECUTE format('SELECT $1 = count(*) FROM pg_temp.%s WHERE %s', copy, clause) INTO same USING n;
END $$;
SELECT clause, c.* FROM unnest(ARRAY[
  'owner_id = 1 OR owner_id IN (2, 4)', 'owner_id IN (1, 2) OR owner_id = ANY (''{2,5,NULL}'') OR 3 = owner_id', 'owner_id IN (1) OR owner_id = ANY (NULL::int[])',
  'owner_id = 1 OR owner_id = ANY (ARRAY(SELECT 2))', 'owner_id IN (1, 2) OR id = 3', 'kind IN (''red'', ''blue'') OR kind = ''green''', 'kind = ''red'' OR kind IN ('''')',
  'kind = ''''', 'kind = ''red,blue''', 'kind IN (''red'', ''red,blue'')', 'owner_id IN (1, 2) OR owner_id > 4', 'owner_id IN (1, 2) OR owner_id NOT IN (3)'
]) WITH ORDINALITY x (clause, i), pg_temp.check(clause) c ORDER BY i;
-- A parameter that has no field works with them, too.
ALTER FOREIGN TABLE t.things ALTER owner_id OPTIONS (DROP json_path);
SELECT owner_id, count(*) FROM t.things WHERE owner_id = 1 OR owner_id IN (2, 4) GROUP BY 1 ORDER BY 1;
SELECT * FROM pg_temp.plan('SELECT id FROM t.things WHERE owner_id = 1 OR owner_id IN (2, 4)');
-- Bounds of a moment by days, and by moments without a zone: as the session's time zone has them.
\set url :api/i/clq2/shop/v1
SET client_min_messages = warning;
CREATE SERVER shop FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off');
CREATE FOREIGN TABLE t.customers (id bigint OPTIONS (key 'true'), created_at timestamptz OPTIONS (param_from 'created_after')) SERVER shop
  OPTIONS (path '/customers', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '100');
CREATE TEMP TABLE customers AS SELECT * FROM t.customers;
RESET client_min_messages;
SELECT pg_temp.forget('clq2');
SELECT zone, clause, n, same, asked FROM unnest(ARRAY['UTC', 'Asia/Tokyo']) zone, unnest(ARRAY[
  'created_at >= date ''2025-04-01''', 'date ''2025-04-01'' < created_at', 'created_at > timestamp ''2025-04-01 09:00''', 'created_at >= (timestamp ''2025-04-01 09:00'')::date',
  'created_at > date ''infinity''', 'created_at > date ''5874897-12-31''', 'created_at > date ''2025-04-01'' + time ''12:00'''
]) WITH ORDINALITY x (clause, i), pg_temp.check(clause, 't.customers', 'customers', 'clq2', zone) c ORDER BY zone, i;
DROP FOREIGN TABLE t.customers;
-- Rows that are read in windows, or on from the value of the last one, come in an order of their own.
SELECT pg_temp.connect('clq1', 'plain;sorts=1;rows=12;style=page');
ALTER FOREIGN TABLE t.things ALTER value OPTIONS (ADD sort_desc 'sort=-value', ADD sort_nulls 'none');
SELECT line FROM pg_temp.plan('SELECT id FROM t.things ORDER BY value DESC LIMIT 2') line WHERE line ~ '(Sort|Limit)';
ALTER FOREIGN TABLE t.things OPTIONS (ADD depth_limit '6', ADD window_path '/id', ADD window_from 'min_id');
SELECT line FROM pg_temp.plan('SELECT id FROM t.things ORDER BY value DESC LIMIT 2') line WHERE line ~ '(Sort|Limit)';
ALTER FOREIGN TABLE t.things OPTIONS (DROP depth_limit, DROP window_path, DROP window_from, SET pagination 'keyset', ADD cursor_param 'since', ADD cursor_path '/id');
SELECT line FROM pg_temp.plan('SELECT id FROM t.things ORDER BY value DESC LIMIT 2') line WHERE line ~ '(Sort|Limit)';
SET client_min_messages = warning;
DROP SERVER shop CASCADE;
DROP SERVER t CASCADE;
DROP SCHEMA t;
