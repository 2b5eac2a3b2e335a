-- What EXPLAIN (ANALYZE) counts, in every format, over rescans, lists and walks.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
SET client_min_messages = warning;
SET test.session = 'counters';
-- What a scan took, as each format says it; lengths of answers and times are the API's and the machine's.
CREATE FUNCTION pg_temp.counters(query text, format text DEFAULT 'TEXT', masked text DEFAULT 'Bytes|Wait') RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
  line text;
BEGIN
  FOR line IN EXECUTE format('EXPLAIN (ANALYZE, COSTS OFF, SUMMARY OFF, BUFFERS OFF, FORMAT %s) %s', format, query) LOOP
    FOREACH line IN ARRAY string_to_array(line, E'\n') LOOP
      CONTINUE WHEN line !~ 'Requests|Pages|Rows.(Received|Rejected)|Bytes|Retries|Wait|Cache.Hits|Completeness';
      RETURN NEXT regexp_replace(btrim(line, ' ,'), format('((%s)"?[:>] ?)\d+', masked), '\1N');
    END LOOP;
  END LOOP;
END $$;
-- The same of one scan against what arrived at the API: counters of JSON, and how many requests there were.
CREATE FUNCTION pg_temp.arrived(session text, query text, OUT counted jsonb, OUT requests int)
LANGUAGE plpgsql AS $$
DECLARE
  plan jsonb;
  before int := pg_temp.api('/_count/' || session);
BEGIN
  EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, FORMAT JSON) ' || query INTO plan;
  plan := jsonb_path_query_first(plan, '$.**?(@."Node Type" == "Foreign Scan")');
  requests := pg_temp.api('/_count/' || session)::int - before;
  counted := jsonb_build_object('requests', plan -> 'Requests', 'pages', plan -> 'Pages', 'rows', plan -> 'Rows Received', 'retries', plan -> 'Retries',
                                'rejected', plan -> 'Rows Rejected', 'loops', plan -> 'Actual Loops', 'verdict', plan -> 'Completeness');
END $$;
RESET client_min_messages;
\set ECHO all

SELECT pg_temp.connect('counters1', 'plain;rows=6;size=2') \g /dev/null
SELECT * FROM pg_temp.counters('TABLE t.things');
SELECT * FROM pg_temp.counters('TABLE t.things', 'JSON');
SELECT * FROM pg_temp.counters('TABLE t.things', 'YAML');
SELECT * FROM pg_temp.counters('TABLE t.things', 'XML');
-- Nothing that was not run is counted.
SELECT l FROM pg_temp.counters('SELECT * FROM t.things WHERE false') l;
SELECT * FROM pg_temp.counters('SELECT * FROM (VALUES (1)) v (i) LEFT JOIN LATERAL (SELECT * FROM t.things WHERE id = v.i OFFSET 0) t ON v.i > 1');
-- Once for each row of the outer side: all of them are added up.
SELECT * FROM pg_temp.arrived('counters1', 'SELECT * FROM (VALUES (1), (2)) v (i), LATERAL (SELECT * FROM t.things WHERE id > v.i OFFSET 0) t');
SELECT * FROM pg_temp.arrived('counters1', 'SELECT * FROM t.things LIMIT 3');
-- Retries and waits; the page is asked for until it comes.
SELECT pg_temp.connect('counters2', 'flaky;rows=6;size=2;fail=1') \g /dev/null
SELECT * FROM pg_temp.arrived('counters2', 'TABLE t.things');
SELECT pg_temp.connect('counters2w', 'flaky;rows=6;size=2;fail=1') \g /dev/null
SELECT l ~ ' [1-9]' AS waited FROM pg_temp.counters('TABLE t.things', 'JSON', 'Bytes') l WHERE l ~ 'Wait';
-- Lists: a request for each value.
SELECT pg_temp.connect('counters3', 'plain;rows=40;size=40;filters=1') \g /dev/null
SELECT * FROM pg_temp.arrived('counters3', 'SELECT * FROM t.things WHERE owner_id IN (1, 2, 5)');
-- Rows that a filter should have kept away.
SELECT pg_temp.connect('counters4', 'plain;rows=8;size=8;filters=1') \g /dev/null
ALTER FOREIGN TABLE t.things ALTER COLUMN name OPTIONS (ADD param 'unknown', ADD operators '=');
SELECT * FROM pg_temp.arrived('counters4', 'SELECT * FROM t.things WHERE name = ''thing 2''');
-- A walk: requests for the parent's rows count, its rows do not.
SET client_min_messages = error;
DROP SERVER t CASCADE;
SELECT :'api' || '/i/counters5/shop/v1' AS url \gset
CREATE SERVER t FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off', max_concurrency '1');
CREATE FOREIGN TABLE t.orders (id bigint) SERVER t OPTIONS (path '/orders', rows_path '/orders', pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor', page_size_param 'limit', page_size '2', params 'customer_id=7');
CREATE FOREIGN TABLE t.payments (order_id bigint OPTIONS (param 'order_id'), payment_id text) SERVER t OPTIONS (path '/orders/{order_id}/payments', rows_path '/payments', pagination 'none', parent 't.orders(id)');
RESET client_min_messages;
SELECT autoconn.stats_reset();
SELECT * FROM pg_temp.arrived('counters5', 'TABLE t.payments');
-- Each table has its own, though.
SELECT table_name, scans, requests, pages, rows > 0 AS some FROM autoconn.stats ORDER BY 1;
SET client_min_messages = error;
DROP SERVER t CASCADE;
DROP SCHEMA t CASCADE;
