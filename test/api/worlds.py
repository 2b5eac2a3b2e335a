"""What do the small APIs under /i/<session>/w/<world> answer?

Each world is a few collections whose keys and relations are known, and
beside them coincidences that are none.  What is described, how pages come
and which parameters act differs by collection, so that tests can tell what
an import asked and what it made of the answers.
"""

from decimal import Decimal

import jsontext
from http1 import Reply

JSON = "application/json"


class Table:
    """A collection: rows, and how it is read.

    fields: names and types for the description, None where it says nothing
    of the answer.  page: rows per page, 0: all at once.  first: number of the
    first page, which nothing declares.  since: name of the parameter that asks for rows from a value of `moment` on; acts: what it
    does: "from", "after", "nothing".  item: the field that the item path
    identifies by, None: there is no item path.  below: name of the field
    that the variable before the last segment stands for.
    """

    def __init__(self, rows, fields=None, page=0, since=None, moment=None,
                 acts="from", item="id", below=None, variable="id", first=1):
        self.rows = rows
        self.fields = fields
        self.page = page
        self.first = first
        self.since = since
        self.moment = moment
        self.acts = acts
        self.item = item
        self.below = below
        self.variable = variable


class Raw:
    """A path that answers with no rows."""

    def __init__(self, body, content_type=JSON, status=200):
        self.body = body
        self.content_type = content_type
        self.status = status


def moment(n):
    """The nth quarter of an hour of 2024."""
    hours, quarters = divmod(n, 4)
    days, hours = divmod(hours, 24)
    month, day = divmod(days, 28)
    return "2024-%02d-%02dT%02d:%02d:00Z" % (month + 1, day + 1, hours,
                                             quarters * 15)


# Worlds

def school():
    """Keys of one and of two columns, a table that refers to itself, small
    integers everywhere, parameters that act and one that does not."""
    students = [{"id": n, "name": "student %d" % n, "mentor_id":
                 None if n < 3 else n // 2, "grade": n % 6 + 1,
                 "courses": n % 3, "updated_at": moment(n)}
                for n in range(1, 61)]
    courses = [{"id": n, "title": "course %d" % n, "teacher_id": 100 + n % 7,
                "level": n % 5 + 1, "changed": moment(3 * n)}
               for n in range(1, 25)]
    teachers = [{"id": 100 + n, "name": "teacher %d" % n, "room": n % 4 + 1}
                for n in range(7)]
    enrolments = [{"student_id": n % 60 + 1, "course_id": (n * 7) % 24 + 1,
                   "seat": n % 9 + 1}
                  for n in range(120)]
    marks = [{"rank": n + 1, "score": Decimal((n * 37) % 100) + Decimal("0.5"),
              "taken_on": moment(n)[:10]} for n in range(40)]
    number, text, when = "integer", "string", "date-time"
    return {
        "students": Table(students, {
            "id": number, "name": text, "mentor_id": number, "grade": number,
            "courses": number, "updated_at": when}, page=50,
            since="updated_since", moment="updated_at"),
        "courses": Table(courses, {
            "id": number, "title": text, "teacher_id": number,
            "level": number, "changed": when}, page=50,
            since="changed_after", moment="changed", acts="nothing"),
        "teachers": Table(teachers, {
            "id": number, "name": text, "room": number}),
        "enrolments": Table(enrolments, {
            "student_id": number, "course_id": number, "seat": number},
            item=None),
        "marks": Table(marks, {
            "rank": number, "score": "number", "taken_on": "date"},
            item=None),
    }


