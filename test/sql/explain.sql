-- What EXPLAIN says of a foreign scan, and that it asks nothing.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
SELECT pg_temp.connect('things', '/s/expl/filters;rows=40'), pg_temp.connect('shop', '/i/explshop/shop/v1'), pg_temp.connect('paged', '/s/explpaged/plain;rows=30;style=page;max_size=10'),
  pg_temp.connect('linked', '/s/expllinked/plain;rows=10;style=link'), pg_temp.connect('counted', '/s/explcounted/plain;rows=10;style=offset'),
  pg_temp.connect('nexturl', '/s/explnext/plain;rows=10;style=next_url'), pg_temp.connect('single', '/s/explsingle/plain;rows=10;style=none') \g /dev/null
-- Path variables without a value are below; what a parent does is in walk.sql.
ALTER FOREIGN TABLE shop.customers_orders OPTIONS (DROP parent);
RESET client_min_messages;
CREATE TABLE few (id bigint);
INSERT INTO few VALUES (1), (5), (41);
ANALYZE few;
-- A plan with a sub-select's value called $n, as before PostgreSQL 17, and with sizes hidden: how large answers are is the API's business.
CREATE FUNCTION pg_temp.explain(query text, options text DEFAULT 'VERBOSE') RETURNS SETOF text LANGUAGE sql AS $$
  SELECT regexp_replace(regexp_replace(l, '\(InitPlan \d+\)\.col1|\$\d+', '$n', 'g'), '(Bytes"?: )\d+', '\1N') FROM pg_temp.plan(query, options) l
$$;
CREATE FUNCTION pg_temp.forget_all() RETURNS void LANGUAGE sql AS $$ SELECT count(pg_temp.forget(s)) FROM unnest('{expl,explshop,explpaged,expllinked,explcounted,explnext,explsingle}'::text[]) s $$;
CREATE FUNCTION pg_temp.requests_of_all() RETURNS SETOF text LANGUAGE sql AS $$ SELECT r FROM unnest('{expl,explshop,explpaged,expllinked,explcounted,explnext,explsingle}'::text[]) s, pg_temp.requests(s) r $$;
SELECT pg_temp.forget_all() \g /dev/null
\set ECHO all

-- Without VERBOSE it is PostgreSQL's own.
SELECT * FROM pg_temp.explain('SELECT * FROM shop.orders WHERE status = ''pending''', 'VERBOSE OFF');
-- What is sent, what is not and why, how pages are read.
SELECT * FROM pg_temp.explain('SELECT id FROM shop.orders WHERE status = ''pending'' AND total > 500 AND created_at = ''2024-01-01''');
SELECT * FROM pg_temp.explain('SELECT id FROM shop.orders WHERE id = 4711 AND gift');
SELECT * FROM pg_temp.explain('SELECT * FROM shop.customers_orders WHERE customer_id = 7');
SELECT * FROM pg_temp.explain('SELECT q, name FROM shop.search WHERE q = ''a & b/c''');
SELECT l FROM pg_temp.explain('SELECT name FROM things.things WHERE kind = (SELECT ''red'') AND owner_id = 2') l WHERE l ~ 'Request|Sent';
SELECT l FROM pg_temp.explain('SELECT t.name FROM few JOIN things.things t USING (id)') l WHERE l !~ 'Filter:';
-- Values that an API might read otherwise are not sent, and not said to be.
SELECT l FROM unnest(ARRAY['= ''''', '= ''a,b''', 'IN (''red'', '' '')', 'IN (''red'', ''green'')']) WITH ORDINALITY c (c, n), pg_temp.explain('SELECT name FROM things.things WHERE kind ' || c) l WHERE l ~ 'Request|[Ss]ent:' ORDER BY n, l DESC;
-- A scan that cannot run says so before it is run.
SELECT * FROM pg_temp.explain('SELECT id FROM shop.customers_orders WHERE id = 7');
-- Each way to the next page.
SELECT l FROM unnest('{paged,linked,counted,nexturl,single,things}'::text[]) WITH ORDINALITY s (s, n), pg_temp.explain(format('SELECT id FROM %I.things', s)) l WHERE l ~ 'Request|Pagination|Concurrency' ORDER BY n, l DESC;
-- No secret is in it, wherever the API wants it.
SET client_min_messages = error;
SELECT :'api' || '/i/explshop/auth/query/v1' AS url \gset
CREATE SERVER secret FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
CREATE USER MAPPING FOR CURRENT_USER SERVER secret OPTIONS (api_key 'query-S3CRET-91e4', headers '{"X-Other": "other-S3CRET"}');
CREATE SCHEMA secret;
IMPORT FOREIGN SCHEMA api LIMIT TO (products) FROM SERVER secret INTO secret;
RESET client_min_messages;
SELECT pg_temp.forget_all() \g /dev/null
SELECT * FROM pg_temp.explain('SELECT name FROM secret.products WHERE in_stock AND price > 250');
-- None of these asked anything.
SELECT * FROM pg_temp.requests_of_all();

