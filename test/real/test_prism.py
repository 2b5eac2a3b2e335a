"""Prism, which answers from a description alone, here that of the Blockfrost
API (@blockfrost/openapi): 120 operations that read, an API key, pages by
number, and answers that are what the examples of real life are.  Prism knows
no pages and shows the same rows on each: that is for autoconn to notice."""

import re
import subprocess

import database
import servers
import tap
import truth

from recorder import Recorder
from world import same_rows

KEY = "mainnetS3cretOfBlockfrost"


class Mock:
    def __init__(self, world):
        source = world.module("@blockfrost", "openapi", "openapi.yaml")
        port = servers.free_port()
        servers.start(
            ["node", world.module("@stoplight", "prism-cli", "dist",
                                  "index.js"),
             "mock", "--host", "127.0.0.1", "--port", str(port), source],
            port, world.path("prism.log"))
        self.own = "http://127.0.0.1:%d" % port
        self.recorder = Recorder(port)
        self.text = subprocess.run(
            ["node", __file__.replace("test_prism.py", "yaml2json.js"),
             world.module(), source],
            check=True, capture_output=True, text=True).stdout
        self.description = database.parse(self.text)
        self.static = servers.StaticServer({"/blockfrost.json": self.text})

    def truth(self, path):
        """What Prism itself answers, as a list of rows."""
        answer = truth.get(self.own + path, {"project_id": KEY})
        if answer.status != 200:
            raise RuntimeError("%s: %d" % (path, answer.status))
        body = answer.json()
        return body if isinstance(body, list) else [body]

    def lines(self, query):
        """The requests of a query, whatever becomes of it."""
        self.recorder.forget()
        database.run(query)
        return self.recorder.lines()


def discovery(mock):
    made = database.must(
        "CREATE SERVER chain FOREIGN DATA WRAPPER autoconn OPTIONS"
        " (url '%s', spec_url '%s/blockfrost.json')"
        % (mock.recorder.url, mock.static.url))
    tap.matches(made.messages, re.compile(
        r"CREATE USER MAPPING.*chain.*api_key", re.S),
        "CREATE SERVER says which user mapping to create")
    tap.matches(made.messages, re.compile(
        r"https://cardano-mainnet\.blockfrost\.io/api/v0"),
        "and that the description names another server")
    found = database.rows("SELECT * FROM autoconn.servers"
                          " WHERE server = 'chain'")[0]
    info = mock.description["info"]
    tap.equal([found[name] for name in ("status", "kind", "title", "version")],
              ["discovered", "openapi", info["title"], info["version"]],
              "the description is found at spec_url")
    tap.equal(found["base_url"].rstrip("/"), mock.recorder.url,
              "the other server is not adopted")
    reads = sorted(path for path, item in mock.description["paths"].items()
                   if "get" in item)
    known = database.rows(
        "SELECT path, importable, skip_reason FROM autoconn.endpoints"
        " WHERE server = 'chain' AND method = 'GET'")
    tap.ok(set(reads) == {row["path"] for row in known} | {
        row["item_path"] for row in database.rows(
            "SELECT item_path FROM autoconn.endpoints"
            " WHERE server = 'chain' AND item_path IS NOT NULL")},
           "every operation that reads is listed", len(known))
    tap.ok(all(row["importable"] or row["skip_reason"] for row in known),
           "what is left out says why")
    tap.equal([row["path"] for row in known
               if row["path"] == "/ipfs/gateway/{IPFS_path}"
               and row["importable"]], [], "a file's bytes are no table")
    tap.ok(all(row["importable"] for row in known
               if row["path"] == "/epochs/{number}/stakes/{pool_id}"),
           "what comes in pages below a list is no item of it", known)


def importing(mock):
    mock.recorder.forget()
    database.must(
        "CREATE USER MAPPING FOR CURRENT_USER SERVER chain OPTIONS"
        " (api_key '%s'); CREATE SCHEMA chain;"
        "IMPORT FOREIGN SCHEMA api FROM SERVER chain INTO chain;" % KEY)
    sampled = mock.recorder.seen()
    tap.ok(0 < len(sampled) <= 100, "sampling stays in its budget",
           len(sampled))
    tap.equal({x.headers.get("project_id") for x in sampled}, {KEY},
              "requests to the API carry the key as the description says")
    tap.ok(KEY not in repr(mock.static.requests),
           "the origin of the description does not see it")
    made = int(database.value(
        "SELECT count(*) FROM pg_foreign_table t"
        " JOIN pg_foreign_server s ON s.oid = t.ftserver"
        " WHERE s.srvname = 'chain'"))
    listed = int(database.value(
        "SELECT importable FROM autoconn.servers WHERE server = 'chain'"))
    tap.ok(made == listed and made > 60,
           "as many tables as announced", (made, listed))


TABLES = {
    "/network/eras": [("start", "jsonb"), ("end", "jsonb"),
                      ("parameters", "jsonb")],
    "/epochs/latest": [
        ("epoch", "bigint"), ("start_time", "bigint"), ("end_time", "bigint"),
        ("first_block_time", "bigint"), ("last_block_time", "bigint"),
        ("block_count", "bigint"), ("tx_count", "bigint"), ("output", "text"),
        ("fees", "text"), ("active_stake", "text")],
    "/genesis": None,
    "/network": None,
    "/metrics": None,
    "/metrics/endpoints": None,
    "/health": None,
}


