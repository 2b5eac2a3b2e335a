"""How do the tests of the sample API start it, talk to it, and look at the
bytes it sends?

One server serves all tests of a run; every test takes a session of its own.
"""

import http.client
import itertools
import json
import os
import re
import socket
import subprocess
import sys
import unittest
from decimal import Decimal
from urllib.parse import urlsplit

from scenarios import parse_segment

HERE = os.path.dirname(os.path.abspath(__file__))

# Nothing here takes longer than this unless it hangs.
TIMEOUT_S = 20


class Server:
    """A running server.  Its stdin is our pipe: it ends with us."""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "server.py"),
             "--parent-stdin", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.output = self.process.stdout.read()
        self.port = int(self.output)

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(TIMEOUT_S)


_shared = []


def shared_server():
    if not _shared:
        _shared.append(Server())
        unittest.addModuleCleanup(_stop_shared)
    return _shared[0]


def _stop_shared():
    _shared.pop().stop()


class Answer:
    """A parsed answer; `headers` is an http.client.HTTPMessage."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        """The body as JSON, numbers with a point as Decimal."""
        return json.loads(self.body, parse_float=Decimal)


class Raw:
    """What came over a connection: the bytes, and how it ended ("closed",
    "reset", or "open" if nothing more came)."""

    def __init__(self, data, end):
        self.data = data
        self.end = end
        self.head, _, self.body = data.partition(b"\r\n\r\n")


class ApiTest(unittest.TestCase):
    """A test with a session of its own."""

    _numbers = itertools.count(1)

    def setUp(self):
        self.port = shared_server().port
        self.id = "t%d" % next(self._numbers)

    def get(self, path, headers=None, method="GET", port=None):
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", port or self.port, timeout=TIMEOUT_S)
        try:
            connection.request(method, path, headers=headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get_url(self, url):
        parts = urlsplit(url)
        return self.get(parts.path + "?" + parts.query, port=parts.port)

    def shop(self, path):
        """A path within the shop, in this test's session."""
        return self.get("/i/%s/shop/v1%s" % (self.id, path))

    def root(self, scenario):
        return "/s/%s/%s" % (self.id, scenario)

    def scene(self, scenario, path="/things", **more):
        """A path within a scenario."""
        return self.get(self.root(scenario) + path, **more)

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), TIMEOUT_S)

    def ask(self, sock, path, header=b""):
        sock.sendall(b"GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\n"
                     % (path.encode(), self.port, header))

    def raw(self, scenario, path="/things", wait_s=TIMEOUT_S):
        """The bytes of one answer, until the connection ends or nothing
        comes for wait_s seconds.  The server is asked to close, unless a
        short wait_s says that the end is not what the test looks for."""
        header = b"" if wait_s < TIMEOUT_S else b"Connection: close\r\n"
        with self.connect() as sock:
            self.ask(sock, self.root(scenario) + path, header)
            sock.settimeout(wait_s)
            data = b""
            try:
                while True:
                    piece = sock.recv(65536)
                    if not piece:
                        return Raw(data, "closed")
                    data += piece
            except TimeoutError:
                return Raw(data, "open")
            except ConnectionResetError:
                return Raw(data, "reset")

    def log(self, query="?format=text"):
        return self.get("/_log/" + self.id + query).body.decode()

    def requests(self):
        return self.get("/_log/" + self.id).json()["requests"]

    def outcome(self):
        """How the last recorded answer ended, once it has."""
        count = self.get("/_count/" + self.id).body.decode().strip()
        self.get("/_wait/%s?done=%s" % (self.id, count))
        return self.requests()[-1]["outcome"]


STYLES = ("link", "next_url", "cursor", "page", "offset", "none")
ROWS_KEY = {"next_url": "results", "cursor": "things", "page": "data",
            "offset": "items"}
NEXT_LINK = re.compile(r'<([^>]*)>; rel="next"')

# A reader gives up here, so that loops end.
MAX_PAGES = 12


def thing(n):
    """What the scenarios' collection holds at n."""
    return {"id": n, "name": "thing %d" % n,
            "value": Decimal(n) + Decimal("0.25")}


class SceneTest(ApiTest):
    """A test of a scenario.  Reads as a plain client would, believing what
    it is told."""

    def rows_of(self, style, body):
        return body if style in ("link", "none") else body[ROWS_KEY[style]]

    def following(self, style, url, answer):
        """The URL of the next page; None at the end."""
        body = answer.json()
        rows = self.rows_of(style, body)
        base = url.partition("?")[0]
        if style == "link":
            found = NEXT_LINK.search(answer.headers["Link"])
            return found and found[1]
        if style == "next_url":
            return body["next"]
        if style == "cursor":
            token = body["next_cursor"]
            return token and "%s?cursor=%s" % (base, token)
        if style == "page":
            number = body["meta"]["page"]
            more = number < body["meta"]["total_pages"]
            return "%s?page=%d" % (base, number + 1) if more else None
        if style == "offset":
            start = body["offset"] + (len(rows) or body["limit"])
            more = start < body["total"]
            return "%s?offset=%d" % (base, start) if more else None
        return None

    def pages(self, scenario):
        """Answers of all pages, in order, at most MAX_PAGES."""
        style = parse_segment(scenario)[1]["style"]
        url = "http://127.0.0.1:%d%s/things" % (self.port,
                                                self.root(scenario))
        answers = []
        while url and len(answers) < MAX_PAGES:
            answers.append(self.get_url(url))
            url = self.following(style, url, answers[-1])
        return answers

    def page_ids(self, scenario):
        """The ids on each page."""
        style = parse_segment(scenario)[1]["style"]
        return [[row["id"] for row in self.rows_of(style, answer.json())]
                for answer in self.pages(scenario)]

    def ids(self, scenario):
        return sum(self.page_ids(scenario), [])

    def all_pages_ok(self, scenario):
        self.assertEqual(self.ids(scenario), list(range(1, 21)), scenario)
