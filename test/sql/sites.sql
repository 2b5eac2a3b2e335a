-- Sites whose description must be found, or must not: what is asked, in which order, and what is kept.
\set ECHO none
\i test/sql/api.inc
\i test/sql/sites.inc
\set ECHO all
\set VERBOSITY terse

-- How a document is served: YAML, and JSON under a type that says nothing.
SELECT pg_temp.visit('yaml', 'sitea1');
SELECT * FROM pg_temp.requests('sitea1') r ORDER BY r COLLATE "C";
SELECT name, method, path, importable, source FROM autoconn.endpoints WHERE server = 'yaml' ORDER BY path;
SELECT pg_temp.visit('plain', 'sitea2');
SELECT pg_temp.visit('octets', 'sitea3', '/api');
SELECT pg_temp.visit('docsyaml', 'a3b');
SELECT pg_temp.visit('versioned', 'sitea6', '/v1.0');
-- The server's own URL does not smell, whatever it is called.
SELECT pg_temp.visit('service', 'sitea7', '/restart');
-- What is kept is the document as JSON.
SELECT server, kind, description::jsonb -> 'info' AS info FROM autoconn.server_state WHERE server IN ('octets', 'plain', 'yaml') ORDER BY server;
-- JSON with a comma too many is read as the YAML that it is, and kept so that it need not be asked for again.
SELECT pg_temp.visit('sloppy', 'sitea8');
SELECT description::jsonb ? 'paths' AS kept FROM autoconn.server_state WHERE server = 'sloppy';
SELECT pg_temp.forget('sitea8');
CREATE SCHEMA sloppy;
IMPORT FOREIGN SCHEMA api FROM SERVER sloppy INTO sloppy OPTIONS (sample 'off');
SELECT * FROM pg_temp.requests('sitea8');
-- Behind a key: found as soon as there is one.
SELECT pg_temp.visit('keyed', 'sitea4');
CREATE USER MAPPING FOR CURRENT_USER SERVER keyed OPTIONS (api_key 'header-S3CRET-0b2d');
SELECT status, kind, auth, importable, note FROM autoconn.servers WHERE server = 'keyed';
-- An open page does not hide that the description is locked.
SELECT pg_temp.visit('lockedbut', 'sitea5');
CREATE USER MAPPING FOR CURRENT_USER SERVER lockedbut OPTIONS (api_key 'header-S3CRET-0b2d');

-- What an answer points to comes before the usual places.
SELECT pg_temp.visit('linkheader', 'siteb1');
SELECT * FROM pg_temp.requests('siteb1');
SELECT pg_temp.visit('htmllink', 'siteb2');
SELECT * FROM pg_temp.requests('siteb2');
SELECT pg_temp.visit('anchor', 'siteb3');
SELECT * FROM pg_temp.requests('siteb3');
SELECT pg_temp.visit('refresh', 'siteb4');
SELECT * FROM pg_temp.requests('siteb4');
-- A catalog names several APIs; only this one's description is read.
SELECT pg_temp.visit('cataloglink', 'siteb5');
SELECT * FROM pg_temp.requests('siteb5');
SELECT pg_temp.visit('catalog', 'siteb6');
SELECT count(*) FILTER (WHERE r ~ 'books.json') AS ours, count(*) FILTER (WHERE r ~ 'cars') AS others FROM pg_temp.requests('siteb6') r;
-- On another origin it is read without credentials, and its server is not adopted.
SELECT pg_temp.visit('elsewhere', 'siteb7') ~ 'discovered \| openapi .* was not adopted' AS found;
CREATE USER MAPPING FOR CURRENT_USER SERVER elsewhere OPTIONS (token 'bearer-S3CRET-5f1c');
SELECT pg_temp.forget('siteb7');
SELECT autoconn.discover('elsewhere');
SELECT * FROM pg_temp.api('/_log/siteb7?format=brief&headers=authorization');

