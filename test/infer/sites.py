"""Is the description of an API found, however it is published?

A site is what one origin serves, the URL that a person would give, and what
has to come of it: the kind of what was found and the tables of an import.
Pages are cut down to what the products that make them write; wrong ones stay.
"""

import json

SITES = []

JSON, YAML, HTML, TEXT, JS = ("application/json", "application/yaml", "text/html; charset=utf-8", "text/plain",
                              "application/javascript")
TABLES = {"pets", "owners", "visits"}


def rows(kind, n):
    return [{"id": i, "name": "%s %d" % (kind, i), "born": "2020-01-%02d" % i} for i in range(1, n + 1)]


DATA = {"/pets": rows("pet", 7), "/owners": {"data": rows("owner", 4)}, "/visits": rows("visit", 9)}


def openapi(server=None, version="3.0.3"):
    schema = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"},
                                               "born": {"type": "string", "format": "date"}}}
    one = {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}
    paths = {}
    for path in DATA:
        body = {"type": "object", "properties": {"data": one}} if path == "/owners" else one
        paths[path] = {"get": {"responses": {"200": {"description": "ok", "content": {JSON: {"schema": body}}}}}}
    doc = {"openapi": version, "info": {"title": "Clinic", "version": "1"}, "paths": paths,
           "components": {"schemas": {"Thing": schema}}}
    if server:
        doc["servers"] = [{"url": server}]
    return doc


def swagger():
    doc = openapi()
    thing = doc["components"]["schemas"]["Thing"]
    paths = {}
    for path, item in doc["paths"].items():
        schema = json.loads(json.dumps(item["get"]["responses"]["200"]["content"][JSON]["schema"])
                            .replace("#/components/schemas/", "#/definitions/"))
        paths[path] = {"get": {"produces": [JSON], "responses": {"200": {"description": "ok", "schema": schema}}}}
    return {"swagger": "2.0", "info": {"title": "Clinic", "version": "1"}, "basePath": "/", "paths": paths,
            "definitions": {"Thing": thing}}


def yaml(value, depth=0):
    """Block style, which is what people write."""
    pad = "  " * depth
    if isinstance(value, dict) and value:
        return "".join("\n%s%s:%s" % (pad, key if key.replace("_", "").isalnum() and not key.isdigit() else json.dumps(key),
                                      yaml(inner, depth + 1)) for key, inner in value.items())
    if isinstance(value, list) and value:
        return "".join("\n%s- %s" % (pad, yaml(inner, depth + 1).lstrip()) for inner in value)
    return " " + json.dumps(value)


def page(head="", body=""):
    return "<!DOCTYPE html>\n<html><head><title>API</title>%s</head><body>%s</body></html>" % (head, body)


def site(name, files, url="/", kind="openapi", tables=TABLES, data="", mapping=None, fallback=None, status="discovered", key=None):
    """files: path -> (media type, text or object) or (status, headers, text);
    data: prefix of the collections; fallback: what every other path answers;
    key: X-Api-Key that everything wants; mapping: options of a user mapping."""
    served = {data + path: (JSON, answer) for path, answer in DATA.items()} if data is not None else {}
    served.update(files)
    SITES.append({"name": name, "files": served, "url": url, "kind": kind, "tables": tables, "mapping": mapping,
                  "fallback": fallback, "status": status, "key": key})


NOTHING = (404, {"Content-Type": HTML}, "<html><body><h1>404 Not Found</h1></body></html>")
APP = (200, {"Content-Type": HTML}, page('<script src="/assets/index-4f3a.js"></script>', '<div id="root"></div>'))

