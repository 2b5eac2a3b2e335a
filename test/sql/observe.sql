-- What scans see of changes: events that reach the ring whatever becomes of the query that saw them.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
\set ECHO all
\pset footer off
SET test.session = 'ob';
-- Events of other tests.
SELECT count(*) >= 0 AS emptied FROM autoconn.take_events();
-- Those of the last statements: all of this session's server, which is now.
CREATE FUNCTION pg_temp.events(OUT kind text, OUT relation text, OUT rows bigint, OUT complete boolean, OUT owner boolean, OUT status int, OUT code text, OUT text text)
RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY SELECT e.kind, e.relation::text, e.rows, e.complete, e.owner, e.status, e.code, e.text FROM autoconn.take_events() e
    WHERE e.server = 't' AND e.at BETWEEN now() - interval '1 minute' AND clock_timestamp() ORDER BY e.kind, e.text COLLATE "C";
END $$;
-- A table of a scenario, of 18 rows on 5 pages, read by a statement whose error, if any, is shown.
CREATE FUNCTION pg_temp.saw(scenario text, query text DEFAULT 'SELECT * FROM t.things', tweak text DEFAULT '', sample text DEFAULT 'off') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  n bigint; state text; message text;
BEGIN
  PERFORM pg_temp.connect(pg_temp.new_session(), scenario, 'retries ''0''', sample);
  EXECUTE coalesce(nullif(tweak, ''), 'SELECT');
  BEGIN
    EXECUTE query;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n || ' rows';
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
    RETURN state || ': ' || message;
  END;
END $$;

-- Nothing but the end of the scan.
SELECT pg_temp.saw('plain');
SELECT * FROM pg_temp.events();
-- They are taken out.
SELECT * FROM pg_temp.events();
-- EXPLAIN asks for nothing and sees nothing.
EXPLAIN (COSTS OFF) SELECT * FROM t.things;
SELECT * FROM pg_temp.events();
-- EXPLAIN ANALYZE and ANALYZE do.
SELECT count(*) > 0 AS planned FROM pg_temp.plan('SELECT * FROM t.things', 'ANALYZE');
SELECT * FROM pg_temp.events();
ANALYZE t.things;
SELECT * FROM pg_temp.events();

-- Not all rows: a limit, a cursor that is closed early, a filter, a look-up.
SELECT id FROM t.things LIMIT 5;
SELECT * FROM pg_temp.events();
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM t.things;
FETCH 1 FROM c;
SELECT * FROM pg_temp.events();
CLOSE c;
SELECT * FROM pg_temp.events();
DECLARE c CURSOR FOR SELECT id FROM t.things;
FETCH 5 FROM c;
ROLLBACK;
SELECT * FROM pg_temp.events();
SELECT pg_temp.saw('filters', 'SELECT * FROM t.things WHERE kind = ''red''');
SELECT * FROM pg_temp.events();
SELECT pg_temp.saw('plain', 'SELECT * FROM t.things WHERE id = 7', sample => 'on');
SELECT * FROM pg_temp.events();
-- Look-ups of a join are told as one; so are those that found none.
SELECT pg_temp.saw('plain', 'SELECT * FROM unnest(ARRAY[1, 2, 3, 99]) i LEFT JOIN t.things ON id = i', sample => 'on');
SELECT * FROM pg_temp.events();
-- A limit that no row is left behind.
SELECT pg_temp.saw('plain', 'SELECT * FROM t.things LIMIT 100');
SELECT * FROM pg_temp.events();
-- A collection that is read twice is told twice.
SELECT pg_temp.saw('plain', 'SELECT * FROM (VALUES (1), (2)) v(a) CROSS JOIN LATERAL (SELECT id FROM t.things WHERE id > a OFFSET 0) x');
SELECT * FROM pg_temp.events();
-- Nothing is read for a comparison with NULL.
SELECT pg_temp.saw('filters', 'SELECT * FROM t.things WHERE kind = NULL::text');
SELECT * FROM pg_temp.events();

