-- What is sent to the API, what is not, and that the rows are right either way.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
SELECT pg_temp.connect('things', '/s/push/filters;rows=40'), pg_temp.connect('shop', '/i/pushshop/shop/v1') \g /dev/null
-- Path variables without a value are below; what a parent does is in walk.sql.
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (DROP parent);
-- What an import proves is in asked.sql.
ALTER FOREIGN TABLE shop.products ALTER COLUMN sku OPTIONS (ADD operators 'none');
RESET client_min_messages;
\set ECHO all
SELECT attname, attfdwoptions FROM pg_attribute WHERE attrelid = 'things.things'::regclass AND attnum > 0;
CREATE TABLE things.copy AS SELECT * FROM things.things;
SELECT count(*), sum(value) FROM things.copy;

-- Sent: equality on a declared enum, identifier and boolean, and on the key. One request has them all, and every row is there.
CREATE TEMP TABLE found (LIKE things.copy);
CREATE FUNCTION pg_temp.things(clause text, OUT rows bigint, OUT right_rows bool, OUT requests bigint, OUT first_request text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget('push');
  TRUNCATE found;
  EXECUTE format('INSERT INTO found SELECT * FROM things.things WHERE %s', clause);
  GET DIAGNOSTICS rows = ROW_COUNT;
  EXECUTE format('SELECT NOT EXISTS (TABLE found EXCEPT ALL SELECT * FROM things.copy things WHERE %1$s) AND NOT EXISTS (SELECT * FROM things.copy things WHERE %1$s EXCEPT ALL TABLE found)',
    clause) INTO right_rows;
  SELECT count(*), (array_agg(r))[1] INTO requests, first_request FROM pg_temp.requests('push') r;
END $$;
SET autoconn_test.kind = 'blue';
SELECT clause, t.* FROM unnest(ARRAY[
  'kind = ''red''', '''red'' = kind', 'kind = ''red''::varchar', 'kind::varchar = ''red''', 'kind COLLATE "C" = ''red''', 'kind IN (''red'')',
  'owner_id = 3', '3 = owner_id', 'owner_id = 3::int2', 'owner_id = 3::int8',
  'active', 'NOT active', 'active = true', 'false = active', 'active IS TRUE', 'active IS FALSE', 'active <> true',
  'id = 7', '7 = id', 'id = 41', 'id = -1', 'id = 7 AND kind = ''red''', 'id = 4 AND kind = ''red''',
  'kind = ''red'' AND active AND owner_id = 2',
  'kind = current_setting(''autoconn_test.kind'')', 'owner_id = date_part(''year'', now())::bigint - date_part(''year'', now())::bigint + 2',
  'kind = (SELECT ''green'')', 'kind = (SELECT kind FROM things.copy WHERE id = 2)', 'owner_id = (SELECT max(owner_id) FROM things.copy)',
  'kind = ''red'' AND id > 10', 'kind = ''no such kind''', 'kind = '''''
]) WITH ORDINALITY c (clause, n), pg_temp.things(clause) t ORDER BY n;

-- Not sent: whatever the API could take for something else. All pages are read.
CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq);
CREATE OPERATOR public.== (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq);
CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE FUNCTION pg_temp.volatile_red() RETURNS text VOLATILE LANGUAGE plpgsql AS $$ BEGIN RETURN 'red'; END $$;
SELECT clause, t.rows, t.right_rows, t.requests, v AS verdict FROM unnest(ARRAY[
  'kind <> ''red''', 'kind > ''green''', 'owner_id BETWEEN 2 AND 3', 'id < 7', 'kind LIKE ''red''', 'kind ~ ''^red$''', 'kind ILIKE ''red''',
  'lower(kind) = ''red''', 'kind || '''' = ''red''', 'owner_id + 0 = 3', 'kind = name', 'kind IS NULL', 'kind IS NOT NULL', 'kind IS NOT DISTINCT FROM ''red''',
  'active IS NOT TRUE', 'active IS NOT FALSE', 'active IS UNKNOWN', 'value = 7.25', 'name = ''thing 7''', 'owner_id = 3.0', 'owner_id = 3::float8', 'kind = ''red''::name',
  'kind::bpchar = ''red''::bpchar', 'kind COLLATE caseless = ''red''', 'kind OPERATOR(public.=) ''red''', 'kind OPERATOR(public.==) ''red''', 'kind = pg_temp.volatile_red()',
  '(kind = ''red'') IS TRUE', 'NOT (kind <> ''red'' OR id < 7)', 'id = (SELECT c.id FROM things.copy c WHERE c.id = things.id AND c.kind = ''red'')'
]) WITH ORDINALITY c (clause, n), pg_temp.things(clause) t,
LATERAL pg_temp.verdicts('SELECT * FROM things.things WHERE ' || clause) v ORDER BY n, v;

-- NULL is equal to nothing: no request. Nor is one made for what cannot be true.
SELECT clause, t.rows, t.requests FROM unnest(ARRAY[
  'kind = NULL', 'id = NULL', 'kind = (SELECT NULL::text)', 'kind = NULLIF(current_setting(''autoconn_test.kind''), ''blue'')', 'id = (SELECT id FROM things.copy WHERE false)',
  'active = (SELECT NULL::boolean)', 'false', 'kind = ''red'' AND kind = ''green''', 'id = 1 AND current_setting(''autoconn_test.kind'') = ''red'''
]) WITH ORDINALITY c (clause, n), pg_temp.things(clause) t ORDER BY n;
-- Two values of one column that are not known to differ: one is sent, both are checked.
SELECT rows, requests, first_request FROM pg_temp.things('kind = (SELECT ''red'') AND kind = (SELECT ''green'')');
SELECT rows, requests, first_request FROM pg_temp.things('kind = (SELECT ''red'') AND kind = (SELECT ''red'')');
SELECT * FROM pg_temp.verdicts($$ SELECT * FROM things.things WHERE kind = (SELECT 'red') AND kind = (SELECT 'green') $$);
SELECT * FROM pg_temp.verdicts($$ SELECT * FROM things.things WHERE id = 7 AND kind = 'red' $$);

-- Prepared: the values of each execution are sent, whoever makes the plan.
PREPARE by_kind(text, bigint) AS SELECT count(*), sum(id) FROM things.things WHERE kind = $1 AND owner_id = $2;
PREPARE by_id(bigint) AS SELECT name FROM things.things WHERE id = $1;
PREPARE by_active(boolean) AS SELECT count(*) FROM things.things WHERE active = $1;
SELECT pg_temp.forget('push') \g /dev/null
SET plan_cache_mode = force_custom_plan;
EXECUTE by_kind('red', 1);
EXECUTE by_kind('green', NULL);
EXECUTE by_id(12);
EXECUTE by_active(false);
SELECT * FROM pg_temp.requests('push');
SET plan_cache_mode = force_generic_plan;
EXECUTE by_kind('red', 1);
EXECUTE by_kind('blue', 2);
EXECUTE by_kind('green', NULL);
EXECUTE by_id(13);
EXECUTE by_id(NULL);
EXECUTE by_active(true);
EXECUTE by_active(false);
SELECT * FROM pg_temp.requests('push');
SELECT * FROM pg_temp.plan('EXECUTE by_kind(''red'', 1)');
RESET plan_cache_mode;
DEALLOCATE ALL;

-- The rows are those of a copy, whatever is asked and whatever is sent.
CREATE FUNCTION pg_temp.differences(clauses text[]) RETURNS TABLE (clause text, missing bigint, surplus bigint) LANGUAGE plpgsql AS $$
BEGIN
  FOREACH clause IN ARRAY clauses LOOP
    EXECUTE format('SELECT (SELECT count(*) FROM (SELECT * FROM things.copy things WHERE %1$s EXCEPT ALL SELECT * FROM things.things WHERE %1$s) x), '
                   '(SELECT count(*) FROM (SELECT * FROM things.things WHERE %1$s EXCEPT ALL SELECT * FROM things.copy things WHERE %1$s) x)', clause) INTO missing, surplus;
    IF missing + surplus > 0 THEN RETURN NEXT; END IF;
  END LOOP;
END $$;
\set clauses 'ARRAY[$$kind = \'red\'$$, $$kind = \'RED\'$$, $$kind = \'green\' AND active$$, $$NOT active$$, $$active IS NOT TRUE$$, $$kind <> \'red\' AND owner_id = 1$$, $$owner_id = 5 AND kind = \'blue\'$$, $$id = 1$$, $$id = 40$$, $$id = 41$$, $$id = 0$$, $$id = 3 AND active$$, $$id = 3 AND NOT active$$, $$id = 9223372036854775807$$, $$owner_id = 9223372036854775807$$, $$id IN (1, 2, 3)$$, $$id = ANY (ARRAY[]::bigint[])$$, $$id > 3 AND kind = \'red\'$$, $$kind = \'red\' OR owner_id = 2$$, $$(kind = \'red\' OR kind = \'RED\') AND owner_id = 1$$, $$NOT (kind = \'red\')$$, $$NOT (kind = \'red\' AND active)$$, $$kind IS NULL$$, $$(kind = \'red\') IS NOT TRUE$$, $$CASE WHEN active THEN kind = \'red\' ELSE owner_id = 2 END$$, $$coalesce(active, false)$$, $$active AND active$$, $$active AND NOT active$$, $$active = (owner_id = 1)$$, $$kind = \'red \'$$, $$kind = \' red\'$$, $$kind = lower(\'RED\')$$, $$kind LIKE \'re%\'$$, $$upper(kind) = \'RED\'$$, $$value = 7.25$$, $$value::int = owner_id$$, $$name = \'thing 8\'$$, $$id = owner_id$$, $$kind = (SELECT min(kind) FROM things.copy)$$, $$id = (SELECT max(id) FROM things.copy)$$, $$EXISTS (SELECT FROM things.copy c WHERE c.id = things.id AND c.kind = \'blue\')$$, $$id NOT IN (SELECT id FROM things.copy WHERE active)$$, $$owner_id = (SELECT count(*) FROM things.copy c WHERE c.id <= things.id) % 5 + 1$$, $$true$$, $$false$$]'
SELECT cardinality(:clauses);
SELECT * FROM pg_temp.differences(:clauses);

-- Values with any characters: encoded, never read as anything but a value.
CREATE FOREIGN TABLE shop.by_text (id text OPTIONS (key 'true'), name text, tier text OPTIONS (param 'q')) SERVER shop
  OPTIONS (path '/customers', item_path '/customers/{id}', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '100', total_path '/meta/total');
CREATE FOREIGN TABLE shop.orders_of (customer text OPTIONS (param 'customer'), id bigint) SERVER shop
  OPTIONS (path '/customers/{customer}/orders', rows_path '/orders', pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor');
\set values 'ARRAY[$$a/b$$, $$a?b$$, $$a#b$$, $$a%b$$, $$%2e%2e$$, $$a&b$$, $$a=b$$, $$a+b$$, $$a b$$, $$a;b$$, $$ünï …$$, $$"<>\\^`{|}$$, $$\'; DROP TABLE x$$, E\'a\\tb\\fc\', $$...$$, $$~-._$$]'
SELECT v, a.rows, a.requests, a.first_request FROM unnest(:values) WITH ORDINALITY u (v, n), pg_temp.ask('pushshop', format('SELECT * FROM shop.search WHERE q = %L', v)) a ORDER BY n;
SELECT v, a.rows, a.requests, a.first_request FROM unnest(:values) WITH ORDINALITY u (v, n), pg_temp.ask('pushshop', format('SELECT * FROM shop.by_text WHERE id = %L', v)) a ORDER BY n;
-- As a filter, too, the value is one value; the empty text is one.
SELECT rows, requests, first_request FROM pg_temp.ask('pushshop', 'SELECT * FROM shop.search WHERE q = ''''');
-- What is no path segment is never put into a path.
SELECT v, pg_temp.error_of(format('SELECT * FROM shop.orders_of WHERE customer = %L', v)) FROM unnest('{"",.,..}'::text[]) v;
SELECT * FROM pg_temp.requests('pushshop');
-- A row may have such a key: the collection knows.
SELECT v, a.rows, a.requests, a.first_request FROM unnest('{"",.,..}'::text[]) v, pg_temp.ask('pushshop', format('SELECT * FROM shop.by_text WHERE id = %L', v)) a;

-- Path variables: both operand orders, any source of the value; without one it is an error that names them.
SELECT clause, a.* FROM unnest(ARRAY['customer_id = 7', '7 = customer_id', 'customer_id = (SELECT 7)', 'customer_id = 7 AND status = ''delivered''', 'customer_id = 7 AND id = 1863', 'customer_id = (SELECT NULL::bigint)'])
  WITH ORDINALITY c (clause, n), pg_temp.ask('pushshop', 'SELECT * FROM shop.customers_orders WHERE ' || clause) a ORDER BY n;
SELECT customer_id, array_agg(id ORDER BY id) FROM shop.customers_orders WHERE customer_id = 7 GROUP BY 1;
SELECT pg_temp.forget('pushshop') \g /dev/null
SELECT clause, pg_temp.error_of('SELECT * FROM shop.customers_orders ' || clause) FROM unnest(ARRAY['', 'WHERE customer_id > 7', 'WHERE customer_id <> 7',
  'WHERE customer_id + 0 = 7', 'WHERE customer_id IS NULL', 'WHERE customer_id = id', 'WHERE customer_id = 7.0', 'WHERE customer_id::text = ''7''']) WITH ORDINALITY c (clause, n) ORDER BY n;
SELECT * FROM pg_temp.requests('pushshop');
-- Of several, all that are missing are named.
CREATE FOREIGN TABLE shop.two_variables (a text, "B" text, id bigint) SERVER shop OPTIONS (path '/x/{a}/{B}/orders', pagination 'none');
SELECT * FROM shop.two_variables;
SELECT * FROM shop.two_variables WHERE a = 'x';
-- A table that the planner leaves out needs no values.
SELECT count(*) FROM (SELECT FROM things.copy c LEFT JOIN (SELECT DISTINCT customer_id FROM shop.customers_orders) o ON o.customer_id = c.id) x;

-- A column without a field shows what was sent; a condition that cannot be sent is an error, not an empty result.
CREATE FOREIGN TABLE shop.found (id bigint, name text, tier text, words text OPTIONS (param 'q')) SERVER shop
  OPTIONS (path '/customers', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '100', total_path '/meta/total');
ALTER FOREIGN TABLE shop.found ALTER COLUMN id OPTIONS (json_path '/id'), ALTER COLUMN name OPTIONS (json_path '/name'), ALTER COLUMN tier OPTIONS (json_path '/tier');
SELECT id, name, words FROM shop.found WHERE words = 'Chloé Eriksson' ORDER BY id LIMIT 2;
SELECT count(*), count(words) FROM shop.found;
SELECT count(*) FROM shop.found WHERE words IS NULL;
SELECT pg_temp.forget('pushshop') \g /dev/null
SELECT clause, pg_temp.error_of('SELECT * FROM shop.found WHERE ' || clause) FROM unnest(ARRAY['words <> ''a''', 'words IS NOT NULL', 'words LIKE ''a%''', 'lower(words) = ''a''', 'words = ''a'' OR id = 1',
  'words = name', 'words IS DISTINCT FROM ''a''', 'words COLLATE caseless = ''a''', 'words || name = ''a''', 'length(words) = 1', 'words = pg_temp.volatile_red()']) WITH ORDINALITY c (clause, n) ORDER BY n;
SELECT * FROM pg_temp.requests('pushshop');
SELECT * FROM shop.found WHERE words <> 'a';
SELECT rows, requests, first_request FROM pg_temp.ask('pushshop', 'SELECT * FROM shop.found WHERE words = ''Eriksson'' AND words = (SELECT ''Eriksson'') AND id > 7');

-- Types that several spellings stand for, or that compare otherwise.
CREATE DOMAIN kind_domain AS text CHECK (VALUE <> '');
CREATE FUNCTION pg_temp.typed(type text, value text, field text, coll text, OUT rows bigint, OUT requests bigint, OUT first_request text, OUT verdict text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE FOREIGN TABLE things.typed (c %s OPTIONS (param %L, json_path %L) %s, id bigint) SERVER things OPTIONS (path ''/things'', rows_path ''/things'', pagination ''cursor'', cursor_param ''cursor'', cursor_path ''/next_cursor'')',
                 type, field, '/' || field, coll);
  SELECT * INTO rows, requests, first_request FROM pg_temp.ask('push', format('SELECT * FROM things.typed WHERE c = %s', value));
  SELECT * INTO verdict FROM pg_temp.verdicts(format('SELECT * FROM things.typed WHERE c = %s', value));
  DROP FOREIGN TABLE things.typed;
END $$;
SELECT type, coll, value, t.* FROM (VALUES (1, 'text', '''red''', 'kind', ''), (2, 'varchar', '''red''', 'kind', ''), (3, 'varchar(9)', '''red''', 'kind', ''), (4, 'kind_domain', '''red''', 'kind', ''),
    (5, 'char(5)', '''red''', 'kind', ''), (6, 'name', '''red''', 'kind', ''), (7, 'text', '''red''', 'kind', 'COLLATE caseless'), (8, 'text', '''red''', 'kind', 'COLLATE "C"'),
    (9, 'smallint', '2', 'owner_id', ''), (10, 'integer', '2::bigint', 'owner_id', ''), (11, 'numeric', '2', 'owner_id', ''), (12, 'double precision', '2', 'owner_id', ''), (13, 'text', '''2''', 'owner_id', ''),
    (14, 'boolean', 'true', 'active', ''), (15, 'text', '''true''', 'active', ''), (16, 'jsonb', '''"red"''', 'kind', '')) v (n, type, value, field, coll),
  LATERAL pg_temp.typed(type, value, field, coll) t ORDER BY n;
-- The user's word does not make these equal.
ALTER FOREIGN TABLE shop.orders ALTER COLUMN created_at OPTIONS (ADD param 'created_after'), ALTER COLUMN total OPTIONS (ADD param 'total');
SELECT * FROM pg_temp.verdicts($$ SELECT * FROM shop.orders WHERE created_at = '2024-01-01T01:37:00Z' AND total = 996.41 AND currency = 'EUR' $$);

-- A search is no equality, an identifier that nobody declared as one is not proved: not sent, until the user says so.
SELECT attfdwoptions FROM pg_attribute WHERE attrelid = 'shop.products'::regclass AND attname = 'sku';
SELECT sku AS a_sku FROM shop.products ORDER BY sku LIMIT 1 \gset
SELECT rows, requests FROM pg_temp.ask('pushshop', format('SELECT * FROM shop.products WHERE sku = %L', :'a_sku'));
SELECT * FROM pg_temp.verdicts(format('SELECT * FROM shop.products WHERE sku = %L', :'a_sku'));
ALTER FOREIGN TABLE shop.products ALTER COLUMN sku OPTIONS (DROP operators);
SELECT rows, requests, replace(first_request, :'a_sku', 'A-SKU') FROM pg_temp.ask('pushshop', format('SELECT * FROM shop.products WHERE sku = %L', :'a_sku'));
ALTER FOREIGN TABLE shop.products ALTER COLUMN sku OPTIONS (DROP param);
SELECT * FROM pg_temp.verdicts(format('SELECT * FROM shop.products WHERE sku = %L', :'a_sku'));
-- The same the other way round.
ALTER FOREIGN TABLE things.things ALTER COLUMN kind OPTIONS (ADD operators 'none');
SELECT * FROM pg_temp.things('kind = ''red''');
SELECT * FROM pg_temp.verdicts($$ SELECT * FROM things.things WHERE kind = 'red' $$);
-- A word that is wrong: the API knows no such parameter.
ALTER FOREIGN TABLE things.things ALTER COLUMN name OPTIONS (ADD param 'called');
SELECT rows, right_rows, first_request FROM pg_temp.things('name = ''thing 7''');
SELECT * FROM pg_temp.things('name = ''thing 7''');
SELECT * FROM pg_temp.verdicts($$ SELECT * FROM things.things WHERE name = 'thing 7' $$);

-- APIs whose filters do something else.
-- They are ignored: the rows are right, it is said once, and not sent again; nor in a plan that was made before.
SET client_min_messages = warning;
SELECT pg_temp.connect('ignoring', '/s/ignoring/ignore_filters;rows=40') \g /dev/null
SELECT pg_temp.forget('ignoring') \g /dev/null
PREPARE reds(text) AS SELECT count(*) FROM ignoring.things WHERE kind = $1;
SET plan_cache_mode = force_generic_plan;
SELECT count(*) FROM ignoring.things WHERE kind = 'green';
-- (The next page was asked for before the first one was read, or was about to be.)
SELECT * FROM pg_temp.requests('ignoring') r WHERE r !~ 'kind=.*cursor=';
EXECUTE reds('red');
SELECT count(*) FROM ignoring.things WHERE kind = 'red' AND owner_id = 1;
SELECT count(*) FROM ignoring.things WHERE kind = 'blue' AND owner_id = 4;
SELECT * FROM pg_temp.requests('ignoring') r WHERE r !~ 'owner_id=.*cursor=';
EXECUTE reds('red');
SELECT * FROM pg_temp.verdicts($$ SELECT * FROM ignoring.things WHERE kind = 'red' AND owner_id = 2 AND active $$);
RESET plan_cache_mode;
DEALLOCATE reds;
-- A look-up is no filter.
SELECT * FROM ignoring.things WHERE id = 7 AND kind = 'blue';
-- Case is ignored: too many rows come, the right ones stay.
SELECT pg_temp.connect('caseless', '/s/caseless/filter_caseless;rows=40') \g /dev/null
SELECT count(*), array_agg(DISTINCT kind) FROM caseless.things WHERE kind = 'RED';
SELECT count(*), array_agg(DISTINCT kind) FROM caseless.things WHERE kind = 'red';
-- The others come: none is shown, and the right ones are.
SELECT pg_temp.connect('other', '/s/otherrows/filter_other;rows=40') \g /dev/null
SELECT count(*), array_agg(DISTINCT kind) FROM other.things WHERE kind = 'RED';
SELECT count(*), array_agg(DISTINCT owner_id) FROM other.things WHERE owner_id = 3;
-- The filter is refused: an error that says what was asked.
SELECT pg_temp.connect('refusing', '/s/refusing/filter_refused;rows=40') \g /dev/null
SELECT count(*) FROM refusing.things WHERE kind = 'RED';
SELECT count(*) FROM refusing.things WHERE id > 7;
ALTER FOREIGN TABLE refusing.things ALTER COLUMN kind OPTIONS (ADD operators 'none');
SELECT count(*) FROM refusing.things WHERE kind = 'RED';
-- An API that withholds rows that match is the reason for operators 'none'.
SELECT pg_temp.connect('withholding', '/s/withholding/filter_withholds;rows=40') \g /dev/null
ALTER FOREIGN TABLE withholding.things ALTER COLUMN kind OPTIONS (ADD operators 'none');
SELECT count(*) FROM withholding.things WHERE kind = 'RED';
-- A default that hides rows is asked away, unless a value is wanted.
SELECT pg_temp.connect('hiding', '/s/hiding/hiding_default;rows=20') \g /dev/null
SELECT pg_temp.forget('hiding') \g /dev/null
SELECT count(*) FROM hiding.things;
SELECT count(*) FROM hiding.things WHERE state = 'open';
SELECT count(*) FROM hiding.things WHERE state = 'closed';
SELECT count(*) FROM hiding.things WHERE state <> 'open';
SELECT r, count(*) FROM (SELECT regexp_replace(r, 'cursor=\w+', 'cursor=...') AS r FROM pg_temp.requests('hiding') r) x GROUP BY r ORDER BY r COLLATE "C";
RESET client_min_messages;

-- Behind a security barrier only what cannot leak is sent and evaluated early.
CREATE FUNCTION pg_temp.leak(text) RETURNS bool COST 0.0001 LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'seen: %', $1; RETURN true; END $$;
ALTER FOREIGN TABLE things.things ALTER COLUMN kind OPTIONS (DROP operators);
CREATE VIEW things.mine WITH (security_barrier) AS SELECT * FROM things.things WHERE value < 3 AND owner_id = 2;
SELECT id, kind FROM things.mine WHERE pg_temp.leak(name);
SELECT * FROM pg_temp.plan('SELECT id, kind FROM things.mine WHERE pg_temp.leak(name) AND kind = ''RED''');

\set ECHO none
SELECT pg_temp.disconnect() \g /dev/null
DROP OPERATOR public.= (text, text);
DROP OPERATOR public.== (text, text);
DROP DOMAIN kind_domain;
DROP COLLATION caseless;
