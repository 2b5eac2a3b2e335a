-- OR of values and lists of one column: one list that is sent, by whatever forms PostgreSQL writes it in.
\set ECHO none
\i test/sql/api.inc
\i test/sql/ask.inc
SET client_min_messages = warning;
SELECT pg_temp.connect('t', '/s/orlists/plain;filters=1;rows=40') \g /dev/null
RESET client_min_messages;
CREATE TEMP TABLE copy AS SELECT * FROM t.things;
-- So large that no list is too long for it.
ALTER FOREIGN TABLE t.things OPTIONS (ADD estimated_rows '100000');
-- Rows of a clause, whether they are those of the copy, and what was asked.
CREATE FUNCTION pg_temp.found(clause text, OUT rows bigint, OUT right_rows boolean, OUT asked text) LANGUAGE plpgsql AS $$
DECLARE
  wrong bigint;
BEGIN
  PERFORM pg_temp.forget('orlists');
  EXECUTE format('CREATE TEMP TABLE got AS SELECT id FROM t.things WHERE %s', clause);
  SELECT count(*) INTO rows FROM got;
  EXECUTE format('SELECT count(*) FROM ((SELECT id FROM copy WHERE %s EXCEPT ALL TABLE got) UNION ALL (TABLE got EXCEPT ALL SELECT id FROM copy WHERE %1$s)) x', clause) INTO wrong;
  right_rows := wrong = 0;
  SELECT string_agg(DISTINCT regexp_replace(r, '^GET /things[/?]?|&?limit=\d+|&?page=\d+|&?per_page=\d+', '', 'g'), ' ' ORDER BY regexp_replace(r, '^GET /things[/?]?|&?limit=\d+|&?page=\d+|&?per_page=\d+', '', 'g')) INTO asked FROM pg_temp.requests('orlists') r;
  DROP TABLE got;
END $$;
\set ECHO all
SELECT c.clause, f.* FROM unnest(ARRAY['id IN (1, 2) OR id = 3', 'id = 1 OR id = 2 OR id IN (2, 5, NULL)', 'id IN (1, 2) OR id IN (2, 3)', 'id = 1::int OR id = 2::bigint OR id IN (3::smallint, 1)', 'id = 3 OR id = ANY (''{{4,5},{6,3}}'')',
  'id = 1 OR id = ANY (ARRAY(SELECT generate_series(2, 3)))', 'id IN (1, 2) OR id = (SELECT 5)', 'id = ANY (NULL::int[]) OR id = 3', 'id = NULL OR id IN (7, 8)', '(id, owner_id) IN ((1, 2), (2, 3), (3, 1), (99, 1))', '(id = 1 AND active) OR (id IN (2, 3) AND kind = ''blue'')',
  'id = 1 OR id = 99999999999', '(id, kind) = (2, ''green'') OR id = 3']) WITH ORDINALITY c(clause, n), pg_temp.found(c.clause) f ORDER BY n;
-- By parameter, and where several columns may serve, by what names most.
SELECT c.clause, f.* FROM unnest(ARRAY['owner_id = 1 OR owner_id IN (2, 3)', 'kind = ''red'' OR kind IN (''blue'', ''red'')', '(owner_id, kind) IN ((1, ''red''), (2, ''blue''))', '(owner_id, id) IN ((1, 5), (3, 2))', '(owner_id = 1 AND active) OR (owner_id IN (2, 3) AND id > 20)']) WITH ORDINALITY c(clause, n), pg_temp.found(c.clause) f ORDER BY n;
-- No column in common, or one arm that bounds nothing.
SELECT c.clause, f.* FROM unnest(ARRAY['id = 1 OR owner_id = 2', 'id IN (1, 2) OR id > 38', 'id IN (1, 2) OR name = ''thing 3''', 'id IN (1, 2) OR id IS NULL', 'id = 1 OR NOT id IN (2, 3)', 'id = 1 OR id = ALL (ARRAY[2, 3])']) WITH ORDINALITY c(clause, n), pg_temp.found(c.clause) f ORDER BY n;
SELECT pg_temp.verdicts('SELECT * FROM t.things WHERE id IN (1, 2) OR id = 3');
SELECT pg_temp.verdicts('SELECT * FROM t.things WHERE (owner_id, kind) IN ((1, ''red''), (2, ''blue''))');
-- Parameters in a generic plan; what is not known of them at planning is known at execution.
SET plan_cache_mode = force_generic_plan;
PREPARE p(int[], bigint, bigint[]) AS SELECT array_agg(id ORDER BY id) FROM t.things WHERE id = ANY ($1) OR id = $2 OR id = ANY ($3);
SELECT pg_temp.forget('orlists') \g /dev/null
EXECUTE p('{1,2,NULL}', 3, '{{2,4},{5,3}}');
SELECT count(*) FROM pg_temp.requests('orlists');
EXECUTE p(NULL, NULL, '{6}');
EXECUTE p(NULL, NULL, NULL);
EXECUTE p('{}', 7, NULL);
SELECT pg_temp.requests('orlists');
SELECT pg_temp.verdicts('EXECUTE p(NULL, NULL, NULL)');
RESET plan_cache_mode;
-- Values of another table's rows.
SET enable_hashjoin = off; SET enable_mergejoin = off;
SELECT v.a, v.b, array_agg(o.id ORDER BY o.id) FROM (VALUES (1, ARRAY[2, 3]), (4, NULL), (5, ARRAY[5])) v(a, b) JOIN t.things o ON o.id = v.a OR o.id = ANY (v.b) GROUP BY 1, 2 ORDER BY 1;
SELECT count(*) FROM pg_temp.requests('orlists');
RESET ALL;
-- LIMIT is no page size where the condition says more than what is sent.
SELECT count(*) FROM (SELECT * FROM t.things WHERE (owner_id = 1 AND id > 20) OR (owner_id = 2 AND id > 30) LIMIT 3) x;
-- Random clauses, orders and limits, against the copy.
CREATE FUNCTION pg_temp.random_arm() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  n int := 1 + random() * 44; m int := 1 + random() * 44; o int := random() * 6; k text := (ARRAY['red', 'RED', 'green', 'none'])[1 + floor(random() * 4)];
BEGIN
  RETURN (ARRAY[format('id = %s', n), format('id IN (%s, %s)', n, m), format('id = ANY (ARRAY[%s, NULL, %s])', n, m), format('%s = id', n), format('owner_id = %s', o), format('owner_id IN (%s, %s)', o, o + 1), format('kind = %L', k), format('kind IN (%L, ''blue'')', k),
    format('(id, owner_id) IN ((%s, %s), (%s, 1))', n, o, m), format('(id = %s AND kind = %L)', n, k), format('(owner_id IN (%s, 2) AND id < %s)', o, n), format('id = (SELECT %s)', n), format('id = ANY (ARRAY(SELECT generate_series(%s, %s)))', n, n + 1), 'active', 'NOT active', format('id > %s', n),
    format('id = ANY (''{{%s,%s},{1,2}}'')', n, m), format('(owner_id, kind) = (%s, %L)', o, k)])[1 + floor(random() * 18)];
