"""What goes wrong, where, how often?

A path /s/<id>/<scenario>/... serves a small collection (things.py) in which
exactly what the scenario's name says goes wrong, and nothing else.  The
segment is `name;key=value;...`; several names joined by "+" act together.

This file parses the segment, knows the parameters that all scenarios share,
and answers stage by stage, calling the faults' functions (faults.py) on the
way.  What a fault does is the business of those functions alone.
"""

import functools
import time
from urllib.parse import unquote

import auth
import bench
import chosen  # noqa: F401 (registers its scenario)
import faults_body  # noqa: F401 (registers its faults)
import faults_cache  # noqa: F401
import faults_chance  # noqa: F401
import faults_deep  # noqa: F401
import faults_lists  # noqa: F401
import faults_page  # noqa: F401
import faults_wire  # noqa: F401
import jsontext
import openapi
import pagination_more  # noqa: F401 (registers its styles)
import things
import typed  # noqa: F401
from faults import FAULTS
from http1 import Reply
from pagination import STYLES, BadPage, Links, Page

# Parameters that every scenario takes, with their defaults.
COMMON = {
    "style": "cursor",      # pagination style
    "rows": 20,             # things in the collection
    "pages": 5,             # sets the page size if size does not
    "size": 0,              # default page size
    "max_size": 0,          # largest page size; 0: the default is
    "untold": 0,            # the description says nothing of sizes
    "delay_ms": 0,          # pause before each page
    "at": 0,                # the fault is at that page only; 0: any
    "fail": 0,              # and at so many first attempts only; 0: all
    "on": "",               # list, item or spec: what the fault is in
    "filters": 0,           # things can be filtered
    "state": 0,             # things have a state whose default hides rows
    "sorts": 0,             # the parameter sort works: a field, - before it
    "gzip": 0,              # compress where accepted
    "auth": "",             # credential wanted for data: see auth.py
    "servers": "path",      # path, relative, absolute, other, none
    "doc": "3.0",           # OpenAPI version
}


@functools.lru_cache(maxsize=4096)
def parse_segment(segment):
    """(faults, parameters) of a scenario's path segment; ValueError says
    what is wrong with it."""
    names, *settings = unquote(segment).split(";")
    faults = []
    parameters = dict(COMMON)
    for name in reversed(names.split("+")):
        if name not in FAULTS:
            raise ValueError("no scenario %r" % name)
        faults.insert(0, FAULTS[name])
        parameters.update(FAULTS[name].defaults)
    for setting in settings:
        key, equals, value = setting.partition("=")
        if key not in parameters or not equals:
            raise ValueError("scenario %s has no parameter %r" % (names, key))
        if isinstance(parameters[key], int):
            value = int(value)
        parameters[key] = value
    if parameters["style"] not in STYLES:
        raise ValueError("no style %r" % parameters["style"])
    if parameters["auth"] and parameters["auth"] not in auth.SCHEMES:
        raise ValueError("no credential %r" % parameters["auth"])
    return tuple(faults), parameters


class Window:
    """The part of the collection that a query asks for."""

    def __init__(self, start, size):
        self.start = start
        self.size = size
        self.asked = size

    @property
    def number(self):
        """Which page that is, from 1."""
        return self.start // self.size + 1


