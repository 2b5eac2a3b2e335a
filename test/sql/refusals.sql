-- Values that the API refuses with 400 or 422: the table is read without them where that is surely about them, else an error says which.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
SELECT pg_temp.connect('shop', '/i/refusals/shop/v1') \g /dev/null
CREATE TEMP TABLE payments AS SELECT * FROM shop.payments;
-- Rows that are too few or too many, against the copy; requests.
CREATE FUNCTION pg_temp.compared(clause text, OUT rows bigint, OUT missing bigint, OUT surplus bigint, OUT requests bigint) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget('refusals');
  EXECUTE format('CREATE TEMP TABLE got AS SELECT id FROM shop.payments WHERE %s', clause);
  SELECT count(*) INTO requests FROM pg_temp.requests('refusals');
  SELECT count(*) INTO rows FROM got;
  EXECUTE format('SELECT count(*) FROM (SELECT id FROM payments WHERE %s EXCEPT ALL TABLE got) x', clause) INTO missing;
  EXECUTE format('SELECT count(*) FROM (TABLE got EXCEPT ALL SELECT id FROM payments WHERE %s) x', clause) INTO surplus;
  DROP TABLE got;
END $$;
CREATE FUNCTION pg_temp.refusal(statement text, OUT result text, OUT hint text) LANGUAGE plpgsql AS $$
DECLARE
  state text; message text;
BEGIN
  EXECUTE statement;
  result := 'no error';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
  result := state || ': ' || message;
END $$;
RESET client_min_messages;
\set ECHO all
SELECT status, count(*) FROM payments GROUP BY 1 ORDER BY 1;
-- The answer names the parameter; in a list others are answered as well, and all refused ones are read for once.
SELECT * FROM pg_temp.compared($$status = 'no_such'$$);
SELECT * FROM pg_temp.compared($$status IN ('failed', 'no_such')$$);
SELECT * FROM pg_temp.compared($$status IN ('no_such', 'nor_this', 'failed', 'never')$$);
SELECT * FROM pg_temp.compared($$status = 'no_such' AND provider = 'stripe'$$);
SELECT * FROM pg_temp.compared($$status = 'failed' AND provider = 'no_such' AND order_id > 0$$);
SELECT rows, missing, surplus FROM pg_temp.compared($$status IN ('no_such', 'failed') AND provider IN ('stripe', 'adyen')$$);
-- Where rows were shown before and not one list alone is to blame, it is an error, as it is for two columns.
SELECT * FROM pg_temp.refusal($$SELECT count(*) FROM shop.payments WHERE status IN ('failed', 'no_such') AND provider IN ('stripe', 'adyen')$$);
SELECT * FROM pg_temp.refusal($$SELECT count(*) FROM shop.payments WHERE status = 'no_such' AND provider = 'none_such'$$);
-- LIMIT: the page is as large as ever then, and no row is shown that does not match.
SELECT count(*) FROM (SELECT * FROM shop.payments WHERE status IN ('no_such', 'failed') LIMIT 5) p;
SELECT count(*) FROM (SELECT * FROM shop.payments WHERE status = 'no_such' LIMIT 5) p;
-- The session sends the column's other values as ever.
SELECT * FROM pg_temp.compared($$status = 'failed'$$);
SELECT l FROM pg_temp.plan($$SELECT id FROM shop.payments WHERE status IN ('failed', 'no_such')$$, 'ANALYZE') l WHERE l ~ 'Requests|Rejected|Refused|Complete';
-- Random values, known and not, orders and limits, against the copy.
SET client_min_messages = warning;
DO $$
DECLARE
  values text; query text; theirs text; ours text; n int := 0; filled int := 0; refused int := 0;
BEGIN
  PERFORM setseed(0.75);
  FOR i IN 1..12 LOOP
    values := (SELECT string_agg(quote_literal((ARRAY['failed', 'authorized', 'no_such', 'Failed', '', 'nor,this'])[1 + floor(random() * 6)]), ', ') FROM generate_series(1, (1 + random() * 3)::int));
    query := format((ARRAY['status IN (%s)', 'status = ANY (ARRAY[%s, NULL]) AND amount > 20', '(status IN (%s) OR status = ''failed'')', 'status IN (%s) AND provider = ''stripe'''])[1 + floor(random() * 4)], values);
    query := 'SELECT string_agg(x::text, '' '') FROM (SELECT id, status, provider FROM %s WHERE ' || query || (ARRAY[' ORDER BY id LIMIT 7', ' ORDER BY amount DESC, id', ' ORDER BY id DESC OFFSET 2'])[1 + floor(random() * 3)] || ') x';
    EXECUTE format(query, 'payments') INTO ours;
    BEGIN
      EXECUTE format(query, 'shop.payments') INTO theirs;
      filled := filled + (ours IS NOT NULL)::int;
      IF theirs IS DISTINCT FROM ours THEN
        n := n + 1;
        RAISE WARNING '%: % instead of %', query, left(theirs, 200), left(ours, 200);
      END IF;
    EXCEPTION WHEN fdw_error THEN
      refused := refused + 1;
    END;
  END LOOP;
  RAISE WARNING '% wrong, most have rows: %, errors: %', n, filled > 5, refused;
END $$;
RESET client_min_messages;
-- Once in a scan: not for each row of a join.
SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; SET enable_memoize = off;
SELECT * FROM pg_temp.refusal($$SELECT count(*) FROM (VALUES ('failed'), ('no_such'), ('nor_this')) v(s), LATERAL (SELECT * FROM shop.payments p WHERE p.status = v.s LIMIT 1) p$$);
RESET ALL;
-- Within max_requests.
ALTER FOREIGN TABLE shop.payments OPTIONS (ADD max_requests '5');
SELECT * FROM pg_temp.refusal($$SELECT count(id) FROM shop.payments WHERE status = 'no_such'$$);
ALTER FOREIGN TABLE shop.payments OPTIONS (DROP max_requests);
-- A path's value, an item's, and one that an answer says nothing about.
SET client_min_messages = warning;
SELECT pg_temp.connect('mute', '/s/refusals2/filter_refused;filters=1;rows=12'), pg_temp.connect('items', '/s/refusals3/item_missing;on=item;status=422;rows=12') \g /dev/null
ALTER FOREIGN TABLE items.things OPTIONS (ADD item_path '/things/{id}');
RESET client_min_messages;
SELECT * FROM pg_temp.refusal($$SELECT count(*) FROM mute.things WHERE kind = 'red'$$);
SELECT * FROM pg_temp.refusal($$SELECT count(*) FROM mute.things WHERE kind IN ('red', 'blue')$$);
SELECT * FROM pg_temp.refusal($$SELECT * FROM items.things WHERE id = 7$$);
SELECT * FROM pg_temp.refusal($$SELECT * FROM items.things WHERE id IN (7, 8)$$);
SELECT pg_temp.disconnect();
