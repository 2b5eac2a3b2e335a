"""What do 200 pages cost when each takes the API 20 ms?

The floor is what a client must pay that may ask for a page only when it has
the one before: the number of pages times what one page takes a bare
keep-alive client in the same run.  A scan that asks for the next page before
it reads the current one can come down to that, and with cursors not below.
"""

import statistics

from common import (TEN, Client, connect, count, line, make_bench, spread,
                    target, timed, title)

PAGES, SIZE, DELAY_MS = 200, 100, 20
RUNS = 5
SAMPLES = 50  # pages by which the floor is measured, each time


def main():
    conn = connect()
    client = Client()
    path = make_bench(conn, "walk", PAGES * SIZE, SIZE, "cursor", DELAY_MS)
    query = "SELECT %s FROM walk" % count(TEN)
    expected = [[str(PAGES * SIZE)] * len(TEN)]
    assert conn.query(query) == expected  # warms up
    walks, floors = [], []
    for _ in range(RUNS):
        page = [timed(client.skim, "%s?limit=%d" % (path, SIZE))[0]
                for _ in range(SAMPLES)]
        floors.append(PAGES * statistics.median(page))
        seconds, rows = timed(conn.query, query)
        assert rows == expected
        walks.append(seconds)
    title("Walk: %d cursor pages of %d rows at %d ms a page, %d pairs" %
          (PAGES, SIZE, DELAY_MS, RUNS))
    line("floor", spread(floors, "%.3f") + " s")
    line("foreign scan", spread(walks, "%.3f") + " s")
    ratios = [walk / floor for walk, floor in zip(walks, floors)]
    line("scan : floor", spread(ratios, "%.3f"))
    target("median of the pairs", statistics.median(ratios), 1.10, "%.3f")


if __name__ == "__main__":
    main()
