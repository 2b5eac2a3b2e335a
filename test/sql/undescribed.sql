-- APIs, and answers, that nothing describes.
\set ECHO none
\i test/sql/api.inc
SET client_min_messages = notice;
\set ECHO all
-- Nothing at all: paths are named at import.
\set url :api/i/u1/made/bare
SET client_min_messages = error;
CREATE SERVER bare FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', retries '0');
SET client_min_messages = notice;
SELECT status FROM autoconn.servers WHERE server = 'bare';
CREATE SCHEMA bare;
IMPORT FOREIGN SCHEMA api FROM SERVER bare INTO bare;
SELECT path FROM autoconn.preview(:'url');
SELECT pg_temp.forget('u1');
IMPORT FOREIGN SCHEMA api FROM SERVER bare INTO bare OPTIONS (paths '/users, /users/{id}, /users/{user_id}/posts, /search?q=user%201, /empty, /page, /gone, /logout');
SELECT r FROM pg_temp.requests('u1') r WHERE r !~ '(json|ya?ml|openapi|swagger|docs|schema|graphql|metadata|spec|redoc|well-known)' ORDER BY r;
SELECT foreign_table_name FROM information_schema.foreign_tables WHERE foreign_table_schema = 'bare' ORDER BY 1;
\d bare.users
\d bare.search
-- The variable is of the type of the parent's key: a join needs no cast.
\d bare.posts
SELECT p.title FROM bare.users u JOIN bare.posts p ON p.user_id = u.id WHERE u.name = 'user 2' ORDER BY p.title;
SELECT pg_temp.forget('u1');
SELECT name, path, importable, skip_reason, source, confidence > 0 AS sure, evidence ->> 'found' AS found FROM autoconn.endpoints WHERE server = 'bare' ORDER BY path;
SELECT count(*), min(joined_at), max(id) FROM bare.users;
SELECT pg_temp.requests('u1');
SELECT * FROM bare.users WHERE id = 7;
SELECT pg_temp.requests('u1');
SELECT id, name FROM bare.search ORDER BY id;
SELECT pg_temp.requests('u1');
-- By name.
CREATE SCHEMA part;
IMPORT FOREIGN SCHEMA api LIMIT TO (users) FROM SERVER bare INTO part OPTIONS (paths '/users,/empty');
IMPORT FOREIGN SCHEMA api LIMIT TO (empty) FROM SERVER bare INTO part OPTIONS (paths '/users,/empty');
IMPORT FOREIGN SCHEMA api EXCEPT (users) FROM SERVER bare INTO part OPTIONS (paths '/users,/search?q=user');
IMPORT FOREIGN SCHEMA api LIMIT TO (nothing) FROM SERVER bare INTO part OPTIONS (paths '/users');
SELECT foreign_table_name FROM information_schema.foreign_tables WHERE foreign_table_schema = 'part' ORDER BY 1;
DROP SCHEMA part CASCADE;
CREATE SCHEMA part;
-- A path with a variable of which no table shows values.
IMPORT FOREIGN SCHEMA api FROM SERVER bare INTO part OPTIONS (paths '/people/{person_id}/posts');
SELECT name, skip_reason FROM autoconn.endpoints WHERE server = 'bare' AND path ~ 'people';
-- Without a sample nothing is decided.
IMPORT FOREIGN SCHEMA api FROM SERVER bare INTO part OPTIONS (paths '/users?all=1', sample 'off');
SELECT name, skip_reason FROM autoconn.endpoints WHERE server = 'bare' AND query = 'all=1';
-- An absolute URL below the base URL.
SELECT format('IMPORT FOREIGN SCHEMA api FROM SERVER bare INTO part OPTIONS (paths %L)', :'url' || '/users') AS statement \gset
:statement;
SELECT foreign_table_name FROM information_schema.foreign_tables WHERE foreign_table_schema = 'part' ORDER BY 1;
-- What is no path.
CREATE FUNCTION pg_temp.try(paths text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE state text; message text; detail text;
BEGIN
  EXECUTE format('IMPORT FOREIGN SCHEMA api FROM SERVER bare INTO part OPTIONS (paths %L)', paths);
  RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
  RETURN state || ': ' || message || ' ' || detail;
END $$;
SELECT pg_temp.try(paths) FROM unnest(ARRAY['', 'users', '//evil.example/users', 'https://evil.example/users', '/a/../../b', '/a b', '/a{', '/users/:id', '/users/<id>', '/a?x={y}', '/a#b', '/a?token=abc']) paths;
SELECT pg_temp.try(current_setting('test.api') || '/elsewhere');
-- Beside a description: what is described stays, the rest is added.
SET client_min_messages = warning;
\set url :api/i/u2/made/nest
CREATE SERVER nest FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
DROP SCHEMA part CASCADE;
CREATE SCHEMA part;
IMPORT FOREIGN SCHEMA api FROM SERVER nest INTO part OPTIONS (paths '/v1/orders?more=1,/v2/reports');
RESET client_min_messages;
SELECT foreign_table_name FROM information_schema.foreign_tables WHERE foreign_table_schema = 'part' ORDER BY 1;
SELECT name, path, source = 'paths' AS given, skip_reason, evidence ->> 'sample' AS sample FROM autoconn.endpoints WHERE server = 'nest' ORDER BY path, name;
\d part.blob
-- A preview tells the same and stores nothing.
\set url :api/i/u3/made/bare
SELECT name, path, method, importable, skip_reason, source, confidence, ddl IS NOT NULL AS ddl FROM autoconn.preview(:'url', options => '{"retries": "0"}', import => '{"paths": "/users,/empty"}') ORDER BY path;
SELECT count(*) FROM autoconn.endpoints WHERE server NOT IN ('bare', 'nest');
SET client_min_messages = warning;
DROP SCHEMA bare, part CASCADE;
DROP SERVER bare CASCADE;
DROP SERVER nest CASCADE;
