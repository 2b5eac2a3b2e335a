-- Alerts: what becomes of findings, who sees them, and what people decide.  The findings are made up; who makes them is tested elsewhere.
\set ECHO none
\i test/sql/api.inc
\i test/sql/alerts.inc
\set ECHO all
SET client_min_messages = warning;
SET timezone = 'UTC';
SET datestyle = 'ISO';
ALTER SEQUENCE autoconn.alert_id_seq RESTART WITH 101;
-- Columns of a table with their types and options.
CREATE FUNCTION pg_temp.shape(relation regclass) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT concat_ws(' ', attname, format_type(atttypid, atttypmod), attfdwoptions) FROM pg_attribute
  WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped ORDER BY attnum
$$;

CREATE ROLE regress_owner;
CREATE ROLE regress_tables;
CREATE ROLE regress_reader;
CREATE ROLE regress_nobody;
GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO regress_owner;
CREATE SCHEMA shop AUTHORIZATION regress_tables;
GRANT ALL ON SCHEMA shop TO regress_owner;
SET ROLE regress_owner;
CREATE SERVER drift FOREIGN DATA WRAPPER autoconn OPTIONS (url 'https://api.example', discover 'off');
GRANT USAGE ON FOREIGN SERVER drift TO regress_tables, regress_reader;
SET ROLE regress_tables;
CREATE FOREIGN TABLE shop.orders (
  id bigint OPTIONS (json_path '/id', key 'true'),
  state text OPTIONS (json_path '/status', missing 'error'),
  note text OPTIONS (missing 'error'),
  total numeric OPTIONS (json_path '/total'))
  SERVER drift OPTIONS (path '/orders');
CREATE VIEW shop.states AS SELECT state, count(*) FROM shop.orders GROUP BY 1;
CREATE VIEW shop.notes AS SELECT id, note FROM shop.orders;
RESET ROLE;

-- A server that was never discovered has nothing to differ from.
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.added('colour')));
SELECT count(*) FROM autoconn.alert;
INSERT INTO autoconn.server_state (server, server_oid, server_owner, url, status)
  SELECT srvname, oid, srvowner, 'https://api.example', 'discovered' FROM pg_foreign_server WHERE srvname = 'drift';

-- A change of the description: one parent, and what concerns a table that somebody has.
SET ROLE regress_tables;
CREATE TEMP TABLE first_look AS SELECT jsonb_build_array(
  pg_temp.added('colour', 'text', 16), pg_temp.added('note_2', 'bigint', 16), pg_temp.added('total', 'text', 16),
  pg_temp.removed('status'), pg_temp.removed('total'), pg_temp.removed('nowhere'),
  pg_temp.added('size', 'text', 16, '/customers'),
  '{"kind": "endpoint_added", "table": "refunds", "path": "/refunds", "fix": {"action": "create_table"}}'::jsonb,
  '{"kind": "deprecated", "table": "orders", "path": "/orders", "summary": "orders is deprecated", "params": {"date": "2030-06-01"}}'::jsonb) AS drifts;
RESET ROLE;
SELECT l.* FROM first_look, pg_temp.look(drifts, 1, 'spec', 'spec_changed') l;
\x on
SELECT id, parent_id, server, relation, table_name, column_name, kind, severity, confidence, status, summary, fix, inverse, disposition, first_seen, last_seen, occurrences, decided_by, decided_at
FROM autoconn.alerts ORDER BY id;
\x off
SELECT id, evidence FROM autoconn.alerts ORDER BY id;
SELECT server, open_alerts FROM autoconn.servers WHERE server = 'drift';
-- Again: nothing new, and counted.
SELECT l.* FROM first_look, pg_temp.look(drifts, 2, 'spec', 'spec_changed') l;
SELECT id, status, first_seen, last_seen, occurrences, evidence->>'since' AS since FROM autoconn.alerts ORDER BY id;
-- Somebody else finds one of them too, in the same look: evidence adds up, counted once, and it is over only when both say so.
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.added('colour', 'text', 2) || '{"summary": "another one", "params": {"new_type": "text"}, "after": {"rows": 20}}'), 2, 'payload');
SELECT id, tiers, scopes, occurrences FROM autoconn.alert WHERE column_name = 'colour';
SELECT summary, evidence->'tiers' AS tiers, evidence->'params' AS params, evidence->'after' AS after, fix FROM autoconn.alerts WHERE column_name = 'colour';
SELECT * FROM pg_temp.look('[]', 2, 'payload');
SELECT id, status, scopes FROM autoconn.alert WHERE column_name = 'colour';