-- What it took.
SELECT * FROM pg_temp.explain('SELECT id FROM shop.orders WHERE status = ''pending'' AND total > 500', 'VERBOSE, ANALYZE');
SELECT * FROM pg_temp.explain('SELECT id FROM shop.orders WHERE id = 4711', 'ANALYZE');
SELECT * FROM pg_temp.explain('SELECT id FROM shop.orders WHERE id = -1', 'ANALYZE');
SELECT * FROM pg_temp.explain('SELECT id FROM counted.things', 'ANALYZE');
SELECT * FROM pg_temp.explain('SELECT id FROM single.things', 'ANALYZE');
SELECT * FROM pg_temp.explain('SELECT id FROM things.things WHERE kind = NULLIF(current_setting(''port''), current_setting(''port''))', 'ANALYZE');
SELECT l FROM pg_temp.explain('SELECT id FROM things.things WHERE kind = (SELECT '' red'')', 'VERBOSE, ANALYZE') l WHERE l ~ 'Request:|[Ss]ent:|Rows Received';
SELECT l FROM pg_temp.explain('SELECT v.k FROM (VALUES (''red''), ('''')) v(k), LATERAL (SELECT id FROM things.things WHERE kind = v.k OFFSET 0) t', 'VERBOSE, ANALYZE') l WHERE l ~ '[Ss]ent:';
SELECT l FROM pg_temp.explain('SELECT t.name FROM few JOIN things.things t USING (id)', 'ANALYZE') l WHERE l !~ 'actual|Filter:';
SELECT l FROM pg_temp.explain('SELECT name FROM secret.products WHERE in_stock AND price > 250', 'VERBOSE, ANALYZE') l WHERE l ~ 'S3CRET|Request:|Rows Received|Completeness';
-- It never ran.
SELECT l FROM pg_temp.explain('SELECT t.name FROM few JOIN things.things t ON t.id = few.id + 1 WHERE few.id > 100', 'ANALYZE') l WHERE l ~ 'never|Requests';
-- Stopped early.
SELECT l FROM pg_temp.explain('SELECT id FROM shop.orders LIMIT 3', 'ANALYZE') l WHERE l !~ 'Requests|Bytes';

-- Retries, and how long was waited for them.
SET client_min_messages = warning;
SELECT pg_temp.connect('flaky', '/s/explflaky/flaky;fail=1;at=2;rows=6;pages=3') \g /dev/null
RESET client_min_messages;
SELECT pg_temp.forget('explflaky') \g /dev/null
SELECT * FROM pg_temp.explain('SELECT id FROM flaky.things', 'ANALYZE');
SELECT count(*) FROM pg_temp.requests('explflaky');
SELECT pg_temp.forget('explflaky') \g /dev/null
CREATE FUNCTION pg_temp.wait(query text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE j json;
BEGIN
  EXECUTE 'EXPLAIN (ANALYZE, FORMAT JSON) ' || query INTO j;
  RETURN j #>> '{0,Plan,Wait}';
END $$;
-- The API says for how long: that at least.
SET client_min_messages = warning;
SELECT pg_temp.connect('patient', '/s/explpatient/rate_limited;retry_after=0.3;fail=1;at=2;rows=6;pages=3') \g /dev/null
RESET client_min_messages;
SELECT pg_temp.wait('SELECT id FROM counted.things') < 100 AS hardly, pg_temp.wait('SELECT id FROM patient.things') >= 300 AS waited;
-- Rows that should not have come.
SET client_min_messages = error;
SELECT pg_temp.connect('ignoring', '/s/explignoring/ignore_filters;rows=10;pages=1') \g /dev/null
SELECT * FROM pg_temp.explain('SELECT id FROM ignoring.things WHERE kind = ''green''', 'ANALYZE');
RESET client_min_messages;
-- Totals.
SET client_min_messages = warning;
SELECT pg_temp.connect('moving', '/s/explmoving/total_moving;rows=10;style=offset'), pg_temp.connect('told', '/s/expltold/total;rows=10'), pg_temp.connect('high', '/s/explhigh/total_high;rows=10;style=page') \g /dev/null
RESET client_min_messages;
SELECT l FROM pg_temp.explain('SELECT id FROM moving.things', 'ANALYZE') l WHERE l ~ 'Completeness|Rows Received';
SELECT l FROM pg_temp.explain('SELECT id FROM told.things', 'ANALYZE') l WHERE l ~ 'Completeness|Rows Received';
ALTER FOREIGN TABLE high.things OPTIONS (ADD on_incomplete 'warn', ADD total 'exact');
SELECT substring(l, '(Rows Received: \d+|Completeness: \w+)') FROM pg_temp.explain('SELECT id FROM high.things', 'ANALYZE') l WHERE l ~ 'Completeness|Rows Received';

-- As JSON: lists are lists, numbers are numbers.
CREATE FUNCTION pg_temp.explain_json(query text) RETURNS TABLE (key text, type text, value text) LANGUAGE plpgsql AS $$
DECLARE j json;
BEGIN
  EXECUTE 'EXPLAIN (VERBOSE, ANALYZE, FORMAT JSON) ' || query INTO j;
  RETURN QUERY SELECT e.key, json_typeof(e.value), CASE WHEN e.key IN ('Bytes', 'Wait') THEN '...' ELSE e.value::text END FROM json_each(j -> 0 -> 'Plan') e
    WHERE e.key IN ('Request', 'Sent', 'Not sent', 'Pagination', 'Concurrency', 'Requests', 'Pages', 'Rows Received', 'Bytes', 'Retries', 'Wait', 'Rows Rejected', 'Completeness');
END $$;
SELECT * FROM pg_temp.explain_json('SELECT id FROM shop.orders WHERE status = ''pending'' AND NOT gift AND total > 500');
SELECT * FROM pg_temp.explain_json('SELECT id FROM single.things');

\set ECHO none
SET client_min_messages = warning;
DROP TABLE few;
SELECT pg_temp.disconnect() \g /dev/null
