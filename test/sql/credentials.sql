-- Credentials go to the API's own origin and nowhere else: no message, plan or catalog has them.
\set ECHO none
\i test/sql/api.inc
\i test/sql/scan.inc
\set ECHO all
\pset footer off
SET test.session = 'c';
CREATE TEMP TABLE scheme (name text, n serial, mapping text, wrong text, option_in text, option_name text);
INSERT INTO scheme (name, mapping, wrong, option_in, option_name) VALUES
  ('bearer', 'token ''bearer-S3CRET-5f1c''', 'SET token ''wrong-S3CRET''', NULL, NULL),
  ('basic', 'username ''shopkeeper'', password ''basic-S3CRET-77aa''', 'SET password ''wrong-S3CRET''', NULL, NULL),
  ('header', 'api_key ''header-S3CRET-0b2d''', 'SET api_key ''wrong-S3CRET''', 'header', 'X-Api-Key'),
  ('query', 'api_key ''query-S3CRET-91e4''', 'SET api_key ''wrong-S3CRET''', 'query', 'api_key'),
  ('cookie', 'api_key ''cookie-S3CRET-c3d8''', 'SET api_key ''wrong-S3CRET''', 'cookie', 'shop_session');
-- Everything that an error says.
CREATE FUNCTION pg_temp.all_of_error(query text, OUT brief text, OUT hint text, OUT whole text) LANGUAGE plpgsql AS $$
DECLARE
  state text; message text; detail text; context text;
BEGIN
  EXECUTE query;
  brief := 'no error';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT;
  brief := state || ': ' || message;
  whole := concat_ws(' | ', message, detail, hint, context);
  hint := replace(hint, format('FOR %I SERVER', current_user), 'FOR me SERVER');
END $$;
-- A secret, or its middle in base64 wherever that begins.
CREATE FUNCTION pg_temp.leaks(text text) RETURNS boolean LANGUAGE sql AS $$ SELECT text ~ 'S3CRET|UzNDUkVU|MzQ1JFV|TM0NSRV|zNDUkVU' $$;

-- Each scheme: the right credential, a wrong one, none.  Where all is locked nobody can say where a key goes, but the user.
CREATE FUNCTION pg_temp.try(root text, scheme pg_temp.scheme, OUT authorized text, OUT refused text, OUT refused_hint text, OUT without text, OUT without_hint text) LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL client_min_messages = error;
  DROP SERVER IF EXISTS s CASCADE;
  DROP SCHEMA IF EXISTS s CASCADE;
  EXECUTE format('CREATE SERVER s FOREIGN DATA WRAPPER autoconn OPTIONS (url %L%s)', format('%s/i/c_%s_%s/%2$s/%3$s/v1', current_setting('test.api'), root, scheme.name),
                 CASE WHEN root = 'locked' AND scheme.option_in IS NOT NULL THEN format(', api_key_in %L, api_key_name %L', scheme.option_in, scheme.option_name) END);
  EXECUTE format('CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (%s)', scheme.mapping);
  CREATE SCHEMA s;
  IMPORT FOREIGN SCHEMA api LIMIT TO (products) FROM SERVER s INTO s OPTIONS (sample 'off');
  SELECT count(*) || ' rows' INTO authorized FROM s.products;
  EXECUTE format('ALTER USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (%s)', scheme.wrong);
  SELECT brief, hint INTO refused, refused_hint FROM pg_temp.all_of_error('TABLE s.products');
  DROP USER MAPPING FOR CURRENT_USER SERVER s;
  SELECT brief, hint INTO without, without_hint FROM pg_temp.all_of_error('TABLE s.products');
END $$;
\x on
SELECT root, name, t.* FROM unnest('{auth,locked}'::text[]) root, scheme, pg_temp.try(root, scheme) t ORDER BY root, n;
\x off
-- What the server saw.
SELECT DISTINCT n, name, r COLLATE "C" AS r FROM scheme, pg_temp.api(format('/_log/c_locked_%s?format=brief&contains=products&headers=authorization,cookie,x-api-key', name)) r WHERE r ~ '[?]page=1' ORDER BY n, 3;
-- The description of a locked API is asked for with the credential.
SELECT name, count(*) > 0 AS asked FROM scheme, pg_temp.api(format('/_log/c_locked_%s?format=brief&contains=openapi&headers=authorization,cookie,x-api-key', name)) r WHERE r ~ 'S3CRET|TM0NSRV' GROUP BY n, name ORDER BY n;

-- Without a description, the server's options say where a key goes.
CREATE FUNCTION pg_temp.by_hand(scheme pg_temp.scheme) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL client_min_messages = error;
  DROP SERVER IF EXISTS s CASCADE;
  EXECUTE format('CREATE SERVER s FOREIGN DATA WRAPPER autoconn OPTIONS (url %L, discover ''off''%s)', format('%s/i/c_hand_%s/auth/%2$s/v1', current_setting('test.api'), scheme.name),
                 format(', api_key_in %L, api_key_name %L', scheme.option_in, scheme.option_name));
  EXECUTE format('CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (%s)', scheme.mapping);
  CREATE FOREIGN TABLE products (id uuid) SERVER s OPTIONS (path '/products', pagination 'link', page_size_param 'per_page', page_size '100');
  RETURN (SELECT count(*) FROM products) || ' rows';
