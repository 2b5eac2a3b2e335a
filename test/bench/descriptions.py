"""What does a description cost, from CREATE SERVER to its tables, by its size?

Generated descriptions of 0.1 to 30 MB, in density like the largest real ones:
16 kB a path and twenty columns a table, most of it examples.  Each
is served on loopback; a new backend creates the server and imports all of
it without samples.  Where AUTOCONN_SPECS names a folder, what is in it follows.
"""

import http.server
import json
import os
import statistics
import threading

from common import (connect, line, processor_s, target, timed, title, verdict)
from growth import status

SIZES_MB = (0.1, 0.3, 1, 3, 10, 30)
ROUNDS = 3

# What descriptions of more than 10 MB may take.
MAX_SECONDS = 5
MAX_MB = 512

WORDS = ("order", "invoice", "shipment", "customer", "product", "ticket",
         "project", "account", "payment", "message", "report", "device")

FIELDS = (("name", {"type": "string"}),
          ("state", {"type": "string", "enum": ["open", "closed"]}),
          ("amount", {"type": "number"}),
          ("count", {"type": "integer", "format": "int32"}),
          ("active", {"type": "boolean"}),
          ("created_at", {"type": "string", "format": "date-time"}),
          ("tags", {"type": "array", "items": {"type": "string"}}),
          ("url", {"type": "string", "format": "uri", "nullable": True}))


FIELD_COUNT = 15


def schema(number, before):
    """Twenty fields, some of them nested, some of them other schemas."""
    fields = {"id": {"type": "integer", "format": "int64"}}
    for i in range(FIELD_COUNT):
        name, kind = FIELDS[i % len(FIELDS)]
        fields["%s_%d" % (name, i)] = dict(
            kind, description="The %s of this %s, as it was last stored." % (
                name, WORDS[number % len(WORDS)]))
    for i, other in enumerate(before):
        fields["part_%d" % i] = {"$ref": "#/components/schemas/" + other}
    fields["owner"] = {"allOf": [{"$ref": "#/components/schemas/Base"}, {
        "type": "object", "properties": {"role": {"type": "string"}}}]}
    return {"type": "object", "required": ["id"], "properties": fields}


def example(number):
    return {"id": number, **{
        "%s_%d" % (FIELDS[i % len(FIELDS)][0], i): "value %d of %d" % (
            i, number) for i in range(FIELD_COUNT)}}


def operation(name, number, rows):
    body = {"$ref": "#/components/schemas/" + name}
    if rows:
        body = {"type": "object", "properties": {
            "data": {"type": "array", "items": body},
            "total": {"type": "integer"}}}
    shown = example(number)
    return {"summary": "Reads " + name, "operationId": "read%s%d%d" % (
        name, number, rows), "tags": [WORDS[number % len(WORDS)]],
        "parameters": [{"name": "page", "in": "query",
                        "schema": {"type": "integer"}},
                       {"name": "per_page", "in": "query",
                        "schema": {"type": "integer", "maximum": 100}}],
        "responses": {"200": {"description": "OK", "content": {
            "application/json": {"schema": body, "examples": {"one": {
                "value": {"data": [shown] * 40, "total": 40} if rows
                else shown}}}}}}}


def description(size_mb):
    """The text of a description of about this size."""
    schemas = {"Base": {"type": "object", "properties": {
        "id": {"type": "integer"}, "login": {"type": "string"}}}}
    paths, size, number = {}, 0, 0
    while size < size_mb * 1e6:
        name = "%s%d" % (WORDS[number % len(WORDS)].title(), number)
        path = "/%ss_%d" % (WORDS[number % len(WORDS)], number)
        new = schema(number, list(schemas)[-3:])
        item = operation(name, number, False)
        item["parameters"] = [{"name": "id", "in": "path", "required": True,
                               "schema": {"type": "integer"}}]
        paths[path] = {"get": operation(name, number, True)}
        paths[path + "/{id}"] = {"get": item}
        schemas[name] = new
        size += len(json.dumps([new, paths[path], item]))
        number += 1
    return json.dumps({"openapi": "3.0.3", "info": {
        "title": "Generated", "version": "1"}, "paths": paths,
        "components": {"schemas": schemas}}).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    documents = {}

    def do_GET(self):
        body = self.documents.get(self.path)
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", "application/json"
                         if self.path.endswith(".json") else "text/plain")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format, *args):
        pass


def measure(url):
    """One discovery and one import, in a new backend."""
    conn = connect()
    conn.query("LOAD 'autoconn'; DROP SERVER IF EXISTS described CASCADE;"
               "DROP SCHEMA IF EXISTS described CASCADE;"
               "CREATE SCHEMA described")
    cpu = processor_s(conn.pid)
    create, _ = timed(conn.query,
                      "CREATE SERVER described FOREIGN DATA WRAPPER autoconn"
                      " OPTIONS (url '%s', max_response_size '64MB')" % url)
    load, _ = timed(conn.query,
                    "IMPORT FOREIGN SCHEMA api FROM SERVER described"
                    " INTO described OPTIONS (sample 'off')")
    cpu = processor_s(conn.pid) - cpu
    memory = status(conn.pid)["VmHWM"]
    tables, wanted = conn.query(
        "SELECT (SELECT count(*) FROM pg_class WHERE relkind = 'f' AND"
        " relnamespace = 'described'::regnamespace), importable"
        " FROM autoconn.servers WHERE server = 'described'")[0]
    assert tables == wanted != "0", (url, tables, wanted)
    conn.query("DROP SCHEMA described CASCADE")
    conn.close()
    return {"create": create, "load": load, "all": create + load, "cpu": cpu,
            "memory": memory, "tables": int(tables)}


def row(name, size, runs):
    def middle(what):
        return statistics.median(run[what] for run in runs)

    print("  %-28s %6.1f %7d %9.2f %9.2f %9.2f %9.1f %9d" % (
        name, size / 1e6, middle("tables"), middle("create"), middle("load"),
        middle("cpu"), 1e3 * middle("all") / (size / 1e6), middle("memory")),
        flush=True)
    return middle("all"), middle("memory")


def real_documents():
    folder = os.environ.get("AUTOCONN_SPECS", "")
    for name in sorted(os.listdir(folder)) if folder else []:
        with open(os.path.join(folder, name), "rb") as file:
            if name.endswith((".json", ".yaml", ".yml")):
                yield name, file.read()


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = "http://127.0.0.1:%d" % server.server_port
    documents = [("generated-%s.json" % size, description(size))
                 for size in SIZES_MB] + list(real_documents())
    title("Descriptions: CREATE SERVER and IMPORT, %d rounds" % ROUNDS)
    print("  %-28s %6s %7s %9s %9s %9s %9s %9s" % (
        "", "MB", "tables", "create s", "import s", "cpu s", "ms a MB",
        "peak MB"))
    figures = {}
    for name, body in documents:
        Handler.documents = {"/" + name: body}
        runs = [measure(here + "/" + name) for _ in range(ROUNDS)]
        figures[name] = (len(body), *row(name, len(body), runs))
    small, large = (figures["generated-%s.json" % size] for size in (1, 30))
    growth = (large[1] / large[0]) / (small[1] / small[0])
    line("time a MB, 30 MB to 1 MB", "%.2f   target about 1: %s" % (
        growth, verdict(growth < 1.3)))
    for name, (size, seconds, memory) in figures.items():
        if 10e6 <= size < 20e6:
            target(name + ": seconds", seconds, MAX_SECONDS)
            target(name + ": MB at the peak", memory, MAX_MB, "%.0f")


if __name__ == "__main__":
    main()
