-- ANALYZE makes no statistics of columns that the rows of a list do not show, and of the others as ever.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
SELECT :'api' || '/i/an/asked/right' AS url \gset
CREATE SERVER an FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off', retries '0');
CREATE SCHEMA an;
CREATE FOREIGN TABLE an.boxes (id bigint OPTIONS (json_path '/id', key 'true'), kind text OPTIONS (json_path '/kind', param 'kind'), size bigint, gone text, history text, words text OPTIONS (param 'q')) SERVER an
  OPTIONS (path '/v1/boxes', item_path '/v1/boxes/{id}', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '50', total_path '/total', detail 'history');
ALTER FOREIGN TABLE an.boxes DROP COLUMN gone;
RESET client_min_messages;
CREATE FUNCTION pg_temp.statistics() RETURNS TABLE (attname name, null_frac real, n_distinct real) LANGUAGE sql AS $$ SELECT attname, null_frac, n_distinct FROM pg_stats WHERE schemaname = 'an' ORDER BY 1 $$;
\set ECHO all
ANALYZE an.boxes;
SELECT * FROM pg_temp.statistics();
SELECT count(*) FILTER (WHERE r ~ 'boxes/\d+$') AS items, count(*) > 0 AS pages FROM pg_temp.requests('an') r;
SELECT reltuples > 0 AS known FROM pg_class WHERE oid = 'an.boxes'::regclass;
-- Statistics of before they were such columns go, too; with the transaction that analyzed them, by columns, and for several tables.
ALTER FOREIGN TABLE an.boxes OPTIONS (DROP detail);
ANALYZE an.boxes (history);
SELECT * FROM pg_temp.statistics() WHERE attname = 'history';
ALTER FOREIGN TABLE an.boxes OPTIONS (ADD detail 'history');
BEGIN;
ANALYZE an.boxes (history, kind);
ROLLBACK;
SELECT attname FROM pg_temp.statistics();
BEGIN;
SAVEPOINT before;
ANALYZE an.boxes (history, kind);
ROLLBACK TO before;
COMMIT;
SELECT attname FROM pg_temp.statistics();
BEGIN;
SAVEPOINT before;
SAVEPOINT within;
ANALYZE an.boxes (history, kind);
RELEASE within;
RELEASE before;
SAVEPOINT after;
ROLLBACK TO after;
COMMIT;
SELECT attname FROM pg_temp.statistics();
CREATE TABLE an.local AS SELECT 1 AS one, NULL::text AS history;
ANALYZE an.local, an.boxes;
SELECT tablename, attname, null_frac FROM pg_stats WHERE schemaname = 'an' AND attname IN ('history', 'one', 'kind') ORDER BY 1, 2;
-- An error in between leaves nothing to the next.
ALTER FOREIGN TABLE an.boxes OPTIONS (SET path '/v1/no_such');
SELECT pg_temp.error_of('ANALYZE an.boxes');
ANALYZE an.local;
SELECT tablename, attname FROM pg_stats WHERE schemaname = 'an' AND tablename = 'local' ORDER BY 1, 2;
-- The planner does not take the column for empty.
ALTER FOREIGN TABLE an.boxes OPTIONS (SET path '/v1/boxes');
CREATE FUNCTION pg_temp.estimate(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  plan jsonb;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
  RETURN plan -> 0 -> 'Plan' -> 'Plan Rows';
END $$;
SELECT pg_temp.estimate('SELECT * FROM an.boxes WHERE history IS NOT NULL') > 10 AS many;
SELECT pg_temp.disconnect();
