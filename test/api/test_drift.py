"""Does the API under /d/<id> offer, describe and serve what its switches
say?"""

import os
from decimal import Decimal
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import drift_switches  # noqa: F401 (registers its switches)
import drift_wire  # noqa: F401
from drift_state import SWITCHES
from harness import HERE, NEXT_LINK, ApiTest


class DriftTest(ApiTest):
    """A test with an API of its own that changes."""

    def control(self, query="", method="PUT"):
        return self.get("/_drift/%s%s" % (self.id, query and "?" + query),
                        method=method)

    def change(self, *switches):
        """Set switches; no plus or colon is encoded, as in shell scripts."""
        answer = self.control("&".join(switches))
        self.assertEqual(answer.status, 204, answer.body)

    def reset(self):
        self.assertEqual(self.control(method="DELETE").status, 204)

    def ask(self, path, **more):
        return self.get("/d/%s%s" % (self.id, path), **more)

    def rows(self, table="orders", query="per_page=50"):
        """The first rows."""
        body = self.ask("/v1/%s?%s" % (table, query)).json()
        if isinstance(body, list):
            return body
        return body["data"] if "data" in body else body[table]

    def document(self):
        return self.ask("/v1/openapi.json").json()

    def properties(self, schema="Order"):
        return self.document()["components"]["schemas"][schema]["properties"]

    def listing(self, path="/orders"):
        return self.document()["paths"][path]["get"]

    def parameter(self, name, path="/orders"):
        for parameter in self.listing(path)["parameters"]:
            if parameter["name"] == name:
                return parameter
        return None

    def follow(self, answer):
        parts = urlsplit(answer.headers["Location"])
        return self.get(parts.path + (parts.query and "?" + parts.query),
                        port=parts.port)


class Unchanged(DriftTest):
    """The shop before anything changes."""

    def test_tables(self):
        rows, body = [], None
        for page in (1, 2):
            body = self.ask("/v1/orders?per_page=50&page=%d" % page).json()
            rows += body["data"]
        self.assertEqual(body["meta"], {"page": 2, "per_page": 50,
                                        "total": 60, "total_pages": 2})
        self.assertEqual([row["id"] for row in rows], list(range(1, 61)))
        self.assertEqual(sum(row["total"] for row in rows), Decimal(18330))
        self.assertEqual(sum(row["note"] is None for row in rows), 20)
        for status in ("pending", "paid", "shipped", "delivered"):
            self.assertEqual(sum(row["status"] == status for row in rows), 15)

    def test_pages(self):
        answer = self.ask("/v1/customers?limit=50").json()
        token = answer["next_cursor"]
        rest = self.ask("/v1/customers?limit=50&cursor=" + token).json()
        self.assertEqual((len(answer["customers"]), len(rest["customers"]),
                          rest["next_cursor"]), (50, 10, None))
        answer = self.ask("/v1/products?per_page=50")
        following = self.get_url(NEXT_LINK.search(answer.headers["Link"])[1])
        self.assertEqual((len(answer.json()), len(following.json())),
                         (50, 10))

    def test_items_and_filters(self):
        self.assertEqual(self.ask("/v1/orders/7").json(),
                         {"id": 7, "customer_id": 8, "status": "delivered",
                          "total": Decimal("70.50"), "note": "note 7",
                          "created_at": "2025-01-01T07:00:00Z"})
        self.assertEqual(self.ask("/v1/orders/61").status, 404)
        self.assertEqual(self.ask("/v1/refunds").status, 404)
        self.assertEqual(len(self.rows(query="status=paid")), 15)
        self.assertEqual(self.ask("/v1/orders?status=odd").status, 400)
        self.assertEqual(len(self.rows("products", "in_stock=false")), 12)

    def test_description_is_what_is_served(self):
        for schema, table in (("Order", "orders"), ("Customer", "customers"),
                              ("Product", "products")):
            self.assertEqual(list(self.properties(schema)),
                             list(self.rows(table, "")[0]))
        self.assertEqual(self.document()["servers"],
                         [{"url": "/d/%s/v1" % self.id}])
        self.assertEqual(list(self.document()["paths"])[:2],
                         ["/orders", "/orders/{order_id}"])

    def test_requests_are_recorded(self):
        self.ask("/v1/orders?page=2")
        self.assertEqual(self.log("?format=brief"), "GET /v1/orders?page=2\n")
        self.assertEqual(self.get("/_wait/%s?n=1" % self.id).status, 200)


