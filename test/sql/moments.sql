-- Values that are not constants are sent as they are when the scan begins, and when it begins again.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
CREATE SERVER moments FOREIGN DATA WRAPPER autoconn OPTIONS (url :'api', discover 'off', max_concurrency '1');
CREATE SCHEMA moments;
CREATE FOREIGN TABLE moments.things (id bigint OPTIONS (key 'true'), kind text OPTIONS (json_path '/kind', param 'kind'), made_at timestamptz OPTIONS (json_path '/made_at', param_from 'since', param_to 'until', bound_format 'epoch_ms'))
  SERVER moments OPTIONS (path '/s/moments/filters;style=page;size=50;rows=7/things', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '50', total_path '/meta/total');
-- The value of a parameter in each request since the last call.
CREATE FUNCTION pg_temp.sent(param text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT replace(substring(r, param || '=([^&]*)'), '%3A', ':') FROM pg_temp.requests('moments') WITH ORDINALITY r(r, n) ORDER BY n
$$;
SELECT pg_temp.forget('moments') \g /dev/null
\set ECHO all
-- Each execution of a prepared statement has its own now().
PREPARE lately AS SELECT count(*) FROM moments.things WHERE made_at > now() - interval '1 hour';
SET plan_cache_mode = force_generic_plan;
EXECUTE lately;
EXECUTE lately;
SELECT count(DISTINCT s) AS times, bool_and(to_timestamp(s::numeric / 1000) BETWEEN now() - interval '1 hour 1 minute' AND now() - interval '1 hour') AS an_hour_ago FROM pg_temp.sent('since') s;
RESET plan_cache_mode;
-- Each rescan has its own values: of outer rows, and of what is stable within a statement but not in the world.
SELECT v.n, t.count FROM (VALUES (1), (2)) v(n), LATERAL (SELECT count(*) FROM moments.things WHERE made_at >= timestamptz '2024-06-01 UTC' + v.n * interval '1 day' AND made_at < timestamptz '2024-06-01 UTC' + v.n * interval '2 days' OFFSET 0) t ORDER BY 1;
SELECT * FROM pg_temp.sent('since');
SELECT v.k, t.count FROM (SELECT k, set_config('autoconn_test.kind', k, false) AS s FROM (VALUES ('red'), ('blue'), ('red')) v(k) OFFSET 0) v, LATERAL (SELECT count(*) FROM moments.things WHERE kind = current_setting('autoconn_test.kind', true) AND length(v.s) > 0 OFFSET 0) t;
SELECT * FROM pg_temp.sent('kind');
-- A moment that differs with each row is none that could be sent.
SELECT * FROM pg_temp.verdicts('SELECT * FROM moments.things WHERE made_at > clock_timestamp()');
SELECT * FROM pg_temp.verdicts('SELECT * FROM moments.things WHERE made_at > now()');
SELECT pg_temp.disconnect();
