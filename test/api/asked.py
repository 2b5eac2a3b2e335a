"""Which parameters do what their names promise, and which do not?

`/asked/<acts>/v1`: collections with filters, bounds and orders.  acts: `right`,
the parameters do what they promise; `ignores`, they do nothing; `short`, each
answer lacks every third row that it should have; `other`, `since` and `until` are
about another moment than the description lets one think, and sorting is of
texts.
"""

import datetime
import functools
import json
import urllib.parse
from decimal import Decimal

import jsontext
from http1 import Reply
from openapi import answer, array, flag, obj, query, text, whole

CITIES = ("Ulm", "Halle, Saale", "ulm", "Bonn")
SIZE = 50
BEGIN = datetime.datetime(2025, 1, 1, 12)


def _moment(hours):
    return (BEGIN + datetime.timedelta(hours=hours)).isoformat() + "Z"


def parcel(n):
    """Made every five hours, changed in another order, seen in a third."""
    return {"id": n, "city": CITIES[n % 4 if n % 16 else 1], "pieces": n % 9,
            "code": "P-%03d" % n, "weight": Decimal(n * 7 % 100) / 4,
            "created_at": _moment(5 * n),
            "updated_at": _moment(1000 + n * 37 % 120),
            "due_on": _moment(24 * (n * 11 % 120))[:10],
            "seen": int((BEGIN - datetime.datetime(1970, 1, 1))
                        .total_seconds()) + n * 53 % 120 * 3600,
            "closed_at": None if n % 2 else _moment(5 * n)}


def event(n):
    """The newest comes first."""
    return {"id": 121 - n, "at": _moment(5 * (121 - n)),
            "parcel_id": n * 7 % 120 + 1, "score": n * 31 % 50}


def box(n):
    """What of it is sent depends on what is asked for."""
    return {"id": n, "kind": ("crate", "drum", "bag")[n % 3],
            "size": n * 13 % 60, "label": "box %d" % (n % 20),
            "notes": "note %d" % n}


@functools.lru_cache(maxsize=None)
def _rows(name):
    make = {"parcels": parcel, "boxes": box}.get(name, event)
    return [make(n) for n in range(1, 121)]


MOMENT = text(format="date-time")
DAY = text(format="date")


def _always(properties):
    return dict(obj(properties), required=list(properties))


PARCEL = _always({
    "id": whole(), "city": text(), "pieces": whole(), "code": text(),
    "weight": {"type": "number"}, "created_at": MOMENT, "updated_at": MOMENT,
    "due_on": DAY, "seen": whole(format="unix-time"),
    "closed_at": dict(MOMENT, nullable=True)})
EVENT = _always({"id": whole(), "at": MOMENT, "parcel_id": whole(),
                 "score": whole()})


BOX = obj({"id": whole(), "kind": text(enum=["crate", "drum", "bag"]),
           "size": whole(), "label": text(), "notes": text()})


def _pages():
    return [query("page", whole(default=1)),
            query("per_page", whole(default=SIZE, maximum=SIZE))]


PARCEL_PARAMS = [
    query("city", text()), query("pieces", whole()),
    dict(query("code", text()), description="Search by code or its prefix."),
    query("created_after", MOMENT), query("created_before", MOMENT),
    query("since", MOMENT), query("due_from", DAY), query("due_to", DAY),
    query("seen_min", whole()), query("weight[gte]", {"type": "number"}),
    query("weight[lte]", {"type": "number"}),
    query("sort", text(enum=["created_at", "updated_at", "closed_at", "code",
                             "weight"])),
    query("direction", text(enum=["asc", "desc"], default="asc"))]
EVENT_PARAMS = [
    query("until", MOMENT),
    dict(query("ordering", text()),
         description="Which field to use when ordering the results.")]
MORE_PARAMS = [query("sort", text(enum=["id", "-id", "score_asc",
                                        "score_desc", "at"]))]


