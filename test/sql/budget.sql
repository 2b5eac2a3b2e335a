-- max_requests: an error before a quota is burnt, where it can be known that it will not do.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
SELECT pg_temp.connect('shop', '/i/budget/shop/v1') \g /dev/null
-- How a statement ends, how many pages of the parent and how many children were asked for.
CREATE FUNCTION pg_temp.tried(statement text, OUT result text, OUT detail text, OUT parents bigint, OUT children bigint, OUT others bigint) LANGUAGE plpgsql AS $$
DECLARE
  state text; message text;
BEGIN
  PERFORM pg_temp.forget('budget');
  BEGIN
    EXECUTE statement;
    result := 'no error';
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
    result := state || ': ' || message;
  END;
  SELECT count(*) FILTER (WHERE r ~ '/customers\?'), count(*) FILTER (WHERE r ~ '/customers/\d+/orders'), count(*) FILTER (WHERE r !~ '/customers(/\d+/orders|\?)') INTO parents, children, others FROM pg_temp.requests('budget') r;
END $$;
-- The same without the counts of pages, which may be under way ahead.
CREATE FUNCTION pg_temp.refused(statement text, OUT result text, OUT detail text, OUT few_parents boolean, OUT children bigint, OUT others bigint) LANGUAGE sql AS $$
  SELECT result, detail, parents <= 12, children, others FROM pg_temp.tried(statement)
$$;
RESET client_min_messages;
\set ECHO all
\x on
-- A walk: the parent's proved total tells after its first page.
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (ADD max_requests '50');
SELECT * FROM pg_temp.refused('SELECT count(*) FROM shop.customers_orders');
SELECT * FROM pg_temp.refused('CREATE TEMP TABLE t AS SELECT * FROM shop.customers_orders');
SELECT * FROM pg_temp.refused('SELECT * FROM shop.customers_orders ORDER BY id LIMIT 1');
-- The outer side of a hash join gives its first row before it is known whether the others are wanted.
SELECT result, detail, children < 40 AS few_children FROM pg_temp.tried('SELECT count(*) FROM shop.customers_orders o LEFT JOIN generate_series(1, 3) g ON g = o.id');
-- Not where the query stops, or may stop, before.
SELECT result, children BETWEEN 1 AND 49 AS some_children FROM pg_temp.tried('SELECT * FROM shop.customers_orders LIMIT 1');
SELECT result, children BETWEEN 1 AND 49 AS some_children FROM pg_temp.tried('SELECT EXISTS (SELECT FROM shop.customers_orders)');
SELECT result, children BETWEEN 1 AND 49 AS some_children FROM pg_temp.tried('DO $x$ DECLARE r record; BEGIN FOR r IN SELECT * FROM shop.customers_orders LOOP EXIT; END LOOP; END $x$');
SELECT result, children BETWEEN 1 AND 49 AS some_children FROM pg_temp.tried('DO $x$ DECLARE r record; BEGIN SELECT * INTO r FROM shop.customers_orders; END $x$');
SELECT result, children BETWEEN 1 AND 49 AS some_children FROM pg_temp.tried('DO $x$ DECLARE c CURSOR FOR SELECT * FROM shop.customers_orders; r record; BEGIN OPEN c; FETCH c INTO r; CLOSE c; END $x$');
SELECT result, children BETWEEN 1 AND 49 AS some_children FROM pg_temp.tried('SELECT FROM generate_series(1, 2) g WHERE EXISTS (SELECT FROM shop.customers_orders o WHERE o.id > g)');
-- But where it is a cursor that is read to the end, the bound holds all the same.
SELECT result FROM pg_temp.tried('DO $x$ DECLARE c CURSOR FOR SELECT * FROM shop.customers_orders; r record; BEGIN FOR r IN c LOOP NULL; END LOOP; END $x$');
-- An early row does not make up for those that are missing.
SELECT result, children < 50 AS fewer FROM pg_temp.tried('SELECT count(*) FROM (SELECT FROM shop.customers_orders LIMIT 1000000) o');
-- Values that the query gives, on_incomplete 'warn': nothing is refused early.
SELECT * FROM pg_temp.tried('SELECT count(*) FROM shop.customers_orders WHERE customer_id = 7');
SELECT result, children FROM pg_temp.tried('SELECT count(*) FROM shop.customers_orders WHERE customer_id = ANY (ARRAY[7, 8])');
SET client_min_messages = error;
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (ADD on_incomplete 'warn');
SELECT result, children > 0 AS some_children FROM pg_temp.tried('SELECT count(*) FROM shop.customers_orders');
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (DROP on_incomplete);
RESET client_min_messages;
-- Without a proved total half of what estimated_rows says, or of what was seen before.
ALTER FOREIGN TABLE shop.customers OPTIONS (DROP total, DROP total_path);
ALTER FOREIGN TABLE shop.customers OPTIONS (SET estimated_rows '120');
SELECT * FROM pg_temp.refused('SELECT count(*) FROM shop.customers_orders');
ALTER FOREIGN TABLE shop.customers OPTIONS (SET estimated_rows '300', ADD params 'q=Chlo%C3%A9%20E');
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (SET max_requests '200');
SELECT result, children > 0 AS some_children FROM pg_temp.tried('SELECT count(*) FROM shop.customers_orders');
ALTER FOREIGN TABLE shop.customers OPTIONS (DROP params, DROP estimated_rows);
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (SET max_requests '50');
SELECT count(id) FROM shop.customers;
SELECT * FROM pg_temp.refused('SELECT count(*) FROM shop.customers_orders');
-- Lists: before the first request, by the batches that they make.
SELECT * FROM pg_temp.refused('SELECT count(*) FROM shop.customers_orders WHERE customer_id = ANY (ARRAY(SELECT generate_series(1, 51)))');
SELECT result, children FROM pg_temp.tried('SELECT count(*) FROM shop.customers_orders WHERE customer_id = ANY (ARRAY(SELECT generate_series(1, 12) % 4 + 1))');
SELECT result, children < 50 AS fewer FROM pg_temp.tried('SELECT * FROM shop.customers_orders WHERE customer_id = ANY (ARRAY(SELECT generate_series(1, 51))) LIMIT 1');
-- Pages of a collection, by its proved total and the size of its pages.
ALTER FOREIGN TABLE shop.payments OPTIONS (ADD max_requests '20');
SELECT result, detail, others <= 13 AS few FROM pg_temp.tried('SELECT count(amount) FROM shop.payments');
SELECT result FROM pg_temp.tried('SELECT * FROM shop.payments LIMIT 1000');
SELECT result FROM pg_temp.tried('DO $x$ DECLARE r record; BEGIN SELECT * INTO r FROM shop.payments; END $x$');
SELECT pg_temp.disconnect();
