-- Sites whose description must be found, or must not: what is asked, in which order, and what is kept.
\set ECHO none
\i test/sql/api.inc
\i test/sql/sites.inc
\set ECHO all
\set VERBOSITY terse

-- How a document is served: YAML, and JSON under a type that says nothing.
SELECT pg_temp.visit('yaml', 'a1');
SELECT * FROM pg_temp.requests('a1') r ORDER BY r COLLATE "C";
SELECT name, method, path, importable, source FROM autoconn.endpoints WHERE server = 'yaml' ORDER BY path;
SELECT pg_temp.visit('plain', 'a2');
SELECT pg_temp.visit('octets', 'a3', '/api');
SELECT pg_temp.visit('docsyaml', 'a3b');
SELECT pg_temp.visit('versioned', 'a6', '/v1.0');
-- The server's own URL does not smell, whatever it is called.
SELECT pg_temp.visit('service', 'a7', '/restart');
-- What is kept is the document as JSON.
SELECT server, kind, description::jsonb -> 'info' AS info FROM autoconn.server_state WHERE server IN ('octets', 'plain', 'yaml') ORDER BY server;
-- JSON with a comma too many is read as the YAML that it is, and kept so that it need not be asked for again.
SELECT pg_temp.visit('sloppy', 'a8');
SELECT description::jsonb ? 'paths' AS kept FROM autoconn.server_state WHERE server = 'sloppy';
SELECT pg_temp.forget('a8');
CREATE SCHEMA sloppy;
IMPORT FOREIGN SCHEMA api FROM SERVER sloppy INTO sloppy OPTIONS (sample 'off');
SELECT * FROM pg_temp.requests('a8');
-- Behind a key: found as soon as there is one.
SELECT pg_temp.visit('keyed', 'a4');
CREATE USER MAPPING FOR CURRENT_USER SERVER keyed OPTIONS (api_key 'header-S3CRET-0b2d');
SELECT status, kind, auth, importable, note FROM autoconn.servers WHERE server = 'keyed';
-- An open page does not hide that the description is locked.
SELECT pg_temp.visit('lockedbut', 'a5');
CREATE USER MAPPING FOR CURRENT_USER SERVER lockedbut OPTIONS (api_key 'header-S3CRET-0b2d');

-- What an answer points to comes before the usual places.
SELECT pg_temp.visit('linkheader', 'b1');
SELECT * FROM pg_temp.requests('b1');
SELECT pg_temp.visit('htmllink', 'b2');
SELECT * FROM pg_temp.requests('b2');
SELECT pg_temp.visit('anchor', 'b3');
SELECT * FROM pg_temp.requests('b3');
SELECT pg_temp.visit('refresh', 'b4');
SELECT * FROM pg_temp.requests('b4');
-- A catalog names several APIs; only this one's description is read.
SELECT pg_temp.visit('cataloglink', 'b5');
SELECT * FROM pg_temp.requests('b5');
SELECT pg_temp.visit('catalog', 'b6');
SELECT count(*) FILTER (WHERE r ~ 'books.json') AS ours, count(*) FILTER (WHERE r ~ 'cars') AS others FROM pg_temp.requests('b6') r;
-- On another origin it is read without credentials, and its server is not adopted.
SELECT pg_temp.visit('elsewhere', 'b7') ~ 'discovered \| openapi .* was not adopted' AS found;
CREATE USER MAPPING FOR CURRENT_USER SERVER elsewhere OPTIONS (token 'bearer-S3CRET-5f1c');
SELECT pg_temp.forget('b7');
SELECT autoconn.discover('elsewhere');
SELECT * FROM pg_temp.api('/_log/b7?format=brief&headers=authorization');

