"""Which part of the shop does a path mean, and what does it answer?

Serves what openapi.py describes over the rows of shop.py: lists with their
filters and five pagination styles, items, sub-collections, single objects and
a few operations that no reader should call (they answer, and change nothing).
The same API stands at several roots, which differ in where the description
is found and which credential is wanted:

    /shop/v1, /shop31/v1    everything open
    /linked/v1              description found only through a Link header
    /auth/<scheme>/v1       description open, data wants a credential
    /locked/<scheme>/v1     both want it (/locked/v1: a bearer token)
"""

import datetime
from decimal import Decimal

import auth
import jsontext
import openapi
import pagination
import shop
from http1 import Reply

JSON = "application/json"


class BadParameter(Exception):
    """A query parameter whose value cannot be understood."""


def error(status, code, message):
    return Reply(status, jsontext.encode(
        {"error": {"code": code, "message": message}}))


# Filters: each makes, from the text of a parameter, a test for rows

def equals_number(field):
    def make(value):
        if not value.lstrip("-").isdigit():
            raise BadParameter("%s must be a whole number" % field)
        wanted = int(value)
        return lambda members: members[field] == wanted
    return make


def equals_flag(field):
    def make(value):
        if value not in ("true", "false"):
            raise BadParameter("%s must be true or false" % field)
        wanted = value == "true"
        return lambda members: members[field] is wanted
    return make


def one_of(field, allowed):
    def make(value):
        if value not in allowed:
            raise BadParameter("%s must be one of %s"
                               % (field, ", ".join(allowed)))
        return lambda members: members[field] == value
    return make


def equals_text(field):
    return lambda value: lambda members: members[field] == value


def after(field):
    def make(value):
        try:
            bound = datetime.datetime.fromisoformat(
                value.replace("Z", "+00:00").replace(" ", "+"))
        except ValueError:
            raise BadParameter("%s must be a date-time" % field) from None
        if bound.tzinfo is None:
            bound = bound.replace(tzinfo=datetime.timezone.utc)

        def test(members):
            when = datetime.datetime.fromisoformat(
                members[field].replace("Z", "+00:00"))
            return when > bound
        return test
    return make


def search(*fields):
    """Words in any order and case, within any of the fields: more than
    equality would find, and not what LIKE would find."""
    def make(value):
        words = value.lower().split()
        return lambda members: all(
            any(word in (members[field] or "").lower() for field in fields)
            for word in words)
    return make


class Collection:
    """A list and its items: rows, key, pagination style, filters."""

    def __init__(self, key, key_type, style, filters):
        self.key = key
        self.key_type = key_type
        self.style = style
        self.filters = filters
        self._index = None

    def item(self, rows, text):
        """The row with that key, None if there is none."""
        if self._index is None:
            self._index = {row.members[self.key]: row for row in rows}
        try:
            return self._index.get(self.key_type(text))
        except ValueError:
            return None

    def matching(self, rows, query):
        tests = [make(query[name]) for name, make in self.filters.items()
                 if name in query]
        if not tests:
            return rows
        return [row for row in rows
                if all(test(row.members) for test in tests)]


COLLECTIONS = {
    "customers": Collection(
        "id", int, pagination.PageNumber(20, 100),
        {"tier": one_of("tier", shop.TIERS),
         "active": equals_flag("active"), "q": search("name", "email"),
         "created_after": after("created_at")}),
    "orders": Collection(
        "id", int, pagination.Cursor(50, 200, "orders"),
        {"status": one_of("status", shop.ORDER_STATUSES),
         "gift": equals_flag("gift"),
         "customer_id": equals_number("customer_id"),
         "q": search("number", "note"),
         "created_after": after("created_at")}),
    "products": Collection(
        "id", str, pagination.LinkHeader(30, 100),
        {"in_stock": equals_flag("in_stock"), "sku": equals_text("sku"),
         "q": search("name")}),
    "payments": Collection(
        "id", str, pagination.Offset(100, 500),
        {"status": one_of("status", shop.PAYMENT_STATUSES),
         "provider": one_of("provider", shop.PROVIDERS),
         "order_id": equals_number("order_id"),
         "created_after": after("created_at")}),
    "events": Collection(
        "id", str, pagination.NextUrl(50, 250),
        {"type": one_of("type", shop.EVENT_TYPES)}),
}

SHOP = shop.Shop()


def list_reply(request, style, rows):
    """One page of rows, as the query asks for it."""
    start, size = style.read(request.query)
    page = pagination.Page([row.text for row in rows[start:start + size]],
                           start, size, len(rows))
    links = pagination.Links(request.origin, request.path, request.query)
    headers, parts = style.write(page, links)
    return Reply(200, b"".join(parts), JSON, headers)


