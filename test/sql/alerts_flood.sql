-- An API that changes all the time buries nobody under alerts.
\set ECHO none
\i test/sql/api.inc
\i test/sql/alerts.inc
\set ECHO all
SET client_min_messages = warning;
CREATE SERVER drift FOREIGN DATA WRAPPER autoconn OPTIONS (url 'https://api.example', discover 'off');
CREATE FOREIGN TABLE orders (id bigint OPTIONS (json_path '/id')) SERVER drift OPTIONS (path '/orders');
INSERT INTO autoconn.server_state (server, server_oid, server_owner, url, status)
  SELECT srvname, oid, srvowner, 'https://api.example', 'discovered' FROM pg_foreign_server WHERE srvname = 'drift';

-- An API that names everything anew does not bury people: the parent counts what was left out.
CREATE FUNCTION pg_temp.flood(n int, day int) RETURNS TABLE (kind text, alerts bigint, summary text) LANGUAGE sql AS $$
  SELECT l.kind, count(*), max(l.summary) FILTER (WHERE l.kind = 'spec_changed')
  FROM pg_temp.look((SELECT COALESCE(jsonb_agg(pg_temp.added('f' || i)), '[]') FROM generate_series(1, n) i), day, 'spec', 'spec_changed') l GROUP BY 1 ORDER BY 1
$$;
SELECT * FROM pg_temp.flood(150, 60);
SELECT * FROM pg_temp.flood(150, 61);
SELECT * FROM pg_temp.flood(150, 62);
SELECT sum(alerts) FROM generate_series(1, 12) n, LATERAL pg_temp.flood(1500, 62 + n);
SELECT kind, status, count(*) FROM autoconn.alert GROUP BY 1, 2 ORDER BY 1;
-- What cannot wait has room still; what is over is forgotten in the end.
SELECT kind FROM pg_temp.look('[{"kind": "credential_invalid", "summary": "no"}, {"kind": "sort_ignored", "summary": "no"}]', 80, 'protocol');
SELECT count(*) FROM generate_series(1, 12) n, LATERAL pg_temp.flood(n % 2 * 100, 80 + n);
SELECT status, count(*) FROM autoconn.alert GROUP BY 1 ORDER BY 1;
DROP SERVER drift CASCADE;
