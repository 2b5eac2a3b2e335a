-- Lists of values: a request for each, no row twice, none lost.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
SELECT pg_temp.connect('things', '/s/lists/filters;rows=40'), pg_temp.connect('shop', '/i/listshop/shop/v1') \g /dev/null
-- Path variables without a value are below; what a parent does is in walk.sql.
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (DROP parent);
RESET client_min_messages;
\set ECHO all
-- So many that a look-up of each value costs less than all of them.
ALTER FOREIGN TABLE things.things OPTIONS (ADD estimated_rows '1000');
CREATE TABLE things.copy AS SELECT * FROM things.things;
CREATE TEMP TABLE found (LIKE things.copy);
CREATE FUNCTION pg_temp.things(clause text, OUT rows bigint, OUT right_rows bool, OUT requests text[]) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget('lists');
  TRUNCATE found;
  EXECUTE format('INSERT INTO found SELECT * FROM things.things WHERE %s', clause);
  GET DIAGNOSTICS rows = ROW_COUNT;
  EXECUTE format('SELECT NOT EXISTS (TABLE found EXCEPT ALL SELECT * FROM things.copy things WHERE %1$s) AND NOT EXISTS (SELECT * FROM things.copy things WHERE %1$s EXCEPT ALL TABLE found)',
    clause) INTO right_rows;
  SELECT array_agg(regexp_replace(r, '^.*/things', '') ORDER BY r) INTO requests FROM pg_temp.requests('lists') r;
END $$;

-- By a key each row is looked up, by a parameter the collection is read once for each value. A value that stands twice is sent once, NULL never.
SELECT clause, t.* FROM unnest(ARRAY[
  'id IN (7, 8)', 'id = ANY (''{8,7,8,NULL,7}'')', 'id = 7 OR id = 8 OR 9 = id', 'id IN (41, 7, -1)', 'id IN (7)', 'id = ANY (ARRAY[7, NULL]::bigint[])', 'id = ANY ((SELECT array_agg(id) FROM things.copy WHERE id < 4)::bigint[])',
  'owner_id IN (4, 5)', 'owner_id = ANY (''{5,5}''::int[])', 'owner_id = ANY (''{5}''::smallint[]) AND active',
  'id IN (7, 8) AND kind = ''red''', 'id IN (1, 2, 3) AND id = 2', 'id IN (1, 2) AND id IN (2, 3)', 'active OR NOT active'
]) WITH ORDINALITY c (clause, n), pg_temp.things(clause) t ORDER BY n;
-- Nothing is equal to nothing: no request.
SELECT clause, t.* FROM unnest(ARRAY['id = ANY (''{}'')', 'id = ANY (''{NULL}'')', 'id = ANY (NULL::bigint[])', 'id = ANY ((SELECT NULL::bigint[])::bigint[])', 'owner_id = ANY (ARRAY[]::bigint[])'])
  WITH ORDINALITY c (clause, n), pg_temp.things(clause) t ORDER BY n;
-- All combinations of two lists; the rows come in the order of the lists.
SELECT * FROM pg_temp.things('kind IN (''red'', ''blue'') AND owner_id IN (2, 5)');
SELECT id FROM things.things WHERE id IN (9, 3, 7);
-- Where the whole collection is known to have fewer pages than the list has values, that is read.
SELECT rows, right_rows, cardinality(requests) AS requests FROM pg_temp.things('id IN (' || (SELECT string_agg(i::text, ',') FROM generate_series(2, 40) i) || ')');
ALTER FOREIGN TABLE things.things OPTIONS (SET estimated_rows '40');
SELECT rows, right_rows, cardinality(requests) AS requests FROM pg_temp.things('id IN (' || (SELECT string_agg(i::text, ',') FROM generate_series(2, 40) i) || ')');
SELECT * FROM pg_temp.verdicts('SELECT * FROM things.things WHERE id IN (' || (SELECT string_agg(i::text, ',') FROM generate_series(2, 40) i) || ')');
ALTER FOREIGN TABLE things.things OPTIONS (SET estimated_rows '1000');
-- What may not be sent alone may not be sent in a list.
SELECT clause, v AS verdict FROM unnest(ARRAY['kind NOT IN (''red'')', 'kind <> ALL (''{red}'')', 'kind <> ANY (''{red,blue}'')', 'kind LIKE ANY (''{re%}'')', 'kind > ANY (''{red}'')', 'name IN (''a'', ''b'')', 'value IN (7.25, 8)',
  'kind IN (''red'', name)', 'kind = ''red'' OR owner_id = 1', 'kind = ''red'' OR kind IS NULL', 'kind = ''red'' OR lower(kind) = ''red''', 'kind = ANY (ARRAY[''red'', clock_timestamp()::text])', 'id IN (7, 8) OR id > 9', 'owner_id IN (1, 2.5)'])
  WITH ORDINALITY c (clause, n), pg_temp.verdicts('SELECT * FROM things.things WHERE ' || clause) v ORDER BY n;