END $$;
SELECT name, pg_temp.by_hand(scheme) FROM scheme WHERE option_in IS NOT NULL ORDER BY n;
SELECT name, r FROM scheme, pg_temp.api(format('/_log/c_hand_%s?format=brief&headers=authorization,cookie,x-api-key', name)) r WHERE option_in IS NOT NULL ORDER BY n, r COLLATE "C";

-- Another origin never gets any of it, allowed or not, by a redirect or by the way to the next page.
CREATE FUNCTION pg_temp.abroad(scenario text, scheme pg_temp.scheme, OUT forbidden text, OUT allowed text, OUT main bigint, OUT main_with bigint, OUT other bigint, OUT other_with bigint) LANGUAGE plpgsql AS $$
DECLARE
  session text := pg_temp.new_session();
BEGIN
  PERFORM pg_temp.connect(session, format('%s;auth=%s', scenario, scheme.name), 'retries ''0''');
  EXECUTE format('CREATE USER MAPPING FOR CURRENT_USER SERVER t OPTIONS (%s, headers ''{"X-Tenant": "tenant-S3CRET"}'')', scheme.mapping);
  forbidden := pg_temp.error_of('TABLE t.things');
  EXECUTE format('ALTER SERVER t OPTIONS (ADD allowed_origins %L)', current_setting('test.other'));
  allowed := (pg_temp.read()).n || ' rows';
  SELECT count(*), count(*) FILTER (WHERE pg_temp.leaks(r)) INTO main, main_with FROM pg_temp.api(format('/_log/%s?format=text&port=main&headers=authorization,cookie,x-api-key,x-tenant', session)) r;
  SELECT count(*), count(*) FILTER (WHERE pg_temp.leaks(r)) INTO other, other_with FROM pg_temp.api(format('/_log/%s?format=text&port=other&headers=authorization,cookie,x-api-key,x-tenant', session)) r;
END $$;
SET test.other = :'other';
SELECT scenario, name, r.* FROM unnest('{next_other;style=link,next_other;style=next_url,redirect;to=other,redirect;to=other;status=307}'::text[]) WITH ORDINALITY s (scenario, m), scheme, pg_temp.abroad(scenario, scheme) r ORDER BY m, n;
-- The same host under another name is another origin.
SELECT name, pg_temp.connect('c_local_' || name, 'redirect;to=localhost;auth=' || name, 'retries ''0''') AS c, pg_temp.error_of(format('CREATE USER MAPPING FOR CURRENT_USER SERVER t OPTIONS (%s)', mapping)) AS m, pg_temp.error_of('TABLE t.things') FROM scheme ORDER BY n;
SELECT name, count(*) FROM scheme, pg_temp.api('/_log/c_local_' || name || '?format=brief') GROUP BY n, name ORDER BY n;

-- An API that repeats what it was sent does not make us tell.
CREATE FUNCTION pg_temp.echoed(scenario text, scheme pg_temp.scheme, OUT brief text, OUT leaks boolean, OUT masked boolean) LANGUAGE plpgsql AS $$
DECLARE
  e record;
BEGIN
  PERFORM pg_temp.connect(pg_temp.new_session(), format('%s;echo=1;auth=%s', scenario, scheme.name), 'retries ''0''');
  EXECUTE format('CREATE USER MAPPING FOR CURRENT_USER SERVER t OPTIONS (%s, headers ''{"X-Tenant": "tenant-S3CRET"}'')', scheme.mapping);
  SELECT * INTO e FROM pg_temp.all_of_error('TABLE t.things');
  brief := e.brief;
  leaks := pg_temp.leaks(e.whole);
  masked := e.whole ~ '\*\*\*\*';
END $$;
SELECT scenario, name, r.* FROM unnest('{status;status=500,status;status=404,forbidden,expire;after=0,rate_limited;retry_after=100,flaky;fail=9}'::text[]) WITH ORDINALITY s (scenario, m), scheme, pg_temp.echoed(scenario, scheme) r ORDER BY m, n;
-- Nor do plans, options of tables and servers, and our catalog have any.
CREATE FUNCTION pg_temp.written(scheme pg_temp.scheme, OUT n bigint, OUT plan boolean, OUT catalog boolean) LANGUAGE plpgsql AS $$
DECLARE
  line text;