# ---- the document at the URL ----
site("OpenAPI 3.0 at the URL", {"/spec-v1": (JSON, openapi())}, "/spec-v1")
site("OpenAPI 3.1 at the URL", {"/my.json": (JSON, openapi(version="3.1.0"))}, "/my.json")
site("OpenAPI 3.2 at the URL", {"/my.json": (JSON, openapi(version="3.2.0"))}, "/my.json")
site("OpenAPI as YAML", {"/api.yaml": (YAML, yaml(openapi()))}, "/api.yaml")
site("YAML as plain text", {"/api.yml": (TEXT, "# the clinic" + yaml(openapi()))}, "/api.yml")
site("YAML as bytes", {"/api.yml": ("application/octet-stream", "---" + yaml(openapi()))}, "/api.yml")
site("JSON as plain text", {"/api": (TEXT, json.dumps(openapi()))}, "/api")
site("JSON with a byte order mark", {"/api": (JSON, "\ufeff" + json.dumps(openapi()))}, "/api")
site("JSON in UTF-16", {"/api": (JSON + "; charset=utf-16", json.dumps(openapi()))}, "/api")
site("YAML in UTF-16", {"/api.yaml": ("text/plain; charset=utf-16", "openapi" + yaml(openapi()).split("openapi", 1)[1])}, "/api.yaml")
site("JSON with a comma too many", {"/api": (JSON, json.dumps(openapi())[:-1] + ",}")}, "/api")
site("a server without a URL", {"/my/openapi.json": (JSON, openapi() | {"servers": [{"url": ""}]})}, "/my/openapi.json")
site("servers of paths", {"/openapi.json": (JSON, openapi("/") | {"paths": {p: item | {"servers": [{"url": "/{part}", "variables": {
    "part": {"default": "api"}}}]} for p, item in openapi()["paths"].items()}})}, "/", data="/api")
site("Swagger 2 at the URL", {"/swag": (JSON, swagger())}, "/swag", kind="swagger")
site("Swagger 2 as YAML", {"/swag": (YAML, yaml(swagger()))}, "/swag", kind="swagger")
site("servers with a path", {"/openapi.json": (JSON, openapi("/api/v2"))}, "/", data="/api/v2")
site("servers relative to the document", {"/docs/openapi.json": (JSON, openapi("../v1"))}, "/docs/openapi.json", data="/v1")

# ---- what it points to ----
site("Link service-desc", {"/": (200, {"Content-Type": JSON, "Link": '</about/api>; rel="service-desc"; type="application/json"'}, "{}"),
                           "/about/api": (JSON, openapi())})
site("Link describedby", {"/": (200, {"Content-Type": HTML, "Link": '<meta/api.yaml>; rel=describedby'}, page()), "/meta/api.yaml": (YAML, yaml(openapi()))})
site("link element service-desc", {"/": (HTML, page('<link rel="service-desc" type="application/json" href="/hidden/api.json">')),
                                   "/hidden/api.json": (JSON, openapi())})
site("service-desc among the links of a landing page", {"/": (JSON, {"title": "Clinic", "links": [
    {"rel": "self", "href": "{origin}/"}, {"rel": "service-desc", "type": "application/vnd.oai.openapi+json;version=3.0", "href": "{origin}/the-api"},
    {"rel": "data", "href": "{origin}/collections"}]}), "/the-api": (JSON, openapi())})
site("service-desc among the links of HAL", {"/": ("application/hal+json", {"_links": {"self": {"href": "/"}, "service-desc": {"href": "/meta/oas"},
    "pets": {"href": "/pets"}}}), "/meta/oas": (JSON, openapi())})
site("documentation named by a greeting", {"/": (JSON, {"message": "Welcome", "docs": "{origin}/ui/"}), "/ui/": (HTML, page("",
    '<div id="swagger-ui"></div><script>SwaggerUIBundle({url: "/internal/spec"})</script>')), "/internal/spec": (JSON, openapi())})
site("well-known api-catalog", {"/": (HTML, page()), "/.well-known/api-catalog": (
    "application/linkset+json", {"linkset": [{"anchor": "/", "service-desc": [{"href": "/cat/clinic.json", "type": JSON}]}]}),
    "/cat/clinic.json": (JSON, openapi())})
site("Link api-catalog", {"/": (200, {"Content-Type": HTML, "Link": '</apis>; rel="api-catalog"'}, page()), "/apis": (
    "application/linkset+json", {"linkset": [{"anchor": "https://elsewhere.example/x", "item": [{"href": "/"}]},
                                             {"anchor": "/", "service-desc": [{"href": "/cat/c.yaml", "type": YAML}]}]}),
    "/cat/c.yaml": (YAML, yaml(openapi()))})