-- API consoles: the page names the document, or a script of it, or a configuration that the script names, or it holds it.
SELECT pg_temp.visit('swaggerui', 'sitei1');
SELECT r FROM pg_temp.requests('sitei1') r WHERE r ~ '/(docs|static|meta)' ORDER BY r COLLATE "C";
SELECT pg_temp.visit('initializer', 'sitei2');
SELECT r FROM pg_temp.requests('sitei2') r WHERE r ~ '/(swagger-ui|meta)' ORDER BY r COLLATE "C";
SELECT pg_temp.visit('configured', 'sitei3');
SELECT r FROM pg_temp.requests('sitei3') r WHERE r ~ '/(swagger-ui|meta)' ORDER BY r COLLATE "C";
SELECT pg_temp.visit(s, 'sitei4') FROM unnest('{redoc,scalar,rapidoc,stoplight}'::text[]) s;
SELECT * FROM pg_temp.requests('sitei4');
SELECT pg_temp.visit('inline', 'sitei5');
SELECT server, replace(spec_url, pg_temp.site(server, 'sitei5'), '') AS spec_url, description::jsonb ? 'paths' AS description FROM autoconn.server_state WHERE server = 'inline';

-- A description in several documents: those on its origin are fetched once each.
SELECT pg_temp.visit('split', 'sitec1');
SELECT r FROM pg_temp.requests('sitec1') r WHERE r ~ 'openapi.yaml|paths|schemas' ORDER BY r COLLATE "C";
SELECT name, path, importable FROM autoconn.endpoints WHERE server = 'split' ORDER BY path;
-- Neither another origin nor a path that smells of an action is asked for.
SELECT pg_temp.visit('hostilerefs', 'sitec2');
SELECT * FROM pg_temp.requests('sitec2') r ORDER BY r COLLATE "C";
-- References without end stop at the budget.
SELECT pg_temp.visit('endless', 'sitec3');
SELECT count(*) <= 40 AS within, count(*) FILTER (WHERE r ~ 'chain') AS followed FROM pg_temp.requests('sitec3') r;

-- An index of links, WordPress with its schemas by OPTIONS, rows.
SELECT pg_temp.visit('drf', 'sitee1', '/api/');
SELECT pg_temp.visit('indexbut', 'sitee2');
SELECT pg_temp.visit('press', 'sitee3');
SELECT * FROM pg_temp.requests('sitee3');
SELECT pg_temp.visit('rows', 'sitee4', '/v1/books');
SELECT count(*) BETWEEN 20 AND 40 AS within FROM pg_temp.requests('sitee4');
SELECT pg_temp.visit('rowsbut', 'sitee5', '/v1/books');
-- Of rows so much is kept as shows what they look like.
SELECT jsonb_array_length(description::jsonb) FROM autoconn.server_state WHERE server = 'rows';

-- Records of requests: what they hold of credentials is kept nowhere.
SELECT pg_temp.visit('archive', 'siter1', '/traffic.har');
SELECT pg_temp.visit('collection', 'siter2', '/books.json');
SELECT server, name, path, importable FROM autoconn.endpoints WHERE server IN ('archive', 'collection') ORDER BY 1, 2;
SELECT server, description ~ 'S3CRET' AS secret, length(description) > 500 AS kept FROM autoconn.server_state WHERE server IN ('archive', 'collection') ORDER BY 1;
SELECT count(*) AS secrets FROM autoconn.endpoints e WHERE e::text ~ 'S3CRET';
CREATE SCHEMA regress_archive;
IMPORT FOREIGN SCHEMA api FROM SERVER archive INTO regress_archive OPTIONS (sample 'off');
SELECT title FROM regress_archive.books WHERE id = 3;

-- Pages of documentation, in HTML and Markdown, at once or behind a cover: their paths are tried, never one that smells of an action.
SELECT pg_temp.visit('handbook', 'sitej1');
SELECT r FROM pg_temp.requests('sitej1') r WHERE r ~ '/(books|authors|logout)' ORDER BY r COLLATE "C";
SELECT method, path, source FROM autoconn.endpoints WHERE server = 'handbook' ORDER BY path;
SELECT pg_temp.visit('markdown', 'sitej2');
SELECT pg_temp.visit('cover', 'sitej3');
SELECT r FROM pg_temp.requests('sitej3') r WHERE r ~ '/(books|authors|logout|reference|about)' ORDER BY r COLLATE "C";
-- Where none of its paths exists, a page speaks of something else.
SELECT pg_temp.visit('otherbook', 'sitej4');

