"""What does it cost that scans tell the watch what they see?

A: a foreign scan that is observed.  B: the same with autoconn.observe off.

The sample API's rows have 16 fields, of which the table knows ten: six are
unknown in every row.  Small pages and one row per request are the hard cases,
for there the looking is the most for what is read.

The target is for processor time: what the backend waits for the API makes
its share of the time no larger, and the figure more certain.

    observe.py [pairs]
"""

import statistics
import sys

from common import (TEN, connect, count, line, make_bench, processor_s,
                    spread, target, timed, title)

PAIRS = 101
TARGET = 1.03

# Rows, rows a page, what is read.
CASES = ((32_000, 1000, TEN), (32_000, 1000, TEN[:1]), (10_000, 100, TEN),
         (10_000, 100, TEN[:1]), (1_000, 10, TEN), (50, 50, TEN))


class Pairs:
    """The same statement observed and not, in turns."""

    def __init__(self, conn, expected, sql, pairs):
        self._conn, self._expected, self._sql = conn, expected, sql
        self.wall, self.cpu = [], []
        for pair in range(pairs + 1):
            order = ("on", "off") if pair % 2 else ("off", "on")
            took = {setting: self._run(setting) for setting in order}
            if pair > 0:  # the first one warms up
                self.wall.append(took["on"][0] / took["off"][0])
                self.cpu.append(took["on"][1] / took["off"][1])
            self.ms = 1000 * took["on"][0]

    def _run(self, setting):
        self._conn.query("SET autoconn.observe = " + setting)
        before = processor_s(self._conn.pid)
        seconds, rows = timed(self._conn.query, self._sql)
        cpu = processor_s(self._conn.pid) - before
        assert rows == self._expected, rows
        events = int(self._conn.value(
            "SELECT count(*) FROM autoconn.take_events()"))
        assert (events > 0) == (setting == "on"), events
        return seconds, cpu

    def report(self):
        line("on : off in time", spread(self.wall, "%.3f"))
        line("on : off in processor time", spread(self.cpu, "%.3f"))
        target("median of the pairs", statistics.median(self.cpu), TARGET,
               "%.3f")


def main():
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else PAIRS
    conn = connect()
    conn.query("SELECT autoconn.take_events()")
    for rows, size, columns in CASES:
        make_bench(conn, "observed", rows, size)
        # Short ones several times, so that there is something to measure.
        times = max(1, 1_000 // rows)
        sql = "SELECT %s FROM observed" % count(columns)
        expected = [[str(rows)] * len(columns)]
        if times > 1:
            sql = " UNION ALL ".join([sql] * times)
            expected *= times
        result = Pairs(conn, expected, sql, pairs)
        title("Observation: %d columns, %d times %d rows in pages of %d, %.0f ms,"
              " %d pairs" % (len(columns), times, rows, size, result.ms, pairs))
        result.report()


if __name__ == "__main__":
    main()