-- API consoles: the page names the document, or a script of it, or a configuration that the script names, or it holds it.
SELECT pg_temp.visit('swaggerui', 'i1');
SELECT r FROM pg_temp.requests('i1') r WHERE r ~ '/(docs|static|meta)' ORDER BY r COLLATE "C";
SELECT pg_temp.visit('initializer', 'i2');
SELECT r FROM pg_temp.requests('i2') r WHERE r ~ '/(swagger-ui|meta)' ORDER BY r COLLATE "C";
SELECT pg_temp.visit('configured', 'i3');
SELECT r FROM pg_temp.requests('i3') r WHERE r ~ '/(swagger-ui|meta)' ORDER BY r COLLATE "C";
SELECT pg_temp.visit(s, 'i4') FROM unnest('{redoc,scalar,rapidoc,stoplight}'::text[]) s;
SELECT * FROM pg_temp.requests('i4');
SELECT pg_temp.visit('inline', 'i5');
SELECT server, replace(spec_url, pg_temp.site(server, 'i5'), '') AS spec_url, description::jsonb ? 'paths' AS description FROM autoconn.server_state WHERE server = 'inline';

-- A description in several documents: those on its origin are fetched once each.
SELECT pg_temp.visit('split', 'c1');
SELECT r FROM pg_temp.requests('c1') r WHERE r ~ 'openapi.yaml|paths|schemas' ORDER BY r COLLATE "C";
SELECT name, path, importable FROM autoconn.endpoints WHERE server = 'split' ORDER BY path;
-- Neither another origin nor a path that smells of an action is asked for.
SELECT pg_temp.visit('hostilerefs', 'c2');
SELECT * FROM pg_temp.requests('c2') r ORDER BY r COLLATE "C";
-- References without end stop at the budget.
SELECT pg_temp.visit('endless', 'c3');
SELECT count(*) <= 40 AS within, count(*) FILTER (WHERE r ~ 'chain') AS followed FROM pg_temp.requests('c3') r;

-- An index of links, WordPress with its schemas by OPTIONS, rows.
SELECT pg_temp.visit('drf', 'e1', '/api/');
SELECT pg_temp.visit('indexbut', 'e2');
SELECT pg_temp.visit('press', 'e3');
SELECT * FROM pg_temp.requests('e3');
SELECT pg_temp.visit('rows', 'e4', '/v1/books');
SELECT count(*) BETWEEN 20 AND 40 AS within FROM pg_temp.requests('e4');
SELECT pg_temp.visit('rowsbut', 'e5', '/v1/books');
-- Of rows so much is kept as shows what they look like.
SELECT jsonb_array_length(description::jsonb) FROM autoconn.server_state WHERE server = 'rows';

-- Records of requests: what they hold of credentials is kept nowhere.
SELECT pg_temp.visit('archive', 'r1', '/traffic.har');
SELECT pg_temp.visit('collection', 'r2', '/books.json');
SELECT server, name, path, importable FROM autoconn.endpoints WHERE server IN ('archive', 'collection') ORDER BY 1, 2;
SELECT server, description ~ 'S3CRET' AS secret, length(description) > 500 AS kept FROM autoconn.server_state WHERE server IN ('archive', 'collection') ORDER BY 1;
SELECT count(*) AS secrets FROM autoconn.endpoints e WHERE e::text ~ 'S3CRET';
CREATE SCHEMA regress_archive;
IMPORT FOREIGN SCHEMA api FROM SERVER archive INTO regress_archive OPTIONS (sample 'off');
SELECT title FROM regress_archive.books WHERE id = 3;

-- Pages of documentation, in HTML and Markdown, at once or behind a cover: their paths are tried, never one that smells of an action.
SELECT pg_temp.visit('handbook', 'j1');
SELECT r FROM pg_temp.requests('j1') r WHERE r ~ '/(books|authors|logout)' ORDER BY r COLLATE "C";
SELECT method, path, source FROM autoconn.endpoints WHERE server = 'handbook' ORDER BY path;
SELECT pg_temp.visit('markdown', 'j2');
SELECT pg_temp.visit('cover', 'j3');
SELECT r FROM pg_temp.requests('j3') r WHERE r ~ '/(books|authors|logout|reference|about)' ORDER BY r COLLATE "C";
-- Where none of its paths exists, a page speaks of something else.
SELECT pg_temp.visit('otherbook', 'j4');

