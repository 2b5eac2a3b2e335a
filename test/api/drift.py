"""What does the API under /d/<id> answer, given what has changed?

    /d/<id>/v1/openapi.json     its description, with validators (RFC 9110)
    /d/<id>/v1/orders           page numbers
    /d/<id>/v1/customers        cursor
    /d/<id>/v1/products         Link header

and an item below each.  What changes is set by PUT /_drift/<id>
(drift_state.py) and made of two models (drift_model.py), one described, one
served.
"""

import datetime
from email.utils import format_datetime, parsedate_to_datetime

import auth
import drift_model
import drift_spec
import drift_switches  # noqa: F401 (registers its switches)
import drift_wire
import jsontext
import pagination
from http1 import Reply

# The description's date at first; every change makes it a minute younger.
FIRST_MODIFIED = datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc)


class Call:
    """One request, and the headers that its answer gets in any case."""

    def __init__(self, app, request):
        self.app = app
        self.request = request
        self.token = request.segments[1]
        self.prefix = "/d/" + request.path.split("/")[2]
        self.path = "/" + "/".join(request.segments[2:])
        self.state = app.drift[self.token]
        self.on_other = request.connection.listener.name == "other"
        self.headers = []

    def other_origin(self):
        other = self.app.listeners["other"]
        return "%s://127.0.0.1:%d" % (other.scheme, other.port)

    def ask(self, hooks):
        """The first answer that one of the hooks gives, None if none."""
        for hook in hooks:
            reply = hook(self)
            if reply is not None:
                return reply
        return None


def serve(app, request):
    """Answer /d/<id>/<rest>."""
    call = Call(app, request)
    model = call.state.model("payload")
    reply = call.ask(model.before)
    if reply is None:
        if call.path in (drift_model.BASE + "/openapi.json",
                         model.base + "/openapi.json"):
            reply = describe(call)
        else:
            reply = _data(call, model)
    reply.headers += call.headers
    reply.compressible = True
    return reply


# The description

def describe(call):
    model = call.state.model("spec")
    reply = call.ask(model.describing)
    if reply is not None:
        return reply
    body = jsontext.encode(drift_spec.document(model, call.prefix,
                                               call.other_origin()))
    etag, revision = call.state.validators(body)
    modified = FIRST_MODIFIED + datetime.timedelta(minutes=revision)
    headers = [("ETag", etag),
               ("Last-Modified", format_datetime(modified, usegmt=True))]
    if _is_known(call.request, etag, modified):
        return Reply(304, content_type=None, headers=headers)
    return Reply(200, body, headers=headers)


def _is_known(request, etag, modified):
    """Whether the client has that already: by its tag, else, only if it
    sent none, by its date (RFC 9110, section 13.2.2)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return "*" in known or etag in known
    since = request.headers.get("if-modified-since")
    try:
        return (since is not None
                and modified <= parsedate_to_datetime(since))
    except (TypeError, ValueError):
        return False


# Data

def _data(call, model):
    found = model.find(call.path)
    if found is None:
        return _not_found()
    place, key = found
    if isinstance(place, drift_model.Alias):
        if place.table is None or place.code != 200:
            return _gone(call, place, key)
        place = place.table
    if place.origin is not None and not call.on_other:
        return _not_found()
    reply = _guard(call, model)
    if reply is None:
        reply = call.ask(place.before)
    if reply is None:
        reply = _read(call, place, key)
    for hook in place.after:
        reply = hook(call, reply) or reply
    reply.headers += place.headers
    return reply


def _not_found():
    return drift_wire.error(404, "not_found", "there is nothing here")


def _gone(call, alias, key):
    """The answer at a path that a table had."""
    if alias.table is None:
        reply = drift_wire.error(alias.code, "gone", "no longer here")
        if alias.code == 405:
            reply.headers.append(("Allow", "POST"))
        return reply
    location = call.prefix + alias.table.path
    if key is not None:
        location += "/" + key
    if alias.table.origin is not None:
        location = call.other_origin() + location
    if call.request.query_text:
        location += "?" + call.request.query_text
    return Reply(alias.code, b"moved\n", "text/plain",
                 [("Location", location)])


def _guard(call, model):
    """The refusal of a request that does not get at the data."""
    if call.request.method not in ("GET", "HEAD"):
        reply = drift_wire.error(405, "method_not_allowed", "read only")
        reply.headers.append(("Allow", "GET, HEAD"))
        return reply
    # The other origin wants no credential, as in the scenarios.
    if model.scheme is not None and not call.on_other:
        scheme = auth.SCHEMES[model.scheme]
        if not scheme.present(call.request):
            reply = auth.refusal(scheme)
            if model.challenge is not None:
                reply.set_header("WWW-Authenticate", model.challenge)
            return reply
    return call.ask(model.guards)


def _read(call, table, key):
    if key is not None:
        return _item(table, key)
    query = call.request.query
    for name, code in table.refused.items():
        if name in query:
            return _problem(code, name, "is not known")
    for param in table.params:
        if param.required and not query.get(param.name):
            return _problem(param.required_code, param.name, "is required")
        schema = param.schema
        if query.get(param.name) and "enum" in schema and (
                query[param.name] not in schema["enum"]):
            return _problem(400, param.name, "is not one of those known")
    try:
        return _page(call, table, _matching(table, query))
    except pagination.BadPage as problem:
        return drift_wire.error(400, "bad_parameter", str(problem))


def _problem(status, field, what):
    """Problem details (RFC 9457) that name a parameter."""
    return Reply(status, jsontext.encode({
        "type": "about:blank", "title": "Bad parameter", "status": status,
        "detail": "%s %s" % (field, what),
        "errors": [{"field": field, "message": what}]}),
        "application/problem+json")


def _plain(value):
    """A value as a parameter writes it."""
    return value if isinstance(value, str) else jsontext.dump(value)


def _matching(table, query):
    """The rows that the filters leave."""
    if table.empty:
        return []
    rows = table.all_rows()
    for param in table.params:
        wanted = query.get(param.name, param.default)
        if param.column is not None and wanted:
            name = param.column.name
            rows = [row for row in rows
                    if name in row and _plain(row[name]) == wanted]
    return rows


def _page(call, table, rows):
    style = table.style
    if style.name == "none":
        start, size = 0, max(1, len(rows))
    else:
        start, size = style.read(call.request.query)
    page = pagination.Page([jsontext.encode(row)
                            for row in rows[start:start + size]],
                           start, size, len(rows))
    links = pagination.Links(call.request.origin, call.request.path,
                             call.request.query)
    headers, parts = style.write(page, links)
    return Reply(200, b"".join(parts), headers=headers)


def _item(table, key):
    for row in table.all_rows():
        if table.key.name in row and _plain(row[table.key.name]) == key:
            return Reply(200, jsontext.encode(row))
    return _not_found()