def table_of(path):
    return database.value(
        "SELECT name FROM autoconn.endpoints WHERE server = 'chain'"
        " AND path = %s" % database.literal(path))


def scans(mock):
    for path, wanted in TABLES.items():
        table = table_of(path)
        columns = database.columns("chain", table)
        if wanted is not None:
            tap.equal(columns, wanted, "columns and types of " + path)
        same_rows('SELECT * FROM chain."%s"' % table, mock.truth(path),
                  columns, "rows of " + path)
        tap.equal(mock.lines('SELECT * FROM chain."%s"' % table),
                  ["GET " + path], "one request for " + path)


def look_up(mock):
    path = "/txs/{hash}/withdrawals"
    table = table_of(path)
    columns = [column for column in database.columns("chain", table)
               if column[0] != "hash"]
    query = 'SELECT %s FROM chain."%s" WHERE hash = \'a b/c\'' % (
        ", ".join('"%s"' % name for name, _ in columns), table)
    same_rows(query, mock.truth("/txs/a%20b%2Fc/withdrawals"), columns,
              "rows below a path variable")
    tap.equal(mock.lines(query), ["GET /txs/a%20b%2Fc/withdrawals"],
              "is one request, its value percent-encoded")
    path = "/governance/dreps/{drep_id}/metadata"
    columns = [column for column in
               database.columns("chain", table_of(path))]
    drep = mock.truth("/governance/dreps/x/metadata")[0]["drep_id"]
    query = 'SELECT * FROM chain."%s" WHERE drep_id = \'%s\'' % (
        table_of(path), drep)
    same_rows(query, mock.truth("/governance/dreps/%s/metadata" % drep),
              columns, "an object by its key")
    tap.equal(mock.lines(query), ["GET /governance/dreps/%s/metadata" % drep],
              "is one request, too")
    other = query.replace(drep, "drep-of-somebody-else")
    same_rows(other, [], columns, "an answer with another key is no row")


def option(table, name, value):
    database.must('ALTER FOREIGN TABLE chain."%s" OPTIONS (SET %s %s)'
                  % (table, name, database.literal(str(value))))


def pages(mock):
    """Page two of Prism is page one again."""
    table = table_of("/metadata/txs/labels")
    columns = database.columns("chain", table)
    whole = mock.truth("/metadata/txs/labels")
    query = 'SELECT * FROM chain."%s"' % table
    same_rows(query, whole, columns,
              "a short page that comes again had been the last one")
    tap.equal(mock.lines(query),
              ["GET /metadata/txs/labels?page=1&count=100",
               "GET /metadata/txs/labels?page=2&count=100"],
              "which takes two requests")
    option(table, "page_size", len(whole))
    refused = database.run(query)
    tap.equal(refused.sqlstate, "HV000",
              "a full page that comes again is an error, not a result")
    tap.matches(refused.messages, re.compile(r"page 2 repeats page 1"),
                "that says what is wrong")
    option(table, "pagination", "none")
    same_rows(query, whole, columns,
              "where the user says that there are no pages, one is all")
    tap.equal(mock.lines(query), ["GET /metadata/txs/labels?count=3"],
              "and one request")


def item_that_differs(mock):
    """The item of /assets/{asset} is always the same example."""
    table = table_of("/assets")
    asset = mock.truth("/assets")[1]
    query = 'SELECT * FROM chain."%s" WHERE asset = \'%s\'' % (
        table, asset["asset"])
    same_rows(query, [asset], database.columns("chain", table),
              "the row is that of the list")
    tap.ok(not any("/assets/" in line for line in mock.lines(query)),
           "an item path that shows other rows is not used")


def lies(mock):
    """The example of /pools/extended has objects where its schema says
    numbers."""
    table = table_of("/pools/extended")
    whole = mock.truth("/pools/extended")
    columns = database.columns("chain", table)
    tap.equal(dict(columns)["live_saturation"], "jsonb",
              "a sample corrects the description")
    same_rows('SELECT * FROM chain."%s"' % table, whole, columns,
              "and the rows are what the server says")
    database.must("CREATE SCHEMA unsampled; IMPORT FOREIGN SCHEMA api"
                  " LIMIT TO (\"%s\") FROM SERVER chain INTO unsampled"
                  " OPTIONS (sample 'off')" % table)
    tap.equal(dict(database.columns("unsampled", table))["live_saturation"],
              "numeric", "without a sample the description is believed")
    refused = database.run('SELECT live_saturation FROM unsampled."%s"'
                           % table)
    tap.ok(refused.sqlstate not in (None, "XX000"),
           "a value that is not what it says is an error",
           refused.text + refused.messages)
    tap.matches(refused.messages, re.compile(r"live_saturation"),
                "that names the column")
    same_rows('SELECT pool_id FROM unsampled."%s"' % table, whole,
              [("pool_id", "text")], "which does not concern other columns")


def unauthorized(mock):
    database.must("ALTER USER MAPPING FOR CURRENT_USER SERVER chain"
                  " OPTIONS (DROP api_key)")
    refused = database.run('SELECT * FROM chain."%s"' % table_of("/genesis"))
    tap.equal(refused.sqlstate, "28000", "without a key it is 28000")
    tap.ok(KEY not in refused.messages, "and no message has the key")


def run(world):
    mock = Mock(world)
    for part in (discovery, importing, scans, look_up, pages,
                 item_that_differs, lies, unauthorized):
        tap.part(part, mock)
