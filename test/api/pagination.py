"""How does an API cut a collection into pages, and how does it say so?

Five styles, each as a widely used API does it, and "none".  A style reads
the query into (start, size), and writes a Page as the text around the rows
plus response headers, so that rows rendered beforehand are never copied more
than once.  A style knows nothing of faults: those change the Page in between
and may override what a style would say about the next one.
"""

import base64
import binascii
from urllib.parse import urlencode

import jsontext

UNSET = object()


class BadPage(Exception):
    """The query names a page that cannot be understood."""


class Page:
    """A page before it is written.

    rows        JSON texts (bytes) of the rows
    start, size position of the first row, and the size granted
    total       rows of the whole (filtered) collection
    following   start of the next page, None at the end
    token, href, has_more, echo
                what to say instead of what follows from the above
    pages       number of pages
    show_total  write a total also where the style has none
    drop        names of envelope members to leave out
    """

    def __init__(self, rows, start, size, total):
        self.rows = rows
        self.start = start
        self.size = size
        self.total = total
        end = start + len(rows)
        self.following = end if end < total else None
        self.token = UNSET
        self.href = UNSET
        self.has_more = UNSET
        self.echo = UNSET
        self.pages = -(-total // size)
        self.show_total = False
        self.drop = ()

    @property
    def number(self):
        """Which page this is, from 1."""
        return self.start // self.size + 1


class Links:
    """Addresses of other pages of the collection that was asked for."""

    def __init__(self, origin, path, query):
        self.origin = origin
        self.path = path
        self.query = query

    def to(self, **changes):
        """The collection's URL with some parameters replaced (None: gone)."""
        query = {name: value for name, value in self.query.items()
                 if name not in changes}
        query.update((name, value) for name, value in changes.items()
                     if value is not None)
        text = urlencode(query)
        return self.origin + self.path + ("?" + text if text else "")


def _count(query, name, default, least):
    text = query.get(name)
    if text is None or text == "":
        return default
    if not text.isdigit() or len(text) > 18 or int(text) < least:
        raise BadPage("%s must be a whole number from %d" % (name, least))
    return int(text)


class Style:
    """What all styles share: a size parameter with a default and a maximum.
    A size beyond the maximum is cut to it without a word."""

    name = None
    size_param = None
    position_param = None
    rows_key = None
    tells_sizes = True

    def __init__(self, default_size, max_size, resource="items"):
        self.default_size = default_size
        self.max_size = max_size
        self.resource = resource

    def size(self, query):
        asked = _count(query, self.size_param, self.default_size, 1)
        return min(asked, self.max_size)

    def parameters(self, request):
        """What the request says, wherever that stands."""
        return request.query

    def status(self, page):
        return 200

    def start(self, query, size):
        raise NotImplementedError

    def read(self, query):
        """(start, size) that the query asks for; BadPage if it cannot."""
        size = self.size(query)
        return self.start(query, size), size

    def envelope(self, page, links):
        """The members around the rows, in order; rows_key stands for them."""
        raise NotImplementedError

    def headers(self, page, links):
        return []

    def write(self, page, links):
        """Return (headers, list of bytes objects that make up the body)."""
        headers = self.headers(page, links)
        if self.rows_key is None:
            before, after = b"[", b"]"
        else:
            members = [(name, value)
                       for name, value in self.envelope(page, links)
                       if name not in page.drop and value is not UNSET]
            before, after = _around(members, self.rows_key)
        return headers, [before, b",".join(page.rows), after]

    def total_members(self, page):
        return [("total", page.total)] if page.show_total else []


def _around(members, rows_key):
    """The JSON text before and after the rows."""
    texts = [[], []]
    side = 0
    for name, value in members:
        if name == rows_key:
            texts[0].append(jsontext.dump(name) + ":[")
            side = 1
        else:
            texts[side].append(jsontext.dump(name) + ":"
                               + jsontext.dump(value))
    before = "{" + ",".join(texts[0])
    after = ("," if texts[1] else "") + ",".join(texts[1]) + "}"
    if side == 1:
        after = "]" + after
    return before.encode(), after.encode()


class PageNumber(Style):
    """?page=2&per_page=100 and {"data": [...], "meta": {...}}"""

    name = "page"
    size_param = "per_page"
    position_param = "page"
    rows_key = "data"

    def start(self, query, size):
        return (_count(query, "page", 1, 1) - 1) * size

    def envelope(self, page, links):
        per_page = page.size if page.echo is UNSET else page.echo
        return [("data", None),
                ("meta", {"page": page.number, "per_page": per_page,
                          "total": page.total, "total_pages": page.pages})]


class Offset(Style):
    """?offset=200&limit=100 and {"items": [...], "total": ...}"""

    name = "offset"
    size_param = "limit"
    position_param = "offset"
    rows_key = "items"

    def start(self, query, size):
        return _count(query, "offset", 0, 0)

    def envelope(self, page, links):
        limit = page.size if page.echo is UNSET else page.echo
        return [("items", None), ("total", page.total),
                ("offset", page.start), ("limit", limit)]


class LinkHeader(Style):
    """A bare array; Link: <...?page=3>; rel="next" (RFC 8288)"""

    name = "link"
    size_param = "per_page"
    position_param = "page"

    def start(self, query, size):
        return (_count(query, "page", 1, 1) - 1) * size

    def _url(self, links, number, size):
        return links.to(page=number, per_page=size)

    def headers(self, page, links):
        last = max(1, page.pages)
        parts = []
        href = page.href
        if href is UNSET and page.following is not None:
            href = self._url(links, page.following // page.size + 1,
                             page.size)
        if href is not UNSET and href is not None:
            parts.append('<%s>; rel="next"' % href)
        if page.number > 1:
            parts.append('<%s>; rel="prev"'
                         % self._url(links, page.number - 1, page.size))
        parts.append('<%s>; rel="first"' % self._url(links, 1, page.size))
        parts.append('<%s>; rel="last"' % self._url(links, last, page.size))
        headers = [("Link", ", ".join(parts))]
        if page.show_total:
            headers.append(("X-Total-Count", str(page.total)))
        return headers


def make_token(start):
    """An opaque token for a position; the same for the same position."""
    return base64.urlsafe_b64encode(b"v1:%d" % start).decode().rstrip("=")


# Added to positions that travel as numeric tokens: 2^53 + 1, the first whole
# number that a client loses if it reads tokens as doubles.
NUMERIC_TOKEN_BASE = 2 ** 53 + 1


def read_token(token):
    if token.isdigit() and len(token) >= len(str(NUMERIC_TOKEN_BASE)):
        return int(token) - NUMERIC_TOKEN_BASE
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        version, _, start = text.decode("ascii").partition(":")
        if version != "v1" or not start.isdigit():
            raise BadPage("invalid cursor")
        return int(start)
    except (binascii.Error, ValueError):
        raise BadPage("invalid cursor") from None


class Cursor(Style):
    """?cursor=...&limit=100 and {"orders": [...], "next_cursor": ...}"""

    name = "cursor"
    size_param = "limit"
    position_param = "cursor"

    @property
    def rows_key(self):
        return self.resource

    def start(self, query, size):
        token = query.get("cursor")
        return read_token(token) if token else 0

    def envelope(self, page, links):
        token = page.token
        if token is UNSET:
            token = (None if page.following is None
                     else make_token(page.following))
        more = page.has_more
        if more is UNSET:
            more = token is not None and token != ""
        return [(self.resource, None), ("next_cursor", token),
                ("has_more", more)] + self.total_members(page)


class NextUrl(Style):
    """{"results": [...], "next": "http://...", "count": ...}; the position
    in the URL is opaque and not a documented parameter."""

    name = "next_url"
    size_param = "page_size"
    position_param = "after"
    rows_key = "results"

    def start(self, query, size):
        token = query.get("after")
        return read_token(token) if token else 0

    def _url(self, links, start, size):
        return links.to(after=make_token(start) if start else None,
                        page_size=size)

    def envelope(self, page, links):
        href = page.href
        if href is UNSET:
            href = (None if page.following is None
                    else self._url(links, page.following, page.size))
        previous = (None if page.start == 0 else
                    self._url(links, max(0, page.start - page.size),
                              page.size))
        return [("count", page.total), ("next", href),
                ("previous", previous), ("results", None)]


class Whole(Style):
    """No pages: a bare array of everything."""

    name = "none"

    def read(self, query):
        return 0, max(1, self.default_size)


STYLES = {style.name: style for style in
          (LinkHeader, NextUrl, Cursor, PageNumber, Offset, Whole)}