# ---- consoles ----
BUNDLE = '<div id="swagger-ui"></div><script src="./swagger-ui-bundle.js"></script><script src="./swagger-ui-standalone-preset.js"></script>'
site("Swagger UI with its URL inline", {"/": (HTML, page("", BUNDLE + """<script>window.onload = function() {
  window.ui = SwaggerUIBundle({ url: "/deep/inside/spec", dom_id: '#swagger-ui', presets: [SwaggerUIBundle.presets.apis] }) }</script>""")),
    "/deep/inside/spec": (JSON, openapi())})
site("Swagger UI with an initializer", {"/ui/index.html": (HTML, page("", BUNDLE + '<script src="./swagger-initializer.js" charset="UTF-8"></script>')),
    "/ui/swagger-initializer.js": (JS, """window.onload = function() {
  //<editor-fold desc="Changeable Configuration Block">
  window.ui = SwaggerUIBundle({
    url: "../x/clinic.yaml",
    dom_id: '#swagger-ui', deepLinking: true });
};"""), "/x/clinic.yaml": (YAML, yaml(openapi()))}, "/ui/index.html")
site("Swagger UI with a config", {"/swagger-ui/index.html": (HTML, page("", BUNDLE + '<script src="./swagger-initializer.js"></script>')),
    "/swagger-ui/swagger-initializer.js": (JS, """window.onload = function() { window.ui = SwaggerUIBundle({
    "configUrl" : "/gw/docs/swagger-config", dom_id: '#swagger-ui', "validatorUrl" : "" }); };"""),
    "/gw/docs/swagger-config": (JSON, {"configUrl": "/gw/docs/swagger-config", "url": "/gw/docs", "validatorUrl": ""}),
    "/gw/docs": (JSON, openapi())}, "/swagger-ui/index.html")
site("Swagger UI with several URLs", {"/": (HTML, page("", BUNDLE + """<script>const ui = SwaggerUIBundle({
    urls: [{"url": "specs/clinic.json", "name": "Clinic"}, {url: 'specs/none.json', name: 'None'}], "dom_id": "#swagger-ui"})</script>""")),
    "/specs/clinic.json": (JSON, openapi())})
site("Swagger UI with the document inside", {"/docs": (HTML, page("", '<div id="swagger-ui"></div><script src="./docs/swagger-ui-bundle.js"></script>'
    '<script src="./docs/swagger-ui-init.js"></script>')), "/docs/swagger-ui-init.js": (JS, """window.onload = function() {
  // Build a system
  let url = window.location.search.match(/url=([^&]+)/);
  if (url && url.length > 1) { url = decodeURIComponent(url[1]); } else { url = window.location.origin; }
  let options = { "swaggerDoc": %s, "customOptions": {} };
  url = options.swaggerUrl || url
}""" % json.dumps(openapi(), indent=1))}, "/docs")
site("ReDoc element", {"/": (HTML, page("", '<redoc spec-url="/r/spec.yaml"></redoc><script src="redoc.standalone.js"></script>')),
                       "/r/spec.yaml": (YAML, yaml(openapi()))})
site("ReDoc by script", {"/": (HTML, page("", """<div id="redoc-container"></div><script>
  Redoc.init('r/spec.json', { scrollYOffset: 50 }, document.getElementById('redoc-container'))</script>""")), "/r/spec.json": (JSON, openapi())})
site("Scalar element", {"/reference": (HTML, page("", '<script id="api-reference" data-url="/s/spec.json"></script><script src="scalar.js"></script>')),
                        "/s/spec.json": (JSON, openapi())}, "/reference")
site("Scalar by script", {"/reference": (HTML, page("", """<div id="app"></div><script>
  Scalar.createApiReference('#app', { url: '/s/spec.yaml', theme: 'purple' })</script>""")), "/s/spec.yaml": (YAML, yaml(openapi()))}, "/reference")
