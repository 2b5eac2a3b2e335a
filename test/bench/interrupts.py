"""How soon is a session free, wherever its scan is waiting?

In each phase the scan is brought to where it waits or works, left there for
a moment of random length, and ended in one of three ways:

cancel      from pg_cancel_backend() being sent to the error
timeout     from the moment statement_timeout should fire to the error
terminate   from pg_terminate_backend() being sent to the error and to the
            process being gone, whichever is later

    interrupts.py [tries [phase...]]
"""

import os
import random
import socket
import sys
import time

from common import (API, PORT, STYLES, TEN, Client, connect, count,
                    make_server, make_table, quantile, title, verdict)
from libpq import Error

TRIES = 100
TARGET_MS = 100
WAYS = ("cancel", "timeout", "terminate")
SQLSTATES = {"cancel": "57014", "timeout": "57014", "terminate": "57P01"}

# Time for a scan to come to where it waits, and at most as much again.
SETTLE_S = 0.030
# Nothing here may end by itself before this.
PATIENCE_S = 10
# A page that takes some time to read: rows of about 800 bytes.
HUGE_PAGE_ROWS = 75_000


class Abandoned(Exception):
    """A try that did not come to its phase, or went past it."""


class SilentResolver:
    """A name server that takes every question and answers none."""

    def __init__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 53))
        self._socket.settimeout(PATIENCE_S)

    def forget(self):
        self._socket.setblocking(False)
        try:
            while True:
                self._socket.recv(512)
        except BlockingIOError:
            self._socket.settimeout(PATIENCE_S)

    def wait(self):
        self._socket.recv(512)


class Phase:
    """Where a scan is ended.  prepare() makes the table for one try and
    returns a function that waits until the scan is there."""

    def __init__(self, name, url, reached, **server):
        self.name = name
        self._url = url
        self._reached = reached
        self._server = server
        self._serial = 0
        # statement_timeout for this phase
        self.timeout_ms = 150

    def prepare(self, conn):
        """A server of its own for each try: nothing of the last one, such
        as a pause that the API wanted, holds for this one."""
        self._serial += 1
        session = "%s-%d-%d" % (self.name.replace(" ", "-"), os.getpid(),
                                self._serial)
        style = dict(STYLES["cursor"])
        if "bench" not in self._url:
            style["rows_path"] = "/things"
        settings = {"timeout": "60s", "connect_timeout": "60s",
                    "max_response_size": "256MB", **self._server}
        make_server(conn, "victim", self._url.replace("SESSION", session),
                    **settings)
        if "bench" in self._url:
            make_table(conn, "victims", "victim", TEN, path="/rows", **style)
            return session, "SELECT %s FROM victims" % count(TEN)
        columns = (("id", "bigint"), ("name", "text"))
        make_table(conn, "victims", "victim", columns, path="/things", **style)
        return session, "SELECT count(id), count(name) FROM victims"

    def wait(self, client, session):
        if self._reached == "connect":
            return
        if self._reached == "dns":
            RESOLVER.wait()
            return
        answer = client.get("/_wait/%s?%s&timeout_ms=%d" % (
            session, self._reached, PATIENCE_S * 1000))
        if b"timed out" in answer or b"timeout" in answer:
            raise Abandoned()


class Parsing(Phase):
    """The page is there as a whole and is being read."""

    def __init__(self):
        super().__init__("parsing", API + "/s/SESSION/bench;rows=%d;size=%d" %
                         (HUGE_PAGE_ROWS, HUGE_PAGE_ROWS), "n=1&done=1")
        self.arrival_s = self.reading_s = 0

    def calibrate(self, conn, client):
        """How long the page takes to come, and to be read after that."""
        arrivals, readings = [], []
        for _ in range(5):
            session, query = self.prepare(conn)
            began = time.perf_counter()
            conn.send(query)
            self.wait(client, session)
            arrivals.append(time.perf_counter() - began)
            conn.finish()
            readings.append(time.perf_counter() - began - arrivals[-1])
        self.arrival_s = max(arrivals[1:])
        self.reading_s = min(readings[1:])
        print("  (a page of %d MB comes in %.0f ms and is read in %.0f ms)" % (
            HUGE_PAGE_ROWS * 803 / 1e6, 1e3 * self.arrival_s,
            1e3 * self.reading_s), flush=True)


def gone(pid):
    """Whether the process has ended, and its parent knows."""
    return not os.path.exists("/proc/%d" % pid)


