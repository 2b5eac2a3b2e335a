-- Limits and breakers know an endpoint by the path of its table, whatever its variables' values look like.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
SELECT pg_temp.connect('shop', '/i/endpoints/shop/v1') \g /dev/null
RESET client_min_messages;
\set ECHO all
CREATE FOREIGN TABLE shop.named (name text OPTIONS (param 'name'), id bigint) SERVER shop OPTIONS (path '/customers/{name}/orders', rows_path '/data', item_path '/orders/{id}');
ALTER FOREIGN TABLE shop.named ALTER COLUMN id OPTIONS (json_path '/id', key 'true');
SELECT n, pg_temp.error_of(format('SELECT count(*) FROM shop.named WHERE name = %L', n)) FROM unnest('{anna,bert}'::text[]) n;
SELECT count(*) FROM shop.customers_orders WHERE customer_id IN (7, 8) AND id IS NULL;
SELECT count(*) FROM shop.orders WHERE id = 4711;
SELECT scope FROM autoconn.limits WHERE server = 'shop' AND scope ~ '^endpoint /(customers/.*/orders|orders/[^/]*$)' ORDER BY scope COLLATE "C";
SELECT pg_temp.disconnect() \g /dev/null
