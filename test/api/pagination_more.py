"""How do APIs page that are not described by the usual five styles?

Tables over these are made by hand: the description of a scenario in one of
these styles tells of its rows only.  What a request says may stand in a header
or in a POST's body, so each style looks for its parameters itself.
"""

import json

from pagination import (STYLES, UNSET, BadPage, PageNumber, Style, make_token,
                        read_token)


class Keyset(Style):
    """?starting_after=4&limit=2 and {"data": [...], "has_more": ...}; ids are
    positions.  `since` names the first row instead, which comes again."""

    name = "keyset"
    size_param = "limit"
    rows_key = "data"

    def start(self, query, size):
        for name, before in (("starting_after", 0), ("since", 1)):
            if query.get(name, "").isdigit():
                return int(query[name]) - before
        return 0

    def envelope(self, page, links):
        return [("data", None), ("has_more", page.following is not None),
                ] + self.total_members(page)


class Bare(Keyset):
    """The same without a word about more: a bare array."""

    name = "keyset_bare"
    rows_key = None


class Continue(Style):
    """{"continue": {"tcontinue": "4|x", "continue": "-||"}, "things": ...}:
    both members have to come back, as in MediaWiki."""

    name = "continue"
    size_param = "limit"
    rows_key = "things"

    def start(self, query, size):
        token = query.get("tcontinue")
        if token is None:
            return 0
        if query.get("continue") != "-||":
            raise BadPage("continue is missing")
        return int(token.partition("|")[0])

    def envelope(self, page, links):
        members = [("things", None)]
        following = (page.following if page.token is UNSET
                     else read_token(page.token))
        if following is not None:
            members.insert(0, ("continue", {
                "tcontinue": "%d|x" % following, "continue": "-||"}))
        return members


class HeaderCursor(Style):
    """A bare array; X-Next-Cursor of an answer goes into X-Cursor of the next
    request, or the parameter cursor."""

    name = "cursor_header"
    size_param = "limit"

    def parameters(self, request):
        query = dict(request.query)
        if "x-cursor" in request.headers:
            query["cursor"] = request.headers["x-cursor"]
        return query

    def start(self, query, size):
        token = query.get("cursor")
        return read_token(token) if token else 0

    def headers(self, page, links):
        if page.token is not UNSET:
            return [("X-Next-Cursor", page.token)]
        if page.following is None:
            return []
        return [("X-Next-Cursor", make_token(page.following))]


class Range(Style):
    """Range: things=0-9, or 0-9 with Range-Unit; 206, Content-Range, 416."""

    name = "range"

    def parameters(self, request):
        return {"range": request.headers.get("range", "")}

    def read(self, query):
        text = query["range"].rpartition("=")[2]
        first, dash, last = text.partition("-")
        if not dash:
            return 0, self.default_size
        start = int(first)
        return start, min(int(last) - start + 1, self.max_size)

    def headers(self, page, links):
        last = page.start + len(page.rows) - 1
        span = "%d-%d" % (page.start, last) if page.rows else "*"
        total = page.total if page.show_total else "*"
        return [("Content-Range", "things %s/%s" % (span, total))]

    def status(self, page):
        if not page.rows and page.start > 0:
            return 416
        return 200 if page.following is None and page.start == 0 else 206


class PageHeader(PageNumber):
    """A bare array; the number of pages is in X-Total-Pages and nowhere
    else."""

    name = "page_header"
    rows_key = None

    def headers(self, page, links):
        return [("X-Total-Pages", str(page.pages))]


class Posted(Style):
    """POST {"page": {"size": 4, "after": [4, "x"]}}: the token is an array,
    which is to come back as it is; {"hits": [...], "after": ...}."""

    name = "posted"
    rows_key = "hits"

    def parameters(self, request):
        return json.loads(request.body or b"{}").get("page", {})

    def size(self, query):
        size = query.get("size", self.default_size)
        if not isinstance(size, int):
            raise BadPage("size is no number")
        return min(size, self.max_size)

    def start(self, query, size):
        after = query.get("after")
        if after is None:
            return 0
        if not isinstance(after, list) or after[1:] != ["x"]:
            raise BadPage("after is not what was sent")
        return after[0]

    def envelope(self, page, links):
        following = (page.following if page.token is UNSET
                     else read_token(page.token))
        after = UNSET if following is None else [following, "x"]
        return [("hits", None), ("after", after)]


class OData(Style):
    """{"value": [...], "@odata.nextLink": "http://...$skiptoken=..."}; the
    count is there if a scenario tells totals."""

    name = "odata"
    size_param = "$top"
    rows_key = "value"

    def start(self, query, size):
        token = query.get("$skiptoken")
        return read_token(token) if token else 0

    def envelope(self, page, links):
        members = [("@odata.context", links.origin + links.path + "/$metadata")]
        if page.show_total:
            members.append(("@odata.count", page.total))
        members.append(("value", None))
        href = page.href
        if href is UNSET and page.following is not None:
            href = links.to(**{"$skiptoken": make_token(page.following),
                               "$top": page.size})
        if href is not UNSET and href is not None:
            members.append(("@odata.nextLink", href))
        return members


class GraphQL(Style):
    """POST {"query": ..., "variables": {"first": 4, "after": "..."}} and
    {"data": {"things": {"nodes": [...], "pageInfo": {...}}}}, as in Relay's
    connections; "edges" and cursors of single rows are left out."""

    name = "graphql"
    rows_key = "nodes"

    def parameters(self, request):
        return json.loads(request.body or b"{}").get("variables", {})

    def size(self, query):
        asked = query.get("first", self.default_size)
        if not isinstance(asked, int) or asked < 1:
            raise BadPage("first is no number")
        return min(asked, self.max_size)

    def start(self, query, size):
        token = query.get("after")
        return read_token(str(token)) if token else 0

    def envelope(self, page, links):
        token = page.token
        if token is UNSET:
            token = (None if page.following is None
                     else make_token(page.following))
        more = page.has_more
        if more is UNSET:
            more = page.following is not None
        return [("nodes", None),
                ("pageInfo", {"hasNextPage": more, "endCursor": token})] + (
                    [("totalCount", page.total)] if page.show_total else [])

    def write(self, page, links):
        headers, (before, rows, after) = super().write(page, links)
        return headers, [b'{"data":{"things":', before, rows, after, b"}}"]


class GraphQLOffset(GraphQL):
    """The same with arguments that count: variables offset and limit, and a
    bare list below data."""

    name = "graphql_offset"

    def size(self, query):
        return super().size({"first": query.get("limit", self.default_size)})

    def start(self, query, size):
        offset = query.get("offset", 0)
        if not isinstance(offset, int) or offset < 0:
            raise BadPage("offset is no number")
        return offset

    def write(self, page, links):
        return [], [b'{"data":{"things":[', b",".join(page.rows), b"]}}"]


STYLES.update((style.name, style) for style in
              (Keyset, Bare, Continue, HeaderCursor, Range, PageHeader,
               Posted, OData, GraphQL, GraphQLOffset))
