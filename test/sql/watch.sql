-- What an API changes is noticed once, named, healed and noticed again.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
\i test/sql/watch.inc
\set ECHO all
\pset footer off
SET test.session = 'w';
-- What the description says: told by the first poll.
SELECT s AS description, r.* FROM unnest('{add_column=orders.color,remove_column=orders.note,retype=orders.total:string,retype=orders.total:integer,retype=orders.total:object,retype=orders.total:array,retype=orders.created_at:epoch,retype=orders.created_at:date,retype=orders.id:uuid,nullable=orders.status,enum=orders.status:+lost,enum=orders.status:-paid,add_endpoint=refunds,remove_endpoint=products,add_param=orders.region,require_param=orders.region,remove_param=orders.status,default=orders.status:paid,max_size=orders:10,deprecate=orders,deprecate=orders.note,deprecate=orders?status,sunset=orders:120,sunset=orders:60,sunset=orders:7,auth=basic,base=/v2,reorder=1}'::text[]) s,
  pg_temp.cycle(pg_temp.new_session(), s || '&where=spec', 1) r;
-- What rows show, whatever the description says: told by the second poll.
SELECT s AS rows, r.* FROM unnest('{add_column=orders.color,remove_column=orders.note,retype=orders.total:string,retype=orders.total:object,retype=orders.total:array,retype=customers.id:uuid,retype=orders.customer_id:number,retype=products.in_stock:string,retype=orders.created_at:epoch,nullable=orders.status,shuffle=1,grow=orders:5,empty=orders}'::text[]) s,
  pg_temp.cycle(pg_temp.new_session(), s || '&where=payload', 3) r;
-- What answers show: what is certain by the first poll, what may pass by the third.
SELECT s AS answers, r.* FROM unnest('{expire=1,scope=orders,auth=basic&where=payload,move=orders:/v1/purchases&where=payload,move=orders:/v1/purchases&where=payload&code=308,move=orders:/v1/purchases&where=payload&code=302,move=orders:/v1/purchases&where=payload&code=308&to=other,remove_endpoint=products&where=payload,remove_endpoint=products&where=payload&code=410,remove_endpoint=products&where=payload&code=405,deprecate=orders&where=payload,deprecate=orders&where=payload&form=true,deprecate=orders&where=payload&form=date&successor=/v2/orders,sunset=orders:120&where=payload,sunset=orders:7&where=payload,html=orders,error200=orders,content_type=orders:text/plain,content_type=orders:application/vnd.shop%2Bjson,throttle=orders,status=orders:500&fail=1,status=*:503,down=1,spec_status=503}'::text[]) s,
  pg_temp.cycle(pg_temp.new_session(), s, 4) r;
SELECT s AS answers, r.* FROM unnest('{status=orders:500,status=orders:500&fail=5}'::text[]) s, pg_temp.cycle(pg_temp.new_session(), s, 7) r;
SELECT before, s AS answers, r.* FROM (VALUES ('rate_limit=1000', 'rate_limit=100'), ('rate_limit=1000&form=ietf', 'rate_limit=100&form=ietf'), ('rate_limit=100', 'rate_limit=1000')) t (before, s),
  pg_temp.cycle(pg_temp.new_session(), s, 4, before) r;

-- A poll asks for the description on a condition, and for one small page of each table.
SELECT pg_temp.watched('w904');
SELECT pg_temp.told(1);
SELECT pg_temp.forget('w904');
SELECT pg_temp.told(1);
SELECT r FROM pg_temp.api('/_log/w904?format=brief&status=1') r ORDER BY r COLLATE "C";
-- Quiet: a hundred polls over rows that grow, members and descriptions in another order, failures now and then.
SELECT pg_temp.turn('w904', 'shuffle=1&reorder=1');
SELECT pg_temp.turn('w904', 'status=*:500&flap=0.2&seed=11');
SELECT count(pg_temp.turn('w904', 'grow=orders:' || n)), string_agg(t.told, ', ') AS told FROM generate_series(1, 20) n, LATERAL (SELECT pg_temp.told(5 + 0 * n) AS told) t;
SELECT kind, severity, count(*) FROM autoconn.alerts WHERE severity <> 'info' GROUP BY 1, 2;
-- Of a path that nothing describes, each table is told of its own rows, once: another name, a query, rows in rows.
SET client_min_messages = warning;
DROP SERVER d CASCADE;
SELECT format('%s/d/w905/v1', current_setting('test.api')) AS url \gset
CREATE SERVER d FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off', retries '0');
CREATE USER MAPPING FOR CURRENT_USER SERVER d OPTIONS (token 'bearer-S3CRET-5f1c');
IMPORT FOREIGN SCHEMA api FROM SERVER d INTO d OPTIONS (paths '/orders, /orders?status=paid');
CREATE FOREIGN TABLE d.bills (id bigint, status text) SERVER d OPTIONS (path '/orders', rows_path '/orders');
CREATE FOREIGN TABLE d.parts (sku text) SERVER d OPTIONS (path '/orders', rows_path '/orders', nested_path '/parts');
SELECT ftrelid::regclass AS watched FROM pg_foreign_table WHERE ftrelid::regclass::text LIKE 'd.%' ORDER BY ftrelid::regclass::text COLLATE "C";
SELECT pg_temp.told(2);
SELECT pg_temp.turn('w905', 'add_column=orders.color&where=payload');
SELECT relation, kind, fix FROM autoconn.check('d') WHERE relation IS NOT NULL ORDER BY relation COLLATE "C", summary;
SELECT pg_temp.told(2);
SET client_min_messages = warning;
DROP SERVER d CASCADE;
DROP SCHEMA d CASCADE;
