-- Several APIs, or partitions, at once.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
CREATE SCHEMA async;
-- A server and a table of that name, one request at a time unless told otherwise, and 40 ms a page, so that what is at once is not by chance.
CREATE FUNCTION pg_temp.table_of(name text, scenario text, options text DEFAULT 'max_concurrency ''1''', more text DEFAULT '') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE SERVER %I FOREIGN DATA WRAPPER autoconn OPTIONS (url %L, discover ''off'', retries ''0'', %s)', name, format('%s/s/async/%s', current_setting('test.api'), scenario), options);
  EXECUTE format('CREATE FOREIGN TABLE async.%1$I (id bigint, kind text, owner_id bigint, value numeric) SERVER %1$I OPTIONS (path ''/things'', rows_path ''/things'', pagination ''cursor'', cursor_param ''cursor'', cursor_path ''/next_cursor''%2$s)', name, more);
END $$;
SELECT pg_temp.table_of('one', 'plain;rows=18;size=4;delay_ms=40'), pg_temp.table_of('two', 'plain;rows=18;size=5;delay_ms=40'), pg_temp.table_of('three', 'plain;rows=18;size=6;delay_ms=40'),
  pg_temp.table_of('bad', 'status;at=2;status=500;rows=18;size=4;delay_ms=40') \g /dev/null
-- Rows of a query in a checkable form, and how many pages were answered at once, at most.
CREATE FUNCTION pg_temp.run(query text, OUT n bigint, OUT ids bigint, OUT sum numeric, OUT at_once int, OUT requests int) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget('async');
  EXECUTE 'SELECT count(*), count(DISTINCT id), sum(value) FROM (' || query || ') q' INTO n, ids, sum;
  SELECT l::int INTO at_once FROM pg_temp.http('GET', '/_most/async') l;
  SELECT l::int INTO requests FROM pg_temp.http('GET', '/_count/async') l;
