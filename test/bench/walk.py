"""What do 200 pages cost, when each takes the API 20 ms?

The floor of a cursor is to ask for one page after the other, as a client must:
200 times the time of a page, measured with the bare keep-alive client beside
each scan.  Only a scan that asks for the next page before it reads the current
one can come down to that, and with cursors not below.  Where positions can be
computed, eight requests at once are allowed, and the floor is an eighth of
that; the totals of these pages are told or not.
"""

import statistics

from common import (TEN, Client, connect, count, line, make_bench, spread,
                    target, timed, title)

PAGES, SIZE, DELAY_MS = 200, 100, 20
RUNS = 5
SAMPLES = 50  # pages by which the floor is measured, each time


CONCURRENCY = 8
LIMITS = {"cursor": 1.05, "page": 1.35, "offset": 1.35}


def measure(conn, client, style, known):
    """Ratios of scans to floors, in pairs."""
    name = "walk_" + style
    path = make_bench(conn, name, PAGES * SIZE, SIZE, style, DELAY_MS,
                      max_concurrency=CONCURRENCY)
    if not known:
        conn.query("ALTER FOREIGN TABLE %s OPTIONS (DROP total_path)" % name)
    query = "SELECT %s FROM %s" % (count(TEN), name)
    expected = [[str(PAGES * SIZE)] * len(TEN)]
    assert conn.query(query) == expected  # warms up
    walks, floors = [], []
    for _ in range(RUNS):
        page = [timed(client.skim, path)[0] for _ in range(SAMPLES)]
        floors.append(PAGES * statistics.median(page) /
                      (1 if style == "cursor" else CONCURRENCY))
        seconds, rows = timed(conn.query, query)
        assert rows == expected
        walks.append(seconds)
    return walks, floors


def main():
    conn = connect()
    client = Client()
    title("Walk: %d pages of %d rows at %d ms a page, %d pairs" %
          (PAGES, SIZE, DELAY_MS, RUNS))
    for style, known in (("cursor", True), ("page", True), ("offset", True),
                         ("page", False), ("offset", False)):
        walks, floors = measure(conn, client, style, known)
        ratios = [walk / floor for walk, floor in zip(walks, floors)]
        label = style if known else style + ", no total"
        line("%s: floor" % label, spread(floors, "%.3f") + " s")
        line("%s: foreign scan" % label, spread(walks, "%.3f") + " s")
        line("%s: scan : floor" % label, spread(ratios, "%.3f"))
        target("%s: median of the pairs" % label, statistics.median(ratios),
               LIMITS[style], "%.3f")


if __name__ == "__main__":
    main()