site("Scalar with the document inside", {"/reference": (HTML, page("", '<script id="api-reference" type="application/json">%s</script>'
                                                                   % json.dumps(openapi())))}, "/reference")
site("RapiDoc", {"/": (HTML, page('<script type="module" src="rapidoc-min.js"></script>', '<rapi-doc spec-url="rd/spec.json" render-style="read"></rapi-doc>')),
                 "/rd/spec.json": (JSON, openapi())})
site("Stoplight Elements", {"/": (HTML, page("", '<elements-api apiDescriptionUrl="/se/openapi.bundle.yaml" router="hash"/>')),
                            "/se/openapi.bundle.yaml": (YAML, yaml(openapi()))})

site("RapiDoc by a script", {"/": (HTML, page('<script type="module" src="rapidoc-min.js"></script>', """<rapi-doc id="d"></rapi-doc><script>
  document.getElementById('d').loadSpec('/rd/spec.json')</script>""")), "/rd/spec.json": (JSON, openapi())})
site("a link to download it", {"/": (HTML, page("", '<a href="/files/v2-2024.json" download>Get the OpenAPI document</a>')),
                               "/files/v2-2024.json": (JSON, openapi())})

# ---- the usual places ----
for place in ("/openapi.json", "/openapi.yaml", "/swagger.json", "/v3/api-docs", "/v2/api-docs", "/api-docs", "/api/schema/",
              "/swagger/v1/swagger.json", "/api/openapi.json", "/docs/openapi.json", "/api-json", "/spec", "/api/v1/openapi.json",
              # ASP.NET, swaggo, Fastify, Quarkus, API Platform, Swashbuckle 5, Flasgger
              "/openapi/v1.json", "/swagger/doc.json", "/documentation/json", "/q/openapi", "/api/docs.json", "/swagger/docs/v1",
              "/apispec_1.json", "/v1/openapi.json"):
    made = swagger() if "v2" in place or place.startswith("/swagger") else openapi()
    site("at %s" % place, {"/": (HTML, page()), place: (YAML, yaml(made)) if place.endswith("yaml") else (JSON, made)},
         kind="swagger" if "swagger" in made else "openapi")
site("below the URL", {"/svc/a/openapi.json": (JSON, openapi("/svc/a"))}, "/svc/a", data="/svc/a")
site("at the origin of a URL", {"/openapi.json": (JSON, openapi("/svc/b"))}, "/svc/b", data="/svc/b")
site("behind an application that answers everything", {"/openapi.json": (JSON, openapi())}, fallback=APP)
site("console in a usual place", {"/": (HTML, page()), "/docs": (HTML, page("", BUNDLE + """<script>
    const ui = SwaggerUIBundle({ url: '/internal/spec.json', "dom_id": "#swagger-ui" })</script>""")), "/internal/spec.json": (JSON, openapi())})
site("behind a key", {"/openapi.json": (JSON, openapi())}, key="sesame", mapping={"api_key": "sesame"})
site("in several documents", {"/api/root.yaml": (YAML, yaml({"openapi": "3.0.3", "info": {"title": "c", "version": "1"}, "servers": [{"url": "/"}], "paths": {
    p: {"$ref": "paths/things.json#/%s" % p[1:]} for p in DATA}})), "/api/paths/things.json": (JSON, {
        p[1:]: {"get": {"responses": {"200": {"$ref": "../shared/answers.yaml#/%s" % p[1:]}}}} for p in DATA}),
    "/api/shared/answers.yaml": (YAML, yaml({p[1:]: item["get"]["responses"]["200"] for p, item in
                                             json.loads(json.dumps(openapi()["paths"]).replace("#/components/schemas/", "types.yaml#/")).items()})),
    "/api/shared/types.yaml": (YAML, yaml(openapi()["components"]["schemas"]))}, "/api/root.yaml")

# ---- indexes and catalogs ----
site("Django REST root", {"/api/": (JSON, {p[1:]: "{origin}/api%s/" % p for p in DATA}), **{
    "/api%s/" % p: (JSON, {"count": 3, "next": None, "previous": None, "results": rows(p, 3)}) for p in DATA}}, "/api/", kind="index", data=None)
