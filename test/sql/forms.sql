-- Rows that are not simply the elements of an array: imported from a description, found in samples, and by options.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
\set ECHO all
\pset footer off
\set url :api/f/f0
\set spec :api/f/f0/openapi.json
SET client_min_messages = warning;
CREATE SERVER forms FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', spec_url :'spec');
CREATE SCHEMA forms;
IMPORT FOREIGN SCHEMA api FROM SERVER forms INTO forms;
RESET client_min_messages;
-- What became of each path.
CREATE VIEW tables AS
  SELECT c.relname AS name, string_agg(regexp_replace(o, '^(rows_form|rows_path|columns_path|item_path|pagination)=', '\1 '), ', ' ORDER BY o) AS options
  FROM pg_foreign_table t JOIN pg_class c ON c.oid = t.ftrelid, unnest(t.ftoptions) o
  WHERE o ~ '^(rows_form|rows_path|columns_path|item_path|pagination)=' GROUP BY 1;
SELECT * FROM tables ORDER BY name;
SELECT c.relname AS name, string_agg(format('%s %s %s', a.attname, format_type(a.atttypid, a.atttypmod),
         (SELECT string_agg(regexp_replace(o, '^json_path=', ''), ' ' ORDER BY o) FROM unnest(a.attfdwoptions) o WHERE o ~ '^(json_path|decode|key)=')), ', ' ORDER BY a.attnum) AS columns
FROM pg_foreign_table t JOIN pg_class c ON c.oid = t.ftrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 GROUP BY 1 ORDER BY 1;
SELECT path, skip_reason FROM autoconn.endpoints WHERE NOT importable ORDER BY path;

-- Fields in a wrapper: all pages, and the item under its key.
DO $$BEGIN PERFORM pg_temp.forget('f0'); END$$;
SELECT * FROM forms.articles;
SELECT * FROM pg_temp.requests('f0');
SELECT title FROM forms.articles WHERE id = '6';
SELECT * FROM pg_temp.requests('f0');
-- A key that cannot stand in a path is looked for in the collection, whose rows are not at fault.
SELECT l FROM pg_temp.plan('SELECT title FROM forms.articles WHERE id = ''..''', 'ANALYZE') l WHERE l ~ 'Removed|Rejected|Completeness';
SELECT count(*) FROM pg_temp.requests('f0');
CREATE FOREIGN TABLE forms.places (feature_id int OPTIONS (json_path '/id'), geometry jsonb, name text OPTIONS (json_path '/properties/name'), id text OPTIONS (json_path '/properties/id'))
  SERVER forms OPTIONS (path '/places', rows_path '/features');
TABLE forms.places;
CREATE FOREIGN TABLE forms.hits (_id text, level text OPTIONS (json_path '/_source/level'), line int OPTIONS (json_path '/_source/line'))
  SERVER forms OPTIONS (path '/hits', rows_path '/hits/hits');
TABLE forms.hits;
CREATE FOREIGN TABLE forms.connection (id int OPTIONS (json_path '/node/id'), name text OPTIONS (json_path '/node/name'))
  SERVER forms OPTIONS (path '/connection', rows_path '/data/things/edges');
TABLE forms.connection;

-- Members of an object: all pages; the member's name is the key of the item, which does not repeat it.
DO $$BEGIN PERFORM pg_temp.forget('f0'); END$$;
SELECT * FROM forms.users;
SELECT * FROM pg_temp.requests('f0');
SELECT * FROM forms.users WHERE key = 'u4';
SELECT * FROM forms.users WHERE key = 'u9';
SELECT * FROM pg_temp.requests('f0');
-- Members that have an id besides: the item is known by it and has no name, so that neither finds the other.
SELECT * FROM forms.codes;
SELECT * FROM forms.codes WHERE key = 'one';
SELECT * FROM forms.codes WHERE id = 2;
SELECT * FROM pg_temp.requests('f0');
CREATE FOREIGN TABLE forms.by_name (key text OPTIONS (decode 'member_name', key 'true'), name text OPTIONS (json_path '/name', param 'user_id')) SERVER forms OPTIONS (path '/users', page_param 'page', rows_path '/users', rows_form 'map', item_path '/users/{user_id}');
SELECT * FROM forms.by_name WHERE key = 'u2';
SELECT count(*), count(DISTINCT key) FROM forms.users u JOIN forms.users v USING (key, name);

