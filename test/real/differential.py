"""Do random queries over foreign tables give what they give over a copy?

The copy is filled from what the server was filled with, never from what it
answers.  All queries of a run come from one seed and go through one session,
so that what one scan learns is there for the next."""

import random
import subprocess

from collections import Counter

import database
import tap

# How many different values of a column conditions are made of.
SAMPLED_VALUES = 40

# An error is a result, too: it is compared as a text that no row has.
_ATTEMPT = """
CREATE OR REPLACE FUNCTION pg_temp.attempt(query text) RETURNS text AS $$
DECLARE
    result text;
BEGIN
    EXECUTE 'SELECT coalesce(json_agg(t), ''[]'') FROM (' || query || ') t'
        INTO result;
    RETURN result;
EXCEPTION WHEN OTHERS THEN
    RETURN to_json(SQLSTATE || ' ' || SQLERRM);
END $$ LANGUAGE plpgsql;
"""


class Table:
    """columns: {name: type} of the copy; key: columns that tell its rows
    apart; rows: the truth."""

    def __init__(self, name, columns, key, rows):
        self.name = name
        self.columns = columns
        self.key = key
        self.rows = rows

    def copy_into(self, schema):
        """Makes the copy."""
        database.must("CREATE TABLE %s.%s (%s)" % (schema, self.name, ", ".join(
            "%s %s" % column for column in self.columns.items())))
        database.must(
            "INSERT INTO %s.%s SELECT * FROM json_populate_recordset("
            "NULL::%s.%s, %s)" % (schema, self.name, schema, self.name,
                                  database.literal(database.text(self.rows))))


class Queries:
    """Makes queries.  joins: [(table, column, table, column)]."""

    def __init__(self, tables, joins, seed):
        self.tables = tables
        self.joins = joins
        self.chance = random.Random(seed)
        self.values = {
            (table.name, column): sorted(
                {row.get(column) for row in table.rows} - {None},
                key=repr)
            for table in tables for column in table.columns
            if not table.columns[column].endswith(("[]", "jsonb"))}
        for key, values in self.values.items():
            self.values[key] = self.chance.sample(
                values, min(len(values), SAMPLED_VALUES))

    def pick(self, table):
        return self.chance.choice([column for name, column in self.values
                                   if name == table.name])

    def value(self, table, column):
        values = self.values[table.name, column]
        if not values:
            return "NULL"
        value = self.chance.choice(values)
        if table.columns[column] == "text" and self.chance.random() < 0.08:
            value = self.chance.choice(
                (value.upper(), value + " ", value[:2], "nothing such"))
        if isinstance(value, str):
            return database.literal(value)
        return str(value)

    def condition(self, table, alias="", depth=0):
        chance = self.chance
        column = self.pick(table)
        name = alias + column
        kind = table.columns[column]

        def value():
            return self.value(table, column)

        if kind == "boolean":
            return chance.choice(("%s", "NOT %s", "%s IS TRUE",
                                  "%s IS NOT TRUE", "%s = true",
                                  "%s IS NULL", "%s = false")) % name
        shape = chance.choice(("=", "=", "=", "=", "in", "in", "any", "<", ">",
                               "<=", ">=", "between", "null", "not null", "<>",
                               "or", "or null", "not in", "other or", "like",
                               "distinct"))
        if kind == "uuid" and shape == "like":
            shape = "="
        if shape == "in":
            return "%s IN (%s)" % (name, ", ".join(
                value() for _ in range(chance.randrange(1, 6))))
        if shape == "not in":
            return "%s NOT IN (%s, %s)" % (name, value(), value())
        if shape == "any":
            return "%s = ANY (ARRAY[%s, %s, NULL]::%s[])" % (
                name, value(), value(), kind)
        if shape == "between":
            return "%s BETWEEN %s AND %s" % (name, value(), value())
        if shape == "null":
            return name + " IS NULL"
        if shape == "not null":
            return name + " IS NOT NULL"
        if shape == "or":
            return "(%s = %s OR %s = %s)" % (name, value(), name, value())
        if shape == "or null":
            return "(%s = %s OR %s IS NULL)" % (name, value(), name)
        if shape == "distinct":
            return "%s IS DISTINCT FROM %s" % (name, value())
        if shape == "other or":
            if depth > 0:
                return "%s = %s" % (name, value())
            return "(%s OR %s)" % (self.condition(table, alias, 1),
                                   self.condition(table, alias, 1))
        if shape == "like":
            return "%s::text LIKE '%%%s%%'" % (name, chance.choice("a1 -2"))
        return "%s %s %s" % (name, shape, value())

    def where(self, table, alias="", most=3):
        number = self.chance.choice((0, 1, 1, 1, 2, 2, 3)[:most + 4])
        if number == 0:
            return ""
        return " WHERE " + " AND ".join(
            self.condition(table, alias) for _ in range(number))

    def order(self, table, alias=""):
        """One that leaves nothing open."""
        first = [self.pick(table) for _ in range(
            self.chance.choice((0, 1, 1, 2)))]
        return " ORDER BY " + ", ".join(
            "%s%s%s" % (alias, column, self.chance.choice(
                ("", "", " DESC", " DESC", " NULLS FIRST",
                 " DESC NULLS LAST")))
            for column in first + list(table.key))

    def limit(self):
        return self.chance.choice(
            ("", "", " LIMIT %d" % self.chance.choice((1, 5, 20, 50, 300)),
             " LIMIT %d OFFSET %d" % (self.chance.choice((1, 10, 100)),
                                      self.chance.choice((0, 1, 19, 20, 90)))))

    def some_columns(self, table, alias=""):
        share = self.chance.choice((0.4, 0.4, 1))
        names = [name for name in table.columns
                 if self.chance.random() < share] or list(table.key)
        return ", ".join(alias + name for name in names)

    def plain(self):
        table = self.chance.choice(self.tables)
        return "SELECT %s FROM {}.%s%s" % (
            self.some_columns(table), table.name, self.where(table))

    def ordered(self):
        table = self.chance.choice(self.tables)
        return "SELECT %s FROM {}.%s%s%s%s" % (
            self.some_columns(table), table.name, self.where(table),
            self.order(table), self.limit())

    def limited(self):
        """Which rows come is open, how many is not."""
        table = self.chance.choice(self.tables)
        return "SELECT count(*) FROM (SELECT 1 FROM {}.%s%s%s) s" % (
            table.name, self.where(table), self.limit())

    def counted(self):
        table = self.chance.choice(self.tables)
        column = self.pick(table)
        return "SELECT count(*)%s FROM {}.%s%s" % (
            self.chance.choice(("", "", ", count(%s)" % column,
                                ", count(DISTINCT %s)" % column)),
            table.name, self.where(table))

    def grouped(self):
        table = self.chance.choice(self.tables)
        column = self.pick(table)
        return "SELECT %s, count(*) FROM {}.%s%s GROUP BY 1" % (
            column, table.name, self.where(table))

    def joined(self):
        left, left_column, right, right_column = self.chance.choice(self.joins)
        return ("SELECT %s, %s FROM {}.%s l %s {}.%s r ON l.%s = r.%s%s%s"
                % (", ".join("l.%s AS l_%s" % (name, name)
                             for name in {*left.key, left_column}),
                   ", ".join("r.%s AS r_%s" % (name, name)
                             for name in {*right.key, right_column}),
                   left.name, self.chance.choice(("JOIN", "LEFT JOIN")),
                   right.name, left_column, right_column,
                   self.where(left, "l.", 2) or " WHERE l.%s = %s" % (
                       left.key[0], self.value(left, left.key[0])),
                   self.chance.choice(
                       ("", " AND " + self.condition(right, "r.")))))

    def subquery(self):
        left, left_column, right, right_column = self.chance.choice(self.joins)
        if self.chance.random() < 0.5:
            return ("SELECT %s FROM {}.%s WHERE %s IN (SELECT %s FROM {}.%s%s)"
                    % (self.some_columns(left), left.name, left_column,
                       right_column, right.name, self.where(right)))
        return ("SELECT %s FROM {}.%s l WHERE %sEXISTS (SELECT FROM {}.%s r"
                " WHERE r.%s = l.%s AND %s)%s"
                % (self.some_columns(left, "l."), left.name,
                   self.chance.choice(("", "NOT ")), right.name, right_column,
                   left_column, self.condition(right, "r."),
                   self.chance.choice(("", " AND " + self.condition(
                       left, "l.")))))

    def make(self, number):
        kinds = [self.plain] * 5 + [self.ordered] * 3 + [
            self.limited, self.counted, self.counted, self.grouped]
        if self.joins:
            kinds += [self.joined] * 2 + [self.subquery]
        return [self.chance.choice(kinds)() for _ in range(number)]


