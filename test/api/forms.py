"""In which forms can rows stand in an answer?

Under /f/<session>/ there is an API each of whose paths has its rows in
another form: JSON:API, GeoJSON, members of an object, arrays of values whose
names stand elsewhere, lines, rows in rows.  /openapi.json describes those of
them that a description can tell; the query parameter "bad" spoils an answer.
"""

import json

from http1 import Reply
from openapi import answer, array, obj, ref, text, variable, whole

PAGE = 3
ARTICLES = 7
USERS = 5
ORDERS = 8

LINES = "application/x-ndjson"


def article(n):
    return {"type": "articles", "id": str(n),
            "attributes": {"title": "article %d" % n, "words": 100 * n},
            "relationships": {"author": {"data": {"type": "people",
                                                  "id": str(n % 3)}}},
            "links": {"self": "/articles/%d" % n}}


def user(n):
    return {"name": "user %d" % n, "score": n * n}


def order(n):
    """Order n has n % 3 items, number 4 a single object, number 5 null."""
    items = [{"sku": "s%d" % i, "amount": i + 1} for i in range(n % 3)]
    found = {"id": n, "customer": "c%d" % (n % 2), "items": items}
    if n == 4:
        found["items"] = {"sku": "alone", "amount": 9}
    if n == 5:
        found["items"] = None
    return found


def _page(request):
    given = request.query.get("page", "1")
    return int(given) if given.isdigit() else 1


def _window(page, total):
    return range((page - 1) * PAGE + 1, min(page * PAGE, total) + 1)


def articles(request, rest):
    if rest:
        n = int(rest[0]) if rest[0].isdigit() else 0
        if not 1 <= n <= ARTICLES:
            return 404, {"errors": [{"status": "404", "title": "not found"}]}
        return 200, {"data": article(n)}
    page = _page(request)
    links = {}
    if page * PAGE < ARTICLES:
        links["next"] = "articles?page=%d" % (page + 1)
    return 200, {"data": [article(n) for n in _window(page, ARTICLES)],
                 "links": links, "meta": {"total": ARTICLES}}


def places(request, rest):
    features = [{"type": "Feature", "id": n,
                 "geometry": {"type": "Point", "coordinates": [n, n + 0.5]},
                 "properties": {"name": "place %d" % n, "id": "p%d" % n}}
                for n in (1, 2)]
    return 200, {"type": "FeatureCollection", "features": features}


def hits(request, rest):
    found = [{"_index": "logs", "_id": "l%d" % n, "_score": 1.5,
              "_source": {"level": "warn", "line": n}} for n in (1, 2)]
    return 200, {"took": 1, "timed_out": False,
                 "hits": {"total": {"value": 2}, "hits": found}}


def connection(request, rest):
    edges = [{"cursor": "c%d" % n, "node": {"id": n, "name": "node %d" % n}}
             for n in (1, 2, 3)]
    return 200, {"data": {"things": {"edges": edges,
                                     "pageInfo": {"hasNextPage": False}}}}


def wrapped(request, rest):
    return 200, {"items": [{"item": {"id": n, "name": "thing %d" % n}}
                           for n in (1, 2)]}


def users(request, rest):
    if rest:
        n = int(rest[0][1:]) if rest[0][1:].isdigit() else 0
        if not 1 <= n <= USERS:
            return 404, {"message": "no such user"}
        return 200, user(n)
    page = _page(request)
    found = {"u%d" % n: user(n) for n in _window(page, USERS)}
    if request.query.get("bad") == "error":
        return 200, {"error": "no users today"}
    if request.query.get("bad") == "null" and page == 1:
        found["u0"] = None
    if request.query.get("bad") == "empty":
        return 200, {"users": [], "page": 1}
    more = page * PAGE < USERS
    return 200, {"users": found, "next_page": page + 1 if more else None}


def codes(request, rest):
    """The members have numbers, by which items are asked for."""
    found = {"one": {"id": 1, "label": "first"},
             "two": {"id": 2, "label": "second"}}
    if not rest:
        return 200, found
    for code in found.values():
        if rest[0] == str(code["id"]):
            return 200, code
    return 404, {"message": "no such code"}


def report(request, rest):
    """The names change their order from page to page."""
    page = _page(request)
    names = ["id", "total", "note"]
    if page % 2 == 0:
        names.reverse()
    if request.query.get("bad") == "gone":
        names[names.index("note")] = "remark"
    rows = []
    for n in _window(page, USERS):
        values = {"id": n, "total": n * 1.25, "note": "n%d" % n,
                  "remark": "r%d" % n}
        rows.append([values[name] for name in names])
    if request.query.get("bad") == "ragged":
        rows[-1].append("more")
    found = {"columns": [{"name": name} for name in names], "rows": rows,
             "next_page": page + 1 if page * PAGE < USERS else None}
    if request.query.get("bad") == "unnamed":
        del found["columns"]
    return 200, found


