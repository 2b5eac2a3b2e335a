#!/usr/bin/env python3
"""Are real descriptions discovered without error, and imported wholly?

    test/run exec test/descriptions/imports.py FOLDER

Serves the folder on loopback.  For each file a new backend creates a server
whose url is the file's, and imports all of it without samples.  Every table
that the discovery called importable must be there afterwards, with its
columns.  Prints tables, what is left out, seconds and the backend's memory.
"""

import functools
import http.server
import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                os.pardir, "bench"))

from libpq import Connection, Error  # noqa: E402

# Seconds and megabytes that the largest real descriptions may take.  Seconds
# of processor time, which other load on the machine does not change.
MAX_SECONDS = 5
MAX_MB = 512


class Handler(http.server.SimpleHTTPRequestHandler):
    """Media types that say nothing, as file servers send them."""

    extensions_map = {".json": "application/json", "": "text/plain"}

    def log_message(self, format, *args):
        pass


def serve(folder):
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def peak_mb(pid):
    with open("/proc/%d/status" % pid) as lines:
        for text in lines:
            if text.startswith("VmHWM:"):
                return int(text.split()[1]) / 1024
    return 0


def processor_s(pid):
    with open("/proc/%d/schedstat" % pid) as stat:
        return int(stat.read().split()[0]) / 1e9


def one(name, url):
    """Discovers and imports one description; what is wrong, or None."""
    conn = Connection()
    conn.query("SET client_min_messages = warning;"
               "CREATE EXTENSION IF NOT EXISTS autoconn;"
               "DROP SERVER IF EXISTS spec CASCADE;"
               "DROP SCHEMA IF EXISTS spec CASCADE; CREATE SCHEMA spec")
    began = time.perf_counter()
    conn.query("CREATE SERVER spec FOREIGN DATA WRAPPER autoconn"
               " OPTIONS (url '%s')" % url)
    status, kind, paths = conn.query(
        "SELECT status, kind, endpoints FROM autoconn.servers"
        " WHERE server = 'spec'")[0]
    # What the description does not describe waits for a sample.
    importable = conn.value(
        "SELECT count(*) FROM autoconn.endpoints WHERE server = 'spec'"
        " AND importable AND evidence->>'sample' IS DISTINCT FROM"
        " 'a sample decides'")
    if status != "discovered":
        return "is %s" % status
    conn.query("IMPORT FOREIGN SCHEMA api FROM SERVER spec INTO spec"
               " OPTIONS (sample 'off')")
    seconds = time.perf_counter() - began
    busy = processor_s(conn.pid)
    tables, empty = conn.query(
        "SELECT count(*), count(*) FILTER (WHERE relnatts = 0) FROM pg_class"
        " WHERE relnamespace = 'spec'::regnamespace AND relkind = 'f'")[0]
    memory = peak_mb(conn.pid)
    print("%-32s %-8s %4s paths %4s tables %6.2f s, %5.2f busy, %4d MB" % (
        name, kind, paths, tables, seconds, busy, memory), flush=True)
    conn.query("DROP SCHEMA spec CASCADE; DROP SERVER spec CASCADE")
    conn.close()
    if tables != importable or tables == "0" or empty != "0":
        return "%s of %s importable tables, %s of them without columns" % (
            tables, importable, empty)
    if busy > MAX_SECONDS or memory > MAX_MB:
        return "takes more than %d s or %d MB" % (MAX_SECONDS, MAX_MB)
    return None


def main():
    folder = sys.argv[1]
    server = serve(folder)
    passed = failed = 0
    for name in sorted(os.listdir(folder)):
        if not name.endswith((".json", ".yaml", ".yml")):
            continue
        try:
            wrong = one(name, "http://127.0.0.1:%d/%s" % (
                server.server_port, name))
        except Error as error:
            wrong = str(error)
        if wrong:
            print("%s: %s" % (name, wrong))
            failed += 1
        else:
            passed += 1
    print("%d passed, %d failed" % (passed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