class Try:
    """One scan in a backend of its own, ended in one way."""

    def __init__(self, phase, control, client):
        self.phase, self.control, self.client = phase, control, client
        self.session, self.query = phase.prepare(control)
        self.victim = connect()
        if RESOLVER:
            RESOLVER.forget()

    def pause(self):
        """A random moment within the phase."""
        if isinstance(self.phase, Parsing):
            time.sleep(random.uniform(0, 0.8 * self.phase.reading_s))
        else:
            time.sleep(SETTLE_S + random.uniform(0, SETTLE_S))

    def end_by_signal(self, function):
        self.victim.send(self.query)
        self.phase.wait(self.client, self.session)
        self.pause()
        began = time.perf_counter()
        self.control.send("SELECT %s(%d)" % (function, self.victim.pid))
        self.expect_error()
        if function == "pg_terminate_backend":
            while not gone(self.victim.pid):
                time.sleep(0.0002)
        ended = time.perf_counter()
        self.control.finish()
        return ended - began

    def end_by_timeout(self):
        timeout_ms = self.phase.timeout_ms
        if isinstance(self.phase, Parsing):
            timeout_ms = 1000 * (self.phase.arrival_s + random.uniform(
                0, 0.8 * self.phase.reading_s))
        timeout_ms = int(timeout_ms)
        self.victim.query("SET statement_timeout = %d" % timeout_ms)
        began = time.perf_counter()
        self.victim.send(self.query)
        self.phase.wait(self.client, self.session)
        if time.perf_counter() - began > timeout_ms / 1000:
            self.expect_error()
            raise Abandoned()
        self.expect_error()
        return time.perf_counter() - began - timeout_ms / 1000

    def expect_error(self):
        try:
            self.victim.finish()
        except Error as error:
            self.state = error.sqlstate
            self.message = str(error)
        else:
            self.state = None

    def run(self, way):
        """Seconds; Abandoned if the scan was over before."""
        try:
            if way == "timeout":
                seconds = self.end_by_timeout()
            else:
                seconds = self.end_by_signal(
                    "pg_%s_backend" % way)
        finally:
            self.victim.close()
        if self.state is None:
            raise Abandoned()
        if self.state != SQLSTATES[way]:
            raise RuntimeError("%s in phase %s: %s" % (
                way, self.phase.name, self.message))
        return seconds


def phases(client):
    hanging = client.get("/_port/hanging").decode().strip()
    page = API + "/s/SESSION/"
    if RESOLVER:
        yield Phase("DNS", "http://stalls.example:%d/" % PORT, "dns")
    yield Phase("connect", "http://127.0.0.1:%s/" % hanging, "connect")
    yield Phase("stalled headers", page + "stall_headers", "n=1")
    yield Phase("mid body", page + "stall_body;rows=1000;pages=1", "n=1")
    yield Parsing()
    yield Phase("back-off", page + "rate_limited;retry_after=30;fail=0",
                "n=1&done=1")
    yield Phase("limiter", page + "plain;rows=20;pages=5", "n=1&done=1",
                rate_limit="0.01")


def measure(phase, tries, control, client):
    """Rounds of cancel, timeout, terminate; a line for each."""
    taken = {way: [] for way in WAYS}
    abandoned = 0
    if isinstance(phase, Parsing):
        phase.calibrate(control, client)
    while min(map(len, taken.values())) < tries:
        for way in WAYS:
            try:
                taken[way].append(1000 * Try(phase, control, client).run(way))
            except Abandoned:
                abandoned += 1
                if abandoned > 2 * tries:
                    raise RuntimeError("phase %s is not reached" % phase.name)
    for way in WAYS:
        values = taken[way]
        print("  %-16s %-10s %5d %8.1f %8.1f %8.1f   %s" % (
            phase.name, way, len(values), quantile(values, 0.5),
            quantile(values, 0.99), max(values),
            verdict(quantile(values, 0.99) <= TARGET_MS)), flush=True)


def main():
    tries = int(sys.argv[1]) if len(sys.argv) > 1 else TRIES
    only = sys.argv[2:]
    control, client = connect(), Client()
    title("Interrupts: milliseconds until the session is free, target"
          " p99 <= %d" % TARGET_MS)
    print("  %-16s %-10s %5s %8s %8s %8s" % ("phase", "ended by", "tries",
                                             "median", "p99", "most"))
    for phase in phases(client):
        if not only or phase.name in only:
            measure(phase, tries, control, client)


RESOLVER = (SilentResolver() if os.environ.get("AUTOCONN_BENCH_SILENT_DNS")
            else None)

if __name__ == "__main__":
    main()
