"""Does the shop serve what its description promises, in every style?"""

import base64
import collections
import gzip
import json
import re
from decimal import Decimal

import auth
import openapi
import shop
from harness import ApiTest

NEXT_LINK = re.compile(r'<([^>]*)>; rel="next"')

# Totals that README.md promises to tests.
STATUS_COUNTS = {"delivered": 5783, "paid": 1132, "shipped": 1020,
                 "refunded": 987, "cancelled": 978, "pending": 100}
SUM_OF_TOTALS = Decimal("6394702.03")
SUM_OF_LEDGER_NUMBERS = 80300000060505681527500


class Pages(ApiTest):
    """Every collection, read to its end in its own way."""

    def read_customers(self, more=""):
        rows, number = [], 1
        while True:
            body = self.shop("/customers?per_page=100&page=%d%s"
                             % (number, more)).json()
            rows += body["data"]
            self.assertEqual(body["meta"]["page"], number)
            if number >= body["meta"]["total_pages"]:
                self.assertEqual(len(rows), body["meta"]["total"])
                return rows
            number += 1

    def read_orders(self, more="", path="/orders"):
        rows, token = [], ""
        while token is not None:
            body = self.shop("%s?limit=200%s%s" % (
                path, "&cursor=" + token if token else "", more)).json()
            rows += body["orders"]
            token = body["next_cursor"]
            self.assertEqual(body["has_more"], token is not None)
        return rows

    def read_products(self):
        rows = []
        answer = self.shop("/products?per_page=100")
        while True:
            rows += answer.json()
            following = NEXT_LINK.search(answer.headers["Link"])
            if following is None:
                return rows
            answer = self.get_url(following[1])

    def read_payments(self, more=""):
        rows = []
        while True:
            body = self.shop("/payments?limit=500&offset=%d%s"
                             % (len(rows), more)).json()
            rows += body["items"]
            if len(rows) >= body["total"]:
                return rows

    def read_events(self, more=""):
        rows = []
        answer = self.shop("/events?page_size=250" + more).json()
        while True:
            rows += answer["results"]
            if answer["next"] is None:
                self.assertEqual(len(rows), answer["count"])
                return rows
            answer = self.get_url(answer["next"]).json()

    def check_keys(self, rows, key, count):
        self.assertEqual(len(rows), count)
        self.assertEqual(len({row[key] for row in rows}), count)

    def test_all_rows_of_each_collection(self):
        self.check_keys(self.read_customers(), "id", shop.CUSTOMERS)
        self.check_keys(self.read_orders(), "id", shop.ORDERS)
        self.check_keys(self.read_products(), "id", shop.PRODUCTS)
        self.check_keys(self.read_payments(), "id", shop.PAYMENTS)
        self.check_keys(self.read_events(), "id", shop.EVENTS)

    def test_promised_totals(self):
        orders = self.read_orders()
        self.assertEqual(collections.Counter(
            row["status"] for row in orders), STATUS_COUNTS)
        self.assertEqual(sum(row["total"] for row in orders), SUM_OF_TOTALS)
        payments = self.read_payments()
        self.assertEqual(sum(row["ledger_number"] for row in payments),
                         SUM_OF_LEDGER_NUMBERS)
        for row in orders:
            self.assertEqual(row["total"],
                             sum(line["amount"] for line in row["items"]))

    def test_filters_are_applied_and_totals_follow(self):
        pro = self.read_customers("&tier=pro")
        self.assertEqual({row["tier"] for row in pro}, {"pro"})
        self.assertEqual(len(pro), 171)
        self.assertEqual(len(self.read_orders("&status=pending")), 100)
        self.assertEqual(len(self.read_orders("&gift=true")), 1250)
        mine = self.read_orders("&customer_id=7")
        self.assertEqual(mine, self.read_orders(path="/customers/7/orders"))
        failed = self.read_payments("&status=failed")
        self.assertEqual({row["status"] for row in failed}, {"failed"})
        late = self.read_orders("&created_after=2025-10-01T00:00:00Z")
        self.assertTrue(late)
        self.assertGreater(min(row["created_at"] for row in late),
                           "2025-10-01T00:00:00Z")
        self.assertEqual(len(self.read_events("&type=order.created")),
                         self.shop("/events?type=order.created"
                                   ).json()["count"])

    def test_size_is_cut_to_the_maximum(self):
        self.assertEqual(len(self.shop("/orders?limit=1000").json()["orders"]),
                         200)
        body = self.shop("/payments?limit=9999").json()
        self.assertEqual((len(body["items"]), body["limit"]), (500, 500))

    def test_past_the_end_is_empty(self):
        self.assertEqual(self.shop("/customers?page=999").json()["data"], [])
        self.assertEqual(self.shop("/products?page=999").json(), [])

    def test_bad_parameters(self):
        for path in ("/orders?status=lost", "/orders?gift=maybe",
                     "/orders?customer_id=x", "/orders?cursor=%21",
                     "/orders?limit=0", "/customers?page=0",
                     "/payments?offset=-1", "/customers?created_after=x"):
            self.assertEqual(self.shop(path).status, 400, path)


