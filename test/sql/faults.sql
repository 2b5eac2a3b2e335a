-- Whatever goes wrong on the way: tried again where that can help, else an error that says what and where; never a short result.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
\set ECHO all
\pset footer off
SET test.session = 'f';

-- Odd, but in order.
SELECT scenario, r.* FROM unnest('{"drip;bytes=200;tick_ms=1",silent_close,close,close_delimited,chunked,early_hints,set_cookie,"limits_told;limit=100","plain;gzip=1",
  bom,"white_space;mb=1","content_type","content_type;type=none","content_type;type=text%2Fhtml","no_content",rows_value,"rows_value;value=%7B%7D","long_string;kb=200","wide;columns=300",
  redirect,"redirect;hops=5","redirect;status=301;form=relative","redirect;status=303;form=path","redirect;status=307","redirect;status=308"}'::text[]) scenario,
  pg_temp.scan(scenario, 'retries ''0''') r;
-- Cookies are not kept.
SELECT pg_temp.connect('f900', 'set_cookie');
SELECT count(*) FROM t.things;
SELECT * FROM pg_temp.api('/_log/f900?format=brief&headers=cookie');

-- Errors, on the first page and on a later one.
CREATE FUNCTION pg_temp.twice(scenario text, options text DEFAULT 'retries ''0''', OUT first_page text, OUT third_page text) LANGUAGE plpgsql AS $$
DECLARE
  r pg_temp.scanned;
BEGIN
  r := pg_temp.scan(scenario, options);
  first_page := coalesce(r.n || ' rows, ' || r.result, r.result);
  r := pg_temp.scan(scenario || ';at=3', options);
  third_page := coalesce(r.n || ' rows, ' || r.result, r.result);
  IF third_page = first_page THEN
    third_page := 'the same';
  END IF;
END $$;
-- Of connections and framing.
SELECT scenario, r.* FROM unnest('{reset_headers,reset_body,no_answer,truncated_chunked,"truncated_chunked;cut=5",truncated_length,"truncated_length;cut=5",
  two_lengths,bad_status_line,"gzip_broken;kind=corrupt","gzip_broken;kind=not"}'::text[]) scenario, pg_temp.twice(scenario) r;
-- Of size.
SELECT scenario, r.* FROM unnest('{"gzip_bomb;mb=100",endless,"endless;form=string","endless;form=space","white_space;mb=2","long_string;kb=600"}'::text[]) scenario,
  pg_temp.twice(scenario, 'max_response_size ''1MB'', retries ''0''') r;
-- Of time.
SELECT scenario, r.* FROM unnest('{stall_headers,stall_body,"drip;bytes=1"}'::text[]) scenario, pg_temp.twice(scenario, 'timeout ''200ms'', retries ''0''') r;
-- Of status.
SELECT scenario, r.* FROM unnest('{"status;status=400","status;status=401","status;status=403","status;status=404","status;status=410","status;status=418","status;status=422","status;status=500","status;status=501","status;status=503","status;status=304"}'::text[]) scenario,
  pg_temp.twice(scenario) r;
-- Of redirects.
SELECT scenario, r.* FROM unnest('{redirect_loop,"redirect;hops=6","redirect;to=none","redirect;to=other","redirect;to=localhost","redirect;to=file","redirect;to=ftp","redirect;to=metadata","redirect;status=308;to=other"}'::text[]) scenario,
  pg_temp.twice(scenario) r;
-- Of what came instead of rows.
SELECT scenario, r.* FROM unnest('{html,"html;type=application%2Fjson",not_ok,"not_ok;form=success","not_ok;form=errors","not_ok;form=fault","not_ok;form=rows",rows_missing,
  "rows_value;value=7","rows_value;value=%22none%22","rows_value;value=true",rows_not_objects,"rows_not_objects;kind=text","rows_not_objects;kind=null","rows_not_objects;kind=array","rows_not_objects;kind=boolean","rows_not_objects;mixed=1",
  empty_body,trailing_garbage,"trailing_garbage;garbage=%5D",second_document,short_length,deep_body,deep_nesting,"deep_nesting;kind=object",latin1,nul_byte}'::text[]) scenario, pg_temp.twice(scenario) r;
