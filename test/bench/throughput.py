"""How fast do rows come from a page of JSON into typed columns?

A: a foreign scan, from another process over loopback.
B: jsonb_in and jsonb_to_recordset, from a table in memory.

Both read the same rows, the same columns with the same types, and count the
values of each column.  B gets the arrays of rows alone, uncompressed and
already in shared buffers, so that it pays for nothing but the two functions;
A also pays for HTTP and for proving that the pages are all there.  C is a
client that reads the same pages and does nothing with them: what A could
reach if reading rows cost nothing.  D is the row scanner alone, over the same
bytes in memory.  E is libcurl alone, which brings the same pages into memory:
no scan can need less processor time than D and E together.

Two kinds of rows, of the same size: what jsonb costs goes by keys and values,
what a scan costs rather by bytes, so the ratio depends on the rows.

    throughput.py [page size...]
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile

from common import (API, TEN, Client, connect, count, declare, line,
                    make_bench, processor_s, spread, target, timed, title)

ROWS = 64_000
RUNS = 7
PAGE_SIZES = (1000, 100)
TARGETS = ((TEN, "ten columns", 5.0), (TEN[:1], "one bigint column", 15.0))
HERE = os.path.dirname(os.path.abspath(__file__))


class DenseApi:
    """The sample API with dense rows, while the block lasts."""

    def __enter__(self):
        here = os.path.dirname(os.path.abspath(__file__))
        self._server = subprocess.Popen(
            [sys.executable, os.path.join(here, "dense_api.py"),
             "--parent-stdin"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return "http://127.0.0.1:%d" % int(self._server.stdout.readline())

    def __exit__(self, *_):
        self._server.stdin.close()
        self._server.wait()


class Comparison:
    """One kind of rows in pages of one size."""

    def __init__(self, conn, api, kind, size):
        self.conn, self.kind, self.size = conn, kind, size
        self.client = Client(int(api.rsplit(":", 1)[1]))
        path = make_bench(conn, "bench", ROWS, size, "page", api=api)
        self.url = "%s%s?page=%%d&per_page=%d" % (api, path, size)
        self.pages = ["%s?page=%d&per_page=%d" % (path, page, size)
                      for page in range(1, ROWS // size + 1)]
        self.bytes = self._fill()

    def _fill(self):
        """The same pages as texts in a table; their bytes."""
        self.conn.query(
            "DROP TABLE IF EXISTS bodies;"
            "CREATE UNLOGGED TABLE bodies (rows text COLLATE \"C\");"
            "ALTER TABLE bodies ALTER rows SET STORAGE EXTERNAL")
        total, texts = 0, []
        for page in self.pages:
            body = self.client.get(page)
            text = body[body.index(b"["):body.rindex(b"]") + 1].decode()
            assert len(json.loads(text)) == self.size
            self.conn.query("INSERT INTO bodies VALUES ('%s')" %
                            text.replace("'", "''"))
            total += len(body)
            texts.append(text[1:-1])
        self.file = tempfile.NamedTemporaryFile("w")
        self.file.write("[%s]" % ",".join(texts))
        self.file.flush()
        self.conn.query("VACUUM ANALYZE bodies")
        return total

    def _actions(self, columns):
        def query(sql):
            rows = self.conn.query(sql)
            assert rows == [[str(ROWS)] * len(rows[0])], rows

        scan = "SELECT %s FROM bench" % count(columns)
        record = "SELECT %s FROM bodies," \
                 " jsonb_to_recordset(rows::jsonb) AS r(%s)" % (
                     count(columns), declare(columns))
        return {"A": lambda: query(scan), "B": lambda: query(record),
                "C": lambda: sum(map(self.client.skim, self.pages))}

    def run(self, columns, name, least):
        """A B C A B C ..."""
        actions = self._actions(columns)
        wall = {which: [] for which in actions}
        cpu = {which: [] for which in actions}
        for run in range(RUNS + 1):
            for which, action in actions.items():
                before = processor_s(self.conn.pid)
                seconds, _ = timed(action)
                if run > 0:  # the first one warms up
                    wall[which].append(seconds)
                    cpu[which].append(processor_s(self.conn.pid) - before)
        self._report(name, wall, cpu, least)
        self._floor(columns, self.bytes / 1e6 / statistics.median(cpu["A"]))

    def _floor(self, columns, speed):
        """Processor time beside that of the parts no scan can do without."""
        scanner = self._alone("rowscan/run", self.file.name,
                              *["/" + name for name, _ in columns])
        receiver = self._alone("receive/run", self.url, str(len(self.pages)))
        if scanner:
            line("D: row scanner alone", "%.0f MB/s" % scanner)
            target("A : D in processor time", speed / scanner, 0.5,
                   least=True)
        if scanner and receiver:
            floor = 1 / (1 / scanner + 1 / receiver)
            line("E: libcurl alone", "%.0f MB/s" % receiver)
            line("D and E : D, the most that A : D can be",
                 "%.2f" % (floor / scanner))
            line("A : D and E in processor time", "%.2f" % (speed / floor))

    @staticmethod
    def _alone(program, *arguments):
        """MB/s that a program measures; 0 where it cannot be built."""
        done = subprocess.run([os.path.join(HERE, program), *arguments],
                              capture_output=True, text=True, check=False)
        return float(done.stdout) if done.returncode == 0 else 0

    def _report(self, name, wall, cpu, least):
        title("Throughput: %s, %s rows of %.0f bytes in pages of %d, %.1f MB,"
              " %d pairs" % (name, self.kind, self.bytes / ROWS, self.size,
                             self.bytes / 1e6, RUNS))
        for which, label in (("A", "foreign scan"),
                             ("B", "jsonb_in + jsonb_to_recordset"),
                             ("C", "bare client, nothing read")):
            line(label, "%s MB/s" % spread(
                [self.bytes / 1e6 / seconds for seconds in wall[which]],
                "%.0f"))
        line("A : B in processor time of the backend", spread(
            [b / a for a, b in zip(cpu["A"], cpu["B"])]))
        ratios = [b / a for a, b in zip(wall["A"], wall["B"])]
        line("A : B in throughput", spread(ratios))
        target("median of the pairs", statistics.median(ratios), least,
               least=True)


def main():
    sizes = [int(text) for text in sys.argv[1:]] or PAGE_SIZES
    conn = connect()
    with DenseApi() as dense:
        for kind, api in (("prose", API), ("dense", dense)):
            for size in sizes:
                comparison = Comparison(conn, api, kind, size)
                for columns, name, least in TARGETS:
                    comparison.run(columns, name, least)


if __name__ == "__main__":
    main()
