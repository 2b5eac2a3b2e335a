"""What is the small collection that every scenario serves, and how is it
described?

Thing n has three members: {"id": n, "name": "thing n", "value": n.25}, so
that counts and sums are known without looking.  With the parameter filters=1
three more can be filtered by: kind, owner_id and active, and with
state=1 a fourth, whose default hides rows.
"""

from decimal import Decimal

import waysspec
from auth import SCHEMES
from openapi import answer, array, flag, obj, query, ref, text, variable, whole

KINDS = ("red", "RED", "green", "blue")
OWNERS = 5
STATES = ("open", "closed", "all")


def make_thing(n, filters=False, state=False):
    thing = {"id": n, "name": "thing %d" % n,
             "value": Decimal(n) + Decimal("0.25")}
    if filters:
        thing["kind"] = KINDS[n % len(KINDS)]
        thing["owner_id"] = 1 + n % OWNERS
        thing["active"] = n % 3 != 0
    if state:
        thing["state"] = STATES[n % 2]
    return thing


def filter_tests(query_of_request, filters, state):
    """What the request's filters ask for, as a list of (field, value) pairs
    of Python values; parameters of other names are ignored."""
    found = []
    if filters:
        if "kind" in query_of_request:
            found.append(("kind", query_of_request["kind"]))
        if query_of_request.get("owner_id", "").isdigit():
            found.append(("owner_id", int(query_of_request["owner_id"])))
        if query_of_request.get("active") in ("true", "false"):
            found.append(("active", query_of_request["active"] == "true"))
    if state:
        wanted = query_of_request.get("state", "open")
        if wanted != "all":
            found.append(("state", wanted))
    return found


def exact(rows, tests):
    """The rows whose fields equal what is asked for."""
    return [row for row in rows
            if all(row[field] == value for field, value in tests)]


def in_order(rows, sort):
    """The rows sorted by a field, backwards after a minus; rows without a
    value come first."""
    field = sort.lstrip("-")
    if not rows or field not in rows[0]:
        return rows
    return sorted(rows, key=lambda row: (row[field] is not None, row[field]),
                  reverse=sort.startswith("-"))


def _thing_schema(filters, state):
    properties = {"id": whole("The thing's identifier.", readOnly=True),
                  "name": text("What it is called."),
                  "value": {"type": "number"}}
    if filters:
        properties.update(kind=text(enum=list(KINDS)), owner_id=whole(),
                          active=flag())
    if state:
        properties["state"] = text(enum=list(STATES[:2]))
    return obj(properties)


def _filter_parameters(filters, state):
    parameters = []
    if filters:
        parameters += [query("kind", text(enum=list(KINDS))),
                       query("owner_id", whole()), query("active", flag())]
    if state:
        parameters.append(query("state", text(enum=list(STATES),
                                              default="open")))
    return parameters


def _page_parameters(style, schema_name):
    """Parameters of the style, and the schema of its answer."""
    rows = array(ref(schema_name))
    parameters = []
    if style.size_param is not None:
        sizes = {"minimum": 1, "default": style.default_size,
                 "maximum": style.max_size} if style.tells_sizes else {}
        parameters.append(query(style.size_param,
                                whole(format="int32", **sizes)))
    if style.name in ("page", "link"):
        parameters.append(query("page", whole(format="int32", default=1)))
    elif style.name == "offset":
        parameters.append(query("offset", whole(default=0)))
    elif style.name == "cursor":
        parameters.append(query("cursor", text()))
    number = whole(format="int32")
    schema = {
        "link": rows,
        "none": rows,
        "page": obj({"data": rows, "meta": obj({
            "page": number, "per_page": number, "total": number,
            "total_pages": number})}),
        "offset": obj({"items": rows, "total": number, "offset": number,
                       "limit": number}),
        "cursor": obj({style.resource: rows,
                       "next_cursor": text(nullable=True),
                       "has_more": flag()}),
        "next_url": obj({"count": number,
                         "next": text(format="uri", nullable=True),
                         "previous": text(format="uri", nullable=True),
                         "results": rows}),
    }.get(style.name, rows)
    return parameters, schema


def list_operation(resource, schema_name, style):
    """The operation that lists a collection in the given style."""
    parameters, schema, headers = (
        waysspec.described(style, array(ref(schema_name)))
        or (*_page_parameters(style, schema_name), None))
    if style.name == "link":
        headers = {"Link": {"schema": text(),
                            "description": "rel=next and so on (RFC 8288)"}}
    return {"operationId": "list" + resource.capitalize(),
            "tags": [resource], "parameters": parameters,
            "responses": {"200": answer(schema, headers=headers)}}


def things_document(server_url, style, scheme=None, filters=False,
                    state=False):
    """The OpenAPI 3.0 document.  server_url None: no servers at all."""
    listing = list_operation("things", "Thing", style)
    listing["parameters"] += _filter_parameters(filters, state)
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1"},
        "paths": {
            "/things": ({"post": waysspec.posted(array(ref("Thing")))}
                        if style.name == "posted" else {"get": listing}),
            "/things/{id}": {"get": {
                "operationId": "getThing", "tags": ["things"],
                "parameters": [variable("id", whole())],
                "responses": {"200": answer(ref("Thing"))}}}},
        "components": {"schemas": {"Thing": _thing_schema(filters, state)}},
    }
    if server_url is not None:
        document["servers"] = [{"url": server_url}]
    if scheme is not None:
        document["components"]["securitySchemes"] = {
            scheme: SCHEMES[scheme].description()}
        document["security"] = [{scheme: []}]
    return document