-- Nothing is found where there is nothing: one page for every path, a login page, errors of status 200.
SELECT pg_temp.visit('spa', 'f1');
SELECT * FROM pg_temp.requests('f1') r ORDER BY r COLLATE "C";
SELECT pg_temp.visit('login', 'f2');
SELECT pg_temp.visit('softerror', 'f3');
SELECT pg_temp.visit('empty', 'f4', '/v1/things');
SELECT count(*) FROM pg_temp.requests('f4');

-- Rows and pages are not what spec_url means.
SELECT pg_temp.visit('rows', 'f5', '/v1/books', format('spec_url %L', pg_temp.site('rows', 'f5') || '/v1/books'));
SELECT pg_temp.visit('spa', 'f6', '/', format('spec_url %L', pg_temp.site('spa', 'f6') || '/docs'));
SELECT * FROM pg_temp.requests('f6');

-- What would take all memory or all time ends with a word, and soon.
SELECT clock_timestamp() AS began \gset
SELECT regexp_replace(pg_temp.visit('aliases', 'g1'), '\d+', 'n', 'g');
SELECT pg_temp.visit('deep', 'g2');
SELECT pg_temp.visit('many', 'g3');
SELECT pg_temp.visit('zip', 'g4');
SELECT pg_temp.visit('justfits', 'g5');
-- A description that is too large to come beside others is asked for alone.
SELECT pg_temp.visit('large', 'g8');
SELECT count(*) AS asked FROM pg_temp.requests('g8') r WHERE r = 'GET /openapi.json';
SELECT regexp_replace(pg_temp.visit('bigyaml', 'g6'), '\d+', 'n', 'g');
SELECT pg_temp.visit('deephtml', 'g7');
SELECT clock_timestamp() - :'began'::timestamptz < '30 s' AS soon;

-- What was kept reads as what was found, in another session and without asking.
CREATE TABLE regress_learned AS
  SELECT server, name, grp, method, path, item_path, rows_path, pagination, key_columns, params, importable, skip_reason, source
  FROM autoconn.endpoints WHERE server IN ('yaml', 'split', 'press', 'drf', 'rowsbut', 'inline', 'handbook', 'cover');
\c -
\set ECHO none
\i test/sql/api.inc
\i test/sql/sites.inc
\set ECHO all
SELECT pg_temp.forget(s) FROM unnest('{a1,c1,e1,e3,e5,i5,j1,j3}'::text[]) s;
SET client_min_messages = warning;
DO $$ DECLARE s text; BEGIN FOR s IN SELECT DISTINCT server FROM regress_learned LOOP
  EXECUTE format('CREATE SCHEMA %I', 'regress_' || s);
  EXECUTE format('IMPORT FOREIGN SCHEMA api FROM SERVER %I INTO %I OPTIONS (sample ''off'')', s, 'regress_' || s);
END LOOP; END $$;
RESET client_min_messages;
SELECT s, r FROM unnest('{a1,c1,e1,e3,e5,i5,j1,j3}'::text[]) s, pg_temp.requests(s) r;
-- What nothing describes waits for a sample, which these imports were told not to take.
CREATE TEMP VIEW after_import AS
  SELECT server, name, grp, method, path, item_path, rows_path, pagination, key_columns, params, importable, skip_reason, source
  FROM autoconn.endpoints WHERE server IN (SELECT server FROM regress_learned);
SELECT server, path, skip_reason FROM after_import n WHERE skip_reason LIKE '%sample%' ORDER BY 1, 2;
DELETE FROM regress_learned l USING after_import n WHERE n.skip_reason LIKE '%sample%' AND (l.server, l.path) = (n.server, n.path);
(TABLE regress_learned EXCEPT TABLE after_import)
UNION ALL
(SELECT * FROM after_import WHERE skip_reason IS NULL OR skip_reason NOT LIKE '%sample%' EXCEPT TABLE regress_learned);
SELECT title, price FROM regress_yaml.books ORDER BY id LIMIT 1;
SELECT title, price FROM regress_split.books ORDER BY id LIMIT 1;

