-- Path variables without a value: those of the parent's rows.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
SELECT pg_temp.connect('shop', '/i/walkshop/shop/v1'), pg_temp.connect('other', '/s/walkother/filters;rows=4') \g /dev/null
RESET client_min_messages;
\set ECHO all
-- Some customers, three at a time.
CREATE FOREIGN TABLE shop.few (id bigint, tier text) SERVER shop OPTIONS (path '/customers', params 'q=Chlo%C3%A9%20E', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '3', total_path '/meta/total');
SELECT count(*), count(DISTINCT id) FROM shop.few;
CREATE TEMP TABLE few AS SELECT * FROM shop.few;
CREATE TEMP TABLE orders AS SELECT * FROM shop.orders;
-- The import found the table that has the values; without it there are none.
SELECT option_value FROM information_schema.foreign_table_options WHERE foreign_table_schema = 'shop' AND foreign_table_name = 'customers_orders' AND option_name = 'parent';
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (DROP parent);
SELECT pg_temp.error_of('SELECT * FROM shop.customers_orders');
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (ADD parent 'few(id)');
SELECT pg_temp.forget('walkshop') \g /dev/null
CREATE TEMP TABLE walked AS SELECT customer_id, id FROM shop.customers_orders;
SELECT r, count(*) FROM (SELECT regexp_replace(r, '/\d+/', '/n/') r FROM pg_temp.requests('walkshop') r) r GROUP BY 1 ORDER BY 1;
SELECT count(*) > 0 AS some, count(*) = count(DISTINCT id) AS once FROM walked;
SELECT NOT EXISTS (TABLE walked EXCEPT SELECT customer_id, id FROM orders WHERE customer_id IN (SELECT id FROM few)) AS no_more,
  NOT EXISTS (SELECT customer_id, id FROM orders WHERE customer_id IN (SELECT id FROM few) EXCEPT TABLE walked) AS no_less;
SELECT * FROM pg_temp.plan('SELECT * FROM shop.customers_orders');
-- Values that the query gives are asked for alone.
SELECT clause, a.rows = (SELECT count(*) FROM orders WHERE customer_id = 7) AS right_rows, a.requests, a.first_request FROM unnest(ARRAY['customer_id = 7', 'customer_id IN (7, 7)']) clause, pg_temp.ask('walkshop', 'SELECT * FROM shop.customers_orders WHERE ' || clause) a;
-- Conditions that cannot be sent are checked on what comes.
CREATE FUNCTION pg_temp.differences(clause text, OUT rows bigint, OUT missing bigint, OUT surplus bigint) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TEMP TABLE got AS SELECT customer_id, id FROM shop.customers_orders WHERE %s', clause);
  SELECT count(*) INTO rows FROM got;
  EXECUTE format('SELECT count(*) FROM (SELECT customer_id, id FROM walked customers_orders WHERE %s EXCEPT ALL TABLE got) x', clause) INTO missing;
  EXECUTE format('SELECT count(*) FROM (TABLE got EXCEPT ALL SELECT customer_id, id FROM walked customers_orders WHERE %s) x', clause) INTO surplus;
  DROP TABLE got;
END $$;
SELECT clause, d.rows > 0 AS some, d.missing, d.surplus FROM unnest(ARRAY['true', 'customer_id > (SELECT min(id) FROM few)', 'customer_id <> (SELECT max(id) FROM few)', 'customer_id::text LIKE ''%1%''', 'customer_id IS NOT NULL', 'customer_id IN (SELECT id FROM few)',
  'customer_id IS NULL', 'id % 2 = 0', 'EXISTS (SELECT FROM few WHERE few.id = customer_id AND tier = ''free'')']) WITH ORDINALITY c(clause, n), pg_temp.differences(clause) d ORDER BY n;