-- Values whose names change their order from page to page.
DO $$BEGIN PERFORM pg_temp.forget('f0'); END$$;
SELECT * FROM forms.report;
SELECT note, id FROM forms.report WHERE total > 3 ORDER BY id DESC;
SELECT * FROM pg_temp.requests('f0');
-- Names that are the first of the rows, in any order of columns, and none that is not there.
CREATE FOREIGN TABLE forms.census (state text, name text OPTIONS (json_path '/NAME'), p1 bigint OPTIONS (json_path '/P1'), gone text, _raw jsonb OPTIONS (json_path ''))
  SERVER forms OPTIONS (path '/census', rows_form 'columns', columns_path '/0');
TABLE forms.census;
-- Lists, each a column; what is none of them says something of all rows, and is no column.
CREATE FOREIGN TABLE forms.hours ("time" timestamp, temp numeric, _raw jsonb OPTIONS (json_path ''))
  SERVER forms OPTIONS (path '/forecast', rows_path '/hourly', rows_form 'lists');
TABLE forms.hours;
SELECT count(*) FROM forms.hours WHERE temp IS NULL;
-- What an expression leaves behind of one row is not where the next one stands.
DO $$
DECLARE
  many text := (SELECT string_agg('length(repeat(_raw::text, 12)) > 0', ' AND ') FROM generate_series(1, 400));
  same bool;
BEGIN
  EXECUTE format('SELECT count(*) = 4 FROM forms.hours WHERE %s', many) INTO STRICT same;
  RAISE NOTICE 'four rows: %', same;
END $$;
CREATE FOREIGN TABLE forms.stations ("time" timestamp, station int) SERVER forms OPTIONS (path '/forecast', rows_path '/hourly', rows_form 'lists');
SELECT "time" FROM forms.stations;
SELECT pg_temp.error_of('SELECT station FROM forms.stations');
CREATE FOREIGN TABLE forms.days ("time" date, rain int) SERVER forms OPTIONS (path '/forecast', rows_path '/daily', rows_form 'lists');
SELECT "time" FROM forms.days;
SELECT pg_temp.error_of('SELECT rain FROM forms.days');

-- Lines.
TABLE forms.events;
CREATE FOREIGN TABLE forms.stream (seq int) SERVER forms OPTIONS (path '/stream', rows_path '/result', rows_form 'lines');
TABLE forms.stream;
ANALYZE forms.events;
SELECT reltuples FROM pg_class WHERE oid = 'forms.events'::regclass;

-- Rows in rows, by options; pages count in orders, of which some have no items.
CREATE FOREIGN TABLE forms.items (
  order_id bigint OPTIONS (json_path '/id', of_parent 'true'),
  customer text OPTIONS (of_parent 'true'),
  position bigint OPTIONS (decode 'ordinal'),
  sku text,
  amount int
) SERVER forms OPTIONS (path '/orders', rows_path '/orders', nested_path '/items', pagination 'page', page_param 'page', total_path '/total');
DO $$BEGIN PERFORM pg_temp.forget('f0'); END$$;
TABLE forms.items;
SELECT r FROM pg_temp.requests('f0') r ORDER BY r COLLATE "C";
SELECT customer, count(*), sum(amount) FROM forms.items GROUP BY customer ORDER BY customer;
SELECT order_id, sku FROM forms.items LIMIT 2;
SELECT l FROM pg_temp.plan('SELECT * FROM forms.items', 'ANALYZE') l WHERE l ~ 'Completeness|Pages|Rows|rows=';

-- The watch sees these rows as they are: nothing has changed, asked by probes and told by scans.
SELECT kind, severity, table_name, column_name FROM autoconn.check('forms');
SELECT count(*) FROM forms.articles, forms.users, forms.report, forms.events, forms.items;
SELECT kind, severity, table_name, column_name FROM autoconn.check('forms');

