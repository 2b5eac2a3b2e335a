-- A copy of a database, and a database after pg_upgrade, go on where the original was.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
\i test/sql/watch.inc
\set ECHO all
\pset footer off
SET test.session = 'ad';
SELECT pg_temp.watched('ad1');
SELECT pg_temp.told(1);
SELECT pg_temp.turn('ad1', 'remove_column=orders.note&where=spec');
SELECT pg_temp.told(1);
CREATE TABLE ad_home AS SELECT home FROM autoconn.server_state WHERE server = 'd';
CREATE FUNCTION pg_temp.kept() RETURNS TABLE (home boolean, of_server boolean, alerts bigint, polls bigint, due boolean, requests text) LANGUAGE sql AS $$
  SELECT s.home = (SELECT home FROM ad_home), s.server_oid = f.oid, (SELECT count(*) FROM autoconn.alerts WHERE kind = 'column_removed'), w.polls, w.next_check IS NULL,
    (SELECT string_agg(r, ', ') FROM pg_temp.api('/_log/ad1?format=brief') r)
  FROM autoconn.server_state s JOIN pg_foreign_server f ON f.srvname = s.server LEFT JOIN autoconn.watch w ON w.server = s.server WHERE s.server = 'd'
$$;
-- A copy.
SELECT pg_temp.forget('ad1');
UPDATE autoconn.server_state SET home = '1/2' WHERE server = 'd';
SELECT autoconn.adopt('d');
SELECT * FROM pg_temp.kept();
-- An upgrade: the server has another OID as well.
UPDATE autoconn.server_state SET home = '1/2', server_oid = 1 WHERE server = 'd';
SELECT count(*) FROM autoconn.alerts;
SELECT autoconn.adopt('d');
SELECT * FROM pg_temp.kept();
-- Not the state of another API, nor that of a server which is there.
UPDATE autoconn.server_state SET server_oid = 1, url = 'http://127.0.0.1:1/elsewhere' WHERE server = 'd';
SET client_min_messages = error;
SELECT autoconn.adopt('d');
SELECT alerts, polls FROM pg_temp.kept();
CREATE SERVER ad_other FOREIGN DATA WRAPPER autoconn OPTIONS (url 'http://127.0.0.1:1', discover 'off');
SELECT pg_temp.told(1);
UPDATE autoconn.server_state SET server_oid = (SELECT oid FROM pg_foreign_server WHERE srvname = 'ad_other') WHERE server = 'd';
SELECT autoconn.adopt('d');
SELECT of_server, alerts, polls FROM pg_temp.kept();
DROP TABLE ad_home;
DROP SERVER ad_other, d CASCADE;
DROP SCHEMA d CASCADE;