-- Nothing is found where there is nothing: one page for every path, a login page, errors of status 200.
SELECT pg_temp.visit('spa', 'sitef1');
SELECT * FROM pg_temp.requests('sitef1') r ORDER BY r COLLATE "C";
SELECT pg_temp.visit('login', 'sitef2');
SELECT pg_temp.visit('softerror', 'sitef3');
SELECT pg_temp.visit('empty', 'sitef4', '/v1/things');
SELECT count(*) FROM pg_temp.requests('sitef4');

-- Rows and pages are not what spec_url means.
SELECT pg_temp.visit('rows', 'sitef5', '/v1/books', format('spec_url %L', pg_temp.site('rows', 'sitef5') || '/v1/books'));
SELECT pg_temp.visit('spa', 'sitef6', '/', format('spec_url %L', pg_temp.site('spa', 'sitef6') || '/docs'));
SELECT * FROM pg_temp.requests('sitef6');

-- What would take all memory or all time ends with a word, and soon.
SELECT clock_timestamp() AS began \gset
SELECT regexp_replace(pg_temp.visit('aliases', 'siteg1'), '\d+', 'n', 'g');
SELECT pg_temp.visit('deep', 'siteg2');
SELECT pg_temp.visit('many', 'siteg3');
SELECT pg_temp.visit('zip', 'siteg4');
SELECT pg_temp.visit('justfits', 'siteg5');
-- A description that is too large to come beside others is asked for alone.
SELECT pg_temp.visit('large', 'siteg8');
SELECT count(*) AS asked FROM pg_temp.requests('siteg8') r WHERE r = 'GET /openapi.json';
SELECT regexp_replace(pg_temp.visit('bigyaml', 'siteg6'), '\d+', 'n', 'g');
SELECT pg_temp.visit('deephtml', 'siteg7');
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
SELECT pg_temp.visit('moving', 'siteh1');
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
SELECT * FROM pg_temp.poll('moving', 'siteh1');
SELECT * FROM pg_temp.poll('moving', 'siteh1');
SELECT pg_temp.version('siteh1', 1);
SELECT * FROM pg_temp.poll('moving', 'siteh1');
SELECT * FROM pg_temp.poll('moving', 'siteh1');
-- One in three documents: a part changes, then a remark in the main one, then the main one.
SET client_min_messages = warning;
SELECT pg_temp.visit('movingparts', 'siteh2');
CREATE SCHEMA regress_movingparts;
IMPORT FOREIGN SCHEMA api FROM SERVER movingparts INTO regress_movingparts OPTIONS (sample 'off');
RESET client_min_messages;
SELECT * FROM pg_temp.poll('movingparts', 'siteh2');
SELECT * FROM pg_temp.poll('movingparts', 'siteh2');
SELECT pg_temp.version('siteh2', 1);
SELECT * FROM pg_temp.poll('movingparts', 'siteh2');
SELECT * FROM pg_temp.poll('movingparts', 'siteh2');
SELECT pg_temp.version('siteh2', 2);
SELECT * FROM pg_temp.poll('movingparts', 'siteh2');
SELECT pg_temp.version('siteh2', 3);
SELECT * FROM pg_temp.poll('movingparts', 'siteh2');
SELECT * FROM pg_temp.poll('movingparts', 'siteh2');
SELECT count(*) FROM autoconn.endpoints WHERE server = 'movingparts';
SELECT pg_temp.visit('rows', 'sitee4', '/v1/books');
-- What speaks another version is another kind.
SELECT pg_temp.visit('upgraded', 'siteh3');
SELECT pg_temp.version('siteh3', 1);
SELECT raised FROM pg_temp.poll('upgraded', 'siteh3');
SELECT kind, version FROM autoconn.servers WHERE server = 'upgraded';
-- A description within a page, a page; rows, which are no description: nothing but tables is asked for.
SELECT * FROM pg_temp.poll('inline', 'sitei5');
SELECT * FROM pg_temp.poll('inline', 'sitei5');
SELECT * FROM pg_temp.poll('handbook', 'sitej1');
SELECT * FROM pg_temp.poll('rows', 'sitee4');

SET client_min_messages = warning;
DROP TABLE regress_learned CASCADE;
DO $$ DECLARE s name; BEGIN FOR s IN SELECT srvname FROM pg_foreign_server ORDER BY srvname LOOP EXECUTE format('DROP SERVER %I CASCADE', s); EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', 'regress_' || s); END LOOP; END $$;
