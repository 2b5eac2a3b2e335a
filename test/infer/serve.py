"""The servers that the corpus is asked through: one origin for all cases that
are told by a path, one for each site.  127.0.0.1, ports of the system's
choice, threads of this process."""

import json
import re
import threading

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        parts = urlsplit(self.path)
        self.server.asked.append((self.command, self.path))
        status, headers, body = self.server.answer(
            self.command, unquote(parts.path), parse_qs(parts.query), self.headers)
        data = body.encode("utf-16" if "utf-16" in headers.get("Content-Type", "") else "utf-8")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_HEAD = do_OPTIONS = do_GET

    def log_message(self, *arguments):
        pass


class Server:
    """answer(method, path, parameters, headers) -> status, headers, body"""

    def __init__(self, answer):
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.answer = answer
        self._http.asked = self.asked = []
        self.origin = "http://127.0.0.1:%d" % self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self):
        self._http.shutdown()
        self._http.server_close()


def missing(what="not found"):
    return 404, {"Content-Type": "application/json"}, json.dumps({"message": what})


def as_json(value, media="application/json"):
    return 200, {"Content-Type": media}, value if isinstance(value, str) else json.dumps(value)


class Site:
    """What one origin of sites.SITES serves."""

    def __init__(self, site):
        self._site = site
        self._server = Server(self._answer)
        self.origin, self.asked = self._server.origin, self._server.asked
        self.close = self._server.close

    def _answer(self, method, path, parameters, headers):
        key = self._site["key"]
        if key and headers.get("X-Api-Key") != key:
            return 401, {"Content-Type": "application/json", "WWW-Authenticate": 'ApiKey realm="clinic"'}, '{"message": "no key"}'
        found = self._site["files"].get(path, self._site["fallback"])
        if found is None:
            return missing()
        status, headers, text = found if len(found) == 3 else (200, {"Content-Type": found[0]}, found[1])
        text = text if isinstance(text, str) else json.dumps(text)
        return status, headers, text.replace("{origin}", self.origin)


class World:
    """Collections, pages of them, items and children, as worlds.WORLDS say."""

    PAGE = 50

    def __init__(self, world, prefix):
        self._world, self._prefix = world, prefix

    def answer(self, origin, path, parameters):
        base = origin + self._prefix
        if path == "/openapi.json":
            return as_json(self._description())
        for resource in self._world["resources"]:
            found = self._of(resource, path, parameters, base)
            if found:
                return found
        return missing()

    def _of(self, resource, path, parameters, base):
        variables = re.compile("^" + re.sub(r"\{[^}]*\}", "([^/]+)", resource.path) + "(?:/([^/]+))?$").match(path)
        if not variables:
            return None
        values = list(variables.groups())
        item = values.pop()
        rows = [r for r in resource.rows if resource.below is None or str(r[resource.below]) == values[0]]
        if resource.below and not rows:
            return missing()
        shown = [json.loads(json.dumps(resource.shown(r)).replace("{base}", base)) for r in rows]
        if item is None:
            return as_json(self._page(resource, shown, parameters))
        if not resource.item:
            return missing()
        for row in shown:
            if str(row[resource.key[0]]) == item:
                return as_json(row)
        return missing()

    def _page(self, resource, rows, parameters):
        size = min(int(parameters.get("per_page", [self.PAGE])[0]), 100)
        page = int(parameters.get("page", ["1"])[0])
        part = rows[(page - 1) * size:page * size]
        name = self._world["envelope"]
        if name == "resource_name":
            name = resource.path.rsplit("/", 1)[1]
        if name is None:
            return rows
        return {name: part, "page": page, "per_page": size, "total": len(rows)}

    def _description(self):
        paths = {}
        for resource in self._world["resources"]:
            row = {"type": "object", "properties": {k: {"type": "integer" if isinstance(v, int) else "string"}
                                                    for k, v in resource.rows[0].items()}}
            body = {"type": "object", "properties": {self._world["envelope"]: {"type": "array", "items": row},
                                                     "total": {"type": "integer"}}}
            answer = {"description": "ok", "content": {"application/json": {"schema": body}}}
            page = [{"name": n, "in": "query", "schema": {"type": "integer"}} for n in ("page", "per_page")]
            paths[resource.path] = {"get": {"parameters": page, "responses": {"200": answer}}}
            if resource.item:
                one = {"description": "ok", "content": {"application/json": {"schema": row}}}
                paths[resource.path + "/{%s}" % resource.key[0]] = {"get": {"parameters": [
                    {"name": resource.key[0], "in": "path", "required": True,
                     "schema": row["properties"][resource.key[0]]}], "responses": {"200": one}}}
        return {"openapi": "3.0.3", "info": {"title": "w", "version": "1"}, "servers": [{"url": "."}], "paths": paths}