-- What goes wrong.
CREATE FUNCTION pg_temp.spoil(name text, bad text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  error text; detail text; found text;
BEGIN
  EXECUTE format('ALTER FOREIGN TABLE forms.%I OPTIONS (ADD params %L)', name, 'bad=' || bad);
  error := pg_temp.error_of(format('SELECT * FROM forms.%I', name));
  IF error = 'no error' THEN
    EXECUTE format('SELECT coalesce(string_agg(r::text, '' '' ORDER BY r::text), ''no rows'') FROM forms.%I r', name) INTO found;
  END IF;
  EXECUTE format('ALTER FOREIGN TABLE forms.%I OPTIONS (DROP params)', name);
  RETURN coalesce(found, error);
END $$;
SELECT name, bad, pg_temp.spoil(name, bad)
FROM (VALUES ('events', 'cut'), ('events', 'none'), ('events', 'separators'), ('events', 'error'), ('stream', 'error'), ('stream', 'elsewhere'),
             ('report', 'ragged'), ('report', 'unnamed'), ('report', 'gone'), ('users', 'error'), ('users', 'empty')) t (name, bad);
-- A row that is null is no row, be it a member of an object or an element of an array.
SELECT pg_temp.spoil('users', 'null');
ALTER FOREIGN TABLE forms.users OPTIONS (ADD on_error 'skip');
SELECT pg_temp.spoil('users', 'null');
ALTER FOREIGN TABLE forms.users OPTIONS (DROP on_error);
CREATE SCHEMA nulls;
IMPORT FOREIGN SCHEMA api LIMIT TO (users_bad_null) FROM SERVER forms INTO nulls OPTIONS (paths '/users?bad=null');
SELECT o.option_value AS rows_form FROM pg_foreign_table t, pg_options_to_table(t.ftoptions) o WHERE t.ftrelid = 'nulls.users_bad_null'::regclass AND o.option_name = 'rows_form';
SELECT pg_temp.error_of('SELECT * FROM nulls.users_bad_null');
DROP FOREIGN TABLE nulls.users_bad_null;
DROP SCHEMA nulls;
-- The place of an error: the row, the page.
ALTER FOREIGN TABLE forms.report OPTIONS (ADD params 'bad=ragged');
\set VERBOSITY verbose
\set SHOW_CONTEXT never
SELECT pg_temp.error_of('SELECT * FROM forms.report');
\set VERBOSITY default
ALTER FOREIGN TABLE forms.report OPTIONS (DROP params);
CREATE FOREIGN TABLE forms.bad_map (id int) SERVER forms OPTIONS (path '/report', rows_path '/rows', rows_form 'map');
SELECT pg_temp.error_of('SELECT * FROM forms.bad_map');
CREATE FOREIGN TABLE forms.bad_values (id int) SERVER forms OPTIONS (path '/users', rows_path '/users', rows_form 'columns', columns_path '/next_page');
SELECT pg_temp.error_of('SELECT * FROM forms.bad_values');
CREATE FOREIGN TABLE forms.bad_nested (id int) SERVER forms OPTIONS (path '/orders', rows_path '/orders', nested_path '/customer');
SELECT pg_temp.error_of('SELECT * FROM forms.bad_nested');
CREATE FOREIGN TABLE forms.bad_parent (id int OPTIONS (of_parent 'true')) SERVER forms OPTIONS (path '/orders', rows_path '/orders');
SELECT pg_temp.error_of('SELECT * FROM forms.bad_parent');
-- Rows that stand elsewhere are an error, not none; what does not look like them is none of them.
CREATE FOREIGN TABLE forms.moved (id int, customer text, items jsonb) SERVER forms OPTIONS (path '/orders', rows_path '/data');
SELECT pg_temp.error_of('SELECT count(*) FROM forms.moved');
CREATE FOREIGN TABLE forms.not_moved (id int, name text) SERVER forms OPTIONS (path '/hits', rows_path '/data');
SELECT count(*) FROM forms.not_moved;
SELECT pg_temp.error_of($$CREATE FOREIGN TABLE forms.x (id int) SERVER forms OPTIONS (path '/x', rows_form 'columns')$$);
SELECT pg_temp.error_of($$CREATE FOREIGN TABLE forms.x (id int) SERVER forms OPTIONS (path '/x', rows_form 'columns', columns_path '/c', nested_path '/i')$$);
SELECT pg_temp.error_of($$CREATE FOREIGN TABLE forms.x (id int) SERVER forms OPTIONS (path '/x', rows_form 'lists', nested_path '/i')$$);
SELECT pg_temp.error_of($$CREATE FOREIGN TABLE forms.x (id int) SERVER forms OPTIONS (path '/x', rows_form 'rows')$$);

SELECT pg_temp.disconnect();
DROP VIEW tables;
