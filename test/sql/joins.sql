-- Joins, subqueries, rescans, and what else a table can be part of.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
SELECT pg_temp.connect('things', '/s/join/filters;rows=40'), pg_temp.connect('shop', '/i/joinshop/shop/v1'), pg_temp.connect('second', '/s/second/filters;rows=20;style=page') \g /dev/null
-- Path variables without a value are below; what a parent does is in walk.sql.
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (DROP parent);
RESET client_min_messages;
-- Rows and requests, sorted: which requests, not in which order.
CREATE FUNCTION pg_temp.asks(session text, query text, OUT rows bigint, OUT requests text[]) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget(session);
  EXECUTE 'SELECT count(*) FROM (' || query || ') q' INTO rows;
  SELECT array_agg(substr(r, 5) ORDER BY r COLLATE "C") INTO requests FROM pg_temp.requests(session) r;
END $$;
-- Names of the plan's nodes, outermost first.
CREATE FUNCTION pg_temp.nodes(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  line text; found text;
BEGIN
  FOR line IN SELECT pg_temp.plan(query, 'VERBOSE OFF') LOOP
    IF line ~ '^ *->' OR found IS NULL THEN found := concat_ws(', ', found, regexp_replace(line, '^ *(-> *)?', '')); END IF;
  END LOOP;
  RETURN found;
END $$;
\set ECHO all
CREATE TABLE copy AS SELECT * FROM things.things;
CREATE TABLE few (id bigint, kind text, word text);
INSERT INTO few VALUES (1, 'red', 'x'), (5, 'green', 'y'), (5, 'green', 'z'), (41, 'none', NULL), (NULL, NULL, 'n');
ANALYZE copy, few;
-- (What is known of the things: many more than there are, so that reading them all is the last choice.)
ALTER FOREIGN TABLE things.things OPTIONS (ADD estimated_rows '100000');

-- Look-ups: a request for each value, one for values that come twice, none for NULL.
SELECT pg_temp.nodes('SELECT * FROM few JOIN things.things t USING (id)');
SELECT * FROM pg_temp.asks('join', 'SELECT * FROM few JOIN things.things t USING (id)');
SELECT few.id, word, t.name FROM few JOIN things.things t USING (id) ORDER BY word;
SET enable_memoize = off;
SELECT * FROM pg_temp.asks('join', 'SELECT * FROM few JOIN things.things t USING (id)');
SELECT * FROM pg_temp.asks('join', 'SELECT * FROM few LEFT JOIN things.things t ON t.id = few.id');
SELECT few.id, word, t.name FROM few LEFT JOIN things.things t ON t.id = few.id ORDER BY word;
SELECT few.id, word, t.name FROM few LEFT JOIN things.things t ON t.id = few.id AND t.active AND few.word <> 'y' ORDER BY word;
-- By a value that is not the key: a filtered list for each.
SELECT few.word, array_agg(t.id ORDER BY t.id) FROM few JOIN things.things t ON t.kind = few.kind AND t.id < 10 GROUP BY 1 ORDER BY 1;
SELECT requests FROM pg_temp.asks('join', 'SELECT FROM few JOIN things.things t ON t.kind = few.kind WHERE few.word = ''x''');
-- By an expression; by an inequality there is none.
SELECT requests FROM pg_temp.asks('join', 'SELECT FROM few JOIN things.things t ON t.id = few.id + 1 WHERE few.word = ''x''');
SELECT rows, cardinality(requests) FROM pg_temp.asks('join', 'SELECT FROM few JOIN things.things t ON t.id < few.id');
-- Lateral, with a limit for each.
SELECT * FROM pg_temp.asks('join', 'SELECT FROM few, LATERAL (SELECT * FROM things.things t WHERE t.id = few.id) x');
SELECT few.word, x.id FROM few LEFT JOIN LATERAL (SELECT t.id FROM things.things t WHERE t.kind = few.kind ORDER BY t.id DESC LIMIT 2) x ON true ORDER BY 1, 2;
-- Semi and anti joins.
SELECT t.id FROM things.things t WHERE t.id IN (SELECT id FROM few) ORDER BY 1;
SELECT count(*) FROM things.things t WHERE NOT EXISTS (SELECT FROM few WHERE few.id = t.id);
SELECT word FROM few WHERE EXISTS (SELECT FROM things.things t WHERE t.id = few.id) ORDER BY 1;
SELECT word FROM few WHERE NOT EXISTS (SELECT FROM things.things t WHERE t.id = few.id) ORDER BY 1;
SELECT word FROM few WHERE few.id NOT IN (SELECT t.id FROM things.things t WHERE t.kind = 'green') ORDER BY 1;
-- Correlated subqueries: a rescan with another value each time, none where the value is NULL.
SELECT word, (SELECT t.name FROM things.things t WHERE t.id = few.id) FROM few ORDER BY word;
SELECT * FROM pg_temp.asks('join', 'SELECT FROM few WHERE (SELECT t.name FROM things.things t WHERE t.id = few.id) IS NOT NULL');
SELECT word, (SELECT count(*) FROM things.things t WHERE t.owner_id = few.id) FROM few ORDER BY word;
-- A rescan with the same values reads again what was not kept.
SET enable_material = off;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SELECT pg_temp.nodes('SELECT FROM few LEFT JOIN things.things t ON t.owner_id % 3 = few.id % 3');
SELECT rows, cardinality(requests) FROM pg_temp.asks('join', 'SELECT FROM few LEFT JOIN things.things t ON t.owner_id % 3 = few.id % 3');
SELECT few.word, count(t.id), sum(t.id) FROM few LEFT JOIN things.things t ON t.owner_id % 3 = few.id % 3 GROUP BY 1 ORDER BY 1;
SELECT few.word, count(t.id), sum(t.id) FROM few LEFT JOIN copy t ON t.owner_id % 3 = few.id % 3 GROUP BY 1 ORDER BY 1;
RESET enable_material;
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_memoize;

-- A table with itself, two tables, two servers, many.
SELECT count(*) FROM things.things a JOIN things.things b ON b.id = a.owner_id WHERE a.kind = 'red';
SELECT count(*) FROM copy a JOIN copy b ON b.id = a.owner_id WHERE a.kind = 'red';
SELECT count(*), sum(a.id), sum(b.id) FROM things.things a JOIN second.things b ON a.kind = b.kind AND a.active AND NOT b.active;
SELECT count(*), sum(a.id), sum(b.id) FROM copy a JOIN copy b ON a.kind = b.kind AND a.active AND NOT b.active AND b.id <= 20;
SELECT count(*) FROM things.things a FULL JOIN second.things b ON a.id = b.id + 10;
SELECT o.id, c.name, p.amount FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id JOIN shop.payments p ON p.order_id = o.id WHERE o.id = 4711;
SELECT * FROM pg_temp.asks('joinshop', 'SELECT FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id JOIN shop.payments p ON p.order_id = o.id WHERE o.id = 4711');

-- A path variable takes its values from a join, whichever way it is written.
CREATE TABLE buyers (id bigint, word text);
INSERT INTO buyers VALUES (7, 'seven'), (8, 'eight'), (NULL, 'nobody');
SELECT b.word, count(*), sum(total) FROM buyers b JOIN shop.customers_orders o ON o.customer_id = b.id GROUP BY 1 ORDER BY 1;
SELECT * FROM pg_temp.asks('joinshop', 'SELECT FROM buyers b JOIN shop.customers_orders o ON o.customer_id = b.id');
SELECT b.word, count(o.id) FROM buyers b LEFT JOIN shop.customers_orders o ON o.customer_id = b.id GROUP BY 1 ORDER BY 1;
SELECT b.word, o.n FROM buyers b, LATERAL (SELECT count(*) AS n FROM shop.customers_orders o WHERE o.customer_id = b.id) o ORDER BY 1;
SELECT count(*) FROM shop.customers_orders WHERE customer_id IN (SELECT id FROM buyers);
SELECT word FROM buyers b WHERE EXISTS (SELECT FROM shop.customers_orders o WHERE o.customer_id = b.id AND o.status = 'delivered') ORDER BY 1;
SELECT p.order_id, p.id FROM buyers b JOIN shop.customers_orders o ON o.customer_id = b.id JOIN shop.orders_payments p ON p.order_id = o.id WHERE b.id = 7 ORDER BY 1, 2;
-- A parent that the API does not have has no rows; asked for by a constant it is an error.
SELECT b.id, count(o.id) FROM (VALUES (7), (70000), (8)) b (id) LEFT JOIN shop.customers_orders o ON o.customer_id = b.id GROUP BY 1 ORDER BY 1;
SELECT b.id, (SELECT count(*) FROM shop.customers_orders o WHERE o.customer_id = b.id) FROM (VALUES (7), (70000), (8)) b (id) ORDER BY 1;
SELECT regexp_replace(l, ' *(Requests|Pages|Rows Received|Completeness)', '\1') FROM pg_temp.plan('SELECT FROM (VALUES (7), (8), (70000)) b (id) JOIN shop.customers_orders o ON o.customer_id = b.id', 'ANALYZE') l WHERE l ~ 'Requests|Pages|Rows Received|Completeness';
SELECT pg_temp.error_of('SELECT FROM shop.customers_orders o WHERE customer_id = 70000');
-- Where a join cannot give a value, it is an error, not nothing.
SELECT pg_temp.error_of('SELECT FROM buyers b JOIN shop.customers_orders o ON o.customer_id > b.id');
SELECT pg_temp.error_of('SELECT FROM shop.customers_orders o LEFT JOIN buyers b ON o.customer_id = b.id');
SELECT pg_temp.error_of('SELECT FROM shop.customers_orders o FULL JOIN buyers b ON o.customer_id = b.id');
SELECT pg_temp.error_of('SELECT FROM shop.customers_orders a JOIN shop.customers_orders b ON a.customer_id = b.customer_id');
-- The same for a column that only shows what is sent.
CREATE FOREIGN TABLE shop.found (id bigint OPTIONS (json_path '/id'), name text OPTIONS (json_path '/name'), words text OPTIONS (param 'q')) SERVER shop
  OPTIONS (path '/customers', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '100', total_path '/meta/total');
SELECT w.word, f.words, count(f.id) FROM (VALUES ('Chloé Eriksson'), ('nobody at all'), (NULL)) w (word) LEFT JOIN shop.found f ON f.words = w.word GROUP BY 1, 2 ORDER BY 1;
SELECT count(*) FROM shop.found WHERE words = 'Eriksson';
SELECT count(*) FROM shop.found WHERE words IN (SELECT unnest('{Chloé Eriksson,Eriksson}'::text[]));
SELECT count(*) FROM (VALUES ('Chloé Eriksson')) w (word), shop.found f WHERE f.words = w.word AND f.name = w.word;
SELECT pg_temp.error_of('SELECT FROM shop.found f LEFT JOIN buyers b ON f.words = b.word');
SELECT pg_temp.error_of('SELECT FROM shop.found f FULL JOIN buyers b ON f.words = b.word');
SELECT pg_temp.error_of('SELECT FROM buyers b JOIN shop.found f ON f.words > b.word');
SELECT pg_temp.error_of('SELECT FROM buyers b WHERE b.word NOT IN (SELECT words FROM shop.found f WHERE f.words <> b.word)');

-- Whole rows, system columns, and what rows are made of.
SELECT t FROM things.things t WHERE id = 7;
SELECT (t).name, t.tableoid::regclass FROM things.things t WHERE id = 7;
SELECT row_to_json(t) FROM (SELECT * FROM things.things WHERE id IN (1, 2)) t;
SELECT t, few FROM few LEFT JOIN things.things t USING (id) ORDER BY word;
SELECT count(t), count(*) FROM things.things t;
SELECT FROM things.things WHERE id < 3;
SELECT 1 AS one FROM things.things WHERE id < 3;
SELECT xmin FROM things.things WHERE id = 7;

-- Columns that were dropped, added, moved, generated, have defaults: what is shown is what the API has.
CREATE FOREIGN TABLE shapes (gone text OPTIONS (json_path '/name'), value numeric OPTIONS (json_path '/value'), id bigint OPTIONS (json_path '/id', key 'true'), gone2 int OPTIONS (json_path '/owner_id')) SERVER things
  OPTIONS (path '/things', item_path '/things/{id}', rows_path '/things', pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor');
ALTER FOREIGN TABLE shapes DROP COLUMN gone, DROP COLUMN gone2, ADD COLUMN kind text OPTIONS (json_path '/kind', param 'kind'), ADD COLUMN absent int OPTIONS (json_path '/absent') DEFAULT 5,
  ADD COLUMN twice numeric OPTIONS (json_path '/value') GENERATED ALWAYS AS (value * 2) STORED;
SELECT * FROM shapes WHERE id = 7;
SELECT s FROM shapes s WHERE kind = 'red' AND id < 9 ORDER BY id;
SELECT * FROM pg_temp.verdicts('SELECT * FROM shapes s WHERE kind = ''red'' AND absent IS NULL');
ALTER FOREIGN TABLE shapes RENAME COLUMN kind TO colour;
ALTER FOREIGN TABLE shapes ALTER COLUMN colour TYPE varchar;
SELECT colour, count(*) FROM shapes GROUP BY 1 ORDER BY colour COLLATE "C";
SELECT * FROM pg_temp.verdicts('SELECT * FROM shapes s WHERE colour = ''red''');

-- As a child and as a partition.
CREATE TABLE parent (id bigint, kind text);
INSERT INTO parent VALUES (100, 'red'), (101, 'blue');
CREATE FOREIGN TABLE child (value numeric OPTIONS (json_path '/value')) INHERITS (parent) SERVER things
  OPTIONS (path '/things', item_path '/things/{id}', rows_path '/things', pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor');
ALTER FOREIGN TABLE child ALTER COLUMN id OPTIONS (json_path '/id', key 'true'), ALTER COLUMN kind OPTIONS (json_path '/kind', param 'kind');
SELECT tableoid::regclass, count(*) FROM parent WHERE kind = 'red' GROUP BY 1 ORDER BY 1;
SELECT * FROM pg_temp.asks('join', 'SELECT FROM parent WHERE kind = ''red''');
SELECT few.word, p.tableoid::regclass, p.id FROM few JOIN parent p ON p.id = few.id ORDER BY 1;
CREATE TABLE parts (kind text, id bigint) PARTITION BY LIST (kind);
CREATE TABLE parts_local PARTITION OF parts FOR VALUES IN ('green', 'blue');
INSERT INTO parts VALUES ('green', 1000);
CREATE FOREIGN TABLE parts_remote (id bigint OPTIONS (json_path '/id'), kind text OPTIONS (json_path '/kind', param 'kind')) SERVER things
  OPTIONS (path '/things', params 'kind=red', rows_path '/things', pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor');
ALTER TABLE parts ATTACH PARTITION parts_remote FOR VALUES IN ('red');
SELECT kind, count(*), sum(id) FROM parts GROUP BY 1 ORDER BY 1;
SELECT * FROM pg_temp.asks('join', 'SELECT FROM parts WHERE kind = ''green''');
SELECT requests FROM pg_temp.asks('join', 'SELECT FROM parts WHERE kind = ''red''');
INSERT INTO parts VALUES ('red', 1);

-- Parts of larger queries.
WITH reds AS MATERIALIZED (SELECT * FROM things.things WHERE kind = 'red') SELECT (SELECT count(*) FROM reds), (SELECT sum(id) FROM reds WHERE active);
WITH RECURSIVE chain AS (SELECT id, owner_id, 1 AS depth FROM things.things WHERE id = 13 UNION ALL SELECT t.id, t.owner_id, depth + 1 FROM chain c JOIN things.things t ON t.id = c.owner_id WHERE depth < 4) SELECT * FROM chain;
SELECT kind, count(*) FROM (SELECT * FROM things.things WHERE kind = 'red' UNION ALL SELECT * FROM second.things WHERE kind = 'green' UNION ALL SELECT * FROM copy WHERE kind = 'blue') u GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM (SELECT id FROM things.things EXCEPT SELECT id FROM second.things) x;
SELECT DISTINCT owner_id FROM things.things ORDER BY 1;
SELECT id, rank() OVER (PARTITION BY kind ORDER BY id DESC) FROM things.things WHERE owner_id = 1 ORDER BY 1;
SELECT kind, owner_id, count(*) FROM things.things GROUP BY ROLLUP (kind, owner_id) HAVING count(*) > 8 ORDER BY 1, 2;

-- Cursors, backwards too.
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT id, name FROM things.things WHERE kind = 'red';
FETCH 2 FROM c;
FETCH LAST FROM c;
FETCH BACKWARD 2 FROM c;
FETCH ABSOLUTE 1 FROM c;
FETCH FIRST FROM c;
CLOSE c;
DECLARE d NO SCROLL CURSOR FOR SELECT id FROM things.things;
FETCH 9 FROM d;
FETCH BACKWARD 1 FROM d;
ROLLBACK;

-- Reading is all there is.
INSERT INTO things.things (id) VALUES (1);
UPDATE things.things SET name = 'x';
DELETE FROM things.things;
TRUNCATE things.things;
COPY things.things (id) FROM PROGRAM 'echo 1';
MERGE INTO things.things t USING few ON t.id = few.id WHEN MATCHED THEN DELETE;
SELECT count(*) FROM things.things TABLESAMPLE system (50);
CREATE INDEX ON things.things (id);
COPY (SELECT id, name FROM things.things WHERE id = 7) TO STDOUT;

-- Into local tables.
CREATE TABLE mine AS SELECT id, kind, name FROM copy WHERE id <= 4;
UPDATE mine SET name = 'remote ' || t.name FROM things.things t WHERE t.id = mine.id AND t.active;
DELETE FROM mine USING things.things t WHERE t.id = mine.id AND t.kind = 'RED';
INSERT INTO mine SELECT id, kind, name FROM things.things WHERE kind = 'blue' AND id < 12 ON CONFLICT DO NOTHING;
MERGE INTO mine USING things.things t ON t.id = mine.id WHEN MATCHED AND t.kind = 'green' THEN UPDATE SET name = 'green' WHEN NOT MATCHED AND t.id > 38 THEN INSERT VALUES (t.id, t.kind, t.name);
SELECT * FROM mine ORDER BY id, name;
SELECT mine.id, t.name FROM mine JOIN things.things t USING (id) WHERE t.kind = 'blue' ORDER BY 1 FOR UPDATE OF mine;
SELECT t.name FROM things.things t WHERE id = 7 FOR UPDATE;

-- In functions: a plan that is kept, a loop, an exception in the middle.
CREATE FUNCTION pg_temp.name_of(thing bigint) RETURNS text STABLE LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT name FROM things.things WHERE id = thing); END $$;
SELECT string_agg(pg_temp.name_of(i), ',' ORDER BY i) FROM generate_series(1, 8) i;
CREATE FUNCTION pg_temp.total(thing bigint) RETURNS numeric STABLE LANGUAGE sql AS $$ SELECT sum(value) FROM things.things WHERE owner_id = thing $$;
SELECT pg_temp.total(1), pg_temp.total(2), pg_temp.total(NULL);
DO $$
DECLARE t record; n int := 0;
BEGIN
  FOR t IN SELECT * FROM things.things ORDER BY id LOOP
    BEGIN
      n := n + 1;
      PERFORM 1 / (t.id - 3);
      PERFORM FROM things.things x WHERE x.id = t.id AND 1 / (t.id - 5) > 0;
    EXCEPTION WHEN division_by_zero THEN RAISE NOTICE 'thing %', t.id;
    END;
  END LOOP;
  RAISE NOTICE '% things', n;
END $$;

-- Statistics.
ALTER FOREIGN TABLE things.things OPTIONS (DROP estimated_rows);
ANALYZE things.things;
SELECT reltuples FROM pg_class WHERE oid = 'things.things'::regclass;
SELECT attname, n_distinct, null_frac FROM pg_stats WHERE schemaname = 'things' ORDER BY 1;
SET client_min_messages = error;
ANALYZE shop.customers_orders;
RESET client_min_messages;
SELECT count(*) FROM pg_stats WHERE tablename = 'customers_orders';
ANALYZE parent;
SELECT count(*) FROM pg_stats WHERE tablename = 'parent' AND inherited;

-- A view is read with its owner's credentials, a function with its caller's.
SET client_min_messages = warning;
CREATE ROLE regress_owner;
CREATE ROLE regress_reader;
SELECT :'api' || '/i/joinlocked/auth/bearer/v1' AS url \gset
CREATE SERVER locked FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
CREATE USER MAPPING FOR regress_owner SERVER locked OPTIONS (token 'bearer-S3CRET-5f1c');
CREATE SCHEMA locked;
GRANT USAGE ON SCHEMA locked TO regress_owner, regress_reader;
GRANT USAGE ON FOREIGN SERVER locked TO regress_owner;
CREATE FOREIGN TABLE locked.account (name text) SERVER locked OPTIONS (path '/account', rows_path '', pagination 'none');
ALTER FOREIGN TABLE locked.account ALTER COLUMN name OPTIONS (json_path '/name');
GRANT SELECT ON locked.account TO regress_owner, regress_reader;
CREATE VIEW locked.by_owner AS SELECT count(*) FROM locked.account;
ALTER VIEW locked.by_owner OWNER TO regress_owner;
CREATE VIEW locked.by_invoker WITH (security_invoker) AS SELECT count(*) FROM locked.account;
ALTER VIEW locked.by_invoker OWNER TO regress_owner;
CREATE FUNCTION locked.definer() RETURNS bigint SECURITY DEFINER LANGUAGE sql AS $$ SELECT count(*) FROM locked.account $$;
ALTER FUNCTION locked.definer() OWNER TO regress_owner;
GRANT SELECT ON locked.by_owner, locked.by_invoker TO regress_reader;
RESET client_min_messages;
\set SHOW_CONTEXT never
SET ROLE regress_owner;
SELECT count(*) FROM locked.account;
SET ROLE regress_reader;
SELECT * FROM locked.by_owner;
SELECT locked.definer();
SELECT * FROM locked.by_invoker;
SELECT count(*) FROM locked.account;
SELECT * FROM locked.by_owner;
RESET ROLE;

\set ECHO none
SET client_min_messages = warning;
DROP TABLE parts, parent, copy, few, buyers, mine CASCADE;
SELECT pg_temp.disconnect() \g /dev/null
DROP ROLE regress_owner, regress_reader;