END $$;
CREATE FUNCTION pg_temp.random_clause(depth int) RETURNS text LANGUAGE sql AS $$
  SELECT '(' || string_agg(CASE WHEN depth > 0 AND random() < 0.2 THEN pg_temp.random_clause(depth - 1) ELSE pg_temp.random_arm() END, CASE WHEN random() < 0.75 THEN ' OR ' ELSE ' AND ' END) || ')' FROM generate_series(1, (1 + random() * 2)::int)
$$;
DO $$
DECLARE
  clause text; tail text; theirs text; ours text; n int := 0; filled int := 0;
BEGIN
  PERFORM setseed(0.25);
  FOR i IN 1..150 LOOP
    clause := pg_temp.random_clause(1);
    tail := (ARRAY['ORDER BY id', 'ORDER BY owner_id, id', 'ORDER BY id DESC LIMIT 3', 'ORDER BY id LIMIT 2 OFFSET 1'])[1 + floor(random() * 4)];
    EXECUTE format('SELECT string_agg(x::text, '' '') FROM (SELECT id, owner_id, kind FROM t.things WHERE %s %s) x', clause, tail) INTO theirs;
    EXECUTE format('SELECT string_agg(x::text, '' '') FROM (SELECT id, owner_id, kind FROM copy WHERE %s %s) x', clause, tail) INTO ours;
    filled := filled + (ours IS NOT NULL)::int;
    IF theirs IS DISTINCT FROM ours THEN
      n := n + 1;
      RAISE NOTICE '% %: % instead of %', clause, tail, theirs, ours;
    END IF;
  END LOOP;
  RAISE NOTICE '% wrong, more than half have rows: %', n, filled > 75;
END $$;
-- Joins of all kinds, whatever plan.
DO $$
DECLARE
  clause text; kind text; query text; theirs text; ours text; n int := 0; filled int := 0;
BEGIN
  PERFORM setseed(0.5);
  FOR i IN 1..60 LOOP
    clause := format('(%s OR %s)', pg_temp.random_arm(), pg_temp.random_arm());
    kind := (ARRAY['v JOIN %1$s t ON t.id = v.a', 'v LEFT JOIN %1$s t ON t.id = v.a OR t.id = ANY (v.b)', 'v JOIN %1$s t ON t.owner_id = v.a AND (t.id = v.c OR t.id IN (v.a, 7))', '%1$s t JOIN v ON (t.id, t.owner_id) IN ((v.a, v.c), (v.c, v.a))'])[1 + floor(random() * 4)];
    query := format('WITH v(a, b, c) AS MATERIALIZED (VALUES (1, ARRAY[2, 3], 4), (NULL, ARRAY[5, NULL], 1), (5, NULL, NULL), (9, ''{}'', 9)) SELECT string_agg(x::text, '' '' ORDER BY x) FROM (SELECT v.a, t.id, t.kind FROM %s WHERE t.id IS NULL OR %s) x', kind,
      replace(replace(replace(regexp_replace(clause, '\m(id|owner_id|kind|active)\M', 't.\1', 'g'), 'NOT active', 'NOT t.active'), 't.t.', 't.'), '''t.', ''''));
    PERFORM set_config('enable_' || s, (random() < 0.5)::text, true) FROM unnest('{hashjoin,mergejoin,memoize,material}'::text[]) s;
    EXECUTE format(query, 't.things') INTO theirs;
    EXECUTE format(query, 'copy') INTO ours;
    filled := filled + (ours IS NOT NULL)::int;
    IF theirs IS DISTINCT FROM ours THEN
      n := n + 1;
      RAISE NOTICE '%: % instead of %', query, theirs, ours;
    END IF;
  END LOOP;
  RAISE NOTICE '% wrong, more than a third have rows: %', n, filled > 20;
END $$;
SELECT pg_temp.disconnect();
