-- Tables that are read by POST.
\set ECHO none
\i test/sql/api.inc
SET client_min_messages = warning;
\set ECHO all
\set url :api/i/pr1/made/rpc
-- Only for who asks for it, and the messages say so.
SET client_min_messages = notice;
CREATE SERVER rpc FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', retries '0');
CREATE SCHEMA rpc;
IMPORT FOREIGN SCHEMA api FROM SERVER rpc INTO rpc;
SET client_min_messages = warning;
SELECT method, path, skip_reason FROM autoconn.endpoints WHERE server = 'rpc' ORDER BY path;
SELECT pg_temp.forget('pr1');
IMPORT FOREIGN SCHEMA api FROM SERVER rpc INTO rpc OPTIONS (post_reads 'true', sample 'off');
SELECT pg_temp.requests('pr1');
SELECT name, method, path, skip_reason FROM autoconn.endpoints WHERE server = 'rpc' ORDER BY path;
\d rpc.accounts_search
\d rpc.transfers
-- Samples are asked for as scans ask: two pages, within the budget; what must have a value is not asked for.
CREATE SCHEMA sampled;
IMPORT FOREIGN SCHEMA api FROM SERVER rpc INTO sampled OPTIONS (post_reads 'true');
SELECT r FROM pg_temp.requests('pr1') r;
\d sampled.accounts_search
SELECT name, pagination, evidence ->> 'sample' AS sample, evidence ->> 'pages' AS pages, (evidence -> 'types' -> 'balance') IS NOT NULL AS seen FROM autoconn.endpoints WHERE server = 'rpc' AND name IS NOT NULL ORDER BY name;
SELECT account_id, asked FROM sampled.accounts_search ORDER BY account_id LIMIT 1;
SELECT pg_temp.forget('pr1');
SELECT relation, change FROM autoconn.refresh('sampled');
SELECT r FROM pg_temp.requests('pr1') r WHERE r ~ 'POST';
SELECT name, evidence ->> 'sample' AS sample, ddl ~ 'asked' AS asked FROM autoconn.preview(:'url', import => '{"post_reads": "true"}') WHERE name IS NOT NULL ORDER BY name;
SELECT pg_temp.forget('pr1');
-- Who may not send a POST does not by refreshing.
CREATE ROLE regress_lister;
GRANT USAGE ON FOREIGN SERVER rpc TO regress_lister;
GRANT USAGE ON SCHEMA sampled TO regress_lister;
GRANT EXECUTE ON FUNCTION autoconn.refresh(name, boolean) TO regress_lister;
SET ROLE regress_lister;
SELECT relation, change FROM autoconn.refresh('sampled');
RESET ROLE;
SELECT r FROM pg_temp.requests('pr1') r WHERE r ~ 'POST';
REVOKE EXECUTE ON FUNCTION autoconn.refresh(name, boolean) FROM regress_lister;
DROP SCHEMA sampled CASCADE;
REVOKE USAGE ON FOREIGN SERVER rpc FROM regress_lister;
DROP ROLE regress_lister;
-- Paging in the body; every page is asked for once.
ALTER FOREIGN TABLE rpc.accounts_search ADD COLUMN asked text OPTIONS (json_path '/asked');
SELECT account_id, balance, asked FROM rpc.accounts_search ORDER BY account_id;
SELECT pg_temp.requests('pr1');
-- Constant members, and a filter.
ALTER FOREIGN TABLE rpc.accounts_search OPTIONS (SET body '{"note": {"by": "us"}, "flags": [1]}');
SELECT account_id, asked FROM rpc.accounts_search WHERE kind = 'deposit' ORDER BY account_id;
SELECT pg_temp.plan($$SELECT account_id FROM rpc.accounts_search WHERE kind = 'deposit'$$);
-- A required member without a field: a number as a number.
SELECT id, year, since FROM rpc.transfers WHERE year = 2024 ORDER BY id;
SELECT pg_temp.plan($$SELECT id FROM rpc.transfers WHERE year = 2024$$);
SELECT pg_temp.error_of('SELECT * FROM rpc.transfers');
SELECT pg_temp.requests('pr1');
-- Options that do not go together.
SELECT pg_temp.error_of($$ALTER FOREIGN TABLE rpc.transfers OPTIONS (SET body '[1]')$$);
SELECT pg_temp.error_of($$ALTER FOREIGN TABLE rpc.transfers OPTIONS (SET body 'x')$$);
SELECT pg_temp.error_of($$ALTER FOREIGN TABLE rpc.transfers OPTIONS (SET body '{"api_key": "x"}')$$);
SELECT pg_temp.error_of($$ALTER FOREIGN TABLE rpc.transfers OPTIONS (SET body '{"as": [{"who": {"password": "x"}}]}')$$);
SELECT pg_temp.error_of($$ALTER FOREIGN TABLE rpc.transfers OPTIONS (DROP method)$$);
SELECT pg_temp.error_of($$ALTER FOREIGN TABLE rpc.transfers OPTIONS (SET method 'DELETE')$$);
SELECT pg_temp.error_of($$ALTER FOREIGN TABLE rpc.transfers OPTIONS (ADD item_path '/transfers/{id}')$$);
-- Only the owner of the server.
CREATE ROLE regress_poster;
GRANT USAGE ON FOREIGN SERVER rpc TO regress_poster;
CREATE SCHEMA poster AUTHORIZATION regress_poster;
SET ROLE regress_poster;
SELECT pg_temp.error_of($$IMPORT FOREIGN SCHEMA api FROM SERVER rpc INTO poster OPTIONS (post_reads 'true')$$);
SELECT pg_temp.error_of($$CREATE FOREIGN TABLE poster.t (id bigint) SERVER rpc OPTIONS (path '/accounts', method 'POST')$$);
CREATE FOREIGN TABLE poster.t (id bigint) SERVER rpc OPTIONS (path '/accounts');
SELECT pg_temp.error_of($$ALTER FOREIGN TABLE poster.t OPTIONS (ADD method 'POST')$$);
-- Whoever goes round the event trigger gets no further.
SET check_function_bodies = off;
ALTER FOREIGN TABLE poster.t OPTIONS (ADD method 'POST');
RESET check_function_bodies;
SELECT pg_temp.error_of('SELECT * FROM poster.t');
RESET ROLE;
SELECT pg_temp.requests('pr1');
-- A POST that fails is not sent again.
CREATE FOREIGN TABLE rpc.broken (id bigint) SERVER rpc OPTIONS (path '/accounts', method 'POST');
ALTER SERVER rpc OPTIONS (SET retries '3');
SELECT left(pg_temp.error_of('SELECT * FROM rpc.broken'), 6);
SELECT pg_temp.requests('pr1');
DROP SCHEMA rpc, poster CASCADE;
DROP SERVER rpc CASCADE;
DROP ROLE regress_poster;
