/* Installation of autoconn 0.1.0 */

\echo Use "CREATE EXTENSION autoconn" to load this file. \quit

-- Made here, not by CREATE EXTENSION, so that it belongs to the extension and
-- dumps leave it out.
CREATE SCHEMA autoconn;
COMMENT ON SCHEMA autoconn IS 'catalog and functions of the extension autoconn';

-- ---------------------------------------------------------------------------
-- Foreign data wrapper
-- ---------------------------------------------------------------------------

CREATE FUNCTION autoconn.handler()
RETURNS fdw_handler
LANGUAGE C STRICT
AS 'MODULE_PATHNAME', 'autoconn_handler';
COMMENT ON FUNCTION autoconn.handler() IS 'callbacks of the foreign data wrapper';

CREATE FUNCTION autoconn.validator(options text[], catalog oid)
RETURNS void
LANGUAGE C STRICT
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_validator';
COMMENT ON FUNCTION autoconn.validator(text[], oid) IS 'checks the form of options';

CREATE FOREIGN DATA WRAPPER autoconn
  HANDLER autoconn.handler
  VALIDATOR autoconn.validator;
COMMENT ON FOREIGN DATA WRAPPER autoconn IS 'HTTP APIs as tables';

-- ---------------------------------------------------------------------------
-- What was learned.  Private: users read the views below.  Keyed by server
-- name, because OIDs survive neither dump nor upgrade; OID, owner and URL are
-- kept as a check, so that a server created anew under an old name inherits
-- nothing.
-- ---------------------------------------------------------------------------

CREATE TABLE autoconn.server_state (
  server        text PRIMARY KEY,
  server_oid    oid NOT NULL,
  server_owner  oid NOT NULL,
  url           text NOT NULL,
  asked_spec_url text,
  status        text NOT NULL CHECK (status IN
                  ('discovered', 'auth_required', 'unreachable', 'not_an_api', 'pending')),
  kind          text,
  spec_url      text,
  title         text,
  version       text,
  base_url      text,
  auth          text,
  api_key_in    text,
  api_key_name  text,
  note          text,
  description   text,
  last_check    timestamptz NOT NULL DEFAULT pg_catalog.now()
);
REVOKE ALL ON autoconn.server_state FROM PUBLIC;
COMMENT ON TABLE autoconn.server_state IS 'what discovery learned of each server';

CREATE TABLE autoconn.endpoint (
  server        text NOT NULL REFERENCES autoconn.server_state ON DELETE CASCADE ON UPDATE CASCADE,
  position      integer NOT NULL,
  name          text,
  grp           text,
  method        text NOT NULL,
  path          text NOT NULL,
  item_path     text,
  rows_path     text,
  pagination    text,
  page_size     integer,
  key_columns   text[],
  params        jsonb,
  importable    boolean NOT NULL,
  skip_reason   text,
  source        text,
  confidence    real,
  evidence      jsonb,
  PRIMARY KEY (server, position),
  CHECK (importable = (skip_reason IS NULL))
);
REVOKE ALL ON autoconn.endpoint FROM PUBLIC;
COMMENT ON TABLE autoconn.endpoint IS 'paths found and what was made of them';

CREATE TABLE autoconn.relationship (
  server         text NOT NULL REFERENCES autoconn.server_state ON DELETE CASCADE ON UPDATE CASCADE,
  child          text NOT NULL,
  child_columns  text[] NOT NULL,
  parent         text NOT NULL,
  parent_columns text[] NOT NULL,
  evidence       jsonb,
  confidence     real,
  PRIMARY KEY (server, child, child_columns, parent)
);
REVOKE ALL ON autoconn.relationship FROM PUBLIC;
COMMENT ON TABLE autoconn.relationship IS 'edges between the tables of a server';

-- ---------------------------------------------------------------------------
-- Views.  Rows of servers that the reader may not use are hidden.
-- ---------------------------------------------------------------------------

