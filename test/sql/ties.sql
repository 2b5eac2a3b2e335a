-- Answers with several lists of one weight, and pages that only the first one speaks of.
\set ECHO none
\i test/sql/api.inc
SET client_min_messages = warning;
\set ECHO all
\set url :api/i/ti1/made/bare
CREATE SERVER ties FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off', retries '0');
CREATE SCHEMA ties;
SELECT pg_temp.forget('ti1');
IMPORT FOREIGN SCHEMA api FROM SERVER ties INTO ties OPTIONS (paths '/fleet');
-- One request is enough for all of them.
SELECT r FROM pg_temp.requests('ti1') r WHERE r ~ 'fleet|repeats' ORDER BY r;
SELECT foreign_table_name FROM information_schema.foreign_tables WHERE foreign_table_schema = 'ties' ORDER BY 1;
SELECT * FROM ties.fleet ORDER BY id;
SELECT * FROM ties.fleet__vans ORDER BY id;
SELECT name, path, importable, key_columns, evidence ->> 'tied_with' AS tied_with, evidence -> 'tied_rows_paths' AS tied_rows_paths FROM autoconn.endpoints WHERE server = 'ties' ORDER BY name;
-- Nothing has changed since.
SELECT relation, column_name, change FROM autoconn.refresh('ties');
SELECT count(*) FROM autoconn.refresh('ties', true);
SELECT relation, column_name, change FROM autoconn.refresh('ties');
-- By name.
CREATE SCHEMA part;
IMPORT FOREIGN SCHEMA api LIMIT TO (fleet__vans) FROM SERVER ties INTO part OPTIONS (paths '/fleet');
SELECT foreign_table_name FROM information_schema.foreign_tables WHERE foreign_table_schema = 'part' ORDER BY 1;
SELECT relation, column_name, change FROM autoconn.refresh('part');
IMPORT FOREIGN SCHEMA api LIMIT TO (fleet) FROM SERVER ties INTO part OPTIONS (paths '/fleet');
SELECT foreign_table_name FROM information_schema.foreign_tables WHERE foreign_table_schema = 'part' ORDER BY 1;
DROP SCHEMA part CASCADE;
CREATE SCHEMA part;
IMPORT FOREIGN SCHEMA api EXCEPT (fleet__vans) FROM SERVER ties INTO part OPTIONS (paths '/fleet');
SELECT foreign_table_name FROM information_schema.foreign_tables WHERE foreign_table_schema = 'part' ORDER BY 1;
SELECT pg_temp.error_of($$IMPORT FOREIGN SCHEMA api LIMIT TO (fleet__bikes) FROM SERVER ties INTO part OPTIONS (paths '/fleet')$$);
-- Before there is a server.
SELECT name, path, importable FROM autoconn.preview(:'url', '{"discover": "off"}', import => '{"paths": "/fleet"}') ORDER BY 1;
-- Numbers in the answer look like those of pages, but there are no others.
SELECT pg_temp.forget('ti1');
IMPORT FOREIGN SCHEMA api FROM SERVER ties INTO ties OPTIONS (paths '/repeats');
SELECT r FROM pg_temp.requests('ti1') r WHERE r ~ 'fleet|repeats' ORDER BY r;
SELECT name, pagination, evidence ->> 'pages' AS pages FROM autoconn.endpoints WHERE server = 'ties' AND path = '/repeats';
SELECT count(*) FROM ties.repeats;
SELECT r FROM pg_temp.requests('ti1') r WHERE r ~ 'fleet|repeats' ORDER BY r;
DROP SERVER ties CASCADE;
DROP SCHEMA ties, part CASCADE;
