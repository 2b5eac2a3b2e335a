"""How fast do rows come from a page of JSON into typed columns?

A: a foreign scan, from another process over loopback.
B: jsonb_in and jsonb_to_recordset, from a table in memory.

Both read the same rows, the same columns with the same types, and count the
values of each column.  B gets the arrays of rows alone, uncompressed and
already in shared buffers, so that it pays for nothing but the two functions;
A also pays for HTTP and for proving that the pages are all there.  C is a
client that reads the same pages and does nothing with them: what A could
reach if reading rows cost nothing.
"""

import json
import statistics
import sys

from common import (TEN, Client, connect, count, declare, line, make_bench,
                    spread, target, timed, title)

ROWS = 64_000
RUNS = 7
PAGE_SIZES = (1000, 100)


def fill(conn, client, path, size):
    """The same pages as texts in a table; their bytes."""
    conn.query("DROP TABLE IF EXISTS bodies;"
               "CREATE UNLOGGED TABLE bodies (rows text COLLATE \"C\");"
               "ALTER TABLE bodies ALTER rows SET STORAGE EXTERNAL")
    total = 0
    for page in range(1, ROWS // size + 1):
        body = client.get("%s?page=%d&per_page=%d" % (path, page, size))
        text = body[body.index(b"["):body.rindex(b"]") + 1].decode()
        assert len(json.loads(text)) == size
        conn.query("INSERT INTO bodies VALUES ('%s')" %
                   text.replace("'", "''"))
        total += len(body)
    conn.query("VACUUM ANALYZE bodies")
    return total


def measure(conn, columns, size, least):
    """One comparison, A B C A B C ..."""
    client = Client()
    path = make_bench(conn, "bench", ROWS, size, "page")
    total = fill(conn, client, path, size)
    pages = ["%s?page=%d&per_page=%d" % (path, page, size)
             for page in range(1, ROWS // size + 1)]
    scan = "SELECT %s FROM bench" % count(columns)
    record = "SELECT %s FROM bodies, jsonb_to_recordset(rows::jsonb) AS r(%s)"
    record %= count(columns), declare(columns)
    detoast = "SELECT count(*) FROM bodies WHERE rows < ''"
    expected = [[str(ROWS)] * len(columns)]
    times = {"A": [], "B": [], "C": [], "D": []}
    for run in range(RUNS + 1):
        for name, action in (("A", lambda: conn.query(scan)),
                             ("B", lambda: conn.query(record)),
                             ("C", lambda: sum(map(client.skim, pages))),
                             ("D", lambda: conn.query(detoast))):
            seconds, result = timed(action)
            assert name in "CD" or result == expected, (name, result)
            if run > 0:  # the first one warms up
                times[name].append(seconds)
    title("Throughput: %s, %d rows in pages of %d, %.1f MB, %d pairs" % (
        "ten columns" if len(columns) > 1 else "one bigint column", ROWS,
        size, total / 1e6, RUNS))
    for name, label in (("A", "foreign scan"),
                        ("B", "jsonb_in + jsonb_to_recordset"),
                        ("C", "bare client, nothing read")):
        line(label, "%s MB/s" % spread(
            [total / 1e6 / seconds for seconds in times[name]], "%.0f"))
    line("of B, reading its table", "%.1f %%" % (
        100 * statistics.median(times["D"]) / statistics.median(times["B"])))
    ratios = [b / a for a, b in zip(times["A"], times["B"])]
    line("ratio of throughputs A : B", spread(ratios))
    target("median of the pairs", statistics.median(ratios), least,
           least=True)


def main():
    conn = connect()
    for size in [int(text) for text in sys.argv[1:]] or PAGE_SIZES:
        measure(conn, TEN, size, 5.0)
        measure(conn, TEN[:1], size, 12.0)


if __name__ == "__main__":
    main()
