"""Does the API under /d/<id> fail, refuse and limit requests as its switches
say, and does the webhook keep what it is sent?"""

import base64
import http.client
import time

import auth
from harness import TIMEOUT_S
from test_drift import DriftTest

BEARER = {"Authorization": "Bearer " + auth.BEARER_TOKEN}


class Wire(DriftTest):
    """Helpers."""

    def statuses(self, count, path="/v1/orders"):
        return [self.ask(path).status for _ in range(count)]

    def failing(self, switch, look):
        """That fail and flap are obeyed: look(answer) says if it failed."""
        self.change(switch, "fail=2")
        found = [look(self.ask("/v1/orders")) for _ in range(4)]
        self.assertEqual(found, [True, True, False, False], switch)
        self.assertFalse(look(self.ask("/v1/products")))
        # Set again, it begins again.
        self.change(switch)
        self.assertTrue(look(self.ask("/v1/orders")))
        self.assertTrue(look(self.ask("/v1/orders/7")))


class Credentials(Wire):
    """Who may read what."""

    def test_schemes(self):
        basic = self.basic()
        for name, headers, challenge in (
                ("bearer", BEARER,
                 'Bearer realm="shop", error="invalid_token"'),
                ("basic", {"Authorization": basic},
                 'Basic realm="shop", charset="UTF-8"'),
                ("header", {"X-Api-Key": auth.HEADER_KEY}, None)):
            self.change("auth=" + name)
            answer = self.ask("/v1/orders")
            self.assertEqual((answer.status,
                              answer.headers["WWW-Authenticate"]),
                             (401, challenge))
            self.assertEqual(self.ask("/v1/orders", headers=headers).status,
                             200)
            document = self.document()
            self.assertEqual(document["security"], [{name: []}])
            self.assertEqual(document["components"]["securitySchemes"][name],
                             auth.SCHEMES[name].description())

    def basic(self):
        return "Basic " + base64.b64encode(
            ("%s:%s" % (auth.BASIC_USER, auth.BASIC_PASSWORD)).encode()
        ).decode()

    def test_challenge_and_side(self):
        self.change("auth=bearer", "challenge=DPoP%20algs=%22ES256%22",
                    "where=payload")
        answer = self.ask("/v1/orders")
        self.assertEqual(answer.headers["WWW-Authenticate"],
                         'DPoP algs="ES256"')
        self.assertNotIn("security", self.document())
        self.change("auth=bearer", "where=spec")
        self.assertEqual(self.ask("/v1/orders").status, 200)

    def test_expire(self):
        self.change("auth=bearer", "expire=1")
        answer = self.ask("/v1/orders", headers=BEARER)
        self.assertEqual(answer.status, 401)
        self.assertIn('error="invalid_token"',
                      answer.headers["WWW-Authenticate"])
        self.assertEqual(self.ask("/v1/openapi.json").status, 200)
        self.change("expire=1", "fail=1")
        answers = [self.ask("/v1/orders", headers=BEARER).status
                   for _ in range(2)]
        self.assertEqual(answers, [401, 200])

    def test_scope(self):
        self.change("scope=orders")
        answer = self.ask("/v1/orders")
        self.assertEqual(answer.status, 403)
        self.assertIn('error="insufficient_scope", scope="orders:read"',
                      answer.headers["WWW-Authenticate"])
        self.assertEqual(answer.headers["X-Accepted-OAuth-Scopes"],
                         "orders:read")
        self.assertEqual(self.ask("/v1/products").status, 200)
        self.change("scope=orders:shop.admin")
        self.assertIn('scope="shop.admin"', self.ask("/v1/orders").headers[
            "WWW-Authenticate"])


class Protocol(Wire):
    """Answers that are none."""

    def test_html(self):
        self.failing("html=orders", lambda answer: (
            answer.status == 200 and b"<form" in answer.body
            and answer.headers["Content-Type"].startswith("text/html")))

    def test_error200(self):
        self.failing("error200=orders", lambda answer: (
            answer.status == 200
            and answer.body == b'{"ok":false,"error":'
                               b'"something went wrong"}'))

    def test_content_type(self):
        self.failing("content_type=orders:text/plain", lambda answer: (
            answer.status == 200 and b'"id":' in answer.body
            and answer.headers["Content-Type"] == "text/plain"))

    def test_status(self):
        self.failing("status=orders:500",
                     lambda answer: answer.status == 500)
        self.change("status=500")
        self.assertEqual(self.ask("/v1/products").status, 500)

    def test_throttle(self):
        self.failing("throttle=orders", lambda answer: (
            answer.status == 429 and answer.headers["Retry-After"] == "1"))
        self.change("throttle=orders", "retry_after=7200")
        self.assertEqual(self.ask("/v1/orders").headers["Retry-After"],
                         "7200")

    def test_flap(self):
        found = []
        for seed in (1, 1, 2):
            self.change("status=orders:500", "flap=0.3", "seed=%d" % seed)
            found.append(self.statuses(50))
        self.assertEqual(found[0], found[1])
        self.assertNotEqual(found[0], found[2])
        self.assertTrue(5 <= found[0].count(500) <= 25, found[0])
        self.assertEqual(set(found[0]), {200, 500})

    def test_down(self):
        self.change("down=1", "fail=2")
        for path in ("/v1/orders", "/v1/openapi.json"):
            with self.assertRaises(http.client.RemoteDisconnected):
                self.ask(path)
        self.assertEqual(self.ask("/v1/orders").status, 200)
        self.assertEqual(self.log("?format=brief&status=1"),
                         "GET /v1/orders closed\n"
                         "GET /v1/openapi.json closed\n"
                         "GET /v1/orders 200\n")

    def test_spec_status(self):
        self.change("spec_status=503", "fail=1")
        self.assertEqual(self.ask("/v1/orders").status, 200)
        self.assertEqual(self.statuses(2, "/v1/openapi.json"), [503, 200])


