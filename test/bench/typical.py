"""How many requests do typical queries need, beside the fewest possible?

Twenty queries on the sample shop, as imported.  The fewest are what somebody
would send who knows the API's data: as many pages as the rows of its best
filter fill, one request for each key.  Requests are those that the sample API
recorded; rows are compared with those of a local copy.
"""

from common import API, Client, connect, line, options, title

SESSION = "typical"

# Rows that a page of each collection has at most.
SIZES = {"customers": 100, "orders": 200, "payments": 500, "products": 100,
         "events": 250}


def pages(table, condition="true"):
    """SQL for the pages that these rows of a local copy fill, at least one."""
    return ("(SELECT greatest(1, ceil(count(*) / %d.0)) FROM copy.%s WHERE %s)"
            % (SIZES[table], table, condition))


# Query, and SQL for the fewest requests.
QUERIES = (
    ("SELECT * FROM customers WHERE id = 7", "1"),
    ("SELECT * FROM customers WHERE id IN (7, 8, 9, 7)", "3"),
    ("SELECT name FROM customers LIMIT 5", "1"),
    ("SELECT * FROM customers", pages("customers")),
    ("SELECT count(*) FROM customers", "1"),
    ("SELECT * FROM customers WHERE tier = 'pro'",
     pages("customers", "tier = 'pro'")),
    ("SELECT * FROM customers WHERE tier = 'free' AND active",
     pages("customers", "tier = 'free' AND active")),
    ("SELECT * FROM customers WHERE name LIKE 'A%'", pages("customers")),
    ("SELECT * FROM orders WHERE customer_id = 7", "1"),
    ("SELECT * FROM orders WHERE status = 'paid' LIMIT 20", "1"),
    ("SELECT * FROM orders WHERE status IN ('paid', 'cancelled')",
     pages("orders", "status = 'paid'") + " + " +
     pages("orders", "status = 'cancelled'")),
    ("SELECT status, count(*), sum(total) FROM orders GROUP BY status",
     pages("orders")),
    ("SELECT * FROM orders ORDER BY created_at DESC LIMIT 10",
     pages("orders")),
    ("SELECT * FROM payments", pages("payments")),
    ("SELECT * FROM products WHERE in_stock", pages("products", "in_stock")),
    ("SELECT * FROM events WHERE type = (SELECT min(type) FROM copy.events)"
     " LIMIT 10", "1"),
    ("SELECT c.name, o.total FROM customers c JOIN orders o"
     " ON o.customer_id = c.id WHERE c.id = 7", "2"),
    ("SELECT m.id, c.name FROM mine m LEFT JOIN customers c ON c.id = m.id",
     "(SELECT count(*) FROM mine)"),
    ("SELECT o.id, p.amount FROM orders o JOIN payments p ON p.order_id = o.id"
     " WHERE o.id = 4711", "2"),
    ("SELECT id, total FROM orders WHERE customer_id = 7 UNION ALL"
     " SELECT id, total FROM customers_orders WHERE customer_id = 8", "2"),
)


def prepare(conn):
    """The shop, a local copy of it, and some keys of our own."""
    conn.query("DROP SERVER IF EXISTS shop CASCADE;"
               "DROP SCHEMA IF EXISTS shop, copy CASCADE;"
               "DROP TABLE IF EXISTS mine")
    conn.query("CREATE SERVER shop FOREIGN DATA WRAPPER autoconn OPTIONS (%s)" %
               options({"url": "%s/i/%s/shop/v1" % (API, SESSION)}))
    conn.query("CREATE SCHEMA shop; CREATE SCHEMA copy")
    conn.query("IMPORT FOREIGN SCHEMA api FROM SERVER shop INTO shop")
    for table in SIZES:
        conn.query("CREATE TABLE copy.%s AS SELECT * FROM shop.%s" %
                   (table, table))
    conn.query("CREATE TABLE copy.customers_orders AS"
               " SELECT * FROM shop.customers_orders WHERE customer_id = 8;"
               "CREATE TABLE mine AS SELECT i * 11 AS id"
               " FROM generate_series(1, 8) i; ANALYZE")


def ask(conn, client, query):
    """Requests of a query whose rows are those of the copy."""
    conn.query("SET search_path = copy, public")
    expected = conn.query(query)
    conn.query("SET search_path = shop, public")
    client.get("/_log/" + SESSION, "DELETE")
    rows = conn.query(query)
    if "LIMIT" in query:
        assert len(rows) == len(expected), query
    else:
        assert sorted(map(str, rows)) == sorted(map(str, expected)), query
    return int(client.get("/_count/" + SESSION))


def main():
    conn = connect()
    client = Client()
    prepare(conn)
    title("Requests of typical queries")
    print("| query | requests | fewest |\n|---|---|---|")
    sums = [0, 0]
    for query, fewest_sql in QUERIES:
        requests = ask(conn, client, query)
        fewest = int(conn.value("SELECT (%s)::int" % fewest_sql))
        sums = [sums[0] + requests, sums[1] + fewest]
        print("| `%s` | %d | %d |" % (query, requests, fewest), flush=True)
    line("in all, beside the fewest", "%d, %d" % tuple(sums))


if __name__ == "__main__":
    main()
