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
  token_url     text,
  note          text,
  description   text,
  -- The system and the database in which it was learned.
  home          text,
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
  cursor_column text,
  cursor_param  text,
  cursor_format text,
  cursor_mode   text CHECK (cursor_mode IN ('parameter', 'descending', 'full')),
  -- Hashes of method, path and query, and of all that is said of them: what is
  -- known of an operation stays while the same is said of it.
  operation     text NOT NULL,
  query         text,
  fingerprint   text NOT NULL,
  -- How much a sample said: nothing, that there are no rows, what they are.
  answered      integer NOT NULL,
  PRIMARY KEY (server, position),
  CHECK (importable = (skip_reason IS NULL))
);
CREATE INDEX endpoint_operation ON autoconn.endpoint (server, operation);
REVOKE ALL ON autoconn.endpoint FROM PUBLIC;
COMMENT ON TABLE autoconn.endpoint IS 'paths found and what was made of them';

CREATE TABLE autoconn.relationship (
  server         text NOT NULL REFERENCES autoconn.server_state ON DELETE CASCADE ON UPDATE CASCADE,
  child          text NOT NULL,
  child_columns  text[] NOT NULL,
  parent         text NOT NULL,
  parent_columns text[] NOT NULL,
  evidence       jsonb,
  confidence     real
);
-- A column of links refers to one table in several ways.
CREATE UNIQUE INDEX relationship_edge ON autoconn.relationship
  (server, child, child_columns, parent, (COALESCE(evidence OPERATOR(pg_catalog.->>) 'pointer', '')));
REVOKE ALL ON autoconn.relationship FROM PUBLIC;
COMMENT ON TABLE autoconn.relationship IS 'edges between the tables of a server';

CREATE TABLE autoconn.alert (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  parent_id     bigint REFERENCES autoconn.alert ON DELETE SET NULL,
  server        text NOT NULL REFERENCES autoconn.server_state ON DELETE CASCADE ON UPDATE CASCADE,
  -- The local table, 0 if none is concerned; its name as it was when told.
  relid         oid NOT NULL DEFAULT 0,
  relation      text,
  table_name    text,
  column_name   text,
  kind          text NOT NULL,
  severity      text NOT NULL CHECK (severity IN ('info', 'warning', 'error', 'critical')),
  confidence    real NOT NULL DEFAULT 1,
  -- Strength of evidence, bit 0 is E1; who found it and still does.
  tiers         integer NOT NULL DEFAULT 0,
  scopes        text[] NOT NULL DEFAULT '{}',
  status        text NOT NULL CHECK (status IN
                  ('open', 'proposed', 'applied', 'verified', 'rolled_back', 'dismissed', 'resolved')),
  disposition   text NOT NULL CHECK (disposition IN ('auto', 'proof', 'human', 'notify', 'connection')),
  fingerprint   text NOT NULL,
  summary       text NOT NULL,
  evidence      jsonb NOT NULL DEFAULT '{}',
  -- What answers it and what undoes that: as DDL for people, as data for us.
  fix           text,
  inverse       text,
  fix_data      jsonb,
  inverse_data  jsonb,
  first_seen    timestamptz NOT NULL DEFAULT pg_catalog.now(),
  last_seen     timestamptz NOT NULL DEFAULT pg_catalog.now(),
  occurrences   integer NOT NULL DEFAULT 1,
  decided_by    text,
  decided_at    timestamptz,
  reason        text,
  -- Of a fix that was applied: by itself or by a person, when, and how many
  -- polls have yet to confirm it.
  applied_auto  boolean NOT NULL DEFAULT false,
  applied_at    timestamptz,
  verify_left   integer,
  note          text,
  -- A decision that has become part of what the API is measured against.
  accepted      boolean NOT NULL DEFAULT false,
  CHECK ((fix_data IS NULL) = (fix IS NULL))
);
CREATE UNIQUE INDEX alert_active ON autoconn.alert (server, relid, fingerprint)
  WHERE status IN ('open', 'proposed', 'applied');
CREATE INDEX alert_parent ON autoconn.alert (parent_id);
CREATE INDEX alert_server ON autoconn.alert (server, relid, fingerprint);
REVOKE ALL ON autoconn.alert FROM PUBLIC;
COMMENT ON TABLE autoconn.alert IS 'what was found to have changed, and what became of it';