site("HAL root", {"/api": ("application/hal+json", {"_links": {"self": {"href": "/api"}, "profile": {"href": "/api/profile"}, **{
    p[1:]: {"href": "{origin}/api%s{?page,size,sort}" % p, "templated": True} for p in DATA}}}), **{
        "/api" + p: ("application/hal+json", {"_embedded": {p[1:]: rows(p, 4)}, "_links": {"self": {"href": "x"}},
                                              "page": {"size": 20, "totalElements": 4, "totalPages": 1, "number": 0}}) for p in DATA}},
     "/api", kind="index", data=None)
site("JSON:API root", {"/jsonapi": ("application/vnd.api+json", {"jsonapi": {"version": "1.0"}, "data": [], "links": {
    "self": {"href": "{origin}/jsonapi"}, **{p[1:]: {"href": "{origin}/jsonapi" + p} for p in DATA}}}), **{
        "/jsonapi" + p: ("application/vnd.api+json", {"data": [{"type": p[1:], "id": str(r["id"]), "attributes": {"name": r["name"]}} for r in rows(p, 3)]})
        for p in DATA}}, "/jsonapi", kind="index", data=None)
site("Siren root with an action", {"/": ("application/vnd.siren+json", {"class": ["home"], "links": [{"rel": ["self"], "href": "{origin}/"}] + [
    {"rel": [p[1:]], "href": "{origin}" + p} for p in DATA], "actions": [
        {"name": "find", "method": "GET", "href": "{origin}/find", "fields": [{"name": "q", "type": "text"}]}]})}, "/", kind="index")
site("API Platform entry point", {"/api": ("application/ld+json", {"@context": "/api/contexts/Entrypoint", "@id": "/api", "@type": "Entrypoint",
    "pet": "/api/pets", "owner": "/api/owners", "author": "/api/authors", "visit": "/api/visits"}), **{
        "/api" + p: ("application/ld+json", {"@id": "/api" + p, "@type": "hydra:Collection", "hydra:member": rows(p, 3), "hydra:totalItems": 3})
        for p in list(DATA) + ["/authors"]}}, "/api", kind="index", tables=TABLES | {"authors"}, data=None)
site("an object of paths", {"/v1": (JSON, {p[1:]: "/v1" + p for p in DATA})}, "/v1", kind="index", data="/v1")
site("WordPress", {"/wp-json/": (JSON, {"name": "Clinic", "namespaces": ["oembed/1.0", "wp/v2"], "routes": {
    "/": {"namespace": "", "methods": ["GET"]}, **{"/wp/v2" + p: {"namespace": "wp/v2", "methods": ["GET", "POST"], "endpoints": [
        {"methods": ["GET"], "args": {"page": {"type": "integer", "default": 1}, "per_page": {"type": "integer", "default": 10, "maximum": 100}}}]} for p in DATA},
    **{"/wp/v2%s/(?P<id>[\\d]+)" % p: {"namespace": "wp/v2", "methods": ["GET"], "endpoints": [{"methods": ["GET"], "args": {"id": {"type": "integer"}}}]}
       for p in DATA}}}), **{"/wp-json/wp/v2" + p: (JSON, rows(p, 4)) for p in DATA}}, "/wp-json/", kind="wordpress", data=None)
site("Google Discovery", {"/discovery": (JSON, {"kind": "discovery#restDescription", "discoveryVersion": "v1", "id": "clinic:v1", "name": "clinic", "version": "v1",
    "title": "Clinic", "rootUrl": "{origin}/", "servicePath": "", "baseUrl": "{origin}/", "schemas": {
        "Thing": {"id": "Thing", "type": "object", "properties": {"id": {"type": "integer", "format": "int32"}, "name": {"type": "string"}}},
        "Owners": {"id": "Owners", "type": "object", "properties": {"data": {"type": "array", "items": {"$ref": "Thing"}}}},
        "Things": {"id": "Things", "type": "array", "items": {"$ref": "Thing"}}},
    "resources": {p[1:]: {"methods": {"list": {"id": "clinic.%s.list" % p[1:], "path": p[1:], "httpMethod": "GET", "response": {
        "$ref": "Owners" if p == "/owners" else "Things"}}}} for p in DATA}})}, "/discovery", kind="google")
