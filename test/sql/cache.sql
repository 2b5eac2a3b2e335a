-- Answers that a session keeps: which are asked for again, and whose they are.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
SET client_min_messages = warning;
SET test.session = 'cache';
-- Six things on three pages, in a session of its own; options: of the server.
CREATE FUNCTION pg_temp.kept(session text, how text DEFAULT '', options text DEFAULT 'cache_ttl ''60s''') RETURNS void
LANGUAGE sql AS $$ SELECT pg_temp.connect(session, 'kept;rows=6;size=2' || how, options) $$;
-- One scan: rows, the first one's name, requests, answers of the cache, the verdict; what was asked, and with which status that was answered.
CREATE FUNCTION pg_temp.took(session text, query text DEFAULT 'TABLE t.things', OUT n bigint, OUT first text, OUT reqs int, OUT hits int, OUT result text, OUT asked text)
LANGUAGE plpgsql AS $$
DECLARE
  plan jsonb;
  before int := pg_temp.api('/_count/' || session);
BEGIN
  EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, FORMAT JSON) CREATE TEMP TABLE got AS ' || query INTO plan;
  plan := jsonb_path_query_first(plan, '$.**?(@."Node Type" == "Foreign Scan")');
  SELECT count(*), min(name) INTO n, first FROM pg_temp.got;
  DROP TABLE pg_temp.got;
  reqs := plan ->> 'Requests';
  hits := plan ->> 'Cache Hits';
  result := plan ->> 'Completeness';
  asked := (SELECT string_agg(regexp_replace(r, '^GET /things', ''), ' ') FROM pg_temp.api(format('/_log/%s?format=brief&status=1', session)) WITH ORDINALITY r (r, i) WHERE i > before);
END $$;
-- Twice.
CREATE FUNCTION pg_temp.twice(session text, query text DEFAULT 'TABLE t.things', OUT n bigint, OUT first text, OUT reqs int, OUT hits int, OUT result text, OUT asked text) RETURNS SETOF record
LANGUAGE sql AS $$ SELECT k.* FROM generate_series(1, 2) i, pg_temp.took(session, query || left('', i)) k $$;
RESET client_min_messages;
\set ECHO all

-- Nothing is kept unless somebody wants it.
SELECT pg_temp.kept('cache1', options => '') \g /dev/null
SELECT * FROM pg_temp.twice('cache1');
-- Then nothing is asked again, and the scan is as complete as it was.
SELECT pg_temp.kept('cache2') \g /dev/null
SELECT * FROM pg_temp.twice('cache2');
-- So are some rows of it, of their own pages, and look-ups.
SELECT * FROM pg_temp.twice('cache2', 'SELECT * FROM t.things LIMIT 1');
ALTER FOREIGN TABLE t.things OPTIONS (ADD item_path '/things/{id}');
SELECT * FROM pg_temp.twice('cache2', 'SELECT * FROM t.things WHERE id = 3');
SELECT * FROM pg_temp.took('cache2', 'SELECT t.name FROM (VALUES (3), (4), (3), (4)) v (id) CROSS JOIN LATERAL (SELECT name FROM t.things WHERE id = v.id OFFSET 0) t');
-- What is not there is asked for each time.
SELECT * FROM pg_temp.twice('cache2', 'SELECT * FROM t.things WHERE id = 99');
ALTER FOREIGN TABLE t.things OPTIONS (DROP item_path);
-- Text format says it as well, where something may be kept.
SELECT l FROM pg_temp.plan('TABLE t.things', 'ANALYZE') l WHERE l ~ 'Requests|Pages|Bytes|Cache';
-- An option of the table goes before.
ALTER FOREIGN TABLE t.things OPTIONS (ADD cache_ttl '0');
SELECT * FROM pg_temp.took('cache2');
SELECT l FROM pg_temp.plan('TABLE t.things', 'ANALYZE') l WHERE l ~ 'Cache';
ALTER FOREIGN TABLE t.things OPTIONS (SET cache_ttl '60s');
SELECT * FROM pg_temp.took('cache2');
SELECT pg_temp.error_of('ALTER FOREIGN TABLE t.things OPTIONS (SET cache_ttl ''25h'')');
-- When its time is over it is asked for again.
SET autoconn.clock_offset = '40 seconds';
SELECT reqs, hits FROM pg_temp.took('cache2');
SET autoconn.clock_offset = '66 seconds';
SELECT reqs, hits FROM pg_temp.twice('cache2');
-- A clock that goes back makes nothing new.
SET autoconn.clock_offset = '-1 hour';
SELECT reqs, hits FROM pg_temp.took('cache2');
RESET autoconn.clock_offset;

