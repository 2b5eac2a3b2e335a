-- All pages that an API has, none twice, none too many; or an error.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
\set ECHO all
\pset footer off
SET test.session = 'p';
\set styles '''{link,next_url,cursor,page,offset,none}''::text[]'
\set linked '''{link,next_url,cursor}''::text[]'
\set numbered '''{page,offset}''::text[]'
\set no_total '''SELECT pg_temp.forget_totals()'''
CREATE FUNCTION pg_temp.forget_totals() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE (SELECT format('ALTER FOREIGN TABLE t.things OPTIONS (%s)', string_agg('DROP ' || split_part(o, '=', 1), ', ')) FROM pg_foreign_table, unnest(ftoptions) o WHERE ftrelid = to_regclass('t.things') AND o ~ '^(total|pages)_path=');
END $$;

-- The shop: a table for each style, the largest page that the API grants.
SET client_min_messages = warning;
\set url :api/i/p0/shop/v1
CREATE SERVER shop FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
CREATE SCHEMA shop;
IMPORT FOREIGN SCHEMA api FROM SERVER shop INTO shop;
RESET client_min_messages;
CREATE FUNCTION pg_temp.shop(name text, key text, value text, OUT s pg_temp.scanned, OUT first_page text, OUT pages bigint) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget('p0');
  s := pg_temp.read(format('SELECT %s AS id, %s AS value FROM shop.%I', key, value, name));
  SELECT min(r) FILTER (WHERE n = 1), count(DISTINCT r) INTO first_page, pages FROM pg_temp.requests('p0') WITH ORDINALITY x(r, n);
END $$;
SELECT name, (r.s).n, (r.s).ids, (r.s).sum, (r.s).result, first_page, (r.s).reqs = r.pages AND r.pages - ceil((r.s).n / size) IN (0, 1) AS enough
FROM (VALUES ('customers', 'id', 'credit_limit', 100.0), ('orders', 'id', 'total', 200), ('products', 'id', 'price', 100),
             ('payments', 'id', 'ledger_number', 500), ('events', 'sequence', 'sequence', 250)) t (name, key, value, size), pg_temp.shop(name, key, value) r;
SET client_min_messages = warning;
DROP SERVER shop CASCADE;
DROP SCHEMA shop;
RESET client_min_messages;

-- One request a page, none past the end.
SELECT name, (r.s).*, asked FROM unnest(:styles) name, pg_temp.scan_asked('plain;style=' || name) r;
-- Pages that are just full, and collections of no or one page.
SELECT name, rows, (r.s).*, asked FROM unnest(:styles) name, unnest('{0,1,4,5}'::int[]) rows, pg_temp.scan_asked('plain;size=4;rows=' || rows || ';style=' || name) r;
-- Without a total, styles that count end at an empty page.
SELECT name, rows, (r.s).*, asked FROM unnest(:numbered) name, unnest('{18,20}'::int[]) rows, pg_temp.scan_asked('plain;size=4;rows=' || rows || ';style=' || name, '', :no_total) r;
-- The largest page that the description allows.
SELECT name, (r.s).*, asked FROM unnest(:styles) name, pg_temp.scan_asked('plain;rows=30;size=4;max_size=12;style=' || name) r;
-- A size that the API cuts: what came counts, whatever it echoes.
SELECT name, echo, (r.s).*, asked FROM unnest(:linked || :numbered) name, unnest('{granted,asked,none}'::text[]) echo, pg_temp.scan_asked('clamp;rows=12;echo=' || echo || ';style=' || name) r;

-- Short and empty pages in the middle are no end.
SELECT name, lost, r.* FROM unnest(:linked || :numbered) name, unnest('{0,1}'::int[]) lost, pg_temp.scan('short_pages;lost=' || lost || ';style=' || name) r;
SELECT name, r.* FROM unnest(:linked || :numbered) name, pg_temp.scan('empty_page;style=' || name) r;
-- How the last page says that it is the last.
SELECT name, form, r.* FROM unnest(:linked) name, unnest('{"null",empty,absent}'::text[]) form, pg_temp.scan('end;form=' || form || ';style=' || name) r;
SELECT name, r.* FROM unnest('{next_url,cursor}'::text[]) name, pg_temp.scan('end;form=false;style=' || name) r;
SELECT name, r.* FROM unnest(:linked) name, pg_temp.scan('trailing_token;rows=20;style=' || name) r;
SELECT r.* FROM pg_temp.scan('token_without_more') r;
-- A page past the end, where nothing tells that it is: refused, or the last one once more.
SELECT name, status, (r.s).*, asked FROM unnest(:numbered) name, unnest('{400,404,416,422}'::text[]) status, pg_temp.scan_asked('past_end;rows=20;status=' || status || ';style=' || name, '', :no_total) r;
SELECT name, status, r.* FROM unnest(:numbered) name, unnest('{403,500}'::text[]) status, pg_temp.scan('past_end;rows=20;status=' || status || ';style=' || name, 'retries ''0''', :no_total) r;
SELECT name, rows, (r.s).*, asked FROM unnest(:numbered) name, unnest('{3,8,18,20}'::int[]) rows, pg_temp.scan_asked('repeat_last;size=4;rows=' || rows || ';style=' || name, '', :no_total) r;
-- But a page that the API named itself must be there.
SELECT name, r.* FROM unnest(:linked) name, unnest('{past_end,repeat_last}'::text[]) way, pg_temp.scan('trailing_token+' || way || ';rows=20;style=' || name) r;
-- Tokens that are numbers, beyond what a double can count.
SELECT (r.s).*, asked FROM pg_temp.scan_asked('number_token') r;
-- Links of all relative forms.
SELECT name, form, r.* FROM unnest('{link,next_url}'::text[]) name, unnest('{path,query,file,scheme}'::text[]) form, pg_temp.scan('next_relative;form=' || form || ';style=' || name) r;