-- Who sees what: rows to those who may use the server, evidence to those who may read the table, or own the server.
SET ROLE regress_reader;
SELECT id, relation, status, evidence IS NOT NULL AS evidence FROM autoconn.alerts ORDER BY id;
RESET ROLE;
GRANT SELECT ON shop.orders TO regress_reader;
SET ROLE regress_reader;
SELECT count(*), count(evidence) FROM autoconn.alerts WHERE relation IS NOT NULL;
SELECT count(*), count(evidence) FROM autoconn.alerts WHERE relation IS NULL;
SET ROLE regress_owner;
SELECT count(*), count(evidence) FROM autoconn.alerts WHERE relation IS NOT NULL;
SELECT count(*), count(evidence) FROM autoconn.alerts WHERE relation IS NULL;
SET ROLE regress_nobody;
SELECT count(*) FROM autoconn.alerts;
SELECT pg_temp.error_of('SELECT * FROM autoconn.alert');
SELECT pg_temp.error_of('SELECT autoconn.approve(101)');
SELECT pg_temp.error_of('SELECT autoconn.approve(99999)');
SELECT pg_temp.error_of($$SELECT autoconn.dismiss(101, 'mine')$$);
SELECT pg_temp.error_of($$SELECT * FROM autoconn.apply_pending('drift')$$);
SET ROLE regress_reader;
SELECT pg_temp.error_of('SELECT autoconn.approve(101)');
SELECT pg_temp.error_of('SELECT autoconn.rollback(101)');
SELECT pg_temp.error_of($$SELECT autoconn.dismiss(104, 'mine')$$);
SET ROLE regress_owner;
-- The server's owner is not the table's.
SELECT pg_temp.error_of('SELECT autoconn.approve(101)');
RESET ROLE;

-- Decisions.
SET ROLE regress_tables;
SELECT autoconn.approve(101);
SELECT pg_temp.error_of('SELECT autoconn.approve(101)');
SELECT pg_temp.error_of($$SELECT autoconn.dismiss(101, 'late')$$);
SELECT pg_temp.error_of('SELECT autoconn.rollback(102)');
SELECT pg_temp.error_of('SELECT autoconn.approve(NULL)');
SELECT pg_temp.error_of('SELECT autoconn.approve(105)');
SELECT autoconn.approve(103);
SELECT pg_temp.shape('shop.orders');
SELECT id, status, decided_by, decided_at IS NOT NULL AS decided FROM autoconn.alerts WHERE id IN (101, 103) ORDER BY id;
-- Read only is read only.
BEGIN READ ONLY;
SELECT pg_temp.error_of('SELECT autoconn.approve(102)');
COMMIT;
-- A transaction that fails decides nothing.
BEGIN;
SELECT autoconn.approve(102);
ROLLBACK;
SELECT status FROM autoconn.alerts WHERE id = 102;
RESET ROLE;
-- The catalog has changed meanwhile: what still fits is done, what does not is refused.
ALTER FOREIGN TABLE shop.orders ALTER state OPTIONS (DROP missing);
SET ROLE regress_tables;
SELECT pg_temp.error_of('SELECT autoconn.rollback(103)');
RESET ROLE;
ALTER FOREIGN TABLE shop.orders ALTER state OPTIONS (ADD missing 'null');
ALTER FOREIGN TABLE shop.orders RENAME TO purchases;
SET ROLE regress_tables;
SELECT autoconn.rollback(103);
SELECT id, relation, status FROM autoconn.alerts WHERE id = 103;
SELECT pg_temp.error_of('SELECT autoconn.rollback(103)');
SELECT pg_temp.error_of('SELECT autoconn.approve(103)');
RESET ROLE;
ALTER FOREIGN TABLE shop.purchases RENAME TO orders;
ALTER FOREIGN TABLE shop.orders ADD COLUMN note_2 text;
SET ROLE regress_tables;
SELECT pg_temp.error_of('SELECT autoconn.approve(102)');
SELECT status FROM autoconn.alerts WHERE id = 102;
-- The next look proposes what fits, under another name; and what was done counts as not found any more.
RESET ROLE;
SELECT l.* FROM first_look, pg_temp.look(drifts - 3 - 1 || jsonb_build_array(pg_temp.added('Note_2') || '{"column": "note_2", "fix": {"action": "add_column", "column": "note_2", "type": "bigint"}}'), 3) l;
SELECT id, status, column_name, fix FROM autoconn.alerts WHERE id IN (101, 102) OR id > 106 ORDER BY id;
SELECT id, status, verify_left FROM autoconn.alert WHERE id = 101;
SELECT * FROM pg_temp.look('[]', 4);
SELECT id, status, verify_left, decided_by FROM autoconn.alert ORDER BY id;
-- What is gone and comes back is a new alert; what was undone once is a person's business.
SELECT l.* FROM pg_temp.look(jsonb_build_array(pg_temp.removed('status'), pg_temp.added('weight', 'numeric(10,2)'), pg_temp.removed('note')), 5) l;
SELECT id, kind, column_name, status, disposition, fix FROM autoconn.alerts WHERE id > 106 ORDER BY id;

