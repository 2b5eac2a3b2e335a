-- The API's own values, digit by digit; what does not fit its column is an error that says where.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
\set ECHO all
\pset footer off
SET test.session = 'v';
SET extra_float_digits = 1;

-- Numbers past double and past bigint, as the description types them.
SELECT pg_temp.connect('v900', 'big_numbers;rows=1');
SELECT past_double = '1e400'::numeric AS past_double, past_double::text = '1' || repeat('0', 400) AS text, tiny = '1e-400'::numeric AS tiny, forty_digits, bigint_max, bigint_min FROM t.things;
SELECT past_2_53, minus_zero, minus_zero_point, integral_exponent, integral_point, trailing_zeros FROM t.things;
SELECT pg_temp.connect('v901', 'big_numbers;rows=1;type=number;only=two_63,two_64,thirty_digits,past_2_53,bigint_max,trailing_zeros');
SELECT two_63, two_64, thirty_digits, past_2_53, bigint_max, trailing_zeros, pg_typeof(two_64) FROM t.things;
-- A description that promises bigint is no reason to cut.
SELECT pg_temp.connect('v902', 'big_numbers;rows=3;only=two_63,thirty_digits');
SELECT id FROM t.things;
SELECT two_63 FROM t.things;
SELECT count(*) FROM t.things WHERE thirty_digits IS NULL;
SELECT pg_temp.connect('v903', 'big_numbers;rows=1;only=huge_exponent;type=number');
SELECT huge_exponent FROM t.things;

-- One value, and what a column of a type makes of it.
CREATE FUNCTION pg_temp.percent(text text) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg('%' || upper(encode(substr(b, i, 1), 'hex')), '' ORDER BY i) FROM convert_to(text, 'UTF8') b, generate_series(1, length(b)) i
$$;
CREATE FUNCTION pg_temp.make(body text, columns text, options text DEFAULT '') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL client_min_messages = error;
  DROP SERVER IF EXISTS v CASCADE;
  EXECUTE format('CREATE SERVER v FOREIGN DATA WRAPPER autoconn OPTIONS (url %L, discover ''off'')',
                 format('%s/s/%s/rows_value;value=%s', current_setting('test.api'), pg_temp.new_session(), pg_temp.percent(body)));
  EXECUTE format('CREATE FOREIGN TABLE v (%s) SERVER v OPTIONS (path ''/things'', rows_path ''/things''%s)', columns, options);
  SET LOCAL client_min_messages = notice;
