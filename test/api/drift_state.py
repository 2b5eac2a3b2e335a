"""Which switches are set in which session, and how are they set?

    PUT /_drift/<id>?<switch>=<value>&...&<modifier>=<value>
    GET /_drift/<id>
    DELETE /_drift/<id>

A value is [table][.column or ?parameter][:argument]; without a table it
concerns all of them.  Modifiers, where=spec|payload|both among them, go with
the switches of the same request.  Switches act in the order in which they
were first set, each on what the others left.

A switch is one function (model, setting), registered by the decorator below;
it lives in drift_switches.py or drift_wire.py.
"""

import hashlib
import re
import threading
from urllib.parse import unquote

import drift_model
import jsontext
import shop
from http1 import Reply

SIDES = ("spec", "payload")

SWITCHES = {}

# What every switch that fails requests takes.
FAILING = {"fail": 0, "flap": 0.0, "seed": 1}

_VALUE = re.compile(r"(?:(\*|[a-z]+)(?:([.?])([A-Za-z_]+))?)(?::(.*))?\Z",
                    re.DOTALL)


class Switch:
    """`takes` is what its value names: column, param, table, any (of these),
    text or flag (1, or 0 to take it back); `sides` what it can concern;
    `defaults` its modifiers."""

    def __init__(self, function, takes, sides, defaults):
        self.function = function
        self.name = function.__name__
        self.takes = takes
        self.sides = sides
        self.defaults = defaults


def switch(takes, sides=SIDES, **defaults):
    """Decorator: register a switch under its function's name."""
    def register(function):
        SWITCHES[function.__name__] = Switch(function, takes, sides, defaults)
        return function
    return register


class BadSwitch(Exception):
    """A request that cannot be understood; says why."""


class Setting:
    """A switch that is set.

    table       "*" for all
    separator   "." before a column, "?" before a parameter, None
    name        of the column or parameter, None
    argument    what stood behind the colon, None
    """

    def __init__(self, one, value, modifiers):
        self.switch = one
        self.value = value
        self.modifiers = modifiers
        self._asked = 0
        self._once = None
        self.lock = threading.RLock()
        self.table, self.separator, self.name = "*", None, None
        self.argument = value
        if one.takes == "flag" and value != "1":
            raise BadSwitch("%s=%s: 1 or 0" % (one.name, value))
        if one.takes not in ("text", "flag"):
            self._parse(value)
        where = modifiers["where"]
        self.sides = [side for side in one.sides
                      if where in ("both", side)]
        if not self.sides:
            raise BadSwitch("%s does not concern where=%s"
                            % (one.name, where))

    def _parse(self, value):
        found = _VALUE.match(value)
        if found and found[1] in ("*",) + drift_model.TABLES:
            self.table, self.separator, self.name = found.group(1, 2, 3)
            self.argument = found[4]
        takes = self.switch.takes
        # A parameter may be written like a column where nothing else is
        # meant.
        if takes == "param" and self.separator:
            self.separator = "?"
        if takes != "any" and {None: "table", ".": "column",
                               "?": "param"}[self.separator] != takes:
            raise BadSwitch("%s=%s names no %s"
                            % (self.switch.name, value, takes))

    def __getitem__(self, modifier):
        return self.modifiers[modifier]

    @property
    def identity(self):
        """Settings of the same identity replace each other."""
        found = (self.switch.name, self.table, self.separator, self.name)
        return found + ((self.argument,) if self.switch.name == "enum"
                        else ())

    def tables(self, model):
        """The tables of the model that it concerns."""
        if self.table == "*":
            return list(model.tables.values())
        return [model.table(self.table)]

    def place(self, model):
        """The table, column or parameter that it names."""
        table = model.table(self.table)
        if self.separator is None:
            return table
        find = table.column if self.separator == "." else table.param
        return find(self.name)

    def number(self):
        """The argument as a whole number."""
        if not (self.argument or "").isdigit():
            raise BadSwitch("%s=%s needs a whole number"
                            % (self.switch.name, self.value))
        return int(self.argument)

    def once(self, make):
        """What make() returned when it was called first."""
        with self.lock:
            if self._once is None:
                self._once = make()
            return self._once

    def next_number(self):
        """Count one more request; return how many there were."""
        with self.lock:
            self._asked += 1
            return self._asked

    def acts(self):
        """Whether it acts on this request: the first `fail`, or a share of
        `flap`, which the request's number decides."""
        number = self.next_number()
        if self["fail"] and number > self["fail"]:
            return False
        if self["flap"]:
            return shop.pick(number, self["seed"], 1000) < (
                1000 * self["flap"])
        return True

    def as_json(self):
        return {"switch": self.switch.name, "value": self.value,
                **{name: value if isinstance(value, (int, str))
                   else str(value)
                   for name, value in self.modifiers.items()}}


