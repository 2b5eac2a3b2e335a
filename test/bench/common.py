"""What do the benchmarks share: the sample API, tables over it, figures.

A benchmark reports whether its target is met; it never fails for that.  It
does fail if a measured query gives a wrong answer.
"""

import http.client
import os
import statistics
import time

from libpq import Connection

API = os.environ.get("AUTOCONN_TEST_API", "")
PORT = int(API.rsplit(":", 1)[1]) if API else 0

# The ten columns that the throughput is measured with.
TEN = (("id", "bigint"), ("account_id", "bigint"), ("amount", "numeric"),
       ("created_at", "timestamptz"), ("updated_at", "timestamptz"),
       ("active", "boolean"), ("name", "text"), ("email", "text"),
       ("city", "text"), ("status", "text"))

# How each pagination style of the sample API is told to a table.
STYLES = {
    "page": {"pagination": "page", "page_param": "page",
             "page_size_param": "per_page", "total_path": "/meta/total",
             "rows_path": "/data"},
    "offset": {"pagination": "offset", "page_param": "offset",
               "page_size_param": "limit", "total_path": "/total",
               "rows_path": "/items"},
    "cursor": {"pagination": "cursor", "cursor_param": "cursor",
               "page_size_param": "limit", "cursor_path": "/next_cursor",
               "more_path": "/has_more", "rows_path": "/rows"},
}


def connect():
    conn = Connection()
    conn.query("SET client_min_messages = warning; SET jit = off;"
               "SET max_parallel_workers_per_gather = 0;"
               "CREATE EXTENSION IF NOT EXISTS autoconn")
    return conn


def declare(columns):
    return ", ".join("%s %s" % column for column in columns)


def count(columns):
    """Select list that needs every value of these columns, and no more."""
    return ", ".join("count(%s)" % name for name, _ in columns)


def options(settings):
    return ", ".join("%s '%s'" % (name, str(value).replace("'", "''"))
                     for name, value in settings.items())


def make_server(conn, name, url, **settings):
    conn.query("DROP SERVER IF EXISTS %s CASCADE" % name)
    conn.query("CREATE SERVER %s FOREIGN DATA WRAPPER autoconn OPTIONS (%s)" %
               (name, options({"url": url, "discover": "off", **settings})))


def make_table(conn, name, server, columns, **settings):
    conn.query("DROP FOREIGN TABLE IF EXISTS %s" % name)
    conn.query("CREATE FOREIGN TABLE %s (%s) SERVER %s OPTIONS (%s)" %
               (name, declare(columns), server, options(settings)))


def make_bench(conn, name, rows, size, style="cursor", delay_ms=0, api=API,
               **settings):
    """A table over rows of about 800 bytes; returns the collection's path.
    settings are the server's."""
    root = "/s/%s/bench;rows=%d;size=%d;style=%s;delay_ms=%d" % (
        name, rows, size, style, delay_ms)
    make_server(conn, name, api + root, max_response_size="256MB",
                **settings)
    make_table(conn, name, name, TEN, path="/rows", page_size=size,
               **STYLES[style])
    return root + "/rows"


class Client:
    """The bare keep-alive client that others are measured against."""

    def __init__(self, port=PORT):
        self._http = http.client.HTTPConnection("127.0.0.1", port)
        self._buffer = bytearray(1 << 20)

    def get(self, path, method="GET"):
        """Reads an answer and keeps it."""
        self._http.request(method, path)
        answer = self._http.getresponse()
        body = answer.read()
        if answer.status not in (200, 204, 408):
            raise RuntimeError("%s: %s" % (path, answer.status))
        return body

    def skim(self, path):
        """Reads an answer and forgets it; returns its size."""
        self._http.request("GET", path)
        answer = self._http.getresponse()
        size = 0
        while got := answer.readinto(self._buffer):
            size += got
        return size


def processor_s(pid):
    """Processor time that a process has used (Documentation/scheduler)."""
    with open("/proc/%d/schedstat" % pid) as stat:
        return int(stat.read().split()[0]) / 1e9


def timed(action, *arguments):
    began = time.perf_counter()
    result = action(*arguments)
    return time.perf_counter() - began, result


def quantile(values, share):
    """The smallest value that at least this share does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def spread(values, form="%.2f"):
    """Median, and between which values the runs lay."""
    return "%s (%s to %s)" % (form % statistics.median(values),
                              form % min(values), form % max(values))


def verdict(met):
    return "met" if met else "MISSED"


def title(text):
    print("\n" + text + "\n" + "-" * len(text), flush=True)


def line(label, text):
    print("  %-42s %s" % (label, text), flush=True)


def target(label, value, limit, form="%.2f", least=False):
    """One figure against what is to be reached."""
    line(label, "%s   target %s %s: %s" % (
        form % value, ">=" if least else "<=", form % limit,
        verdict(value >= limit if least else value <= limit)))