-- Totals: matched, too high, too low, moving, on the first page only.  Nothing proved them: where the API says itself that there is no more, they are told (sql/ways.sql has those that bind).
SELECT name, total, r.* FROM unnest('{link,next_url,page,offset}'::text[]) name, unnest('{total,total_high,total_low,total_moving,total_first}'::text[]) total,
  pg_temp.scan(total || ';style=' || name) r;
-- A total that the description does not have is found in a sample.
SELECT total, r.* FROM unnest('{total,total_high,total_low,total_moving,total_first}'::text[]) total, pg_temp.scan(total, sample => 'on') r;
-- The collection changes while it is read.
SELECT name, what, r.* FROM unnest('{growing,shrinking}'::text[]) what, unnest('{next_url,page,offset}'::text[]) name, pg_temp.scan(what || ';style=' || name) r;

-- Pages that come again.
SELECT name, (r.s).*, asked FROM unnest(:linked || '{offset}') name, pg_temp.scan_asked('repeat_page;style=' || name) r;
-- Where pages have numbers and a total is told, the one after it had been asked for before it was read.
SELECT pg_temp.connect('p1004', 'repeat_page;style=page');
SELECT pg_temp.error_of('TABLE t.things');
SELECT * FROM pg_temp.api('/_wait/p1004?n=3&timeout_ms=5000');
SELECT * FROM pg_temp.requests('p1004');
-- A page that is not there at first is asked for again while the next one is under way, also where one connection is all there is.
SELECT what, connections, r.* FROM unnest('{empty_body,not_ok,html}'::text[]) what, unnest('{1,4}'::int[]) connections,
  pg_temp.scan(what || ';at=2;fail=1;style=page', format('max_concurrency %L', connections)) r;
SELECT name, at, r.* FROM unnest(:numbered) name, unnest('{2,5}'::int[]) at, pg_temp.scan('repeat_page;rows=20;at=' || at || ';style=' || name, '', :no_total) r;
SELECT name, r.* FROM unnest(:linked || :numbered) name, pg_temp.scan('ignore_paging;style=' || name) r;
SELECT name, r.* FROM unnest(:numbered) name, pg_temp.scan('ignore_paging;style=' || name, '', :no_total) r;
-- Loops.
SELECT what, name, (r.s).*, asked FROM unnest('{next_self,next_first}'::text[]) what, unnest(:linked) name, pg_temp.scan_asked(what || ';style=' || name) r;
-- No way on.
SELECT (r.s).*, asked FROM pg_temp.scan_asked('more_without_token') r;
SELECT name, (r.s).*, asked FROM unnest('{link,next_url}'::text[]) name, pg_temp.scan_asked('next_bad;style=' || name) r;
SELECT name, r.* FROM unnest('{next_url,cursor,page,offset}'::text[]) name, pg_temp.scan('truncated_flag;style=' || name) r;