-- Servers of the wrapper with the state that belongs to them as they are now.
CREATE VIEW autoconn.visible_server WITH (security_barrier) AS
SELECT s.oid AS server_oid, s.srvname::text AS server, o.option_value AS url, st.server AS state
FROM pg_catalog.pg_foreign_server s
JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid OPERATOR(pg_catalog.=) s.srvfdw
JOIN pg_catalog.pg_proc h ON h.oid OPERATOR(pg_catalog.=) w.fdwhandler
CROSS JOIN LATERAL pg_catalog.pg_options_to_table(s.srvoptions) o
LEFT JOIN autoconn.server_state st
       ON st.server OPERATOR(pg_catalog.=) s.srvname::text
      AND st.server_oid OPERATOR(pg_catalog.=) s.oid
      AND st.server_owner OPERATOR(pg_catalog.=) s.srvowner
      AND st.url OPERATOR(pg_catalog.=) o.option_value
WHERE h.prosrc OPERATOR(pg_catalog.=) 'autoconn_handler'
  AND o.option_name OPERATOR(pg_catalog.=) 'url'
  AND pg_catalog.has_server_privilege(s.oid, 'USAGE');
REVOKE ALL ON autoconn.visible_server FROM PUBLIC;
COMMENT ON VIEW autoconn.visible_server IS 'servers that the reader may use';

CREATE VIEW autoconn.servers WITH (security_barrier) AS
SELECT v.server,
       v.url,
       COALESCE(st.status, 'pending') AS status,
       st.kind,
       st.spec_url,
       st.title,
       st.version,
       COALESCE(e.endpoints, 0) AS endpoints,
       COALESCE(e.importable, 0) AS importable,
       st.auth,
       'off'::text AS monitoring,
       st.last_check,
       0::bigint AS open_alerts,
       st.base_url,
       st.note
FROM autoconn.visible_server v
LEFT JOIN autoconn.server_state st ON st.server OPERATOR(pg_catalog.=) v.state
LEFT JOIN LATERAL (
  SELECT pg_catalog.count(*) AS endpoints,
         pg_catalog.count(*) FILTER (WHERE ep.importable) AS importable
  FROM autoconn.endpoint ep
  WHERE ep.server OPERATOR(pg_catalog.=) v.state) e ON true;
COMMENT ON VIEW autoconn.servers IS 'servers and what discovery found of them';
COMMENT ON COLUMN autoconn.servers.status IS 'discovered, auth_required, unreachable, not_an_api or pending';
COMMENT ON COLUMN autoconn.servers.auth IS 'credentials that the API wants';
COMMENT ON COLUMN autoconn.servers.base_url IS 'URL below which the paths of tables stand';
COMMENT ON COLUMN autoconn.servers.note IS 'what the last discovery had to say';

CREATE VIEW autoconn.endpoints WITH (security_barrier) AS
SELECT v.server, ep.name, ep.grp, ep.method, ep.path, ep.item_path, ep.rows_path,
       ep.pagination, ep.page_size, ep.key_columns, ep.params, ep.importable,
       ep.skip_reason, ep.source, ep.confidence, ep.evidence
FROM autoconn.visible_server v
JOIN autoconn.endpoint ep ON ep.server OPERATOR(pg_catalog.=) v.state;
COMMENT ON VIEW autoconn.endpoints IS 'paths found, what was made of them, and why what was left out was left out';

CREATE VIEW autoconn.relationships WITH (security_barrier) AS
SELECT v.server, r.child, r.child_columns, r.parent, r.parent_columns, r.evidence, r.confidence
FROM autoconn.visible_server v
JOIN autoconn.relationship r ON r.server OPERATOR(pg_catalog.=) v.state;
COMMENT ON VIEW autoconn.relationships IS 'edges between the tables of a server';

CREATE FUNCTION autoconn.option_table(
  OUT context text, OUT name text, OUT type text, OUT "default" text, OUT description text)
