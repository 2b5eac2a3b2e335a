"""Do the scenarios of transport do on the wire, byte by byte, what their
names say?"""

import gzip
import json
import re
import time
import zlib
from urllib.parse import urljoin

import auth
from harness import SceneTest, thing


class Wire(SceneTest):
    """Time, connections and framing, by the bytes."""

    def length(self, raw):
        found = re.search(rb"Content-Length: ([0-9]+)", raw.head)
        return int(found[1]) if found else None

    def test_stall_headers_until_released(self):
        with self.connect() as sock:
            self.ask(sock, self.root("stall_headers") + "/things")
            self.get("/_wait/%s?n=1" % self.id)
            sock.settimeout(0.2)
            with self.assertRaises(TimeoutError):
                sock.recv(1)
            self.get("/_release/" + self.id)
            sock.settimeout(5)
            self.assertIn(b" 200 OK", sock.recv(65536))
        self.assertEqual(self.outcome(), "released")

    def test_stall_ends_by_itself(self):
        raw = self.raw("stall_headers;max_s=1")
        self.assertIn(b" 200 OK", raw.head)
        self.assertEqual(self.outcome(), "timed out")

    def test_stall_notices_that_the_client_goes(self):
        for scenario in ("stall_headers", "stall_body"):
            raw = self.raw(scenario, wait_s=0.3)
            self.assertEqual(raw.end, "open")
        answer = self.get("/_wait/%s?gone=2" % self.id)
        self.assertEqual(answer.status, 200)
        self.assertEqual([entry["outcome"] for entry in self.requests()],
                         ["client gone"] * 2)

    def test_stall_body(self):
        raw = self.raw("stall_body;after=10", wait_s=1)
        self.assertEqual((len(raw.body), raw.end), (10, "open"))
        self.assertGreater(self.length(raw), 10)

    def test_clearing_a_session_ends_its_stalls(self):
        with self.connect() as sock:
            self.ask(sock, self.root("stall_headers") + "/things")
            self.get("/_wait/%s?n=1" % self.id)
            self.get("/_log/" + self.id, method="DELETE")
            self.assertIn(b" 200 OK", sock.recv(65536))

    def test_drip(self):
        started = time.monotonic()
        raw = self.raw("drip;bytes=40;tick_ms=20")
        self.assertEqual(len(raw.body), self.length(raw))
        self.assertGreater(time.monotonic() - started,
                           0.02 * (len(raw.body) // 40))

    def test_resets(self):
        raw = self.raw("reset_headers")
        self.assertEqual((raw.data, raw.end), (b"", "reset"))
        raw = self.raw("reset_body")
        self.assertEqual(raw.end, "reset")
        self.assertEqual(len(raw.body), self.length(raw) // 2)
        self.assertEqual(self.outcome(), "reset")

    def test_closes(self):
        raw = self.raw("no_answer")
        self.assertEqual((raw.data, raw.end), (b"", "closed"))
        raw = self.raw("silent_close", wait_s=5)
        self.assertEqual(raw.end, "closed")
        self.assertNotIn(b"Connection: close", raw.head)
        self.assertEqual(len(raw.body), self.length(raw))
        raw = self.raw("close", wait_s=5)
        self.assertEqual(raw.end, "closed")
        self.assertIn(b"Connection: close", raw.head)
        raw = self.raw("close_delimited")
        self.assertIsNone(self.length(raw))
        self.assertNotIn(b"chunked", raw.head)
        self.assertEqual((json.loads(raw.body)["has_more"], raw.end),
                         (True, "closed"))
        self.assertEqual(self.raw("plain", wait_s=0.3).end, "open")

    def test_chunked(self):
        raw = self.raw("chunked;chunk=1")
        self.assertTrue(raw.body.startswith(b'1\r\n{\r\n1\r\n"\r\n'))
        self.assertTrue(raw.body.endswith(b"\r\n0\r\n\r\n"))
        self.all_pages_ok("chunked;chunk=3")

    def test_truncated(self):
        raw = self.raw("truncated_chunked")
        self.assertIn(b"Transfer-Encoding: chunked", raw.head)
        self.assertNotIn(b"\r\n0\r\n", raw.body)
        self.assertTrue(raw.body.endswith(b"}\r\n"))
        self.assertEqual(raw.end, "closed")
        raw = self.raw("truncated_length;by=7")
        self.assertEqual(self.length(raw), len(raw.body) + 7)
        self.assertEqual(raw.end, "closed")
        cut = self.raw("truncated_length;by=7;cut=20")
        self.assertEqual(len(raw.body) - len(cut.body), 20)

    def test_wrong_lengths(self):
        raw = self.raw("short_length")
        self.assertEqual(self.length(raw), len(raw.body) - 10)
        raw = self.raw("two_lengths")
        self.assertEqual(raw.head.count(b"Content-Length"), 2)

    def test_not_http(self):
        self.assertTrue(self.raw("bad_status_line").data.startswith(b"SSH-"))
        raw = self.raw("early_hints")
        self.assertTrue(raw.head.startswith(b"HTTP/1.1 103 "))
        self.assertIn(b"HTTP/1.1 200 OK", raw.body)

    def test_100_and_http_10_and_trailers(self):
        raw = self.raw("continue_100")
        self.assertTrue(raw.head.startswith(b"HTTP/1.1 100 "))
        self.assertIn(b"HTTP/1.1 200 OK", raw.body)
        raw = self.raw("http10;length=0")
        self.assertTrue(raw.head.startswith(b"HTTP/1.0 200 "))
        self.assertNotIn(b"Content-Length", raw.head)
        raw = self.raw("http10;cut=9")
        self.assertIn(b"Content-Length: %d" % (len(raw.body) + 9), raw.head)
        raw = self.raw("trailers")
        self.assertIn(b"\r\n0\r\nX-Checksum: 12\r\n", raw.body)
        self.all_pages_ok("trailers")

    def test_large_and_many_headers(self):
        raw = self.raw("large_header;kb=64")
        self.assertGreater(len(raw.head), 65536)
        raw = self.raw("many_headers;count=300")
        self.assertEqual(raw.head.count(b"\r\nX-Header-"), 300)

    def test_cookies(self):
        answer = self.scene("set_cookie")
        self.assertEqual(len(answer.headers.get_all("Set-Cookie")), 2)

    def test_gzip_bomb(self):
        answer = self.scene("gzip_bomb;mb=50")
        self.assertLess(len(answer.body), 200_000)
        size, unpacker = 0, zlib.decompressobj(16 + zlib.MAX_WBITS)
        data = answer.body
        while data:
            size += len(unpacker.decompress(data, 1 << 20))
            data = unpacker.unconsumed_tail
        self.assertGreater(size, 50 * 1024 * 1024)

    def test_gzip_broken(self):
        for kind in ("truncated", "corrupt", "not"):
            body = self.scene("gzip_broken;kind=" + kind).body
            with self.assertRaises((OSError, EOFError, zlib.error)):
                gzip.decompress(body)
        body = self.scene("gzip_broken;kind=members").body
        self.assertIn(b"thing 1", gzip.decompress(body))

    def test_endless(self):
        for form in ("rows", "string", "space"):
            with self.connect() as sock:
                self.ask(sock, self.root("endless;form=" + form) + "/things")
                size = 0
                while size < 3 * 1024 * 1024:
                    size += len(sock.recv(1 << 20))
        self.get("/_wait/%s?gone=3" % self.id)
        self.assertEqual(self.outcome(), "client gone")
        raw = self.raw("endless;max_mb=1", wait_s=2)
        self.assertEqual(raw.end, "closed")


class Status(SceneTest):
    """Statuses and redirects."""

    def statuses(self, scenario, times):
        return [self.scene(scenario).status for _ in range(times)]

    def test_status(self):
        for status in (400, 404, 408, 410, 500, 503, 521):
            self.assertEqual(self.scene("status;status=%d" % status).status,
                             status)
        sent = {"Authorization": "Bearer " + auth.BEARER_TOKEN}
        answer = self.scene("status;echo=1", headers=sent)
        self.assertIn(auth.BEARER_TOKEN.encode(), answer.body)

    def test_flaky_counts_each_page(self):
        self.assertEqual(self.statuses("flaky", 3), [503, 503, 200])
        self.assertEqual(self.statuses("flaky;fail=1;status=502", 2),
                         [502, 200])
        path = "/things?cursor=" + self.scene(
            "plain").json()["next_cursor"]
        self.assertEqual(self.scene("flaky", path).status, 503)

    def test_rate_limited(self):
        for value in ("1", "0", "2.5", "garbage"):
            scenario = "rate_limited;retry_after=" + value
            refused = self.scene(scenario)
            self.assertEqual(refused.status, 429)
            self.assertEqual(refused.headers["Retry-After"],
                             "soon" if value == "garbage" else value)
            self.assertEqual(self.scene(scenario).status, 200)
        refused = self.scene("rate_limited;retry_after=none")
        self.assertIsNone(refused.headers["Retry-After"])
        refused = self.scene("rate_limited;retry_after=date;in_s=100")
        self.assertRegex(refused.headers["Retry-After"],
                         r"^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$")

    def test_quota(self):
        refused = self.scene("quota")
        self.assertEqual((refused.status,
                          refused.headers["X-RateLimit-Remaining"]),
                         (403, "0"))
        self.assertEqual(self.scene("quota").status, 200)
        self.assertEqual(self.statuses("forbidden", 3), [403] * 3)

    def test_limits_told(self):
        left = []
        for _ in range(3):
            answer = self.scene("limits_told;limit=2")
            left.append((answer.status,
                         answer.headers["X-RateLimit-Remaining"]))
        self.assertEqual(left, [(200, "1"), (200, "0"), (429, "0")])

    def test_expire(self):
        self.assertEqual(self.statuses("expire;after=2", 4),
                         [200, 200, 401, 401])
        self.assertEqual(self.statuses("expire;after=1;fails=1", 3),
                         [200, 401, 200])

    def follow(self, answer, hops):
        for _ in range(hops):
            self.assertIn("Location", answer.headers)
            answer = self.get_url(answer.headers["Location"])
        return answer

    def test_redirects(self):
        for status in (301, 302, 303, 307, 308):
            answer = self.scene("redirect;status=%d" % status,
                                "/things?limit=2")
            self.assertEqual(answer.status, status)
            answer = self.follow(answer, 1)
            self.assertEqual(len(answer.json()["things"]), 2)
        answer = self.follow(self.scene("redirect;hops=4"), 4)
        self.assertEqual(answer.json()["things"][0], thing(1))

    def test_redirect_to_another_origin(self):
        answer = self.follow(self.scene("redirect;to=other"), 1)
        self.assertEqual(answer.status, 200)
        self.assertEqual([entry["port"] for entry in self.requests()],
                         ["main", "other"])
        for to, start in (("localhost", "http://localhost:"),
                          ("1", "http://127.0.0.1:1/"),
                          ("file", "file:///"), ("ftp", "ftp://"),
                          ("metadata", "http://169.254.169.254/")):
            answer = self.scene("redirect;to=" + to)
            self.assertTrue(answer.headers["Location"].startswith(start))
        self.assertNotIn("Location", self.scene("redirect;to=none").headers)

    def test_redirect_forms(self):
        for form in ("path", "relative"):
            scenario = "redirect;hops=2;form=" + form
            url = "http://127.0.0.1:%d%s/things" % (self.port,
                                                    self.root(scenario))
            for _ in range(2):
                location = self.get_url(url).headers["Location"]
                self.assertFalse(location.startswith("http"))
                url = urljoin(url, location)
            self.assertEqual(self.get_url(url).status, 200, form)

    def test_redirect_loop(self):
        answer = self.scene("redirect_loop")
        self.assertTrue(answer.headers["Location"].endswith(
            self.root("redirect_loop") + "/things"))