class Paths(ApiTest):
    """Everything that is not a list."""

    def test_items_equal_their_rows(self):
        for name, member, key in (("customers", "data", "id"),
                                  ("orders", "orders", "id"),
                                  ("payments", "items", "id"),
                                  ("events", "results", "id")):
            row = self.shop("/" + name).json()[member][3]
            item = self.shop("/%s/%s" % (name, row[key])).json()
            self.assertEqual(item, row)
            self.assertEqual(self.shop("/%s/none" % name).status, 404)
        row = self.shop("/products").json()[3]
        self.assertEqual(self.shop("/products/" + row["id"]).json(), row)

    def test_children(self):
        payments = self.shop("/orders/10/payments").json()["payments"]
        self.assertEqual([row["id"] for row in payments],
                         ["pay_000010", "pay_010001"])
        self.assertEqual(self.shop("/customers/99999/orders").status, 404)

    def test_single_objects(self):
        self.assertEqual(self.shop("/account").json()["plan"], "business")
        self.assertEqual(self.shop("/status").json()["orders"], shop.ORDERS)

    def test_search_wants_its_parameter(self):
        self.assertEqual(self.shop("/search").status, 400)
        self.assertTrue(self.shop("/search?q=oak").json()["hits"])

    def test_report_is_not_json(self):
        answer = self.shop("/reports/daily.csv")
        self.assertEqual(answer.headers["Content-Type"], "text/csv")

    def test_changes_change_nothing(self):
        path = "/i/%s/shop/v1/orders/5" % self.id
        self.assertEqual(self.get(path, method="DELETE").status, 204)
        self.assertEqual(self.get(path).status, 200)

    def test_gzip_where_asked(self):
        path = "/i/%s/shop/v1/orders" % self.id
        plain = self.get(path)
        self.assertIsNone(plain.headers["Content-Encoding"])
        packed = self.get(path, {"Accept-Encoding": "br, gzip;q=0.5"})
        self.assertEqual(packed.headers["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        refused = self.get(path, {"Accept-Encoding": "gzip;q=0"})
        self.assertIsNone(refused.headers["Content-Encoding"])


class Credentials(ApiTest):
    """Who gets in where."""

    SENT = {
        "bearer": ("", {"Authorization": "Bearer " + auth.BEARER_TOKEN}),
        "basic": ("", {"Authorization": "Basic " + base64.b64encode(
            (auth.BASIC_USER + ":" + auth.BASIC_PASSWORD).encode()
        ).decode()}),
        "header": ("", {"X-Api-Key": auth.HEADER_KEY}),
        "query": ("?api_key=" + auth.QUERY_KEY, {}),
        "cookie": ("", {"Cookie": "a=b; shop_session=" + auth.COOKIE_KEY}),
    }

    def test_data_wants_the_credential(self):
        for scheme, (query, headers) in self.SENT.items():
            for place in ("auth", "locked"):
                root = "/i/%s/%s/%s/v1" % (self.id, place, scheme)
                self.assertEqual(self.get(root + "/orders").status, 401)
                for other, (_, wrong) in self.SENT.items():
                    if other != scheme:
                        self.assertEqual(
                            self.get(root + "/orders", wrong).status, 401)
                self.assertEqual(
                    self.get(root + "/orders" + query, headers).status, 200)

    def test_description_open_or_locked(self):
        for scheme, (query, headers) in self.SENT.items():
            path = "/%s/v1/openapi.json" % scheme
            document = self.get("/auth" + path).json()
            self.assertEqual(document["security"], [{scheme: []}])
            self.assertIn(scheme, document["components"]["securitySchemes"])
            self.assertEqual(self.get("/locked" + path).status, 401)
            self.assertEqual(self.get("/locked" + path + query,
                                      headers).json()["openapi"], "3.0.3")

    def test_challenges(self):
        for scheme in self.SENT:
            challenge = self.get("/locked/%s/v1" % scheme).headers[
                "WWW-Authenticate"]
            if scheme in ("bearer", "basic"):
                self.assertTrue(challenge.lower().startswith(scheme))
            else:
                self.assertIsNone(challenge)
        self.assertEqual(self.get("/locked/v1/openapi.json").status, 401)


class Description(ApiTest):
    """The documents, and whether the data keeps their promises."""

    def test_found_below_the_base(self):
        self.assertEqual(self.shop("").status, 404)
        document = self.shop("/openapi.json").json()
        self.assertEqual(document["servers"],
                         [{"url": "/i/%s/shop/v1" % self.id}])

    def test_found_through_the_link(self):
        answer = self.get("/i/%s/linked/v1/" % self.id)
        target = re.search(r'<([^>]*)>; rel="service-desc"',
                           answer.headers["Link"])[1]
        self.assertEqual(self.get(target).json()["openapi"], "3.0.3")
        self.assertEqual(self.get("/linked/v1/openapi.json").status, 404)
        self.assertEqual(self.get("/linked/v1/orders").status, 200)

    def test_31_differs_where_it_must(self):
        text = self.get("/shop31/v1/openapi.json").body.decode()
        document = json.loads(text)
        self.assertEqual(document["openapi"], "3.1.0")
        for word in ('"nullable"', '"example"'):
            self.assertNotIn(word, text)
        for word in ('["string","null"]', '"const"', '"examples"', '"$defs"',
                     '{"type":"null"}'):
            self.assertIn(word, text)

    def test_references_resolve(self):
        for document in (openapi.shop_document("/"),
                         openapi.shop_document_31("/")):
            for reference in _references(document):
                self.assertIsInstance(_resolve(document, reference), dict)

    def test_rows_keep_the_schemas(self):
        data = shop.Shop()
        for document in (openapi.shop_document("/"),
                         openapi.shop_document_31("/")):
            for schema, rows in (("Customer", data.customers),
                                 ("Order", data.orders[:400]),
                                 ("Product", data.products),
                                 ("Payment", data.payments[:400]),
                                 ("Event", data.events[:400])):
                for row in rows:
                    problem = violation(
                        document, openapi.ref(schema),
                        json.loads(row.text, parse_float=Decimal))
                    self.assertIsNone(problem, (schema, row.text))

    def test_violations_are_seen(self):
        document = openapi.shop_document("/")
        row = json.loads(shop.Shop().orders[0].text, parse_float=Decimal)
        for change in ({"status": "lost"}, {"id": "x"}, {"note": 1},
                       {"total": Decimal("1.005")}, {"items": [{}]}):
            self.assertIsNotNone(violation(document, openapi.ref("Order"),
                                           dict(row, **change)))


def _references(node):
    if isinstance(node, dict):
        for name, member in node.items():
            if name == "$ref":
                yield member
            elif name == "mapping":
                yield from member.values()
            else:
                yield from _references(member)
    elif isinstance(node, list):
        for member in node:
            yield from _references(member)


def _resolve(document, reference):
    node = document
    for step in reference.removeprefix("#/").split("/"):
        node = node[step]
    return node


def violation(document, schema, value):
    """What in value breaks the schema, or None.  As much of JSON Schema as
    the shop's documents use."""
    if "$ref" in schema:
        return violation(document, _resolve(document, schema["$ref"]), value)
    if value is None and _allows_null(schema):
        return None
    for part in schema.get("allOf", ()):
        found = violation(document, part, value)
        if found:
            return found
    for word in ("oneOf", "anyOf"):
        if word in schema:
            fits = [part for part in schema[word]
                    if violation(document, part, value) is None]
            if not fits or word == "oneOf" and len(fits) > 1:
                return "%r fits %d of %s" % (value, len(fits), word)
    return _scalar_violation(schema, value) or _member_violation(
        document, schema, value)


def _allows_null(schema):
    kinds = schema.get("type", ())
    return bool(schema.get("nullable")) or kinds == "null" or (
        isinstance(kinds, list) and "null" in kinds)


_PYTHON_TYPES = {"string": str, "integer": int, "boolean": bool,
                 "number": (int, Decimal), "object": dict, "array": list,
                 "null": type(None)}


def _scalar_violation(schema, value):
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if kinds and not any(isinstance(value, _PYTHON_TYPES[kind])
                         and (kind == "boolean"
                              or not isinstance(value, bool))
                         for kind in kinds):
        return "%r is not %s" % (value, kinds)
    if value not in schema.get("enum", [value]):
        return "%r is none of %s" % (value, schema["enum"])
    if value != schema.get("const", value):
        return "%r is not %r" % (value, schema["const"])
    if "multipleOf" in schema and value % Decimal("0.01"):
        return "%r is not a multiple" % value
    return None


def _member_violation(document, schema, value):
    if isinstance(value, list) and "items" in schema:
        for member in value:
            found = violation(document, schema["items"], member)
            if found:
                return found
    if isinstance(value, dict):
        for name in schema.get("required", ()):
            if name not in value:
                return "no %s" % name
        for name, part in schema.get("properties", {}).items():
            if name in value:
                found = violation(document, part, value[name])
                if found:
                    return "%s: %s" % (name, found)
    return None