class Root:
    """One root of the API: `prefix` is what stood before the path within
    it.  Answers everything below itself."""

    def __init__(self, prefix, document, scheme=None, locked=False):
        self.prefix = prefix
        self.document = document
        self.scheme = scheme
        self.locked = locked

    def serve(self, request, path):
        """path: the segments below the root."""
        if path and path[-1] == "":
            path = path[:-1]
        describes = path == ["openapi.json"]
        if self.scheme is not None and (self.locked or not describes):
            scheme = auth.SCHEMES[self.scheme]
            free = path == ["status"] and not self.locked
            if not free and not scheme.present(request):
                return auth.refusal(scheme)
        try:
            reply = self.describe(request, path)
            if reply is None:
                reply = self._route(request, path)
        except (BadParameter, pagination.BadPage) as problem:
            reply = error(400, "bad_parameter", str(problem))
        reply.compressible = True
        return reply

    def describe(self, request, path):
        """The description, if that is what path means, else None."""
        if path != ["openapi.json"]:
            return None
        return Reply(200, jsontext.encode(
            self.document(self.prefix, self.scheme)))

    def _route(self, request, path):
        if request.method not in ("GET", "HEAD"):
            return _change(request, path)
        single = SINGLES.get("/".join(path))
        if single is not None:
            return single(request)
        if not path or path[0] not in COLLECTIONS:
            return _not_found()
        collection = COLLECTIONS[path[0]]
        rows = getattr(SHOP, path[0])
        if len(path) == 1:
            return list_reply(request, collection.style,
                              collection.matching(rows, request.query))
        row = collection.item(rows, path[1])
        if row is None:
            return _not_found()
        if len(path) == 2:
            return Reply(200, row.text)
        return _children(request, path, row)


class LinkedRoot(Root):
    """A root whose description has an unusual name, which the index tells."""

    def describe(self, request, path):
        if path == ["description"]:
            return super().describe(request, ["openapi.json"])
        if path == ["openapi.json"]:
            return _not_found()
        if path:
            return None
        index = {"name": "Sample Shop", "version": "1.4.0",
                 "collections": list(COLLECTIONS)}
        link = '<%s/description>; rel="service-desc"; type="%s"' % (
            self.prefix, JSON)
        return Reply(200, jsontext.encode(index), JSON, [("Link", link)])


def _not_found():
    return error(404, "not_found", "there is nothing at this path")


def _children(request, path, row):
    """What belongs to one row."""
    if path[2:] == ["orders"] and path[0] == "customers":
        number = row.members["id"]
        rows = [order for order in SHOP.orders
                if order.members["customer_id"] == number]
        return list_reply(request, COLLECTIONS["orders"].style, rows)
    if path[2:] == ["payments"] and path[0] == "orders":
        number = row.members["id"]
        texts = [payment.text for payment in SHOP.payments
                 if payment.members["order_id"] == number]
        return Reply(200, b'{"payments":[' + b",".join(texts) + b"]}")
    return _not_found()


def _change(request, path):
    """Operations that change things: they say they did."""
    known = path and path[0] in ("orders", "logout")
    if not known:
        return error(405, "method_not_allowed", "read only")
    if request.method == "DELETE":
        return Reply(204, content_type=None)
    return Reply(201, SHOP.orders[0].text)


# Single objects and other oddities

def _account(request):
    return Reply(200, jsontext.encode(SHOP.account))


def _status(request):
    return Reply(200, jsontext.encode(
        {"ok": True, "version": "1.4.0", "orders": shop.ORDERS}))


def _search(request):
    if "q" not in request.query:
        raise BadParameter("q is required")
    test = search("name")(request.query["q"])
    hits = [row.text for row in SHOP.products if test(row.members)]
    return Reply(200, b'{"hits":[' + b",".join(hits) + b"]}")


def _daily_report(request):
    totals = {}
    for row in SHOP.orders:
        day = row.members["created_at"][:10]
        count, total = totals.get(day, (0, Decimal(0)))
        totals[day] = (count + 1, total + row.members["total"])
    lines = ["day,orders,total"] + ["%s,%d,%s" % (day, count, total)
                                    for day, (count, total)
                                    in sorted(totals.items())]
    return Reply(200, ("\n".join(lines) + "\n").encode(), "text/csv")


def _logout(request):
    return Reply(200, b'{"bye":true}')


SINGLES = {"account": _account, "status": _status, "search": _search,
           "reports/daily.csv": _daily_report, "logout": _logout}


def find_root(segments, before=""):
    """Return (root, segments below it), or None.  `before` is what stood in
    the path before the segments and belongs to every link."""
    for pattern, make in _ROOTS:
        if (len(segments) >= len(pattern) and
                all(word in ("*", segment)
                    for word, segment in zip(pattern, segments))):
            words = segments[:len(pattern)]
            prefix = before + "/" + "/".join(words)
            if "*" in pattern and words[1] not in auth.SCHEMES:
                return None
            return make(prefix, words), segments[len(pattern):]
    return None


_ROOTS = (
    (("shop", "v1"), lambda prefix, words: Root(
        prefix, openapi.shop_document)),
    # A relative reference instead of a path: resolved against the
    # document's own URL, as the specification has it.
    (("shop31", "v1"), lambda prefix, words: Root(
        prefix, lambda _, scheme: openapi.shop_document_31("./", scheme))),
    (("linked", "v1"), lambda prefix, words: LinkedRoot(
        prefix, openapi.shop_document)),
    (("locked", "v1"), lambda prefix, words: Root(
        prefix, openapi.shop_document, "bearer", locked=True)),
    (("auth", "*", "v1"), lambda prefix, words: Root(
        prefix, openapi.shop_document, words[1])),
    (("locked", "*", "v1"), lambda prefix, words: Root(
        prefix, openapi.shop_document, words[1], locked=True)),
)
