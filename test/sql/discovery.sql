-- What CREATE SERVER finds out, says and stores.
\set ECHO none
\i test/sql/api.inc
\set ECHO all
\set VERBOSITY default
CREATE VIEW pg_temp.found AS
  SELECT server, status, kind, replace(spec_url, current_setting('test.api'), '') AS spec_url, title, version, importable > 0 AS importable, auth,
         replace(base_url, current_setting('test.api'), '') AS base_url
  FROM autoconn.servers ORDER BY server;

-- In a usual place below the URL, which is not the document.
SELECT pg_temp.forget('d1');
\set url :api/i/d1/shop/v1
CREATE SERVER places FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
SELECT * FROM pg_temp.requests('d1') r ORDER BY r COLLATE "C";

-- The URL is the document.
\set url :api/i/d2/shop/v1/openapi.json
CREATE SERVER document FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
SELECT * FROM pg_temp.requests('d2');

-- The answer points to it.
\set url :api/i/d3/linked/v1
CREATE SERVER linked FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
SELECT * FROM pg_temp.requests('d3');

-- Named by spec_url: nothing else is asked.
\set url :api/i/d4/shop31/v1
\set spec :api/i/d4/shop31/v1/openapi.json
CREATE SERVER named FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', spec_url :'spec');
SELECT * FROM pg_temp.requests('d4');
SELECT * FROM pg_temp.found;
-- A description of paths beside the URL: the NOTICE says where they stand.
\set url :api/i/d4/shop/other
\set spec :api/i/d4/shop31/v1/openapi.json
CREATE SERVER aside FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', spec_url :'spec');
DROP SERVER aside;

-- The description is open, the data wants a credential: the NOTICE says which.
\set url :api/i/d5/auth/header/v1
CREATE SERVER keyed FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');

-- All of it is locked: discovery resumes when the mapping appears.
\set url :api/i/d6/locked/bearer/v1
CREATE SERVER locked FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
\set url :api/i/d7/locked/basic/v1
CREATE SERVER basic FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
SELECT server, status, auth FROM autoconn.servers WHERE server IN ('keyed', 'locked', 'basic') ORDER BY server;
CREATE USER MAPPING FOR CURRENT_USER SERVER locked OPTIONS (token 'wrong');
ALTER USER MAPPING FOR CURRENT_USER SERVER locked OPTIONS (SET token 'bearer-S3CRET-5f1c');
CREATE USER MAPPING FOR PUBLIC SERVER basic OPTIONS (username 'shopkeeper', password 'basic-S3CRET-77aa');
-- A mapping for somebody else sends nothing.
CREATE ROLE regress_somebody;
SELECT pg_temp.forget('d5');
CREATE USER MAPPING FOR regress_somebody SERVER keyed OPTIONS (api_key 'x');
SELECT * FROM pg_temp.requests('d5');
SELECT server, status, auth FROM autoconn.servers WHERE server IN ('keyed', 'locked', 'basic') ORDER BY server;
-- No secret is in the catalog.
SELECT count(*) FROM autoconn.server_state st WHERE st::text ~ 'S3CRET' OR EXISTS (SELECT FROM autoconn.endpoint e WHERE e.server = st.server AND e::text ~ 'S3CRET');

-- Nobody answers; something else answers; the address is forbidden.
CREATE SERVER nobody FOREIGN DATA WRAPPER autoconn OPTIONS (url 'http://nobody.invalid/v1', retries '0');
SELECT status, note IS NOT NULL AS noted FROM autoconn.servers WHERE server = 'nobody';
\set url :api/s/d8/html;on=all
CREATE SERVER webpage FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
\set url :api/s/d9/bad_json;on=all
CREATE SERVER broken FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
SELECT server, status FROM autoconn.servers WHERE server IN ('webpage', 'broken') ORDER BY server;
CREATE SERVER metadata FOREIGN DATA WRAPPER autoconn OPTIONS (url 'http://169.254.169.254/latest/meta-data/');
SELECT count(*) FROM pg_foreign_server WHERE srvname = 'metadata';

-- A server of the description on another origin is named, not used.
\set url :api/s/d10/plain;servers=other
CREATE SERVER elsewhere FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
SELECT * FROM pg_temp.found WHERE server = 'elsewhere';

-- Off means off; discover() asks all the same.
\set url :api/i/d11/shop/v1
CREATE SERVER silent FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off');
SELECT * FROM pg_temp.requests('d11');
SELECT status FROM autoconn.servers WHERE server = 'silent';
SELECT autoconn.discover('silent');
SELECT status FROM autoconn.servers WHERE server = 'silent';
SELECT autoconn.forget('silent');
SELECT status FROM autoconn.servers WHERE server = 'silent';

