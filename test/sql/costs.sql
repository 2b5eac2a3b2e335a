-- What a plan is chosen by: totals and pages that were seen, ANALYZE by a sample; look-ups against reading all.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
CREATE SERVER costs FOREIGN DATA WRAPPER autoconn OPTIONS (url :'api', discover 'off', max_concurrency '4');
CREATE SCHEMA costs;
-- A table of so many rows, 10 a page.
CREATE FUNCTION pg_temp.things(name text, rows int, style text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE FOREIGN TABLE costs.%1$I (id bigint OPTIONS (key ''true''), name text, kind text OPTIONS (json_path ''/kind'', param ''kind''), owner_id int OPTIONS (json_path ''/owner_id'', param ''owner_id'')) SERVER costs OPTIONS (path ''/s/costs/filters;style=%3$s;size=10;rows=%2$s/things'', item_path ''/s/costs/filters;style=%3$s;size=10;rows=%2$s/things/{id}'', %4$s)',
    name, rows, style, CASE style WHEN 'page' THEN 'rows_path ''/data'', pagination ''page'', page_param ''page'', page_size_param ''per_page'', page_size ''10'', total_path ''/meta/total'''
      WHEN 'offset' THEN 'rows_path ''/items'', pagination ''offset'', page_param ''offset'', page_size_param ''limit'', page_size ''10'', total_path ''/total''' ELSE 'rows_path ''/things'', pagination ''cursor'', cursor_param ''cursor'', cursor_path ''/next_cursor'', page_size_param ''limit'', page_size ''10''' END);
END $$;
-- Rows that the planner reckons with.
CREATE FUNCTION pg_temp.reckoned(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  plan jsonb;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
  RETURN plan -> 0 -> 'Plan' -> 'Plan Rows';
END $$;
-- The nodes of a plan, from above.
CREATE FUNCTION pg_temp.shape(query text) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(regexp_replace(l, '^ *(-> *)?', ''), ' | ' ORDER BY n) FROM pg_temp.plan(query, 'COSTS OFF') WITH ORDINALITY p(l, n) WHERE l ~ '->|^[A-Z]' AND l !~ '^ *(Hash Cond|Filter|Cache|Merge Cond|Join Filter|Sort Key)'
$$;
CREATE FUNCTION pg_temp.count_requests(query text, OUT requests bigint, OUT sample text[]) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget('costs');
  EXECUTE query;
  SELECT count(*), (array_agg(regexp_replace(r, '^GET ', '') ORDER BY r))[:2] INTO requests, sample FROM pg_temp.requests('costs') r;
END $$;
\set ECHO all
SELECT pg_temp.things('small', 40, 'page'), pg_temp.things('large', 3000, 'page'), pg_temp.things('skipped', 3000, 'offset'), pg_temp.things('chained', 60, 'cursor');
-- Nothing is known, then a total was seen, then what somebody says.
SELECT pg_temp.reckoned('SELECT * FROM costs.large');
SELECT count(*) FROM (SELECT FROM costs.large LIMIT 1) x;
SELECT pg_temp.reckoned('SELECT * FROM costs.large');
ALTER FOREIGN TABLE costs.large OPTIONS (ADD estimated_rows '70');
SELECT pg_temp.reckoned('SELECT * FROM costs.large');
ALTER FOREIGN TABLE costs.large OPTIONS (DROP estimated_rows);
-- Read to the end, without a total.
SELECT count(*) FROM costs.chained;
SELECT pg_temp.reckoned('SELECT * FROM costs.chained');
-- A part says nothing of the whole.
SELECT count(*) FROM costs.small WHERE kind = 'red';
SELECT pg_temp.reckoned('SELECT * FROM costs.small');
SELECT count(*) FROM costs.small;
SELECT pg_temp.reckoned('SELECT * FROM costs.small');

-- ANALYZE reads 100 pages from all over the collection, and knows how many rows there are.
SELECT requests, sample[1] AS first, sample[2] ~ '\?page=\d+&per_page=10$' AS then_pages FROM pg_temp.count_requests('ANALYZE costs.large');
SELECT reltuples FROM pg_class WHERE oid = 'costs.large'::regclass;
SELECT n_distinct < -0.9 AS ids_differ, array_length(histogram_bounds, 1) > 50 AS histogram, (histogram_bounds::text::bigint[])[1] < 300 AS from_begin, (histogram_bounds::text::bigint[])[array_length(histogram_bounds, 1)] > 2700 AS to_end FROM pg_stats WHERE schemaname = 'costs' AND tablename = 'large' AND attname = 'id';
SELECT n_distinct, (SELECT sum(f) > 0.99 FROM unnest(most_common_freqs) f) AS all_known FROM pg_stats WHERE schemaname = 'costs' AND tablename = 'large' AND attname = 'kind';
SELECT requests FROM pg_temp.count_requests('ANALYZE costs.skipped');
SELECT reltuples FROM pg_class WHERE oid = 'costs.skipped'::regclass;
SELECT (histogram_bounds::text::bigint[])[1] < 300 AS from_begin, (histogram_bounds::text::bigint[])[array_length(histogram_bounds, 1)] > 2700 AS to_end FROM pg_stats WHERE schemaname = 'costs' AND tablename = 'skipped' AND attname = 'id';
-- Few pages, or such as lead to one another, are all read.
SELECT requests FROM pg_temp.count_requests('ANALYZE costs.small');
SELECT requests FROM pg_temp.count_requests('ANALYZE costs.chained');
SELECT relname, reltuples FROM pg_class WHERE relnamespace = 'costs'::regnamespace AND relname IN ('small', 'chained') ORDER BY 1;
-- A total that is belied by the pages.
ALTER FOREIGN TABLE costs.skipped OPTIONS (SET path '/s/costs/total_high;by=3000;style=offset;size=10;rows=1500/things');
ANALYZE costs.skipped;
SELECT reltuples BETWEEN 1200 AND 1800 AS known FROM pg_class WHERE oid = 'costs.skipped'::regclass;

-- Few outer rows: look-ups. Many: all is read once. Where the outer rows repeat, each is looked up once.
CREATE TEMP TABLE few AS SELECT n AS id FROM generate_series(1, 3) n;
CREATE TEMP TABLE many AS SELECT n AS id FROM generate_series(1, 2000) n;
CREATE TEMP TABLE repeated AS SELECT 1 + n % 5 AS id FROM generate_series(1, 500) n;
ANALYZE few;
ANALYZE many;
ANALYZE repeated;
SELECT q, pg_temp.shape(q) FROM unnest(ARRAY['SELECT * FROM few JOIN costs.large USING (id)', 'SELECT * FROM many JOIN costs.large USING (id)', 'SELECT * FROM few JOIN costs.small USING (id)', 'SELECT * FROM many JOIN costs.small USING (id)', 'SELECT * FROM repeated JOIN costs.large USING (id)', 'SELECT * FROM few JOIN costs.large ON large.owner_id = few.id',
  'SELECT * FROM few LEFT JOIN costs.large USING (id)', 'SELECT * FROM few WHERE EXISTS (SELECT FROM costs.large WHERE large.id = few.id)', 'SELECT * FROM costs.large JOIN costs.small USING (id) WHERE large.id = 7']) WITH ORDINALITY q(q, n) ORDER BY n;
SELECT r.* FROM pg_temp.count_requests('SELECT * FROM repeated JOIN costs.large USING (id)') r;
SELECT r.requests FROM pg_temp.count_requests('SELECT * FROM many JOIN costs.small USING (id)') r;
SELECT pg_temp.disconnect();