END $$;
RESET client_min_messages;
\set ECHO all
-- Three APIs.
\set three 'SELECT * FROM async.one UNION ALL SELECT * FROM async.two UNION ALL SELECT * FROM async.three'
SELECT * FROM pg_temp.plan(:'three');
SELECT * FROM pg_temp.run(:'three');
SET enable_async_append = off;
SELECT * FROM pg_temp.run(:'three');
RESET enable_async_append;
-- What happened is told of each, with its rows.
SELECT l FROM pg_temp.plan(:'three', 'ANALYZE') l WHERE l ~ 'Scan|Requests|Rows Received|Completeness';
-- Conditions are checked, and those that leave nothing do not end the others.
SELECT * FROM pg_temp.run('SELECT id, value FROM async.one WHERE id > 15 UNION ALL SELECT id, value FROM async.two WHERE id > 100 UNION ALL SELECT id, value * 2 FROM async.three');
-- Partitions, of one server: its max_concurrency is for all of them.
ALTER SERVER one OPTIONS (SET max_concurrency '3');
CREATE TABLE async.parted (id bigint, kind text, owner_id bigint, value numeric) PARTITION BY LIST (kind);
\set like 'OPTIONS (path ''/things'', rows_path ''/things'', pagination ''cursor'', cursor_param ''cursor'', cursor_path ''/next_cursor'')'
CREATE FOREIGN TABLE async.p1 PARTITION OF async.parted FOR VALUES IN ('a') SERVER one :like;
CREATE FOREIGN TABLE async.p2 PARTITION OF async.parted FOR VALUES IN ('b') SERVER one :like;
CREATE FOREIGN TABLE async.p3 PARTITION OF async.parted FOR VALUES IN ('c') SERVER one :like;
CREATE FOREIGN TABLE async.p4 PARTITION OF async.parted FOR VALUES IN ('d') SERVER one :like;
SELECT * FROM pg_temp.run('SELECT * FROM async.parted');
ALTER SERVER one OPTIONS (SET max_concurrency '2');
SELECT * FROM pg_temp.run('SELECT * FROM async.parted');
SELECT * FROM pg_temp.run('SELECT * FROM async.parted WHERE kind IN (''a'', ''d'')');
-- A local table among them, and one that is not to run beside others.
CREATE TABLE async.p5 PARTITION OF async.parted FOR VALUES IN ('e');
INSERT INTO async.p5 VALUES (1000, 'e', 1, 7);
ALTER FOREIGN TABLE async.p2 OPTIONS (ADD async_capable 'off');
SELECT * FROM pg_temp.plan('SELECT id FROM async.parted', 'VERBOSE off');
SELECT * FROM pg_temp.run('SELECT * FROM async.parted');
ALTER SERVER one OPTIONS (ADD async_capable 'off');
SELECT count(*) FILTER (WHERE l ~ 'Async') FROM pg_temp.plan('SELECT id FROM async.parted', 'VERBOSE off') l;
ALTER FOREIGN TABLE async.p2 OPTIONS (SET async_capable 'on');
SELECT count(*) FILTER (WHERE l ~ 'Async') FROM pg_temp.plan('SELECT id FROM async.parted', 'VERBOSE off') l;
ALTER SERVER one OPTIONS (DROP async_capable);
-- No more is asked for than few rows need; one page each, or the next ones as well.
SELECT n, requests BETWEEN 3 AND 6 AS few_requests FROM pg_temp.run(:'three' || ' LIMIT 2');
-- An API fails, the query fails; the session goes on.
SELECT pg_temp.error_of('SELECT count(*) FROM (' || :'three' || ' UNION ALL SELECT * FROM async.bad) q');
SELECT * FROM pg_temp.run(:'three');
-- Anew for each outer row, with its value.
SET enable_memoize = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off;
SELECT * FROM pg_temp.run('SELECT v.id, q.value FROM (VALUES (3), (5)) v (id), LATERAL (SELECT value FROM async.one WHERE id <= v.id UNION ALL SELECT value FROM async.two WHERE id <= v.id OFFSET 0) q');
RESET ALL;
-- Items of rows, too: the list and each of them is waited for with the others.
ALTER FOREIGN TABLE async.one OPTIONS (ADD item_path '/things/{id}', ADD detail 'value');
ALTER FOREIGN TABLE async.one ALTER COLUMN id OPTIONS (ADD key 'true');
SELECT n, ids, sum, requests FROM pg_temp.run('SELECT id, value FROM async.one UNION ALL SELECT id, value FROM async.two');
SELECT n, ids, sum, requests FROM pg_temp.run('SELECT id, value FROM async.one WHERE id > 3 UNION ALL SELECT id, value FROM async.one WHERE id + value > 18');
ALTER FOREIGN TABLE async.one OPTIONS (DROP item_path, DROP detail);
-- Cursors: rows of one, then of another, then on.
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM async.one UNION ALL SELECT * FROM async.two;
MOVE 3 FROM c;
DECLARE d CURSOR FOR SELECT * FROM async.three UNION ALL SELECT * FROM async.two;
MOVE 20 FROM d;
SELECT * FROM pg_temp.run('SELECT * FROM async.three');
SAVEPOINT s;
SELECT count(*) FROM async.bad;
ROLLBACK TO s;
MOVE ALL FROM c;
MOVE ALL FROM d;
COMMIT;
-- Pages ahead leave while the query waits for another API: with two at once three are ahead, of which the last has to wait for a place.
\set url :api '/s/ahead/plain;rows=39;size=4;style=page;delay_ms=40'
CREATE SERVER ahead FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off', max_concurrency '2');
CREATE FOREIGN TABLE async.ahead (id bigint) SERVER ahead OPTIONS (path '/things', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '4', total_path '/meta/total');
BEGIN;
SET LOCAL cursor_tuple_fraction = 1;
DECLARE c CURSOR FOR SELECT * FROM async.ahead;
MOVE 1 FROM c;
SELECT count(*) FROM async.one;
SELECT pg_temp.http('GET', '/_count/ahead') AS requests;
MOVE ALL FROM c;
SELECT pg_temp.http('GET', '/_count/ahead') AS requests;
COMMIT;
-- Lists of values, and walks over a parent's rows, in each of them.
SET client_min_messages = warning;
SELECT pg_temp.connect('filters', '/s/async/filters;rows=40;delay_ms=40'), pg_temp.connect('shop', '/i/asyncshop/shop/v1') \g /dev/null
ALTER SERVER filters OPTIONS (ADD max_concurrency '2');
RESET client_min_messages;
SELECT * FROM pg_temp.run('SELECT id, value FROM filters.things WHERE owner_id IN (1, 2, 2, 41) UNION ALL SELECT id, value FROM async.two UNION ALL SELECT id, value FROM filters.things WHERE id IN (2, 30, 40)');
CREATE FOREIGN TABLE shop.few (id bigint) SERVER shop OPTIONS (path '/customers', params 'q=Chlo%C3%A9%20E', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '3', total_path '/meta/total');
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (SET parent 'few(id)');
SELECT count(*) > 0 AS some, count(*) = 2 * count(DISTINCT id) AS twice, count(DISTINCT id) = (SELECT count(*) FROM shop.orders WHERE customer_id IN (SELECT id FROM shop.few)) AS "all"
  FROM (SELECT id FROM shop.customers_orders UNION ALL SELECT id FROM shop.customers_orders) q;
-- Ends what began.
DROP TABLE async.parted;
SELECT pg_temp.disconnect() \g /dev/null
DROP SCHEMA async;