-- Dismissed: quiet until the evidence changes.
SET ROLE regress_tables;
SELECT autoconn.dismiss(id, 'we know') FROM autoconn.alerts WHERE column_name = 'note' AND status = 'proposed';
RESET ROLE;
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.removed('note')), 6);
SELECT * FROM pg_temp.look('[]', 7);
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.removed('note')), 8);
SELECT kind, column_name, status, last_seen, occurrences FROM autoconn.alerts WHERE column_name = 'note';
SELECT reason, note FROM autoconn.alerts WHERE column_name = 'note';
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.removed('note', 60)), 9);
-- A parent is dismissed with its children, and is over when they are.
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.added('a'), pg_temp.added('b')), 10, 'payload', 'spec_reality_mismatch');
SET ROLE regress_tables;
SELECT pg_temp.error_of(format('SELECT autoconn.dismiss(%s, NULL)', id)) FROM autoconn.alerts WHERE kind = 'spec_reality_mismatch';
SET ROLE regress_owner;
SELECT pg_temp.error_of(format('SELECT autoconn.dismiss(%s, NULL)', id)) FROM autoconn.alerts WHERE kind = 'spec_reality_mismatch';
RESET ROLE;
SELECT pg_temp.error_of(format('SELECT autoconn.approve(%s)', id)) FROM autoconn.alerts WHERE kind = 'spec_reality_mismatch';
SELECT autoconn.dismiss(id, NULL) FROM autoconn.alerts WHERE kind = 'spec_reality_mismatch';
SELECT kind, column_name, status FROM autoconn.alerts WHERE column_name IN ('a', 'b') OR kind = 'spec_reality_mismatch' ORDER BY id;
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.added('c'), pg_temp.added('d')), 11, 'payload', 'spec_reality_mismatch');
SELECT autoconn.approve(id) FROM autoconn.alerts WHERE column_name = 'c';
SELECT autoconn.dismiss(id, 'no') FROM autoconn.alerts WHERE column_name = 'd';
SELECT status FROM autoconn.alerts WHERE kind = 'spec_reality_mismatch' ORDER BY id;
DELETE FROM autoconn.alert;

