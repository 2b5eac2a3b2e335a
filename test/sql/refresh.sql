-- What a new import would change.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
\i test/sql/ask.inc
\i test/sql/watch.inc
SET client_min_messages = warning;
\set ECHO all
SELECT pg_temp.watched('re1');
CREATE FUNCTION pg_temp.changes(apply boolean DEFAULT false) RETURNS TABLE (relation text, column_name text, change text, old_value text, new_value text, applied boolean)
LANGUAGE sql AS $$ SELECT relation, column_name, change, old_value, new_value, applied FROM autoconn.refresh('d', apply) ORDER BY 1, 3, 2 $$;
-- Plan, DDL, options read back: the same plan.  What it asks is the description, and here no samples.
SELECT pg_temp.forget('re1');
SELECT * FROM pg_temp.changes();
SELECT pg_temp.requests('re1');
-- The same where samples have their say.
CREATE SCHEMA sampled;
IMPORT FOREIGN SCHEMA api FROM SERVER d INTO sampled;
SELECT pg_temp.forget('re1');
SELECT * FROM autoconn.refresh('sampled');
SELECT * FROM pg_temp.requests('re1') r ORDER BY r;
SELECT count(*) FROM information_schema.foreign_tables WHERE foreign_table_schema = 'sampled';
-- A new column, a wider type, a column that is gone, a table more.
SELECT pg_temp.turn('re1', 'add_column=orders.color&retype=orders.total:string&remove_column=orders.note&add_endpoint=refunds');
SELECT * FROM pg_temp.changes();
SELECT statement FROM autoconn.refresh('d') WHERE change = 'new column';
-- Asking stores nothing and changes nothing.
SELECT count(*) FROM pg_attribute WHERE attrelid = 'd.orders'::regclass AND attname = 'color';
SELECT * FROM pg_temp.changes(true);
SELECT count(*) FROM pg_attribute WHERE attrelid = 'd.orders'::regclass AND attname = 'color';
SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'd.orders'::regclass AND attname = 'total';
SELECT col_description('d.refunds'::regclass, 1) IS NOT NULL AS commented, count(*) FROM d.refunds;
-- Once more there is nothing left.
SELECT * FROM pg_temp.changes(true);
-- Back again: a narrower type and a table that is gone are told, not carried out.
SELECT pg_temp.turn_back('re1');
SELECT * FROM pg_temp.changes(true);
-- What the owner changed stays: a renamed column is known by what it shows, a dropped one does not come back.
SELECT pg_temp.turn_back('re1');
SELECT pg_temp.watched('re1');
ALTER FOREIGN TABLE d.orders RENAME COLUMN status TO state;
ALTER FOREIGN TABLE d.orders DROP COLUMN note;
ALTER FOREIGN TABLE d.orders ALTER COLUMN total TYPE text;
ALTER FOREIGN TABLE d.orders OPTIONS (SET page_size '7');
ALTER FOREIGN TABLE d.customers RENAME TO clients;
DROP FOREIGN TABLE d.products;
SELECT * FROM pg_temp.changes();
-- A view keeps a type from changing; the rest is carried out.
SELECT pg_temp.watched('re1');
CREATE VIEW d.totals AS SELECT sum(total) FROM d.orders;
SELECT pg_temp.turn('re1', 'add_column=orders.color&retype=orders.total:string');
SELECT * FROM pg_temp.changes(true);
-- A table that is gone is told, never dropped.
SELECT pg_temp.turn_back('re1');
SELECT pg_temp.watched('re1');
SELECT pg_temp.turn('re1', 'remove_endpoint=products');
SELECT * FROM pg_temp.changes(true);
SELECT to_regclass('d.products');
SELECT pg_temp.turn_back('re1');
-- Options of the import are those of the last one.
DROP SCHEMA d CASCADE;
CREATE SCHEMA d;
IMPORT FOREIGN SCHEMA api LIMIT TO (orders) FROM SERVER d INTO d OPTIONS (sample 'off', raw 'true', nested 'flatten');
IMPORT FOREIGN SCHEMA api LIMIT TO (customers) FROM SERVER d INTO d OPTIONS (sample 'off');
SELECT * FROM pg_temp.changes();
-- Tables that were made by hand are taken as they are.
CREATE SCHEMA hand;
CREATE FOREIGN TABLE hand.mine (id bigint OPTIONS (json_path '/id'), sku text) SERVER d OPTIONS (path '/products', page_size '5');
SELECT relation, column_name, change, old_value, new_value FROM autoconn.refresh('hand') ORDER BY 3, 1, 2;
-- Rights: the function is nobody's, the server must be usable, the tables owned.
CREATE ROLE regress_refresher;
SET ROLE regress_refresher;
SELECT pg_temp.error_of($$SELECT * FROM autoconn.refresh('d')$$);
RESET ROLE;
GRANT EXECUTE ON FUNCTION autoconn.refresh(name, boolean) TO regress_refresher;
SET ROLE regress_refresher;
SELECT pg_temp.error_of($$SELECT * FROM autoconn.refresh('d')$$);
RESET ROLE;
GRANT USAGE ON FOREIGN SERVER d TO regress_refresher;
CREATE USER MAPPING FOR regress_refresher SERVER d OPTIONS (token 'bearer-S3CRET-5f1c');
SELECT pg_temp.turn('re1', 'add_column=orders.color');
SET ROLE regress_refresher;
SELECT relation, column_name, change, applied FROM autoconn.refresh('d') WHERE relation = 'orders';
SELECT pg_temp.error_of($$SELECT * FROM autoconn.refresh('d', true)$$);
RESET ROLE;
GRANT USAGE ON SCHEMA d TO regress_refresher;
SET ROLE regress_refresher;
SELECT pg_temp.error_of($$SELECT * FROM autoconn.refresh('d', true)$$);
RESET ROLE;
SELECT pg_temp.error_of($$SELECT * FROM autoconn.refresh('nowhere')$$);
SET client_min_messages = notice;
SELECT count(*) FROM autoconn.refresh('public');
SET client_min_messages = warning;
SELECT pg_temp.turn_back('re1');
-- Nothing is known of the server, as after a restore, and it is somebody else's: what would be kept of it is not.
CREATE SCHEMA refreshed AUTHORIZATION regress_refresher;
SELECT autoconn.forget('d');
SET ROLE regress_refresher;
CREATE FOREIGN TABLE refreshed.mine (id bigint OPTIONS (json_path '/id')) SERVER d OPTIONS (path '/products');
SELECT relation, column_name, change, applied FROM autoconn.refresh('refreshed', true) WHERE column_name = 'name';
RESET ROLE;
SELECT count(*) FROM autoconn.imported WHERE server = 'd';
REVOKE EXECUTE ON FUNCTION autoconn.refresh(name, boolean) FROM regress_refresher;
-- What an import proved stays proved where a later one is let ask for less, until the description says otherwise.
SELECT :'api' || '/d/re2/v1' AS url \gset
CREATE SERVER k FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', retries '0');
CREATE SCHEMA k1;
CREATE SCHEMA k2;
IMPORT FOREIGN SCHEMA api FROM SERVER k INTO k1;
CREATE FUNCTION pg_temp.proved() RETURNS TABLE (name text, item text, pages text, key_columns text[], cursor_param text) LANGUAGE sql AS $$
  SELECT name, evidence ->> 'item', evidence ->> 'pages', key_columns, cursor_param FROM autoconn.endpoints WHERE server = 'k' AND importable ORDER BY name $$;