class Session:
    """psql, whose statements are sent one by one."""

    def __init__(self):
        self.psql = subprocess.Popen(
            ["psql", "-XAtq", "-f", "-"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            bufsize=1)
        self.psql.stdin.write(_ATTEMPT)

    def attempt(self, query):
        """Rows of a query, or the text of its error."""
        self.psql.stdin.write("SELECT pg_temp.attempt(%s);\n"
                              % database.literal(query))
        self.psql.stdin.flush()
        lines = ""
        while True:
            line = self.psql.stdout.readline()
            if not line:
                raise RuntimeError("psql ended at " + query)
            lines += line
            try:
                return database.parse(lines)
            except ValueError:
                continue

    def end(self):
        self.psql.stdin.close()
        self.psql.wait()
        self.psql.stdout.close()


def _same(query, got, wanted):
    if isinstance(got, str) or isinstance(wanted, str):
        return got == wanted
    if " ORDER BY " in query:
        return got == wanted
    return (Counter(tuple(row.items()) for row in got)
            == Counter(tuple(row.items()) for row in wanted))


def compare(foreign, copy, queries, recorder=None, each=None):
    """Runs all queries over both schemas; [(query, got, wanted)] of those
    that differ.  each: called with (query, requests, rows)."""
    session = Session()
    different = []
    for query in queries:
        if recorder:
            recorder.forget()
        got = session.attempt(query.replace("{}", foreign))
        lines = recorder.lines() if recorder else []
        wanted = session.attempt(query.replace("{}", copy))
        if not _same(query, got, wanted):
            different.append((query, got, wanted))
        if each:
            each(query, lines, got, wanted)
    session.end()
    return different


def run(name, foreign, copy, queries):
    """As one assertion of a test."""
    different = compare(foreign, copy, queries)
    return tap.ok(not different, "%d queries give what a copy of %s gives"
                  % (len(queries), name), "%d differ\n%s" % (
                      len(different), "\n".join(
                          "%s\n   got: %.300r\nwanted: %.300r" % one
                          for one in different[:4])))