-- Few rows are wanted: the walk goes no further than it must.
SELECT rows, requests < 4 AS few_requests FROM pg_temp.ask('walkshop', 'SELECT * FROM shop.customers_orders LIMIT 1');
-- Twice: as the inner side of a join.
SELECT pg_temp.forget('walkshop') \g /dev/null
SET enable_material = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_memoize = off;
SELECT count(*) = 2 * (SELECT count(*) FROM walked) AS twice FROM (VALUES (1), (2)) v, shop.customers_orders;
RESET ALL;
-- A parent has a parent. What the API does not have for one row is no row.
CREATE FOREIGN TABLE shop.paid (order_id bigint OPTIONS (param 'order_id'), id bigint) SERVER shop OPTIONS (path '/orders/{order_id}/payments', rows_path '/payments', pagination 'none', parent 'customers_orders(id)');
ALTER FOREIGN TABLE shop.paid ALTER COLUMN id OPTIONS (json_path '/id');
SELECT pg_temp.forget('walkshop') \g /dev/null
SELECT count(*) > 0 AS some, count(DISTINCT order_id) <= (SELECT count(*) FROM walked) AS of_those, bool_and(order_id IN (SELECT id FROM walked)) AS and_no_others FROM shop.paid;
SELECT count(*) FILTER (WHERE r LIKE '%/payments') = (SELECT count(*) FROM walked) AS for_each, count(*) FILTER (WHERE r LIKE '%/customers/%') AS of_customers, count(*) FILTER (WHERE r LIKE '%/customers?%') AS customers FROM pg_temp.requests('walkshop') r;
-- A value that the query gives goes into the parent's own path, too.
CREATE FOREIGN TABLE shop.alike (customer_id bigint OPTIONS (param 'customer_id'), alike text OPTIONS (param 'status', key 'true'), id bigint OPTIONS (json_path '/id'), status text) SERVER shop OPTIONS (path '/customers/{customer_id}/orders', rows_path '/orders', pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor', more_path '/has_more', parent 'customers_orders(customer_id,status)');
CREATE TEMP TABLE two AS SELECT customer_id FROM walked GROUP BY 1 ORDER BY count(*), 1 LIMIT 2;
SELECT pg_temp.forget('walkshop') \g /dev/null
CREATE TEMP TABLE alike AS SELECT * FROM shop.alike WHERE customer_id = ANY (ARRAY(SELECT customer_id FROM two));
SELECT (SELECT count(DISTINCT regexp_replace(r, '\?.*', '')) FROM pg_temp.requests('walkshop') r) AS paths;
SELECT count(*) > 0 AS some, count(DISTINCT customer_id) AS customers, bool_and(customer_id IN (SELECT customer_id FROM two)) AS and_no_others FROM alike;
SELECT NOT EXISTS (SELECT customer_id, id FROM walked JOIN two USING (customer_id) EXCEPT SELECT customer_id, id FROM alike WHERE alike = status) AS no_less FROM (SELECT) x;
DROP FOREIGN TABLE shop.alike;
-- A bound of the column is none of its values.
ALTER FOREIGN TABLE shop.customers_orders ALTER COLUMN customer_id OPTIONS (SET json_path '/no_such_field', ADD param_from 'customer_min');
SELECT count(*) = (SELECT count(*) FROM walked WHERE customer_id >= (SELECT max(customer_id) FROM two)) AS from_it, count(*) > 0 AS some FROM shop.customers_orders WHERE customer_id >= (SELECT max(customer_id) FROM two);
SELECT count(*) > 0 AS some, bool_and(customer_id = (SELECT max(customer_id) FROM two)) AS shown FROM shop.customers_orders WHERE customer_id >= 1 AND customer_id = (SELECT max(customer_id) FROM two);
ALTER FOREIGN TABLE shop.customers_orders ALTER COLUMN customer_id OPTIONS (SET json_path '/customer_id', DROP param_from);
-- So does one that only the items of the parent show.
ALTER FOREIGN TABLE shop.few ADD COLUMN number bigint OPTIONS (json_path '/id');
ALTER FOREIGN TABLE shop.few ALTER COLUMN id OPTIONS (ADD key 'true');
ALTER FOREIGN TABLE shop.few OPTIONS (ADD item_path '/customers/{id}', ADD detail 'number');
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (SET parent 'few(number)');
SELECT pg_temp.forget('walkshop') \g /dev/null
CREATE TEMP TABLE detailed AS SELECT customer_id, id FROM shop.customers_orders;
SELECT (SELECT count(*) FROM (TABLE walked EXCEPT ALL TABLE detailed) x) AS missing, (SELECT count(*) FROM (TABLE detailed EXCEPT ALL TABLE walked) x) AS surplus;
SELECT count(*) FILTER (WHERE r ~ '/customers/\d+$') = (SELECT count(*) FROM few) AS items FROM pg_temp.requests('walkshop') r;
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (SET parent 'few(id)');
ALTER FOREIGN TABLE shop.few OPTIONS (DROP item_path, DROP detail);
ALTER FOREIGN TABLE shop.few DROP COLUMN number;
ALTER FOREIGN TABLE shop.few OPTIONS (SET path '/orders', SET rows_path '/orders', SET pagination 'none', ADD cursor_path '/no', DROP total_path, SET params 'limit=2');
-- An incomplete parent makes the table incomplete.
ALTER FOREIGN TABLE shop.few OPTIONS (ADD on_incomplete 'warn', ADD more_path '/has_more');
SELECT count(*) > 0 AS some FROM shop.customers_orders;
SELECT l FROM pg_temp.plan('SELECT count(*) FROM shop.customers_orders', 'ANALYZE') l WHERE l ~ 'Completeness';
ALTER FOREIGN TABLE shop.few OPTIONS (SET on_incomplete 'error');
SELECT pg_temp.error_of('SELECT count(*) FROM shop.customers_orders');
-- No more requests than the server allows, those of the parent included.
ALTER FOREIGN TABLE shop.few OPTIONS (SET path '/customers', SET params 'q=Chlo%C3%A9%20E', SET rows_path '/data', SET pagination 'page', DROP more_path, DROP cursor_path, ADD total_path '/meta/total');
ALTER SERVER shop OPTIONS (ADD max_requests '3');
SELECT pg_temp.error_of('SELECT count(*) FROM shop.customers_orders');
ALTER SERVER shop OPTIONS (DROP max_requests);
-- ANALYZE walks, too.
ANALYZE shop.customers_orders;
SELECT reltuples = (SELECT count(*) FROM walked) AS known FROM pg_class WHERE oid = 'shop.customers_orders'::regclass;

-- Whoever may not read the parent may not walk; a value is enough.
CREATE ROLE walker;
GRANT USAGE ON SCHEMA shop TO walker;
GRANT USAGE ON FOREIGN SERVER shop TO walker;
GRANT SELECT ON shop.customers_orders TO walker;
SET ROLE walker;
SELECT pg_temp.error_of('SELECT count(*) FROM shop.customers_orders');
RESET ROLE;
GRANT SELECT (id) ON shop.few TO walker;
SET ROLE walker;
SELECT pg_temp.error_of('SELECT count(*) FROM shop.customers_orders');
RESET ROLE;
DROP OWNED BY walker;
DROP ROLE walker;

-- An option that does not fit is an error where it is needed, and says what to do.
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (SET parent 'none_such(id)');
SELECT * FROM shop.customers_orders;
SELECT count(*) > 0 FROM shop.customers_orders WHERE customer_id = 7;
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (SET parent 'other.things(id)');
SELECT pg_temp.error_of('TABLE shop.customers_orders');
SELECT o, pg_temp.error_of(format('ALTER FOREIGN TABLE shop.customers_orders OPTIONS (SET parent %L)', o)) FROM unnest(ARRAY['few', 'few()', '(id)', 'few(id', '"few(id)', 'a.b.few(id)', 'few(id) x', '', 'few(a b)']) o;
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (SET parent 'shop."few" ( "id" )');
SELECT count(*) = (SELECT count(*) FROM walked) AS all_of_them FROM shop.customers_orders;
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (SET parent 'few(id, tier)');
SELECT pg_temp.error_of('TABLE shop.customers_orders');
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (SET parent 'few(no_such)');
SELECT pg_temp.error_of('TABLE shop.customers_orders');
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (SET parent 'customers_orders(id)');
SELECT pg_temp.error_of('TABLE shop.customers_orders');
SELECT pg_temp.disconnect();
