"""What do the sites say: documents, pages, scripts, rows?

Pages of consoles follow what the projects' own templates load and set, with
our own words.
"""

import copy
import json
from decimal import Decimal

import jsontext

BOOKS = [{"id": n, "title": "Book %d" % n, "author_id": n % 3 + 1,
          "price": n + Decimal("0.5")} for n in range(1, 11)]
AUTHORS = [{"id": n, "name": "Author %d" % n} for n in range(1, 4)]


def book(path):
    """One book, by the last segment of the path."""
    number = path.rpartition("/")[2]
    found = [row for row in BOOKS if str(row["id"]) == number]
    return found[0] if found else {"error": "no such book"}


def _list_of(name):
    return {"200": {"description": "ok", "content": {"application/json": {
        "schema": {"type": "array",
                   "items": {"$ref": "#/components/schemas/" + name}}}}}}


DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Books", "version": "1.0"},
    "paths": {
        "/books": {"get": {"responses": _list_of("Book")}},
        "/authors": {"get": {"responses": _list_of("Author")}},
    },
    "components": {"schemas": {
        "Book": {"type": "object", "properties": {
            "id": {"type": "integer"}, "title": {"type": "string"},
            "author_id": {"type": "integer"}, "price": {"type": "number"}}},
        "Author": {"type": "object", "properties": {
            "id": {"type": "integer"}, "name": {"type": "string"}}},
    }},
}

# The same in Swagger 2.0.
SWAGGER = {
    "swagger": "2.0",
    "info": {"title": "Books", "version": "0.9"},
    "paths": {path: {"get": {"produces": ["application/json"], "responses": {
        "200": {"description": "ok", "schema": {
            "type": "array", "items": {"$ref": "#/definitions/" + name}}}}}}
        for path, name in (("/books", "Book"), ("/authors", "Author"))},
    "definitions": DOCUMENT["components"]["schemas"],
}
OTHER_DOCUMENT = copy.deepcopy(DOCUMENT)
OTHER_DOCUMENT["info"]["title"] = "Cars"

V1_DOCUMENT = copy.deepcopy(DOCUMENT)
V1_DOCUMENT["servers"] = [{"url": "/v1"}]

KEYED = copy.deepcopy(DOCUMENT)
KEYED["components"]["securitySchemes"] = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}}
KEYED["security"] = [{"key": []}]

BOOKS_YAML = """\
# The same in YAML, with what YAML has that JSON has not.
openapi: 3.0.3
info: {title: Books, version: '1.0'}
paths:
  /books:
    get:
      responses:
        200:
          description: ok
          content:
            application/json:
              schema:
                type: array
                items: &book
                  type: object
                  properties:
                    id: {type: integer}
                    title: {type: string}
                    author_id: {type: integer}
                    price: {type: number}
  /authors:
    get:
      responses:
        200:
          description: ok
          content:
            application/json:
              schema:
                type: array
                items:
                  <<: *book
                  properties:
                    id: {type: integer}
                    name: {type: string}
"""


def catalog(anchor, href):
    """An API catalog (RFC 9727) of two APIs, the other one first."""
    return {"linkset": [
        {"anchor": "{origin}/.well-known/api-catalog",
         "item": [{"href": "https://cars.example/api"}]},
        {"anchor": "https://cars.example/api",
         "service-desc": [{"href": "{origin}/specs/cars.json",
                           "type": "application/json"}]},
        {"anchor": anchor,
         "service-desc": [{"href": href, "type": "application/json"}],
         "service-doc": [{"href": "/help", "type": "text/html"}]},
    ]}


# Consoles

def page(head, body):
    return ("<!doctype html>\n<html><head><meta charset=\"utf-8\">"
            "<title>Books API</title>%s</head><body>%s</body></html>\n"
            % (head, body))


def swagger_ui(url):
    return page(
        '<link rel="stylesheet" href="/static/swagger-ui.css">',
        '<div id="swagger-ui"></div>'
        '<script src="/static/swagger-ui-bundle.js"></script><script>\n'
        'const ui = SwaggerUIBundle({\n    url: \'%s\',\n'
        '    "dom_id": "#swagger-ui",\n    deepLinking: true,\n'
        '    presets: [SwaggerUIBundle.presets.apis],\n})\n</script>' % url)


