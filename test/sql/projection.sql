-- Fields: those that a query needs are asked for, and those that the API hides.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
-- A table in a scenario; and what a query gives and asks.
CREATE FUNCTION pg_temp.things(name text, scenario text, options text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE SERVER %I FOREIGN DATA WRAPPER autoconn OPTIONS (url %L, discover ''off'')', name, format('%s/s/%s/%s', current_setting('test.api'), name, scenario));
  EXECUTE format('CREATE SCHEMA %I', name);
  EXECUTE format('CREATE FOREIGN TABLE %1$I.things (id bigint OPTIONS (key ''true''), name text, value numeric, owner_id int OPTIONS (json_path ''/owner_id'', param ''owner_id''), kind text OPTIONS (json_path ''/kind'', param ''kind''), active boolean OPTIONS (json_path ''/active'', param ''active'', operators ''none''))
    SERVER %1$I OPTIONS (path ''/things'', item_path ''/things/{id}'', rows_path ''/data'', pagination ''page'', page_param ''page'', page_size_param ''per_page'', page_size ''50'', total_path ''/meta/total'', fields_param ''fields'', %2$s)', name, options);
END $$;
CREATE FUNCTION pg_temp.asked(name text, query text, OUT rows bigint, OUT sum text, OUT requests text[]) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget(name);
  EXECUTE 'SELECT count(*), md5(string_agg(q::text, E''\n'' ORDER BY q::text)) FROM (' || query || ') q' INTO rows, sum;
  SELECT array_agg(regexp_replace(regexp_replace(r, '^.*/things\??', ''), '&?(page|per_page)=\d+', '', 'g') ORDER BY r) INTO requests FROM pg_temp.requests(name) r;
END $$;
CREATE TEMP TABLE things AS SELECT n::bigint AS id, 'thing ' || n AS name, n + .25 AS value, 1 + n % 5 AS owner_id, (ARRAY['red', 'RED', 'green', 'blue'])[1 + n % 4] AS kind, n % 3 <> 0 AS active FROM generate_series(1, 30) n;
CREATE FUNCTION pg_temp.expected(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  sum text;
BEGIN
  EXECUTE 'SELECT md5(string_agg(q::text, E''\n'' ORDER BY q::text)) FROM (' || replace(query, '%I.', 'pg_temp.') || ') q' INTO sum;
  RETURN sum;
END $$;
\set ECHO all
-- Columns that are shown, and those of conditions that are checked here; the key besides, by which pages are told apart.
SELECT pg_temp.things('fields', 'chosen;style=page;size=50;rows=30', $$fields_list 'comma'$$);
SELECT q AS query, a.rows, a.sum = pg_temp.expected(q) AS right_rows, a.requests FROM unnest(ARRAY['SELECT name FROM %I.things', 'SELECT value FROM %I.things WHERE active', 'SELECT name FROM %I.things WHERE kind = ''red''', 'SELECT 1 FROM %I.things', 'SELECT * FROM %I.things', 'SELECT things FROM %I.things', 'SELECT name FROM %I.things ORDER BY value LIMIT 3',
  'SELECT max(value) FROM %I.things GROUP BY owner_id', 'SELECT name FROM %I.things WHERE id = 7', 'SELECT a.name FROM %I.things a JOIN %I.things b ON a.id = b.id + 20 AND b.active'])
  WITH ORDINALITY q(q, n), pg_temp.asked('fields', replace(q, '%I.', 'fields.')) a ORDER BY n;
SELECT * FROM pg_temp.plan('SELECT name FROM fields.things WHERE active');
-- Names apart, and other names than those of the row.
SELECT pg_temp.things('apart', 'chosen;style=page;size=50;rows=30;lists=repeat', $$fields_list 'repeat'$$);
ALTER FOREIGN TABLE apart.things ALTER COLUMN value OPTIONS (ADD field 'price');
SELECT a.* FROM pg_temp.asked('apart', 'SELECT name FROM apart.things') a;
SELECT a.rows, a.requests FROM pg_temp.asked('apart', 'SELECT value FROM apart.things') a;
-- Fields below a member, sparse fieldsets: what stands beside comes by itself, unless it has a name.
ALTER FOREIGN TABLE apart.things OPTIONS (SET fields_param 'fields[things]', SET fields_list 'comma', ADD fields_path '/attributes');
ALTER FOREIGN TABLE apart.things ALTER COLUMN name OPTIONS (ADD json_path '/attributes/name');
ALTER FOREIGN TABLE apart.things ALTER COLUMN value OPTIONS (DROP field, ADD json_path '/attributes/price/amount');
ALTER FOREIGN TABLE apart.things ALTER COLUMN owner_id OPTIONS (SET json_path '/relationships/owner/data/id', ADD field 'owner');
SELECT q, a.requests FROM unnest(ARRAY['id', 'name', 'value, name', 'owner_id', 'kind']) WITH ORDINALITY q(q, n), pg_temp.asked('apart', format('SELECT %s FROM apart.things', q)) a ORDER BY n;
-- Without a key there is nothing to tell pages apart by; a column of the whole row needs all.
ALTER FOREIGN TABLE fields.things ALTER COLUMN id OPTIONS (SET key 'false');
SELECT a.requests FROM pg_temp.asked('fields', 'SELECT name FROM fields.things') a;
ALTER FOREIGN TABLE fields.things ALTER COLUMN id OPTIONS (SET key 'true');
ALTER FOREIGN TABLE fields.things ADD COLUMN raw jsonb OPTIONS (json_path '');
SELECT a.requests FROM pg_temp.asked('fields', 'SELECT raw FROM fields.things') a;
ALTER FOREIGN TABLE fields.things DROP COLUMN raw;
-- What an API sends only if it is named: in place of the others, or besides.
SELECT pg_temp.things('hiding', 'chosen;style=page;size=50;rows=30;hidden=value,active', $$fields_list 'comma'$$);
ALTER FOREIGN TABLE hiding.things ALTER COLUMN value OPTIONS (ADD hidden 'true');
ALTER FOREIGN TABLE hiding.things ALTER COLUMN active OPTIONS (ADD hidden 'true');
SELECT q AS query, a.rows, a.sum = pg_temp.expected(q) AS right_rows, a.requests FROM unnest(ARRAY['SELECT value FROM %I.things', 'SELECT * FROM %I.things', 'SELECT name FROM %I.things WHERE active', 'SELECT name FROM %I.things WHERE id = 7', 'SELECT value FROM %I.things WHERE id = 7'])
  WITH ORDINALITY q(q, n), pg_temp.asked('hiding', replace(q, '%I.', 'hiding.')) a ORDER BY n;
SELECT pg_temp.things('adding', 'chosen;style=page;size=50;rows=30;hidden=value,active;adds=1', $$fields_list 'comma', fields_named 'hidden'$$);
ALTER FOREIGN TABLE adding.things ALTER COLUMN value OPTIONS (ADD hidden 'true');
ALTER FOREIGN TABLE adding.things ALTER COLUMN active OPTIONS (ADD hidden 'true');
SELECT q AS query, a.rows, a.sum = pg_temp.expected(q) AS right_rows, a.requests FROM unnest(ARRAY['SELECT name FROM %I.things', 'SELECT value FROM %I.things', 'SELECT * FROM %I.things', 'SELECT name FROM %I.things WHERE active', 'SELECT name FROM %I.things WHERE id = 7', 'SELECT value FROM %I.things WHERE id = 7'])
  WITH ORDINALITY q(q, n), pg_temp.asked('adding', replace(q, '%I.', 'adding.')) a ORDER BY n;
-- ANALYZE sees them, too; a column that is gone is not asked for.
ALTER FOREIGN TABLE adding.things DROP COLUMN owner_id;
ANALYZE adding.things;
SELECT null_frac, n_distinct FROM pg_stats WHERE schemaname = 'adding' AND attname = 'active';
SELECT pg_temp.disconnect();
