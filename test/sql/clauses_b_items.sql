-- Items that are another row's are none of the row, whose details would be wrong.
\set ECHO none
\i test/sql/api.inc
\set ECHO all
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.details(scenario text, on_incomplete text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  DROP SERVER IF EXISTS items CASCADE;
  EXECUTE format('CREATE SERVER items FOREIGN DATA WRAPPER autoconn OPTIONS (url %L, discover ''off'')', current_setting('test.api') || '/s/items/' || scenario || ';style=none;rows=3');
  EXECUTE format($q$CREATE FOREIGN TABLE things (id bigint OPTIONS (key 'true'), name text) SERVER items
    OPTIONS (path '/things', rows_path '', pagination 'none', item_path '/things/{id}', detail 'name', on_incomplete %L)$q$, on_incomplete);
  RETURN QUERY EXECUTE 'SELECT t::text FROM things t ORDER BY id';
EXCEPTION WHEN fdw_error THEN
  RETURN NEXT SQLERRM;
END $$;
SELECT pg_temp.details('plain', 'error');
SELECT pg_temp.details('item_other', 'error');
SELECT pg_temp.details('item_other', 'warn');
DROP SERVER IF EXISTS items CASCADE;