def census(request, rest):
    return 200, [["NAME", "P1", "state"], ["Alabama", "5024279", "01"],
                 ["Alaska", None, "02"]]


def forecast(request, rest):
    """Lists, each a column; in the second object one is too short."""
    return 200, {"place": "x",
                 "hourly": {"time": [f"2024-07-01T{hour:02}:00" for hour in range(4)],
                            "temp": [13.5, None, 12, 11.25], "station": 7},
                 "daily": {"time": ["2024-07-01", "2024-07-02"], "rain": [1]}}


def orders(request, rest):
    page = _page(request)
    found = [order(n) for n in _window(page, ORDERS)]
    return 200, {"orders": found, "total": ORDERS}


def empty(request, rest):
    return 200, {"data": [], "total": 0}


def _lines(found, between="\n"):
    return "".join(json.dumps(line) + between for line in found)


def events(request, rest):
    """Lines: each is a row."""
    bad = request.query.get("bad")
    found = _lines({"seq": n, "kind": "k%d" % (n % 2)} for n in range(1, 6))
    if bad == "cut":
        found = found[:-8]
    if bad == "none":
        found = ""
    if bad == "separators":
        found = "".join("\x1e" + line + "\n" for line in found.splitlines())
    if bad == "error":
        found += _lines([{"error": "ran out of events"}])
    return 200, found


def stream(request, rest):
    """Lines: each wraps a row, or says something else."""
    found = [{"result": {"seq": n}} for n in (1, 2, 3)]
    found.insert(1, {"heartbeat": 1})
    if request.query.get("bad") == "error":
        found.append({"error": {"code": 13, "message": "broke off"}})
    if request.query.get("bad") == "elsewhere":
        found = [{"row": {"seq": n}} for n in (1, 2, 3)]
    return 200, _lines(found, "")


PATHS = {"articles": articles, "places": places, "hits": hits,
         "connection": connection, "wrapped": wrapped, "users": users,
         "report": report, "census": census, "orders": orders, "forecast": forecast,
         "empty": empty, "events": events, "stream": stream, "codes": codes}


def _described():
    resource = obj({"type": text("Always articles."), "id": text("Its id."),
                    "attributes": obj({"title": text("What it is called."),
                                       "words": whole("How long it is.")}),
                    "relationships": obj({"author": obj({"data": obj(
                        {"type": text("people"), "id": text("Who.")})})}),
                    "links": obj({"self": text("Itself.")})})
    schemas = {"Article": resource,
               "Code": obj({"id": whole("Number."), "label": text("Text.")}),
               "User": obj({"name": text("Name."), "score": whole("Score.")}),
               "Event": obj({"seq": whole("Number."), "kind": text("Kind.")})}
    page = {"name": "page", "in": "query", "schema": {"type": "integer"}}
    listed = obj({"data": array(ref("Article")),
                  "links": obj({"next": text("The next page.")}),
                  "meta": obj({"total": whole("All.")})})
    mapped = obj({"users": {"type": "object",
                            "additionalProperties": ref("User")},
                  "next_page": whole("The next page.")})
    values = obj({"columns": array(obj({"name": text("Name.")})),
                  "rows": array(array({})), "next_page": whole("Next.")})
    lines = {"200": {"description": "events", "content": {
        LINES: {"schema": ref("Event")}}}}
    return schemas, {
        "/articles": {"get": {"parameters": [page],
                              "responses": {"200": answer(listed)}}},
        "/articles/{id}": {"get": {
            "parameters": [variable("id", text())],
            "responses": {"200": answer(obj({"data": ref("Article")}))}}},
        "/users": {"get": {"parameters": [page],
                           "responses": {"200": answer(mapped)}}},
        "/users/{user_id}": {"get": {
            "parameters": [variable("user_id", text())],
            "responses": {"200": answer(ref("User"))}}},
        "/codes": {"get": {"responses": {"200": answer({
            "type": "object", "additionalProperties": ref("Code")})}}},
        "/codes/{id}": {"get": {
            "parameters": [variable("id", whole("Number."))],
            "responses": {"200": answer(ref("Code"))}}},
        "/report": {"get": {"parameters": [page],
                            "responses": {"200": answer(values)}}},
        "/events": {"get": {"responses": lines}},
    }


def describe(request, token):
    schemas, paths = _described()
    return {"openapi": "3.0.3", "info": {"title": "Forms", "version": "1"},
            "servers": [{"url": "/f/" + token}], "paths": paths,
            "components": {"schemas": schemas}}


def serve(request, segments):
    token, name, rest = segments[1], segments[2], segments[3:]
    if name == "openapi.json":
        status, body = 200, describe(request, token)
    elif name in PATHS:
        status, body = PATHS[name](request, rest)
    else:
        status, body = 404, {"message": "no such path"}
    if isinstance(body, str):
        return Reply(status, body.encode(), LINES)
    return Reply(status, json.dumps(body).encode())
