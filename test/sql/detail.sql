-- Columns that only items show: a request for each row, where a query needs them.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
SELECT :'api' || '/i/dt/asked/right' AS url \gset
CREATE SERVER dt FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off', retries '0');
CREATE SCHEMA dt;
CREATE FOREIGN TABLE dt.boxes (id bigint OPTIONS (json_path '/id', key 'true'), kind text OPTIONS (json_path '/kind', param 'kind'), size bigint, history text) SERVER dt
  OPTIONS (path '/v1/boxes', item_path '/v1/boxes/{id}', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '50', total_path '/total', fields_param 'fields');
CREATE FUNCTION pg_temp.boxes(query text, OUT rows bigint, OUT lists text[], OUT items bigint) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget('dt');
  EXECUTE format('SELECT count(q) FROM (%s OFFSET 0) q', query) INTO rows;
  SELECT array_agg(regexp_replace(r, '^.*/v1', '') ORDER BY r) FILTER (WHERE r !~ 'boxes/\d+$'), count(*) FILTER (WHERE r ~ 'boxes/\d+$') INTO lists, items FROM pg_temp.requests('dt') r;
END $$;
\set ECHO all
SELECT count(history), count(*) FROM dt.boxes;
ALTER FOREIGN TABLE dt.boxes OPTIONS (ADD detail 'history');
SELECT id, kind, history FROM dt.boxes WHERE kind = 'drum' AND size < 20 ORDER BY id LIMIT 5;
-- Only where the column is needed, for rows that conditions leave, for no more than are wanted.
SELECT query, b.* FROM unnest(ARRAY['SELECT kind FROM dt.boxes', 'SELECT history FROM dt.boxes WHERE kind = ''drum''', 'SELECT id FROM dt.boxes WHERE history LIKE ''%7''', 'SELECT * FROM dt.boxes WHERE id = 7', 'SELECT history FROM dt.boxes WHERE id IN (7, 9)', 'SELECT history FROM dt.boxes LIMIT 3'])
  WITH ORDINALITY q(query, n), pg_temp.boxes(query) b ORDER BY n;
SELECT count(*), count(history), count(DISTINCT history), min(history), bool_and(history = 'made on day ' || id) AS own FROM dt.boxes;
SELECT l FROM pg_temp.plan('SELECT history FROM dt.boxes WHERE kind = ''drum''') l;
SELECT l FROM pg_temp.plan('SELECT kind FROM dt.boxes') l WHERE l ~ 'Item';
-- Twice, as the inner side of a join; and again by a cursor that is closed early.
SET enable_material = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_memoize = off;
SELECT v, count(history) FROM (VALUES (1), (2)) x(v) LEFT JOIN LATERAL (SELECT history FROM dt.boxes WHERE kind = 'bag' AND size > v OFFSET 0) b ON true GROUP BY 1 ORDER BY 1;
RESET ALL;
BEGIN;
DECLARE c CURSOR FOR SELECT id, history FROM dt.boxes;
FETCH 2 FROM c;
COMMIT;
-- All requests are counted, those of the last row's item as well.
SELECT l FROM pg_temp.plan('SELECT history FROM dt.boxes LIMIT 2', 'ANALYZE') l WHERE l ~ 'Requests';
-- A name that is no column is told, by whatever query.
ALTER FOREIGN TABLE dt.boxes OPTIONS (SET detail 'histroy, size');
SELECT id FROM dt.boxes;
ALTER FOREIGN TABLE dt.boxes OPTIONS (SET detail 'history');
-- max_requests bounds the items, too.
ALTER FOREIGN TABLE dt.boxes OPTIONS (ADD max_requests '20');
SELECT pg_temp.error_of('SELECT count(history) FROM dt.boxes');
SELECT count(kind) FROM dt.boxes;
ALTER FOREIGN TABLE dt.boxes OPTIONS (DROP max_requests);
-- An item of another form has no such field; a row without an item makes the scan incomplete; a value that does not fit is told with its item.
ALTER FOREIGN TABLE dt.boxes OPTIONS (SET item_path '/v1/parcels/{id}');
SELECT count(*), count(history) FROM dt.boxes;
ALTER FOREIGN TABLE dt.boxes OPTIONS (SET item_path '/v1/none/{id}');
SELECT pg_temp.error_of('SELECT history FROM dt.boxes');
ALTER FOREIGN TABLE dt.boxes OPTIONS (ADD on_incomplete 'warn');
SELECT id, history FROM dt.boxes WHERE id + 0 = 3;
ALTER FOREIGN TABLE dt.boxes OPTIONS (DROP on_incomplete);
ALTER FOREIGN TABLE dt.boxes OPTIONS (SET item_path '/v1/boxes/{id}');
ALTER FOREIGN TABLE dt.boxes ALTER COLUMN history TYPE integer;
SELECT pg_temp.error_of('SELECT history FROM dt.boxes');
ALTER FOREIGN TABLE dt.boxes OPTIONS (ADD on_error 'null');
SELECT count(*), count(history) FROM dt.boxes WHERE kind = 'bag';
-- All columns of items; a key never is one.
ALTER FOREIGN TABLE dt.boxes OPTIONS (SET detail 'on', DROP on_error);
ALTER FOREIGN TABLE dt.boxes ALTER COLUMN history TYPE text;
SELECT query, b.* FROM unnest(ARRAY['SELECT id FROM dt.boxes', 'SELECT size FROM dt.boxes']) WITH ORDINALITY q(query, n), pg_temp.boxes(query) b ORDER BY n;
SELECT pg_temp.error_of($$ALTER FOREIGN TABLE dt.boxes OPTIONS (SET detail '')$$);
-- Hidden columns, which items do not show, and columns that only items show: a look-up finds out, and the list is read with its items; from then on at once.
CREATE FOREIGN TABLE dt.noted (id bigint OPTIONS (json_path '/id', key 'true'), notes text OPTIONS (json_path '/notes', hidden 'true'), history text) SERVER dt
  OPTIONS (path '/v1/boxes', item_path '/v1/boxes/{id}', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '50', total_path '/total', fields_param 'fields', detail 'history');
SELECT * FROM dt.noted WHERE id = 7;
SELECT * FROM dt.noted WHERE id IN (7, 9);
SELECT l FROM pg_temp.plan('SELECT * FROM dt.noted WHERE id = 7') l WHERE l ~ 'Item|ent:';
ALTER FOREIGN TABLE dt.noted OPTIONS (SET detail 'on');
SELECT * FROM dt.noted WHERE id < 3;
\set ECHO none
SET client_min_messages = warning;
DROP SERVER dt CASCADE;
DROP SCHEMA dt CASCADE;
