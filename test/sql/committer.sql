-- What a planner, an executor and a server in use ask of a wrapper.
\set ECHO none
\i test/sql/api.inc
SET client_min_messages = warning;
CREATE SCHEMA committer;
\set url :api/i/committer/shop/v1
CREATE SERVER committer FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off');
SET search_path = committer;
CREATE FOREIGN TABLE orders (id bigint OPTIONS (json_path '/id', key 'true'), customer_id bigint OPTIONS (json_path '/customer_id', param 'customer_id'),
  asked text OPTIONS (param 'status'), status text OPTIONS (json_path '/status'))
  SERVER committer OPTIONS (path '/orders', item_path '/orders/{order_id}', rows_path '/orders', pagination 'cursor', page_size_param 'limit', page_size '200',
    cursor_param 'cursor', cursor_path '/next_cursor', estimated_rows '10000');
CREATE FOREIGN TABLE small (id smallint OPTIONS (json_path '/id', key 'true'), status varchar(4) OPTIONS (json_path '/status', param 'status'))
  SERVER committer OPTIONS (path '/orders', item_path '/orders/{order_id}', rows_path '/orders', pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor');
CREATE TABLE who (customer bigint);
INSERT INTO who VALUES (7), (396);
CREATE TABLE what (wanted text);
INSERT INTO what VALUES ('shipped'), ('delivered');
ANALYZE who, what;
\set ECHO all

-- A column that shows what was sent, joined to one table, and a look-up by another: no plan may leave the first to a join above the scan.
SELECT count(*), count(asked), bool_and(asked = status) FROM orders o JOIN who ON o.customer_id = who.customer JOIN what ON o.asked = what.wanted;
SELECT count(*) FROM orders o JOIN who ON o.customer_id = who.customer WHERE status IN (SELECT wanted FROM what);
SELECT pg_temp.error_of('SELECT * FROM orders o JOIN who ON o.customer_id = who.customer LEFT JOIN what ON o.asked = what.wanted');

-- Values that the column's type does not have equal none of its values.
SELECT pg_temp.forget('committer') \g /dev/null
SELECT * FROM small WHERE id = 99999999;
SELECT * FROM small WHERE id = -9223372036854775808;
SELECT * FROM small WHERE status = 'delivered'::text;
SELECT g, id FROM unnest('{4711, 5000000000}'::bigint[]) g LEFT JOIN LATERAL (SELECT o.id FROM orders o WHERE o.id = g::int8) o ON true ORDER BY 1;
SELECT * FROM pg_temp.requests('committer');

-- Nor do the session's settings change what is sent.
CREATE FOREIGN TABLE settings (id bigint OPTIONS (json_path '/id'), f float8 OPTIONS (param 'q'), t timestamptz OPTIONS (param 'created_after'))
  SERVER committer OPTIONS (path '/orders', rows_path '/orders', pagination 'none', on_incomplete 'warn');
SET extra_float_digits = -3;
SET datestyle = 'German';
SET timezone = 'Asia/Kolkata';
SELECT * FROM settings WHERE f = 0.1234567890123456 AND t = '2024-01-02 00:00:00.5';
SELECT * FROM pg_temp.requests('committer');
RESET extra_float_digits;
RESET datestyle;
RESET timezone;
-- Nor are tables analyzed that have no rows without a value.
CREATE FOREIGN TABLE search (q text OPTIONS (param 'q', key 'true'), name text OPTIONS (json_path '/name'))
  SERVER committer OPTIONS (path '/search', rows_path '/hits', pagination 'none');
SET client_min_messages = warning;
ANALYZE search;
RESET client_min_messages;
SELECT * FROM pg_temp.requests('committer');

-- Discovery stores what it learns: where that cannot be, nothing is asked.
BEGIN READ ONLY;
SELECT autoconn.discover('committer');
ROLLBACK;
SELECT * FROM pg_temp.requests('committer');

-- Scans outlive subtransactions that fail, and cursors the transaction.
BEGIN;
DECLARE c CURSOR WITH HOLD FOR SELECT id FROM orders LIMIT 401;
FETCH 1 FROM c;
SAVEPOINT a;
SELECT 1 / 0;
ROLLBACK TO a;
MOVE 199 IN c;
FETCH 1 FROM c;
COMMIT;
MOVE ALL IN c;
CLOSE c;

-- Rows for update, whole rows, system columns, dropped columns.
SELECT o FROM orders o WHERE id = 4711 FOR UPDATE;
SELECT tableoid::regclass, id FROM orders WHERE id = 4711;
ALTER FOREIGN TABLE orders DROP COLUMN customer_id;
SELECT o FROM orders o WHERE id = 4711;

-- What discovery learned of the base URL stays with the server's tables, whoever owns it and whether an event trigger saw that or not.
\set url :api/i/committer/shop/v1/openapi.json
CREATE ROLE regress_committer_1 SUPERUSER;
CREATE ROLE regress_committer_2 SUPERUSER;
CREATE SCHEMA based;
SET ROLE regress_committer_1;
SET client_min_messages = warning;
CREATE SERVER based FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
IMPORT FOREIGN SCHEMA api LIMIT TO (orders) FROM SERVER based INTO based OPTIONS (sample 'off');
RESET ROLE;
RESET client_min_messages;
SELECT pg_temp.forget('committer') \g /dev/null
SELECT count(*) FROM (SELECT FROM based.orders LIMIT 1) o;
REASSIGN OWNED BY regress_committer_1 TO regress_committer_2;
SELECT count(*) FROM (SELECT FROM based.orders LIMIT 1) o;
SET session_replication_role = replica;
ALTER SERVER based RENAME TO renamed;
RESET session_replication_role;
SELECT count(*) FROM (SELECT FROM based.orders LIMIT 1) o;
SELECT DISTINCT * FROM pg_temp.requests('committer');

\set ECHO none
SET client_min_messages = warning;
DROP SERVER renamed CASCADE;
DROP SCHEMA based CASCADE;
DROP OWNED BY regress_committer_1, regress_committer_2;
DROP ROLE regress_committer_1, regress_committer_2;
DROP SERVER committer CASCADE;
DROP SCHEMA committer CASCADE;
