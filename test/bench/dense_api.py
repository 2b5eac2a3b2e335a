"""The sample API with other rows behind its "bench" scenario.

Its own rows are a third prose: one long text, which any parser passes in
large steps.  These are orders as shops send them, with line items and an
address: as many bytes, the same ten columns, also 16 fields, but twice the
keys and values.  Takes the arguments of test/api/server.py.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                os.pardir, "api"))

import bench  # noqa: E402
import jsontext  # noqa: E402
import server  # noqa: E402
from shop import moment, pick  # noqa: E402

prose_row = bench.make_row


def price(n, salt):
    return jsontext.Raw("%d.%02d" % (pick(n, salt, 500), pick(n, salt + 1, 100)))


def item(n, line):
    salt = 40 + 10 * line
    return {"line": line + 1, "sku": "SKU-%05d" % pick(n, salt, 10**5),
            "quantity": 1 + pick(n, salt + 1, 9), "price": price(n, salt + 2),
            "tax": price(n, salt + 4)}


def make_row(n):
    """Row n of a page, from 0; its id stands as %d."""
    row = prose_row(n)
    for name in ("country", "reference", "description", "tags", "address",
                 "metrics"):
        del row[name]
    row.update({
        "currency": "EUR", "note": None if n % 4 else "leave at the door",
        "shipped_at": moment(n * 67),
        "shipping": {"name": row["name"], "city": row["city"],
                     "street": "Long Lane %d" % pick(n, 20, 200),
                     "zip": "%05d" % pick(n, 21, 10**5), "lat": price(n, 22),
                     "lon": price(n, 24)},
        "tags": ["gift", "express"],
        "items": [item(n, line) for line in range(5)],
    })
    return row


if __name__ == "__main__":
    bench.make_row = make_row
    server.main()