BOX_PARAMS = [
    dict(query("ids", dict(array(whole()), maxItems=40)), explode=False),
    query("kind", array(text(enum=["crate", "drum", "bag"]))),
    dict(query("labels", text()),
         description="Comma-separated list of labels, up to 20."),
    dict(query("fields", text()),
         description="Comma-separated names of the fields to return.")]


def _list(schema, parameters):
    return {"get": {"parameters": _pages() + parameters, "responses": {
        "200": answer(obj({"data": array(schema), "total": whole()}))}}}


def _item(schema):
    return {"get": {"parameters": [dict(query("id", whole()), required=True,
                                        **{"in": "path"})],
                    "responses": {"200": answer(schema)}}}


def document(prefix):
    return {"openapi": "3.0.3", "info": {"title": "Asked", "version": "1"},
            "servers": [{"url": prefix + "/v1"}],
            "paths": {"/parcels": _list(PARCEL, PARCEL_PARAMS),
                      "/parcels/{id}": _item(PARCEL),
                      "/boxes": _list(BOX, BOX_PARAMS),
                      "/boxes/{id}": _item(BOX),
                      "/events": _list(EVENT, EVENT_PARAMS),
                      "/scores": _list(EVENT, MORE_PARAMS)}}


# What the parameters do

def _unix(moment):
    return str(int((datetime.datetime.fromisoformat(moment.rstrip("Z")) -
                    datetime.datetime(1970, 1, 1)).total_seconds()))


TESTS = {
    "city": lambda row, value: row["city"] == value,
    "pieces": lambda row, value: str(row["pieces"]) == value,
    "code": lambda row, value: row["code"].startswith(value),
    # one end is inclusive, the other is not
    "created_after": lambda row, value: row["created_at"] > value,
    "created_before": lambda row, value: row["created_at"] <= value,
    "since": lambda row, value: row["updated_at"] >= value,
    "until": lambda row, value: row["at"] < value,
    "due_from": lambda row, value: row["due_on"] >= value,
    "due_to": lambda row, value: row["due_on"] <= value,
    "seen_min": lambda row, value: row["seen"] >= int(value),
    "weight[gte]": lambda row, value: row["weight"] >= Decimal(value),
    "weight[lte]": lambda row, value: row["weight"] <= Decimal(value)}
OTHER = dict(TESTS,
             since=lambda row, value: row["created_at"] >= value,
             until=lambda row, value: _unix(row["at"]) < value,
             city=lambda row, value: row["city"] in value.split(","))


def _sorted(rows, asked, acts):
    field = asked.get("sort") or asked.get("ordering")
    if not field:
        return rows
    down = field.startswith("-") or field.endswith("_desc") or \
        asked.get("direction") == "desc"
    field = field.lstrip("-")
    for end in ("_asc", "_desc"):
        field = field[:-len(end)] if field.endswith(end) else field
    if not rows or field not in rows[0]:
        return rows
    kind = str if acts == "other" else lambda value: value
    return sorted(rows, key=lambda row: (row[field] is None, kind(row[field])),
                  reverse=down)


def _chosen(rows, asked, acts):
    if acts == "ignores":
        return rows
    tests = OTHER if acts == "other" else TESTS
    asked = {name: value for name, value in asked.items()
             if name not in ("page", "per_page")}
    for name, value in asked.items():
        if name in tests:
            rows = [row for row in rows if tests[name](row, value)]
    rows = _sorted(rows, asked, acts)
    if acts == "short" and asked:
        rows = [row for i, row in enumerate(rows) if i % 3]
    return rows


def _boxes(request, acts):
    """right: the parameters take lists, fields chooses; other: they take the
    last value, fields adds to what is sent."""
    asked = {}
    for name, value in urllib.parse.parse_qsl(request.query_text):
        asked.setdefault(name, []).append(value)
    rows = _rows("boxes")
    for name, field in (("ids", "id"), ("kind", "kind"), ("labels", "label")):
        values = [value for given in asked.get(name, [])
                  for value in given.split(",")]
        if acts == "other":
            values = values[-1:]
        if values and acts != "ignores":
            rows = [row for row in rows if str(row[field]) in values]
    fields = [name for given in asked.get("fields", [])
              for name in given.split(",")]
    shown = ["id", "kind", "size", "label"]
    if fields and acts == "right":
        shown = fields
    elif fields and acts == "other":
        shown = shown + fields
    return [{name: row[name] for name in row if name in shown}
            for row in rows]