CREATE TABLE autoconn.webhook (
  alert         bigint PRIMARY KEY REFERENCES autoconn.alert ON DELETE CASCADE,
  tries         integer NOT NULL DEFAULT 0,
  next_try      timestamptz
);
REVOKE ALL ON autoconn.webhook FROM PUBLIC;
COMMENT ON TABLE autoconn.webhook IS 'alerts that the webhook of their server''s owner is still to be told of';

-- What imports made, for autoconn.refresh(): it tells apart what the API and
-- what the owner of a table has changed since.

CREATE TABLE autoconn.imported (
  server        text NOT NULL REFERENCES autoconn.server_state ON DELETE CASCADE ON UPDATE CASCADE,
  -- Of the schema the OID counts; the name is for where pg_upgrade changed it.
  schema_oid    oid NOT NULL,
  schema_name   text NOT NULL,
  table_name    text NOT NULL,
  ddl           text NOT NULL,
  statement     jsonb NOT NULL,
  -- Whose import it was: what it asks for is nobody else's choice.
  importer      oid NOT NULL,
  imported_at   timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  PRIMARY KEY (server, schema_oid, table_name)
);
REVOKE ALL ON autoconn.imported FROM PUBLIC;
COMMENT ON TABLE autoconn.imported IS 'tables as imports made them, and the imports';

-- What the watch keeps from one poll to the next.

CREATE TABLE autoconn.watch (
  server        text PRIMARY KEY REFERENCES autoconn.server_state ON DELETE CASCADE ON UPDATE CASCADE,
  etag          text,
  last_modified text,
  spec_hash     text,
  baseline      jsonb,
  current       jsonb,
  protocol      jsonb,
  polls         bigint NOT NULL DEFAULT 0,
  spec_failures integer NOT NULL DEFAULT 0,
  last_check    timestamptz,
  next_check    timestamptz
);
REVOKE ALL ON autoconn.watch FROM PUBLIC;
COMMENT ON TABLE autoconn.watch IS 'what each server''s API is measured against';

CREATE TABLE autoconn.watch_table (
  server        text NOT NULL REFERENCES autoconn.watch ON DELETE CASCADE ON UPDATE CASCADE,
  relid         oid NOT NULL,
  payload       jsonb,
  PRIMARY KEY (server, relid)
);
REVOKE ALL ON autoconn.watch_table FROM PUBLIC;
COMMENT ON TABLE autoconn.watch_table IS 'what each table''s answers are measured against';

-- Tokens that OAuth grants gave in exchange for others; see doc/credentials.md.
-- The code reads columns by their position.