class Control(DriftTest):
    """Setting, showing and resetting."""

    def test_show_and_reset(self):
        self.change("add_column=orders.color", "where=spec")
        self.change("status=orders:500", "fail=2")
        self.assertEqual(self.control(method="GET").json(), {
            "id": self.id, "switches": [
                {"switch": "add_column", "value": "orders.color",
                 "where": "spec"},
                {"switch": "status", "value": "orders:500", "fail": 2,
                 "flap": "0.0", "seed": 1, "where": "both"}]})
        self.reset()
        self.assertEqual(self.control(method="GET").json()["switches"], [])
        self.assertNotIn("color", self.properties())

    def test_same_subject_replaces_and_empty_value_removes(self):
        self.change("retype=orders.total:string")
        self.change("retype=orders.total:array")
        self.assertEqual(self.rows()[0]["total"], [Decimal("10.50")])
        self.change("retype=")
        self.assertEqual(self.rows()[0]["total"], Decimal("10.50"))

    def test_flags(self):
        self.change("shuffle=1")
        self.change("shuffle=0", "grow=1")
        self.assertEqual([setting["switch"] for setting in
                          self.control(method="GET").json()["switches"]],
                         ["grow"])
        self.assertEqual(self.control("shuffle=yes").status, 400)

    def test_sessions_are_apart(self):
        self.change("empty=orders")
        other = self.get("/d/%s-other/v1/orders" % self.id).json()
        self.assertEqual(other["meta"]["total"], 60)

    def test_mistakes_change_nothing(self):
        for query in ("nonsense=1", "status=orders:500&nonsense=1",
                      "add_column=orders", "add_column=nothing.color",
                      "remove_column=orders.nothing", "where=nowhere",
                      "retype=orders.total:odd", "status=orders:odd",
                      "status=orders:500&where=spec", "auth=odd",
                      "status=orders:500&fail=odd", "grow=1&sunset=soon",
                      "remove_endpoint=refunds", "form=epoch"):
            answer = self.control(query)
            self.assertEqual((query, answer.status), (query, 400))
        self.assertEqual(self.control(method="GET").json()["switches"], [])

    def test_every_switch_is_documented_and_tested(self):
        def read(name):
            with open(os.path.join(HERE, name)) as file:
                return file.read()

        text = read("README.md")
        tests = "".join(map(read, ("test_drift.py", "test_drift_paths.py",
                                   "test_drift_wire.py")))
        for name in SWITCHES:
            self.assertTrue("\n| `%s=" % name in text, name)
            self.assertTrue('"%s=' % name in tests, name)


class Validators(DriftTest):
    """ETag, Last-Modified and 304."""

    def describe(self, **headers):
        return self.ask("/v1/openapi.json", headers={
            name.replace("_", "-"): value
            for name, value in headers.items()})

    def test_entity_tag(self):
        first = self.describe()
        tag = first.headers["ETag"]
        self.assertRegex(tag, r'\A"[0-9a-f]{16}"\Z')
        for sent in (tag, "W/" + tag, '"a", ' + tag, "*"):
            again = self.describe(If_None_Match=sent)
            self.assertEqual((again.status, again.body,
                              again.headers["ETag"]), (304, b"", tag))
        # A tag is asked before a date.
        date = first.headers["Last-Modified"]
        answer = self.describe(If_None_Match='"a"', If_Modified_Since=date)
        self.assertEqual(answer.status, 200)
        self.change("add_column=orders.color")
        changed = self.describe(If_None_Match=tag)
        self.assertEqual(changed.status, 200)
        self.assertNotEqual(changed.headers["ETag"], tag)
        self.reset()
        self.assertEqual(self.describe(If_None_Match=tag).status, 304)
        self.assertEqual(self.log("?format=brief&status=1").splitlines()[-1],
                         "GET /v1/openapi.json 304")

    def test_date(self):
        dates = []
        for switches in ("", "add_column=orders.color", "add_column="):
            if switches:
                self.change(switches)
            answer = self.describe()
            dates.append(answer.headers["Last-Modified"])
            if len(dates) > 1:
                late = self.describe(If_Modified_Since=dates[-2])
                self.assertEqual(late.status, 200)
            same = self.describe(If_Modified_Since=dates[-1])
            self.assertEqual(same.status, 304)
        moments = [parsedate_to_datetime(date) for date in dates]
        self.assertEqual(moments, sorted(set(moments)))
        self.assertEqual(self.describe(If_Modified_Since="odd").status, 200)

    def test_what_is_not_described_leaves_it_alone(self):
        tag = self.describe().headers["ETag"]
        self.change("add_column=orders.color", "where=payload")
        self.change("grow=3")
        self.assertEqual(self.describe(If_None_Match=tag).status, 304)


