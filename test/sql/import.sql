-- How an API becomes tables.
\set ECHO none
\i test/sql/api.inc
\set ECHO all
SET client_min_messages = warning;
\set url :api/i/i1/shop/v1
CREATE SERVER shop FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
RESET client_min_messages;
CREATE SCHEMA shop;
SELECT pg_temp.forget('i1');
IMPORT FOREIGN SCHEMA api FROM SERVER shop INTO shop;
-- One request per collection, one for a second page, one for an item.
SELECT * FROM pg_temp.requests('i1') r ORDER BY r;
\d shop.customers
\d shop.orders
\d shop.products
\d shop.payments
\d shop.events
-- Comments from descriptions.
SELECT c.relname, a.attname, d.description
FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
WHERE c.relnamespace = 'shop'::regnamespace AND c.relname IN ('orders', 'account') ORDER BY 1, a.attnum NULLS FIRST;
-- What was found, and what was left out.
SELECT name, grp, method, path, item_path, rows_path, pagination, page_size, key_columns FROM autoconn.endpoints WHERE importable ORDER BY path;
SELECT method, path, skip_reason FROM autoconn.endpoints WHERE NOT importable ORDER BY path, method;
SELECT name, evidence ->> 'pages' AS pages, evidence ->> 'item' AS item FROM autoconn.endpoints WHERE importable ORDER BY name;
SELECT child, child_columns, parent, parent_columns FROM autoconn.relationships ORDER BY 1;

-- A part of it.
CREATE SCHEMA part;
IMPORT FOREIGN SCHEMA api LIMIT TO (orders, products) FROM SERVER shop INTO part OPTIONS (sample 'off');
SELECT foreign_table_name FROM information_schema.foreign_tables WHERE foreign_table_schema = 'part' ORDER BY 1;
DROP SCHEMA part CASCADE;
CREATE SCHEMA part;
IMPORT FOREIGN SCHEMA api EXCEPT (orders, products, customers) FROM SERVER shop INTO part OPTIONS (sample 'off');
SELECT foreign_table_name FROM information_schema.foreign_tables WHERE foreign_table_schema = 'part' ORDER BY 1;
DROP SCHEMA part CASCADE;
CREATE SCHEMA part;
IMPORT FOREIGN SCHEMA api LIMIT TO (orders, nothing) FROM SERVER shop INTO part;
-- Groups.
IMPORT FOREIGN SCHEMA no_such_group FROM SERVER shop INTO part;
SELECT grp AS a_group FROM autoconn.endpoints WHERE name = 'products' \gset
IMPORT FOREIGN SCHEMA :"a_group" FROM SERVER shop INTO part OPTIONS (sample 'off');
SELECT foreign_table_name FROM information_schema.foreign_tables WHERE foreign_table_schema = 'part' ORDER BY 1;
DROP SCHEMA part CASCADE;
CREATE SCHEMA part;
-- Options.
IMPORT FOREIGN SCHEMA api LIMIT TO (orders) FROM SERVER shop INTO part OPTIONS (nested 'flatten', raw 'true', sample 'off', params 'all');
\d part.orders
DROP SCHEMA part CASCADE;
CREATE SCHEMA part;
IMPORT FOREIGN SCHEMA api FROM SERVER shop INTO part OPTIONS (nested 'tree');
IMPORT FOREIGN SCHEMA api FROM SERVER shop INTO part OPTIONS (nest 'json');

-- A server that was never discovered, or that refuses.
\set url :api/i/i2/shop31/v1
CREATE SERVER late FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off');
IMPORT FOREIGN SCHEMA api LIMIT TO (products) FROM SERVER late INTO part;
SELECT foreign_table_name FROM information_schema.foreign_tables WHERE foreign_table_schema = 'part' ORDER BY 1;
\set url :api/i/i3/locked/bearer/v1
CREATE SERVER locked FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off');
IMPORT FOREIGN SCHEMA api FROM SERVER locked INTO part;
CREATE SERVER nobody FOREIGN DATA WRAPPER autoconn OPTIONS (url 'http://nobody.invalid', discover 'off', retries '0');
\set VERBOSITY terse
IMPORT FOREIGN SCHEMA api FROM SERVER nobody INTO part;
\set VERBOSITY default

-- Item paths that do not show the row of the list are not used.
CREATE SCHEMA item;
CREATE FUNCTION pg_temp.try_item(scenario text) RETURNS TABLE (looks_up boolean, item text) LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL client_min_messages = warning;
  EXECUTE format('CREATE SERVER item FOREIGN DATA WRAPPER autoconn OPTIONS (url %L, retries ''0'')', current_setting('test.api') || '/s/i4/' || scenario);
  IMPORT FOREIGN SCHEMA api FROM SERVER item INTO item;
  RETURN QUERY SELECT EXISTS (SELECT FROM pg_foreign_table t, pg_options_to_table(t.ftoptions) o JOIN pg_foreign_server s ON srvname = 'item' WHERE t.ftserver = s.oid AND o.option_name = 'item_path'),
    e.evidence ->> 'item' FROM autoconn.endpoints e WHERE e.server = 'item' AND e.importable;
  DROP SERVER item CASCADE;
END $$;
SELECT scenario, t.* FROM unnest('{plain,item_fuller,item_other,item_differs,item_null,item_empty,item_wrapped,item_missing}'::text[]) scenario, pg_temp.try_item(scenario) t;

-- Names that are hostile.
SET client_min_messages = warning;
\set url :api/s/i5/hostile_names
CREATE SERVER hostile FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
CREATE SCHEMA hostile;
IMPORT FOREIGN SCHEMA api FROM SERVER hostile INTO hostile;
RESET client_min_messages;
SELECT attname, length(attname) FROM pg_attribute WHERE attrelid = 'hostile.things'::regclass AND attnum > 0 ORDER BY attnum;
SELECT count(*) FROM hostile.things;

-- Comments of one import do not leak into another wrapper's.
DO $$ DECLARE s name; BEGIN SET LOCAL client_min_messages = warning; FOR s IN SELECT srvname FROM pg_foreign_server LOOP EXECUTE format('DROP SERVER %I CASCADE', s); END LOOP; END $$;
DROP SCHEMA shop, part, item, hostile CASCADE;
