"""Which keys have the tables of an API, and how do they belong together?

A world is a small API with the truth about its primary keys and relations,
and with coincidences that suggest others: dense numbers everywhere, equal
value ranges, names that look like references.  Written from what such APIs
are like; wrong ones stay.
"""

import random

WORLDS = []


class Resource:
    """path: of the collection; rows: all of them; key: names of the fields
    that identify a row, () for none; item: whether path/{key} serves one;
    below: (variable's field) for a path behind another collection's item, as
    "/customers/{customer_id}/orders", filtered by that field."""

    def __init__(self, path, rows, key, item=True, below=None, hide=()):
        self.path, self.rows, self.item, self.below = path, rows, item, below
        self.key = (key,) if isinstance(key, str) else tuple(key)
        self.hide = hide  # fields that the answer does not show

    def shown(self, row):
        return {k: v for k, v in row.items() if k not in self.hide}


def world(name, resources, edges, described=False, envelope="data"):
    """edges: (child path, child field, parent path, parent field)."""
    WORLDS.append({"name": name, "resources": resources, "edges": edges,
                   "described": described, "envelope": envelope})


def rows(n, make, seed=0):
    rng = random.Random(seed)
    return [make(i, rng) for i in range(1, n + 1)]


WORDS = "ash birch cedar doum elm fir gum hazel ivy jute kapok larch".split()

world("shop", [
    Resource("/customers", rows(40, lambda i, r: {"id": i, "name": r.choice(WORDS), "email": "c%d@x.y" % i}), "id"),
    Resource("/orders", rows(90, lambda i, r: {"id": i, "customer_id": r.randint(1, 40), "quantity": r.randint(1, 40),
                                               "priority": r.randint(1, 5), "total": r.randint(1, 900)}), "id"),
    Resource("/products", rows(40, lambda i, r: {"id": i, "name": r.choice(WORDS), "stock": r.randint(1, 40)}), "id"),
], [("/orders", "customer_id", "/customers", "id")])

world("blog", [
    Resource("/users", rows(12, lambda i, r: {"id": i, "username": "u%d" % i}), "id"),
    Resource("/posts", rows(60, lambda i, r: {"id": i, "userId": r.randint(1, 12), "title": "t%d" % i}), "id"),
    Resource("/comments", rows(120, lambda i, r: {"id": i, "postId": r.randint(1, 60), "email": "e%d" % i}), "id"),
    Resource("/albums", rows(60, lambda i, r: {"id": i, "userId": r.randint(1, 12)}), "id"),
], [("/posts", "userId", "/users", "id"), ("/comments", "postId", "/posts", "id"), ("/albums", "userId", "/users", "id")], envelope=None)

world("telephony with sids", [
    Resource("/accounts", rows(15, lambda i, r: {"sid": "AC%032x" % i, "friendly_name": "a%d" % i}), "sid"),
    Resource("/messages", rows(80, lambda i, r: {"sid": "SM%032x" % i, "account_sid": "AC%032x" % r.randint(1, 15),
                                                 "body": "b", "num_segments": r.randint(1, 3)}), "sid"),
    Resource("/calls", rows(50, lambda i, r: {"sid": "CA%032x" % i, "account_sid": "AC%032x" % r.randint(1, 15),
                                              "duration": r.randint(1, 90)}), "sid"),
], [("/messages", "account_sid", "/accounts", "sid"), ("/calls", "account_sid", "/accounts", "sid")], envelope="resource_name")

world("repositories by name", [
    Resource("/repos", rows(30, lambda i, r: {"id": 5000 + i, "name": "repo-%d" % i, "stars": r.randint(1, 30)}), "name"),
    Resource("/issues", rows(70, lambda i, r: {"id": 9000 + i, "number": i, "repo": "repo-%d" % r.randint(1, 30), "title": "t%d" % i}), "number"),
], [("/issues", "repo", "/repos", "name")])

world("a tree of people", [
    Resource("/employees", rows(50, lambda i, r: {"id": i, "manager_id": None if i == 1 else r.randint(1, min(i - 1, 9)),
                                                  "department_id": r.randint(1, 6), "level": r.randint(1, 6)}), "id"),
    Resource("/departments", rows(6, lambda i, r: {"id": i, "name": "d%d" % i, "floor": i}), "id"),
], [("/employees", "manager_id", "/employees", "id"), ("/employees", "department_id", "/departments", "id")])

world("children behind their parent", [
    Resource("/projects", rows(8, lambda i, r: {"id": "p%02d" % i, "name": "n%d" % i}), "id"),
    Resource("/projects/{project_id}/tasks", rows(64, lambda i, r: {"project_id": "p%02d" % (i % 8 + 1), "id": i, "title": "t%d" % i}),
             "id", below="project_id", item=False),
], [("/projects/{project_id}/tasks", "project_id", "/projects", "id")])

world("uuids", [
    Resource("/devices", rows(25, lambda i, r: {"uuid": "0000%04d-1111-4222-8333-444444444444" % i, "model": r.choice(WORDS)}), "uuid"),
    Resource("/readings", rows(150, lambda i, r: {"uuid": "9999%04d-1111-4222-8333-444444444444" % i,
                                                  "device_uuid": "0000%04d-1111-4222-8333-444444444444" % r.randint(1, 25),
                                                  "value": r.randint(1, 25)}), "uuid"),
    Resource("/firmwares", rows(5, lambda i, r: {"version": "1.%d" % i, "model": WORDS[i], "size": 100 + i}), "version"),
], [("/readings", "device_uuid", "/devices", "uuid")])