CREATE TABLE autoconn.token (
  mapping        oid PRIMARY KEY,
  -- By these the row finds its mapping again where pg_upgrade has changed OIDs.
  server         text NOT NULL,
  userid         oid NOT NULL,
  -- The system and the database whose tokens they are.
  home           text NOT NULL,
  -- Hashes of what they grew from, and were asked for with.
  seed           text,
  asked          text,
  generation     bigint NOT NULL DEFAULT 0,
  access_token   text,
  renew_at       timestamptz,
  refresh_token  text,
  failures       bigint NOT NULL DEFAULT 0,
  dead           boolean NOT NULL DEFAULT false,
  failure_code   text,
  failure        text,
  failure_detail text,
  failure_hint   text,
  changed        timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
REVOKE ALL ON autoconn.token FROM PUBLIC;
COMMENT ON TABLE autoconn.token IS 'OAuth tokens of user mappings: secret';

-- Between autoconn.authorize() and autoconn.authorize_complete().  The code
-- writes columns by their position.

CREATE TABLE autoconn.authorization (
  mapping        oid PRIMARY KEY,
  state          text NOT NULL,
  verifier       text NOT NULL,
  redirect_uri   text NOT NULL,
  expires_at     timestamptz NOT NULL
);
REVOKE ALL ON autoconn.authorization FROM PUBLIC;
COMMENT ON TABLE autoconn.authorization IS 'OAuth authorizations that somebody has begun: secret';

-- Default privileges may have given these tables to others.
DO $$
DECLARE
  given record;
BEGIN
  FOR given IN
    SELECT DISTINCT c.oid::regclass AS relation, a.grantee::regrole AS role
    FROM pg_class c, aclexplode(c.relacl) a
    WHERE c.oid IN ('autoconn.token'::regclass, 'autoconn.authorization'::regclass)
      AND a.grantee NOT IN (0, c.relowner)
  LOOP
    EXECUTE format('REVOKE ALL ON %s FROM %s', given.relation, given.role);
  END LOOP;
END;
$$;

CREATE TABLE autoconn.ignored_param (
  server        text NOT NULL REFERENCES autoconn.server_state ON DELETE CASCADE ON UPDATE CASCADE,
  relid         oid NOT NULL,
  column_name   text NOT NULL,
  param         text NOT NULL,
  -- 0: it takes what the column equals, 1: a lower bound, 2: an upper one.
  bound         integer NOT NULL,
  first_seen    timestamptz NOT NULL,
  PRIMARY KEY (relid, param, bound)
);
REVOKE ALL ON autoconn.ignored_param FROM PUBLIC;
COMMENT ON TABLE autoconn.ignored_param IS 'parameters that scans saw the API ignore, and that are not sent any more';

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

CREATE FUNCTION autoconn.monitoring(server oid, home text)
RETURNS text
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_monitoring';
COMMENT ON FUNCTION autoconn.monitoring(oid, text) IS
  'whether a server is watched, whose state was learned at home: on, off or paused';

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
       autoconn.monitoring(v.server_oid, st.home) AS monitoring,
       GREATEST(st.last_check, w.last_check) AS last_check,
       COALESCE(a.open_alerts, 0) AS open_alerts,
       st.base_url,
       st.note
FROM autoconn.visible_server v
LEFT JOIN autoconn.server_state st ON st.server OPERATOR(pg_catalog.=) v.state
LEFT JOIN autoconn.watch w ON w.server OPERATOR(pg_catalog.=) v.state
LEFT JOIN LATERAL (
  SELECT pg_catalog.count(*) AS endpoints,
         pg_catalog.count(*) FILTER (WHERE ep.importable) AS importable
  FROM autoconn.endpoint ep
  WHERE ep.server OPERATOR(pg_catalog.=) v.state) e ON true
LEFT JOIN LATERAL (
  SELECT pg_catalog.count(*) AS open_alerts
  FROM autoconn.alert al
  WHERE al.server OPERATOR(pg_catalog.=) v.state
    AND (al.status OPERATOR(pg_catalog.=) 'open' OR al.status OPERATOR(pg_catalog.=) 'proposed')) a ON true;
COMMENT ON VIEW autoconn.servers IS 'servers and what discovery found of them';
COMMENT ON COLUMN autoconn.servers.status IS 'discovered, auth_required, unreachable, not_an_api or pending';
COMMENT ON COLUMN autoconn.servers.auth IS 'credentials that the API wants';
COMMENT ON COLUMN autoconn.servers.monitoring IS 'on, off, or paused: the database is a copy, see autoconn.adopt()';
COMMENT ON COLUMN autoconn.servers.last_check IS 'when the API was last asked what it offers, or polled';
COMMENT ON COLUMN autoconn.servers.open_alerts IS 'alerts that are open or propose a fix';
COMMENT ON COLUMN autoconn.servers.base_url IS 'URL below which the paths of tables stand';
COMMENT ON COLUMN autoconn.servers.note IS 'what the last discovery had to say';

-- What was seen in the data is for those whose credentials fetched it: of a
-- column's evidence the values stay behind.
CREATE FUNCTION autoconn.without_values(evidence jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp
RETURN CASE WHEN pg_catalog.jsonb_typeof(evidence OPERATOR(pg_catalog.->) 'types') OPERATOR(pg_catalog.=) 'object'
            THEN pg_catalog.jsonb_set(evidence, '{types}',
                   (SELECT COALESCE(pg_catalog.jsonb_object_agg(t.key, t.value OPERATOR(pg_catalog.-) 'domain'), '{}')
                    FROM pg_catalog.jsonb_each(evidence OPERATOR(pg_catalog.->) 'types') t))
            ELSE evidence END;
COMMENT ON FUNCTION autoconn.without_values(jsonb) IS 'evidence of an endpoint without the values that samples showed';

CREATE VIEW autoconn.endpoints WITH (security_barrier) AS
SELECT v.server, ep.name, ep.grp, ep.method, ep.path, ep.item_path, ep.rows_path,
       ep.pagination, ep.page_size, ep.key_columns, ep.params, ep.importable,
       ep.skip_reason, ep.source, ep.confidence,
       CASE WHEN pg_catalog.pg_has_role(s.srvowner, 'USAGE') THEN ep.evidence
            ELSE autoconn.without_values(ep.evidence) END AS evidence,
       ep.cursor_column, ep.cursor_param, ep.cursor_format, ep.cursor_mode, ep.query
FROM autoconn.visible_server v
JOIN autoconn.endpoint ep ON ep.server OPERATOR(pg_catalog.=) v.state
JOIN pg_catalog.pg_foreign_server s ON s.oid OPERATOR(pg_catalog.=) v.server_oid;
COMMENT ON VIEW autoconn.endpoints IS 'paths found, what was made of them, and why what was left out was left out';
COMMENT ON COLUMN autoconn.endpoints.query IS 'query string that is always sent';
COMMENT ON COLUMN autoconn.endpoints.cursor_column IS 'column that tells what changed since the last copy';
COMMENT ON COLUMN autoconn.endpoints.cursor_param IS 'parameter that asks for rows from a value of that column on';
COMMENT ON COLUMN autoconn.endpoints.cursor_format IS 'how the parameter takes the value: row (as the row has it), date, epoch_s or epoch_ms';
COMMENT ON COLUMN autoconn.endpoints.cursor_mode IS 'parameter: proved by a call; descending: rows come newest first; full: everything must be read';

CREATE VIEW autoconn.relationships WITH (security_barrier) AS
SELECT v.server, r.child, r.child_columns, r.parent, r.parent_columns, r.evidence, r.confidence
FROM autoconn.visible_server v
JOIN autoconn.relationship r ON r.server OPERATOR(pg_catalog.=) v.state;
COMMENT ON VIEW autoconn.relationships IS 'edges between the tables of a server';

-- What was found in the data is for those who may read the data.
CREATE VIEW autoconn.alerts WITH (security_barrier) AS
SELECT al.id, al.parent_id, v.server,
       CASE WHEN c.oid IS NOT NULL THEN c.oid::pg_catalog.regclass::text ELSE al.relation END AS relation,
       al.table_name, al.column_name, al.kind, al.severity, al.confidence, al.status, al.summary,
       CASE WHEN CASE WHEN al.relid OPERATOR(pg_catalog.=) 0::oid
                      THEN pg_catalog.pg_has_role(s.srvowner, 'USAGE')
                      ELSE pg_catalog.has_table_privilege(c.oid, 'SELECT') END
            THEN al.evidence END AS evidence,
       al.fix, al.inverse, al.disposition, al.first_seen, al.last_seen, al.occurrences,
       al.decided_by, al.decided_at, al.reason, al.note
FROM autoconn.visible_server v
JOIN autoconn.alert al ON al.server OPERATOR(pg_catalog.=) v.state
JOIN pg_catalog.pg_foreign_server s ON s.oid OPERATOR(pg_catalog.=) v.server_oid
LEFT JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) al.relid;
COMMENT ON VIEW autoconn.alerts IS 'what an API does otherwise than it was learned, and what became of it';
COMMENT ON COLUMN autoconn.alerts.parent_id IS 'alert that stands for the common cause';
COMMENT ON COLUMN autoconn.alerts.relation IS 'local table';
COMMENT ON COLUMN autoconn.alerts.table_name IS 'name of the table in the API';
COMMENT ON COLUMN autoconn.alerts.status IS 'open, proposed, applied, verified, rolled_back, dismissed or resolved';
COMMENT ON COLUMN autoconn.alerts.evidence IS 'for those who may read the table; without a table, for the owner of the server';
COMMENT ON COLUMN autoconn.alerts.fix IS 'statement that autoconn.approve() would run';
COMMENT ON COLUMN autoconn.alerts.inverse IS 'statement that autoconn.rollback() would run';
COMMENT ON COLUMN autoconn.alerts.disposition IS 'auto, proof, human, notify or connection: who may apply the fix';
COMMENT ON COLUMN autoconn.alerts.reason IS 'why it was dismissed';
COMMENT ON COLUMN autoconn.alerts.note IS 'why the fix was not applied or was undone without a person';

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

CREATE FUNCTION autoconn.limit_state(
  OUT server text, OUT scope text, OUT mapping_user oid, OUT rate double precision,
  OUT burst double precision, OUT tokens double precision, OUT remaining bigint,
  OUT reset_at timestamptz, OUT breaker text, OUT failures integer,
  OUT opens_until timestamptz, OUT under_way integer, OUT in_line integer)
RETURNS SETOF record
LANGUAGE C STRICT VOLATILE
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_limit_state';
COMMENT ON FUNCTION autoconn.limit_state() IS 'limits and breakers of the servers that the caller may use';

-- The function shows each caller what is his to see.
CREATE VIEW autoconn.limits WITH (security_barrier) AS
SELECT l.server, l.scope, l.rate, l.burst, l.tokens, l.remaining, l.reset_at,
       l.breaker, l.failures, l.opens_until,
       CASE WHEN l.mapping_user IS NOT NULL THEN pg_catalog.pg_get_userbyid(l.mapping_user) END AS mapping_user,
       l.under_way, l.in_line
FROM autoconn.limit_state() l;
COMMENT ON VIEW autoconn.limits IS 'limits that requests are subject to, and breakers, as they are now';
COMMENT ON COLUMN autoconn.limits.scope IS 'server, host, endpoint, or bucket: what the API itself counts together';
COMMENT ON COLUMN autoconn.limits.rate IS 'requests per second that may be sent; NULL: no limit is known';
COMMENT ON COLUMN autoconn.limits.burst IS 'requests that may be sent at once';
COMMENT ON COLUMN autoconn.limits.tokens IS 'requests that may be sent now; negative: so many wait';
COMMENT ON COLUMN autoconn.limits.remaining IS 'requests that are left by the API''s own count';
COMMENT ON COLUMN autoconn.limits.reset_at IS 'when that count begins anew, or requests may be sent again';
COMMENT ON COLUMN autoconn.limits.breaker IS 'closed, open or half_open';
COMMENT ON COLUMN autoconn.limits.failures IS 'of the last calls, those that failed';
COMMENT ON COLUMN autoconn.limits.opens_until IS 'when an open breaker lets one request try';
COMMENT ON COLUMN autoconn.limits.mapping_user IS 'whose mapping is limited; NULL: the public one, or none';
COMMENT ON COLUMN autoconn.limits.under_way IS 'of scope server: requests that were sent, of max_concurrency';
COMMENT ON COLUMN autoconn.limits.in_line IS 'of scope server: sessions that wait until they may send one';

-- It looks itself whose server it is.
CREATE FUNCTION autoconn.limits_reset(server name)
RETURNS void
LANGUAGE C STRICT
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_limits_reset';
COMMENT ON FUNCTION autoconn.limits_reset(name) IS
  'forgets what limits and breakers of a server know: waits that the API asked for, its counts, the pace after a 429, failures; needs ownership of the server';

CREATE FUNCTION autoconn.scan_state(
  OUT pid integer, OUT server oid, OUT relation oid, OUT phase text,
  OUT requests bigint, OUT pages bigint, OUT rows bigint, OUT bytes bigint,
  OUT retries bigint, OUT cache_hits bigint, OUT wait_ms bigint, OUT total_rows bigint,
  OUT started timestamptz, OUT since timestamptz)
RETURNS SETOF record
LANGUAGE C STRICT VOLATILE
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_scan_state';
COMMENT ON FUNCTION autoconn.scan_state() IS 'what scans of this database do that the caller may see';

-- The function shows each caller what is his to see.  A scan reads only as
-- long as its session does: behind an open cursor it waits for being asked.
CREATE VIEW autoconn.activity WITH (security_barrier) AS
SELECT s.pid, f.srvname::text AS server, s.relation::regclass::text AS table_name,
       CASE WHEN s.phase = 'reading' AND b.state LIKE 'idle%' THEN 'idle' ELSE s.phase END AS phase,
       s.requests, s.pages, s.rows, s.bytes, s.retries, s.wait_ms, s.total_rows,
       s.started, s.since, s.cache_hits
FROM autoconn.scan_state() s
JOIN pg_catalog.pg_foreign_server f ON f.oid = s.server
LEFT JOIN LATERAL pg_catalog.pg_stat_get_activity(s.pid) b ON true;
COMMENT ON VIEW autoconn.activity IS 'scans that run, one row each';
COMMENT ON COLUMN autoconn.activity.pid IS 'process of the session';
COMMENT ON COLUMN autoconn.activity.phase IS 'connecting, waiting for answer, receiving, waiting for limit, backing off, reading, or idle';
COMMENT ON COLUMN autoconn.activity.requests IS 'sent, retries and redirects included';
COMMENT ON COLUMN autoconn.activity.rows IS 'received';
COMMENT ON COLUMN autoconn.activity.bytes IS 'of answers, decompressed';
COMMENT ON COLUMN autoconn.activity.wait_ms IS 'waited for limits and between attempts';
COMMENT ON COLUMN autoconn.activity.total_rows IS 'rows that the API announced; NULL: it announced none, or the scan has several parts';
COMMENT ON COLUMN autoconn.activity.started IS 'when the first row was asked for';
COMMENT ON COLUMN autoconn.activity.since IS 'when the phase began';
COMMENT ON COLUMN autoconn.activity.cache_hits IS 'answers that came from the cache';

CREATE FUNCTION autoconn.table_counts(
  OUT server oid, OUT relation oid, OUT scans bigint, OUT requests bigint,
  OUT pages bigint, OUT rows bigint, OUT bytes bigint, OUT retries bigint,
  OUT errors bigint, OUT cache_hits bigint, OUT wait_ms bigint,
  OUT p50_ms bigint, OUT p95_ms bigint, OUT since timestamptz)
RETURNS SETOF record
LANGUAGE C STRICT VOLATILE
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_table_counts';
COMMENT ON FUNCTION autoconn.table_counts() IS 'what scans of the tables that the caller may read took';

-- The function shows each caller what is his to see.
CREATE VIEW autoconn.stats WITH (security_barrier) AS
SELECT f.srvname::text AS server, c.relation::regclass::text AS table_name,
       c.scans, c.requests, c.rows, c.bytes, c.retries, c.errors, c.cache_hits,
       c.wait_ms, c.p50_ms, c.p95_ms, c.pages, c.since
FROM autoconn.table_counts() c
JOIN pg_catalog.pg_foreign_server f ON f.oid = c.server;
COMMENT ON VIEW autoconn.stats IS 'what scans of foreign tables took since the server was started';
COMMENT ON COLUMN autoconn.stats.scans IS 'readings of the table, each rescan one';
COMMENT ON COLUMN autoconn.stats.requests IS 'sent, retries and redirects included';
COMMENT ON COLUMN autoconn.stats.rows IS 'received';
COMMENT ON COLUMN autoconn.stats.bytes IS 'of answers, decompressed';
COMMENT ON COLUMN autoconn.stats.errors IS 'readings that ended because of the API';
COMMENT ON COLUMN autoconn.stats.cache_hits IS 'answers that came from the cache';
COMMENT ON COLUMN autoconn.stats.wait_ms IS 'waited for limits and between attempts';
COMMENT ON COLUMN autoconn.stats.p50_ms IS 'half of the requests took no longer, give or take an eighth';
COMMENT ON COLUMN autoconn.stats.p95_ms IS '95 of 100 requests took no longer, give or take an eighth';
COMMENT ON COLUMN autoconn.stats.since IS 'when the counts began';

CREATE FUNCTION autoconn.stats_reset(relation regclass DEFAULT NULL)
RETURNS void
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_stats_reset';
REVOKE ALL ON FUNCTION autoconn.stats_reset(regclass) FROM PUBLIC;
COMMENT ON FUNCTION autoconn.stats_reset(regclass) IS
  'forgets the counts of a table, or of all tables of the database';

GRANT USAGE ON SCHEMA autoconn TO PUBLIC;
GRANT SELECT ON autoconn.servers, autoconn.endpoints, autoconn.relationships, autoconn.alerts, autoconn.limits, autoconn.activity, autoconn.stats, autoconn.options TO PUBLIC;

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
  OUT skip_reason text, OUT ddl text, OUT evidence jsonb,
  OUT method text, OUT source text, OUT confidence real)
