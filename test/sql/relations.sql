-- What samples prove of keys, relations and changes, and what they may ask.
\set ECHO none
\i test/sql/api.inc
-- Makes a server of a world and imports it; the requests of that are left in the log.
CREATE FUNCTION pg_temp.import_world(world text, sample text DEFAULT 'auto') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL client_min_messages = warning;
  EXECUTE format('CREATE SERVER %I FOREIGN DATA WRAPPER autoconn OPTIONS (url %L, spec_url %L, retries ''0'')', world,
                 current_setting('test.api') || '/i/r_' || world || '/w/' || world, current_setting('test.api') || '/i/r_' || world || '/w/' || world || '/openapi.json');
  EXECUTE format('CREATE SCHEMA %I', world);
  PERFORM pg_temp.forget('r_' || world);
  EXECUTE format('IMPORT FOREIGN SCHEMA api FROM SERVER %1$I INTO %1$I OPTIONS (sample %2$L)', world, sample);
END $$;
-- What a server was asked since, in bytewise order, because four requests run side by side; seen gets the order of arrival.
CREATE TEMP TABLE seen (n int, r text);
CREATE FUNCTION pg_temp.asked(world text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE pg_temp.seen;
  INSERT INTO pg_temp.seen SELECT n, replace(r, '/w/' || world, '') FROM pg_temp.requests('r_' || world) WITH ORDINALITY AS q(r, n);
  RETURN QUERY SELECT r FROM pg_temp.seen ORDER BY r COLLATE "C";
END $$;
-- Did every request like the first come before all that are like the second?
CREATE FUNCTION pg_temp.before(a text, b text) RETURNS boolean LANGUAGE sql AS $$
  SELECT max(n) FILTER (WHERE r ~ a) < min(n) FILTER (WHERE r ~ b) FROM pg_temp.seen
$$;
CREATE FUNCTION pg_temp.edges(world text) RETURNS TABLE (child text, child_columns text[], parent text, parent_columns text[], evidence jsonb) LANGUAGE sql AS $$
  SELECT child, child_columns, parent, parent_columns, evidence FROM autoconn.relationships WHERE server = world ORDER BY 1, 2, 3
$$;
\set ECHO all

-- Keys of one and of two columns, a table that refers to itself, roles, and small integers that refer to nothing.
SELECT pg_temp.import_world('school');
SELECT name, key_columns, cursor_column, cursor_param, cursor_format, cursor_mode FROM autoconn.endpoints WHERE server = 'school' AND importable ORDER BY name;
SELECT name, evidence -> 'increment' AS increment FROM autoconn.endpoints WHERE server = 'school' AND evidence ? 'increment' ORDER BY name;
SELECT * FROM pg_temp.edges('school');
-- First pages of all, then second pages, items, calls with a parameter; every edge was decided without a request.
SELECT * FROM pg_temp.asked('school');
SELECT pg_temp.before('(s\?per_page=50|s)$', 'page=[12]&per_page=50$') AS first_before_second, pg_temp.before('page=2', '/\d+$') AS second_before_items, pg_temp.before('/\d+$', '(since|after)=') AS items_before_changes;

-- Nothing is described: a sample decides what is a table, and which path looks rows up.
SELECT pg_temp.import_world('bare');
SELECT name, path, item_path, key_columns, importable, skip_reason FROM autoconn.endpoints WHERE server = 'bare' ORDER BY path;
SELECT * FROM pg_temp.edges('bare');
SELECT * FROM pg_temp.asked('bare');
SELECT foreign_table_name FROM information_schema.foreign_tables WHERE foreign_table_schema = 'bare' ORDER BY 1;
SELECT * FROM bare.users WHERE id = 7;
SELECT count(*) FROM bare.users;
SELECT count(*) FROM bare.posts WHERE user_id = 2;
SELECT * FROM pg_temp.asked('bare');
-- Without samples nothing of it is importable.
SELECT pg_temp.forget('r_bare');
DROP SERVER bare CASCADE;
DROP SCHEMA bare CASCADE;
SELECT pg_temp.import_world('bare', 'off');
SELECT name, path, importable, skip_reason FROM autoconn.endpoints WHERE server = 'bare' ORDER BY path;
SELECT * FROM pg_temp.asked('bare');

-- The round trip tells which property the item path means.
SELECT pg_temp.import_world('tracker');
SELECT name, item_path, key_columns, params, evidence ->> 'item' AS item FROM autoconn.endpoints WHERE server = 'tracker' AND importable;
SELECT * FROM pg_temp.asked('tracker');
SELECT title FROM tracker.issues WHERE number = 4;
SELECT * FROM pg_temp.asked('tracker');

-- References beyond the sample are looked up: five at most.
SELECT pg_temp.import_world('parts');
SELECT * FROM pg_temp.edges('parts');
SELECT * FROM pg_temp.asked('parts');
-- A thorough sample has three pages and the last one.
DROP SERVER parts CASCADE;
DROP SCHEMA parts CASCADE;
SELECT pg_temp.import_world('parts', 'on');
SELECT name, evidence -> 'key' -> 'rows' AS rows, evidence -> 'key' -> 'pages' AS pages FROM autoconn.endpoints WHERE server = 'parts' AND importable ORDER BY 1;
SELECT * FROM pg_temp.edges('parts');
SELECT r FROM pg_temp.asked('parts') r WHERE r ~ 'page=';
SET client_min_messages = warning;
\set url :api/i/r_shop/shop/v1
CREATE SERVER shop FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
CREATE SCHEMA shop;
SELECT pg_temp.forget('r_shop');
IMPORT FOREIGN SCHEMA api LIMIT TO (customers, payments, events, orders_payments) FROM SERVER shop INTO shop OPTIONS (sample 'on');
RESET client_min_messages;
-- The parent of a wanted table is sampled along.
SELECT r FROM pg_temp.asked('shop') r WHERE r !~ 'created_after';

-- The first poll of the watch leaves what samples proved.
CREATE TEMP TABLE proved AS SELECT name, evidence FROM autoconn.endpoints WHERE server = 'shop';
SELECT count(*) AS alerts FROM autoconn.check('shop');
SELECT count(*) FILTER (WHERE e.evidence ? 'types') AS sampled, count(*) FILTER (WHERE e.evidence <> p.evidence) AS otherwise
FROM autoconn.endpoints e JOIN proved p USING (name) WHERE e.server = 'shop';
-- The first page's number is nowhere declared: it is asked for without one, and page 1 shows whether it is the first.
SELECT pg_temp.import_world('zero');
SELECT name, evidence -> 'first_page' AS first_page, evidence -> 'pages' AS pages FROM autoconn.endpoints WHERE server = 'zero' ORDER BY name;
SELECT * FROM pg_temp.asked('zero');
SELECT (SELECT count(DISTINCT id) FROM zero.few) AS few, (SELECT count(DISTINCT id) FROM zero.lots) AS lots, (SELECT count(DISTINCT id) FROM zero.ones) AS ones, (SELECT count(DISTINCT id) FROM zero.undescribed) AS undescribed;

-- The budget: a hundred requests, and the first pages before anything else.
SELECT pg_temp.import_world('many');
SELECT count(*), count(DISTINCT r), count(*) FILTER (WHERE r !~ '[?&]page=') AS first_pages FROM pg_temp.requests('r_many') r;
SELECT evidence ->> 'sample' AS sample, evidence ->> 'pages' AS pages, count(*) FROM autoconn.endpoints WHERE server = 'many' AND importable GROUP BY 1, 2 ORDER BY 1 NULLS FIRST;

DO $$ DECLARE s name; BEGIN SET LOCAL client_min_messages = warning; FOR s IN SELECT srvname FROM pg_foreign_server LOOP EXECUTE format('DROP SERVER %I CASCADE', s); EXECUTE format('DROP SCHEMA %I CASCADE', s); END LOOP; END $$;