class Limits(Wire):
    """How much may be asked."""

    def test_headers(self):
        self.change("rate_limit=100")
        for left in ("99", "98"):
            answer = self.ask("/v1/orders")
            self.assertEqual((answer.headers["X-RateLimit-Limit"],
                              answer.headers["X-RateLimit-Remaining"]),
                             ("100", left))
        self.assertAlmostEqual(int(answer.headers["X-RateLimit-Reset"]),
                               time.time() + 3600, delta=TIMEOUT_S)
        self.change("rate_limit=50", "form=ietf", "window_s=60")
        answer = self.ask("/v1/products")
        self.assertEqual(answer.headers["RateLimit-Policy"],
                         '"default";q=50;w=60')
        self.assertRegex(answer.headers["RateLimit"],
                         r'\A"default";r=49;t=[0-9]+\Z')
        self.assertIsNone(answer.headers["X-RateLimit-Limit"])

    def test_used_up(self):
        self.change("rate_limit=2")
        self.assertEqual(self.statuses(3), [200, 200, 429])
        answer = self.ask("/v1/orders")
        self.assertEqual(answer.headers["X-RateLimit-Remaining"], "0")
        self.assertTrue(1 <= int(answer.headers["Retry-After"]) <= 3600)


class Rows(Wire):
    """How many rows, and in which order their members."""

    def test_grow(self):
        self.change("grow=orders:5")
        body = self.ask("/v1/orders?page=2&per_page=50").json()
        self.assertEqual(body["meta"]["total"], 65)
        self.assertEqual(body["data"][-1]["id"], 65)
        self.assertEqual(self.ask("/v1/orders/65").status, 200)
        self.assertEqual(self.ask("/v1/products/61").status, 404)
        self.change("grow=1")
        self.assertEqual(self.ask("/v1/products/61").status, 200)

    def test_shuffle(self):
        before = self.rows()
        self.change("shuffle=1")
        after = self.rows()
        self.assertEqual(after, before)
        self.assertGreater(len({tuple(row) for row in after}), 3)

    def test_empty(self):
        self.change("empty=orders")
        body = self.ask("/v1/orders").json()
        self.assertEqual((body["data"], body["meta"]["total"]), ([], 0))
        self.assertEqual(self.ask("/v1/orders/7").status, 200)
        self.assertEqual(len(self.rows("customers", "")), 20)


class Hook(Wire):
    """The webhook's other end."""

    def post(self, body, query=""):
        connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                timeout=TIMEOUT_S)
        connection.request("POST", "/_hook/%s%s" % (self.id, query),
                           body.encode(),
                           {"Content-Type": "application/json"})
        status = connection.getresponse().status
        connection.close()
        return status

    def test_bodies_are_kept(self):
        self.post('{"text": "é", "n": 1.50}')
        self.post("not JSON")
        kept = self.get("/_hook/" + self.id)
        self.assertEqual(kept.json()["count"], 2)
        self.assertIn(b'"json":{"text": "\xc3\xa9", "n": 1.50}', kept.body)
        self.assertEqual(kept.json()["posts"][1], {
            "n": 2, "status": 200, "content_type": "application/json",
            "body": "not JSON", "json": None})
        text = self.get("/_hook/%s?format=text" % self.id).body.decode()
        self.assertEqual(text, '{"text": "é", "n": 1.50}\nnot JSON\n')
        self.get("/_hook/" + self.id, method="DELETE")
        self.assertEqual(self.get("/_hook/" + self.id).json()["count"], 0)

    def test_failing_first(self):
        self.assertEqual([self.post("{}", "?status=500&fail=2")
                          for _ in range(3)], [500, 500, 200])
        self.assertEqual(self.post("{}", "?status=404"), 404)
        self.assertEqual([post["status"] for post in
                          self.get("/_hook/" + self.id).json()["posts"]],
                         [500, 500, 200, 404])

    def test_posts_are_recorded_and_waited_for(self):
        self.ask("/v1/orders")
        self.post("{}", "?status=500")
        wait = "/_wait/%s?contains=/_hook&n=%d&timeout_ms=%d"
        self.assertEqual(self.get(wait % (self.id, 1, 5000)).status, 200)
        self.assertEqual(self.get(wait % (self.id, 2, 50)).status, 408)
        self.assertEqual(self.log("?format=brief&status=1"),
                         "GET /v1/orders 200\n"
                         "POST /_hook?status=500 500\n")