RETURNS SETOF record
LANGUAGE C STRICT IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_options';
COMMENT ON FUNCTION autoconn.option_table() IS 'options that exist';

CREATE VIEW autoconn.options AS
SELECT context, name, type, "default", description FROM autoconn.option_table();
COMMENT ON VIEW autoconn.options IS 'options that servers, user mappings, tables and columns take';

GRANT USAGE ON SCHEMA autoconn TO PUBLIC;
GRANT SELECT ON autoconn.servers, autoconn.endpoints, autoconn.relationships, autoconn.options TO PUBLIC;

-- ---------------------------------------------------------------------------
-- Functions that send requests: nobody may call them unless it is granted.
-- ---------------------------------------------------------------------------

CREATE FUNCTION autoconn.discover(server name)
RETURNS text
LANGUAGE C STRICT
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_discover';
REVOKE ALL ON FUNCTION autoconn.discover(name) FROM PUBLIC;
COMMENT ON FUNCTION autoconn.discover(name) IS
  'asks the API again what it offers and returns the server''s status; needs ownership of the server';

CREATE FUNCTION autoconn.preview(
  url text,
  options jsonb DEFAULT '{}',
  credentials jsonb DEFAULT '{}',
  import jsonb DEFAULT '{}',
  OUT name text, OUT grp text, OUT path text, OUT importable boolean,
  OUT skip_reason text, OUT ddl text, OUT evidence jsonb)
RETURNS SETOF record
LANGUAGE C STRICT
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_preview';
REVOKE ALL ON FUNCTION autoconn.preview(text, jsonb, jsonb, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION autoconn.preview(text, jsonb, jsonb, jsonb) IS
  'discovers an API and returns what an import would create, without storing anything; options: server options, credentials: user mapping options, import: import options; needs USAGE on the wrapper';

CREATE FUNCTION autoconn.forget(server name)
RETURNS void
LANGUAGE C STRICT
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_forget';
REVOKE ALL ON FUNCTION autoconn.forget(name) FROM PUBLIC;
COMMENT ON FUNCTION autoconn.forget(name) IS
  'drops what was learned of a server; needs ownership of the server';

-- ---------------------------------------------------------------------------
-- Event triggers.  The functions run as the role that gave the command and
-- change to the extension's owner only for the catalog.
-- ---------------------------------------------------------------------------

CREATE FUNCTION autoconn.on_ddl()
RETURNS event_trigger
LANGUAGE C
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_on_ddl';
REVOKE ALL ON FUNCTION autoconn.on_ddl() FROM PUBLIC;
COMMENT ON FUNCTION autoconn.on_ddl() IS 'discovers on CREATE and ALTER SERVER and when a mapping appears; comments imported tables';

CREATE FUNCTION autoconn.on_drop()
RETURNS event_trigger
LANGUAGE C
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_on_drop';
REVOKE ALL ON FUNCTION autoconn.on_drop() FROM PUBLIC;
COMMENT ON FUNCTION autoconn.on_drop() IS 'forgets servers that were dropped';

CREATE EVENT TRIGGER autoconn_ddl ON ddl_command_end
  WHEN TAG IN ('CREATE SERVER', 'ALTER SERVER', 'CREATE USER MAPPING', 'ALTER USER MAPPING', 'IMPORT FOREIGN SCHEMA')
  EXECUTE FUNCTION autoconn.on_ddl();
COMMENT ON EVENT TRIGGER autoconn_ddl IS 'autoconn: discovery';

CREATE EVENT TRIGGER autoconn_drop ON sql_drop
  WHEN TAG IN ('DROP SERVER', 'DROP FOREIGN DATA WRAPPER', 'DROP OWNED')
  EXECUTE FUNCTION autoconn.on_drop();
COMMENT ON EVENT TRIGGER autoconn_drop IS 'autoconn: forgets dropped servers';
