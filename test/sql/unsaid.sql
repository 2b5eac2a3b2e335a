-- Values that APIs take for others; pages whose largest size nobody tells.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
SELECT pg_temp.connect('refusing', '/s/unsaid/filter_refused;value=blue;style=page;rows=40') \g /dev/null
CREATE TABLE refusing.copy AS SELECT * FROM refusing.things;
CREATE TEMP TABLE found (LIKE refusing.copy);
CREATE FUNCTION pg_temp.things(clause text, OUT rows bigint, OUT right_rows bool, OUT asked text[]) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget('unsaid');
  TRUNCATE found;
  EXECUTE format('INSERT INTO found SELECT * FROM refusing.things WHERE %s', clause);
  GET DIAGNOSTICS rows = ROW_COUNT;
  EXECUTE format('SELECT NOT EXISTS (TABLE found EXCEPT ALL SELECT * FROM refusing.copy things WHERE %1$s) AND NOT EXISTS (SELECT * FROM refusing.copy things WHERE %1$s EXCEPT ALL TABLE found)',
    clause) INTO right_rows;
  SELECT array_agg(r || CASE WHEN n > 1 THEN ' x' || n ELSE '' END ORDER BY r) INTO asked
  FROM (SELECT regexp_replace(regexp_replace(l, '^.*/things', ''), '[?&](page=\d+|per_page=8)', '', 'g') AS r, count(*) AS n FROM pg_temp.requests('unsaid') l GROUP BY 1) q;
END $$;
\set ECHO all
SET client_min_messages = error;
-- Spaces around a value, which many trim, and the empty text, which many take for none, do not travel.
SELECT clause, t.* FROM unnest(ARRAY['kind = ''''', 'kind = '' red''', 'kind = ''red ''', 'kind = E''red\t''', 'kind = E''\u3000red''', 'kind IN (''red'', ''green '')', 'kind = ''r ed'''])
  WITH ORDINALITY c (clause, n), pg_temp.things(clause) t ORDER BY n;
-- Where rows do not show it, there is no way but to send it.
ALTER FOREIGN TABLE refusing.things ADD COLUMN word text OPTIONS (param 'kind');
SELECT count(*) FROM refusing.things WHERE word = ' ';
SELECT pg_temp.error_of('SELECT FROM refusing.things WHERE word = ''blue''');

-- Nobody tells how large a page may be: one is asked for, and what comes is what scans ask for.
SET client_min_messages = warning;
SELECT pg_temp.connect('cut', '/s/cut/plain;style=page;size=10;max_size=120;rows=400;untold=1'), pg_temp.connect('whole', '/s/whole/plain;style=offset;size=10;max_size=5000;rows=400;untold=1'),
       pg_temp.connect('fixed', '/s/fixed/plain;style=next_url;size=50;max_size=50;rows=400;untold=1'), pg_temp.connect('small', '/s/small/plain;style=page;size=10;max_size=20;rows=100;untold=1') \g /dev/null
SELECT server, evidence ->> 'page_size' AS finding, page_size FROM autoconn.endpoints WHERE name = 'things' AND server <> 'refusing' ORDER BY 1;
SELECT * FROM unnest('{cut,whole,fixed,small}'::text[]) s, pg_temp.ask(s, format('SELECT id FROM %I.things OFFSET 0', s));
\set ECHO none
SELECT pg_temp.disconnect();
