-- Whose imports a refresh plans again: what somebody else's import asks for is not asked for in the caller's name.
\set ECHO none
\i test/sql/api.inc
SET client_min_messages = warning;
SELECT :'api' || '/i/rr/asked/right/openapi.json' AS url \gset
CREATE SERVER shared FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', retries '0');
CREATE ROLE regress_importer;
CREATE ROLE regress_caller;
CREATE USER MAPPING FOR regress_importer SERVER shared OPTIONS (token 'importers-own');
CREATE USER MAPPING FOR regress_caller SERVER shared OPTIONS (token 'callers-own');
CREATE USER MAPPING FOR CURRENT_USER SERVER shared OPTIONS (token 'supers-own');
GRANT USAGE ON FOREIGN SERVER shared TO regress_importer, regress_caller;
CREATE SCHEMA common;
GRANT ALL ON SCHEMA common TO regress_importer, regress_caller;
GRANT EXECUTE ON FUNCTION autoconn.refresh(name, boolean) TO regress_importer, regress_caller;
-- Requests of one path since the last call, each once, and with whose token.
CREATE FUNCTION pg_temp.asked(path text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY SELECT DISTINCT r FROM pg_temp.api('/_log/rr?format=brief&headers=authorization') r WHERE r ~ (path || '( |$)');
  PERFORM pg_temp.forget('rr');
END $$;
\set ECHO all
SET ROLE regress_importer;
IMPORT FOREIGN SCHEMA api LIMIT TO (events) FROM SERVER shared INTO common OPTIONS (sample 'off');
IMPORT FOREIGN SCHEMA api LIMIT TO (quiet) FROM SERVER shared INTO common OPTIONS (paths '/quiet');
RESET ROLE;
SELECT table_name, importer::regrole FROM autoconn.imported WHERE server = 'shared' ORDER BY 1;
SELECT pg_temp.forget('rr');
-- The importer's own are planned as they were given.
SET ROLE regress_importer;
SELECT relation, change FROM autoconn.refresh('common') WHERE change LIKE '%table';
RESET ROLE;
SELECT * FROM pg_temp.asked('quiet');
-- Somebody else's are planned by the description alone; the tables of the rest are not told to be missing.
SET ROLE regress_caller;
SELECT relation, change FROM autoconn.refresh('common') WHERE change LIKE '%table';
RESET ROLE;
SELECT * FROM pg_temp.asked('quiet');
-- A superuser plans all, with the credentials of those who imported.
SELECT relation, change FROM autoconn.refresh('common', true) WHERE change LIKE '%table';
SELECT * FROM pg_temp.asked('quiet');
SELECT table_name, importer::regrole FROM autoconn.imported WHERE server = 'shared' ORDER BY 1;
-- An import of the whole makes nobody else's unknown.
DROP FOREIGN TABLE common.events;
SET ROLE regress_caller;
IMPORT FOREIGN SCHEMA api FROM SERVER shared INTO common OPTIONS (sample 'off');
RESET ROLE;
SELECT table_name, importer::regrole FROM autoconn.imported WHERE server = 'shared' ORDER BY 1;
-- Of an importer who is no more the same is planned as of any other.
DROP USER MAPPING FOR regress_importer SERVER shared;
REASSIGN OWNED BY regress_importer TO CURRENT_USER;
DROP OWNED BY regress_importer;
DROP ROLE regress_importer;
SELECT pg_temp.forget('rr');
SELECT relation, change FROM autoconn.refresh('common') WHERE change LIKE '%table';
SELECT * FROM pg_temp.asked('quiet');
\set ECHO none
DROP SERVER shared CASCADE;
DROP SCHEMA common CASCADE;
DROP OWNED BY regress_caller;
DROP ROLE regress_caller;