-- What is shown is not what is run; what is stored is read as data.
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.added('x"; DROP TABLE y; --', 'text'), pg_temp.added(E'nul\\u0000byte')), 12);
UPDATE autoconn.alert SET fix = 'DROP SCHEMA shop CASCADE';
SET ROLE regress_tables;
SELECT autoconn.approve(id) FROM autoconn.alerts WHERE column_name LIKE 'x%';
RESET ROLE;
CREATE DOMAIN shop.evil AS text CHECK (value <> '');
UPDATE autoconn.alert SET fix_data = jsonb_set(fix_data, '{type}', '"shop.evil"') WHERE status = 'proposed';
SELECT pg_temp.error_of(format('SELECT autoconn.approve(%s)', id)) FROM autoconn.alerts WHERE status = 'proposed';
UPDATE autoconn.alert SET fix_data = jsonb_set(fix_data, '{action}', '"drop_schema"') WHERE status = 'proposed';
SELECT pg_temp.error_of(format('SELECT autoconn.approve(%s)', id)) FROM autoconn.alerts WHERE status = 'proposed';
DELETE FROM autoconn.alert;

-- Without a person: by policy, disposition and evidence.
CREATE FUNCTION pg_temp.pending(day int DEFAULT 20) RETURNS TABLE (name text, outcome text, note text) LANGUAGE sql AS $$
  SELECT a.column_name, p.outcome, p.note
  FROM autoconn.apply_pending('drift', timestamptz '2030-01-01 12:00+00' + (day - 1) * interval '1 day') p JOIN autoconn.alert a ON a.id = p.alert
$$;
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.added('told', 'text', 16), pg_temp.added('shown', 'text', 18)), 20);
SELECT * FROM pg_temp.pending();
SELECT column_name, status FROM autoconn.alerts ORDER BY id;
ALTER SERVER drift OPTIONS (ADD on_drift 'additive');
-- Made by the table's owner, who cannot be fooled into more.
CREATE FUNCTION shop.who() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING '% by %, %', tg_tag, current_user, current_setting('search_path'); END $$;
CREATE EVENT TRIGGER who ON ddl_command_end WHEN TAG IN ('ALTER FOREIGN TABLE', 'CREATE FOREIGN TABLE') EXECUTE FUNCTION shop.who();
SELECT * FROM pg_temp.pending();
DROP EVENT TRIGGER who;
SELECT column_name, status, disposition, decided_by, decided_at FROM autoconn.alerts ORDER BY id;
-- It is verified by two looks.
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.added('told', 'text', 16), pg_temp.added('seen')), 21);
SELECT column_name, status, verify_left FROM autoconn.alert ORDER BY id;
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.added('told', 'text', 16), pg_temp.added('seen')), 22);
SELECT column_name, status, verify_left FROM autoconn.alert ORDER BY id;
-- Reading fails: undone, and raised again for a person.
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.added('bad')), 23);
CREATE FOREIGN TABLE shop.other () SERVER drift OPTIONS (path '/other');
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.added('bad')), 24, 'spec', 'none', 'shop.other');
SELECT column_name, status, verify_left FROM autoconn.alert WHERE column_name = 'bad';
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.added('bad')), 24, 'spec', 'none', 'shop.orders');
SELECT column_name, status, decided_by, note FROM autoconn.alert WHERE column_name IN ('seen', 'bad') ORDER BY id;
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.added('bad')), 25);
SELECT column_name, status, disposition FROM autoconn.alert WHERE column_name = 'bad' ORDER BY id;
SELECT pg_temp.shape('shop.orders');
-- What cannot be undone any more stays, with a note.
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.added('used')), 26);
CREATE VIEW shop.uses AS SELECT used FROM shop.orders;
SELECT * FROM pg_temp.look('[]', 27, 'spec', 'none', 'shop.orders');
SELECT column_name, status, note FROM autoconn.alert WHERE column_name = 'used';
DROP VIEW shop.uses;
-- What does not fit, what fails.
INSERT INTO autoconn.alert (server, relid, kind, severity, status, disposition, tiers, fingerprint, summary, column_name, fix, fix_data)
  SELECT 'drift', 'shop.orders'::regclass, 'column_added', 'info', 'open', 'auto', 2, n, n, n, '-',
    jsonb_build_object('action', 'add_column', 'schema', 'shop', 'relation', 'orders', 'column', n, 'type', t)
  FROM (VALUES ('id', 'bigint'), ('odd', 'no_such_type'), ('domain', 'shop.evil')) v (n, t);
