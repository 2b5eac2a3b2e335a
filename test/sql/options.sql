-- Every option is validated by one table: names, types, privileges.
\set ECHO none
\i test/sql/api.inc
\set ECHO all
\set VERBOSITY verbose
\set SHOW_CONTEXT never

-- The table itself.
\x on
SELECT context, string_agg(name || ' ' || type || coalesce(' = ' || "default", ''), E'\n') AS options
FROM autoconn.options GROUP BY context ORDER BY context;
\x off
SELECT count(*) FROM autoconn.options WHERE description = '' OR description IS NULL;
\set VERBOSITY terse

-- Names: unknown ones get the nearest, secrets are sent where they belong.
CREATE SERVER s FOREIGN DATA WRAPPER autoconn OPTIONS (url 'https://api.example', discover 'off', time_out '5s');
CREATE FUNCTION pg_temp.complaint(context text, name text, value text) RETURNS TABLE (state text, message text, detail text, hint text)
LANGUAGE plpgsql AS $$
BEGIN
  BEGIN
    EXECUTE CASE context
      WHEN 'server' THEN format('CREATE SERVER s FOREIGN DATA WRAPPER autoconn OPTIONS (%s%I %L)', CASE name WHEN 'url' THEN 'discover ''off'', ' WHEN 'discover' THEN 'url ''https://api.example'', ' ELSE 'discover ''off'', url ''https://api.example'', ' END, name, value)
      WHEN 'mapping' THEN format('CREATE USER MAPPING FOR CURRENT_USER SERVER base OPTIONS (%I %L)', name, value)
      WHEN 'table' THEN format('CREATE FOREIGN TABLE t (a int) SERVER base OPTIONS (%s%I %L)', CASE WHEN name = 'path' THEN '' ELSE 'path ''/x'', ' END, name, value)
      WHEN 'column' THEN format('CREATE FOREIGN TABLE t (a int OPTIONS (%I %L)) SERVER base OPTIONS (path ''/x'')', name, value)
    END;
    RAISE EXCEPTION USING MESSAGE = 'accepted';
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    IF message = 'accepted' THEN state := 'ok'; END IF;
  END;
  RETURN NEXT;
END $$;
CREATE SERVER base FOREIGN DATA WRAPPER autoconn OPTIONS (url 'https://api.example', discover 'off');
\x on
SELECT v.*, c.* FROM (VALUES
  ('server', 'time_out', '5s'),
  ('server', 'token', 'S3CRET'),
  ('server', 'zzzzzzzzzz', 'x'),
  ('mapping', 'tokn', 'S3CRET'),
  ('table', 'rowspath', '/data'),
  ('column', 'jsonpath', '/a')) v (context, name, value), pg_temp.complaint(v.context, v.name, v.value) c;
\x off

