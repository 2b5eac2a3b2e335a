-- Rows in rows, versions of one resource, defaults that hide rows.
\set ECHO none
\i test/sql/api.inc
SET client_min_messages = warning;
\set ECHO all
\set url :api/i/ne1/made/nest
CREATE SERVER nest FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
CREATE SCHEMA nest;
SELECT pg_temp.forget('ne1');
SET client_min_messages = notice;
IMPORT FOREIGN SCHEMA api FROM SERVER nest INTO nest OPTIONS (nested 'tables');
SET client_min_messages = warning;
-- One request for each path, whatever tables are made of it.
SELECT * FROM pg_temp.requests('ne1') r ORDER BY r;
SELECT foreign_table_name FROM information_schema.foreign_tables WHERE foreign_table_schema = 'nest' ORDER BY 1;
\d nest.orders
\d nest.orders__items
\d nest.orders__parcels
\d nest.blob__parts
SELECT name, path, skip_reason, jsonb_strip_nulls(jsonb_build_object('deprecated', evidence -> 'deprecated', 'sunset', evidence -> 'sunset', 'superseded_by', evidence -> 'superseded_by', 'other_versions', evidence -> 'other_versions', 'hidden', evidence -> 'defaults_that_hide_rows')) AS evidence FROM autoconn.endpoints WHERE server = 'nest' AND (skip_reason IS NOT NULL OR path ~ 'reports|issues|old') ORDER BY path;
SELECT child, child_columns, parent, parent_columns FROM autoconn.relationships WHERE server = 'nest' ORDER BY child;
SELECT obj_description('nest.old'::regclass), obj_description('nest.orders'::regclass);
-- The rows.
SELECT * FROM nest.orders__items ORDER BY order_id, ordinal;
SELECT pg_temp.requests('ne1');
SELECT o.id, o.customer, sum(i.quantity) FROM nest.orders o JOIN nest.orders__items i ON i.order_id = o.id GROUP BY 1, 2 ORDER BY 1;
SELECT * FROM nest.orders__parcels ORDER BY order_id;
SELECT * FROM nest.blob__parts ORDER BY 1, 2;
SELECT pg_temp.forget('ne1');
-- A default that hides rows, without a value for all: the rows of each value, none twice.
CREATE SCHEMA hidden;
IMPORT FOREIGN SCHEMA api LIMIT TO (issues) FROM SERVER nest INTO hidden OPTIONS (sample 'off');
\d hidden.issues
SELECT requests FROM pg_temp.requests('ne1') ORDER BY 1;
SELECT * FROM hidden.issues ORDER BY id;
SELECT requests FROM pg_temp.requests('ne1') ORDER BY 1;
SELECT pg_temp.plan('SELECT * FROM hidden.issues', 'VERBOSE, ANALYZE');
SELECT * FROM hidden.issues WHERE state = 'closed';
SELECT count(*) FROM hidden.issues LIMIT 1;
SELECT requests FROM pg_temp.requests('ne1') ORDER BY 1;
SELECT i.id FROM (VALUES (1), (2), (3)) v(n) LEFT JOIN hidden.issues i ON i.id = v.n ORDER BY 1;
-- An API that adds rows instead of choosing them.
ALTER FOREIGN TABLE hidden.issues OPTIONS (SET path '/v1/adding');
SELECT * FROM hidden.issues ORDER BY id;
-- Rows that show no value come once, whatever values they came with.
ALTER FOREIGN TABLE hidden.issues OPTIONS (SET path '/v1/mixing');
SELECT * FROM hidden.issues ORDER BY id;
SELECT count(*) FROM hidden.issues;
SELECT v.n, i.id FROM (VALUES (1), (2)) v(n), LATERAL (SELECT * FROM hidden.issues OFFSET v.n - v.n) i WHERE i.id > 2 ORDER BY 1, 2;
SELECT pg_temp.error_of(format('ALTER FOREIGN TABLE hidden.issues OPTIONS (SET params_union %L)', v)) FROM unnest('{state,state=,=a|b,state=a,state=a||b,"state=a b|c",state=a|b|%61,state=1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17}'::text[]) v;
-- Without the column that tells the rows apart a part of them would pass for all.
ALTER FOREIGN TABLE hidden.issues DROP COLUMN state;
SELECT pg_temp.error_of('SELECT * FROM hidden.issues');
ALTER FOREIGN TABLE hidden.issues ADD COLUMN state text OPTIONS (param 'state');
SELECT pg_temp.error_of('SELECT * FROM hidden.issues');
SELECT pg_temp.error_of($$SELECT * FROM hidden.issues WHERE state = 'open'$$);
DROP SCHEMA hidden CASCADE;
SELECT pg_temp.forget('ne1');
-- Without asking for it, arrays stay what they are.
CREATE SCHEMA plain;
IMPORT FOREIGN SCHEMA api LIMIT TO (orders) FROM SERVER nest INTO plain OPTIONS (sample 'off');
SELECT items FROM plain.orders WHERE id = 2;
-- A nested table alone.
IMPORT FOREIGN SCHEMA api LIMIT TO (orders__items) FROM SERVER nest INTO plain OPTIONS (nested 'tables');
SELECT count(*), sum(quantity) FROM plain.orders__items;
DROP SCHEMA nest, plain CASCADE;
DROP SERVER nest CASCADE;
