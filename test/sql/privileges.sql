-- Who may do what, and with whose credentials.
\set ECHO none
\i test/sql/api.inc
\set ECHO all
SET client_min_messages = warning;
CREATE ROLE regress_owner;
CREATE ROLE regress_reader;
CREATE ROLE regress_nobody;
GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO regress_owner;
CREATE SCHEMA priv;
GRANT ALL ON SCHEMA priv TO regress_owner;
GRANT USAGE ON SCHEMA priv TO regress_reader, regress_nobody;

-- Loopback is not open to an ordinary owner's server unless it is listed.
\set url :api/i/p1/auth/bearer/v1
SET ROLE regress_owner;
SELECT pg_temp.error_of(format('CREATE SERVER priv FOREIGN DATA WRAPPER autoconn OPTIONS (url %L)', :'url'));
RESET ROLE;
SET autoconn.allowed_hosts = '127.0.0.1';
SET ROLE regress_owner;
CREATE SERVER priv FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
CREATE USER MAPPING FOR regress_owner SERVER priv OPTIONS (token 'bearer-S3CRET-5f1c');
IMPORT FOREIGN SCHEMA api LIMIT TO (orders, customers) FROM SERVER priv INTO priv;
CREATE VIEW priv.order_view AS SELECT id, status FROM priv.orders;
GRANT SELECT ON priv.orders, priv.order_view TO regress_reader;
SELECT count(*) FROM priv.orders WHERE id = 1;

-- A reader of the table needs a mapping of its own; under the owner's view the owner's serves.
SET ROLE regress_reader;
SELECT pg_temp.error_of('SELECT * FROM priv.orders WHERE id = 1');
SELECT count(*) FROM priv.order_view WHERE id = 1;
SELECT pg_temp.error_of('SELECT * FROM priv.customers');
-- The same connection serves no one else: credentials are not cached across roles.
RESET ROLE;
CREATE USER MAPPING FOR regress_reader SERVER priv OPTIONS (token 'wrong-S3CRET');
SET ROLE regress_reader;
SELECT pg_temp.error_of('SELECT * FROM priv.orders WHERE id = 1');
RESET ROLE;

-- The views hide servers that one may not use; base tables are nobody's business.
SET ROLE regress_owner;
SELECT server FROM autoconn.servers;
SELECT count(*) > 0 AS endpoints FROM autoconn.endpoints;
SET ROLE regress_nobody;
SELECT server FROM autoconn.servers;
SELECT count(*) AS endpoints FROM autoconn.endpoints;
SELECT count(*) > 0 AS options FROM autoconn.options;
SELECT pg_temp.error_of('SELECT * FROM autoconn.server_state');
SELECT pg_temp.error_of('SELECT * FROM autoconn.endpoint');
SELECT pg_temp.error_of('SELECT * FROM autoconn.visible_server');
SELECT pg_temp.error_of($$SELECT autoconn.discover('priv')$$);
SELECT pg_temp.error_of($$SELECT autoconn.preview('http://127.0.0.1:1')$$);
SELECT pg_temp.error_of($$SELECT autoconn.forget('priv')$$);
RESET ROLE;
-- With EXECUTE alone one is not the owner.
GRANT EXECUTE ON FUNCTION autoconn.discover(name), autoconn.forget(name), autoconn.preview(text, jsonb, jsonb, jsonb) TO regress_nobody;
SET ROLE regress_nobody;
SELECT pg_temp.error_of($$SELECT autoconn.discover('priv')$$);
SELECT pg_temp.error_of($$SELECT autoconn.forget('priv')$$);
SELECT pg_temp.error_of($$SELECT autoconn.preview('https://api.example')$$);
RESET ROLE;
-- preview goes by the caller's own address policy.
GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO regress_nobody;
SET autoconn.allowed_hosts = '';
SET ROLE regress_nobody;
SELECT pg_temp.error_of(format('SELECT autoconn.preview(%L)', :'url'));
RESET ROLE;
-- Event trigger functions cannot be called.
SELECT pg_temp.error_of('SELECT autoconn.on_ddl()');

-- The policy looks at the server's owner of the moment.
SET autoconn.allowed_hosts = '';
SET ROLE regress_owner;
SELECT pg_temp.error_of('SELECT * FROM priv.orders WHERE id = 1');
RESET ROLE;
ALTER SERVER priv OWNER TO CURRENT_USER;
SET ROLE regress_owner;
SELECT count(*) FROM priv.orders WHERE id = 1;
RESET ROLE;
-- Somebody else's function that a superuser calls does not widen what its owner's server may reach.
ALTER SERVER priv OWNER TO regress_owner;
CREATE FUNCTION priv.peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM priv.orders WHERE id = 1';
ALTER FUNCTION priv.peek() OWNER TO regress_owner;
SELECT pg_temp.error_of('SELECT priv.peek()');

DROP SERVER priv CASCADE;
DROP SCHEMA priv CASCADE;
DROP OWNED BY regress_owner, regress_reader, regress_nobody;
DROP ROLE regress_owner, regress_reader, regress_nobody;