-- Values.
SELECT v.*, c.state, c.message, c.detail FROM (VALUES
  ('server', 'url', 'https://api.example/v1'),
  ('server', 'url', 'http://[::1]:8080/'),
  ('server', 'url', 'ftp://api.example'),
  ('server', 'url', 'api.example'),
  ('server', 'url', 'https://'),
  ('server', 'url', 'https://api.example:99999'),
  ('server', 'url', 'https://user:S3CRET@api.example'),
  ('server', 'url', 'https://api.example/?api_key=S3CRET'),
  ('server', 'url', E'https://api.example/\nx'),
  ('server', 'url', ''),
  ('server', 'timeout', '30'),
  ('server', 'timeout', '500 ms'),
  ('server', 'timeout', '2h'),
  ('server', 'timeout', '0'),
  ('server', 'timeout', 'soon'),
  ('server', 'timeout', '1e999'),
  ('server', 'timeout', 'nan'),
  ('server', 'retries', '3'),
  ('server', 'retries', '2.5'),
  ('server', 'retries', '-1'),
  ('server', 'max_response_size', '8MB'),
  ('server', 'max_response_size', '8TB'),
  ('server', 'max_response_size', '1'),
  ('server', 'rate_limit', '0.5'),
  ('server', 'discover', 'maybe'),
  ('server', 'on_incomplete', 'warn'),
  ('server', 'on_incomplete', 'war'),
  ('server', 'on_incomplete', ''),
  ('server', 'on_incomplete', 'error|warn'),
  ('server', 'on_drift', 'alert'),
  ('server', 'on_drift', 'heal'),
  ('server', 'on_drift', 'repair'),
  ('server', 'check_interval', '30min'),
  ('server', 'check_interval', '720h'),
  ('server', 'check_interval', '721h'),
  ('server', 'check_interval', '0'),
  ('server', 'check_interval', '-1s'),
  ('server', 'check_interval', 'daily'),
  ('server', 'api_key_in', 'body'),
  ('server', 'allowed_origins', 'https://a.example, http://b.example:8080'),
  ('server', 'allowed_origins', 'https://a.example/path'),
  ('server', 'allowed_origins', 'a.example'),
  ('server', 'webhook', 'https://hooks.example/S3CRET'),
  ('mapping', 'webhook', 'https://hooks.example/T0/S3CRET?sig=S3CRET'),
  ('mapping', 'webhook', 'hooks.example'),
  ('mapping', 'webhook', 'ftp://hooks.example'),
  ('mapping', 'headers', '{"X-Key": "S3CRET"}'),
  ('mapping', 'headers', '{"X-Key": 1}'),
  ('mapping', 'headers', '{"X Key": "S3CRET"}'),
  ('mapping', 'headers', '{"X-Key": "S3CRET\r\nX-Other: y"}'),
  ('mapping', 'headers', '["S3CRET"]'),
  ('mapping', 'headers', 'S3CRET'),
  ('mapping', 'token', E'S3CRET\r\nX-Other: y'),
  ('table', 'path', '/orders/{order_id}/lines'),
  ('table', 'path', 'orders'),
  ('table', 'path', '//evil.example/orders'),
  ('table', 'path', '/orders?x=1'),
  ('table', 'path', '/orders/../admin'),
  ('table', 'path', '/orders/..'),
  ('table', 'path', '/orders/{id'),
  ('table', 'path', '/orders/{{id}}'),
  ('table', 'rows_path', ''),
  ('table', 'rows_path', '/data/~1x'),
  ('table', 'rows_path', 'data'),
  ('table', 'rows_path', '/a~2'),
  ('table', 'pagination', 'link'),
  ('table', 'pagination', 'cursor'),
  ('table', 'pagination', 'page'),
  ('table', 'pagination', 'magic'),
  ('table', 'page_start', '0'),
  ('table', 'page_size', '0'),
  ('table', 'on_error', 'null'),
  ('table', 'estimated_rows', '1e6'),
  ('column', 'json_path', '/a/b'),
  ('column', 'json_path', 'a'),
  ('column', 'key', 'true'),
  ('column', 'key', 'perhaps'),
  ('column', 'operators', '='),
  ('column', 'operators', '>'),
  ('column', 'decode', 'epoch_ms'),
  ('column', 'decode', 'date_dmy'),
  ('column', 'decode', 'member_name'),
  ('column', 'of_parent', 'on'),
  ('column', 'of_parent', 'maybe'),
  ('column', 'decode', 'rot13'),
  ('column', 'scale', '2'),
  ('column', 'scale', '-1'),
  ('column', 'scale', '39'),
  ('column', 'scale', 'two'),
  ('column', 'empty', 'null'),
  ('column', 'empty', 'error'),
  ('column', 'missing', 'error')) v (context, name, value), pg_temp.complaint(v.context, v.name, v.value) c;

-- What an object cannot be without.
CREATE SERVER s FOREIGN DATA WRAPPER autoconn;
CREATE FOREIGN TABLE t (a int) SERVER base;

-- Options that reach the machine need privileges.
CREATE ROLE regress_options;
GRANT USAGE ON FOREIGN DATA WRAPPER autoconn TO regress_options;
SET ROLE regress_options;
CREATE SERVER s FOREIGN DATA WRAPPER autoconn OPTIONS (url 'https://api.example', discover 'off', proxy 'http://127.0.0.1:1');
CREATE SERVER s FOREIGN DATA WRAPPER autoconn OPTIONS (url 'https://api.example', discover 'off', ca_file '/etc/passwd');
SET autoconn.allowed_hosts = 'localhost';
RESET ROLE;
GRANT pg_read_server_files TO regress_options;
SET ROLE regress_options;
CREATE SERVER s FOREIGN DATA WRAPPER autoconn OPTIONS (url 'https://api.example', discover 'off', ca_file '/etc/ssl/cert.pem');
RESET ROLE;

-- A list of hosts has no place for what would never equal one.
SET autoconn.allowed_hosts = 'localhost, ::1, 10.0.0.7';
SET autoconn.allowed_hosts = 'localhost, https://a.example';
SET autoconn.allowed_hosts = 'a.example:8080';
SET autoconn.allowed_hosts = '[::1]';
SET autoconn.allowed_hosts = '10.0.0.0/8';
SHOW autoconn.allowed_hosts;
RESET autoconn.allowed_hosts;

DROP SERVER s, base;
DROP OWNED BY regress_options;
DROP ROLE regress_options;
