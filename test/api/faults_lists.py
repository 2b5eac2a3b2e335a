"""Lists inside of rows that have pages of their own, and ways in which these
go wrong.

Thing n has `lines`, which are many where n is a multiple of `every`, and are
shown up to `show`; the others are at things/n/lines, `part` on a page.  Line k
of thing n is {"id": "n-k", "k": k, "amount": k.1000000000000000000n}.
"""

import json
import time
from decimal import Decimal
from urllib.parse import urlencode

import jsontext
from faults import FAULTS, fault
from http1 import Reply


def _line(number, k):
    return {"id": "%d-%d" % (number, k), "k": k,
            "amount": Decimal("%d.1000000000000000000%d" % (k, number))}


def _count(scene, number):
    return scene["many"] if number % scene["every"] == 0 else scene["few"]


class Part:
    """Lines of a thing from `start` on, and where the others are."""

    def __init__(self, scene, number, start, size):
        self.scene = scene
        self.path = "%s/things/%d/lines" % (scene.root, number)
        end = min(start + size, _count(scene, number))
        if scene["bad"] == "endless" and start > 0:
            end = start + size
        self.lines = [_line(number, k + 1) for k in range(start, end)]
        self.more = (end < _count(scene, number)
                     or scene["bad"] == "endless" and start > 0)
        self.total = _count(scene, number)
        self.start = start
        self.end = end

    def url(self, origin="same"):
        """Of the lines behind these; of those that there are already."""
        end = self.start if self.scene["bad"] == "loop" and self.start else \
            self.end
        if self.scene["bad"] == "other":
            origin = "other"
        base = self.scene.origin(origin) if origin else ""
        return base + self.path + "?" + urlencode({"from": end})


def _stripe(part, in_row):
    path = part.path
    if part.scene["bad"] == "other":
        path = part.scene.origin("other") + path
    return {"object": "list", "data": part.lines, "has_more": part.more,
            "url": path}


def _bare(part, in_row):
    return {"data": part.lines, "has_more": part.more}


def _next(part, in_row):
    return {"items": part.lines, "next": part.url() if part.more else None,
            "total": part.total, "limit": part.scene["part"]}


def _relative(part, in_row):
    return {"items": part.lines,
            "next": part.url(None) if part.more else None}


def _hal(part, in_row):
    links = {"self": {"href": part.path}}
    if part.more:
        links["next"] = {"href": part.url()}
    return {"_embedded": {"lines": part.lines}, "_links": links}


def _jsonapi(part, in_row):
    links = {"related": part.path}
    if part.more:
        links["next"] = part.url(None)
    return {"links": links, "data": part.lines}


def _start(part, in_row):
    return {"self": part.scene.request.origin + part.path, "startAt":
            part.start, "total": part.total, "lines": part.lines}


def _query(part, in_row):
    page = {"totalSize": part.total, "done": not part.more,
            "records": part.lines}
    if part.more:
        page["nextRecordsUrl"] = part.url(None)
    return page


def _odata(part, in_row):
    if in_row:
        return part.lines
    page = {"value": part.lines}
    if part.more:
        page["@odata.nextLink"] = part.url()
    return page


def _v2(part, in_row):
    page = {"things": part.lines}
    if part.more:
        page["__next"] = part.url()
    return page


FORMS = {"stripe": _stripe, "bare": _bare, "next": _next,
         "relative": _relative, "hal": _hal, "jsonapi": _jsonapi,
         "odata": _odata, "v2": _v2, "start": _start, "query": _query}


@fault("lines", "page",
       "every thing has lines (few, but many of each that is a multiple of"
       " every), a list of which it shows as many as show; the others are"
       " at things/n/lines, part on a page (form: stripe, bare, next,"
       " relative, hal, jsonapi, odata, v2, start, query); bad: other"
       " (origin), loop, same (page whatever is asked for), endless, gone"
       " (404), flaky (503 once), elsewhere (the page has another form);"
       " map=1: things are members of an object; wrap=1: pages stand in an"
       " object; twice=1: the list stands there again",
       form="stripe", every=3, many=7, few=2, show=2, part=2, bad="", map=0,
       wrap=0, twice=0)
def lines(scene, page):
    texts = []
    for text in page.rows:
        row = json.loads(text, parse_float=Decimal)
        part = Part(scene, row["id"], 0, scene["show"])
        row["lines"] = FORMS[scene["form"]](part, True)
        if scene["form"] == "odata" and part.more:
            row["lines@odata.nextLink"] = part.url()
        if scene["twice"]:
            row["again"] = row["lines"]
        row["after"] = "behind the lines"
        texts.append(jsontext.encode(row))
    page.rows = texts


@fault("lines", "body")
def lines_map(scene, body):
    if scene.kind not in ("list", "part"):
        return None
    document = json.loads(body, parse_float=Decimal)
    if scene["map"] and scene.kind == "list":
        document["things"] = {"thing %d" % row["id"]: row
                              for row in document["things"]}
    return jsontext.encode({"d": document} if scene["wrap"] else document)


@fault("lines", "item")
def lines_item(scene, number):
    row = scene.thing(number)
    row["lines"] = FORMS[scene["form"]](
        Part(scene, number, 0, scene["show"]), True)
    return Reply(200, jsontext.encode(row))


def _before(query):
    """How many lines stand before the page that is asked for."""
    if "starting_after" in query:
        return int(query["starting_after"].partition("-")[2])
    return int(query.get("from", query.get("startAt", 0)))


@fault("lines", "part")
def lines_part(scene, number):
    query = scene.request.query
    with scene.app.recorder.under_way(scene.request.session):
        time.sleep(scene["delay_ms"] / 1000.0)
    if scene["bad"] == "gone":
        return Reply(404, b'{"error":{"code":"gone"}}')
    if scene["bad"] == "flaky" and scene.attempt == 1:
        return Reply(503, b'{"error":{"code":"busy"}}',
                     headers=[("Retry-After", "0")])
    start = 0 if scene["bad"] == "same" else _before(query)
    part = Part(scene, number, start, int(query.get("limit", scene["part"])))
    page = FORMS[scene["form"]](part, False)
    if scene["bad"] == "elsewhere":
        page = {"found": part.lines}
    return Reply(200, jsontext.encode(page))


FAULTS["lines"].steady = True
FAULTS["lines"].on = "all"
