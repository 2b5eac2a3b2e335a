"""How do the tests talk to the cluster that test/lib/with-server made?
Through psql, one session a call, so that each scan starts with a backend
that has no connection open."""

import json
import re
import subprocess
from decimal import Decimal

# Nothing here takes longer than this unless it hangs.
TIMEOUT_S = 120


class Failed(Exception):
    """A statement that had to succeed did not."""


class Result:
    """Of one session: what it printed, its messages, its first SQLSTATE."""

    def __init__(self, process):
        self.text = process.stdout
        self.messages = process.stderr
        self.good = process.returncode == 0
        error = re.search(r"ERROR:  ([0-9A-Z]{5}): (.*)", process.stderr)
        self.sqlstate = error.group(1) if error else None
        self.error = error.group(2) if error else None


def run(sql):
    """Runs statements in one session and stops at the first error."""
    return Result(subprocess.run(
        ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose",
         "-f", "-"], input=sql, capture_output=True, text=True,
        timeout=TIMEOUT_S))


def must(sql):
    """The same for what has to succeed."""
    result = run(sql)
    if not result.good:
        raise Failed("%s\n%s" % (sql, result.messages))
    return result


def parse(text):
    """JSON with every digit: numbers that have a point are Decimal."""
    return json.loads(text, parse_float=Decimal)


def text(value):
    """JSON of a value."""
    return json.dumps(value)


def rows(query):
    """Rows of a query as dictionaries, SQL errors raised."""
    return parse(must("SELECT coalesce(json_agg(t), '[]') FROM (%s) t"
                      % query).text)


def value(query):
    return must(query).text.strip()


def columns(schema, table):
    """[(name, type)] of a table in its order."""
    return [(row["name"], row["type"]) for row in rows(
        "SELECT attname AS name, format_type(atttypid, atttypmod) AS type"
        " FROM pg_attribute WHERE attrelid = '%s.%s'::regclass"
        " AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        % (schema, table))]


def literal(text):
    return "'" + text.replace("'", "''") + "'"
