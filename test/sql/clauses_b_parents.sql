-- Parents whose rows the API does not have: none for them, and they are counted.
\set ECHO none
\i test/sql/api.inc
\set ECHO all
SET client_min_messages = warning;
SELECT current_setting('test.api') || '/i/parents/shop/v1' AS url \gset
CREATE SERVER parents FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off');
CREATE FOREIGN TABLE customers (id bigint OPTIONS (key 'true')) SERVER parents OPTIONS (path '/customers', rows_path '/data', pagination 'none');
CREATE FOREIGN TABLE orders (customer_id bigint OPTIONS (param 'customer_id'), id bigint OPTIONS (key 'true')) SERVER parents
  OPTIONS (path '/customers/{customer_id}/orders', rows_path '/orders', pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor', more_path '/has_more', parent 'customers(id)');
SELECT customer_id, count(*) FROM orders WHERE customer_id IN (7, 5000, 8, 6000) GROUP BY 1 ORDER BY 1;
SELECT l FROM pg_temp.plan('SELECT * FROM orders WHERE customer_id IN (7, 5000, 8, 6000)', 'ANALYZE') l WHERE l ~ 'Requests|Parents|Completeness';
SELECT l FROM pg_temp.plan('SELECT * FROM orders WHERE customer_id IN (7, 8)', 'ANALYZE') l WHERE l ~ 'Requests|Parents|Completeness';
SELECT count(*) FROM pg_temp.requests('parents');
DROP SERVER parents CASCADE;
