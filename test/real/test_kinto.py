"""Kinto holding the shop: nothing that describes its records, and a next page
that only a header of its own names."""

import base64
import json
import sys
import urllib.request

import database
import differential
import servers
import shop
import tap

from recorder import Recorder
from shopsite import Site, run_parts

QUERIES = 40

# Records of one request of filling it.
BATCH = 100

SETTINGS = """
[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = %d
[app:main]
use = egg:kinto
kinto.includes =
kinto.paginate_by = 100
kinto.batch_max_requests = %d
multiauth.policies = basicauth
kinto.bucket_create_principals = system.Authenticated
kinto.userid_hmac_secret = of no use here
kinto.storage_backend = kinto.core.storage.memory
kinto.cache_backend = kinto.core.cache.memory
kinto.permission_backend = kinto.core.permission.memory
"""

CUSTOMERS = {"id": "text", "name": "text", "email": "text", "tier": "text",
             "active": "boolean", "balance": "numeric", "rating": "numeric",
             "born_on": "date", "joined_at": "timestamptz",
             "invited_by": "bigint"}
ORDERS = {"id": "text", "customer": "bigint", "status": "text",
          "amount": "numeric", "priority": "bigint", "note": "text",
          "placed_at": "timestamptz"}

# What somebody who has read Kinto's manual says of its parameters.  Values of
# texts are left out: it takes those that look like numbers for numbers.
PARAMETERS = """
ALTER FOREIGN TABLE kinto.orders_records OPTIONS (
  ADD page_size_param '_limit', ADD page_size '50');
ALTER FOREIGN TABLE kinto.orders_records
  ALTER COLUMN customer OPTIONS (ADD param 'in_customer', ADD param_list 'comma'),
  ALTER COLUMN status OPTIONS (ADD param 'status'),
  ALTER COLUMN priority OPTIONS (ADD param 'priority',
    ADD param_from 'min_priority', ADD param_to 'max_priority');
"""


class Shop(Site):
    def __init__(self, world, environment):
        port = servers.free_port()
        with open(world.path("kinto.ini"), "w") as file:
            file.write(SETTINGS % (port, BATCH))
        servers.start([sys.executable, "-c",
                       "from kinto.__main__ import main; main()",
                       "start", "--ini", world.path("kinto.ini")],
                      port, world.path("kinto.log"), environment)
        self.url = "http://127.0.0.1:%d/v1" % port
        self.recorder = Recorder(port)
        data = shop.make()
        self.ask("PUT", "/buckets/shop",
                 {"permissions": {"read": ["system.Everyone"]}})
        self.tables = []
        for name, columns in (("customers", CUSTOMERS), ("orders", ORDERS)):
            rows = [dict(row, id="%s-%d" % (name, row["id"]))
                    for row in data[name]]
            self.fill(name, rows)
            self.tables.append(differential.Table(
                name + "_records", columns, ["id"], rows))

    def ask(self, method, path, document):
        request = urllib.request.Request(
            self.url + path, method=method,
            data=json.dumps(document).encode(), headers={
                "Content-Type": "application/json", "Authorization": "Basic "
                + base64.b64encode(b"shop:secret").decode()})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def fill(self, name, rows):
        place = "/buckets/shop/collections/" + name
        self.ask("PUT", place, {})
        for first in range(0, len(rows), BATCH):
            done = self.ask("POST", "/batch", {
                "defaults": {"method": "PUT"}, "requests": [
                    {"path": "/v1%s/records/%s" % (place, row["id"]),
                     "body": {"data": row}}
                    for row in rows[first:first + BATCH]]})
            if any(one["status"] != 201 for one in done["responses"]):
                raise RuntimeError(done)


def importing(site):
    paths = ",".join("/v1/buckets/shop/collections/%s/records" % name
                     for name in ("customers", "orders"))
    database.run("CREATE SERVER kinto FOREIGN DATA WRAPPER autoconn"
                 " OPTIONS (url '%s')" % site.recorder.url)
    database.must("CREATE SCHEMA kinto; CREATE SCHEMA kinto_copy;"
                  "IMPORT FOREIGN SCHEMA api FROM SERVER kinto INTO kinto"
                  " OPTIONS (paths '%s')" % paths)
    for table in site.tables:
        table.copy_into("kinto_copy")
        tap.equal([column for column in database.columns("kinto", table.name)
                   if column[0] != "last_modified"],
                  database.columns("kinto_copy", table.name),
                  "columns and types of " + table.name)
    tap.equal(database.rows(
        "SELECT DISTINCT pagination, evidence ->> 'pages' AS pages"
        " FROM autoconn.endpoints WHERE server = 'kinto'"
        " AND path LIKE '%/records'"),
        [{"pagination": "next_url", "pages":
          "proved: the second page has other rows than the first"}],
        "the header Next-Page is known for what it is, and proved")


def scans(site):
    shown, lines = site.asked("SELECT count(DISTINCT id)"
                              " FROM kinto.orders_records")
    tap.equal((shown.text.strip(), len(lines)), (str(shop.ORDERS), 14),
              "all pages are read")
    shown, lines = site.asked(
        "ALTER FOREIGN TABLE kinto.customers_records"
        " OPTIONS (SET pagination 'auto', DROP cursor_path);"
        "SELECT count(DISTINCT id) FROM kinto.customers_records")
    tap.equal((shown.text.strip(), len(lines)), (str(shop.CUSTOMERS), 3),
              "also where nobody has looked before")


def filters(site):
    database.must(PARAMETERS)
    _, lines = site.asked("SELECT id FROM kinto.orders_records WHERE customer"
                          " IN (3, 4) AND priority >= 2")
    tap.equal(lines, ["records?in_customer=3,4&min_priority=1&_limit=50"],
              "filters that the user names are sent")


def queries(site):
    customers, orders = site.tables
    differential.run("the shop", "kinto", "kinto_copy", differential.Queries(
        site.tables, [(customers, "invited_by", orders, "customer")],
        26).make(QUERIES))


def run(world):
    run_parts(world, "kinto", Shop, (importing, scans, filters, queries))