world("nested objects", [
    Resource("/authors", rows(20, lambda i, r: {"id": 100 + i, "name": "a%d" % i}), "id"),
    Resource("/books", rows(60, lambda i, r: {"id": 700 + i, "isbn": "978%010d" % i, "author": {"id": 100 + r.randint(1, 20), "name": "x"},
                                              "pages": r.randint(101, 120)}), "id"),
], [("/books", "author", "/authors", "id")])

world("hyperlinks", [
    Resource("/people", rows(20, lambda i, r: {"id": i, "name": "n%d" % i, "url": "{base}/people/%d" % i}), "id"),
    Resource("/films", rows(30, lambda i, r: {"id": i, "title": "f%d" % i, "director": "{base}/people/%d" % r.randint(1, 20),
                                              "url": "{base}/films/%d" % i}), "id"),
], [("/films", "director", "/people", "id")])

world("coincidences", [
    Resource("/rooms", rows(30, lambda i, r: {"id": i, "seats": r.randint(1, 30), "floor": r.randint(1, 9)}), "id"),
    Resource("/chairs", rows(30, lambda i, r: {"id": i, "age": r.randint(1, 30), "height": r.randint(1, 30)}), "id"),
    Resource("/lamps", rows(30, lambda i, r: {"id": i, "watt": r.randint(1, 30), "position": i}), "id"),
], [])

world("no keys at all", [
    Resource("/events", rows(80, lambda i, r: {"kind": r.choice(WORDS), "at": "2024-01-01T00:%02d:00Z" % (i % 60), "value": r.randint(1, 5)}),
             (), item=False),
    Resource("/metrics", rows(40, lambda i, r: {"name": r.choice(WORDS), "value": i * 1.5, "unit": "s"}), (), item=False),
], [])

world("codes", [
    Resource("/countries", rows(26, lambda i, r: {"code": "%cX" % (64 + i), "name": "Land %d" % i, "population": i * 1000}), "code"),
    Resource("/cities", rows(70, lambda i, r: {"id": 2000 + i, "name": "City %d" % i, "country_code": "%cX" % (64 + r.randint(1, 26))}), "id"),
    Resource("/airports", rows(40, lambda i, r: {"iata": "A%02d" % i, "city_id": 2000 + r.randint(1, 70), "runways": r.randint(1, 4)}), "iata"),
], [("/cities", "country_code", "/countries", "code"), ("/airports", "city_id", "/cities", "id")])

world("many to many", [
    Resource("/students", rows(30, lambda i, r: {"id": 1000 + i, "name": "s%d" % i}), "id"),
    Resource("/courses", rows(12, lambda i, r: {"id": 50 + i, "title": "c%d" % i}), "id"),
    Resource("/enrollments", [{"student_id": 1000 + s, "course_id": 50 + c, "grade": (s * c) % 6 + 1}
                              for s in range(1, 31) for c in range(1, 13) if (s * 7 + c) % 4 == 0],
             ("student_id", "course_id"), item=False),
], [("/enrollments", "student_id", "/students", "id"), ("/enrollments", "course_id", "/courses", "id")])

world("two references to one table", [
    Resource("/teams", rows(18, lambda i, r: {"id": 300 + i, "name": "team %d" % i}), "id"),
    Resource("/matches", rows(60, lambda i, r: {"id": 8000 + i, "home_team_id": 300 + r.randint(1, 18), "away_team_id": 300 + r.randint(1, 18),
                                                "goals": r.randint(0, 9)}), "id"),
], [("/matches", "home_team_id", "/teams", "id"), ("/matches", "away_team_id", "/teams", "id")])

world("a name that misleads", [
    Resource("/batches", rows(20, lambda i, r: {"id": i, "state": r.choice(WORDS)}), "id"),
    Resource("/jobs", rows(60, lambda i, r: {"id": 100 + i, "batch_id": 70000 + r.randint(1, 999), "state": r.choice(WORDS)}), "id"),
], [])

world("invoices with numbers", [
    Resource("/clients", rows(22, lambda i, r: {"clientNumber": 40000 + i, "name": "c%d" % i}), "clientNumber"),
    Resource("/invoices", rows(66, lambda i, r: {"invoiceNumber": 10000 + i, "clientNumber": 40000 + r.randint(1, 22),
                                                 "amount": r.randint(1, 9999), "year": 2020 + i % 4}), "invoiceNumber"),
], [("/invoices", "clientNumber", "/clients", "clientNumber")])

world("described by itself", [
    Resource("/warehouses", rows(9, lambda i, r: {"id": i, "city": r.choice(WORDS)}), "id"),
    Resource("/bins", rows(80, lambda i, r: {"id": 400 + i, "warehouse_id": r.randint(1, 9), "row": r.randint(1, 9)}), "id"),
    Resource("/pallets", rows(80, lambda i, r: {"id": 900 + i, "bin_id": 400 + r.randint(1, 80), "weight": r.randint(1, 999)}), "id"),
], [("/bins", "warehouse_id", "/warehouses", "id"), ("/pallets", "bin_id", "/bins", "id")], described=True)


if __name__ == "__main__":
    print(len(WORLDS), sum(len(w["resources"]) for w in WORLDS), sum(len(w["edges"]) for w in WORLDS))
