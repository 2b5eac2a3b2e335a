-- Ranges: bounds are sent to parameters that take them, wide enough for whatever the API makes of them.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
SELECT pg_temp.connect('shop', '/i/rangeshop/shop/v1'), pg_temp.connect('ignoring', '/s/rangeignoring/ignore_filters;rows=40') \g /dev/null
-- What an import finds out is in asked.sql.
ALTER FOREIGN TABLE shop.orders ALTER COLUMN created_at OPTIONS (DROP param_from);
RESET client_min_messages;
\set ECHO all
CREATE TEMP TABLE copy AS SELECT id, created_at, updated_at FROM shop.orders;
SELECT v AS verdict FROM pg_temp.verdicts($$ SELECT * FROM shop.orders WHERE created_at > '2025-10-01' AND created_at < '2025-11-01' $$) v;
ALTER FOREIGN TABLE shop.orders ALTER COLUMN created_at OPTIONS (ADD param_from 'created_after');
CREATE FUNCTION pg_temp.orders(clause text, OUT has_rows bool, OUT missing bigint, OUT surplus bigint, OUT first_request text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget('rangeshop');
  EXECUTE format('CREATE TEMP TABLE got AS SELECT id, created_at, updated_at FROM shop.orders WHERE %s', clause);
  SELECT count(*) > 0 INTO has_rows FROM got;
  EXECUTE format('SELECT count(*) FROM (SELECT * FROM copy orders WHERE %s EXCEPT ALL TABLE got) x', clause) INTO missing;
  EXECUTE format('SELECT count(*) FROM (TABLE got EXCEPT ALL SELECT * FROM copy orders WHERE %s) x', clause) INTO surplus;
  SELECT r INTO first_request FROM pg_temp.requests('rangeshop') r LIMIT 1;
  DROP TABLE got;
END $$;
-- Every comparison with an instant of a row, on either side; values between seconds; and those that no text stands for.
SELECT max(created_at) - interval '40 days' AS late FROM copy \gset
SELECT created_at AS instant FROM copy WHERE created_at > :'late' ORDER BY created_at LIMIT 1 \gset
SET test.instant = :'instant';
SELECT clause, o.* FROM unnest(ARRAY['created_at > current_setting(''test.instant'')::timestamptz', 'created_at >= current_setting(''test.instant'')::timestamptz', 'current_setting(''test.instant'')::timestamptz < created_at', 'current_setting(''test.instant'')::timestamptz <= created_at',
  'created_at > current_setting(''test.instant'')::timestamptz - interval ''1 microsecond''', 'created_at >= current_setting(''test.instant'')::timestamptz + interval ''1.5 s''',
  'created_at BETWEEN current_setting(''test.instant'')::timestamptz AND current_setting(''test.instant'')::timestamptz + interval ''1 day''', 'created_at < current_setting(''test.instant'')::timestamptz AND created_at > current_setting(''test.instant'')::timestamptz - interval ''1 day''',
  'created_at > ''-infinity''', 'created_at > ''infinity''', 'created_at > ''0500-01-01 BC''', 'created_at > NULL', 'created_at > current_setting(''test.instant'')::date', 'created_at > current_setting(''test.instant'')::timestamptz AND created_at > current_setting(''test.instant'')::timestamptz + interval ''1 day'''])
  WITH ORDINALITY c(clause, n), pg_temp.orders(clause) o ORDER BY n;
SELECT * FROM pg_temp.plan($$ SELECT id FROM shop.orders WHERE created_at >= '2025-11-01T12:00:00Z' AND created_at < '2025-11-03' AND updated_at > '2025-01-01' $$);
SELECT v AS verdict FROM unnest(ARRAY['created_at > now() - interval ''1 day''', 'created_at > clock_timestamp()', 'created_at > updated_at', 'created_at::text > ''2025''', 'created_at > ALL (ARRAY[now()])', 'created_at <> now()', 'NOT created_at < now()']) WITH ORDINALITY c(clause, n), pg_temp.verdicts('SELECT * FROM shop.orders WHERE ' || clause) v ORDER BY n;
-- How the parameter is written; a date may be that of another time zone.
DO $$
DECLARE f text; l text;
BEGIN
  FOREACH f IN ARRAY '{rfc3339,date,epoch_s,epoch_ms}'::text[] LOOP
    EXECUTE format('CREATE FOREIGN TABLE shop.%I (at timestamptz OPTIONS (param_from ''since'', param_to ''until'', bound_format %L), day date OPTIONS (param_from ''from'', param_to ''to'', bound_format %2$L), n bigint OPTIONS (param_from ''min'', param_to ''max''), m smallint OPTIONS (param_from ''m1''), x numeric OPTIONS (param_from ''x1'', param_to ''x2''), f float8 OPTIONS (param_from ''f1''), t text OPTIONS (param_from ''t1''), l timestamp OPTIONS (param_from ''l1'')) SERVER shop OPTIONS (path ''/x'')', f, f);
    FOREACH l IN ARRAY ARRAY['at > ''2025-03-01T10:20:30.123456Z'' AND at <= ''2025-03-02T00:00:00Z''', 'at < ''1969-12-31T23:59:59.5Z''', 'day >= ''2025-03-01'' AND day < ''2025-03-31'''] LOOP
      SELECT p INTO l FROM pg_temp.plan(format('SELECT * FROM shop.%I WHERE %s', f, l)) p WHERE p ~ 'Request';
      RAISE INFO '% %', f, regexp_replace(l, '^.*/x', '');
    END LOOP;
  END LOOP;
END $$;
SELECT regexp_replace(p, '^.*/x', '') AS request FROM unnest(ARRAY['n > 5 AND n < 7', 'n >= 9223372036854775807', 'n <= -9223372036854775808', 'm > 32767', 'm > 100000', 'x > 1.5 AND x <= -1.5', 'x > ''NaN''', 'x > 7', 'n > 2.5', 'f > 1', 't > ''a''', 'l > ''2025-01-01''', 'day > ''infinity''', 'day > ''9999-12-31''']) WITH ORDINALITY c(clause, n), pg_temp.plan('SELECT * FROM shop.rfc3339 WHERE ' || clause) p WHERE p ~ 'Request' ORDER BY n;
-- In the API's units, as what a column equals is.
ALTER FOREIGN TABLE shop.rfc3339 ALTER COLUMN x OPTIONS (ADD scale '2'), ALTER COLUMN n OPTIONS (ADD scale '1');
SELECT regexp_replace(p, '^.*/x', '') AS request FROM unnest(ARRAY['n > 5 AND n < 7', 'x > 1.5 AND x <= -1.5', 'x < 0']) WITH ORDINALITY c(clause, n), pg_temp.plan('SELECT * FROM shop.rfc3339 WHERE ' || clause) p WHERE p ~ 'Request' ORDER BY n;
-- An API that ignores the bound is found out by rows beyond the bound that was sent, not by those between both.
ALTER FOREIGN TABLE ignoring.things ALTER COLUMN id OPTIONS (ADD param_from 'min');
SELECT count(*), min(id) FROM ignoring.things WHERE id > 0;
SELECT count(*), min(id) FROM ignoring.things WHERE id > 1;
SELECT count(*), min(id) FROM ignoring.things WHERE id > 7;
SELECT pg_temp.forget('rangeignoring') \g /dev/null
SELECT count(*), min(id) FROM ignoring.things WHERE id > 7;
SELECT count(*) AS requests, bool_or(r ~ 'min=') AS sent FROM pg_temp.requests('rangeignoring') r;
SELECT pg_temp.disconnect();