RETURNS SETOF record
LANGUAGE C STRICT
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_preview';
REVOKE ALL ON FUNCTION autoconn.preview(text, jsonb, jsonb, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION autoconn.preview(text, jsonb, jsonb, jsonb) IS
  'discovers an API and returns what an import would create, without storing anything; options: server options, credentials: user mapping options, import: import options; needs USAGE on the wrapper';

CREATE FUNCTION autoconn.refresh(
  schema name,
  apply boolean DEFAULT false,
  OUT server text, OUT relation text, OUT column_name text, OUT change text,
  OUT old_value text, OUT new_value text, OUT statement text, OUT applied boolean)
RETURNS SETOF record
LANGUAGE C STRICT
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_refresh';
REVOKE ALL ON FUNCTION autoconn.refresh(name, boolean) FROM PUBLIC;
COMMENT ON FUNCTION autoconn.refresh(name, boolean) IS
  'tells what importing again into a schema would change in its foreign tables, and with apply carries out what adds, widens or sets options; needs USAGE on the servers, to apply ownership of the tables';

CREATE FUNCTION autoconn.forget(server name)
RETURNS void
LANGUAGE C STRICT
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_forget';
REVOKE ALL ON FUNCTION autoconn.forget(name) FROM PUBLIC;
COMMENT ON FUNCTION autoconn.forget(name) IS
  'drops what was learned of a server; needs ownership of the server';

CREATE FUNCTION autoconn.authorize(server name)
RETURNS text
LANGUAGE C STRICT
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_authorize';
REVOKE ALL ON FUNCTION autoconn.authorize(name) FROM PUBLIC;
COMMENT ON FUNCTION autoconn.authorize(name) IS
  'has a person authorize the caller''s user mapping: shows a code and waits (oauth_grant device_code), or returns the URL to open (authorization_code); needs a user mapping of one''s own';

CREATE FUNCTION autoconn.authorize_complete(server name, code text)
RETURNS void
LANGUAGE C STRICT
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_authorize_complete';
REVOKE ALL ON FUNCTION autoconn.authorize_complete(name, text) FROM PUBLIC;
COMMENT ON FUNCTION autoconn.authorize_complete(name, text) IS
  'trades the code, or the URL that the browser was sent to, for tokens after autoconn.authorize(); needs a user mapping of one''s own';

-- ---------------------------------------------------------------------------
-- Background workers.
-- ---------------------------------------------------------------------------

CREATE FUNCTION autoconn.worker_state(
  OUT dbid oid, OUT has_extension boolean, OUT worker_pid integer,
  OUT looked_at timestamptz, OUT due_at timestamptz, OUT failures integer)
RETURNS SETOF record
LANGUAGE C STRICT
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_worker_state';
REVOKE ALL ON FUNCTION autoconn.worker_state() FROM PUBLIC;
COMMENT ON FUNCTION autoconn.worker_state() IS
  'what the launcher knows of each database: internal; no rows where there is no shared memory';

-- ---------------------------------------------------------------------------
-- The watch in the foreground.
-- ---------------------------------------------------------------------------

CREATE FUNCTION autoconn.check(server name DEFAULT NULL)
RETURNS SETOF autoconn.alerts
LANGUAGE C
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_check';
REVOKE ALL ON FUNCTION autoconn.check(name) FROM PUBLIC;
COMMENT ON FUNCTION autoconn.check(name) IS
  'polls a server, or all that the caller owns, as the watch does and returns the alerts that are new; needs ownership of the server';

CREATE FUNCTION autoconn.adopt(server name)
RETURNS void
LANGUAGE C STRICT
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_adopt';
REVOKE ALL ON FUNCTION autoconn.adopt(name) FROM PUBLIC;
COMMENT ON FUNCTION autoconn.adopt(name) IS
  'lets a server be watched in this database, which is a copy of the one where it was discovered; needs ownership of the server';

-- ---------------------------------------------------------------------------
-- Decisions about alerts.  Everybody may call them: they send no requests,
-- look at who owns the table, and change it with the caller's own rights.
-- ---------------------------------------------------------------------------

CREATE FUNCTION autoconn.approve(alert bigint)
RETURNS text
LANGUAGE C
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_approve';
COMMENT ON FUNCTION autoconn.approve(bigint) IS
  'applies the fix of an alert and returns the statement; needs ownership of the table';

CREATE FUNCTION autoconn.dismiss(alert bigint, reason text DEFAULT NULL)
RETURNS void
LANGUAGE C
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_dismiss';
COMMENT ON FUNCTION autoconn.dismiss(bigint, text) IS
  'keeps an alert quiet until its evidence changes; needs ownership of the table';

CREATE FUNCTION autoconn.rollback(alert bigint)
RETURNS text
LANGUAGE C
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_rollback';
COMMENT ON FUNCTION autoconn.rollback(bigint) IS
  'undoes the fix of an alert and returns the statement; needs ownership of the table';

CREATE FUNCTION autoconn.apply_pending(
  server name, at timestamptz DEFAULT pg_catalog.clock_timestamp(),
  OUT alert bigint, OUT outcome text, OUT note text)
RETURNS SETOF record
LANGUAGE C STRICT
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_apply_pending';
REVOKE ALL ON FUNCTION autoconn.apply_pending(name, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION autoconn.apply_pending(name, timestamptz) IS
  'applies the fixes that the server''s option on_drift lets be applied without a person, as the worker does; for superusers';

-- ---------------------------------------------------------------------------
-- What scans saw, on its way to the worker.  For tests: what is taken here,
-- the worker does not get.
-- ---------------------------------------------------------------------------

CREATE FUNCTION autoconn.take_events(
  OUT kind text, OUT server text, OUT relation regclass, OUT rows bigint,
  OUT complete boolean, OUT owner boolean, OUT status integer, OUT code text,
  OUT text text, OUT at timestamptz)
RETURNS SETOF record
LANGUAGE C STRICT
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_take_events';
REVOKE ALL ON FUNCTION autoconn.take_events() FROM PUBLIC;
COMMENT ON FUNCTION autoconn.take_events() IS
  'returns and removes what scans of this database saw of changes; needs a superuser';

CREATE FUNCTION autoconn.events_lost()
RETURNS bigint
LANGUAGE C STRICT
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_events_lost';
REVOKE ALL ON FUNCTION autoconn.events_lost() FROM PUBLIC;
COMMENT ON FUNCTION autoconn.events_lost() IS
  'events that found no place since the last call, of any database; needs a superuser';

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
COMMENT ON FUNCTION autoconn.on_ddl() IS 'discovers on CREATE and ALTER SERVER and when a mapping appears; comments imported tables; keeps POST for owners of servers; follows schemas that are renamed';

CREATE FUNCTION autoconn.on_drop()
RETURNS event_trigger
LANGUAGE C
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'autoconn_on_drop';
REVOKE ALL ON FUNCTION autoconn.on_drop() FROM PUBLIC;
COMMENT ON FUNCTION autoconn.on_drop() IS 'forgets servers, and imports into schemas, that were dropped';

CREATE EVENT TRIGGER autoconn_ddl ON ddl_command_end
  WHEN TAG IN ('CREATE SERVER', 'ALTER SERVER', 'CREATE USER MAPPING', 'ALTER USER MAPPING', 'IMPORT FOREIGN SCHEMA',
               'CREATE FOREIGN TABLE', 'ALTER FOREIGN TABLE', 'ALTER SCHEMA')
  EXECUTE FUNCTION autoconn.on_ddl();
COMMENT ON EVENT TRIGGER autoconn_ddl IS 'autoconn: discovery';

CREATE EVENT TRIGGER autoconn_drop ON sql_drop
  WHEN TAG IN ('DROP SERVER', 'DROP USER MAPPING', 'DROP FOREIGN DATA WRAPPER', 'DROP OWNED', 'DROP SCHEMA')
  EXECUTE FUNCTION autoconn.on_drop();
COMMENT ON EVENT TRIGGER autoconn_drop IS 'autoconn: forgets dropped servers and schemas';
