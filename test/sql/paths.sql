-- What the import option "paths" names, and what is kept of it.
\set ECHO none
\i test/sql/api.inc
SET client_min_messages = warning;
\set ECHO all
CREATE FUNCTION pg_temp.tables(schema name) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(foreign_table_name, ' ' ORDER BY foreign_table_name) FROM information_schema.foreign_tables WHERE foreign_table_schema = schema $$;
-- A server that is not to be asked what it offers is asked for the paths alone: at import, by scans, by refresh, by preview.
\set url :api/i/pa1/made/bare
CREATE SERVER quiet FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off', retries '0');
CREATE SCHEMA quiet;
IMPORT FOREIGN SCHEMA api FROM SERVER quiet INTO quiet OPTIONS (paths '/users, /users/{id}');
SELECT * FROM pg_temp.requests('pa1') r ORDER BY r;
SELECT count(*) FROM quiet.users;
SELECT * FROM autoconn.refresh('quiet');
SELECT count(*) FROM autoconn.preview(:'url', '{"discover": "off"}', import => '{"paths": "/users"}');
SELECT r FROM pg_temp.requests('pa1') r WHERE r !~ '/users';
SELECT status, endpoints, importable FROM autoconn.servers WHERE server = 'quiet';
SELECT name, path, item_path, key_columns, evidence ->> 'item' AS item FROM autoconn.endpoints WHERE server = 'quiet' ORDER BY path;
-- Other paths are put beside them, and take nothing from them.
CREATE SCHEMA more;
IMPORT FOREIGN SCHEMA api FROM SERVER quiet INTO more OPTIONS (paths '/fleet, /empty');
SELECT name, path, item_path, skip_reason, evidence ->> 'item' AS item FROM autoconn.endpoints WHERE server = 'quiet' ORDER BY path, name;
-- Named again without a sample, they keep what was proved.
CREATE SCHEMA again;
SET client_min_messages = notice;
IMPORT FOREIGN SCHEMA api FROM SERVER quiet INTO again OPTIONS (paths '/users, /users/{id}', sample 'off');
SET client_min_messages = warning;
SELECT name, path, item_path, key_columns, importable, evidence ->> 'item' AS item FROM autoconn.endpoints WHERE server = 'quiet' ORDER BY path, name;
DROP SCHEMA again, more CASCADE;
-- Several queries to one path are several tables.
CREATE SCHEMA asked;
IMPORT FOREIGN SCHEMA api FROM SERVER quiet INTO asked OPTIONS (paths '/search?q=user%201, /search?q=user%202&by=name, /users?by=name, /users/{id}');
SELECT pg_temp.tables('asked');
SELECT name, path, query, item_path FROM autoconn.endpoints WHERE server = 'quiet' AND name ~ 'search|users' ORDER BY name, query;
SELECT 'one' AS of, id FROM asked.search_q_user_1 UNION ALL SELECT 'two', id FROM asked.search_q_user_2_by_name ORDER BY 1, 2;
-- A look-up by key may show rows that the query leaves out: it is not used.
SELECT pg_temp.forget('pa1');
SELECT name FROM asked.users WHERE id = 7;
SELECT r FROM pg_temp.requests('pa1') r ORDER BY r;
SELECT * FROM autoconn.refresh('asked');
SELECT relation, change, new_value FROM autoconn.refresh('asked', true);
DROP SCHEMA asked CASCADE;
-- An identifier in a path is not the name of the table.
CREATE SCHEMA one;
IMPORT FOREIGN SCHEMA api FROM SERVER quiet INTO one OPTIONS (paths '/users/1, /users/2, /users/5/posts');
SELECT pg_temp.tables('one');
SELECT * FROM one.users_2;
DROP SCHEMA one CASCADE;
-- Values for variables of which no table shows any: for the samples alone.
SELECT pg_temp.forget('pa1');
CREATE SCHEMA valued;
IMPORT FOREIGN SCHEMA api FROM SERVER quiet INTO valued OPTIONS (paths '/users/{user=2}/posts, /users/{who=11}');
SELECT r FROM pg_temp.requests('pa1') r ORDER BY r;
\d valued.posts
SELECT name, path, evidence ->> 'sample' AS sample FROM autoconn.endpoints WHERE server = 'quiet' AND path ~ 'user=|user}|who' ORDER BY path;
SELECT title FROM valued.posts WHERE "user" = '4' ORDER BY 1;
SELECT pg_temp.error_of('SELECT * FROM valued.posts');
SELECT * FROM autoconn.refresh('valued');
SELECT pg_temp.error_of($$IMPORT FOREIGN SCHEMA api FROM SERVER quiet INTO valued OPTIONS (paths '/users/{user=}/posts')$$);
DROP SCHEMA valued CASCADE;
-- Rows that link to their items tell the item path, and one of them proves it.
CREATE SCHEMA linked;
SELECT pg_temp.forget('pa1');
IMPORT FOREIGN SCHEMA api FROM SERVER quiet INTO linked OPTIONS (paths '/places, /halls, /wrongs, /users');
SELECT r FROM pg_temp.requests('pa1') r WHERE r ~ 'places|halls|wrongs' ORDER BY r COLLATE "C";
SELECT name, item_path, key_columns, evidence ->> 'item_path' AS told, evidence ->> 'item' AS item FROM autoconn.endpoints WHERE server = 'quiet' AND path IN ('/places', '/halls', '/wrongs') ORDER BY name;
SELECT title, url ~ 'p-11/$' AS linked FROM linked.places WHERE slug = 'p-11';
SELECT seats FROM linked.halls WHERE code = 'p-12';
SELECT title FROM linked.wrongs WHERE slug = 'p-2';
SELECT r FROM pg_temp.requests('pa1') r;
SELECT * FROM autoconn.refresh('linked');
DROP SCHEMA linked CASCADE;
-- EXCEPT leaves out the very name, LIMIT TO gives the very name.
CREATE SCHEMA part;
IMPORT FOREIGN SCHEMA api EXCEPT (fleet) FROM SERVER quiet INTO part OPTIONS (paths '/fleet');
SELECT pg_temp.tables('part');
DROP SCHEMA part CASCADE;
CREATE SCHEMA part;
IMPORT FOREIGN SCHEMA api LIMIT TO (fleet) FROM SERVER quiet INTO part OPTIONS (paths '/fleet, /users', nested 'tables');
SELECT pg_temp.tables('part');
DROP SCHEMA part CASCADE;
\set url :api/i/pa2/made/nest
CREATE SERVER nest FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', retries '0');
CREATE SCHEMA part;
IMPORT FOREIGN SCHEMA api EXCEPT (blob, issues, old, orders, reports) FROM SERVER nest INTO part OPTIONS (nested 'tables');
SELECT pg_temp.tables('part');
DROP SCHEMA part CASCADE;
CREATE SCHEMA part;
IMPORT FOREIGN SCHEMA api LIMIT TO (blob) FROM SERVER nest INTO part OPTIONS (nested 'tables');
SELECT pg_temp.tables('part');
IMPORT FOREIGN SCHEMA api LIMIT TO (orders) FROM SERVER nest INTO part OPTIONS (nested 'tables');
SELECT pg_temp.tables('part');
DROP SCHEMA part CASCADE;
-- A query to a path that is described is another table of what is described.
CREATE SCHEMA part;
IMPORT FOREIGN SCHEMA api FROM SERVER nest INTO part OPTIONS (paths '/v1/issues?state=closed, /v1/orders');
SELECT pg_temp.tables('part');
SELECT * FROM part.issues ORDER BY id;
SELECT * FROM part.issues_state_closed ORDER BY id;
SELECT count(*) FROM part.issues_state_closed WHERE state = 'open';
-- A rediscovery keeps what was proved of what is described as before, and what was named.
CREATE FUNCTION pg_temp.known(server name) RETURNS TABLE (name text, query text, item text, sample text, edges bigint) LANGUAGE sql AS $$
  SELECT e.name, e.query, evidence ->> 'item', evidence ->> 'sample', (SELECT count(*) FROM autoconn.relationships r WHERE r.server = e.server AND r.child = e.name)
  FROM autoconn.endpoints e WHERE e.server = $1 AND importable ORDER BY e.name $$;
