"""Do the endpoints and parameters of the API under /d/<id> change as its
switches say?"""

import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from test_drift import DriftTest


class Endpoints(DriftTest):
    """What tables there are, and where."""

    def other_port(self):
        return int(self.get("/_port/other").body)

    def test_add(self):
        self.change("add_endpoint=refunds", "where=spec")
        self.assertIn("/refunds/{refund_id}", self.document()["paths"])
        self.assertEqual(self.ask("/v1/refunds").status, 404)
        self.change("add_endpoint=refunds")
        self.assertEqual(list(self.properties("Refund")),
                         list(self.rows("refunds")[0]))
        self.assertEqual(self.ask("/v1/refunds").json()["meta"]["total"], 60)

    def test_remove(self):
        for code, allow in ((404, None), (405, "POST"), (410, None)):
            self.change("remove_endpoint=products", "code=%d" % code)
            for path in ("/v1/products", "/v1/products/1"):
                answer = self.ask(path)
                self.assertEqual((answer.status, answer.headers["Allow"]),
                                 (code, allow))
        self.assertNotIn("/products", self.document()["paths"])
        self.assertEqual(self.ask("/v1/orders").status, 200)
        self.change("remove_endpoint=products", "where=payload")
        self.assertIn("/products", self.document()["paths"])

    def test_move(self):
        for code in (301, 302, 307, 308):
            self.change("move=orders:/v1/purchases", "code=%d" % code)
            answer = self.ask("/v1/orders?status=paid")
            self.assertEqual(
                (answer.status, answer.headers["Location"]),
                (code, "/d/%s/v1/purchases?status=paid" % self.id))
            self.assertEqual(self.follow(answer).json()["meta"]["total"], 15)
        item = self.follow(self.ask("/v1/orders/7"))
        self.assertEqual(item.json()["id"], 7)
        self.assertIn("/purchases/{order_id}", self.document()["paths"])
        self.assertNotIn("/orders", self.document()["paths"])
        self.change("move=orders:/v1/purchases", "where=payload")
        self.assertIn("/orders", self.document()["paths"])

    def test_move_out_of_the_base(self):
        self.change("move=orders:/v3/orders")
        self.assertEqual(self.document()["paths"]["/v3/orders"]["servers"],
                         [{"url": "/d/" + self.id}])
        self.assertEqual(self.ask("/v3/orders").status, 200)

    def test_move_to_the_other_origin(self):
        self.change("move=orders:/v1/purchases", "to=other", "code=308")
        port = self.other_port()
        answer = self.ask("/v1/orders?page=2")
        self.assertEqual(
            (answer.status, answer.headers["Location"]),
            (308, "http://127.0.0.1:%d/d/%s/v1/purchases?page=2"
             % (port, self.id)))
        self.assertEqual(self.follow(answer).json()["meta"]["page"], 2)
        self.assertEqual(self.ask("/v1/purchases").status, 404)
        self.assertEqual(
            self.document()["paths"]["/v1/purchases"]["servers"],
            [{"url": "http://127.0.0.1:%d/d/%s" % (port, self.id)}])
        self.assertIn("GET /v1/purchases",
                      self.log("?format=brief&port=other"))

    def test_base(self):
        self.change("base=/v2")
        self.assertEqual(self.document()["servers"],
                         [{"url": "/d/%s/v2" % self.id}])
        self.assertEqual(self.ask("/v2/orders").status, 200)
        self.assertEqual(self.ask("/v2/orders/7").json()["id"], 7)
        self.assertEqual(self.ask("/v1/orders").status, 404)
        self.assertEqual(self.ask("/v2/openapi.json").status, 200)
        self.change("base=/v2", "code=200")
        self.assertEqual(self.ask("/v1/orders").status, 200)
        self.change("base=/v2", "code=308")
        answer = self.ask("/v1/orders/7")
        self.assertEqual(answer.status, 308)
        self.assertEqual(self.follow(answer).json()["id"], 7)
        self.change("base=/v2", "where=spec")
        self.assertEqual(self.ask("/v1/orders").status, 200)
        self.assertEqual(self.ask("/v2/orders").status, 404)

    def test_style(self):
        self.change("style=orders:cursor")
        body = self.ask("/v1/orders?limit=2").json()
        self.assertEqual(len(body["orders"]), 2)
        self.assertTrue(body["has_more"])
        self.assertIsNotNone(self.parameter("cursor"))
        self.assertIsNone(self.parameter("page"))
        self.change("style=orders:none")
        self.assertEqual(len(self.ask("/v1/orders").json()), 60)