class Columns(DriftTest):
    """What rows have."""

    def both(self, switch, name, table="orders", schema="Order"):
        """The column's schema and its values once the switch is set; only
        one of them changes if only one should."""
        before = self.properties(schema), self.rows(table)
        self.change(switch, "where=spec")
        self.assertEqual(self.rows(table), before[1])
        described = self.properties(schema)
        self.change(switch, "where=payload")
        self.assertEqual(self.properties(schema), before[0])
        self.change(switch, "where=both")
        self.assertEqual(self.properties(schema), described)
        return described.get(name), [row.get(name) for row
                                     in self.rows(table)]

    def test_add_and_remove(self):
        schema, values = self.both("add_column=orders.color", "color")
        self.assertEqual(schema["type"], "string")
        self.assertEqual(values[:3], ["green", "blue", "red"])
        schema, values = self.both("remove_column=orders.note", "note")
        self.assertIsNone(schema)
        self.assertNotIn("note", self.rows()[0])

    def test_rename(self):
        schema, values = self.both("rename=orders.note:remark", "remark")
        self.assertTrue(schema["nullable"])
        self.assertEqual(values[:3], ["note 1", "note 2", None])
        self.assertNotIn("note", self.rows()[0])
        # What changed before is known by its new name.
        self.change("retype=orders.remark:array")
        self.assertEqual(self.rows()[0]["remark"], ["note 1"])

    def test_retype(self):
        total = Decimal("10.50")
        for name, kind, described, value in (
                ("total", "string", "string", "10.50"),
                ("total", "object", "object", {"value": total}),
                ("total", "array", "array", [total]),
                ("total", "integer", "integer", 10),
                ("note", "number", "number", 1),
                ("created_at", "date", "string", "2025-01-01"),
                ("created_at", "epoch", "integer", 1735693200),
                ("created_at", "epoch_ms", "integer", 1735693200000)):
            schema, values = self.both("retype=orders.%s:%s" % (name, kind),
                                       name)
            self.assertEqual((schema["type"], values[0]), (described, value))
            self.reset()

    def test_retype_of_the_key(self):
        schema, values = self.both("retype=orders.id:uuid", "id")
        self.assertEqual(schema["format"], "uuid")
        self.assertEqual(len(set(values)), 50)
        item = self.ask("/v1/orders/" + values[6]).json()
        self.assertEqual(item["note"], "note 7")
        self.assertEqual(self.ask("/v1/orders/7").status, 404)
        (variable,) = self.document()["paths"]["/orders/{order_id}"]["get"][
            "parameters"]
        self.assertEqual(variable["schema"]["format"], "uuid")

    def test_nullable(self):
        schema, values = self.both("nullable=orders.status", "status")
        self.assertTrue(schema["nullable"])
        self.assertEqual(values.count(None), 16)

    def test_enum(self):
        schema, values = self.both("enum=orders.status:+lost", "status")
        self.assertEqual(schema["enum"][-1], "lost")
        self.assertEqual(values.count("lost"), 7)
        self.assertEqual(len(self.rows(query="status=lost")), 8)
        self.assertIn("lost", self.parameter("status")["schema"]["enum"])
        schema, values = self.both("enum=orders.status:-paid", "status")
        self.assertNotIn("paid", schema["enum"])
        self.assertIn("lost", schema["enum"])
        self.assertEqual(set(values),
                         {"lost", "pending", "shipped", "delivered"})
        self.assertEqual(self.ask("/v1/orders?status=paid").status, 400)

    def test_reorder(self):
        before = self.document()
        self.change("reorder=1")
        after = self.document()
        self.assertEqual(list(after["paths"]),
                         list(before["paths"])[::-1])
        self.assertNotEqual(list(self.properties()),
                            list(before["components"]["schemas"]["Order"]
                                 ["properties"]))
        self.assertEqual(meaning(after), meaning(before))
        self.assertNotEqual(after["info"]["description"],
                            before["info"]["description"])


def meaning(node):
    """A document without order and texts, to compare."""
    if isinstance(node, dict):
        return {name: meaning(member) for name, member in node.items()
                if not (name in ("description", "summary")
                        and isinstance(member, str))}
    if isinstance(node, list):
        return sorted(map(meaning, node), key=repr_sorted)
    return node


def repr_sorted(node):
    if isinstance(node, dict):
        return repr(sorted((name, repr_sorted(member))
                           for name, member in node.items()))
    return repr(node)