class Scene:
    """One request within a scenario, with everything that a fault needs."""

    def __init__(self, app, request, segment, root):
        self.app = app
        self.request = request
        self.faults, self.parameters = parse_segment(segment)
        self.root = root
        self.kind = None
        self.window = None
        self.rows = []
        self.hop = 0
        size = self["size"] or max(1, -(-self["rows"] // self["pages"]))
        if self["style"] == "none":
            size = max(1, self["rows"])
        self.style = STYLES[self["style"]](size, self["max_size"] or size,
                                           "things")
        self.style.tells_sizes = not self["untold"]
        # What makes a request the same: for some styles not its URL alone.
        self.attempt = app.recorder.next_attempt(request.session, (
            request.target, request.body, request.headers.get("x-cursor"),
            request.headers.get("range")))

    def __getitem__(self, name):
        """A parameter's value."""
        return self.parameters[name]

    def origin(self, which):
        """A base URL of another origin (or of none): "other" is the second
        listener, a number a port, "localhost" this port under another
        name; file, ftp and metadata are where no client should go."""
        listeners = self.app.listeners
        here = self.request.connection.listener
        if which == "same":
            return self.request.origin
        if which in listeners:
            return "%s://127.0.0.1:%d" % (listeners[which].scheme,
                                          listeners[which].port)
        if which.isdigit():
            return "http://127.0.0.1:" + which
        return {"localhost": "%s://localhost:%d" % (here.scheme, here.port),
                "file": "file:///etc/passwd?",
                "ftp": "ftp://127.0.0.1",
                "metadata": "http://169.254.169.254"}[which]

    def active(self, one):
        """Whether that fault acts on this request."""
        where = self["on"] or one.on
        if where != "all" and self.kind not in where.split(","):
            return False
        if one.steady:
            return True
        if self["fail"] and self.attempt > self["fail"]:
            return False
        if self.kind == "list" and self["at"] and self.window is not None:
            return self.window.number == self["at"]
        return True

    def run(self, stage, *arguments):
        """Call that stage of every fault that acts; return the last answer
        that is not None."""
        answer = None
        for one in self.faults:
            if stage in one.stages and self.active(one):
                found = one.stages[stage](self, *arguments)
                answer = answer if found is None else found
        return answer

    # Rows

    def thing(self, number):
        return things.make_thing(number, bool(self["filters"]),
                                 bool(self["state"]))

    def select_rows(self):
        """The rows that exist and match, before paging."""
        rows = [self.thing(number) for number in range(1, self["rows"] + 1)]
        tests = things.filter_tests(self.request.query, self["filters"],
                                    self["state"])
        chosen = self.run("filter", rows, tests)
        if chosen is None:
            chosen = things.exact(rows, tests)
        return things.in_order(chosen, self.request.query.get("sort", "")
                               if self["sorts"] else "")

    def texts(self, start, size):
        """JSON texts of some of the rows."""
        return [jsontext.encode(row) for row in self.rows[start:start + size]]

    # The three things that can be asked for

    def list(self):
        self.kind = "list"
        with self.app.recorder.under_way(self.request.session):
            time.sleep(self["delay_ms"] / 1000.0)
        start, size = self.style.read(self.style.parameters(self.request))
        self.window = Window(start, size)
        self.run("query", self.window)
        start, size = self.window.start, self.window.size
        self.request.entry["page"] = self.window.number
        self.rows = self.select_rows()
        page = Page(self.texts(start, size), start, size, len(self.rows))
        links = Links(self.request.origin, self.root + "/things",
                      self.request.query)
        self.run("page", page)
        self.request.entry["total"] = page.total
        headers, parts = self.style.write(page, links)
        return self.finish(Reply(self.style.status(page), b"".join(parts),
                                 headers=headers))

    def item(self, text):
        self.kind = "item"
        if not text.isdigit():
            return not_found()
        number = int(text)
        reply = self.run("item", number)
        if reply is None:
            if not 1 <= number <= self["rows"]:
                return not_found()
            reply = Reply(200, jsontext.encode(self.thing(number)))
        return self.finish(reply)

    def part(self, text):
        """A list of one thing, where the scenario has such."""
        self.kind = "part"
        reply = self.run("part", int(text)) if text.isdigit() else None
        return self.finish(reply) if reply is not None else not_found()

    def describe(self):
        self.kind = "spec"
        server = {"path": self.root, "relative": "./",
                  "absolute": self.request.origin + self.root,
                  "other": self.origin("other") + self.root,
                  "none": None}[self["servers"]]
        document = things.things_document(
            server, self.style, self["auth"] or None, bool(self["filters"]),
            bool(self["state"]))
        for one in self.faults:
            if "document" in one.stages:
                one.stages["document"](self, document)
        if self["doc"].startswith("3.1"):
            document = openapi.to_31(document)
        return self.finish(Reply(200, jsontext.encode(document)))

    def finish(self, reply):
        """Apply what is common to all answers."""
        body = self.run("body", reply.body)
        if body is not None:
            reply.body = body
        reply.compressible = bool(self["gzip"])
        replaced = self.run("reply", reply)
        return reply if replaced is None else replaced


def not_found():
    return Reply(404, b'{"error":{"code":"not_found","message":"no thing"}}')


def serve(app, request):
    """Answer /s/<id>/<scenario>/<rest>."""
    parts = request.path.split("/")
    root, segment = "/".join(parts[:4]), parts[3]
    rest = [unquote(part) for part in parts[4:] if part]
    if segment.partition(";")[0] == "bench":
        return bench.serve(request, root, segment, rest)
    try:
        scene = Scene(app, request, segment, root)
        # After a redirect: the same thing, one hop on.
        if rest[:1] == ["hop"]:
            scene.hop = int(rest[1])
            rest = rest[2:]
        return _answer(scene, rest)
    except BadPage as problem:
        return Reply(400, jsontext.encode({"error": {
            "code": "bad_page", "message": str(problem)}}))
    except (ValueError, KeyError) as problem:
        return Reply(404, ("bad scenario: %s\n" % problem).encode(),
                     "text/plain")


def _answer(scene, rest):
    if rest == ["openapi.json"]:
        return scene.describe()
    # The other origin wants no credential: what a test proves there is that
    # none came, and a refusal would only be in its way.
    if scene["auth"] and scene.request.connection.listener.name == "main":
        scheme = auth.SCHEMES[scene["auth"]]
        if not scheme.present(scene.request):
            return auth.refusal(scheme)
    if rest == ["things"]:
        return scene.list()
    if len(rest) == 2 and rest[0] == "things":
        return scene.item(rest[1])
    if len(rest) == 3 and rest[0] == "things" and rest[2] == "lines":
        return scene.part(rest[1])
    return not_found()