site("Postman collection", {"/c.json": (JSON, {"info": {"name": "Clinic", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
    "variable": [{"key": "baseUrl", "value": "{origin}"}], "item": [{"name": "All", "item": [{"name": "List " + p[1:], "request": {
        "method": "GET", "url": {"raw": "{{baseUrl}}" + p, "host": ["{{baseUrl}}"], "path": [p[1:]]}}} for p in DATA]}]})}, "/c.json", kind="postman")
site("HAR file", {"/log.har": (JSON, {"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": [{
    "startedDateTime": "2024-01-01T00:00:00Z", "time": 1, "request": {"method": "GET", "url": "{origin}" + p, "httpVersion": "HTTP/1.1", "headers": [],
        "queryString": [], "cookies": [], "headersSize": -1, "bodySize": 0}, "response": {"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1",
        "headers": [{"name": "Content-Type", "value": JSON}], "cookies": [], "redirectURL": "", "headersSize": -1, "bodySize": -1,
        "content": {"size": 1, "mimeType": JSON, "text": json.dumps(answer)}}, "cache": {}, "timings": {}} for p, answer in DATA.items()]}})},
     "/log.har", kind="har")

# ---- pages for people ----
site("documentation in HTML", {"/docs/": (HTML, page("", "<h1>Clinic API</h1><p>Base URL: <code>{origin}/v1</code></p>" + "".join(
    "<h2>List %s</h2><pre><code>GET %s</code></pre><table><tr><th>Parameter</th><th>Type</th><th>Description</th></tr>"
    "<tr><td>limit</td><td>integer</td><td>how many</td></tr></table><pre><code class=\"language-json\">%s</code></pre>"
    % (p[1:], p, json.dumps(answer)) for p, answer in DATA.items()) + "<h2>Log out</h2><pre><code>GET /logout</code></pre>"))}, "/docs/", kind="docs", data="/v1")
site("documentation with curl lines", {"/": (HTML, page("", "<h1>Guide</h1>" + "".join(
    "<h3>%s</h3><pre>curl -s {origin}%s?limit=2 \\\n  -H 'Accept: application/json'</pre>" % (p[1:].title(), p) for p in DATA)))}, kind="docs")
site("a README in Markdown", {"/README.md": ("text/markdown", "# Clinic\n\nAll paths below `{origin}`.\n\n" + "".join(
    "## %s\n\n`GET %s`\n\n| name | type | about |\n|---|---|---|\n| limit | int | how many |\n\n```json\n%s\n```\n\n" % (p[1:], p, json.dumps(answer))
    for p, answer in DATA.items()))}, "/README.md", kind="docs")

# ---- rows and nothing ----
site("plain rows", {}, "/pets", kind="sample", tables={"pets"})
site("rows in an envelope", {}, "/owners", kind="sample", tables={"owners"})
site("a page of a company", {"/": (HTML, page("", "<h1>We make things</h1><p>Get in touch.</p>"))}, kind=None, tables=set(), data=None, status="not_an_api")
site("a page to log in", {}, kind=None, tables=set(), data=None, status="not_an_api", fallback=(
    200, {"Content-Type": HTML}, page("", "<form method=post action=/login><input name=u><input type=password name=p></form>")))
site("an application and no API", {}, kind=None, tables=set(), data=None, status="not_an_api", fallback=APP)
site("errors with status 200", {}, kind=None, tables=set(), data=None, status="not_an_api", fallback=(
    200, {"Content-Type": JSON}, '{"success": false, "error": {"code": 404, "message": "no such route"}}'))
site("everything wants a login", {}, kind=None, tables=set(), data=None, status="auth_required", fallback=(
    401, {"Content-Type": JSON, "WWW-Authenticate": "Bearer"}, '{"message": "Unauthenticated."}'))


if __name__ == "__main__":
    print(len(SITES))