class State:
    """The switches of one session, and which revision its description is.
    The revision outlives a reset: a date must not go back."""

    def __init__(self):
        self.settings = {}
        self.revision = 0
        self._etag = None
        self._lock = threading.Lock()

    def model(self, side, before=None):
        """That side of the API, as the settings that stand before that one
        (None: all) have made it."""
        model = drift_model.Model(side)
        for setting in list(self.settings.values()):
            if setting is before:
                break
            if side in setting.sides:
                try:
                    setting.switch.function(model, setting)
                except drift_model.Missing:
                    pass
        return model

    def validators(self, body):
        """(strong entity tag, revision) of a description."""
        etag = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
        with self._lock:
            if self._etag not in (None, etag):
                self.revision += 1
            self._etag = etag
            return etag, self.revision

    def change(self, pairs):
        """Set the switches of one request, all of them or none."""
        trial = State()
        trial.settings = dict(self.settings)
        gone = {name for name, value in pairs if _takes_back(name, value)}
        for identity in list(trial.settings):
            if identity[0] in gone:
                del trial.settings[identity]
        for setting in parse_pairs(pairs):
            trial.try_setting(setting)
        self.settings = trial.settings

    def try_setting(self, setting):
        """Add it, if either side has what it names."""
        self.settings[setting.identity] = setting
        for side in setting.sides:
            try:
                setting.switch.function(self.model(side, setting), setting)
                return
            except drift_model.Missing as missing:
                problem = str(missing)
        raise BadSwitch("%s=%s: %s" % (setting.switch.name, setting.value,
                                       problem))


def _takes_back(name, value):
    """Whether that takes back what was set, and sets nothing."""
    return name in SWITCHES and (
        value == "" or (value == "0" and SWITCHES[name].takes == "flag"))


def parse_pairs(pairs):
    """The settings of one request."""
    names = {name for name, _ in pairs if name in SWITCHES}
    known = {"where": "both"}
    for name in names:
        known.update(SWITCHES[name].defaults)
    given = {name: value for name, value in pairs if name not in SWITCHES}
    for name in given:
        if name not in known:
            raise BadSwitch("no switch or modifier %r" % name)
    if given.get("where", "both") not in SIDES + ("both",):
        raise BadSwitch("where is spec, payload or both")
    return [Setting(SWITCHES[name], value,
                    _modifiers(SWITCHES[name], given))
            for name, value in pairs
            if name in SWITCHES and not _takes_back(name, value)]


def _modifiers(one, given):
    found = dict(one.defaults, where="both")
    for name, value in given.items():
        if name in found:
            try:
                found[name] = type(found[name])(value)
            except ValueError:
                raise BadSwitch("%s=%s" % (name, value)) from None
    return found


def _pairs(query_text):
    """Names and values.  A plus is a plus: enum=orders.status:+lost."""
    parts = (part.partition("=") for part in query_text.split("&") if part)
    return [(unquote(name), unquote(value)) for name, _, value in parts]


class States:
    """Of all sessions."""

    def __init__(self):
        self._states = {}
        self._lock = threading.Lock()

    def __getitem__(self, token):
        with self._lock:
            return self._states.setdefault(token, State())

    def control(self, request, token):
        """Answer /_drift/<id>."""
        state = self[token]
        if request.method == "DELETE":
            state.settings = {}
            return Reply(204, content_type=None)
        if request.method == "PUT":
            try:
                state.change(_pairs(request.query_text))
            except BadSwitch as problem:
                return Reply(400, ("%s\n" % problem).encode(), "text/plain")
            return Reply(204, content_type=None)
        return Reply(200, jsontext.encode(
            {"id": token, "switches": [setting.as_json() for setting
                                       in state.settings.values()]}))