-- What the API says of its answers: seconds that they serve after so many, and what is asked.
CREATE FUNCTION pg_temp.later(how text, VARIADIC seconds int[]) RETURNS TABLE (after int, reqs int, hits int, asked text)
LANGUAGE plpgsql AS $$
DECLARE
  session text := pg_temp.new_session() || 'l';
BEGIN
  PERFORM pg_temp.kept(session, how);
  FOREACH after IN ARRAY seconds LOOP
    PERFORM set_config('autoconn.clock_offset', after || ' seconds', true);
    SELECT t.reqs, t.hits, regexp_replace(t.asked, '\?\S+', '?', 'g') INTO reqs, hits, asked FROM pg_temp.took(session) t;
    RETURN NEXT;
  END LOOP;
END $$;
SELECT * FROM pg_temp.later(';control=max-age%3D20', 0, 15, 25, 30);
SELECT * FROM pg_temp.later(';control=max-age%3D3600', 0, 55, 65);
SELECT * FROM pg_temp.later(';control=private,max-age%3D20', 0, 10);
SELECT * FROM pg_temp.later(';control=no-store', 0, 0);
SELECT * FROM pg_temp.later(';control=no-store;etag=a', 0, 0);
SELECT * FROM pg_temp.later(';vary=*', 0, 0);
SELECT * FROM pg_temp.later(';vary=Accept,Authorization', 0, 0);
SELECT * FROM pg_temp.later(';age=30', 0, 20, 31);
SELECT * FROM pg_temp.later(';expires=0', 0, 0);
-- With a validator it is asked whether it is still so; then it serves again.
SELECT * FROM pg_temp.later(';etag=a', 0, 50, 65, 110, 130);
SELECT * FROM pg_temp.later(';modified=1', 0, 65);
SELECT * FROM pg_temp.later(';control=no-cache;etag=a', 0, 0);
SELECT * FROM pg_temp.later(';expires=0;modified=1', 0, 0);
-- A 304 may say something else of its time.
SELECT * FROM pg_temp.later(';control=max-age%3D10;etag=a;told=max-age%3D40', 0, 15, 50, 60);
SELECT * FROM pg_temp.later(';etag=a;told=no-store', 0, 65, 65);
-- What is not so any more comes anew.
SELECT pg_temp.kept('cache3', ';etag=a;changes=2') \g /dev/null
SELECT * FROM pg_temp.twice('cache3');
SET autoconn.clock_offset = '61 seconds';
SELECT * FROM pg_temp.twice('cache3');
SET autoconn.clock_offset = '122 seconds';
SELECT * FROM pg_temp.twice('cache3');
RESET autoconn.clock_offset;

-- Where the first page is asked for again, so are the others; where it is not, and others are not of its time, the scan says so.
SELECT pg_temp.kept('cache4') \g /dev/null
SELECT * FROM pg_temp.took('cache4', 'SELECT * FROM t.things LIMIT 3');
SET autoconn.clock_offset = '40 seconds';
SELECT reqs, hits, result FROM pg_temp.twice('cache4');
SET autoconn.clock_offset = '70 seconds';
SELECT reqs, hits, result FROM pg_temp.took('cache4');
RESET autoconn.clock_offset;

-- Answers that are none are not kept.
SELECT pg_temp.connect('cache5', 'kept+not_ok;rows=6;size=2;fail=2;at=1', 'cache_ttl ''60s''');
SELECT pg_temp.error_of('SELECT * FROM t.things');
SELECT reqs, hits, result FROM pg_temp.twice('cache5');
-- Requests that are not sent do not count for max_requests.
SELECT pg_temp.kept('cache6', options => 'cache_ttl ''60s'', max_requests ''3''') \g /dev/null
SELECT reqs, hits, result FROM pg_temp.twice('cache6');