-- A new member, in the first two rows and the last of the page that has it, which has four.
SELECT pg_temp.saw('new_field;at=2');
SELECT * FROM pg_temp.events();
-- On all pages: four of four rows, and one of two.
SELECT pg_temp.saw('new_field;at=0');
SELECT * FROM pg_temp.events();
-- It is a column, though none that is read.
SELECT pg_temp.saw('new_field;at=0', 'SELECT id FROM t.things', 'ALTER FOREIGN TABLE t.things ADD COLUMN more text OPTIONS (json_path ''/extra'')');
SELECT * FROM pg_temp.events();
-- There is a column below it.
SELECT pg_temp.saw('new_field;at=0', tweak => 'ALTER FOREIGN TABLE t.things ADD COLUMN more text OPTIONS (json_path ''/extra/below'')');
SELECT kind, text FROM pg_temp.events();
-- A column that is dropped is none.
SELECT pg_temp.saw('plain', tweak => 'ALTER FOREIGN TABLE t.things DROP COLUMN name');
SELECT * FROM pg_temp.events();
-- A column takes the row as it is: nothing is unknown.
SELECT pg_temp.saw('new_field;at=0', tweak => 'ALTER FOREIGN TABLE t.things ADD COLUMN _raw jsonb OPTIONS (json_path '''')');
SELECT * FROM pg_temp.events();
-- In the item, but not in the list.
SELECT pg_temp.saw('item_fuller', 'SELECT * FROM t.things WHERE id = 7', 'ALTER FOREIGN TABLE t.things DROP COLUMN value', 'on');
SELECT * FROM pg_temp.events();
-- Names of all sorts, as JSON Pointers; long ones are cut at a character, one with \u0000 is left out, and members that differ in case are several.
SELECT pg_temp.saw('hostile_names;declared=0;nul=1');
SELECT kind, rows, octet_length(text) AS bytes, text FROM pg_temp.events();
-- No more than 64.
CREATE FUNCTION pg_temp.drop_undescribed() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  c name;
BEGIN
  FOR c IN SELECT attname FROM pg_attribute WHERE attrelid = 't.things'::regclass AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('id', 'name', 'value') LOOP
    EXECUTE format('ALTER FOREIGN TABLE t.things DROP COLUMN %I', c);
  END LOOP;
END $$;
SELECT pg_temp.saw('wide;columns=100', tweak => 'SELECT pg_temp.drop_undescribed()');
SELECT kind, min(rows), max(rows), count(*), count(DISTINCT text) FROM pg_temp.events() GROUP BY kind ORDER BY kind;

-- Rows so large that looking for members would cost as much as reading them are not looked at.
SELECT pg_temp.saw('long_string+new_field;kb=64;at=0');
SELECT * FROM pg_temp.events();

-- A field that is in no row, of those that were read.
SELECT pg_temp.saw('missing_field;at=0');
SELECT * FROM pg_temp.events();
SELECT pg_temp.saw('missing_field;at=0', 'SELECT id, name FROM t.things');
SELECT * FROM pg_temp.events();
-- In some, not all rows that were read, not all rows that there are.
SELECT pg_temp.saw('missing_field;at=2');
SELECT * FROM pg_temp.events();
SELECT pg_temp.saw('missing_field;at=0', 'SELECT * FROM t.things LIMIT 5');
SELECT * FROM pg_temp.events();
SELECT pg_temp.saw('missing_field;at=0;filters=1', 'SELECT * FROM t.things WHERE kind = ''red''');
SELECT * FROM pg_temp.events();
-- Where the field has to be there, its absence is a misfit, too.
SELECT pg_temp.saw('missing_field;at=2', tweak => 'ALTER FOREIGN TABLE t.things ALTER COLUMN value OPTIONS (ADD missing ''error'')');
SELECT * FROM pg_temp.events();

-- Values that do not fit: an error, NULL, or a row less.
SELECT pg_temp.saw('type_change;at=2');
SELECT * FROM pg_temp.events();
SELECT pg_temp.saw('type_change;at=2', tweak => 'ALTER FOREIGN TABLE t.things OPTIONS (ADD on_error ''null'')');
SELECT * FROM pg_temp.events();
SELECT pg_temp.saw('type_change;at=2', tweak => 'ALTER FOREIGN TABLE t.things OPTIONS (ADD on_error ''skip'')');
SELECT * FROM pg_temp.events();
-- Rows that are lost tell nothing of the columns behind the one that did not fit.
SELECT pg_temp.saw('type_change+new_field', 'SELECT value, more FROM t.things',
  'ALTER FOREIGN TABLE t.things OPTIONS (ADD on_error ''skip''); ALTER FOREIGN TABLE t.things ADD COLUMN more text OPTIONS (json_path ''/nowhere'')');