-- ALTER SERVER asks again only if the URL changed.
SELECT pg_temp.forget('d1');
ALTER SERVER places OPTIONS (ADD timeout '5s');
SELECT * FROM pg_temp.requests('d1');
\set url :api/i/d12/shop31/v1
ALTER SERVER places OPTIONS (SET url :'url');
SELECT * FROM pg_temp.found WHERE server = 'places';
ALTER SERVER places RENAME TO moved;
SELECT server, status FROM autoconn.servers WHERE server IN ('places', 'moved');
SELECT count(*) > 0 AS endpoints FROM autoconn.endpoints WHERE server = 'moved';
-- A server created anew under an old name inherits nothing.
ALTER EVENT TRIGGER autoconn_drop DISABLE;
DROP SERVER moved;
ALTER EVENT TRIGGER autoconn_drop ENABLE;
\set url :api/i/d12/shop/v1
CREATE SERVER moved FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', discover 'off');
SELECT server, status, kind FROM autoconn.servers WHERE server = 'moved';
SELECT count(*) FROM autoconn.endpoints WHERE server = 'moved';
-- As in a dump that is being restored: nothing is sent, nothing is stored.
SELECT pg_temp.forget('d13');
SET check_function_bodies = off;
\set url :api/i/d13/shop/v1
CREATE SERVER restored FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url');
CREATE USER MAPPING FOR CURRENT_USER SERVER restored OPTIONS (token 'x');
RESET check_function_bodies;
SELECT * FROM pg_temp.requests('d13');
SELECT status FROM autoconn.servers WHERE server = 'restored';
-- What was learned goes with the server, also when the transaction fails.
BEGIN;
DROP SERVER document;
SELECT count(*) FROM autoconn.server_state WHERE server = 'document';
ROLLBACK;
SELECT status FROM autoconn.servers WHERE server = 'document';
DROP SERVER document;
SELECT count(*) FROM autoconn.server_state WHERE server = 'document';
-- Other wrappers are none of our business.
CREATE FOREIGN DATA WRAPPER regress_other;
CREATE SERVER foreigner FOREIGN DATA WRAPPER regress_other OPTIONS (url 'http://nobody.invalid');
CREATE USER MAPPING FOR CURRENT_USER SERVER foreigner;
SELECT autoconn.discover('foreigner');
SELECT count(*) FROM autoconn.servers WHERE server = 'foreigner';
DROP FOREIGN DATA WRAPPER regress_other CASCADE;

-- A document that was meant to be a description and is none is named, with the reason.
\set url :api/i/d30/shop/v1
\set spec :api/i/d30/shop/v1/no_such.json
CREATE SERVER missed FOREIGN DATA WRAPPER autoconn OPTIONS (url :'url', spec_url :'spec');
\set spec :api/s/d30/bad_json;on=spec/openapi.json
ALTER SERVER missed OPTIONS (SET spec_url :'spec');

-- Looking without creating.
\set url :api/i/d14/shop/v1
SELECT name, importable, skip_reason FROM autoconn.preview(:'url', import => '{"sample": "off"}') ORDER BY path;
SELECT ddl FROM autoconn.preview(:'url', import => '{"sample": "off"}') WHERE name = 'products';
SELECT autoconn.preview(:'url', options => '{"no_such": "x"}');
\set url :api/i/d14/locked/bearer/v1
SELECT autoconn.preview(:'url');
SELECT autoconn.preview(:'url', credentials => '{"token": "x"}');
-- A preview has no user mappings: its hints name none.
SELECT autoconn.preview(:'url', options => '{"token": "x"}');
SELECT autoconn.preview(:'url' || '?api_key=x');
SELECT autoconn.preview(replace(:'url', '://', '://user:pass@'));
CREATE SERVER secret FOREIGN DATA WRAPPER autoconn OPTIONS (url 'https://user:pass@api.example/');
SELECT count(*) > 5 AS many FROM autoconn.preview(:'url', credentials => '{"token": "bearer-S3CRET-5f1c"}', import => '{"sample": "off"}');

DO $$ DECLARE s name; BEGIN FOR s IN SELECT srvname FROM pg_foreign_server ORDER BY srvname LOOP EXECUTE format('DROP SERVER %I CASCADE', s); END LOOP; END $$;
DROP ROLE regress_somebody;