-- Caps are errors.
SELECT name, cap, (r.s).*, asked FROM unnest('{max_pages,max_requests}'::text[]) cap, unnest(:styles) name, pg_temp.scan_asked('plain;style=' || name, cap || ' ''3''') r;
SELECT name, cap, r.* FROM unnest('{max_pages,max_requests}'::text[]) cap, unnest(:linked || :numbered) name, pg_temp.scan('plain;style=' || name, cap || ' ''5''') r;
-- Unless the user wants to be warned only, for a server or for one table; then EXPLAIN says so.
SELECT (r.s).*, asked FROM pg_temp.scan_asked('plain;style=page', 'max_pages ''3'', on_incomplete ''warn''') r;
SELECT (r.s).*, asked FROM pg_temp.scan_asked('plain', 'max_requests ''3''', 'ALTER FOREIGN TABLE t.things OPTIONS (ADD on_incomplete ''warn'')') r;
SELECT r.* FROM pg_temp.scan('total_high;style=offset', 'on_incomplete ''warn''', 'ALTER FOREIGN TABLE t.things OPTIONS (ADD total ''exact'')') r;
SELECT r.* FROM pg_temp.scan('next_first;style=link', 'on_incomplete ''warn''') r;
SELECT r.* FROM pg_temp.scan('plain', 'max_pages ''3'', on_incomplete ''warn''', 'ALTER FOREIGN TABLE t.things OPTIONS (ADD on_incomplete ''error'')') r;
-- A warning is for scans that are short, not for other errors.
SELECT r.* FROM pg_temp.scan('html;at=3', 'retries ''0'', on_incomplete ''warn''') r;
-- With all of an error.
SELECT pg_temp.connect('p1000', 'plain;style=page', 'max_pages ''3''');
SELECT count(*) FROM t.things;

-- A next link to another origin: named, not followed, unless it is allowed; and then without credentials.
SELECT pg_temp.connect('p1001', 'next_other;auth=bearer;style=link');
CREATE USER MAPPING FOR CURRENT_USER SERVER t OPTIONS (token 'bearer-S3CRET-5f1c');
SELECT count(*) FROM t.things;
SELECT * FROM pg_temp.api('/_log/p1001?format=brief&port=other');
ALTER SERVER t OPTIONS (ADD allowed_origins :'other');
SELECT count(*), sum(value) FROM t.things;
SELECT * FROM pg_temp.api('/_log/p1001?format=brief&port=main&headers=authorization,cookie');
SELECT * FROM pg_temp.api('/_log/p1001?format=brief&port=other&headers=authorization,cookie');
SELECT name, pg_temp.error_of('TABLE t.things') FROM unnest('{next_url,link}'::text[]) name, pg_temp.connect(pg_temp.new_session(), 'next_other;style=' || name) c;