def bare():
    """Nothing is described but the paths."""
    users = [{"id": n, "login": "user%02d" % n, "boss_id": n // 3 or None}
             for n in range(1, 13)]
    posts = [{"id": 1000 + n, "user_id": n % 5 + 1, "text": "post %d" % n}
             for n in range(30)]
    return {
        "users": Table(users),
        "users/{user_id}/posts": Table(posts, item=None, below="user_id"),
        "failing": Raw(b'{"error": {"code": 7, "message": "no"}}'),
        "page": Raw(b"<html><body>hello</body></html>", "text/html"),
        "empty": Raw(b"[]"),
        "number": Raw(b"42"),
        "broken": Raw(b'{"error": "broken"}', status=500),
        "logout": Raw(b'{"bye": true}'),
    }


def tracker():
    """The item path identifies by number, though there is an id."""
    issues = [{"id": 90000 + 13 * n, "number": n, "title": "issue %d" % n}
              for n in range(1, 31)]
    fields = {"id": "integer", "number": "integer", "title": "string"}
    return {"issues": Table(issues, fields, item="number")}


def parts():
    """References to rows that the sample does not reach: to some that are
    there, and to others that are not."""
    widgets = [{"id": n, "label": "widget %d" % n, "made": moment(n)}
               for n in range(1, 181)]
    gears = [{"id": n, "widget_id": 160 + n, "batch_id": n}
             for n in range(1, 21)]
    bolts = [{"id": n, "widget_id": 500 + n, "count": n} for n in range(1, 21)]
    return {
        "widgets": Table(widgets, {
            "id": "integer", "label": "string", "made": "date-time"},
            page=50),
        "gears": Table(gears, {
            "id": "integer", "widget_id": "integer", "batch_id": "integer"}),
        "bolts": Table(bolts, {
            "id": "integer", "widget_id": "integer", "count": "integer"}),
    }


def many():
    """More collections than the budget has requests, each with two pages."""
    rows = [{"id": n, "name": "row %d" % n} for n in range(1, 71)]
    fields = {"id": "integer", "name": "string"}
    return {"table%03d" % n: Table(rows, fields, page=50)
            for n in range(1, 104)}


def zero():
    """Pages whose numbers begin with 0, and such that begin with 1."""
    rows = [{"id": n, "name": "row %d" % n} for n in range(1, 121)]
    fields = {"id": "integer", "name": "string"}
    return {
        "few": Table(rows[:5], fields, page=50, item=None, first=0),
        "lots": Table(rows, fields, page=50, item=None, first=0),
        "ones": Table(rows, fields, page=50, item=None),
        "undescribed": Table(rows, page=50, item=None, first=0),
    }


WORLDS = {make.__name__: make for make in
          (school, bare, tracker, parts, many, zero)}


# The description

FORMATS = {"date-time": {"type": "string", "format": "date-time"},
           "date": {"type": "string", "format": "date"}}


def _schema(fields):
    if fields is None:
        return {}
    return {"type": "object", "properties": {
        name: FORMATS.get(kind, {"type": kind})
        for name, kind in fields.items()}}


def _operation(name, schema, parameters):
    content = {JSON: {"schema": schema}}
    return {"get": {
        "operationId": name,
        "parameters": [{"name": parameter, "in": place, "schema": kind,
                        "required": place == "path"}
                       for parameter, place, kind in parameters],
        "responses": {"200": {"description": "OK", "content": content}}}}


def _variables(path):
    return [(segment[1:-1], "path", {"type": "integer"})
            for segment in path.split("/") if segment.startswith("{")]


def document(prefix, tables):
    paths = {}
    for path, table in tables.items():
        name = path.replace("/", "_").replace("{", "").replace("}", "")
        parameters = _variables(path)
        if isinstance(table, Raw):
            paths["/" + path] = _operation(name, {}, parameters)
            continue
        if table.page:
            parameters += [("page", "query", {"type": "integer"}),
                           ("per_page", "query",
                            {"type": "integer", "maximum": table.page})]
        if table.since:
            parameters.append((table.since, "query", FORMATS["date-time"]))
        rows = _schema(table.fields)
        if table.fields is not None:
            rows = {"type": "array", "items": rows}
        paths["/" + path] = _operation("list_" + name, rows, parameters)
        if table.item:
            item = path + "/{%s}" % table.variable
            paths["/" + item] = _operation(
                "get_" + name, _schema(table.fields), _variables(item))
    return {"openapi": "3.0.3", "info": {"title": "World", "version": "1"},
            "servers": [{"url": prefix}], "paths": paths}


# Answers

def _not_found():
    return Reply(404, jsontext.encode({"error": "not found"}))


def _page(table, rows, query):
    size = min(int(query.get("per_page", table.page)), table.page)
    start = (int(query.get("page", table.first)) - table.first) * size
    return rows[max(start, 0):max(start + size, 0)]


def _list(table, query, above):
    rows = table.rows
    if table.below:
        rows = [row for row in rows if str(row[table.below]) == above]
    bound = query.get(table.since) if table.since else None
    if bound and table.acts == "from":
        rows = [row for row in rows if row[table.moment] >= bound]
    elif bound and table.acts == "after":
        rows = [row for row in rows if row[table.moment] > bound]
    if table.page:
        rows = _page(table, rows, query)
    return Reply(200, jsontext.encode(rows))


def _item(table, text):
    for row in table.rows:
        if str(row[table.item]) == text:
            return Reply(200, jsontext.encode(row))
    return _not_found()


def _fits(path, segments):
    """Whether the path template has these segments."""
    parts = path.split("/")
    return len(parts) == len(segments) and all(
        part.startswith("{") or part == segment
        for part, segment in zip(parts, segments))


def serve(request, segments, before):
    """segments: w, the world, and the path within it."""
    if segments[1] not in WORLDS:
        return _not_found()
    tables = WORLDS[segments[1]]()
    rest = segments[2:]
    if rest == ["openapi.json"]:
        return Reply(200, jsontext.encode(document(
            before + "/" + "/".join(segments[:2]), tables)))
    for path, table in tables.items():
        if _fits(path, rest):
            if isinstance(table, Raw):
                return Reply(table.status, table.body, table.content_type)
            return _list(table, request.query, rest[-2] if len(rest) > 1
                         else None)
        if isinstance(table, Table) and table.item and len(rest) > 1 \
                and _fits(path, rest[:-1]):
            return _item(table, rest[-1])
    return _not_found()
