"""How does an API change what it offers: columns, endpoints, parameters,
rows?

Each function is a switch (drift_state.py): it makes one change to one side
of the model.  README.md lists them.
"""

import datetime
import uuid
from email.utils import format_datetime, parsedate_to_datetime

import pagination
from drift_model import MAX_SIZE, Alias, Column, Missing, Param
from drift_state import BadSwitch, switch
from openapi import array, obj, text

COLORS = ("red", "green", "blue")

# When what is deprecated became so.
DEPRECATED_AT = datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc)


# Columns

@switch("column")
def add_column(model, setting):
    table = model.table(setting.table)
    table.columns.append(Column(setting.name, text("The colour."),
                                lambda n: COLORS[n % len(COLORS)]))


@switch("column")
def remove_column(model, setting):
    model.table(setting.table).columns.remove(setting.place(model))


@switch("column")
def rename(model, setting):
    column = setting.place(model)
    if not setting.argument:
        raise BadSwitch("rename=%s: to what?" % setting.value)
    column.name = setting.argument


def _seconds(value):
    return int(datetime.datetime.fromisoformat(
        value.replace("Z", "+00:00")).timestamp())


def _number(value):
    """A number stays; of a text, its digits."""
    if isinstance(value, str):
        return int("".join(filter(str.isdigit, value)) or "0")
    return value


def _whole_number():
    return {"type": "integer", "format": "int64"}


# For each type: schema, made of the one before, and value.
TYPES = {
    "string": (lambda old: {"type": "string"}, str),
    "number": (lambda old: {"type": "number"}, _number),
    "integer": (lambda old: _whole_number(), lambda v: int(_number(v))),
    "object": (lambda old: obj({"value": old}), lambda v: {"value": v}),
    "array": (array, lambda v: [v]),
    "date": (lambda old: {"type": "string", "format": "date"},
             lambda v: v[:10]),
    "epoch": (lambda old: _whole_number(), _seconds),
    "epoch_ms": (lambda old: _whole_number(), lambda v: 1000 * _seconds(v)),
    "uuid": (lambda old: {"type": "string", "format": "uuid"},
             lambda v: str(uuid.uuid5(uuid.NAMESPACE_OID, str(v)))),
}


@switch("column")
def retype(model, setting):
    if setting.argument not in TYPES:
        raise BadSwitch("retype=%s: one of %s"
                        % (setting.value, ", ".join(TYPES)))
    column = setting.place(model)
    make_schema, convert = TYPES[setting.argument]
    before, value = column.schema, column.value
    bare = {name: member for name, member in before.items()
            if name not in ("description", "nullable")}
    column.schema = dict(make_schema(bare), **{
        name: before[name] for name in ("description", "nullable")
        if name in before})

    def converted(n):
        old = value(n)
        return None if old is None else convert(old)
    column.value = converted


@switch("column")
def nullable(model, setting):
    column = setting.place(model)
    column.schema["nullable"] = True
    value = column.value
    column.value = lambda n: None if n % 3 == 0 else value(n)


@switch("column")
def enum(model, setting):
    column = setting.place(model)
    sign, member = (setting.argument or "")[:1], (setting.argument or "")[1:]
    members = column.schema.get("enum", [])
    value = column.value
    if sign == "+":
        members.append(member)
        column.value = lambda n: member if n % 7 == 0 else value(n)
    elif sign == "-":
        if member not in members or len(members) == 1:
            raise Missing("%s cannot be removed" % member)
        members.remove(member)
        other = members[0]

        def replaced(n):
            old = value(n)
            return other if old == member else old
        column.value = replaced
    else:
        raise BadSwitch("enum=%s: +new or -old" % setting.value)


@switch("flag", sides=("spec",))
def reorder(model, setting):
    model.reordered = True


# Endpoints

@switch("table")
def add_endpoint(model, setting):
    if setting.table != "refunds":
        raise BadSwitch("add_endpoint=refunds is all there is to add")
    model.add_refunds()


@switch("table", code=404)
def remove_endpoint(model, setting):
    for table in setting.tables(model):
        del model.tables[table.name]
        model.aliases.append(Alias(table.path, setting["code"]))


