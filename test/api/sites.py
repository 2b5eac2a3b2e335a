"""Which sites have a description that must be found, or none at all?

A site is a virtual host: http://<site>.<session>.localhost:PORT, because the
usual places are looked for at the root of an origin, too.  libcurl takes every
name under localhost for 127.0.0.1.  Requests are recorded in the session, and
in the log's brief form they are the path alone.

A site is one row of SITES: what it answers by path, and what to anything else.
Texts may hold {origin} (of the site), {other} (the other origin's) and {host}.
To add one, write a row; `expect` says what a discovery of `start` must come
to, for whoever keeps the score.
"""

import fnmatch
import gzip
import zlib

import auth
import jsontext
import sites_data as data
from http1 import Reply


class Page:
    """One answer.  `body` is text, bytes, a document to be written as JSON,
    or a function of the request; a tuple has one for each version of the
    site (PUT /_site/<session>?version=1), the last for all that follow."""

    def __init__(self, body, content_type=None, status=200, headers=(),
                 key=False, validators=False):
        if content_type is None:
            content_type = ("text/html; charset=utf-8"
                            if isinstance(body, str) else "application/json")
        self.body = body
        self.content_type = content_type
        self.status = status
        self.headers = headers
        self.key = key                # wants the shop's X-Api-Key
        self.validators = validators  # tells an ETag and honours it

    def reply(self, request, names, version):
        if self.key and not auth.SCHEMES["header"].present(request):
            return auth.refusal(auth.SCHEMES["header"])
        body = self.body
        if isinstance(body, tuple):
            body = body[min(version, len(body) - 1)]
        if callable(body):
            body = body(request)
        if isinstance(body, Reply):
            return body
        if not isinstance(body, (str, bytes)):
            body = jsontext.encode(body)
        if isinstance(body, str):
            body = body.encode()
        for name, value in names.items():
            body = body.replace(b"{%s}" % name.encode(), value.encode())
        headers = [(name, value.format(**names))
                   for name, value in self.headers]
        if self.validators:
            tag = '"%08x"' % zlib.crc32(body)
            headers.append(("ETag", tag))
            if request.headers.get("if-none-match") == tag:
                return Reply(304, b"", None, headers)
        return Reply(self.status, body, self.content_type, headers)


class Site:
    """pages: by path, wildcards allowed ("OPTIONS /x" answers that method);
    anything: for every other path."""

    def __init__(self, pages, start="/", expect=None, anything=None):
        self.pages = pages
        self.start = start
        self.expect = expect or {}
        self.anything = anything

    def page(self, path):
        if path in self.pages:
            return self.pages[path]
        for pattern, page in self.pages.items():
            if "*" in pattern and fnmatch.fnmatchcase(path, pattern):
                return page
        return self.anything


def gzipped(body):
    """A small answer that becomes a large one."""
    small = []

    def answer(request):
        if not small:
            small.append(gzip.compress(body, 1))
        return Reply(200, small[0], headers=[("Content-Encoding", "gzip")])
    return answer


def wanted(kind, spec, tables=None, note=None):
    """What a discovery must find."""
    return {"status": "discovered", "kind": kind, "spec": spec,
            "tables": tables, "note": note}


NOT_AN_API = {"status": "not_an_api"}

YAML = "application/yaml"
TEXT = "text/plain; charset=utf-8"
LINKSET = "application/linkset+json"

# Rows of the small API that most sites have.
BOOKS = {"/books": Page(data.BOOKS), "/authors": Page(data.AUTHORS),
         "/books/*": Page(lambda request: data.book(request.path))}