-- Of JSON.
SELECT kind, r.* FROM unnest('{single_quotes,nan,infinity,comment,trailing_comma,trailing_comma_object,unterminated,unclosed,control,leading_zero,plus,bare_point,hex,bad_escape,short_escape,bare_key,missing_colon,missing_comma,wrong_bracket,skipped,bad_literal}'::text[]) kind,
  pg_temp.twice('bad_json;kind=' || kind) r;
-- Of UTF-8, in a value, a name, and where nobody reads.
SELECT kind, place, r.* FROM unnest('{overlong,overlong3,surrogate,pair,continuation,truncated,beyond,ff,latin1}'::text[]) kind, unnest('{value,name,other}'::text[]) place,
  pg_temp.scan('bad_utf8;kind=' || kind || ';where=' || place) r WHERE r.result !~ '^22P02: malformed JSON at byte [0-9]+: expected valid UTF-8, found "' OR r.result IS NULL;

-- What passes is tried again: as often as needed, but only the page that failed.
SELECT scenario, (r.s).*, asked FROM unnest('{flaky,"flaky;status=500","flaky;status=425",reset_body,truncated_chunked,truncated_length,
  "gzip_broken;kind=corrupt",html,not_ok,empty_body}'::text[]) scenario, pg_temp.scan_asked(scenario || ';fail=1;at=2;rows=6;size=3;style=page') r;
SELECT (r.s).*, asked FROM pg_temp.scan_asked('rows_missing;fail=1;at=1;rows=6;size=3') r;
-- A kept connection that turns out to be closed is no failure of the request.
SELECT scenario, (r.s).*, asked FROM unnest('{reset_headers,no_answer}'::text[]) scenario, pg_temp.scan_asked(scenario || ';fail=1;at=2;rows=6;size=3', 'retries ''0''') r;
-- As often as the server's options allow; what does not pass, once.
SELECT scenario, retries, asked, (r.s).result FROM (VALUES ('flaky;at=1;fail=2', 1), ('flaky;at=1;fail=2', 2), ('html', 3), ('not_ok', 3), ('bad_json', 3), ('two_lengths', 3), ('status;status=400', 3), ('status;status=401', 3), ('status;status=404', 3), ('status;status=501', 3), ('endless', 3), ('redirect_loop', 3)) v (scenario, retries),
  pg_temp.scan_asked(scenario || ';size=3;rows=3;style=page', format('retries %L, max_response_size ''1MB''', retries)) r;
-- The time limit is one request's: the next one has its own.
SELECT (r.s).*, asked FROM pg_temp.scan_asked('stall_headers;fail=1;at=2;rows=6;size=3;style=page', 'timeout ''300ms''') r;

-- Limits of the API: waits as told, if that is not too long.
CREATE FUNCTION pg_temp.timed(scenario text, options text DEFAULT '', OUT s pg_temp.scanned, OUT waited interval) LANGUAGE plpgsql AS $$
DECLARE
  began timestamptz := clock_timestamp();
BEGIN
  s := pg_temp.scan(scenario || ';at=2;rows=6;size=3', options);
  waited := clock_timestamp() - began;
END $$;
SELECT scenario, (r.s).*, waited >= least * interval '1 s' AS waited FROM (VALUES ('rate_limited;retry_after=0', 0), ('rate_limited;retry_after=1', 1), ('rate_limited;retry_after=date;in_s=1', 0), ('rate_limited;retry_after=past', 0),
  ('rate_limited;retry_after=garbage', 0), ('quota;reset_s=1', .5), ('rate_limited;status=503;retry_after=0.2', .2)) v (scenario, least), pg_temp.timed(scenario) r;
SELECT scenario, r.* FROM (VALUES ('rate_limited;retry_after=61'), ('rate_limited;retry_after=date;in_s=100'), ('quota;reset_s=100')) v (scenario), pg_temp.scan(scenario || ';at=2') r;
SELECT r.* FROM pg_temp.scan('rate_limited;retry_after=0;fail=9;at=2', 'retries ''2''') r;
-- As announced before it is exceeded: the third request is not sent.
SELECT (r.s).*, asked FROM pg_temp.scan_asked('limits_told;limit=2;reset_s=100') r;