-- The watch: a description in YAML that changes.
SET client_min_messages = warning;
SELECT pg_temp.visit('moving', 'h1');
CREATE SCHEMA regress_moving;
IMPORT FOREIGN SCHEMA api FROM SERVER moving INTO regress_moving OPTIONS (sample 'off');
RESET client_min_messages;
CREATE FUNCTION pg_temp.poll(name text, session text) RETURNS TABLE (raised text, asked text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.forget(session);
  SELECT string_agg(concat_ws(' ', a.kind, a.table_name, a.column_name), ', ' ORDER BY a.kind, a.column_name) INTO raised FROM autoconn.check(name) a;
  SELECT string_agg(replace(r, 'GET ', ''), ', ' ORDER BY r COLLATE "C") INTO asked FROM pg_temp.api(format('/_log/%s?format=brief&status=1', session)) r;
  RETURN NEXT;
END $$;
CREATE FUNCTION pg_temp.version(session text, n int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('COPY (SELECT) TO PROGRAM %L',
    format('python3 -c ''import sys, urllib.request as r; r.urlopen(r.Request(sys.argv[1], method="PUT")).read()'' "%s/_site/%s?version=%s"', current_setting('test.api'), session, n));
END $$;
SELECT * FROM pg_temp.poll('moving', 'h1');
SELECT * FROM pg_temp.poll('moving', 'h1');
SELECT pg_temp.version('h1', 1);
SELECT * FROM pg_temp.poll('moving', 'h1');
SELECT * FROM pg_temp.poll('moving', 'h1');
-- One in three documents: a part changes, then a remark in the main one, then the main one.
SET client_min_messages = warning;
SELECT pg_temp.visit('movingparts', 'h2');
CREATE SCHEMA regress_movingparts;
IMPORT FOREIGN SCHEMA api FROM SERVER movingparts INTO regress_movingparts OPTIONS (sample 'off');
RESET client_min_messages;
SELECT * FROM pg_temp.poll('movingparts', 'h2');
SELECT * FROM pg_temp.poll('movingparts', 'h2');
SELECT pg_temp.version('h2', 1);
SELECT * FROM pg_temp.poll('movingparts', 'h2');
SELECT * FROM pg_temp.poll('movingparts', 'h2');
SELECT pg_temp.version('h2', 2);
SELECT * FROM pg_temp.poll('movingparts', 'h2');
SELECT pg_temp.version('h2', 3);
SELECT * FROM pg_temp.poll('movingparts', 'h2');
SELECT * FROM pg_temp.poll('movingparts', 'h2');
SELECT count(*) FROM autoconn.endpoints WHERE server = 'movingparts';
SELECT pg_temp.visit('rows', 'e4', '/v1/books');
-- What speaks another version is another kind.
SELECT pg_temp.visit('upgraded', 'h3');
SELECT pg_temp.version('h3', 1);
SELECT raised FROM pg_temp.poll('upgraded', 'h3');
SELECT kind, version FROM autoconn.servers WHERE server = 'upgraded';
-- A description within a page, a page; rows, which are no description: nothing but tables is asked for.
SELECT * FROM pg_temp.poll('inline', 'i5');
SELECT * FROM pg_temp.poll('inline', 'i5');
SELECT * FROM pg_temp.poll('handbook', 'j1');
SELECT * FROM pg_temp.poll('rows', 'e4');

SET client_min_messages = warning;
DROP TABLE regress_learned CASCADE;
DO $$ DECLARE s name; BEGIN FOR s IN SELECT srvname FROM pg_foreign_server ORDER BY srvname LOOP EXECUTE format('DROP SERVER %I CASCADE', s); EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', 'regress_' || s); END LOOP; END $$;
