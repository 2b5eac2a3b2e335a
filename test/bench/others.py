"""How long do other ways take to bring the same pages into a table?

200 pages of 100 rows at 20 ms a page become 20,000 rows of ten columns in a
table of PostgreSQL:

- autoconn, page numbers with eight requests at once, and a cursor;
- a recursive query over http_get() of the extension http, where the server
  has it, else a loop over COPY FROM PROGRAM 'curl', each with
  jsonb_to_recordset;
- one curl over all page numbers, jq, and COPY;
- dlt's rest_api source into PostgreSQL.  AUTOCONN_BENCH_DLT names a python
  that has dlt; else it is installed into a virtual environment for this run,
  where that can be done.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile

from common import (API, TEN, Client, connect, count, declare, line,
                    make_bench, spread, timed, title)

PAGES, SIZE, DELAY_MS, CONCURRENCY = 200, 100, 20, 8
RUNS = 5
SAMPLES = 50

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = ", ".join(name for name, _ in TEN)


class Skip(Exception):
    """Why a way cannot be gone here."""


class Ways:
    """Each leaves the rows in the table got."""

    def __init__(self, conn):
        self.conn = conn
        self.page = API + make_bench(conn, "others_page", PAGES * SIZE, SIZE,
                                     "page", DELAY_MS,
                                     max_concurrency=CONCURRENCY)
        self.cursor = API + make_bench(conn, "others_cursor", PAGES * SIZE,
                                       SIZE, "cursor", DELAY_MS)
        self.place = tempfile.mkdtemp()

    def autoconn_page(self):
        self.conn.query("INSERT INTO got SELECT * FROM others_page")

    def autoconn_cursor(self):
        self.conn.query("INSERT INTO got SELECT * FROM others_cursor")

    def http(self):
        if self.conn.value("SELECT count(*) FROM pg_available_extensions"
                           " WHERE name = 'http'") == "0":
            raise Skip("this server does not have the extension")
        self.conn.query("CREATE EXTENSION IF NOT EXISTS http")
        self.conn.query("""
            WITH RECURSIVE pages (page) AS (
                SELECT content::jsonb FROM http_get('%(url)s')
                UNION ALL
                SELECT h.content::jsonb FROM pages, LATERAL http_get(
                    '%(url)s?cursor=' || (page ->> 'next_cursor')) h
                WHERE (page ->> 'has_more')::boolean)
            INSERT INTO got SELECT r.* FROM pages,
                jsonb_to_recordset(page -> 'rows') AS r (%(columns)s)""" % {
                    "url": self.cursor, "columns": declare(TEN)})

    def curl_loop(self):
        self.conn.query("""
            DO $$
            DECLARE
                page jsonb;
                url text := '%(url)s';
            BEGIN
                CREATE TEMP TABLE IF NOT EXISTS body (line text);
                LOOP
                    TRUNCATE body;
                    EXECUTE format('COPY body FROM PROGRAM %%L WITH (FORMAT csv, DELIMITER E''\\x01'', QUOTE E''\\x02'')',
                        format('curl -s "%%s"', url));
                    SELECT string_agg(line, E'\\n') INTO page FROM body;
                    INSERT INTO got SELECT * FROM
                        jsonb_to_recordset(page -> 'rows') AS r (%(columns)s);
                    EXIT WHEN NOT (page ->> 'has_more')::boolean;
                    url := '%(url)s?cursor=' || (page ->> 'next_cursor');
                END LOOP;
            END $$""" % {"url": self.cursor, "columns": declare(TEN)})

    def curl_jq(self):
        if not (shutil.which("curl") and shutil.which("jq")):
            raise Skip("curl or jq is missing")
        fields = ", ".join("." + name for name, _ in TEN)
        subprocess.run(
            ["bash", "-c", "set -o pipefail; curl -s \"$0\" |"
             " jq -r \"$1\" | psql -Xq -c \"$2\"",
             "%s?page=[1-%d]&per_page=%d" % (self.page, PAGES, SIZE),
             ".data[] | [%s] | @csv" % fields,
             "COPY got FROM STDIN (FORMAT csv)"], check=True)

    def _python_with_dlt(self):
        given = os.environ.get("AUTOCONN_BENCH_DLT")
        if given:
            return given
        python = os.path.join(self.place, "venv/bin/python")
        if not os.path.exists(python):
            try:
                subprocess.run([sys.executable, "-m", "venv",
                                os.path.join(self.place, "venv")],
                               check=True, capture_output=True)
                subprocess.run([python, "-m", "pip", "install", "-q",
                                "dlt[postgres]"], check=True,
                               capture_output=True, timeout=300)
            except (subprocess.SubprocessError, OSError) as problem:
                raise Skip("dlt cannot be installed") from problem
        return python

    def dlt(self):
        """Seconds of its run alone: starting Python is not part of it."""
        try:
            done = subprocess.run(
                [self._python_with_dlt(), os.path.join(HERE, "with_dlt.py"),
                 self.page.rpartition("/")[0], str(SIZE), self.place],
                capture_output=True, text=True, check=False,
                env={**os.environ, "HOME": self.place})
        except OSError as problem:
            raise Skip(str(problem)) from problem
        if done.returncode != 0:
            raise Skip(done.stderr.strip().rpartition("\n")[2])
        self.conn.query("INSERT INTO got SELECT %s FROM with_dlt.rows" % NAMES)
        return float(done.stdout)


def run(conn, way):
    """Seconds that the way takes; its rows are right."""
    conn.query("DROP TABLE IF EXISTS got;"
               "CREATE UNLOGGED TABLE got (%s)" % declare(TEN))
    seconds, own = timed(way)
    expected = str(PAGES * SIZE)
    rows = conn.query("SELECT %s, count(DISTINCT id), max(id) FROM got" %
                      count(TEN))
    assert rows == [[expected] * (len(TEN) + 2)], rows
    return seconds if own is None else own


def main():
    conn = connect()
    ways = Ways(conn)
    title("Others: %d pages of %d rows at %d ms a page into a table, %d runs" %
          (PAGES, SIZE, DELAY_MS, RUNS))
    client = Client()
    path = ways.cursor[len(API):]
    floor = PAGES * statistics.median(timed(client.skim, path)[0]
                                      for _ in range(SAMPLES))
    line("floor, one after the other", "%.3f s" % floor)
    listed = {"autoconn, page numbers, 8 at once": ways.autoconn_page,
              "autoconn, cursor": ways.autoconn_cursor,
              "extension http, recursive query": ways.http,
              "loop of curl and jsonb_to_recordset": ways.curl_loop,
              "curl | jq | COPY": ways.curl_jq,
              "dlt rest_api": ways.dlt}
    took = {label: [] for label in listed}
    skipped = {}
    try:
        for _ in range(RUNS):
            for label, way in listed.items():
                try:
                    if label not in skipped:
                        took[label].append(run(conn, way))
                except Skip as why:
                    skipped[label] = why
    finally:
        shutil.rmtree(ways.place, ignore_errors=True)
    best = statistics.median(took["autoconn, page numbers, 8 at once"])
    for label, seconds in took.items():
        if label in skipped:
            line(label, "skipped: %s" % skipped[label])
        else:
            line(label, "%s s, %.1f times" % (
                spread(seconds, "%.3f"), statistics.median(seconds) / best))


if __name__ == "__main__":
    main()