SITES = {
    # How a document is served
    "yaml": Site({"/openapi.yaml": Page(data.BOOKS_YAML, YAML), **BOOKS},
                 expect=wanted("openapi", "/openapi.yaml", 2)),
    "plain": Site({"/openapi.json": Page(jsontext.encode(data.DOCUMENT),
                                         TEXT), **BOOKS},
                  expect=wanted("openapi", "/openapi.json", 2)),
    "sloppy": Site({"/openapi.json": Page(
        jsontext.encode(data.DOCUMENT)[:-1] + b",}", "application/json"), **BOOKS},
                   expect=wanted("openapi", "/openapi.json", 2)),
    "docsyaml": Site({"/docs/openapi.yaml": Page(data.BOOKS_YAML, TEXT), **BOOKS},
                     expect=wanted("openapi", "/docs/openapi.yaml", 2)),
    "versioned": Site({"/v1.0/openapi.json": Page(data.DOCUMENT), **BOOKS},
                      start="/v1.0",
                      expect=wanted("openapi", "/v1.0/openapi.json", 2)),
    "octets": Site({"/api/swagger.json": Page(jsontext.encode(data.DOCUMENT),
                                              "application/octet-stream"),
                    **BOOKS}, start="/api",
                   expect=wanted("openapi", "/api/swagger.json", 2)),
    "service": Site({"/restart/openapi.json": Page(data.DOCUMENT), **BOOKS},
                    start="/restart",
                    expect=wanted("openapi", "/restart/openapi.json", 2)),
    "keyed": Site({"/openapi.json": Page(data.KEYED, key=True),
                   "/books": Page(data.BOOKS, key=True)},
                  expect=wanted("openapi", "/openapi.json", 2),
                  anything=Page({"detail": "no key"}, status=401)),

    "lockedbut": Site({"/": Page({"status": "ok"}),
                       "/openapi.json": Page(data.KEYED, key=True), **BOOKS},
                      expect={"status": "auth_required"}),

    # What an answer points to
    "linkheader": Site({"/": Page({"hello": "world"}, headers=[
        ("Link", '<{origin}/meta/v1>; rel="service-desc"; '
                 'type="application/json", </help>; rel="service-doc"')]),
        "/meta/v1": Page(data.DOCUMENT), **BOOKS},
        expect=wanted("openapi", "/meta/v1", 2, "Link rel=service-desc")),
    "catalog": Site({"/.well-known/api-catalog": Page(
        data.catalog("{origin}/", "{origin}/specs/books.json"), LINKSET),
        "/specs/books.json": Page(data.DOCUMENT),
        "/specs/cars.json": Page(data.OTHER_DOCUMENT), **BOOKS},
        expect=wanted("openapi", "/specs/books.json", 2, "API catalog")),
    "cataloglink": Site({"/": Page("<h1>Books</h1>", headers=[
        ("Link", '</apis>; rel="api-catalog"')]),
        "/apis": Page(data.catalog("{origin}/", "/specs/books.json"),
                      LINKSET),
        "/specs/books.json": Page(data.DOCUMENT),
        "/specs/cars.json": Page(data.OTHER_DOCUMENT), **BOOKS},
        expect=wanted("openapi", "/specs/books.json", 2, "API catalog")),
    "htmllink": Site({"/": Page(
        '<!doctype html><html><head><title>Books</title>'
        '<link rel="stylesheet service-desc" href="meta/v1.json"></head>'
        '<body><h1>Books</h1></body></html>'),
        "/meta/v1.json": Page(data.DOCUMENT), **BOOKS},
        expect=wanted("openapi", "/meta/v1.json", 2, "<link rel=")),
    "anchor": Site({"/": Page(
        '<!doctype html><html><body><p>Our API: '
        '<a href="/files/books-openapi.yaml">description</a></p></body></html>'),
        "/files/books-openapi.yaml": Page(data.BOOKS_YAML, TEXT), **BOOKS},
        expect=wanted("openapi", "/files/books-openapi.yaml", 2)),
    "refresh": Site({"/": Page(
        '<!doctype html><html><head><meta http-equiv="refresh" '
        'content="0; url=/home/"></head><body></body></html>'),
        "/home/": Page('<!doctype html><html><head><link rel="service-desc" '
                        'href="../meta.json"></head><body></body></html>'),
        "/meta.json": Page(data.DOCUMENT), **BOOKS},
        expect=wanted("openapi", "/meta.json", 2)),
    "elsewhere": Site({"/": Page({"hello": "world"}, headers=[
        ("Link", '<{other}/i/{session}/shop/v1/openapi.json>; '
                 'rel="service-desc"')]),
        **BOOKS},
        expect={"status": "discovered", "kind": "openapi"}),

    # API consoles
    "swaggerui": Site({"/docs": Page(data.swagger_ui("/meta/books.json")),
                       "/meta/books.json": Page(data.DOCUMENT), **BOOKS},
                      expect=wanted("openapi", "/meta/books.json", 2)),
    "initializer": Site({
        "/swagger-ui/index.html": Page(data.SWAGGER_UI_WITH_SCRIPT),
        "/swagger-ui/swagger-initializer.js": Page(
            data.swagger_initializer("/meta/books.json"),
            "application/javascript"),
        "/meta/books.json": Page(data.DOCUMENT), **BOOKS},
        expect=wanted("openapi", "/meta/books.json", 2)),
    "configured": Site({
        "/swagger-ui/index.html": Page(data.SWAGGER_UI_WITH_SCRIPT),
        "/swagger-ui/swagger-initializer.js": Page(
            data.swagger_initializer_config("/meta/swagger-config"),
            "application/javascript"),
        "/meta/swagger-config": Page({
            "configUrl": "/meta/swagger-config",
            "url": "/meta/books.json", "validatorUrl": ""}),
        "/meta/books.json": Page(data.DOCUMENT), **BOOKS},
        expect=wanted("openapi", "/meta/books.json", 2)),
    "redoc": Site({"/": Page(data.redoc("meta/books.yaml")),
                   "/meta/books.yaml": Page(data.BOOKS_YAML, YAML), **BOOKS},
                  expect=wanted("openapi", "/meta/books.yaml", 2)),
    "scalar": Site({"/": Page(data.scalar("/meta/books.json")),
                    "/meta/books.json": Page(data.DOCUMENT), **BOOKS},
                   expect=wanted("openapi", "/meta/books.json", 2)),
    "rapidoc": Site({"/": Page(data.rapidoc("./meta/books.json")),
                     "/meta/books.json": Page(data.DOCUMENT), **BOOKS},
                    expect=wanted("openapi", "/meta/books.json", 2)),
    "stoplight": Site({"/": Page(data.stoplight("/meta/books.json")),
                       "/meta/books.json": Page(data.DOCUMENT), **BOOKS},
                      expect=wanted("openapi", "/meta/books.json", 2)),
    "inline": Site({"/": Page(data.swagger_ui_inline(data.DOCUMENT)),
                    **BOOKS},
                   expect=wanted("openapi", "/", 2)),

    # Descriptions that change
    "moving": Site({"/openapi.yaml": Page(
        (data.BOOKS_YAML, data.BOOKS_YAML.replace("price", "cost")), YAML,
        validators=True), **BOOKS},
        expect=wanted("openapi", "/openapi.yaml", 2)),
    "upgraded": Site({"/openapi.json": Page((data.SWAGGER, data.DOCUMENT)),
                      **BOOKS},
                     expect=wanted("swagger", "/openapi.json", 2)),
    "movingparts": Site({
        "/openapi.yaml": Page((data.SPLIT_YAML, data.SPLIT_YAML,
                               data.SPLIT_YAML + "# A remark.\n",
                               data.SPLIT_YAML_MORE), YAML, validators=True),
        "/paths/books.yaml": Page(data.SPLIT_PATHS, YAML, validators=True),
        "/schemas/book.json": Page((data.SPLIT_SCHEMAS,
                                    data.SPLIT_SCHEMAS_2), validators=True),
        **BOOKS}, expect=wanted("openapi", "/openapi.yaml", 2)),

    # Descriptions in several documents
    "split": Site({"/openapi.yaml": Page(data.SPLIT_YAML, YAML,
                                         validators=True),
                   "/paths/books.yaml": Page(data.SPLIT_PATHS, YAML,
                                             validators=True),
                   "/schemas/book.json": Page(data.SPLIT_SCHEMAS,
                                              validators=True), **BOOKS},
                  expect=wanted("openapi", "/openapi.yaml", 2)),
    "hostilerefs": Site({"/openapi.json": Page(data.HOSTILE_REFS), **BOOKS},
                        expect=wanted("openapi", "/openapi.json")),
    "endless": Site({"/openapi.json": Page(data.chain),
                     "/chain/*": Page(data.chain)},
                    expect=wanted("openapi", "/openapi.json")),

    # Hypermedia
    "drf": Site({"/api/": Page({"books": "{origin}/api/books/",
                                "authors": "{origin}/api/authors/",
                                "shelves": "{origin}/api/shelves/"}),
                 "/api/books/": Page(data.BOOKS),
                 "/api/authors/": Page(data.AUTHORS),
                 "/api/shelves/": Page(data.AUTHORS)}, start="/api/",
                expect=wanted("index", "/api/")),
    "indexbut": Site({"/": Page({"books": "{origin}/books",
                                 "authors": "{origin}/authors"}),
                      "/openapi.json": Page(data.DOCUMENT), **BOOKS},
                     expect=wanted("openapi", "/openapi.json", 2)),
    "press": Site({"/": Page(
        data.page('<link rel="https://api.w.org/" href="{origin}/wp-json/">',
                  '<h1>Shelf</h1>')),
        "/wp-json/": Page(data.press_index),
        "/wp-json/wp/v2/posts": Page([{"id": 1, "slug": "first"}]),
        "OPTIONS /wp-json/wp/v2/posts": Page(data.PRESS_POSTS)},
        expect=wanted("wordpress", "/wp-json/")),

    # Records of requests
    "archive": Site({"/traffic.har": Page(data.ARCHIVE), **BOOKS},
                    start="/traffic.har",
                    expect=wanted("har", "/traffic.har")),
    "collection": Site({"/books.json": Page(data.COLLECTION), **BOOKS},
                       start="/books.json",
                       expect=wanted("postman", "/books.json")),

    # Documentation and rows
    "handbook": Site({"/": Page(data.HANDBOOK), **BOOKS},
                     expect=wanted("docs", "/")),
    "markdown": Site({"/": Page(data.HANDBOOK_MD, "text/markdown"), **BOOKS},
                     expect=wanted("docs", "/")),
    "cover": Site({"/": Page(data.COVER),
                   "/reference/books.html": Page(data.HANDBOOK), **BOOKS},
                  expect=wanted("docs", "/")),
    "otherbook": Site({"/": Page(data.HANDBOOK)}, expect=NOT_AN_API),
    "rows": Site({"/v1/books": Page(data.BOOKS)}, start="/v1/books",
                 expect=wanted("sample", "/v1/books")),
    "rowsbut": Site({"/v1/books": Page(data.BOOKS),
                     "/v1/openapi.json": Page(data.V1_DOCUMENT)},
                    start="/v1/books",
                    expect=wanted("openapi", "/v1/openapi.json", 2)),

    # Nothing
    "spa": Site({}, anything=Page(data.SINGLE_PAGE), expect=NOT_AN_API),
    "login": Site({}, anything=Page(data.LOGIN), expect=NOT_AN_API),
    "softerror": Site({}, anything=Page({"error": "no such page"}),
                      expect=NOT_AN_API),
    "empty": Site({}, expect=NOT_AN_API),

    # Bombs
    "aliases": Site({"/openapi.yaml": Page(data.ALIAS_BOMB, YAML)},
                    expect=NOT_AN_API),
    "deep": Site({"/openapi.json": Page(b'{"openapi":' + b"[" * 200000)},
                 expect=NOT_AN_API),
    "many": Site({"/openapi.json": Page(
        b'{"openapi":"3.0.3","x":[' + b"{}," * 2000000 + b"{}]}")},
        expect=NOT_AN_API),
    "zip": Site({"/openapi.json": Page(gzipped(b'{"openapi":"3.0.3"}'
                                               + b" " * 80000000))},
                expect=NOT_AN_API),
    "justfits": Site({"/openapi.json": Page(gzipped(b'{"openapi":"3.0.3","x":"'
                                                    + b"x" * 60000000 + b'"}'))},
                     expect=NOT_AN_API),
    "large": Site({"/openapi.json": Page(gzipped(
        jsontext.encode(data.DOCUMENT) + b" " * 20000000)), **BOOKS},
        expect=wanted("openapi", "/openapi.json", 2)),
    "bigyaml": Site({"/openapi.yaml": Page(
        "openapi: 3.0.3\nx:\n" + "- {a: {}, b: []}\n" * 400000, YAML)},
        expect=NOT_AN_API),
    "justbelow": Site({"/openapi.json": Page(
        b'{"openapi":"3.0.3","x":[' + b'{"a":1},' * 230000 + b"{}]}")},
        expect=wanted("openapi", "/openapi.json", 0)),
    "longhtml": Site({"/": Page("<!doctype html><html><body>" + (
        "<p><a href=/docs%d>documentation</a><pre>GET /x</pre>" % 7)
        * 700000)}, expect=NOT_AN_API),
    "deephtml": Site({"/": Page("<!doctype html><html><body>"
                                + "<div><a href=x>docs" * 200000)},
                     expect=NOT_AN_API),
}


def find(request):
    """Return (site, session) if the request's host is a site, else None."""
    host = request.headers.get("host", "").partition(":")[0]
    labels = host.split(".")
    if len(labels) != 3 or labels[2] != "localhost":
        return None
    site = SITES.get(labels[0])
    return (site, labels[1]) if site is not None else None


def serve(app, request, found):
    site, session = found
    names = {"origin": request.origin, "session": session,
             "host": request.headers["host"],
             "other": "http://127.0.0.1:%d" % app.listeners["other"].port}
    page = site.page(request.path)
    if page is None:
        return Reply(404, jsontext.encode({"error": "not found"}))
    if request.method == "OPTIONS":
        page = site.pages.get("OPTIONS " + request.path)
    if page is None or request.method not in ("GET", "HEAD", "OPTIONS"):
        return Reply(405, b"", None, [("Allow", "GET, HEAD")])
    return page.reply(request, names, app.site_versions.get(session, 0))


def control(app, request, session):
    """PUT sets a session's version, DELETE takes it back."""
    if request.method == "PUT":
        app.site_versions[session] = int(request.query["version"])
    elif request.method == "DELETE":
        app.site_versions.pop(session, None)
    return Reply(204, b"", None)
