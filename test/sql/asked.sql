-- Filters, bounds and orders that a description offers: proved by a request each, else not used.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
CREATE FUNCTION pg_temp.import_asked(acts text, sample text DEFAULT 'auto') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL client_min_messages = warning;
  EXECUTE format('CREATE SERVER %I FOREIGN DATA WRAPPER autoconn OPTIONS (url %L, spec_url %L, retries ''0'')', acts,
                 current_setting('test.api') || '/i/as_' || acts || '/asked/' || acts || '/v1', current_setting('test.api') || '/i/as_' || acts || '/asked/' || acts || '/openapi.json');
  EXECUTE format('CREATE SCHEMA %I', acts);
  PERFORM pg_temp.forget('as_' || acts);
  EXECUTE format('IMPORT FOREIGN SCHEMA api FROM SERVER %1$I INTO %1$I OPTIONS (sample %2$L)', acts, sample);
END $$;
CREATE FUNCTION pg_temp.asks(acts text) RETURNS TABLE (tab name, col name, options text) LANGUAGE sql AS $$
  SELECT c.relname, a.attname, string_agg(o.option_name || ' ' || o.option_value, ', ' ORDER BY o.option_name)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, pg_options_to_table(a.attfdwoptions) o
  WHERE c.relnamespace = acts::regnamespace AND o.option_name IN ('param', 'operators', 'param_from', 'param_to', 'bound_format', 'sort_asc', 'sort_desc', 'sort_nulls', 'param_list', 'param_list_max', 'hidden')
  GROUP BY 1, 2, a.attnum ORDER BY 1, a.attnum
$$;
CREATE FUNCTION pg_temp.findings(acts text) RETURNS TABLE (tab text, kind text, col text, asked text, finding text) LANGUAGE sql AS $$
  SELECT e.name, k, f ->> 'column', COALESCE(f ->> 'param', f ->> 'query'), f ->> 'finding'
  FROM autoconn.endpoints e, unnest('{filters,lists,bounds,orders,fields}'::text[]) WITH ORDINALITY u(k, n), jsonb_array_elements(e.evidence -> k) WITH ORDINALITY j(f, m)
  WHERE e.server = acts ORDER BY e.name, n, m
$$;
\set ECHO all
SELECT pg_temp.import_asked('right');
SELECT * FROM pg_temp.asks('right');
SELECT * FROM pg_temp.findings('right');
-- One request each, in which scans will ask.
SELECT r FROM pg_temp.requests('as_right') r WHERE r !~ '(v1/\w+\?per_page=50|page=2.*|/\d+|json)$' ORDER BY r COLLATE "C";
-- Lists of values, and fields that are sent only where they are named.
SELECT option_name, option_value FROM information_schema.foreign_table_options WHERE foreign_table_schema = 'right' AND foreign_table_name = 'boxes' AND option_name LIKE 'fields%' ORDER BY 1;
CREATE FUNCTION pg_temp.boxes(query text, OUT rows bigint, OUT requests text[]) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget('as_right');
  EXECUTE format('SELECT count(*) FROM (%s) q', query) INTO rows;
  SELECT array_agg(regexp_replace(r, '^.*/v1', '') ORDER BY r COLLATE "C") INTO requests FROM pg_temp.requests('as_right') r;
END $$;
SELECT query, b.* FROM unnest(ARRAY['SELECT size FROM "right".boxes WHERE id IN (3, 5, 77)', 'SELECT size FROM "right".boxes WHERE id = 3', 'SELECT id FROM "right".boxes WHERE kind IN (''drum'', ''bag'') AND label = ''box 7''',
  'SELECT notes FROM "right".boxes WHERE label IN (''box 7'', ''box 9'') AND notes LIKE ''%7''', 'SELECT * FROM "right".boxes WHERE id = ANY (SELECT generate_series(1, 60))'])
  WITH ORDINALITY q(query, n), pg_temp.boxes(query) b ORDER BY n;
-- An item may not take the parameter that names hidden fields: where one is needed, the list is asked for the key.
SELECT id, notes FROM "right".boxes WHERE id = 7;
SELECT query, b.* FROM unnest(ARRAY['SELECT id FROM "right".boxes WHERE id = 7', 'SELECT id FROM "right".boxes WHERE id = 7 AND notes = ''note 7''', 'SELECT id FROM "right".boxes b WHERE id IN (7, 9) AND b::text LIKE ''%note 7%'''])
  WITH ORDINALITY q(query, n), pg_temp.boxes(query) b ORDER BY n;
-- What an import found is what scans send, and the rows are right.
CREATE TEMP TABLE copy AS SELECT * FROM "right".parcels;
CREATE FUNCTION pg_temp.parcels(clause text, OUT rows bigint, OUT same boolean, OUT first_request text) LANGUAGE plpgsql AS $$
DECLARE a jsonb; b jsonb;
BEGIN
  PERFORM pg_temp.forget('as_right');
  EXECUTE format('SELECT jsonb_agg(id ORDER BY id), count(*) FROM (SELECT id FROM "right".parcels WHERE %s) q', clause) INTO a, rows;
  SELECT min(regexp_replace(r, '^.*/v1', '') COLLATE "C") INTO first_request FROM pg_temp.requests('as_right') r;
  EXECUTE format('SELECT jsonb_agg(id ORDER BY id) FROM (SELECT id FROM copy WHERE %s) q', clause) INTO b;
  same := a IS NOT DISTINCT FROM b;
END $$;
SELECT clause, p.* FROM unnest(ARRAY['city = ''Halle, Saale''', 'city IN (''Ulm'', ''ulm'')', 'pieces = 3', 'code = ''P-007''', 'created_at > ''2025-01-20T17:00:00Z''', 'created_at BETWEEN ''2025-01-08T11:00:00Z'' AND ''2025-01-08T16:00:00Z''',
  'updated_at >= ''2025-02-14T00:00:00+01''', 'due_on BETWEEN ''2025-02-01'' AND ''2025-02-03''', 'seen > ''2025-01-05''', 'weight >= 24.5 AND weight < 24.75', 'created_at > ''2025-01-20'' ORDER BY created_at DESC LIMIT 2', 'true ORDER BY weight DESC, id LIMIT 3'])
  WITH ORDINALITY c(clause, n), pg_temp.parcels(clause) p ORDER BY n;
SELECT * FROM pg_temp.plan('SELECT id FROM "right".events ORDER BY score LIMIT 3');

-- APIs that ignore them, that withhold rows, or that mean something else are found out.
SELECT pg_temp.import_asked('ignores'), pg_temp.import_asked('short'), pg_temp.import_asked('other');
SELECT * FROM pg_temp.asks('ignores');
SELECT * FROM pg_temp.findings('ignores');
SELECT * FROM pg_temp.asks('short');
SELECT * FROM pg_temp.findings('short');
SELECT * FROM pg_temp.asks('other');
SELECT * FROM pg_temp.findings('other');

-- Without a sample nothing is proved, and so nothing is sent.
DROP SERVER "right" CASCADE;
DROP SCHEMA "right" CASCADE;
SELECT pg_temp.import_asked('right', 'off');
SELECT * FROM pg_temp.asks('right');
SELECT * FROM pg_temp.requests('as_right');
\set ECHO none
SET client_min_messages = warning;
DROP SERVER "right", ignores, short, other CASCADE;
DROP SCHEMA "right", ignores, short, other CASCADE;
