"""Does a scan's cost grow in proportion to its rows, and its memory not?

Each scan has a backend of its own.  Its memory is read before the scan,
after LOAD, and at its peak (VmHWM); the difference counts shared buffers and pages of
libraries that the scan touches first, too, so it is more than what the scan
itself holds.  Three rounds from small to large, so that no size finds more
of its pages ready in the sample API's memory than the others.
"""

import statistics
import threading
import time

from common import (TEN, connect, count, line, make_bench, processor_s, target,
                    timed, title, verdict)

SIZES = (10_000, 100_000, 1_000_000)
PAGE_SIZE = 1000
ROUNDS = 5
MAX_GROWTH_MB = 64


def status(pid):
    """Memory of a process in MB, by the names of proc(5)."""
    with open("/proc/%d/status" % pid) as lines:
        fields = dict(text.split(":", 1) for text in lines)
    return {name: int(fields[name].split()[0]) / 1024
            for name in ("VmHWM", "VmRSS", "RssAnon")}


class Watch(threading.Thread):
    """Samples a backend's private memory while it works."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0.0, threading.Event()
        self.start()

    def run(self):
        while not self.over.wait(0.02):
            self.peak = max(self.peak, status(self.pid)["RssAnon"])

    def stop(self):
        self.over.set()
        self.join()
        return self.peak


def scan(rows):
    """One scan in a new backend."""
    conn = connect()
    conn.query("LOAD 'autoconn'")
    before = status(conn.pid)
    cpu = processor_s(conn.pid)
    watch = Watch(conn.pid)
    seconds, result = timed(
        conn.query, "SELECT %s FROM growth_%d" % (count(TEN), rows))
    anon = watch.stop()
    assert result == [[str(rows)] * len(TEN)], result
    after = status(conn.pid)
    contexts = int(conn.value("SELECT sum(total_bytes)"
                              " FROM pg_backend_memory_contexts")) / 2**20
    cpu = processor_s(conn.pid) - cpu
    conn.close()
    return {"seconds": seconds, "cpu": cpu, "contexts": contexts,
            "peak": after["VmHWM"] - before["VmRSS"],
            "anon": max(anon, after["RssAnon"]) - before["RssAnon"]}


def main():
    conn = connect()
    for rows in SIZES:
        make_bench(conn, "growth_%d" % rows, rows, PAGE_SIZE, "cursor")
    runs = {rows: [] for rows in SIZES}
    for _ in range(ROUNDS):
        for rows in SIZES:
            runs[rows].append(scan(rows))
            time.sleep(0.1)

    def middle(rows, what):
        return statistics.median(run[what] for run in runs[rows])

    title("Growth: ten columns, cursor pages of %d rows, %d rounds" %
          (PAGE_SIZE, ROUNDS))
    print("  %9s %9s %9s %11s %12s %12s %9s" % (
        "rows", "s", "cpu s", "us a row", "peak MB", "private MB",
        "contexts"))
    for rows in SIZES:
        print("  %9d %9.3f %9.3f %11.2f %12.1f %12.1f %9.1f" % (
            rows, middle(rows, "seconds"), middle(rows, "cpu"),
            1e6 * middle(rows, "seconds") / rows, max(
                run["peak"] for run in runs[rows]), max(
                run["anon"] for run in runs[rows]), middle(rows, "contexts")))
    small, _, large = (middle(rows, "seconds") / rows for rows in SIZES)
    line("time a row, 10^6 to 10^4 rows", "%.2f   target about 1: %s" % (
        large / small, verdict(large / small < 1.2)))
    target("MB added at the peak, most of all runs",
           max(run["peak"] for rows in SIZES for run in runs[rows]),
           MAX_GROWTH_MB, "%.1f")


if __name__ == "__main__":
    main()
