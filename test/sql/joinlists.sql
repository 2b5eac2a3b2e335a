-- A join asks for one value at a time; where the parameter takes lists, the values can be gathered first.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
SELECT :'api' || '/s/joinlists/chosen;style=page;size=50;rows=60' AS url \gset
CREATE SERVER jl FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off', retries '0', max_concurrency '1');
CREATE SCHEMA jl;
CREATE FOREIGN TABLE jl.things (id bigint OPTIONS (json_path '/id', key 'true', param 'ids', param_list 'comma', param_list_max '20'), name text) SERVER jl OPTIONS (path '/things', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '50', estimated_rows '100000');
CREATE TEMP TABLE keys AS SELECT 1 + n % 40 AS id FROM generate_series(0, 79) n;
ANALYZE keys;
RESET client_min_messages;
\set ECHO all
SET enable_hashjoin = off; SET enable_mergejoin = off;
-- Once for each distinct value, which the planner sees to.
SELECT rows, requests FROM pg_temp.ask('joinlists', 'SELECT * FROM keys JOIN jl.things USING (id)');
-- Twenty at once.
SELECT rows, requests, first_request FROM pg_temp.ask('joinlists', 'SELECT * FROM jl.things WHERE id = ANY (ARRAY(SELECT id FROM keys))');
SELECT rows, requests FROM pg_temp.ask('joinlists', 'SELECT * FROM keys JOIN (SELECT * FROM jl.things WHERE id = ANY (ARRAY(SELECT id FROM keys)) OFFSET 0) t USING (id)');
RESET ALL;
SELECT rows, requests FROM pg_temp.ask('joinlists', 'SELECT * FROM keys JOIN jl.things t USING (id) WHERE t.id = ANY (ARRAY(SELECT id FROM keys))');
SELECT pg_temp.disconnect();
