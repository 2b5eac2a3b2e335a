"""Datasette over an SQLite file with the shop: rows as arrays under names that
stand beside them, Link headers with tokens, parameters that nothing declares."""

import sqlite3
import sys

import database
import differential
import servers
import shop
import tap

from recorder import Recorder
from shopsite import Site, run_parts

QUERIES = 40

CUSTOMERS = {"id": "bigint", "name": "text", "email": "text", "tier": "text",
             "active": "bigint", "balance": "numeric", "rating": "numeric",
             "born_on": "date", "joined_at": "timestamptz",
             "invited_by": "bigint"}
ORDERS = {"id": "bigint", "customer": "bigint", "status": "text",
          "amount": "numeric", "priority": "bigint", "note": "text",
          "placed_at": "timestamptz"}
EVENTS = {"uid": "uuid", "kind": "text", "of_order": "bigint",
          "at": "timestamptz", "score": "bigint"}
LABELS = {"slug": "text", "weight": "bigint"}

SQLITE = {"bigint": "INTEGER", "numeric": "REAL"}

# What somebody who has read Datasette's manual says of its parameters.
PARAMETERS = """
ALTER FOREIGN TABLE datasette.orders OPTIONS (ADD page_size_param '_size',
  ADD page_size '500');
ALTER FOREIGN TABLE datasette.orders
  ALTER COLUMN id OPTIONS (ADD param 'id', ADD param_from 'id__gte',
    ADD param_to 'id__lte', ADD sort_asc '_sort=id',
    ADD sort_desc '_sort_desc=id', ADD sort_nulls 'none'),
  ALTER COLUMN customer OPTIONS (ADD param 'customer__in', ADD param_list 'comma'),
  ALTER COLUMN status OPTIONS (ADD param 'status__in', ADD param_list 'comma'),
  ALTER COLUMN note OPTIONS (ADD param 'note__exact'),
  ALTER COLUMN priority OPTIONS (ADD param 'priority__exact',
    ADD param_from 'priority__gte', ADD param_to 'priority__lte'),
  ALTER COLUMN placed_at OPTIONS (ADD param_from 'placed_at__gte',
    ADD param_to 'placed_at__lte');
ALTER FOREIGN TABLE datasette.customers
  ALTER COLUMN name OPTIONS (ADD param 'name__exact'),
  ALTER COLUMN rating OPTIONS (ADD param_from 'rating__gte',
    ADD param_to 'rating__lte');
"""


class Shop(Site):
    def __init__(self, world, environment):
        data = shop.make()
        for row in data["customers"]:
            row["active"] = int(row["active"])
        self.tables = [
            differential.Table("customers", CUSTOMERS, ["id"],
                               data["customers"]),
            differential.Table("orders", ORDERS, ["id"], data["orders"]),
            differential.Table("events", EVENTS, ["uid"], data["events"]),
            differential.Table("labels", LABELS, ["slug"], data["labels"])]
        self.fill(world.path("shop.db"))
        port = servers.free_port()
        servers.start([sys.executable, "-m", "datasette", "serve", "--host",
                       "127.0.0.1", "--port", str(port),
                       world.path("shop.db")],
                      port, world.path("datasette.log"), environment)
        self.recorder = Recorder(port)

    def fill(self, path):
        file = sqlite3.connect(path)
        for table in self.tables:
            names = list(table.columns)
            file.execute("CREATE TABLE %s (%s)" % (table.name, ", ".join(
                "%s %s%s" % (name, SQLITE.get(kind, "TEXT"),
                             " PRIMARY KEY" if name in table.key else "")
                for name, kind in table.columns.items())))
            file.executemany("INSERT INTO %s VALUES (%s)" % (
                table.name, ", ".join("?" * len(names))),
                [[row[name] for name in names] for row in table.rows])
        file.commit()
        file.close()


def importing(site):
    database.run("CREATE SERVER datasette FOREIGN DATA WRAPPER autoconn"
                 " OPTIONS (url '%s/shop')" % site.recorder.url)
    database.must(
        "CREATE SCHEMA datasette; CREATE SCHEMA datasette_copy;"
        "IMPORT FOREIGN SCHEMA api FROM SERVER datasette INTO datasette"
        " OPTIONS (paths '/customers.json,/orders.json,/events.json,/labels.json')")
    for table in site.tables:
        table.copy_into("datasette_copy")
        tap.equal(database.columns("datasette", table.name),
                  database.columns("datasette_copy", table.name),
                  "columns and types of " + table.name)
    tap.equal(sorted(row["pagination"] for row in database.rows(
        "SELECT pagination FROM autoconn.endpoints"
        " WHERE server = 'datasette'")), ["auto", "link", "link", "link"],
        "its Link headers are recognised")


def scans(site):
    shown, lines = site.asked("SELECT count(id) FROM datasette.orders")
    tap.equal((shown.text.strip(), len(lines)), (str(shop.ORDERS), 14),
              "all pages are read")
    database.must(PARAMETERS)
    shown, lines = site.asked("SELECT count(id) FROM datasette.orders")
    tap.equal((shown.text.strip(), len(lines)), (str(shop.ORDERS), 3),
              "of the size that the user says")


def filters(site):
    _, lines = site.asked("SELECT id FROM datasette.orders WHERE customer"
                          " IN (3, 4) AND status = 'paid' AND priority < 2")
    tap.equal(lines, ["orders.json?customer__in=3,4&priority__lte=3"
                      "&status__in=paid&_size=500"],
              "filters that the user names are sent")
    shown, lines = site.asked("SELECT id FROM datasette.orders"
                              " ORDER BY id DESC LIMIT 2")
    tap.equal((shown.text.split(), lines),
              (["1310", "1309"], ["orders.json?_sort_desc=id&_size=20"]),
              "so is the order")


def queries(site):
    customers, orders, events, _ = site.tables
    joins = [(orders, "customer", customers, "id"),
             (events, "of_order", orders, "id")]
    differential.run("the shop", "datasette", "datasette_copy",
                     differential.Queries(site.tables, joins,
                                          65).make(QUERIES))


def run(world):
    run_parts(world, "datasette", Shop, (importing, scans, filters, queries))