-- LIMIT stops early, asks for no page that it does not need, and for small pages.
SELECT pg_temp.connect('p1002', 'plain;rows=95;size=10;max_size=10;style=page');
SELECT * FROM pg_temp.plan('SELECT * FROM t.things LIMIT 3', 'ANALYZE');
SELECT * FROM pg_temp.requests('p1002');
SELECT * FROM pg_temp.plan('SELECT * FROM t.things LIMIT 12', 'ANALYZE');
SELECT * FROM pg_temp.requests('p1002');
SELECT * FROM pg_temp.plan('SELECT * FROM t.things LIMIT 5 OFFSET 16', 'ANALYZE');
SELECT * FROM pg_temp.requests('p1002');
SELECT id FROM t.things LIMIT 0;
SELECT * FROM pg_temp.requests('p1002');
-- What is checked here is not counted there: one page is asked for ahead.
SELECT id FROM t.things WHERE name LIKE '% 1_' LIMIT 2;
SELECT * FROM pg_temp.api('/_wait/p1002?n=3&timeout_ms=5000');
SELECT * FROM pg_temp.requests('p1002');
-- All pages, where rows are sorted, grouped or counted first.
SELECT id FROM t.things ORDER BY value DESC LIMIT 2;
SELECT count(*) FROM t.things LIMIT 1;
SELECT DISTINCT id % 2 AS odd FROM t.things ORDER BY odd LIMIT 2;
SELECT count(*) FROM pg_temp.requests('p1002');
-- A page that fails behind the LIMIT is none of the query's business.
SELECT name, pg_temp.connect(pg_temp.new_session(), 'status;at=2;style=' || name, 'retries ''0''') AS c, pg_temp.error_of('SELECT FROM t.things LIMIT 4') AS "4", pg_temp.error_of('SELECT FROM t.things LIMIT 5') AS "5" FROM unnest(:linked || :numbered) name;

-- A cursor reads page by page, one ahead.
SELECT pg_temp.connect('p1003', 'plain');
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM t.things;
SELECT * FROM pg_temp.requests('p1003');
FETCH 1 FROM c;
SELECT * FROM pg_temp.api('/_wait/p1003?n=2&timeout_ms=5000');
SELECT * FROM pg_temp.requests('p1003');
FETCH 3 FROM c;
SELECT * FROM pg_temp.requests('p1003');
FETCH 1 FROM c;
SELECT * FROM pg_temp.api('/_wait/p1003?n=1&timeout_ms=5000');
SELECT * FROM pg_temp.requests('p1003');
-- A subtransaction that fails in between does not disturb it.
SAVEPOINT s;
FETCH 5 FROM c;
ROLLBACK TO s;
FETCH 2 FROM c;
FETCH ALL FROM c;
FETCH ALL FROM c;
COMMIT;
SELECT pg_temp.forget('p1003');
-- Two at once, one of them kept past the transaction.
BEGIN;
DECLARE a CURSOR FOR SELECT id FROM t.things;
DECLARE b CURSOR WITH HOLD FOR SELECT id FROM t.things;
FETCH 6 FROM a;
FETCH 3 FROM b;
MOVE 12 IN a;
FETCH ALL FROM a;
COMMIT;
FETCH 2 FROM b;
CLOSE b;
SELECT r, count(*) FROM pg_temp.requests('p1003') r GROUP BY r ORDER BY r COLLATE "C";
-- Backwards.
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT id FROM t.things;
FETCH 9 FROM c;
FETCH BACKWARD 2 FROM c;
FETCH ABSOLUTE 1 FROM c;
FETCH LAST FROM c;
COMMIT;
SELECT count(*) FROM pg_temp.requests('p1003');

-- Rescans begin anew.
SELECT * FROM pg_temp.plan('SELECT count(*) FROM generate_series(1, 3) g, LATERAL (SELECT FROM t.things WHERE value > g + .5 OFFSET 0) s', 'ANALYZE');
SELECT count(*) FROM pg_temp.requests('p1003');
SELECT g, (SELECT count(*) FROM t.things WHERE value < g) FROM unnest('{1,5,30}'::int[]) g;
SELECT count(*) FROM pg_temp.requests('p1003');
-- Also after a scan that was left early.
SELECT g, x.id FROM unnest('{2,9,1}'::int[]) g, LATERAL (SELECT id FROM t.things WHERE value > g LIMIT 1) x;
SELECT r, count(*) FROM pg_temp.requests('p1003') r WHERE r !~ 'djE6MTI' GROUP BY r ORDER BY r COLLATE "C";
-- The same table twice in one query.
SELECT count(*), sum(a.value) FROM t.things a JOIN t.things b USING (name);
SELECT count(*) FROM t.things a, t.things b;
SELECT r, count(*) FROM pg_temp.requests('p1003') r GROUP BY r ORDER BY r COLLATE "C";

SET client_min_messages = warning;
DROP SERVER t CASCADE;
DROP SCHEMA t CASCADE;