SELECT * FROM pg_temp.known('nest');
SELECT autoconn.discover('nest');
SELECT * FROM pg_temp.known('nest');
-- Somewhere else the same paths are others.
SELECT :'api' || '/i/pa2/made/nest/v1' AS base \gset
ALTER SERVER nest OPTIONS (ADD base_url :'base');
SELECT autoconn.discover('nest');
SELECT * FROM pg_temp.known('nest');
DROP SCHEMA part CASCADE;
-- Edges stay with the tables that they are between.
\set url :api/i/pa3/made/bare
CREATE SERVER edges FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off', retries '0');
CREATE SCHEMA edges;
IMPORT FOREIGN SCHEMA api FROM SERVER edges INTO edges OPTIONS (paths '/users, /users/{id}, /users/{user_id}/posts');
SELECT child, child_columns, parent, parent_columns FROM autoconn.relationships WHERE server = 'edges';
CREATE SCHEMA part;
IMPORT FOREIGN SCHEMA api FROM SERVER edges INTO part OPTIONS (paths '/fleet');
SELECT child, child_columns, parent, parent_columns FROM autoconn.relationships WHERE server = 'edges';
-- A value below which there is nothing refutes nothing; what nobody knows is told.
IMPORT FOREIGN SCHEMA api FROM SERVER edges INTO part OPTIONS (paths '/users/{user_id=99}/posts, /nothing');
SELECT name, path, skip_reason FROM autoconn.endpoints WHERE server = 'edges' AND path ~ 'posts|nothing' ORDER BY path;
SELECT count(*) FROM autoconn.relationships WHERE server = 'edges';
-- Who only uses the server imports what he likes, and changes nothing of what the others know.
CREATE ROLE regress_guest;
GRANT USAGE ON FOREIGN SERVER quiet, nest, edges TO regress_guest;
CREATE SCHEMA guest AUTHORIZATION regress_guest;
CREATE TABLE pg_temp.before AS SELECT * FROM autoconn.endpoint;
CREATE TABLE pg_temp.edges AS SELECT * FROM autoconn.relationship;
SET client_min_messages = notice;
SET ROLE regress_guest;
IMPORT FOREIGN SCHEMA api FROM SERVER quiet INTO guest OPTIONS (paths '/users?by=guest, /fleet, /page, /empty');
IMPORT FOREIGN SCHEMA api LIMIT TO (orders) FROM SERVER nest INTO guest;
SELECT foreign_table_name FROM information_schema.foreign_tables WHERE foreign_table_schema = 'guest' ORDER BY 1;
SELECT count(*) FROM guest.users;
RESET ROLE;
SET client_min_messages = warning;
GRANT EXECUTE ON FUNCTION autoconn.refresh(name, boolean) TO regress_guest;
SET ROLE regress_guest;
SELECT relation, change, applied FROM autoconn.refresh('guest', true);
RESET ROLE;
REVOKE EXECUTE ON FUNCTION autoconn.refresh(name, boolean) FROM regress_guest;
SELECT count(*) FROM pg_temp.before b FULL JOIN autoconn.endpoint e ON e = b::text::autoconn.endpoint WHERE b IS NULL OR e IS NULL;
SELECT count(*) FROM (TABLE pg_temp.edges EXCEPT TABLE autoconn.relationship) d;
-- Nor does he make a server one that does not answer.
\set url :api/i/pa4/made/bare
SET client_min_messages = error;
CREATE SERVER barely FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', retries '0');
SET client_min_messages = warning;
IMPORT FOREIGN SCHEMA api LIMIT TO (search) FROM SERVER barely INTO part OPTIONS (paths '/search?q=user');
GRANT USAGE ON FOREIGN SERVER barely TO regress_guest;
SET ROLE regress_guest;
IMPORT FOREIGN SCHEMA api LIMIT TO (repeats) FROM SERVER barely INTO guest OPTIONS (paths '/repeats');
RESET ROLE;
SELECT name, path, importable FROM autoconn.endpoints WHERE server = 'barely';
DROP SCHEMA quiet, part, edges, guest CASCADE;
DROP SERVER quiet CASCADE;
DROP SERVER nest CASCADE;
DROP SERVER edges CASCADE;
DROP SERVER barely CASCADE;
DROP ROLE regress_guest;