# Lists in paths and bodies

def _picked_document(prefix):
    """Crates by a list in the path, boxes by lists in a body."""
    wish = obj({"ids": array(whole()), "kinds": array(text(enum=[
        "crate", "drum", "bag"])), "page": whole(), "per_page": whole()}, required=[])
    crates = {"parameters": [dict(
        query("ids", dict(array(whole()), maxItems=4)), required=True,
        **{"in": "path", "style": "simple"})],
        "responses": {"200": answer(obj({"data": array(BOX)}))}}
    search = {"requestBody": {"content": {"application/json": {
        "schema": wish}}}, "responses": {"200": answer(
            obj({"data": array(BOX), "total": whole()}))}}
    return {"openapi": "3.0.3", "info": {"title": "Picked", "version": "1"},
            "servers": [{"url": prefix + "/v1"}],
            "paths": {"/crates/{ids}": {"get": crates},
                      "/boxes/search": {"post": search}}}


def _picked(request, rest):
    """Too many in a path, and what is no number, is refused."""
    if len(rest) == 3 and rest[1] == "crates":
        ids = rest[2].split(",")
        if len(ids) > 4 or not all(one.isdigit() for one in ids):
            return Reply(400, jsontext.encode({"error": "ids: at most 4"}))
        return Reply(200, jsontext.encode({"data": [
            box(int(one)) for one in ids if 1 <= int(one) <= 120]}))
    if rest == ["v1", "boxes", "search"] and request.method == "POST":
        wish = json.loads(request.body or b"{}")
        rows = [row for row in _rows("boxes")
                if row["id"] in wish.get("ids", [row["id"]])
                and row["kind"] in wish.get("kinds", [row["kind"]])]
        return _page(rows, wish)
    return Reply(404, jsontext.encode({"error": "nothing here"}))


def _page(rows, asked):
    size = min(int(asked.get("per_page", SIZE)), SIZE)
    start = (int(asked.get("page", 1)) - 1) * size
    return Reply(200, jsontext.encode({"data": rows[start:start + size],
                                       "total": len(rows)}))


def serve(request, segments, before):
    """segments: asked, acts, and the path within it."""
    acts, rest = segments[1], segments[2:]
    if acts == "picked":
        if rest == ["openapi.json"]:
            return Reply(200, jsontext.encode(_picked_document(
                "%s/asked/picked" % before)))
        return _picked(request, rest)
    if rest == ["openapi.json"]:
        return Reply(200, jsontext.encode(document(
            "%s/asked/%s" % (before, acts))))
    if rest == ["v1", "boxes"]:
        return _page(_boxes(request, acts), request.query)
    if len(rest) == 3 and rest[1] == "boxes" and rest[2].isdigit() and \
            1 <= int(rest[2]) <= 120:
        row = dict(box(int(rest[2])))
        del row["notes"]
        row["history"] = "made on day %d" % row["id"]
        return Reply(200, jsontext.encode(row))
    if len(rest) == 2 and rest[1] in ("parcels", "events", "scores"):
        name = "events" if rest[1] == "scores" else rest[1]
        return _page(_chosen(_rows(name), request.query, acts), request.query)
    if rest == ["v1", "quiet"]:  # which nothing describes
        return Reply(200, jsontext.encode([{"id": n} for n in range(1, 4)]))
    if len(rest) == 3 and rest[1] == "parcels" and rest[2].isdigit() and \
            1 <= int(rest[2]) <= 120:
        return Reply(200, jsontext.encode(parcel(int(rest[2]))))
    return Reply(404, jsontext.encode({"error": "nothing here"}))
