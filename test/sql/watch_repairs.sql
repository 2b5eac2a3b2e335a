-- What is told of changes, decided about them, repaired; and who may poll.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
\i test/sql/watch.inc
\set ECHO all
\pset footer off
SET test.session = 'vr';
-- One change of the description brings a parent and its children; a view that uses the column is named.
SELECT pg_temp.watched('w900');
SET client_min_messages = warning;
CREATE VIEW pg_temp.notes AS SELECT id, note FROM d.orders;
RESET client_min_messages;
SELECT pg_temp.turn('w900', 'add_column=orders.color&remove_column=orders.note&add_endpoint=refunds&where=spec');
SELECT kind, severity, status, disposition, relation, table_name, column_name, parent_id IS NOT NULL AS child, summary, fix FROM autoconn.check('d') ORDER BY id;
SELECT kind, evidence -> 'tiers' AS tiers, evidence -> 'params' AS params, regexp_replace(evidence ->> 'dependents', 'pg_temp_[0-9]+', 'pg_temp', 'g') AS dependents, evidence ->> 'spec_ref' AS spec_ref FROM autoconn.alerts WHERE column_name IS NOT NULL ORDER BY kind;
-- What is seen again counts up.
SELECT pg_temp.told(3);
SELECT kind, status, occurrences FROM autoconn.alerts ORDER BY kind;
-- What is dismissed stays quiet; what is approved is done, and verified by the next polls; what heals is resolved.
SELECT autoconn.dismiss(id, 'nobody reads it') FROM autoconn.alerts WHERE kind = 'column_removed';
SELECT autoconn.approve(id) FROM autoconn.alerts WHERE kind = 'column_added';
SELECT pg_temp.told(3);
SELECT kind, status, decided_by = CURRENT_USER AS by_me FROM autoconn.alerts ORDER BY kind;
SELECT pg_temp.turn('w900', 'add_endpoint=');
SELECT pg_temp.told(2);
SELECT kind, status FROM autoconn.alerts ORDER BY kind;
-- The column shows what the API sends by now.
SELECT pg_temp.turn('w900', 'add_column=orders.color&where=both');
SELECT color, count(*) FROM d.orders GROUP BY color ORDER BY color;
SELECT open_alerts FROM autoconn.servers WHERE server = 'd';

-- Description and rows change together: one alert with the evidence of both, a child of the description's, found once a look.
SELECT pg_temp.watched('w905');
SELECT pg_temp.told(2);
SELECT pg_temp.turn('w905', 'add_column=orders.color&deprecate=orders&form=date&successor=/v2/orders');
SELECT pg_temp.told(1);
SELECT kind, parent_id IS NOT NULL AS child, occurrences, evidence -> 'tiers' AS tiers, evidence #>> '{params,successor}' AS successor, summary FROM autoconn.alerts ORDER BY kind;

-- Repairs that need no person: ADD COLUMN under additive, tables under heal only.
SELECT pg_temp.watched('w901', 'on_drift ''additive''');
SELECT pg_temp.told(2);
SELECT pg_temp.turn('w901', 'add_column=orders.color&add_endpoint=refunds');
SELECT pg_temp.told(1);
SELECT kind, status, decided_by, fix, inverse FROM autoconn.alerts WHERE kind <> 'spec_changed' ORDER BY kind;
SELECT pg_temp.told(2);
SELECT kind, status FROM autoconn.alerts WHERE kind <> 'spec_changed' ORDER BY kind;
SELECT color, count(*) FROM d.orders GROUP BY color ORDER BY color;
SELECT autoconn.rollback(id) FROM autoconn.alerts WHERE kind = 'column_added';
SELECT count(*) FROM pg_attribute WHERE attrelid = 'd.orders'::regclass AND attname = 'color';
SELECT pg_temp.told(2);
SELECT kind, status FROM autoconn.alerts WHERE kind <> 'spec_changed' ORDER BY kind;
SELECT pg_temp.watched('w902', 'on_drift ''heal''');
SELECT pg_temp.turn('w902', 'add_endpoint=refunds');
SELECT pg_temp.told(3);
SELECT kind, status FROM autoconn.alerts WHERE kind <> 'spec_changed' ORDER BY kind;
SELECT count(*), sum(amount) > 0 AS amounts FROM d.refunds;
-- A column that must be there and is not any more: missing 'null' lets queries go on.
SELECT pg_temp.watched('w903', 'on_drift ''additive''');
SELECT pg_temp.told(2);
ALTER FOREIGN TABLE d.orders ALTER note OPTIONS (ADD missing 'error');
SELECT pg_temp.turn('w903', 'remove_column=orders.note');
SELECT pg_temp.error_of('TABLE d.orders');
SELECT pg_temp.told(2);
SELECT kind, status, fix, inverse FROM autoconn.alerts WHERE kind <> 'spec_changed' ORDER BY kind;
SELECT count(*), count(note) FROM d.orders;

-- An API that could not be reached when its server was made is found by a poll.
SELECT pg_temp.turn('w905', 'down=1');
\set url :api/d/w905/v1/openapi.json
SET client_min_messages = error;
CREATE SERVER late FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', retries '0');
RESET client_min_messages;
SELECT count(*) FROM autoconn.check('late');
SELECT status FROM autoconn.servers WHERE server = 'late';
SELECT pg_temp.turn_back('w905');
SELECT count(*) FROM autoconn.check('late');
SELECT status, importable FROM autoconn.servers WHERE server = 'late';
DROP SERVER late;

-- Only the owner polls; nobody while nothing may be written.
CREATE ROLE w_reader;
GRANT USAGE ON FOREIGN SERVER d TO w_reader;
SET ROLE w_reader;
SELECT * FROM autoconn.check('d');
RESET ROLE;
GRANT EXECUTE ON FUNCTION autoconn.check(name), autoconn.adopt(name) TO w_reader;
SET ROLE w_reader;
SELECT * FROM autoconn.check('d');
SELECT count(*) FROM autoconn.check();
SELECT autoconn.adopt('d');
RESET ROLE;
BEGIN READ ONLY;
SELECT * FROM autoconn.check('d');
ROLLBACK;
SELECT * FROM autoconn.check('no such server');
SELECT server, monitoring, last_check IS NOT NULL AS checked FROM autoconn.servers WHERE server = 'd';
-- Of what nothing is known nothing can be told, which is not quiet.
SELECT autoconn.forget('d');
SELECT count(*) FROM autoconn.check('d');
SET client_min_messages = warning;
DROP SERVER d CASCADE;
DROP SCHEMA d CASCADE;
DROP OWNED BY w_reader;
DROP ROLE w_reader;