-- ALTER SERVER, ALTER USER MAPPING, forget() and a lack of room end it.
SELECT pg_temp.kept('cache7') \g /dev/null
CREATE USER MAPPING FOR CURRENT_USER SERVER t OPTIONS (token 'one');
SELECT reqs, hits FROM pg_temp.twice('cache7');
ALTER SERVER t OPTIONS (ADD user_agent 'other');
SELECT reqs, hits FROM pg_temp.twice('cache7');
ALTER USER MAPPING FOR CURRENT_USER SERVER t OPTIONS (SET token 'two');
SELECT reqs, hits FROM pg_temp.twice('cache7');
BEGIN;
ALTER USER MAPPING FOR CURRENT_USER SERVER t OPTIONS (SET token 'three');
SELECT reqs, hits FROM pg_temp.twice('cache7');
ROLLBACK;
SELECT reqs, hits FROM pg_temp.twice('cache7');
SELECT autoconn.forget('t');
SELECT reqs, hits FROM pg_temp.twice('cache7');
SET autoconn.cache_size = 0;
SELECT reqs, hits FROM pg_temp.twice('cache7');
SET autoconn.cache_size = '4kB';
SELECT reqs, hits FROM pg_temp.took('cache7');
SELECT hits BETWEEN 1 AND 3 AS some FROM pg_temp.took('cache7');
RESET autoconn.cache_size;

-- Whose they are: of one role, with one mapping.
SET client_min_messages = error;
CREATE ROLE regress_cache_one;
CREATE ROLE regress_cache_two;
SELECT pg_temp.kept('cache8');
CREATE USER MAPPING FOR PUBLIC SERVER t OPTIONS (token 'public');
CREATE USER MAPPING FOR regress_cache_two SERVER t OPTIONS (token 'two');
RESET client_min_messages;
GRANT USAGE ON SCHEMA t TO PUBLIC;
GRANT SELECT ON t.things TO PUBLIC;
CREATE VIEW t.seen WITH (security_barrier) AS SELECT * FROM t.things;
ALTER VIEW t.seen OWNER TO regress_cache_two;
GRANT SELECT ON t.seen TO PUBLIC;
-- Who asks, of whom the requests are.
CREATE FUNCTION pg_temp.asked_as(role text, query text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget('cache8');
  EXECUTE 'SET LOCAL ROLE ' || role;
  EXECUTE query;
  SET LOCAL ROLE NONE;
  RETURN (SELECT string_agg(DISTINCT substring(r from 'authorization=\S+ \S+'), ' ') || ' ' || count(*) FROM pg_temp.api('/_log/cache8?format=brief&headers=authorization') r);
END $$;
SELECT pg_temp.asked_as('regress_cache_one', 'SELECT count(*) FROM t.things');
SELECT pg_temp.asked_as('regress_cache_one', 'SELECT count(*) FROM t.things');
SELECT pg_temp.asked_as('NONE', 'SELECT count(*) FROM t.things');
SELECT pg_temp.asked_as('regress_cache_two', 'SELECT count(*) FROM t.things');
-- A view asks as its owner, who has been told already.
SELECT pg_temp.asked_as('regress_cache_one', 'SELECT count(*) FROM t.seen');
-- Back again: nobody's answers were taken from him.
SELECT pg_temp.asked_as('regress_cache_one', 'SELECT count(*) FROM t.things');
-- A mapping of his own is another credential.
CREATE USER MAPPING FOR regress_cache_one SERVER t OPTIONS (token 'one');
SELECT pg_temp.asked_as('regress_cache_one', 'SELECT count(*) FROM t.things');

-- It is in the counts of the table, too.
SELECT autoconn.stats_reset('t.things');
SELECT count(*) FROM t.things;
SELECT count(*) FROM t.things;
SELECT scans, requests, pages, rows, cache_hits FROM autoconn.stats WHERE table_name = 't.things';

-- Nor does the next owner of the session find anything.
SELECT pg_temp.forget('cache8') \g /dev/null
SELECT count(*) FROM t.things;
\! test/lib/api '/_count/cache8'
DISCARD PLANS;
SELECT count(*) FROM t.things;
\! test/lib/api '/_count/cache8'
DISCARD ALL;
SELECT count(*) FROM t.things;
\! test/lib/api '/_count/cache8'
SET client_min_messages = error;
DROP SERVER t CASCADE;
DROP SCHEMA t CASCADE;
DROP ROLE regress_cache_one, regress_cache_two;