SELECT * FROM pg_temp.events();
-- A domain's constraint.
CREATE DOMAIN pg_temp.small AS numeric CHECK (VALUE < 10);
SELECT pg_temp.saw('plain', tweak => 'ALTER FOREIGN TABLE t.things ALTER COLUMN value TYPE pg_temp.small');
SELECT * FROM pg_temp.events();
-- Rows that are no objects.
SELECT pg_temp.saw('rows_not_objects;mixed=1');
SELECT * FROM pg_temp.events();
SELECT pg_temp.saw('rows_not_objects;mixed=1', tweak => 'ALTER FOREIGN TABLE t.things OPTIONS (ADD on_error ''null'')');
SELECT * FROM pg_temp.events();

-- Answers that are no rows, on the second page.
CREATE FUNCTION pg_temp.saw_events(scenario text, OUT kind text, OUT rows bigint, OUT complete boolean, OUT status int, OUT code text, OUT text text)
RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.saw(scenario);
  RETURN QUERY SELECT e.kind, e.rows, e.complete, e.status, e.code, e.text FROM pg_temp.events() e;
END $$;
SELECT scenario, e.* FROM unnest('{status,"status;status=401","status;status=404","status;status=429",html,not_ok,bad_json,rows_missing,empty_body,reset_headers,"next_other;style=link",next_first}'::text[]) scenario,
  pg_temp.saw_events(scenario || CASE scenario WHEN 'next_first' THEN '' ELSE ';at=2' END) e;
-- One that had to be asked for twice is a page.
SELECT pg_temp.connect('ob-flaky', 'flaky;fail=1;at=2');
SELECT count(*) FROM t.things;
SELECT * FROM pg_temp.events();
-- A limit of our own is no outcome of the API's.
SELECT pg_temp.connect('ob-budget', 'plain', 'max_requests ''2''');
SELECT pg_temp.error_of('SELECT count(*) FROM t.things');
SELECT * FROM pg_temp.events();
-- Where incomplete scans are allowed.
SELECT pg_temp.saw('next_first', tweak => 'ALTER FOREIGN TABLE t.things OPTIONS (ADD on_incomplete ''warn'')');
SELECT * FROM pg_temp.events();

-- An API that ignores a filter: rows that violate it, of a reading that is begun again without it.
SELECT pg_temp.saw('ignore_filters', 'SELECT * FROM t.things WHERE kind = ''blue''');
SELECT * FROM pg_temp.events();
-- The item path answers with another row.
SELECT pg_temp.saw('item_other', 'SELECT * FROM t.things WHERE id = 7', 'ALTER FOREIGN TABLE t.things OPTIONS (ADD item_path ''/things/{id}'')');
SELECT * FROM pg_temp.events();

-- Whatever becomes of the transaction.
SELECT pg_temp.connect('ob-rolled', 'new_field;at=0');
BEGIN;
SELECT count(*) FROM t.things;
ROLLBACK;
SELECT * FROM pg_temp.events();
-- An error in the middle that is not the API's.
SELECT count(1 / (id - 7)) FROM t.things;
SELECT * FROM pg_temp.events();
BEGIN;
SAVEPOINT s;
SELECT count(1 / (id - 7)) FROM t.things;
ROLLBACK TO s;
SELECT * FROM pg_temp.events();
COMMIT;
BEGIN READ ONLY;
SELECT count(*) FROM t.things;
COMMIT;
SELECT * FROM pg_temp.events();
-- A timeout of the query's own, on the second page.
SELECT pg_temp.connect('ob-stalled', 'stall_body;at=2');
SET statement_timeout = '2s';
SELECT count(*) FROM t.things;
RESET statement_timeout;
SELECT * FROM pg_temp.events();
-- Not wanted.
SELECT pg_temp.connect('ob-unwanted', 'plain');
SET autoconn.observe = off;
SELECT count(*) FROM t.things;
RESET autoconn.observe;
SELECT * FROM pg_temp.events();

