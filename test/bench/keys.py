"""What do 1,000 look-ups cost, when each takes the API 20 ms?

An IN list of 1,000 keys, and a table below a path variable that is read for
1,000 rows of its parent: eight requests at once are allowed, and the floor is
an eighth of what a client pays that asks for one after the other.  A join of
1,000 local rows to a look-up asks row by row, once for each key: the floor is
to ask for one after the other.
"""

import statistics

from common import (TEN, Client, connect, line, make_bench, make_table,
                    spread, target, timed, title)

KEYS, DELAY_MS, CONCURRENCY = 1000, 20, 8
PARENTS_SIZE = 100  # rows of a page of parents
RUNS = 5
SAMPLES = 50  # requests by which the floor is measured, each time


def make_tables(conn):
    path = make_bench(conn, "keys", KEYS, PARENTS_SIZE, "cursor", DELAY_MS,
                      max_concurrency=CONCURRENCY)
    conn.query("ALTER FOREIGN TABLE keys OPTIONS (ADD item_path '/rows/{id}');"
               "ALTER FOREIGN TABLE keys ALTER COLUMN id"
               " OPTIONS (json_path '/id', key 'true')")
    make_table(conn, "parts", "keys", (("row_id", "bigint"), ("id", "bigint"),
                                       ("n", "bigint")),
               path="/rows/{row_id}/parts", rows_path="/rows",
               pagination="none", parent="keys(id)")
    conn.query("ALTER FOREIGN TABLE parts ALTER COLUMN row_id"
               " OPTIONS (param 'row_id');"
               "DROP TABLE IF EXISTS mine;"
               "CREATE TABLE mine AS SELECT i AS id, i %% 10 AS n"
               " FROM generate_series(1, %d) i; ANALYZE mine" % KEYS)
    return path


def measure(conn, client, path, query, expected, share):
    """Queries and floors, in pairs."""
    assert conn.query(query) == [[expected]], conn.query(query)  # warms up
    took, floors = [], []
    for _ in range(RUNS):
        one = [timed(client.get, path)[0] for _ in range(SAMPLES)]
        floors.append(KEYS * statistics.median(one) / share)
        seconds, rows = timed(conn.query, query)
        assert rows == [[expected]], rows
        took.append(seconds)
    return took, floors


def main():
    conn = connect()
    client = Client()
    title("Keys: %d at %d ms a request, %d pairs" % (KEYS, DELAY_MS, RUNS))
    rows = make_tables(conn)
    listed = ", ".join(str(n) for n in range(1, KEYS + 1))
    # So that the planner chooses the look-up by itself, it knows both sizes.
    conn.query("ALTER FOREIGN TABLE keys OPTIONS (ADD estimated_rows '1000000')")
    for label, query, expected, path, share, limit in (
            ("IN list", "SELECT count(amount) FROM keys WHERE id IN (%s)" %
             listed, str(KEYS), rows + "/7", CONCURRENCY, 1.35),
            ("walk over parents", "SELECT count(id) FROM parts",
             str(3 * KEYS), rows + "/7/parts", CONCURRENCY, 1.35),
            ("join", "SELECT count(k.amount) FROM mine m"
             " JOIN keys k ON k.id = m.id", str(KEYS), rows + "/7", 1, 1.15)):
        took, floors = measure(conn, client, path, query, expected, share)
        ratios = [scan / floor for scan, floor in zip(took, floors)]
        line("%s: floor" % label, spread(floors, "%.3f") + " s")
        line("%s: query" % label, spread(took, "%.3f") + " s")
        line("%s: query : floor" % label, spread(ratios, "%.3f"))
        target("%s: median of the pairs" % label, statistics.median(ratios),
               limit, "%.3f")


if __name__ == "__main__":
    main()