@switch("table", code=301, to="same")
def move(model, setting):
    path = setting.argument or ""
    if not path.startswith("/") or setting["to"] not in ("same", "other"):
        raise BadSwitch("move=%s: a path; to=same or other" % setting.value)
    table = model.table(setting.table)
    model.aliases.append(Alias(table.path, setting["code"], table))
    table.path = path
    table.origin = "other" if setting["to"] == "other" else None


@switch("text", code=404)
def base(model, setting):
    if not setting.argument.startswith("/"):
        raise BadSwitch("base=%s: a path" % setting.value)
    before, model.base = model.base, setting.argument
    for table in model.tables.values():
        if table.path.startswith(before + "/"):
            gone = setting["code"] >= 400
            model.aliases.append(Alias(table.path, setting["code"],
                                       None if gone else table))
            table.path = model.base + table.path[len(before):]


@switch("table")
def style(model, setting):
    table = model.table(setting.table)
    if setting.argument not in pagination.STYLES:
        raise BadSwitch("style=%s: one of %s"
                        % (setting.value, ", ".join(pagination.STYLES)))
    table.style = pagination.STYLES[setting.argument](
        table.style.default_size, MAX_SIZE, table.name)


# Parameters

@switch("param")
def add_param(model, setting):
    model.table(setting.table).params.append(
        Param(setting.name, text("Where it is.")))


@switch("param", code=400)
def require_param(model, setting):
    table = model.table(setting.table)
    try:
        param = table.param(setting.name)
    except Missing:
        param = Param(setting.name, text("Where it is."))
        table.params.append(param)
    param.required = True
    param.required_code = setting["code"]


@switch("param", code=200)
def remove_param(model, setting):
    table = model.table(setting.table)
    table.params.remove(setting.place(model))
    if setting["code"] != 200:
        table.refused[setting.name] = setting["code"]


@switch("param")
def default(model, setting):
    table = model.table(setting.table)
    if setting.name == table.style.size_param:
        table.style.default_size = min(setting.number(),
                                       table.style.max_size)
        return
    setting.place(model).default = setting.argument


@switch("table")
def max_size(model, setting):
    for table in setting.tables(model):
        table.style.max_size = setting.number()
        table.style.default_size = min(table.style.default_size,
                                       table.style.max_size)


# What will change

@switch("any", form="epoch", successor="")
def deprecate(model, setting):
    place = setting.place(model)
    place.deprecated = True
    if setting.name is not None:
        if model.side == "payload" and len(setting.sides) == 1:
            raise BadSwitch("deprecate=%s is only described" % setting.value)
        return
    forms = {"epoch": "@%d" % DEPRECATED_AT.timestamp(), "true": "true",
             "date": format_datetime(DEPRECATED_AT, usegmt=True),
             "none": None}
    if setting["form"] not in forms:
        raise BadSwitch("form is one of %s" % ", ".join(forms))
    headers = [("Deprecation", forms[setting["form"]])]
    if setting["successor"]:
        headers.append(("Link", '<%s>; rel="successor-version"'
                        % setting["successor"]))
    place.headers += [pair for pair in headers if pair[1]]


def _date(argument):
    """A date of the form that headers have, or days from now."""
    if argument.lstrip("-").isdigit():
        return (datetime.datetime.now(datetime.timezone.utc)
                + datetime.timedelta(days=int(argument)))
    try:
        return parsedate_to_datetime(argument)
    except ValueError:
        raise BadSwitch("sunset: days, or a date as in headers") from None


@switch("table")
def sunset(model, setting):
    # The day from now is fixed when the switch is set, lest the description
    # change with every request.
    when = setting.once(lambda: _date(setting.argument or ""))
    for table in setting.tables(model):
        table.sunset = when.date().isoformat()
        table.headers.append(("Sunset", format_datetime(
            when.astimezone(datetime.timezone.utc), usegmt=True)))


# Rows

@switch("table", sides=("payload",))
def grow(model, setting):
    for table in setting.tables(model):
        table.rows += setting.number()


@switch("flag", sides=("payload",))
def shuffle(model, setting):
    for table in model.tables.values():
        table.shuffled = True


@switch("table", sides=("payload",))
def empty(model, setting):
    for table in setting.tables(model):
        table.empty = True