SELECT * FROM pg_temp.pending(28);
SELECT column_name, status, note FROM autoconn.alert WHERE column_name IN ('id', 'odd', 'domain') ORDER BY id;
DELETE FROM autoconn.alert;
-- Ten a day and no more.
SELECT count(*) FROM pg_temp.look((SELECT jsonb_agg(pg_temp.added('n' || i)) FROM generate_series(1, 12) i), 30);
SELECT status, disposition, note, count(*), min(id) < max(id) AS many FROM autoconn.alert GROUP BY 1, 2, 3 ORDER BY 1;
SELECT count(*) FROM pg_temp.look((SELECT jsonb_agg(pg_temp.added('n' || i)) FROM generate_series(11, 13) i), 31);
SELECT status, disposition, array_agg(column_name ORDER BY id) FROM autoconn.alert WHERE column_name IN ('n11', 'n12', 'n13') GROUP BY 1, 2 ORDER BY 1;
DELETE FROM autoconn.alert;

-- New tables: under heal alone, as the server's owner.
CREATE FUNCTION pg_temp.endpoint(name text, statement text, tiers int DEFAULT 48) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('kind', 'endpoint_added', 'table', name, 'path', '/' || name, 'tiers', tiers, 'fix', jsonb_build_object('action', 'create_table', 'statement', statement))
$$;
SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.endpoint('refunds', $$CREATE FOREIGN TABLE refunds (id int8 OPTIONS (json_path '/id', key 'true'), "At" timestamptz(3)) SERVER drift OPTIONS (path '/refunds')$$),
  pg_temp.endpoint('orders2', $$CREATE FOREIGN TABLE shop.orders (id int8) SERVER drift OPTIONS (path '/orders2')$$, 16)), 40);
SELECT table_name, status, disposition, fix, inverse FROM autoconn.alerts ORDER BY id;
ALTER SERVER drift OPTIONS (SET on_drift 'heal');
SELECT outcome, note FROM pg_temp.pending(40);
SELECT relowner::regrole, pg_temp.shape(oid) FROM pg_class WHERE oid = 'shop.refunds'::regclass;
SELECT * FROM pg_temp.look('[]', 41, 'spec', 'none', 'shop.refunds');
SELECT table_name, status, note, to_regclass('shop.refunds') FROM autoconn.alert ORDER BY id;
SELECT pg_temp.error_of(format('SELECT * FROM pg_temp.look(jsonb_build_array(pg_temp.endpoint(''bad'', %L)), 42)', s)) FROM unnest(ARRAY[
  'DROP SCHEMA shop CASCADE', 'CREATE FOREIGN TABLE bad (a int) SERVER drift; DROP SCHEMA shop CASCADE', 'CREATE TABLE bad (a int)',
  'CREATE FOREIGN TABLE bad (a int DEFAULT shop.f()) SERVER drift', 'CREATE FOREIGN TABLE bad (a shop.evil) SERVER drift', 'CREATE FOREIGN TABLE bad () INHERITS (shop.orders) SERVER drift', 'nonsense']) s;
SELECT count(*) FROM autoconn.alert WHERE table_name = 'bad';

-- They follow the server, are hidden when it speaks to another API, and end with it.
DELETE FROM autoconn.alert;
SELECT count(*) FROM pg_temp.look(jsonb_build_array(pg_temp.added('last', 'text', 16)), 50);
ALTER SERVER drift RENAME TO drifting;
SELECT server, column_name FROM autoconn.alerts;
ALTER SERVER drifting OWNER TO regress_tables;
SELECT server, column_name FROM autoconn.alerts;
ALTER SERVER drifting OPTIONS (SET url 'https://other.example');
SELECT count(*) FROM autoconn.alerts;
DROP SERVER drifting CASCADE;
SELECT count(*) FROM autoconn.alert;
DROP SCHEMA shop CASCADE;
DROP TABLE first_look;
DROP OWNED BY regress_owner, regress_tables, regress_reader, regress_nobody;
DROP ROLE regress_owner, regress_tables, regress_reader, regress_nobody;
