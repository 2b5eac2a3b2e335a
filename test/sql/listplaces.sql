-- Lists of values in the path and in the body of a POST, where the description has them.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
\set url :api/i/lp/asked/picked
CREATE SERVER lp FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', max_concurrency '1');
CREATE SCHEMA lp;
IMPORT FOREIGN SCHEMA api FROM SERVER lp INTO lp OPTIONS (post_reads 'true');
RESET client_min_messages;
CREATE FUNCTION pg_temp.found(query text, OUT rows bigint, OUT requests text[]) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget('lp');
  EXECUTE format('SELECT count(*) FROM (%s) q', query) INTO rows;
  SELECT array_agg(regexp_replace(r, '/v1', '')) INTO requests FROM pg_temp.requests('lp') r;
END $$;
\set ECHO all
SELECT method, path, name, skip_reason FROM autoconn.endpoints WHERE server = 'lp' ORDER BY path;
\d lp.*
SELECT * FROM pg_temp.found('SELECT * FROM lp.crates WHERE id = 7');
SELECT * FROM pg_temp.found('SELECT * FROM lp.crates WHERE id IN (7, 8, 9, 7, NULL, 500, 10, 11)');
SELECT id, kind FROM lp.crates WHERE id = ANY (ARRAY(SELECT generate_series(20, 29))) AND size > 20 ORDER BY id;
SELECT pg_temp.verdicts('SELECT * FROM lp.crates WHERE id IN (7, 8)');
SELECT l FROM pg_temp.plan('SELECT * FROM lp.crates WHERE id IN (7, 8)') l WHERE l ~ 'Request';
SELECT pg_temp.error_of('SELECT * FROM lp.crates');
-- One that is refused is told with the others.
SELECT pg_temp.error_of('SELECT * FROM lp.crates WHERE id IN (-1, 2)');
-- A body.
SELECT pg_temp.found('SELECT * FROM lp.boxes_search WHERE id = 7');
SELECT pg_temp.found('SELECT * FROM lp.boxes_search WHERE id IN (7, 8, 9) AND kind IN (''drum'', ''bag'')');
SELECT array_agg(id ORDER BY id) FROM lp.boxes_search WHERE id IN (7, 8, 9, 400) AND kind = 'drum';
SELECT l FROM pg_temp.plan('SELECT * FROM lp.boxes_search WHERE id IN (7, 8) AND kind = ''drum''') l WHERE l ~ 'Request|ent:';
-- Random conditions, against a copy.
CREATE TEMP TABLE copy AS SELECT * FROM lp.boxes_search;
DO $$
DECLARE
  clause text; theirs text; ours text; n int := 0; filled int := 0; relation text;
BEGIN
  PERFORM setseed(0.1);
  FOR i IN 1..60 LOOP
    relation := (ARRAY['boxes_search', 'crates'])[1 + i % 2];
    clause := format((ARRAY['id IN (%s, %s, %s)', '(id = %s OR id IN (%s, %s)) AND kind IN (''bag'', ''drum'')', '(id, size) IN ((%s, 13), (%s, 26), (%s, 39))', 'id = ANY (ARRAY[%s, %s, NULL, %s]) AND kind = ''crate'' AND size > 20', 'id = ANY (ARRAY(SELECT generate_series(%s, %2$s)))'])[1 + floor(random() * 5)],
      (1 + random() * 130)::int, (1 + random() * 130)::int, (1 + random() * 4)::int) || (ARRAY[' ORDER BY id', ' ORDER BY id DESC LIMIT 2'])[1 + floor(random() * 2)];
    EXECUTE format('SELECT string_agg(x::text, '' '') FROM (SELECT id, kind FROM lp.%I WHERE %s) x', relation, clause) INTO theirs;
    EXECUTE format('SELECT string_agg(x::text, '' '') FROM (SELECT id, kind FROM copy WHERE %s) x', clause) INTO ours;
    filled := filled + (ours IS NOT NULL)::int;
    IF theirs IS DISTINCT FROM ours THEN
      n := n + 1;
      RAISE NOTICE '% %: % instead of %', relation, clause, theirs, ours;
    END IF;
  END LOOP;
  RAISE NOTICE '% wrong, more than half have rows: %', n, filled > 30;
END $$;
SELECT pg_temp.disconnect();
