"""How are pages served fast enough that the client is what is measured?

/s/<id>/bench;rows=N;size=N;style=S;delay_ms=N/rows serves rows of about 800
bytes with 16 fields, ids 1 to N; rows/<id> one of them, rows/<id>/parts three
small rows that belong to it.  A page is one template with places for the
ids, filled in by a single formatting operation and then kept, so that a
second run over the same pages only sends memory.
"""

import functools
import threading
import time
from collections import OrderedDict

import jsontext
import openapi
from http1 import Reply
from pagination import STYLES, BadPage, Links, Page
from shop import choose, moment, pick
from things import list_operation

# Pages kept; the 50 MiB of the throughput benchmark and some more.
MAX_KEPT_BYTES = 128 * 1024 * 1024

DEFAULTS = {"rows": 10_000, "size": 100, "style": "cursor", "delay_ms": 0}

WORDS = ("amber", "basalt", "cedar", "delta", "ember", "fjord", "granite",
         "harbour", "island", "juniper", "kelp", "lagoon", "meadow", "north")


def _words(n, salt, count):
    return " ".join(choose(n * 64 + word, salt, WORDS)
                    for word in range(count))


def make_row(n):
    """Row n of a page, from 0; its id stands as %d."""
    return {
        "id": jsontext.Raw("%d"),
        "account_id": 1_000_000_000_000_000_000 + pick(n, 1, 10**15),
        "amount": jsontext.Raw("%d.%04d" % (pick(n, 2, 10**6),
                                            pick(n, 3, 10**4))),
        "created_at": moment(n * 61),
        "updated_at": moment(n * 61 + 3_600).replace("Z", ".125+02:00"),
        "active": n % 3 == 0,
        "name": _words(n, 4, 2),
        "email": "user%06d@mail.example" % pick(n, 5, 10**6),
        "city": choose(n, 6, ("Köln", "Oslo", "Lyon", "Gdańsk", "Porto")),
        "status": choose(n, 7, ("new", "open", "held", "done")),
        "country": choose(n, 8, ("DE", "NO", "FR", "PL", "PT")),
        "reference": "%032x" % (pick(n, 9, 1 << 62) << 60),
        "description": _words(n, 10, 46),
        "tags": [choose(n, 11 + tag, WORDS) for tag in range(3)],
        "address": {"street": _words(n, 14, 3), "number": pick(n, 15, 300),
                    "postal_code": "%05d" % pick(n, 16, 10**5)},
        "metrics": {"clicks": pick(n, 17, 10**6), "rate": jsontext.Raw(
            "0.%06d" % pick(n, 18, 10**6)), "flags": [n % 2, n % 5]},
    }


@functools.lru_cache(maxsize=16)
def _template(count):
    """The rows of a page of that many, as one piece."""
    return b",".join(jsontext.encode(make_row(n)) for n in range(count))


class PageCache:
    """Rendered rows by (first id, count), the latest used last."""

    def __init__(self):
        self._lock = threading.Lock()
        self._pages = OrderedDict()
        self._bytes = 0

    def rows(self, first, count):
        key = first, count
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
                return self._pages[key]
        text = _template(count) % tuple(range(first, first + count))
        with self._lock:
            if key not in self._pages:
                self._pages[key] = text
                self._bytes += len(text)
            while self._bytes > MAX_KEPT_BYTES:
                self._bytes -= len(self._pages.popitem(last=False)[1])
        return text


CACHE = PageCache()


@functools.lru_cache(maxsize=256)
def _settings(segment):
    settings = dict(DEFAULTS)
    for setting in segment.split(";")[1:]:
        key, _, value = setting.partition("=")
        settings[key] = (int(value) if isinstance(settings[key], int)
                         else value)
    style = STYLES[settings["style"]](settings["size"], settings["size"],
                                      "rows")
    return settings, style


def _document(root, style):
    row = openapi.obj({
        "id": openapi.whole(), "account_id": openapi.whole(),
        "amount": {"type": "number"},
        "created_at": openapi.moment(), "updated_at": openapi.moment(),
        "active": openapi.flag(),
        **{name: openapi.text() for name in
           ("name", "email", "city", "status", "country", "reference",
            "description")},
        "tags": openapi.array(openapi.text()),
        "address": openapi.obj({"street": openapi.text(),
                                "number": openapi.whole(format="int32"),
                                "postal_code": openapi.text()}),
        "metrics": {"type": "object"}})
    return {"openapi": "3.0.3", "info": {"title": "Bench", "version": "1"},
            "servers": [{"url": root}],
            "paths": {"/rows": {"get": list_operation("rows", "Row", style)}},
            "components": {"schemas": {"Row": row}}}


def _serve_one(settings, rest):
    """Answer to rows/<id> and rows/<id>/parts."""
    number = int(rest[1]) if rest[1].isdigit() else 0
    if not 1 <= number <= settings["rows"] or rest[2:] not in ([], ["parts"]):
        return Reply(404, b'{"error":"not found"}')
    if settings["delay_ms"]:
        time.sleep(settings["delay_ms"] / 1000.0)
    if not rest[2:]:
        return Reply(200, CACHE.rows(number, 1))
    return Reply(200, b'{"rows":[%s]}' % b",".join(
        b'{"id":%d,"n":%d}' % (number * 10 + n, n) for n in range(3)))


def serve(request, root, segment, rest):
    """Answer below /s/<id>/bench;..."""
    try:
        settings, style = _settings(segment)
    except (KeyError, ValueError) as problem:
        return Reply(404, ("bad scenario: %s\n" % problem).encode(),
                     "text/plain")
    if rest == ["openapi.json"]:
        return Reply(200, jsontext.encode(_document(root, style)))
    if rest[:1] == ["rows"] and rest[1:]:
        return _serve_one(settings, rest)
    if rest != ["rows"]:
        return Reply(404, b'{"error":"not found"}')
    try:
        start, size = style.read(request.query)
    except BadPage as problem:
        return Reply(400, jsontext.encode({"error": str(problem)}))
    if settings["delay_ms"]:
        time.sleep(settings["delay_ms"] / 1000.0)
    count = max(0, min(size, settings["rows"] - start))
    page = Page([], start, size, settings["rows"])
    page.following = (start + count if start + count < settings["rows"]
                      else None)
    if count:
        page.rows = [CACHE.rows(start + 1, count)]
    headers, parts = style.write(page, Links(request.origin, root + "/rows",
                                             request.query))
    return Reply(200, b"".join(parts), headers=headers)
