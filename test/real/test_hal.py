"""Halacious, a HAL server for hapi (hal.js): an index of links with CURIEs,
embedded resources, links to the next page."""

import json
import os

import database
import servers
import tap
import truth

PEOPLE, FILMS = 60, 130


class Shop:
    def __init__(self, world):
        port = servers.free_port()
        self.url = "http://127.0.0.1:%d" % port
        with open(world.path("hal.json"), "w") as file:
            json.dump({
                "people": [{"id": i, "name": "Person %d" % i,
                            "born": "19%02d-03-0%d" % (i, i % 9 + 1)}
                           for i in range(1, PEOPLE + 1)],
                "films": [{"id": i, "title": "Film %d" % i, "rating": i / 8,
                           "person_id": i % PEOPLE + 1}
                          for i in range(1, FILMS + 1)]}, file)
        # Modules are looked for beside the script.
        script = world.path("servers", "hal.js")
        with open(os.path.join(os.path.dirname(__file__), "hal.js")) as file, \
                open(script, "w") as copy:
            copy.write(file.read())
        servers.start(["node", script, str(port), world.path("hal.json")],
                      port, world.path("hal.log"))

    def whole(self, name):
        """What the server itself says, without HAL's own members."""
        rows, path = [], "/" + name
        while path:
            page = truth.get(self.url + path).json()
            for row in page["_embedded"]["shop:" + name]:
                rows.append({k: v for k, v in row.items() if k[0] != "_"})
            path = page["_links"].get("next", {}).get("href")
        return rows


def importing(shop):
    database.must(
        "CREATE SERVER hal FOREIGN DATA WRAPPER autoconn"
        " OPTIONS (url '%s/api/'); CREATE SCHEMA hal;"
        "IMPORT FOREIGN SCHEMA api FROM SERVER hal INTO hal"
        " OPTIONS (sample 'on')" % shop.url)
    tap.equal(database.value(
        "SELECT kind FROM autoconn.servers WHERE server = 'hal'"), "index",
        "the index of links is found")
    tap.equal([row["name"] for row in database.rows(
        "SELECT name FROM autoconn.endpoints WHERE server = 'hal'"
        " AND importable ORDER BY name COLLATE \"C\"")], ["films", "people"],
        "its links are tables, its documentation is not")
    tap.equal(dict(database.columns("hal", "people"))["born"], "date",
              "types come from what was sampled")
    tap.equal(dict(database.columns("hal", "films"))["rating"], "numeric",
              "numbers keep their digits")
    tap.ok(database.rows(
        "SELECT 1 FROM autoconn.relationships WHERE server = 'hal'"
        " AND child = 'films' AND child_columns = '{person_id}'"
        " AND parent = 'people' AND parent_columns = '{id}'"),
        "films refer to people")


def scanning(shop):
    for table, names, n in (("people", ("id", "name", "born"), PEOPLE),
                            ("films", ("id", "title", "rating", "person_id"),
                             FILMS)):
        own = shop.whole(table)
        tap.equal(len(own), n, "the server has its %s" % table)
        tap.equal(database.rows("SELECT %s FROM hal.%s ORDER BY id"
                                % (", ".join(names), table)),
                  [{name: row[name] for name in names} for row in own],
                  "all %s, page by page" % table)


def run(world):
    shop = Shop(world)
    for part in (importing, scanning):
        tap.part(part, shop)