SWAGGER_UI_WITH_SCRIPT = page(
    '<link rel="stylesheet" type="text/css" href="./swagger-ui.css">',
    '<div id="swagger-ui"></div>'
    '<script src="./swagger-ui-bundle.js" charset="UTF-8"></script>'
    '<script src="./swagger-ui-standalone-preset.js"></script>'
    '<script src="./swagger-initializer.js" charset="UTF-8"></script>')


def swagger_initializer(url):
    return ('window.onload = function() {\n  window.ui = SwaggerUIBundle({\n'
            '    url: "%s",\n    dom_id: \'#swagger-ui\',\n'
            '    layout: "StandaloneLayout"\n  });\n};\n' % url)


def swagger_initializer_config(url):
    return ('window.onload = function() {\n  window.ui = SwaggerUIBundle({\n'
            '    url: "",\n    dom_id: \'#swagger-ui\',\n'
            '    "configUrl" : "%s",\n    layout: "StandaloneLayout"\n'
            '  });\n};\n' % url)


def swagger_ui_inline(document):
    return page('', '<div id="swagger-ui"></div>'
                '<script src="/static/swagger-ui-bundle.js"></script><script>'
                '\nSwaggerUIBundle({spec: %s, dom_id: "#swagger-ui"})\n'
                '</script>' % json.dumps(document))


def redoc(url):
    return page('', '<redoc spec-url="%s" hide-hostname></redoc>'
                '<script src="https://cdn.example/redoc.standalone.js">'
                '</script>' % url)


def scalar(url):
    return page('', '<script id="api-reference" data-url="%s"></script>'
                '<script src="https://cdn.example/@scalar/api-reference">'
                '</script>' % url)


def rapidoc(url):
    return page('<script type="module" src="https://cdn.example/rapidoc.js">'
                '</script>',
                '<rapi-doc spec-url="%s" theme="light"></rapi-doc>' % url)


def stoplight(url):
    return page('<script src="https://cdn.example/web-components.min.js">'
                '</script>',
                '<elements-api apiDescriptionUrl="%s" router="hash">'
                '</elements-api>' % url)


# Descriptions in several documents

SPLIT_YAML = """\
openapi: 3.0.3
info: {title: Books, version: '1.0'}
paths:
  /books:
    $ref: paths/books.yaml
  /authors:
    get:
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: array
                items: {$ref: 'schemas/book.json#/Author'}
"""

SPLIT_PATHS = """\
get:
  responses:
    '200':
      description: ok
      content:
        application/json:
          schema:
            type: array
            items: {$ref: '../schemas/book.json#/Book'}
"""

SPLIT_SCHEMAS = {"Book": DOCUMENT["components"]["schemas"]["Book"],
                 "Author": DOCUMENT["components"]["schemas"]["Author"]}

SPLIT_SCHEMAS_2 = copy.deepcopy(SPLIT_SCHEMAS)
del SPLIT_SCHEMAS_2["Book"]["properties"]["price"]

SPLIT_YAML_MORE = SPLIT_YAML + """\
  /writers:
    get:
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: array
                items: {$ref: 'schemas/book.json#/Author'}
"""


def _path_with(ref):
    return {"get": {"responses": {"200": {"description": "ok", "content": {
        "application/json": {"schema": {"type": "array", "items": {
            "$ref": ref}}}}}}}}


HOSTILE_REFS = {
    "openapi": "3.0.3",
    "info": {"title": "Books", "version": "1.0"},
    "paths": {
        "/books": _path_with("{other}/i/{session}/shop/v1/openapi.json#/x"),
        "/authors": _path_with("/auth/logout#/x"),
        "/cars": _path_with("/cache/clear?now=1#/x"),
    },
}


def chain(request):
    """A description that refers to another, and that to another, ..."""
    last = request.path.rpartition("/")[2]
    number = int(last) if last.isdigit() else 0
    paths = {"/p%d" % n: _path_with("/chain/%d#/x" % (number * 20 + n))
             for n in range(1, 21)}
    document = {"openapi": "3.0.3", "info": {"title": "Chain",
                                             "version": "1"}, "paths": paths,
                "x": {"type": "object", "properties": {
                    "n": {"$ref": "/chain/%d#/x" % (number * 20 + 1)}}}}
    return jsontext.encode(document)


# WordPress

_POSTS_ROUTE = {"namespace": "wp/v2", "methods": ["GET", "POST"],
                "endpoints": [{"methods": ["GET"], "args": {
                    "page": {"type": "integer", "default": 1},
                    "per_page": {"type": "integer", "default": 10,
                                 "maximum": 100}}}]}