SELECT * FROM pg_temp.proved();
SELECT pg_temp.turn('re2', 'retype=orders.total:string&reorder=1');
SELECT autoconn.discover('k');
SELECT * FROM pg_temp.proved();
SELECT pg_temp.turn_back('re2');
SELECT relation, change FROM autoconn.refresh('k1', true);
SELECT * FROM pg_temp.proved();
-- An empty list refutes nothing.
SELECT pg_temp.turn('re2', 'empty=orders');
SELECT relation, change FROM autoconn.refresh('k1', true);
SELECT * FROM pg_temp.proved();
SELECT pg_temp.turn_back('re2');
SELECT pg_temp.turn('re2', 'rate_limit=4');
SELECT pg_temp.forget('re2');
IMPORT FOREIGN SCHEMA api FROM SERVER k INTO k2;
SELECT r FROM pg_temp.requests('re2') r ORDER BY r;
SELECT * FROM pg_temp.proved();
-- A discovery that gets no answers takes nothing away.
SELECT autoconn.discover('k');
SELECT * FROM pg_temp.proved();
SELECT pg_temp.turn_back('re2');
DROP SCHEMA k1, k2 CASCADE;
DROP SERVER k CASCADE;
-- What imports made is known of the schema, whatever it is called, and goes with it.
SELECT autoconn.discover('d');
CREATE SCHEMA before;
IMPORT FOREIGN SCHEMA api LIMIT TO (orders) FROM SERVER d INTO before OPTIONS (sample 'off');
ALTER FOREIGN TABLE before.orders OPTIONS (SET page_size '7');
SELECT relation, change FROM autoconn.refresh('before') WHERE relation = 'orders';
ALTER SCHEMA before RENAME TO after;
SELECT relation, change FROM autoconn.refresh('after') WHERE relation = 'orders';
SELECT schema_name, table_name FROM autoconn.imported WHERE server = 'd';
CREATE SCHEMA before;
CREATE FOREIGN TABLE before.mine (id bigint OPTIONS (json_path '/id')) SERVER d OPTIONS (path '/orders', page_size '7');
SELECT relation, change, old_value FROM autoconn.refresh('before') WHERE relation = 'mine' AND change = 'table option';
DROP SCHEMA after, before CASCADE;
SELECT count(*) FROM autoconn.imported WHERE server = 'd';
DROP SERVER d CASCADE;
DROP SCHEMA d, sampled, hand, refreshed CASCADE;
DROP ROLE regress_refresher;
