"""Which APIs test what tables are made of paths?

`/made/bare`: nothing describes it.  `/made/rpc`: everything is asked by POST.
`/made/nest`: rows that hold arrays of rows, versions of one resource, a
default that hides rows, an answer of which nothing is said.
"""

import json

import jsontext
from http1 import Reply
from openapi import array, obj, text, whole

USERS = 12
ACCOUNTS = 7
ORDERS = 5


def _error(status, message):
    return Reply(status, jsontext.encode({"error": message}))


def _answer(value):
    return Reply(200, jsontext.encode(value))


def _response(schema):
    return {"200": {"description": "OK", "content": {"application/json": {
        "schema": schema} if schema is not None else {}}}}


def _get(schema, **more):
    return {"get": dict({"responses": _response(schema)}, **more)}


def _document(paths, prefix):
    return {"openapi": "3.0.3", "info": {"title": "Made", "version": "1"},
            "servers": [{"url": prefix}], "paths": paths}


# What nothing describes

def user(number):
    return {"id": number, "name": "user %d" % number,
            "joined_at": "2025-01-%02dT00:00:00Z" % number}


def _linked(request, path):
    """Rows that link to their items: by URL, to what differs, as HAL does."""
    def row(n):
        link = "%s/p-%d/" % (path[0], n)
        if path[0] == "halls":
            return {"code": "p-%d" % n, "seats": n * 10,
                    "_links": {"self": {"href": link[:-1]}}}
        return {"url": "http://inside.example%s/p-%d/" % (
                    request.path.split("/" + path[0])[0] + "/" + path[0], n),
                "rank": n, "slug": "p-%d" % n, "title": "place %d" % n}
    rows = [row(n) for n in range(1, 13)]
    if path[1:]:
        found = [one for one in rows if path[1] in one.values()]
        if found and path[0] == "wrongs":
            found[0]["title"] = "another"
        return _answer(found[0]) if found else _error(404, "no such place")
    start = (int(request.query.get("page", "1")) - 1) * 5
    return _answer({"count": len(rows), "results": rows[start:start + 5],
                    "next": "?page=%d" % (start // 5 + 2)
                    if start + 5 < len(rows) else None})


def _bare(request, path):
    users = [user(number) for number in range(1, USERS + 1)]
    if path == ["users"]:
        return _answer(users)
    if path == ["search"]:
        found = [one for one in users if request.query.get("q") in one["name"]]
        return _answer({"hits": found})
    if path == ["empty"]:
        return _answer([])
    if path == ["fleet"]:
        return _answer({
            "cars": [{"id": n, "plate": "P-%d" % n} for n in range(1, 4)],
            "vans": [{"id": n, "load": n * 100} for n in range(1, 4)]})
    if path == ["repeats"]:
        return _answer({"page": 1, "size": 3, "values": users[:3]})
    if path[:1] in (["places"], ["wrongs"], ["halls"]):
        return _linked(request, path)
    if path == ["page"]:
        return Reply(200, b"<html><body>hello</body></html>", "text/html")
    if len(path) >= 2 and path[0] == "users" and path[1].isdigit():
        number = int(path[1])
        if not 1 <= number <= USERS:
            return _error(404, "no such user")
        if len(path) == 2:
            return _answer(user(number))
        if path[2:] == ["posts"]:
            return _answer({"posts": [
                {"number": n, "title": "post %d of %d" % (n, number)}
                for n in range(1, number % 3 + 1)]})
    return _error(404, "nothing here")


# What is read by POST

def _rpc_document(prefix):
    row = obj({"account_id": text(), "kind": text(), "balance": whole()})

    def post(rows, member, request, **more):
        return {"post": dict({
            "requestBody": {"content": {"application/json": {
                "schema": request}}},
            "responses": _response(obj({member: array(rows),
                                        "total": whole()}))}, **more)}

    return _document({
        "/accounts/search": post(
            row, "accounts",
            obj({"kind": text(enum=["giro", "deposit"]),
                 "limits": obj({"min_balance": whole()}, required=[]),
                 "options": obj({"page": whole(), "per_page": whole(
                     maximum=3)}, required=[])}, required=[])),
        "/transfers/list": post(
            obj({"id": whole(), "since": text()}), "transfers",
            obj({"year": whole(), "version": whole(default=2)},
                required=["year", "version"])),
        "/accounts": post(row, "accounts", row,
                          operationId="createAccount"),
    }, prefix)


def _rpc(request, path):
    if request.method != "POST":
        return _error(405, "ask by POST")
    body = json.loads(request.body or b"null")
    asked = json.dumps(body, separators=(",", ":"), sort_keys=True)
    if path == ["accounts", "search"]:
        rows = [{"account_id": "a%d" % n,
                 "kind": "giro" if n % 2 else "deposit", "balance": 100 * n,
                 "asked": asked} for n in range(1, ACCOUNTS + 1)]
        if "kind" in body:
            rows = [row for row in rows if row["kind"] == body["kind"]]
        options = body.get("options", {})
        size = options.get("per_page", ACCOUNTS)
        start = (options.get("page", 1) - 1) * size
        return _answer({"accounts": rows[start:start + size],
                        "total": len(rows)})
    if path == ["transfers", "list"]:
        if not isinstance(body.get("year"), int):
            return _error(400, "year must be a number")
        return _answer({"transfers": [{"id": n, "since": asked}
                                      for n in range(1, 3)], "total": 2})
    return _error(500, "this changes something")


# Rows in rows, versions, defaults

def order(number):
    return {"id": number, "customer": "c%d" % number,
            "items": [{"sku": "s%d-%d" % (number, n), "quantity": n}
                      for n in range(1, number % 4 + 1)],
            "delivery": {"parcels": [{"weight": 10 * number}]}}


def _nest_document(prefix):
    row = obj({"id": whole(), "customer": text(),
               "items": array(obj({"sku": text(), "quantity": whole()})),
               "delivery": obj({"parcels": array(obj({"weight": whole()}))})})
    report = array(obj({"id": whole(), "title": text()}))
    issue = array(obj({"id": whole(), "state": text(enum=["open", "closed"])}))
    key = {"name": "id", "in": "path", "required": True, "schema": whole()}
    state = {"name": "state", "in": "query",
             "schema": text(enum=["open", "closed"], default="open")}
    return _document({
        "/v1/orders": _get(array(row), summary="Orders"),
        "/v1/orders/{id}": _get(row, parameters=[key]),
        "/v1/reports": _get(report, deprecated=True),
        "/v2/reports": _get(report),
        "/v1/issues": _get(issue, parameters=[state]),
        "/v1/blob": _get(None),
        "/v1/vacant": _get(None),
        "/v1/old": _get(report, deprecated=True, summary="Old things",
                        **{"x-sunset": "2027-06-30"}),
    }, prefix)


def _nest(request, path):
    orders = [order(number) for number in range(1, ORDERS + 1)]
    if path == ["v1", "orders"]:
        return _answer(orders)
    if path[:2] == ["v1", "orders"] and path[2].isdigit():
        found = [one for one in orders if one["id"] == int(path[2])]
        return _answer(found[0]) if found else _error(404, "no such order")
    if path in (["v1", "reports"], ["v2", "reports"], ["v1", "old"]):
        return _answer([{"id": 1, "title": path[0]}])
    if path == ["v1", "issues"]:
        wanted = request.query.get("state", "open")
        return _answer([{"id": n, "state": state} for n, state in
                        enumerate(["open", "closed", "open"], 1)
                        if state == wanted])
    if path == ["v1", "adding"]:
        return _answer([{"id": n, "state": state} for n, state in
                        enumerate(["open", "closed", "open"], 1)
                        if request.query.get("state") == "closed" or
                        state == "open"])
    if path == ["v1", "mixing"]:
        wanted = request.query.get("state", "open")
        return _answer([{"id": n, "state": state} for n, state in
                        enumerate(["open", "closed", None, "lost", None], 1)
                        if state in (wanted, "lost") or n == 3 or
                        wanted == "closed" and n == 5]
                       + [{"id": 6}, {"id": 6}])
    if path == ["v1", "blob"]:
        return _answer({"things": [{"id": 1, "parts": [
            {"name": "a"}, {"name": "b"}]}, {"id": 2, "parts": []}]})
    if path == ["v1", "vacant"]:
        return _answer({})
    return _error(404, "nothing here")


_APIS = {"bare": (None, _bare), "rpc": (_rpc_document, _rpc),
         "nest": (_nest_document, _nest)}


def serve(request, segments, before):
    """Answer what is below /made/<api>."""
    document, route = _APIS.get(segments[1], (None, None))
    if route is None:
        return _error(404, "no such API")
    path = [part for part in segments[2:] if part]
    if path == ["openapi.json"] and document is not None:
        return _answer(document("%s/made/%s" % (before, segments[1])))
    return route(request, path)
