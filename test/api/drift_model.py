"""What does the API under /d/<id> hold, before and after it changes?

A model is built anew for every request, twice if need be: once for the side
"spec", which is described (drift_spec.py), once for the side "payload", which
is served (drift.py).  Both begin as the same small shop; the switches of the
session (drift_switches.py, drift_wire.py) then change one or the other or
both.

Row n is a function of n alone, so counts and sums are known without looking.
"""

import datetime
from decimal import Decimal

import pagination
from openapi import amount, flag, moment, text, whole

ROWS = 60
DEFAULT_SIZE = 20
MAX_SIZE = 50
BASE = "/v1"

ORDER_STATUSES = ("pending", "paid", "shipped", "delivered")
TIERS = ("free", "plus", "pro")
REASONS = ("damaged", "late")

FIRST_MOMENT = datetime.datetime(2025, 1, 1)


class Missing(Exception):
    """A switch names what this side of the API does not have."""


class Column:
    """A member of every row: its schema, and its value as a function of the
    row's number."""

    def __init__(self, name, schema, value):
        self.name = name
        self.schema = schema
        self.value = value
        self.deprecated = False


class Param:
    """A query parameter.  `column` is what it filters by, None: nothing."""

    def __init__(self, name, schema, column=None):
        self.name = name
        self.schema = schema
        self.column = column
        self.required = False
        self.required_code = 400
        self.default = None
        self.deprecated = False


class Table:
    """A collection and its items.

    path        full, below /d/<id>
    origin      the name of the listener that serves it, None: any
    refused     parameters that are an error, with its status
    before      functions (call) -> Reply or None, asked before the rows are
    after       functions (call, reply) -> another Reply or None
    headers     of every answer
    """

    def __init__(self, name, style, columns, params=()):
        self.name = name
        self.singular = name[:-1]
        self.path = BASE + "/" + name
        self.origin = None
        self.style = style
        self.columns = columns
        self.key = columns[0]
        self.params = list(params)
        self.refused = {}
        self.rows = ROWS
        self.empty = False
        self.shuffled = False
        self.deprecated = False
        self.sunset = None
        self.before = []
        self.after = []
        self.headers = []

    def column(self, name):
        return _named(self.columns, name)

    def param(self, name):
        return _named(self.params, name)

    def row(self, number):
        columns = self.columns
        if self.shuffled:
            turn = number % len(columns)
            columns = columns[turn:] + columns[:turn]
        return {column.name: column.value(number) for column in columns}

    def all_rows(self):
        return [self.row(number) for number in range(1, self.rows + 1)]


def _named(things, name):
    for thing in things:
        if thing.name == name:
            return thing
    raise Missing("there is no %s" % name)


class Alias:
    """A path that a table had: `code` is how it is answered there, 200 as
    ever; table None: the table is gone."""

    def __init__(self, path, code, table=None):
        self.path = path
        self.code = code
        self.table = table


class Model:
    """One side of the API.

    before      functions (call) -> Reply or None, asked before everything
    describing  ... before the description
    guards      ... before any data
    after       functions (call, reply) on every answer with data
    """

    def __init__(self, side):
        self.side = side
        self.base = BASE
        self.tables = {table.name: table
                       for table in (_orders(), _customers(), _products())}
        self.aliases = []
        self.scheme = None
        self.challenge = None
        self.reordered = False
        self.before = []
        self.describing = []
        self.guards = []
        self.after = []

    def table(self, name):
        if name not in self.tables:
            raise Missing("there is no %s" % name)
        return self.tables[name]

    def add_refunds(self):
        self.tables["refunds"] = _refunds()
        self.tables["refunds"].path = self.base + "/refunds"

    def find(self, path):
        """(table or alias, key of the item or None) for a path below
        /d/<id>, or None."""
        parent, _, key = path.rpartition("/")
        for place in [*self.tables.values(), *reversed(self.aliases)]:
            if path == place.path:
                return place, None
            if parent == place.path:
                return place, key
        return None


# The names of all tables that there can be.
TABLES = ("orders", "customers", "products", "refunds")


def _moment(number):
    when = FIRST_MOMENT + datetime.timedelta(hours=number)
    return when.isoformat() + "Z"


def _choice(choices):
    return lambda number: choices[number % len(choices)]


def _id(what):
    return Column("id", whole("The %s's number." % what), lambda n: n)


def _orders():
    status = Column("status", text("How far it has come.",
                                   enum=list(ORDER_STATUSES)),
                    _choice(ORDER_STATUSES))
    columns = [
        _id("order"),
        Column("customer_id", whole("Who ordered."),
               lambda n: 1 + n % ROWS),
        status,
        Column("total", amount("What it costs."),
               lambda n: Decimal(10 * n) + Decimal("0.50")),
        Column("note", text("What the customer wrote.", nullable=True),
               lambda n: "note %d" % n if n % 3 else None),
        Column("created_at", moment("When it came."), _moment)]
    return Table("orders", pagination.PageNumber(DEFAULT_SIZE, MAX_SIZE),
                 columns, [_filter(status)])


def _customers():
    tier = Column("tier", text("What is paid for.", enum=list(TIERS)),
                  _choice(TIERS))
    columns = [
        _id("customer"),
        Column("name", text("Full name."), lambda n: "customer %d" % n),
        Column("email", text(format="email"),
               lambda n: "c%d@example.com" % n),
        tier,
        Column("created_at", moment("When the account was opened."),
               _moment)]
    return Table("customers", pagination.Cursor(DEFAULT_SIZE, MAX_SIZE,
                                                "customers"),
                 columns, [_filter(tier)])


def _products():
    in_stock = Column("in_stock", flag("Whether there is any."),
                      lambda n: n % 5 != 0)
    columns = [
        _id("product"),
        Column("sku", text("Stock keeping unit."), lambda n: "SKU-%04d" % n),
        Column("name", text(), lambda n: "product %d" % n),
        Column("price", amount("Price in EUR."),
               lambda n: Decimal(n) + Decimal("0.99")),
        in_stock]
    return Table("products", pagination.LinkHeader(DEFAULT_SIZE, MAX_SIZE),
                 columns, [_filter(in_stock)])


def _refunds():
    return Table("refunds", pagination.PageNumber(DEFAULT_SIZE, MAX_SIZE), [
        _id("refund"),
        Column("order_id", whole("The order that it is for."), lambda n: n),
        Column("amount", amount(), lambda n: Decimal(n) + Decimal("0.25")),
        Column("reason", text(enum=list(REASONS)), _choice(REASONS))])


def _filter(column):
    """A parameter that filters by the column.  It shares the column's list
    of values, so that a value added to one is known to the other."""
    schema = {name: column.schema[name] for name in ("type", "enum")
              if name in column.schema}
    return Param(column.name, schema, column)
