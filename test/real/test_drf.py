"""A shop in Django REST framework (drf.py): four ways of paging, filters of
django-filter, and the description that drf-spectacular makes of all this."""

import json
import os
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
             "active": "boolean", "balance": "numeric",
             "rating": "double precision", "born_on": "date",
             "joined_at": "timestamptz", "invited_by": "bigint"}
ORDERS = {"id": "bigint", "status": "text", "amount": "numeric",
          "priority": "bigint", "note": "text", "placed_at": "timestamptz",
          "customer": "bigint"}
EVENTS = {"uid": "uuid", "kind": "text", "at": "timestamptz",
          "score": "bigint", "of_order": "bigint"}
LABELS = {"slug": "text", "weight": "bigint"}


class Shop(Site):
    def __init__(self, world, environment):
        data = shop.make()
        port = servers.free_port()
        with open(world.path("shop.json"), "w") as file:
            json.dump(data, file)
        servers.start(
            [sys.executable, os.path.join(os.path.dirname(__file__), "drf.py"),
             str(port), world.path("drf.sqlite"), world.path("shop.json")],
            port, world.path("drf.log"), environment)
        self.recorder = Recorder(port)
        self.tables = [
            differential.Table("customers", CUSTOMERS, ["id"],
                               data["customers"]),
            differential.Table("orders", ORDERS, ["id"], data["orders"]),
            differential.Table("events", EVENTS, ["uid"], data["events"]),
            differential.Table("labels", LABELS, ["slug"], data["labels"])]

    @staticmethod
    def shown(line):
        return line.split(" ", 1)[1]


def importing(site):
    database.must(
        "CREATE SERVER drf FOREIGN DATA WRAPPER autoconn OPTIONS (url '%s');"
        "CREATE SCHEMA drf; IMPORT FOREIGN SCHEMA api FROM SERVER drf INTO drf;"
        "CREATE SCHEMA drf_copy" % site.recorder.url)
    for table in site.tables:
        table.copy_into("drf_copy")
        tap.equal(sorted(database.columns("drf", table.name)),
                  sorted(database.columns("drf_copy", table.name)),
                  "columns and types of " + table.name)
    found = {row["name"]: row for row in database.rows(
        "SELECT name, item_path, pagination, page_size, key_columns,"
        " evidence ->> 'item' AS item FROM autoconn.endpoints"
        " WHERE server = 'drf' AND importable")}
    tap.equal({name: (row["pagination"], row["page_size"])
               for name, row in found.items() if name in
               ("customers", "orders", "events", "labels")},
              {"customers": ("next_url", 100), "orders": ("next_url", 200),
               "events": ("next_url", None), "labels": ("auto", None)},
              "how they are paged, and how large a page may be")
    tap.ok(all(found[table.name]["item"] ==
               "proved: a sampled row equals its item"
               and found[table.name]["key_columns"] == table.key
               for table in site.tables), "keys and items", found)


def scans(site):
    _, lines = site.asked("SELECT note FROM drf.orders")
    tap.equal((len(lines), lines[0]), (7, "/api/orders/?limit=200"),
              "1310 rows are seven requests")
    _, lines = site.asked("SELECT score FROM drf.events")
    tap.equal(len(lines), 22, "640 rows behind cursors are 22")
    shown, lines = site.asked(
        "SELECT count(*), count(DISTINCT id), bool_and(customer = customer_id)"
        " FROM drf.customers_orders WHERE customer_id IN (3, 7, 100000)")
    wanted = sum(row["customer"] in (3, 7) for row in site.tables[1].rows)
    tap.equal(shown.text.strip(), "%d|%d|t" % (wanted, wanted),
              "lists that are described as one row are lists")
    tap.ok(any("limit=3" in line and "offset=3" in line for line in lines),
           "and paged", lines)


def filters(site):
    shown, lines = site.asked("SELECT count(*) FROM drf.customers"
                              " WHERE tier IN ('pro', 'free') AND active")
    tap.equal(lines[0],
              "/api/customers/?active=true&tier__in=pro,free&page_size=100",
              "what is declared is sent, a list as one value")
    shown, lines = site.asked("SELECT id FROM drf.customers"
                              " WHERE name = ' lead'")
    tap.equal(sorted(shown.text.split()), sorted(
        str(row["id"]) for row in site.tables[0].rows
        if row["name"] == " lead"),
        "a value that django-filter would strip finds its rows")
    shown, lines = site.asked("SELECT count(*) FROM drf.orders"
                              " WHERE customer = 100000")
    tap.equal((shown.good, shown.text.strip(), lines[0].split("&")[0]),
              (True, "0", "/api/orders/?customer=100000"),
              "a choice that django-filter refuses is no error")
    shown, lines = site.asked("SELECT id FROM drf.orders"
                              " ORDER BY id DESC LIMIT 3")
    tap.equal((shown.text.split(), lines),
              (["1310", "1309", "1308"],
               ["/api/orders/?ordering=-id&limit=20"]),
              "the API sorts")


def queries(site):
    named = {table.name: table for table in site.tables}
    joins = [(named["orders"], "customer", named["customers"], "id"),
             (named["events"], "of_order", named["orders"], "id")]
    differential.run("the shop", "drf", "drf_copy", differential.Queries(
        site.tables, joins, 52).make(QUERIES))


def run(world):
    run_parts(world, "drf", Shop, (importing, scans, filters, queries))
