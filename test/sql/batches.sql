-- Parameters that take several values: batches, no row twice, none lost.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
-- A table of things (id, name, kind, owner_id, active) whose API takes lists in one form.
CREATE FUNCTION pg_temp.things(name text, scenario text, list text, server_options text DEFAULT '') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE SERVER %I FOREIGN DATA WRAPPER autoconn OPTIONS (url %L, discover ''off''%s)', name, format('%s/s/%s/%s', current_setting('test.api'), name, scenario), server_options);
  EXECUTE format('CREATE SCHEMA %I', name);
  EXECUTE format('CREATE FOREIGN TABLE %1$I.things (id bigint OPTIONS (key ''true'', json_path ''/id'', param ''ids'', param_list %2$L, param_list_max ''10''), name text, owner_id int OPTIONS (json_path ''/owner_id'', param ''owner_ids'', param_list %2$L), kind text OPTIONS (json_path ''/kind'', param ''kind''))
    SERVER %1$I OPTIONS (path ''/things'', item_path ''/things/{id}'', rows_path ''/data'', pagination ''page'', page_param ''page'', page_size_param ''per_page'', page_size ''50'', total_path ''/meta/total'', estimated_rows ''1000'')', name, list);
END $$;
CREATE TEMP TABLE copy AS SELECT n::bigint AS id, 'thing ' || n AS name, 1 + n % 5 AS owner_id, (ARRAY['red', 'RED', 'green', 'blue'])[1 + n % 4] AS kind FROM generate_series(1, 60) n;
-- What a condition gives, whether that is right, and the query strings of its requests but for paging.
CREATE FUNCTION pg_temp.found(name text, clause text, OUT rows bigint, OUT right_rows bool, OUT requests text[]) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget(name);
  EXECUTE format('CREATE TEMP TABLE found AS SELECT * FROM %I.things WHERE %s', name, clause);
  SELECT count(*) INTO rows FROM found;
  EXECUTE format('SELECT NOT EXISTS (TABLE found EXCEPT ALL SELECT * FROM copy things WHERE %1$s) AND NOT EXISTS (SELECT * FROM copy things WHERE %1$s EXCEPT ALL TABLE found)', clause) INTO right_rows;
  DROP TABLE found;
  SELECT array_agg(regexp_replace(regexp_replace(r, '^.*/things\??', ''), '&?(page|per_page)=\d+', '', 'g') ORDER BY r) INTO requests FROM pg_temp.requests(name) r;
END $$;
\set ECHO all
SELECT name, pg_temp.things(name, 'chosen;style=page;size=50;rows=60;lists=' || name, name) FROM unnest(ARRAY['comma', 'repeat', 'pipe', 'space', 'brackets']) name;
-- Each form; one value is a list of one, or a look-up by the key.
SELECT name, f.* FROM unnest(ARRAY['comma', 'repeat', 'pipe', 'space', 'brackets']) WITH ORDINALITY n(name, i), unnest(ARRAY['owner_id IN (2, 4)', 'owner_id = 2', 'id = 7']) WITH ORDINALITY c(clause, j), pg_temp.found(name, clause) f ORDER BY i, j;
-- Values that stand twice are sent once, NULL never; no more than param_list_max at once; combinations; what is not there.
SELECT clause, f.* FROM unnest(ARRAY['id IN (3, 1, 2, 3, NULL)', 'id = ANY (ARRAY[]::bigint[])', 'id IN (1, 2) OR id = 3', 'id = 7 OR id = 8',
  'id IN (1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21)', 'id IN (1,2,3,4,5,6,7,8,9,10,11) AND owner_id IN (2, 4)', 'id IN (59, 60, 61)', 'id IN (1, 2) AND id IN (2, 3)', 'id IN (1, 2) AND kind = ''RED'''])
  WITH ORDINALITY c(clause, n), pg_temp.found('comma', clause) f ORDER BY n;
SELECT * FROM pg_temp.plan('SELECT * FROM comma.things WHERE id IN (1, 2, 3)');
-- More than one page of a batch; several batches at once.
ALTER FOREIGN TABLE comma.things OPTIONS (SET page_size '4');
SELECT f.rows, f.right_rows, cardinality(f.requests) FROM pg_temp.found('comma', 'id <= 35 AND id = ANY (ARRAY(SELECT generate_series(1, 40)))') f;
ALTER FOREIGN TABLE comma.things OPTIONS (SET page_size '50');
-- URLs do not grow without bound.
ALTER FOREIGN TABLE comma.things ALTER COLUMN id OPTIONS (SET param_list_max '10000');
SELECT pg_temp.forget('comma') \g /dev/null
SELECT count(*) FROM comma.things WHERE id = ANY (ARRAY(SELECT generate_series(1, 2000)));
SELECT count(*) > 3 AS several, max(length(r)) < 2000 AS short FROM pg_temp.requests('comma') r;
ALTER FOREIGN TABLE comma.things ALTER COLUMN id OPTIONS (SET param_list_max '10');
-- A value that holds the separator cannot stand in a list: the condition stays here.
ALTER FOREIGN TABLE comma.things ALTER COLUMN kind OPTIONS (ADD param_list 'comma');
SELECT clause, f.* FROM unnest(ARRAY['kind = ''red,blue''', 'kind IN (''red'', ''red,blue'')', 'kind IN ('''', ''red'')']) WITH ORDINALITY c(clause, n), pg_temp.found('comma', clause) f ORDER BY n;
ALTER FOREIGN TABLE comma.things ALTER COLUMN kind OPTIONS (DROP param_list);
-- Parameters and the outer rows of a join.
PREPARE by_ids(bigint[]) AS SELECT count(*), sum(id) FROM comma.things WHERE id = ANY ($1);
SET plan_cache_mode = force_generic_plan;
EXECUTE by_ids('{1,2,3,4,5,6,7,8,9,10,11,12}');
EXECUTE by_ids('{}');
RESET plan_cache_mode;
SELECT pg_temp.forget('comma') \g /dev/null
SELECT o.n, t.id FROM (VALUES (1, '{1,2}'::bigint[]), (2, '{3}'), (3, '{}')) o(n, ids) LEFT JOIN LATERAL (SELECT id FROM comma.things WHERE id = ANY (o.ids) OFFSET 0) t ON true ORDER BY 1, 2;
SELECT r FROM pg_temp.requests('comma') r;

-- An API that ignores the parameter gives each row once, and is found out; one that refuses so many values is an error.
SELECT pg_temp.things('ignoring', 'chosen;style=page;size=50;rows=60;ignores=ids,owner_ids', 'comma');
SELECT f.rows, f.right_rows, cardinality(f.requests) FROM pg_temp.found('ignoring', 'id = ANY (ARRAY(SELECT generate_series(1, 25)))') f;
SELECT f.* FROM pg_temp.found('ignoring', 'id IN (1, 2)') f;
SELECT pg_temp.things('strict', 'chosen;style=page;size=50;rows=60;most=5', 'comma');
SELECT pg_temp.error_of('SELECT * FROM strict.things WHERE id IN (1, 2, 3, 4, 5, 6)');
ALTER FOREIGN TABLE strict.things ALTER COLUMN id OPTIONS (SET param_list_max '5');
SELECT f.* FROM pg_temp.found('strict', 'id IN (1, 2, 3, 4, 5, 6)') f;

-- A parent's rows, many at once.
SELECT pg_temp.things('walked', 'chosen;style=page;size=50;rows=60;needs=owner_ids', 'comma', ', max_concurrency ''2''');
SELECT pg_temp.error_of('SELECT * FROM walked.things');
ALTER FOREIGN TABLE walked.things ALTER COLUMN owner_id OPTIONS (ADD required 'true', ADD param_list_max '2');
SELECT pg_temp.error_of('SELECT * FROM walked.things');
CREATE FOREIGN TABLE walked.owners (id int) SERVER walked OPTIONS (path '/things', rows_path '/data', params 'owner_ids=1,2,3,4,5', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '50', total_path '/meta/total');
ALTER FOREIGN TABLE walked.owners ALTER COLUMN id OPTIONS (json_path '/owner_id');
ALTER FOREIGN TABLE walked.things OPTIONS (ADD parent 'owners(id)');
SELECT f.* FROM pg_temp.found('walked', 'true') f;
SELECT f.* FROM pg_temp.found('walked', 'owner_id IN (3, 4, 5)') f;
SELECT f.* FROM pg_temp.found('walked', 'owner_id > 3') f;
SELECT f.* FROM pg_temp.found('walked', 'kind = ''green''') f;
SELECT * FROM pg_temp.plan('SELECT * FROM walked.things');
-- One that ignores it: each row once.
SELECT pg_temp.things('waste', 'chosen;style=page;size=50;rows=60;ignores=owner_ids', 'comma');
ALTER FOREIGN TABLE waste.things ALTER COLUMN owner_id OPTIONS (ADD required 'true', ADD param_list_max '2');
CREATE FOREIGN TABLE waste.owners (id int) SERVER waste OPTIONS (path '/things', rows_path '/data', pagination 'page', page_param 'page', page_size_param 'per_page', page_size '50', total_path '/meta/total');
ALTER FOREIGN TABLE waste.owners ALTER COLUMN id OPTIONS (json_path '/owner_id');
ALTER FOREIGN TABLE waste.things OPTIONS (ADD parent 'owners(id)');
SELECT f.rows, f.right_rows FROM pg_temp.found('waste', 'true') f;
-- So it is where a request has one value; what a query gives is sent all the same, and the rows are right.
ALTER FOREIGN TABLE waste.things ALTER COLUMN owner_id OPTIONS (DROP param_list);
SELECT f.rows, f.right_rows FROM pg_temp.found('waste', 'true') f;
SELECT f.* FROM pg_temp.found('waste', 'owner_id = 3') f;
SELECT f.* FROM pg_temp.found('waste', 'owner_id IN (3, 4)') f;
SELECT pg_temp.error_of($$ALTER FOREIGN TABLE waste.things ALTER COLUMN id OPTIONS (SET param_list 'tabs')$$), pg_temp.error_of($$ALTER FOREIGN TABLE waste.things ALTER COLUMN id OPTIONS (SET param_list_max '0')$$);
SELECT pg_temp.disconnect();
