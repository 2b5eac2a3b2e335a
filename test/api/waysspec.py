"""How are the less usual styles of paging described?

Beside pagination_more.py, which serves them: parameters of the request, the
schema of the answer, its headers.
"""

from openapi import array, flag, obj, query, text, whole


def _header(name, schema):
    return {"name": name, "in": "header", "schema": schema}


def _sizes(style):
    return [query(style.size_param, whole(
        format="int32", minimum=1, default=style.default_size,
        maximum=style.max_size))]


def _keyset(style, rows):
    last = query("starting_after", whole(),
                 "Id of the last thing of the page before.")
    if style.rows_key is None:
        return _sizes(style) + [last], rows, None
    return (_sizes(style) + [last],
            obj({"data": rows, "has_more": flag()}), None)


def _continue(style, rows):
    return (_sizes(style) + [query("tcontinue", text()),
                             query("continue", text())],
            obj({"continue": obj({"tcontinue": text(), "continue": text()}),
                 "things": rows}), None)


def _cursor_header(style, rows):
    return (_sizes(style) + [_header("X-Cursor", text())], rows,
            {"X-Next-Cursor": {"schema": text()}})


def _range(style, rows):
    return ([_header("Range", text()), _header("Range-Unit", text())], rows,
            {"Content-Range": {"schema": text()}})


def _page_header(style, rows):
    return (_sizes(style) + [query("page", whole(format="int32", default=1))],
            rows, {"X-Total-Pages": {"schema": whole()}})


DESCRIBED = {"keyset": _keyset, "keyset_bare": _keyset,
             "continue": _continue, "cursor_header": _cursor_header,
             "range": _range, "page_header": _page_header}


def described(style, rows):
    """(parameters, schema, headers) of a style that is described here."""
    describe = DESCRIBED.get(style.name)
    return describe and describe(style, rows)


def posted(rows):
    """The operation that reads by POST, whose token is an array."""
    token = array({})
    return {"operationId": "searchThings", "tags": ["things"],
            "requestBody": {"content": {"application/json": {"schema": obj(
                {"page": obj({"size": whole(format="int32", maximum=4),
                              "after": token}, required=[])}, required=[])}}},
            "responses": {"200": {
                "description": "OK", "content": {"application/json": {
                    "schema": obj({"hits": rows, "after": token})}}}}}
