-- Rows that are looked up by the item path are rows of the list, with all that the list would show.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.things(name text, scenario text, options text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE SERVER %1$I FOREIGN DATA WRAPPER autoconn OPTIONS (url %2$L, discover ''off'', retries ''0'', max_concurrency ''1'')', name, current_setting('test.api') || '/s/' || name || '/' || scenario);
  EXECUTE format('CREATE SCHEMA %I', name);
  EXECUTE format('CREATE FOREIGN TABLE %1$I.things (id bigint OPTIONS (json_path ''/id'', key ''true''), name text, kind text OPTIONS (json_path ''/kind'', param ''kind''), owner_id bigint, active boolean OPTIONS (json_path ''/active'', hidden ''true''), value numeric OPTIONS (json_path ''/value'', hidden ''true''))
    SERVER %1$I OPTIONS (path ''/things'', item_path ''/things/{id}'', rows_path ''/data'', pagination ''page'', page_param ''page'', page_size_param ''per_page'', page_size ''10'', total_path ''/meta/total'', %2$s)', name, options);
END $$;
SELECT pg_temp.things('il1', 'chosen;style=page;size=50;rows=30;hidden=value,active', $$fields_param 'fields'$$), pg_temp.things('il2', 'chosen;style=page;size=50;rows=30;hidden=value,active;ignores=items', $$fields_param 'fields'$$),
  pg_temp.things('il3', 'chosen;style=page;size=50;rows=30;hidden=value,active;ignores=items', $$fields_param 'fields'$$), pg_temp.things('il4', 'chosen;style=page;size=50;rows=30', $$params 'kind=red'$$), pg_temp.things('il5', 'chosen;style=page;size=50;rows=30', $$params 'kind=red', item_of_list 'true'$$);
RESET client_min_messages;
CREATE FUNCTION pg_temp.asked(name text, query text, OUT result text, OUT items bigint, OUT pages bigint) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget(name);
  EXECUTE format('SELECT string_agg(q::text, '' '') FROM (%s) q', query) INTO result;
  SELECT count(*) FILTER (WHERE r ~ '/things/\d'), count(*) FILTER (WHERE r !~ '/things/\d') INTO items, pages FROM pg_temp.requests(name) r;
END $$;
\set ECHO all
-- Items that show hidden fields where they are named, as the first one proves.
SELECT * FROM pg_temp.asked('il1', 'SELECT id, value, active FROM il1.things WHERE id = 7');
SELECT * FROM pg_temp.asked('il1', 'SELECT id, value, active FROM il1.things WHERE id IN (7, 8, 99)');
SELECT * FROM pg_temp.asked('il1', 'SELECT * FROM il1.things WHERE id = 7');
SELECT * FROM pg_temp.asked('il1', 'SELECT id, name FROM il1.things WHERE id = 7');
-- Items that do not: the list is read, and from then on at once.
SELECT * FROM pg_temp.asked('il2', 'SELECT id, value, active FROM il2.things WHERE id = 7');
SELECT * FROM pg_temp.asked('il2', 'SELECT id, value, active FROM il2.things WHERE id = 7');
SELECT * FROM pg_temp.asked('il2', 'SELECT id, value FROM il2.things WHERE id IN (7, 8, 99) ORDER BY id DESC LIMIT 1');
SELECT * FROM pg_temp.asked('il2', 'SELECT id, name FROM il2.things WHERE id = 7');
-- In a list of values, which come one by one; and behind one that there is no item of.
SELECT * FROM pg_temp.asked('il3', 'SELECT id, value FROM il3.things WHERE id IN (99, 8, 7, 9) AND value > 8');
SELECT * FROM pg_temp.asked('il3', 'SELECT t.id, value FROM (VALUES (3), (4)) v(id) JOIN il3.things t USING (id)');
-- What params leave out is no row, whatever the item path shows.
SELECT * FROM pg_temp.asked('il4', 'SELECT id, kind FROM il4.things WHERE id < 10');
SELECT * FROM pg_temp.asked('il4', 'SELECT id, kind FROM il4.things WHERE id = 7');
SELECT * FROM pg_temp.asked('il4', 'SELECT id, kind FROM il4.things WHERE id IN (7, 8)');
SELECT pg_temp.verdicts('SELECT * FROM il4.things WHERE id = 7');
-- Unless somebody says that it shows no others.
SELECT * FROM pg_temp.asked('il5', 'SELECT id, kind FROM il5.things WHERE id = 8');
ALTER FOREIGN TABLE il5.things OPTIONS (DROP params, DROP item_of_list, ADD params_union 'kind=red|green');
SELECT pg_temp.verdicts('SELECT * FROM il5.things WHERE id = 7');
-- An import says so of params that show rows which would be hidden.
SET client_min_messages = warning;
SELECT pg_temp.connect('wide', '/s/il6/hiding_default;rows=20') \g /dev/null
SELECT foreign_table_name, string_agg(option_name || '=' || option_value, ' ' ORDER BY option_name) FROM information_schema.foreign_table_options WHERE foreign_table_schema = 'wide' AND option_name IN ('params', 'params_union', 'item_path', 'item_of_list') GROUP BY 1 ORDER BY 1;
SELECT pg_temp.disconnect();