-- The owner's credentials, or the same as the owner has.
CREATE ROLE regress_ob_guest;
GRANT USAGE ON SCHEMA t TO regress_ob_guest;
GRANT SELECT ON t.things TO regress_ob_guest;
CREATE FUNCTION pg_temp.guest_sees(OUT guest boolean, OUT owner boolean) LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL ROLE regress_ob_guest;
  PERFORM count(id) FROM t.things;
  RESET ROLE;
  SELECT e.owner INTO guest FROM pg_temp.events() e WHERE kind = 'scan';
  PERFORM count(id) FROM t.things;
  SELECT e.owner INTO owner FROM pg_temp.events() e WHERE kind = 'scan';
END $$;
SELECT 'none' AS mappings, * FROM pg_temp.guest_sees();
CREATE USER MAPPING FOR PUBLIC SERVER t OPTIONS (token 'a');
SELECT 'public' AS mappings, * FROM pg_temp.guest_sees();
CREATE USER MAPPING FOR CURRENT_USER SERVER t OPTIONS (token 'b');
SELECT 'owner, public' AS mappings, * FROM pg_temp.guest_sees();
CREATE USER MAPPING FOR regress_ob_guest SERVER t OPTIONS (token 'c');
DROP USER MAPPING FOR PUBLIC SERVER t;
SELECT 'owner, guest' AS mappings, * FROM pg_temp.guest_sees();

-- Not for everybody.
SET ROLE regress_ob_guest;
SELECT * FROM autoconn.take_events();
SELECT autoconn.events_lost();
RESET ROLE;
GRANT EXECUTE ON FUNCTION autoconn.take_events(), autoconn.events_lost() TO regress_ob_guest;
SET ROLE regress_ob_guest;
SELECT * FROM autoconn.take_events();
SELECT autoconn.events_lost();
RESET ROLE;
REVOKE EXECUTE ON FUNCTION autoconn.take_events(), autoconn.events_lost() FROM regress_ob_guest;

-- More events than there are places: the oldest are lost, and counted.
SELECT pg_temp.connect('ob-full', 'hostile_names;declared=0;rows=1');
ALTER FOREIGN TABLE t.things OPTIONS (ADD item_path '/things/{id}');
SELECT count(*) >= 0 AS emptied FROM autoconn.take_events();
SELECT autoconn.events_lost() >= 0 AS reset;
SELECT count(*) FROM t.things;
CREATE TEMP TABLE one AS SELECT count(*) AS events FROM autoconn.take_events();
TABLE one;
SELECT autoconn.events_lost();
CREATE FUNCTION pg_temp.read_often(times int, query text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1 .. times LOOP
    EXECUTE query;
  END LOOP;
END $$;
-- Those of other databases, which nobody takes, are lost before it counts.
SELECT pg_temp.read_often(150, 'SELECT count(*) FROM t.things');
SELECT count(*) > 0 AS emptied FROM autoconn.take_events();
SELECT autoconn.events_lost() > 0 AS reset;
SELECT pg_temp.read_often(150, 'SELECT count(*) FROM t.things');
-- But never for scans that have nothing to tell.
SELECT pg_temp.read_often(50, 'SELECT id FROM t.things LIMIT 0; SELECT name FROM t.things WHERE id = 99');
SELECT autoconn.events_lost() AS lost \gset
CREATE TEMP TABLE taken AS SELECT row_number() OVER () AS n, e.* FROM autoconn.take_events() e;
SELECT :lost > 150 AS some_were_lost, count(*) + :lost - 150 * events AS look_ups, count(*) FILTER (WHERE NOT complete) AS look_ups_taken FROM taken, one GROUP BY events;
SELECT autoconn.events_lost();
-- The oldest first.
SELECT count(*) AS out_of_order FROM (SELECT at, lag(at) OVER (ORDER BY n) AS before FROM taken) t WHERE at < before;
DROP SERVER t CASCADE;
DROP SCHEMA t;
DROP ROLE regress_ob_guest;
