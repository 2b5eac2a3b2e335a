-- What an API or a role of few rights may try by way of the watch.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
\i test/sql/watch.inc
\set ECHO all
\pset footer off
SET test.session = 'h';
CREATE ROLE h_guest;
CREATE SCHEMA h AUTHORIZATION h_guest;

-- A guest's table does not lead the owner's credentials to a path of the guest's choice.
SELECT pg_temp.watched('h900');
GRANT USAGE ON FOREIGN SERVER d TO h_guest;
SET ROLE h_guest;
CREATE FOREIGN TABLE h.ledger (id int OPTIONS (json_path '/id')) SERVER d OPTIONS (path '/ledger', pagination 'none');
RESET ROLE;
CREATE FOREIGN TABLE d.accounts (id int OPTIONS (json_path '/id')) SERVER d OPTIONS (path '/accounts', pagination 'none');
-- Nor is what smells of an action asked for.
CREATE FOREIGN TABLE d.bye (id int OPTIONS (json_path '/id')) SERVER d OPTIONS (path '/logout', pagination 'none');
SELECT pg_temp.forget('h900');
SELECT pg_temp.told(1);
SELECT count(*) FILTER (WHERE r ~ 'accounts') AS accounts, count(*) FILTER (WHERE r ~ 'ledger') AS ledger, count(*) FILTER (WHERE r ~ 'logout') AS logout FROM pg_temp.api('/_log/h900?format=brief') r;
-- With credentials of the guest's own it is still not the owner's that are sent.
SET ROLE h_guest;
CREATE USER MAPPING FOR h_guest SERVER d OPTIONS (token 'another');
RESET ROLE;
SELECT pg_temp.told(1);
SELECT count(*) FROM pg_temp.api('/_log/h900?format=brief') r WHERE r ~ 'ledger';
-- Where both have the same it makes no difference who asks; and a name that two paths have is the owner's.
DROP USER MAPPING FOR h_guest SERVER d;
DROP USER MAPPING FOR CURRENT_USER SERVER d;
CREATE USER MAPPING FOR PUBLIC SERVER d OPTIONS (token 'bearer-S3CRET-5f1c');
ALTER FOREIGN TABLE h.ledger RENAME TO orders;
SELECT pg_temp.told(4);
SELECT count(*) > 0 AS asked FROM pg_temp.api('/_log/h900?format=brief') r WHERE r ~ 'ledger';
SELECT kind, table_name, relation, status FROM autoconn.alerts WHERE kind = 'endpoint_removed' ORDER BY table_name;

-- New tables go where the owner's are, however many others there are.
SET ROLE h_guest;
DO $$ BEGIN FOR i IN 1 .. 20 LOOP EXECUTE format('CREATE FOREIGN TABLE h.t%s (id int) SERVER d OPTIONS (path ''/orders/{id}/%1$s'')', i); END LOOP; END $$;
RESET ROLE;
SELECT pg_temp.turn('h900', 'add_endpoint=refunds');
SELECT pg_temp.told(1);
SELECT left(fix, 30) AS fix FROM autoconn.alerts WHERE kind = 'endpoint_added';

-- A guest decides nothing, sees no evidence of tables that are not the guest's, and calls nothing that asks or tells.
SET ROLE h_guest;
SELECT count(*) > 0 AS alerts, count(evidence) FILTER (WHERE relation !~ '^h\.' OR relation IS NULL) AS evidence FROM autoconn.alerts;
SELECT pg_temp.error_of(format('SELECT autoconn.%s', f)) FROM unnest(ARRAY['approve(id) FROM autoconn.alerts WHERE kind = ''endpoint_added''', 'dismiss(id, NULL) FROM autoconn.alerts WHERE kind = ''endpoint_added''',
  'check(''d'')', 'adopt(''d'')', 'forget(''d'')', 'take_events()', 'events_lost()', 'worker_state()', 'apply_pending(''d'')']) f;
SELECT pg_temp.error_of('TABLE autoconn.' || t) FROM unnest(ARRAY['alert', 'watch', 'watch_table', 'webhook', 'server_state']) t;
RESET ROLE;

SET client_min_messages = warning;
DROP SERVER d CASCADE;
DROP SCHEMA d CASCADE;
DROP OWNED BY h_guest CASCADE;
DROP ROLE h_guest;