SELECT * FROM pg_temp.plan($$ SELECT * FROM things.things WHERE id IN (7, 8) $$);
SELECT * FROM pg_temp.plan($$ SELECT * FROM things.things WHERE owner_id = 4 OR owner_id = 5 $$, 'ANALYZE, VERBOSE');
-- Few rows are wanted: no more is asked for than can be of use.
SELECT t.requests FROM pg_temp.ask('lists', 'SELECT * FROM things.things WHERE id = ANY (''{1,2,3,4}'') LIMIT 2') t;
-- Values of a prepared statement, and of the outer row.
PREPARE by_ids(bigint[]) AS SELECT id FROM things.things WHERE id = ANY ($1) ORDER BY id;
SET plan_cache_mode = force_generic_plan;
EXECUTE by_ids('{7,8}');
EXECUTE by_ids('{}');
EXECUTE by_ids(NULL);
RESET plan_cache_mode;
SELECT pg_temp.forget('lists') \g /dev/null
SELECT o.n, t.id FROM (VALUES (1, '{1,2}'::bigint[]), (2, '{3}'), (3, '{}'), (4, NULL), (5, '{2,1}')) o(n, ids) LEFT JOIN LATERAL (SELECT id FROM things.things WHERE id = ANY (o.ids) OFFSET 0) t ON true ORDER BY 1, 2;
SELECT r, count(*) FROM pg_temp.requests('lists') r GROUP BY 1 ORDER BY 1;

-- Path variables: the table has rows for the values that are listed, and shows them.
SELECT pg_temp.forget('listshop') \g /dev/null
SELECT customer_id, array_agg(id ORDER BY id) FROM shop.customers_orders WHERE customer_id IN (7, 8, 7) GROUP BY 1 ORDER BY 1;
SELECT r FROM pg_temp.requests('listshop') r ORDER BY 1;
SELECT count(*) FROM shop.customers_orders WHERE customer_id = ANY ('{}');
SELECT pg_temp.error_of('SELECT * FROM shop.customers_orders WHERE customer_id NOT IN (7, 8)');
-- So does a column without a field.
CREATE FOREIGN TABLE shop.found (id bigint, words text OPTIONS (param 'q')) SERVER shop
  OPTIONS (path '/customers', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '100', total_path '/meta/total');
ALTER FOREIGN TABLE shop.found ALTER COLUMN id OPTIONS (json_path '/id');
SELECT words, count(*), count(DISTINCT id) FROM shop.found WHERE words IN ('Eriksson', 'Chloé', 'nobody is called that') GROUP BY 1 ORDER BY 1;
SELECT count(*) AS several, count(DISTINCT id) AS found, count(DISTINCT id) = (SELECT count(*) FROM shop.found WHERE words = 'Eriksson') AS all_of_them FROM shop.found WHERE words IN ('Eriksson', 'Chloé') AND id IN (SELECT id FROM shop.found WHERE words = 'Eriksson');

-- An API that ignores the parameter gives each row once; it is said, and not sent again.
SET client_min_messages = warning;
SELECT pg_temp.connect('ignoring', '/s/listignoring/ignore_filters;rows=40') \g /dev/null
RESET client_min_messages;
SELECT pg_temp.forget('listignoring') \g /dev/null
SELECT kind, count(*), count(DISTINCT id) FROM ignoring.things WHERE kind IN ('red', 'blue') GROUP BY 1 ORDER BY 1;
SELECT pg_temp.forget('listignoring') \g /dev/null
SELECT kind, count(*), count(DISTINCT id) FROM ignoring.things WHERE kind IN ('red', 'blue') GROUP BY 1 ORDER BY 1;
SELECT count(*) AS requests, bool_or(r ~ 'kind=') AS sent FROM pg_temp.requests('listignoring') r;
SELECT pg_temp.disconnect();