END $$;
CREATE FUNCTION pg_temp.value(type text, input text, options text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text; state text; message text;
BEGIN
  PERFORM pg_temp.make('[{"v": ' || input || '}]', format('v %s %s', type, options));
  SELECT coalesce(v::text, '(null)') INTO STRICT result FROM v;
  RETURN result;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
  RETURN state || ': ' || message;
END $$;

-- Numbers.
SELECT json, pg_temp.value('smallint', json) AS smallint, pg_temp.value('integer', json) AS integer, pg_temp.value('bigint', json) AS bigint
FROM unnest('{0,-0,7,-7,32767,32768,-32768,-32769,2147483647,2147483648,-2147483649,9223372036854775807,9223372036854775808,-9223372036854775808,-9223372036854775809,
  1e3,1E+3,1.0,-1.500e1,1.5,1e-3,1e18,1e19,"\"12\"","\" 12\"","\"1e3\"","\"x\"","\"\"",true,"null","[1]","{}"}'::text[]) json;
SELECT json, pg_temp.value('numeric', json) AS numeric, pg_temp.value('numeric(5,2)', json) AS "numeric(5,2)", pg_temp.value('text', json) AS text, pg_temp.value('jsonb', json) AS jsonb
FROM unnest('{0,-0,-0.0,7,1.10,0.1,9007199254740993,9223372036854775808,123456789012345678901234567890.1234567890,1e5,1.5e-7,999.994,999.995,1000,"\"1.10\"","\"NaN\"","\"x\"",true,"null","[1, 2]","{\"a\": 1.10}"}'::text[]) json;
SELECT json, pg_temp.value('double precision', json) AS double, pg_temp.value('real', json) AS real
FROM unnest('{0,-0,-0.0,0.1,1.7976931348623157e308,1e309,4.9e-324,1e-400,9007199254740993,1.00000011920928955078125,123456789012345678,"\"2.5\"","\"NaN\""}'::text[]) json;
-- A fast reader and the type's own must agree.
SELECT x, pg_temp.value('double precision', x), x::float8 FROM unnest('{2.2250738585072011e-308,9007199254740993,9007199254740992.5,0.30000000000000004,123456789.123456789,1e22,1e23,8.5e22,5e-324,17976931348623157e292,0.000001,3.14159265358979323846}'::text[]) x WHERE pg_temp.value('double precision', x) IS DISTINCT FROM x::float8::text;
SELECT x FROM unnest('{0.10,100000000000000000,99999999999999999999.9,0.000000000000000001,123456789012345678,-0.5,12345.678900}'::text[]) x WHERE pg_temp.value('numeric', x) IS DISTINCT FROM x::numeric::text;

-- Text: escapes, what text cannot hold, lengths.
SELECT json, pg_temp.value('text', json) AS text, pg_temp.value('varchar(3)', json) AS "varchar(3)", pg_temp.value('char(3)', json) AS "char(3)", pg_temp.value('jsonb', json) AS jsonb
FROM unnest(ARRAY['""', '"abc"', '"abcd"', '"abc   "', '"äöü"', '"äöüß"', '"😀😀😀"', '"\ud83d\ude00"', '"\u00e4\u00F6"', '"\"\\\/\b\f\n\r\t"', '"a\u0000b"', '"\ud83d"', '"\ude00\ud83d"', '"\ud83dx"', '12', 'true', 'null', '[]', '{"b": 1, "a": 2}']) json;
SELECT length(pg_temp.value('text', '"' || repeat('ä', 1000) || '"'));
SELECT pg_temp.connect('v904', 'nul_escape;rows=2');
SELECT id, value FROM t.things;
SELECT name FROM t.things;
SELECT kind, r.* FROM unnest('{high,low,reversed,half,pair}'::text[]) kind, pg_temp.scan('lone_surrogate;kind=' || kind) r;
SELECT r.* FROM pg_temp.scan('long_string;kb=900;rows=2') r;

-- Booleans, identifiers, addresses, bytes.
SELECT json, pg_temp.value('boolean', json) FROM unnest('{true,false,"null","\"true\"","\"no\"","\"\"",0,1,2,"[]"}'::text[]) json;
SELECT json, pg_temp.value('uuid', json) FROM unnest('{"\"5f1c0b2d-77aa-4e4e-91e4-c3d8aaaaaaaa\"","\"5F1C0B2D77AA4E4E91E4C3D8AAAAAAAA\"","\"{5f1c0b2d-77aa-4e4e-91e4-c3d8aaaaaaaa}\"","\"5f1c0b2d-77aa-4e4e-91e4-c3d8aaaaaaa\"","\"5f1c0b2d-77aa-4e4e-91e4-c3d8aaaaaaag\"",7}'::text[]) json;
SELECT json, pg_temp.value('inet', json) FROM unnest('{"\"10.200.159.24\"","\"::1\"","\"2001:DB8::/32\"","\"10.0.0.256\"","\"\""}'::text[]) json;
SELECT json, pg_temp.value('bytea', json) FROM unnest('{"\"\"","\"3q2+7w==\"","\"3q2-7w\"","\"\\\\xdeadbeef\"","\"3q2+7\"","\"?\""}'::text[]) json;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN percentage AS numeric CHECK (VALUE BETWEEN 0 AND 100);
CREATE DOMAIN present AS text NOT NULL;
SELECT json, pg_temp.value('mood', json), pg_temp.value('percentage', json), pg_temp.value('present', json) FROM unnest('{"\"ok\"","\"OK\"",50,100.0,101,"null"}'::text[]) json;
SELECT json, pg_temp.value('interval', json) FROM unnest('{"\"P1DT2H\"","\"1 day 02:00\"",5}'::text[]) json;

-- Arrays and documents.
SELECT json, pg_temp.value('bigint[]', json), pg_temp.value('text[]', json), pg_temp.value('numeric[]', json)
FROM unnest(ARRAY['[]', '[1, 2.0, null]', '[9007199254740993, 1e3]', '["a", "b,c", "\"", "", "NULL", null]', '[1, "2", 3.50]', '[true]', '[[1], [2]]', '[{"a": 1}]', '"{1,2}"', '7', 'null', '[1.5]']) json;
SELECT json, pg_temp.value('jsonb[]', json), pg_temp.value('boolean[]', json), pg_temp.value('timestamptz[]', json) IS NOT NULL FROM unnest(ARRAY['[{"a": 1.50}, [2], "x", null]', '[true, false, null]']) json;
SELECT json, pg_temp.value('json', json), pg_temp.value('jsonb', json) FROM unnest(ARRAY['{"b": 1.0,  "a": [1e4, {"x": null}], "b": 2}', '"\u00e4"', '"a\u0000b"', 'null', '[ ]']) json;

-- Dates and times are what PostgreSQL makes of the same text in UTC with ISO order, whatever the session's settings.
CREATE FUNCTION pg_temp.own(type text, value text) RETURNS text LANGUAGE plpgsql SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' AS $$
DECLARE
  result text;
BEGIN
  EXECUTE format('SELECT %L::%s::text', value, type) INTO result;
  RETURN result;
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ': ' || SQLERRM;
END $$;
CREATE FUNCTION pg_temp.shown(value anyelement) RETURNS text LANGUAGE plpgsql SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' AS $$ BEGIN RETURN value::text; END $$;
CREATE FUNCTION pg_temp.read_time(type text, value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  PERFORM pg_temp.make(format('[{"v": %s}]', to_json(value)), 'v ' || type);
  SELECT pg_temp.shown(v) INTO STRICT result FROM v;
  RETURN result;
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ': ' || SQLERRM;
END $$;
CREATE TABLE moments (at text);
INSERT INTO moments VALUES ('2024-02-29T12:34:56Z'), ('2024-02-29T12:34:56.7Z'), ('2024-02-29T12:34:56.789012Z'), ('2024-02-29T12:34:56.7890125Z'), ('2024-02-29T12:34:56.9999999Z'), ('2024-02-29T12:34:56.123456789Z'),
  ('2024-02-29T12:34:56+02:00'), ('2024-02-29T12:34:56-0330'), ('2024-02-29T12:34:56+02'), ('2024-02-29T12:34:56+05:45:30'), ('2024-02-29 12:34:56'), ('2024-02-29T12:34:56'), ('2024-02-29T12:34'), ('2024-02-29T12:34Z'), ('2024-02-29'), ('2024-02-29Z'),
  ('20240229T123456Z'), ('20240229'), ('2023-02-29T00:00:00Z'), ('2024-13-01T00:00:00Z'), ('2024-12-31T23:59:60Z'), ('2024-12-31T24:00:00Z'), ('2024-12-31T25:00:00Z'), ('1969-12-31T23:59:59.999999Z'), ('1900-01-01T00:00:00Z'), ('0001-01-01T00:00:00Z'), ('0000-01-01T00:00:00Z'),
  ('9999-12-31T23:59:59.999999Z'), ('294276-12-31T23:59:59Z'), ('294277-01-01T00:00:00Z'), ('2024-02-29t12:34:56z'), ('2024-02-29T12:34:56 Z'), ('2024-02-29T12:34:56,5Z'), ('Thu, 29 Feb 2024 12:34:56 GMT'), ('Thu, 29 Feb 2024 12:34:56 +0200'), ('Thursday, 29-Feb-24 12:34:56 GMT'),
  ('02/03/2024'), ('02.03.2024 10:00'), ('2024-2-3'), ('12:34:56'), ('12:34:56.5+02'), ('2024-02-29T12:34:56+15:59'), ('2024-02-29T12:34:56+16:00'), ('1709210096'), (''), ('now and then');
SET TimeZone = 'Asia/Kolkata';
SET DateStyle = 'German, DMY';
SELECT count(*), count(*) FILTER (WHERE pg_temp.own(type, at) !~ '^2200') AS valid FROM moments, unnest('{timestamptz,timestamp,date}'::text[]) type;
SELECT type, at, pg_temp.read_time(type, at), pg_temp.own(type, at)
FROM moments, unnest('{timestamptz,timestamp,date,timestamptz(0),timestamptz(3),time,timetz}'::text[]) type
WHERE pg_temp.read_time(type, at) IS DISTINCT FROM pg_temp.own(type, at);
RESET TimeZone;
RESET DateStyle;
DROP TABLE moments;
-- Decodes.
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SELECT type, decode, json, pg_temp.value(type, json, format('OPTIONS (json_path ''/v'', decode %L)', decode))
FROM (VALUES ('epoch_s', '{0,1709210096,1709210096.5,-1,-0.5,"\"1709210096\"","\"2024-02-29T12:34:56Z\"",99999999999999999999,"null",true}'::text[]),
             ('epoch_ms', '{0,1709210096789,1709210096789.5,-1}'), ('epoch_us', '{1709210096789012}')) d (decode, jsons), unnest(jsons) json, unnest('{timestamptz,date}'::text[]) type;
SELECT json, pg_temp.value('timestamptz', json, 'OPTIONS (json_path ''/v'', decode ''rfc2822'')') FROM unnest('{"\"Thu, 29 Feb 2024 12:34:56 GMT\"","\"29 Feb 2024 12:34:56 +0200\""}'::text[]) json;
SELECT json, pg_temp.value('bigint', json, 'OPTIONS (json_path ''/v'', decode ''id_of'')') FROM unnest('{7,"{\"id\": 9007199254740993, \"name\": \"x\"}","{\"name\": \"x\"}","{\"id\": null}","null","{\"id\": {\"id\": 1}}"}'::text[]) json;
RESET TimeZone;
RESET DateStyle;

-- What decodes read: the value exactly, whatever the session's settings; else ISO 8601, else an error.
SET TimeZone = 'Asia/Kolkata';
SET DateStyle = 'SQL, DMY';
SET IntervalStyle = 'sql_standard';
CREATE FUNCTION pg_temp.decoded(type text, decode text, input text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text; state text; message text;
BEGIN
  PERFORM pg_temp.make('[{"v": ' || input || '}]', format('v %s OPTIONS (json_path ''/v'', decode %L)', type, decode));
  SELECT coalesce(pg_temp.shown(v), '(null)') INTO STRICT result FROM v;
  RETURN result;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
  RETURN state || ': ' || message;
END $$;
SELECT json, pg_temp.decoded('timestamptz', 'rfc2822', json) AS timestamptz, pg_temp.decoded('date', 'rfc2822', json) AS date
FROM unnest(ARRAY['"Sun, 06 Nov 1994 08:49:37 GMT"', '"Sunday, 06-Nov-94 08:49:37 GMT"', '"Sun Nov  6 08:49:37 1994"', '"Sun Nov 16 08:49:37 1994"', '"6 Nov 1994 23:59 -0800"', '"Sun, 6 Nov 94 08:49:37 EST"', '"6 nov 2049 8:49:60 +0545 (NPT)"',
  '"Tue, 29 Feb 2000 00:00:00.25 +0000"', '"Wed, 29 Feb 2001 00:00:00 GMT"', '"06-11-94"', '"06/11/1994"', '"1994-11-06T08:49:37Z"', '"1994-11-06"', '"infinity"', '"now"', '"Sun, 06 Nov 1994 08:49:37"', '"Sun, 06 Nov 1994 08:49:37 IST"', '""', 'null', '784111777']) json;
SELECT json, pg_temp.decoded('timestamptz', 'dotnet_date', json) AS timestamptz, pg_temp.decoded('timestamp(0)', 'dotnet_date', json) AS "timestamp(0)"
FROM unnest(ARRAY['"/Date(784111777500)/"', '"\/Date(-1)\/"', '"/Date(0+0545)/"', '"/Date(-62135596800000)/"', '"/Date(99999999999999999)/"', '"/Date(1)"', '"Date(1)"', '"/Date(1.5)/"', '"/Date()/"', '"1994-11-06T08:49:37Z"', '1']) json;
SELECT json, pg_temp.decoded('date', 'date_dmy', json) AS dmy, pg_temp.decoded('date', 'date_mdy', json) AS mdy, pg_temp.decoded('timestamptz', 'date_dmy', json) AS "timestamptz dmy"
FROM unnest(ARRAY['"31/12/2024"', '"12/31/2024"', '"1.2.2024"', '"29-02-2023"', '"01/02/24"', '"01/02.2024"', '"2024-12-31"', '"today"', '"\u0031/02/2024"', '"1/1/0000"']) json;
SELECT json, pg_temp.value('jsonb', json, 'OPTIONS (json_path ''/v'', decode ''json_string'')') AS jsonb, pg_temp.value('json', json, 'OPTIONS (json_path ''/v'', decode ''json_string'')') AS json
FROM unnest(ARRAY['"{\"a\": 1.10, \"b\": [\"\\u00e4\"]}"', '"[]"', '"\"x\""', '"{"', '""', '{"a": 1.10}', '[1]', '7', 'null']) json;
SELECT json, pg_temp.decoded('timestamptz', 'epoch_s', json), pg_temp.decoded('timestamptz(0)', 'epoch_s', json) FROM unnest('{1e9,1.5e9,1.7092100967891234567890,12345678901234567890.5,1e400,-1e-7,"\"x\""}'::text[]) json;
SELECT json, pg_temp.decoded('interval', 'id_of', json) FROM unnest('{"\"-P1DT2H\"","\"P1Y2M3DT4H5M6.5S\"","\"-1 2:03:04\"","\"infinity\""}'::text[]) json;
-- Words that mean another moment each day, and days that could be others, are texts and nothing else.
SELECT text, pg_temp.read_time('timestamptz', text) AS timestamptz, pg_temp.read_time('date', text) AS date, pg_temp.read_time('time', text) AS time
FROM unnest('{now,TODAY,tomorrow,yesterday,epoch,Infinity,-infinity,allballs,J2451187,"Julian 2451187","today 10:00","2024-02-29 allballs","01-02-03","29-Feb-24"}'::text[]) text;
RESET TimeZone;
RESET DateStyle;
RESET IntervalStyle;
-- Cents and the like: divided exactly, and multiplied again where the value is sent.
SELECT json, pg_temp.value('numeric', json, 'OPTIONS (json_path ''/v'', scale ''2'')') AS numeric, pg_temp.value('numeric(6,1)', json, 'OPTIONS (json_path ''/v'', scale ''2'')') AS "numeric(6,1)", pg_temp.value('bigint', json, 'OPTIONS (json_path ''/v'', scale ''2'')') AS bigint,
  pg_temp.value('double precision', json, 'OPTIONS (json_path ''/v'', scale ''2'')') AS double, pg_temp.value('text', json, 'OPTIONS (json_path ''/v'', scale ''2'')') AS text
FROM unnest('{1999,-5,0,1200,12.5,1e3,1.5E-1,9223372036854775807,123456789012345678901234567890,"\"1999\"","\"x\"",true,"null"}'::text[]) json;
SELECT pg_temp.value('numeric', '1', 'OPTIONS (json_path ''/v'', scale ''18'')'), pg_temp.value('numeric', '1e400', 'OPTIONS (json_path ''/v'', scale ''38'')') = ('1e362'::numeric)::text AS huge;
-- A string of no length.
SELECT type, pg_temp.value(type, '""', 'OPTIONS (json_path ''/v'', empty ''null'')') AS "null", pg_temp.value(type, '""', 'OPTIONS (json_path ''/v'', empty ''value'')') AS value FROM unnest('{date,uuid,numeric,text,jsonb,text[]}'::text[]) type;
SELECT pg_temp.make('[{"v": ""}, {"v": "2024-02-29"}, {"v": null}, {}]', 'v date OPTIONS (empty ''null'')');
SELECT count(*), count(v) FROM v;
-- What is sent is what the API writes.
SET client_min_messages = error;
DROP SERVER v CASCADE;
SELECT format('CREATE SERVER v FOREIGN DATA WRAPPER autoconn OPTIONS (url %L, discover ''off'')', current_setting('test.api') || '/s/v910/plain;style=none;rows=3') \gexec
CREATE FOREIGN TABLE v (id bigint OPTIONS (param 'tenths', json_path '/id', scale '1'), s timestamptz OPTIONS (param 's', decode 'epoch_s'), ms timestamp OPTIONS (param 'ms', decode 'epoch_ms'), us timestamptz OPTIONS (param 'us', decode 'epoch_us'), http timestamptz OPTIONS (param 'http', decode 'rfc2822'),
  net timestamptz OPTIONS (param 'net', decode 'dotnet_date'), dmy date OPTIONS (param 'dmy', decode 'date_dmy'), mdy date OPTIONS (param 'mdy', decode 'date_mdy'), cents numeric OPTIONS (param 'amount', scale '2')) SERVER v OPTIONS (path '/things', pagination 'none');
RESET client_min_messages;
SET TimeZone = 'America/New_York';
SET DateStyle = 'German';
SELECT count(*) FROM v WHERE s = '2024-02-29T12:34:56.5Z' AND ms = '2024-02-29T12:34:56' AND us = '1969-12-31T23:59:59.999999Z';
SELECT http = '1994-11-06 08:49:37Z' AS http, net = '1994-11-06 08:49:37.5Z' AS net FROM v WHERE http = '1994-11-06 08:49:37Z' AND net = '1994-11-06 08:49:37.5Z' LIMIT 1;
SELECT to_char(dmy, 'YYYY-MM-DD') AS dmy, to_char(mdy, 'YYYY-MM-DD') AS mdy, cents FROM v WHERE dmy = date '2024-02-03' AND mdy = date '2024-02-03' AND cents = 12.340 LIMIT 1;
SELECT count(*) FROM v WHERE cents = 0.005;
SELECT count(*) FROM v WHERE cents = 1e20;
SELECT count(*) FROM v WHERE id = 12;
SELECT pg_temp.error_of(format('SELECT count(*) FROM v WHERE %s', clause)) FROM unnest(ARRAY['http = timestamptz ''1994-11-06 08:49:37.5Z''', 'net = timestamptz ''1994-11-06 08:49:37.0001Z''', 's = timestamptz ''infinity''', 'dmy = date ''infinity''']) clause;
-- Where rows show the value it need not be sent: what cannot be written is compared here.
CREATE FOREIGN TABLE shown (id bigint, s timestamptz OPTIONS (json_path '/at', param 's', decode 'epoch_s'), d date OPTIONS (json_path '/on', param 'd', decode 'epoch_ms')) SERVER v OPTIONS (path '/things', pagination 'none');
SELECT count(*) FROM shown WHERE s = 'infinity';
SELECT count(*) FROM shown WHERE d = '5874897-12-31';
SELECT w.at, count(s.id) FROM (VALUES ('infinity'::timestamptz)) w(at) LEFT JOIN shown s ON s.s = w.at GROUP BY 1;
EXPLAIN (COSTS off) SELECT * FROM shown WHERE s = 'infinity';
RESET TimeZone;
RESET DateStyle;
SELECT * FROM pg_temp.api('/_log/v910?format=brief');

-- Rows that nobody described: types follow all of them, and what is read is what was sent.
SELECT pg_temp.connect('v911', 'typed;rows=40;size=40;late=39', '', 'on');
SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type, string_agg(o.option_name || '=' || o.option_value, ' ' ORDER BY o.option_name) FILTER (WHERE o.option_name IN ('decode', 'empty')) AS options
FROM pg_attribute a, pg_options_to_table(a.attfdwoptions) o WHERE a.attrelid = 't.things'::regclass AND a.attnum > 3 GROUP BY a.attnum, a.attname, a.atttypid, a.atttypmod ORDER BY a.attnum;
SET TimeZone = 'Asia/Kolkata';
SET DateStyle = 'SQL, DMY';
SELECT count(*), count(*) FILTER (WHERE iso_at = at AND iso_far = at AND local_at = at AT TIME ZONE 'UTC' AND mail = at AND http = at AND old_http = at AND asctime = at AND net = at AND net_zone = at AND created = at AND updated_at = at AND seen_ts = at AND expires = at + id * interval '1 ms') AS moments,
  count(*) FILTER (WHERE CASE WHEN id % 3 = 0 THEN gap_at IS NULL ELSE gap_at = at END) AS gaps,
  count(*) FILTER (WHERE day = (at AT TIME ZONE 'UTC')::date AND day_dmy = day AND day_mdy = day AND opens = to_char(at AT TIME ZONE 'UTC', 'HH24:MI')::time AND takes = make_interval(hours => id::int % 50, mins => id::int % 60)) AS days,
  count(*) FILTER (WHERE price::text = id || '.' || lpad((id % 100)::text, 2, '0') AND lat::text = id % 90 || '.' || lpad(id::text, 6, '0') AND zip = lpad(id::text, 5, '0') AND past_2_53 = 9007199254740992 + id) AS numbers,
  count(*) FILTER (WHERE ref = upper_ref AND ip = ('10.0.' || id / 250 || '.' || id % 250)::inet AND net_of = ('10.' || id / 250 || '.' || id % 250 || '.0/24')::cidr AND flag = (id % 2 = 1) AND payload = format('{"n": %s, "exact": 1.10}', id)::jsonb AND payload ->> 'exact' = '1.10' AND owner = id
    AND owner_obj = CASE WHEN id % 2 = 1 THEN jsonb_build_object('id', id) ELSE to_jsonb(id) END AND tags = CASE WHEN id % 4 = 0 THEN '{}'::text[] ELSE ARRAY['t' || id, NULL] END) AS others
FROM (SELECT *, timestamptz '2023-01-15T08:30:12Z' + id * interval '24 hours 37 min' AS at FROM t.things) t;
SELECT id, late_at, late_big, late_negative, late_huge = '1e400'::numeric AS huge, late_null, late_zero, late_ref, mixed_at, day_unclear, version, hex_id, phone, yes, order_id, parts FROM t.things WHERE id IN (38, 39);
-- The item has fewer fields than the row in the list, so it is no place to look the row up.
SELECT id, late_at, late_big FROM t.things WHERE id = 38;
RESET TimeZone;
RESET DateStyle;
SELECT c.key, c.value - 'confidence' AS evidence FROM autoconn.endpoints e, jsonb_each(e.evidence -> 'types') c WHERE e.server = 't' AND c.key IN ('iso_at', 'gap_at', 'late_at', 'mixed_at', 'day_unclear', 'late_zero', 'zip', 'version', 'late_null', 'late_ref', 'yes', 'owner') ORDER BY 1;
SELECT evidence -> 'types' -> 'iso_at' -> 'confidence' AS confidence, length(evidence::text) < 20000 AS bounded FROM autoconn.endpoints WHERE server = 't' AND name = 'things';
-- Ten values make a type; fewer do only where the name agrees.
SELECT pg_temp.connect('v912', 'typed;rows=9;size=9', '', 'on');
SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute a WHERE a.attrelid = 't.things'::regclass AND a.attname IN ('iso_at', 'iso_far', 'created', 'ref', 'price', 'day', 'ip', 'payload') ORDER BY a.attnum;
SELECT evidence -> 'types' -> 'ref' AS ref FROM autoconn.endpoints WHERE server = 't' AND name = 'things';

-- Members that come twice: the last. Names that are hostile: each has its own value.
SELECT pg_temp.connect('v905', 'duplicate_keys;rows=3');
SELECT * FROM t.things;
SELECT pg_temp.connect('v906', 'hostile_names;rows=2');
SELECT count(*), count(DISTINCT e.value) FROM t.things r, jsonb_each_text(to_jsonb(r)) e WHERE id = 2;
SELECT a.attname, o.option_value FROM pg_attribute a, pg_options_to_table(a.attfdwoptions) o
WHERE a.attrelid = 't.things'::regclass AND o.option_name = 'json_path' AND (SELECT to_jsonb(r) ->> a.attname FROM t.things r WHERE id = 1) IS DISTINCT FROM 'v' || a.attnum - 4 AND a.attnum > 3;
SELECT r.* FROM pg_temp.scan('new_field') r;
SELECT pg_temp.make('[{"a": {"b/c": [10, {"~": 1.50}], "": 2}, "0": [[3]]}]', 'x int OPTIONS (json_path ''/a/b~1c/0''), y numeric OPTIONS (json_path ''/a/b~1c/1/~0''), z int OPTIONS (json_path ''/a/''), w jsonb OPTIONS (json_path ''/0/0''), n int OPTIONS (json_path ''/a/b/c''), whole json OPTIONS (json_path '''')');
SELECT * FROM v;

-- A value that does not fit: by default an error that names the place; else NULL or left out, and counted.
SELECT kind, r.* FROM unnest('{text,object,"null",boolean,array}'::text[]) kind, pg_temp.scan('type_change;kind=' || kind) r;
SELECT pg_temp.connect('v907', 'type_change');
SELECT sum(value) FROM t.things;
SELECT sum(id) FROM t.things;
ALTER FOREIGN TABLE t.things OPTIONS (ADD on_error 'null');
SELECT count(*), count(value), sum(id), sum(value) FROM t.things;
SELECT count(*), sum(id) FROM t.things;
ALTER FOREIGN TABLE t.things OPTIONS (SET on_error 'skip');
SELECT count(*), count(value), sum(id), sum(value) FROM t.things;
SELECT count(*), sum(id) FROM t.things;
SELECT id, value FROM t.things LIMIT 5;
SELECT pg_temp.make('[{"a": "x", "b": 1}, {"a": 2, "b": "y"}, {"a": "z", "b": "z"}, {"a": 4, "b": 4}]', 'a int, b smallint', ', on_error ''null''');
SELECT * FROM v;
SELECT b FROM v;
ALTER FOREIGN TABLE v OPTIONS (SET on_error 'skip');
SELECT * FROM v;
-- What is no value but a broken answer stays an error; a row that is none is left out where that is asked for.
SELECT r.* FROM pg_temp.scan('bad_json;at=2', '', 'ALTER FOREIGN TABLE t.things OPTIONS (ADD on_error ''skip'')') r;
SELECT r.* FROM pg_temp.scan('rows_not_objects;at=2', '', 'ALTER FOREIGN TABLE t.things OPTIONS (ADD on_error ''skip'')') r;

-- A field that is missing: NULL, or an error where the user wants that.
SELECT pg_temp.connect('v908', 'missing_field');
SELECT count(*), count(value), sum(value) FROM t.things;
ALTER FOREIGN TABLE t.things ALTER COLUMN value OPTIONS (ADD missing 'error');
SELECT count(*), count(value), sum(value) FROM t.things;
SELECT sum(id) FROM t.things;
ALTER FOREIGN TABLE t.things OPTIONS (ADD on_error 'skip');
SELECT count(*), count(value), sum(value) FROM t.things;
SELECT pg_temp.make('[{"a": 1}, {"a": null}, {}]', 'a int OPTIONS (missing ''error'')', ', on_error ''skip''');
SELECT * FROM v;

-- A table made by hand, with types of one's own, and columns that the description does not know.
SET client_min_messages = warning;
\set url :api/i/v909/shop/v1
CREATE SERVER shop FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off');
CREATE FOREIGN TABLE orders (number text, id integer, customer_id text, status varchar(4), total real, note text, tags jsonb, first_item numeric OPTIONS (json_path '/items/0/unit_price'), items json,
  city text OPTIONS (json_path '/shipping_address/city'), day date OPTIONS (json_path '/created_at'), moment timestamp OPTIONS (json_path '/created_at'), nothing int OPTIONS (json_path '/no/such'))
  SERVER shop OPTIONS (path '/orders', rows_path '/orders', pagination 'cursor', cursor_param 'cursor', cursor_path '/next_cursor', more_path '/has_more', page_size_param 'limit', page_size '200');
RESET client_min_messages;
SELECT count(*) FROM orders;
ALTER FOREIGN TABLE orders ALTER COLUMN status TYPE text;
SELECT count(*), sum(id), count(note), round(sum(total::numeric)) AS total, sum(jsonb_array_length(tags)) > 0 AS tags, sum(json_array_length(items)) AS lines, count(nothing), min(day), max(moment) FROM orders;
SELECT number, id, customer_id, status, total, note, first_item, city, day, moment FROM orders WHERE id = 4711;
SELECT pg_typeof(id), pg_typeof(tags), items -> 0 ->> 'unit_price' AS price FROM orders LIMIT 1;

SET client_min_messages = warning;
DROP SERVER shop CASCADE;
DROP SERVER v CASCADE;
DROP SERVER t CASCADE;
DROP SCHEMA t CASCADE;
DROP TYPE mood;
DROP DOMAIN percentage, present;
