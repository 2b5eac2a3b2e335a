-- The watch asks with the credentials of the server's owner: not for tables of those who have others.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
\i test/sql/watch.inc
\set ECHO all
\pset footer off
SET test.session = 'wr';
SELECT pg_temp.watched('wr1');
CREATE ROLE wr_reader;
GRANT USAGE ON FOREIGN SERVER d TO wr_reader;
GRANT USAGE, CREATE ON SCHEMA d TO wr_reader;
SET ROLE wr_reader;
CREATE FOREIGN TABLE d.mine (id int) SERVER d OPTIONS (path '/secrets');
RESET ROLE;
CREATE FOREIGN TABLE d.ours (id int) SERVER d OPTIONS (path '/public');
CREATE FUNCTION pg_temp.asked() RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget('wr1');
  PERFORM pg_temp.told(1);
  RETURN QUERY SELECT r FROM pg_temp.api('/_log/wr1?format=brief') r WHERE r ~ 'secrets|public' ORDER BY r COLLATE "C";
END $$;
-- Who has no mapping has not the owner's.
SELECT pg_temp.asked();
-- Nor has who has one of his own.
CREATE USER MAPPING FOR wr_reader SERVER d OPTIONS (token 'another');
SELECT pg_temp.asked();
-- What is public is everybody's.
SET client_min_messages = error;
DROP USER MAPPING FOR wr_reader SERVER d;
DROP USER MAPPING FOR CURRENT_USER SERVER d;
CREATE USER MAPPING FOR PUBLIC SERVER d OPTIONS (token 'bearer-S3CRET-5f1c');
SELECT pg_temp.asked();
-- Nothing is kept of a table that is gone.
SELECT count(*) FROM autoconn.watch_table t WHERE relid IN ('d.mine'::regclass, 'd.ours'::regclass);
DROP FOREIGN TABLE d.mine, d.ours;
SELECT pg_temp.asked();
SELECT count(*) FROM autoconn.watch_table t WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.relid);
DROP SERVER d CASCADE;
DROP SCHEMA d CASCADE;
DROP OWNED BY wr_reader;
DROP ROLE wr_reader;