-- Nobody there.
CREATE FUNCTION pg_temp.reach(url text, options text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL client_min_messages = error;
  DROP SERVER IF EXISTS nobody CASCADE;
  EXECUTE format('CREATE SERVER nobody FOREIGN DATA WRAPPER autoconn OPTIONS (url %L, discover ''off'', retries ''0''%s)', url, options);
  CREATE FOREIGN TABLE nothing (id bigint) SERVER nobody OPTIONS (path '/things');
  RETURN pg_temp.error_of('TABLE nothing');
END $$;
SELECT pg_temp.reach('http://127.0.0.1:' || pg_temp.api('/_port/refused'));
SELECT pg_temp.reach('http://127.0.0.1:' || pg_temp.api('/_port/hanging'), ', connect_timeout ''200ms''');
SELECT pg_temp.reach('http://127.0.0.1:' || pg_temp.api('/_port/silent'), ', timeout ''200ms''');
SELECT pg_temp.reach('https://127.0.0.1:' || pg_temp.api('/_port/silent'), ', connect_timeout ''200ms''');
SELECT pg_temp.reach('http://nobody.invalid');
SELECT pg_temp.reach('http://169.254.169.254/latest');
SET client_min_messages = warning;
DROP SERVER nobody CASCADE;
RESET client_min_messages;

-- Waits end when the statement does, and leave the server in order.
BEGIN;
SELECT pg_temp.connect('f901', 'stall_headers;at=2');
SET LOCAL statement_timeout = '200ms';
SELECT count(*) FROM t.things;
ROLLBACK;
BEGIN;
SELECT pg_temp.connect('f902', 'stall_body;at=2');
SET LOCAL statement_timeout = '200ms';
SELECT count(*) FROM t.things;
ROLLBACK;
BEGIN;
SELECT pg_temp.connect('f903', 'rate_limited;retry_after=50');
SET LOCAL statement_timeout = '200ms';
SELECT count(*) FROM t.things;
ROLLBACK;
BEGIN;
SELECT pg_temp.connect('f904', 'endless;form=space', 'max_response_size ''1GB''');
SET LOCAL statement_timeout = '200ms';
SELECT count(*) FROM t.things;
ROLLBACK;

-- Look-ups: a key that is not there is no row, everything else is an error.
CREATE FUNCTION pg_temp.look_up(scenario text, id bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  r pg_temp.scanned;
BEGIN
  r := pg_temp.scan(scenario || ';on=item', 'retries ''0''', 'ALTER FOREIGN TABLE t.things OPTIONS (ADD item_path ''/things/{id}'')', 'off', format('SELECT * FROM t.things WHERE id = %s', id));
  RETURN coalesce(r.n || ' rows, ' || r.result, r.result);
END $$;
SELECT scenario, pg_temp.look_up(scenario, 3) AS there, pg_temp.look_up(scenario, 99) AS "not there"
FROM unnest('{plain,"status;status=404","status;status=410","status;status=500","status;status=401","status;status=403",html,bad_json,truncated_length,not_ok,empty_body,no_content,item_null}'::text[]) scenario;

-- All of an error.
SELECT pg_temp.connect('f905', 'status;status=500;at=3', 'retries ''0''');
SELECT count(*) FROM t.things;
SELECT pg_temp.connect('f906', 'not_ok;form=errors', 'retries ''0''');
SELECT count(*) FROM t.things;
SELECT pg_temp.connect('f907', 'html;at=2', 'retries ''0''');
SELECT count(*) FROM t.things;
SELECT pg_temp.connect('f908', 'bad_json;at=2', 'retries ''0''');
SELECT count(*) FROM t.things;
SELECT pg_temp.connect('f909', 'stall_headers;at=2', 'timeout ''200ms'', retries ''0''');
SELECT count(*) FROM t.things;
SELECT pg_temp.connect('f910', 'stall_body;at=2', 'timeout ''200ms'', retries ''0''');
SELECT count(*) FROM t.things;
SELECT pg_temp.connect('f911', 'endless', 'max_response_size ''1MB''');
SELECT count(*) FROM t.things;
SELECT pg_temp.connect('f912', 'rows_missing;style=page', 'retries ''0''');
SELECT count(*) FROM t.things;
SELECT pg_temp.connect('f913', 'redirect;to=other', 'retries ''0''');
SELECT count(*) FROM t.things;
SELECT pg_temp.connect('f914', 'status;status=404');
SELECT count(*) FROM t.things;
SELECT pg_temp.connect('f915', 'rows_not_objects;mixed=1');
SELECT id FROM t.things;

SET client_min_messages = warning;
DROP SERVER t CASCADE;
DROP SCHEMA t CASCADE;