PRESS_POSTS = dict(_POSTS_ROUTE, schema={
    "$schema": "http://json-schema.org/draft-04/schema#", "title": "post",
    "type": "object", "properties": {
        "id": {"type": "integer", "context": ["view", "edit"]},
        "slug": {"type": "string", "context": ["view", "edit"]},
        "date": {"type": ["string", "null"], "format": "date-time",
                 "context": ["view", "edit"]}}})


def press_index(request):
    """The index of routes; schemas are refused, as with an old site."""
    if request.query.get("context") == "help":
        return jsontext.encode({"code": "rest_forbidden", "message": "no"})
    return jsontext.encode({
        "name": "Shelf", "namespaces": ["wp/v2"],
        "routes": {"/wp/v2/posts": _POSTS_ROUTE}})


# Documentation

HANDBOOK = """<!doctype html>
<html><head><title>Books handbook</title></head><body>
<h1>Books API</h1>
<h2>List books</h2>
<p>Returns all books.</p>
<pre><code>GET /books</code></pre>
<pre><code class="language-json">[{"id": 1, "title": "Book 1", "author_id": 2,
"price": 1.5}]</code></pre>
<h2>List authors</h2>
<pre><code>curl {origin}/authors</code></pre>
<h2>Sign out</h2>
<pre><code>GET /logout</code></pre>
</body></html>
"""

COVER = """<!doctype html>
<html><head><title>Shelf</title></head><body><h1>Shelf</h1>
<p>Everything about books. <a href="/about.html">About us</a></p>
<ul><li><a href="/reference/books.html">API reference: books</a></li></ul>
</body></html>
"""

HANDBOOK_MD = """# Books API

## List books

```http
GET /books
```

```json
[{"id": 1, "title": "Book 1", "author_id": 2, "price": 1.5}]
```

## Sign out

```http
GET /logout
```
"""

SINGLE_PAGE = page('<script type="module" src="/assets/app.js"></script>',
                   '<div id="root"></div>')

LOGIN = page('', '<form action="/session" method="post">'
             '<input name="user"><input name="password" type="password">'
             '<button>Sign in</button></form>')

ALIAS_BOMB = "openapi: 3.0.3\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + \
    "".join("a%d: &a%d [%s]\n" % (n, n, ", ".join(["*a%d" % (n - 1)] * 10))
            for n in range(1, 12))


# Records of requests, with what must not be kept of them.
SECRET = "recorded-S3CRET-77aa"


def _recorded(path, rows):
    """One entry of an archive (HAR 1.2)."""
    return {
        "request": {"method": "GET",
                    "url": "{origin}%s?api_key=%s" % (path, SECRET),
                    "headers": [{"name": "Authorization",
                                 "value": "Bearer " + SECRET},
                                {"name": "Cookie", "value": "s=" + SECRET}],
                    "cookies": [{"name": "s", "value": SECRET}],
                    "queryString": [{"name": "api_key", "value": SECRET}]},
        "response": {"status": 200,
                     "headers": [{"name": "Set-Cookie",
                                  "value": "s=" + SECRET}],
                     "content": {"mimeType": "application/json",
                                 "text": json.dumps(rows, default=float)}}}


ARCHIVE = {"log": {"version": "1.2", "creator": {"name": "x", "version": "1"},
                   "entries": [_recorded("/books", BOOKS),
                               _recorded("/authors", AUTHORS)]}}

COLLECTION = {
    "info": {"name": "Books", "schema": "https://schema.getpostman.com/json/"
                                        "collection/v2.1.0/collection.json"},
    "auth": {"type": "bearer", "bearer": [
        {"key": "token", "value": SECRET, "type": "string"}]},
    "item": [{"name": name, "request": {
        "method": "GET",
        "header": [{"key": "X-Api-Key", "value": SECRET}],
        "url": {"raw": "{origin}/%s?api_key=%s" % (name, SECRET),
                "protocol": "http", "host": ["{host}"], "path": [name],
                "query": [{"key": "api_key", "value": SECRET}]}},
        "response": [{"name": "ok", "code": 200,
                      "header": [{"key": "Set-Cookie", "value": SECRET}],
                      "body": json.dumps(rows, default=float)}]}
        for name, rows in (("books", BOOKS), ("authors", AUTHORS))]}