class Parameters(DriftTest):
    """What may and must be asked."""

    def test_add(self):
        self.change("add_param=orders.region")
        self.assertNotIn("required", self.parameter("region"))
        self.assertEqual(self.ask("/v1/orders").status, 200)
        self.assertEqual(self.ask("/v1/orders?region=eu").status, 200)

    def test_require(self):
        self.change("require_param=orders.region", "where=payload",
                    "code=422")
        self.assertIsNone(self.parameter("region"))
        answer = self.ask("/v1/orders")
        self.assertEqual(answer.status, 422)
        self.assertEqual(answer.headers["Content-Type"],
                         "application/problem+json")
        self.assertEqual(answer.json()["errors"], [
            {"field": "region", "message": "is required"}])
        self.assertEqual(self.ask("/v1/orders?region=eu").status, 200)
        self.assertEqual(self.ask("/v1/orders/7").status, 200)
        self.change("require_param=orders.region")
        self.assertTrue(self.parameter("region")["required"])
        self.assertEqual(self.ask("/v1/orders").status, 400)
        # One that there was before.
        self.change("require_param=orders?status")
        self.assertTrue(self.parameter("status")["required"])

    def test_remove(self):
        self.change("remove_param=orders.status")
        self.assertIsNone(self.parameter("status"))
        self.assertEqual(len(self.rows(query="status=paid&per_page=50")), 50)
        self.change("remove_param=orders.status", "code=400")
        self.assertEqual(self.ask("/v1/orders?status=paid").status, 400)
        self.assertEqual(self.ask("/v1/orders").status, 200)

    def test_default(self):
        self.change("default=orders.status:paid", "where=payload")
        self.assertNotIn("default", self.parameter("status")["schema"])
        self.assertEqual(len(self.rows()), 15)
        self.assertEqual(self.ask("/v1/orders/2").json()["status"],
                         "shipped")
        self.change("default=orders.status:paid")
        self.assertEqual(self.parameter("status")["schema"]["default"],
                         "paid")
        self.change("default=")
        self.change("default=orders.per_page:5")
        self.assertEqual(len(self.rows(query="")), 5)
        self.assertEqual(self.parameter("per_page")["schema"]["default"], 5)

    def test_max_size(self):
        self.change("max_size=orders:10", "where=payload")
        self.assertEqual(len(self.rows(query="per_page=50")), 10)
        self.assertEqual(len(self.rows(query="")), 10)
        self.assertEqual(self.parameter("per_page")["schema"]["maximum"], 50)
        self.change("max_size=10")
        for name, path in (("per_page", "/orders"), ("limit", "/customers"),
                           ("per_page", "/products")):
            schema = self.parameter(name, path)["schema"]
            self.assertEqual((schema["default"], schema["maximum"]),
                             (10, 10))


class Announcements(DriftTest):
    """What will change."""

    def test_deprecate_a_table(self):
        for form, value in (("epoch", "@1735689600"), ("true", "true"),
                            ("date", "Wed, 01 Jan 2025 00:00:00 GMT"),
                            ("none", None)):
            self.change("deprecate=orders", "form=" + form)
            for path in ("/v1/orders", "/v1/orders/7"):
                self.assertEqual(self.ask(path).headers["Deprecation"],
                                 value)
        self.assertTrue(self.listing()["deprecated"])
        self.assertNotIn("deprecated", self.listing("/products"))
        self.assertIsNone(self.ask("/v1/products").headers["Deprecation"])
        self.change("deprecate=orders", "successor=/v2/orders",
                    "where=payload")
        self.assertEqual(self.ask("/v1/orders").headers["Link"],
                         '</v2/orders>; rel="successor-version"')
        self.assertNotIn("deprecated", self.listing())

    def test_deprecate_a_column_and_a_parameter(self):
        self.change("deprecate=orders.note", "deprecate=orders?status")
        self.assertTrue(self.properties()["note"]["deprecated"])
        self.assertTrue(self.parameter("status")["deprecated"])
        self.assertNotIn("deprecated", self.properties()["status"])
        self.assertNotIn("deprecated", self.listing())
        self.assertIsNone(self.ask("/v1/orders").headers["Deprecation"])

    def test_sunset(self):
        date = "Sun, 06 Dec 2026 08:49:37 GMT"
        self.change("sunset=orders:" + quote(date))
        self.assertEqual(self.ask("/v1/orders").headers["Sunset"], date)
        self.assertEqual(self.listing()["x-sunset"], "2026-12-06")
        self.assertIsNone(self.ask("/v1/products").headers["Sunset"])
        self.change("sunset=" + quote(date))
        self.assertEqual(self.ask("/v1/products").headers["Sunset"], date)

    def test_sunset_in_days(self):
        earliest = datetime.datetime.now(datetime.timezone.utc)
        self.change("sunset=orders:30")
        latest = datetime.datetime.now(datetime.timezone.utc)
        month = datetime.timedelta(days=30)
        date = self.ask("/v1/orders").headers["Sunset"]
        # Headers have whole seconds.
        second = datetime.timedelta(seconds=1)
        self.assertTrue(earliest + month - second
                        <= parsedate_to_datetime(date) <= latest + month)
        self.assertEqual(self.ask("/v1/orders").headers["Sunset"], date)
