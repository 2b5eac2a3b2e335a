"""PowerDNS: a description in Swagger 2 and YAML, sent as plain text behind an
API key, where everything stands below the name of a server."""

import glob
import json
import os
import sqlite3
import urllib.request

import database
import servers
import tap

KEY = "s3cret-of-the-zones"

ZONES = 40


def start_powerdns(world):
    """Starts one with an empty database; its port."""
    port = servers.free_port()
    library = os.path.dirname(os.path.dirname(glob.glob(
        world.debian("usr", "lib", "*", "pdns", "libgsqlite3backend.so"))[0]))
    schema = world.debian("usr", "share", "pdns-backend-sqlite3", "schema",
                          "schema.sqlite3.sql")
    with open(schema) as file, sqlite3.connect(world.path("pdns.db")) as made:
        made.executescript(file.read())
    with open(world.path("pdns.conf"), "w") as file:
        file.write("\n".join((
            "module-dir=" + os.path.join(library, "pdns"), "launch=gsqlite3",
            "gsqlite3-database=" + world.path("pdns.db"),
            "local-address=127.0.0.1",
            "local-port=%d" % servers.free_port(),
            "socket-dir=" + world.dir, "webserver=yes",
            "webserver-address=127.0.0.1", "webserver-port=%d" % port,
            "webserver-allow-from=127.0.0.1", "api=yes", "api-key=" + KEY,
            "daemon=no", "guardian=no", "")))
    servers.start([world.debian("usr", "sbin", "pdns_server"),
                   "--config-dir=" + world.dir], port,
                  world.path("pdns.log"), {"LD_LIBRARY_PATH": library})
    return port


class Zones:
    def __init__(self, world):
        self.url = "http://127.0.0.1:%d" % start_powerdns(world)
        for number in range(1, ZONES + 1):
            self.ask("/api/v1/servers/localhost/zones", {
                "name": "zone%d.example.org." % number,
                "kind": "Native" if number % 3 else "Master",
                "nameservers": ["ns1.example.org."]})

    def ask(self, path, document=None):
        request = urllib.request.Request(
            self.url + path, headers={"X-API-Key": KEY},
            data=json.dumps(document).encode() if document else None)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())


def discovery(zones):
    made = database.run(
        "CREATE SERVER zones FOREIGN DATA WRAPPER autoconn"
        " OPTIONS (url '%s/api/docs')" % zones.url)
    tap.equal((made.good, database.value(
        "SELECT status FROM autoconn.servers WHERE server = 'zones'")),
        (True, "auth_required"), "the description wants a key first")
    database.must(
        "ALTER SERVER zones OPTIONS (ADD api_key_in 'header',"
        " ADD api_key_name 'X-API-Key');"
        "CREATE USER MAPPING FOR CURRENT_USER SERVER zones"
        " OPTIONS (api_key '%s')" % KEY)
    found = database.rows("SELECT * FROM autoconn.servers"
                          " WHERE server = 'zones'")[0]
    tap.equal([found["status"], found["kind"]], ["discovered", "swagger"],
              "with the key, Swagger 2 in YAML as plain text is read")
    tap.equal(found["base_url"].rstrip("/"), zones.url + "/api/v1",
              "paths stand below its basePath")
    tap.equal(found["auth"], "api_key (header X-API-Key)",
              "and it says what credentials it wants")


def importing(zones):
    database.must("CREATE SCHEMA zones;"
                  "IMPORT FOREIGN SCHEMA api FROM SERVER zones INTO zones;")
    tables = {row["path"]: row for row in database.rows(
        "SELECT path, name, item_path, key_columns, evidence"
        " FROM autoconn.endpoints WHERE server = 'zones' AND importable")}
    for path in ("/servers", "/servers/{server_id}/zones",
                 "/servers/{server_id}/config",
                 "/servers/{server_id}/statistics"):
        tap.ok(path in tables, "%s is a table" % path, sorted(tables))
    tap.equal(tables["/servers/{server_id}/zones"]["item_path"],
              "/servers/{server_id}/zones/{zone_id}",
              "a zone's own path is its collection's item path")
    tap.ok(database.rows(
        "SELECT 1 FROM autoconn.relationships WHERE server = 'zones'"
        " AND child_columns = '{server_id}' AND parent = 'servers'"
        " AND child = 'zones'"), "zones belong to their server")


def scanning(zones):
    own = zones.ask("/api/v1/servers/localhost/zones")
    shown = database.rows(
        "SELECT id, name, kind, serial, account, dnssec, masters, url"
        " FROM zones.zones WHERE server_id = 'localhost' ORDER BY id")
    tap.equal(len(own), ZONES, "the server has its zones")
    tap.equal(shown, sorted(
        ({name: zone.get(name) for name in (
            "id", "name", "kind", "serial", "account", "dnssec", "masters",
            "url")} for zone in own), key=lambda row: row["id"]),
        "all zones as the server has them")
    joined = database.rows(
        "SELECT s.id, count(*) AS n FROM zones.servers s"
        " JOIN zones.zones z ON z.server_id = s.id GROUP BY 1")
    tap.equal(joined, [{"id": "localhost", "n": ZONES}],
              "a join with the servers needs no value by hand")
    tap.equal(int(database.value("SELECT count(*) FROM zones.zones")), ZONES,
              "without a value those of all servers are read")
    settings = zones.ask("/api/v1/servers/localhost/config")
    table = database.value(
        "SELECT name FROM autoconn.endpoints WHERE server = 'zones'"
        " AND path = '/servers/{server_id}/config'")
    tap.equal(database.rows(
        "SELECT name, value FROM zones.%s WHERE server_id = 'localhost'"
        " ORDER BY name COLLATE \"C\"" % table),
        sorted(({"name": s["name"], "value": s["value"]} for s in settings),
               key=lambda row: row["name"]), "all settings")
    tap.ok(KEY not in database.must(
        "EXPLAIN (VERBOSE) SELECT * FROM zones.%s"
        " WHERE server_id = 'localhost'" % table).text,
        "EXPLAIN shows no key")


def run(world):
    zones = Zones(world)
    for part in (discovery, importing, scanning):
        tap.part(part, zones)