BEGIN
  PERFORM pg_temp.try('auth', scheme);
  EXECUTE format('CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (%s, headers ''{"X-Tenant": "tenant-S3CRET"}'')', scheme.mapping);
  IMPORT FOREIGN SCHEMA api EXCEPT (products) FROM SERVER s INTO s;
  PERFORM autoconn.discover('s');
  plan := false;
  FOR line IN EXECUTE 'EXPLAIN (VERBOSE, ANALYZE, FORMAT JSON) TABLE s.products' LOOP
    plan := plan OR pg_temp.leaks(line);
  END LOOP;
  SELECT count(*), bool_or(pg_temp.leaks(t)) INTO n, catalog FROM (
    SELECT r::text FROM autoconn.server_state r UNION ALL SELECT r::text FROM autoconn.endpoint r UNION ALL SELECT r::text FROM autoconn.relationships r
    UNION ALL SELECT array_to_string(ftoptions, ' ') FROM pg_foreign_table UNION ALL SELECT array_to_string(srvoptions, ' ') FROM pg_foreign_server
    UNION ALL SELECT array_to_string(attfdwoptions, ' ') FROM pg_attribute UNION ALL SELECT description FROM pg_description) x (t);
END $$;
SELECT name, w.n > 100 AS looked, plan, catalog FROM scheme, pg_temp.written(scheme) w ORDER BY scheme.n;
SELECT count(*) > 10 AS looked, pg_temp.leaks(string_agg(p::text, '')) AS leaks FROM autoconn.preview(current_setting('test.api') || '/i/c_preview/locked/query/v1', options => '{"api_key_in": "query", "api_key_name": "api_key"}', credentials => '{"api_key": "query-S3CRET-91e4"}', import => '{"sample": "on"}') p;
-- What its description says of credentials holds for its samples, too.
SELECT path, importable, evidence ? 'types' AS sampled FROM autoconn.preview(current_setting('test.api') || '/s/c_previewed/plain;auth=query', credentials => '{"api_key": "query-S3CRET-91e4"}') ORDER BY path COLLATE "C";

-- Further secret headers, beside a credential or alone.
SELECT pg_temp.connect('c900', 'plain;auth=basic');
CREATE USER MAPPING FOR CURRENT_USER SERVER t OPTIONS (username 'shopkeeper', password 'basic-S3CRET-77aa', headers '{"X-Tenant": "tenant-S3CRET", "Cookie": "a=b"}');
SELECT count(*) FROM t.things;
SELECT DISTINCT regexp_replace(r, '^.* authorization', 'authorization') FROM pg_temp.api('/_log/c900?format=brief&headers=authorization,x-tenant,cookie') r;
SELECT pg_temp.connect('c901', 'plain;auth=header');
CREATE USER MAPPING FOR CURRENT_USER SERVER t OPTIONS (headers '{"X-Api-Key": "header-S3CRET-0b2d"}');
SELECT count(*) FROM t.things;
-- A value cannot become a header of its own.
SELECT (pg_temp.all_of_error(format('ALTER USER MAPPING FOR CURRENT_USER SERVER t OPTIONS (ADD token %L)', E'x-S3CRET\r\nX-Evil: 1'))).brief;
SELECT (pg_temp.all_of_error(format('ALTER USER MAPPING FOR CURRENT_USER SERVER t OPTIONS (SET headers %L)', E'{"X-A": "x-S3CRET\\r\\nX-Evil: 1"}'))).brief;

-- A token that expires during a scan: an error, no short result, and no second try with the same.
SELECT pg_temp.connect('c902', 'expire;after=2;fails=1;auth=bearer');
CREATE USER MAPPING FOR CURRENT_USER SERVER t OPTIONS (token 'bearer-S3CRET-5f1c');
SELECT brief, hint FROM pg_temp.all_of_error('TABLE t.things');
SELECT * FROM pg_temp.api('/_log/c902?format=brief');
SELECT count(*) FROM t.things;

-- Whose credentials: the user's own before the public ones; a view's owner's.
SELECT without FROM scheme, pg_temp.try('auth', scheme) WHERE name = 'bearer';
CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (token 'bearer-S3CRET-5f1c');
CREATE ROLE regress_reader;
GRANT USAGE ON SCHEMA s TO regress_reader;
GRANT SELECT ON s.products TO regress_reader;
CREATE VIEW s.shown AS TABLE s.products;
GRANT SELECT ON s.shown TO regress_reader;
SET ROLE regress_reader;
SELECT count(*) FROM s.products;
SELECT count(*) FROM s.shown;
RESET ROLE;
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (token 'bearer-S3CRET-5f1c');
SET ROLE regress_reader;
SELECT count(*) FROM s.products;
RESET ROLE;
CREATE USER MAPPING FOR regress_reader SERVER s OPTIONS (token 'nonsense-S3CRET');
SET ROLE regress_reader;
SELECT count(*) FROM s.products;
SELECT count(*) FROM s.shown;
RESET ROLE;

SET client_min_messages = warning;
DROP SERVER s CASCADE;
DROP SERVER t CASCADE;
DROP SCHEMA s CASCADE;
DROP SCHEMA t CASCADE;
DROP ROLE regress_reader;
