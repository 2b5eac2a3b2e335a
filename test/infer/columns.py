"""Which type does a column have?  Tables of 300 rows, with the truth.

A column is a generator of JSON values and the types that are right for it:
the best first, as SQL type and column option decode.  What the rules leave
open (text is never wrong for a text, but loses the meaning) counts as wrong
here unless it is listed.  Written from the formats and from what real APIs
send, not from what autoconn makes of it; wrong ones stay.
"""

import random
import uuid
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

ROWS = 300

TABLES = []


class Raw:
    """JSON text that Python would not write so."""

    def __init__(self, text):
        self.text = text


# Types as PostgreSQL spells them out.
LONG = {"timestamptz": "timestamp with time zone"}


class Column:
    def __init__(self, name, make, *types):
        self.name, self.make = name, make
        self.types = [(LONG.get(kind, kind), decode) for kind, decode in
                      (t if isinstance(t, tuple) else (t, None) for t in types)]


def table(name, path, *columns, schema=None):
    """schema: properties of a row, where the API describes them."""
    rng = random.Random(name)
    rows = []
    for i in range(ROWS):
        row = {}
        for column in columns:
            value = column.make(i, rng)
            if value is not ABSENT:
                row[column.name] = value
        rows.append(row)
    TABLES.append({"name": name, "path": path, "rows": rows,
                   "columns": columns, "schema": schema})


ABSENT = object()
T0 = datetime(2023, 1, 15, 8, 30, 12, tzinfo=timezone.utc)


def at(i, rng=None):
    return T0 + timedelta(days=i, minutes=37 * i, seconds=i % 50)


# ---- generators: (i, rng) -> value ----
def serial(start=1):
    return lambda i, r: start + i


def const(value):
    return lambda i, r: value


def pick(*values):
    return lambda i, r: values[r.randrange(len(values))]


def form(text):
    return lambda i, r: text % i


def iso(fmt):
    return lambda i, r: at(i).strftime(fmt)


def late(make, last, at_row=ROWS - 1):
    """The same until a row that differs."""
    return lambda i, r: last if i == at_row else make(i, r)


def sometimes(make, share=0.3, instead=None):
    return lambda i, r: instead if r.random() < share else make(i, r)


def digits(n):
    return lambda i, r: "".join(str(r.randrange(10)) for _ in range(n))


def word(i, r):
    return r.choice("alpha beta gamma delta epsilon zeta".split()) + str(i % 17)


ID = Column("id", serial(1), "bigint", "integer")
NAME = Column("name", word, "text")

table("accounts", "/accounts", ID, NAME,
      Column("created_at", iso("%Y-%m-%dT%H:%M:%SZ"), "timestamptz"),
      Column("balance", lambda i, r: "%d.%02d" % (r.randrange(10000), r.randrange(100)), "numeric"),
      Column("zip", lambda i, r: "%05d" % r.randrange(100000), "text"),
      Column("phone", lambda i, r: "+49%09d" % r.randrange(10 ** 9), "text"),
      Column("active", pick(True, False), "boolean"))
table("big numbers", "/ledger", Column("id", serial(9007199254740993), "bigint"),
      Column("beyond", serial(9223372036854775807 - 100), "numeric"),
      Column("serial", late(serial(1), 9223372036854775808), "numeric"),
      Column("last_fits", late(serial(1), 9223372036854775807), "bigint"),
      Column("small_then_big", late(serial(1), 3000000000), "bigint"),
      Column("amount", lambda i, r: Raw("%d.%018d" % (i, i)), "numeric"))
table("odd numbers", "/measurements", ID,
      Column("huge", late(lambda i, r: i, Raw("1e400")), "numeric"),
      Column("tiny", lambda i, r: Raw("%de-30" % (i + 1)), "numeric", "float8"),
      Column("trailing_zeros", lambda i, r: Raw("%d.10" % i), "numeric"),
      Column("negative_zero", late(lambda i, r: i - 150, Raw("-0.0")), "numeric"),
      Column("exponent", lambda i, r: Raw("%dE2" % i), "numeric"),
      Column("precise", lambda i, r: Raw("0.1234567890123456789%d" % (i % 10)), "numeric"))
table("late surprises", "/surprises", ID,
      Column("late_null", late(serial(5), None), "bigint", "integer"),
      Column("late_text", late(serial(5), "n/a"), "text"),
      Column("late_fraction", late(serial(5), 5.5), "numeric"),
      Column("late_object", late(word, {"id": 7}), "jsonb", "text"),
      Column("late_array", late(word, ["x"]), "jsonb"),
      Column("late_bad_date", late(iso("%Y-%m-%d"), "0000-00-00"), "text"),
      Column("late_empty", late(iso("%Y-%m-%dT%H:%M:%SZ"), ""), "timestamptz", "text"),
      Column("late_zero", late(lambda i, r: str(10000 + i), "00123"), "text"),
      Column("late_true", late(pick("true", "false"), "maybe"), "text"))
table("mixed offsets", "/flights", ID,
      Column("departs_at", lambda i, r: at(i).strftime("%Y-%m-%dT%H:%M:%S") + ("Z" if i % 2 else ""), "text"),
      Column("arrives_at", lambda i, r: at(i).strftime("%Y-%m-%dT%H:%M:%S") + r.choice(["Z", "+02:00", "-05:00"]), "timestamptz"),
      Column("local_time", iso("%Y-%m-%dT%H:%M:%S"), "timestamp without time zone"),
      Column("late_offset", late(iso("%Y-%m-%dT%H:%M:%S"), "2024-01-01T00:00:00Z"), "text"),
      Column("fraction", lambda i, r: at(i).strftime("%Y-%m-%dT%H:%M:%S") + ".%s" % str(r.randrange(10 ** 6))[:i % 6 + 1] + "Z", "timestamptz"),
      Column("with_space", iso("%Y-%m-%d %H:%M:%S+00:00"), "timestamptz"))
table("days", "/holidays", NAME,
      Column("date", iso("%Y-%m-%d"), "date"),
      Column("german", lambda i, r: at(i).strftime("%d.%m.%Y"), ("date", "date_dmy")),
      Column("french", lambda i, r: at(i).strftime("%d/%m/%Y"), ("date", "date_dmy")),
      Column("american", lambda i, r: at(i).strftime("%m/%d/%Y"), ("date", "date_mdy")),
      Column("unclear", lambda i, r: "%02d/%02d/2024" % (i % 12 + 1, i % 11 + 1), "text"),
      Column("compact", iso("%Y%m%d"), "text"),
      Column("year", lambda i, r: 1990 + i % 40, "bigint", "integer", "smallint"),
      Column("month", iso("%Y-%m"), "text"),
      Column("impossible", late(iso("%Y-%m-%d"), "2023-02-29"), "text"),
      Column("leap", late(iso("%Y-%m-%d"), "2024-02-29"), "date"))
table("mail", "/mails", ID,
      Column("sent", lambda i, r: format_datetime(at(i)), ("timestamptz", "rfc2822")),
      Column("modified", lambda i, r: at(i).strftime("%a, %d %b %Y %H:%M:%S GMT"), ("timestamptz", "rfc2822")),
      Column("ms_date", lambda i, r: "/Date(%d)/" % (at(i).timestamp() * 1000), ("timestamptz", "dotnet_date")),
      Column("ms_date_zone", lambda i, r: "/Date(%d+0200)/" % (at(i).timestamp() * 1000), ("timestamptz", "dotnet_date")),
      Column("subject", word, "text"))
table("epochs", "/sessions", ID,
      Column("created", lambda i, r: int(at(i).timestamp()), ("timestamptz", "epoch_s")),
      Column("updated_at", lambda i, r: int(at(i).timestamp() * 1000), ("timestamptz", "epoch_ms")),
      Column("expires", lambda i, r: Raw("%d.%03d" % (at(i).timestamp(), i)), ("timestamptz", "epoch_s")),
      Column("seen_ts", lambda i, r: int(at(i).timestamp() * 1000000), ("timestamptz", "epoch_us")),
      Column("account", lambda i, r: 1600000000 + i * 7, "bigint"),
      Column("order_id", lambda i, r: 1700000000 + i, "bigint"),
      Column("timestamp", late(lambda i, r: int(at(i).timestamp()), 0), "bigint", ("timestamptz", "epoch_s")),
      Column("duration_ms", lambda i, r: r.randrange(5000), "bigint", "integer"))
table("names that lie", "/lies", ID,
      Column("since", lambda i, r: i + 1, "bigint", "integer"),
      Column("update_time", word, "text"),
      Column("created_at", const(None), "text", "jsonb", "timestamptz"),
      Column("date", lambda i, r: r.randrange(100), "bigint", "integer"),
      Column("is_active", pick("yes", "no"), "text"),
      Column("count", pick("few", "many"), "text"),
      Column("price", pick("12.50", "POA"), "text"))
table("codes", "/products", Column("sku", lambda i, r: "%06d" % i, "text"),
      Column("ean", digits(13), "text"), Column("hs_code", lambda i, r: "%d.%02d" % (r.randrange(10, 99), r.randrange(100)), "text", "numeric"),
      Column("version", lambda i, r: "1.%d" % (i * 10 % 100), "text"),
      Column("semver", lambda i, r: "1.%d.%d" % (i % 5, i), "text"),
      Column("build", lambda i, r: "1.2.3.%d" % (i % 256), "inet", "text"),
      Column("hex", lambda i, r: "%de%d" % (i % 9 + 1, i % 90), "text"),
      Column("article_number", lambda i, r: str(10000 + i), "text"),
      Column("weight", lambda i, r: "%.2f" % (i / 7), "numeric"))
table("identifiers", "/things", Column("id", lambda i, r: str(uuid.UUID(int=r.getrandbits(128))), "uuid"),
      Column("upper_uuid", lambda i, r: str(uuid.UUID(int=r.getrandbits(128))).upper(), "uuid"),
      Column("bare_uuid", lambda i, r: uuid.UUID(int=r.getrandbits(128)).hex, "text", "uuid"),
      Column("almost_uuid", late(lambda i, r: str(uuid.UUID(int=r.getrandbits(128))), "none"), "text"),
      Column("object_id", lambda i, r: "%024x" % r.getrandbits(96), "text"),
      Column("customer", lambda i, r: "cus_%s" % i, "text"),
      Column("number_text", lambda i, r: str(i), "text"),
      Column("account_id", lambda i, r: str(10 ** 12 + i), "text"))
table("network", "/hosts", NAME,
      Column("ip", lambda i, r: "10.%d.%d.%d" % (i % 4, i % 250, r.randrange(255)), "inet"),
      Column("ip6", lambda i, r: "2001:db8::%x" % (i + 1), "inet"),
      Column("network", lambda i, r: "10.%d.%d.0/24" % (i % 9, i % 250), "cidr", "inet"),
      Column("any_ip", lambda i, r: "10.0.0.%d" % (i % 250) if i % 2 else "fe80::%x" % i, "inet"),
      Column("mac", lambda i, r: ":".join("%02x" % r.randrange(256) for _ in range(6)), "text"),
      Column("host_or_ip", lambda i, r: "10.0.0.1" if i % 3 else "db.local", "text"),
      Column("port", lambda i, r: 1024 + r.randrange(60000), "bigint", "integer"))
table("time", "/shifts", ID,
      Column("starts", lambda i, r: "%02d:%02d" % (i % 24, i % 60), "time without time zone"),
      Column("ends", lambda i, r: "%02d:%02d:%02d" % (i % 24, i % 60, i % 59), "time without time zone"),
      Column("length", lambda i, r: "PT%dH%dM" % (i % 8, i % 60), "interval"),
      Column("video", lambda i, r: "PT%dM%dS" % (i % 60, i % 59), "interval"),
      Column("score", lambda i, r: "%d:%d" % (i % 30, i % 90), "text"))
table("booleans", "/flags", ID,
      Column("text_bool", pick("true", "false"), "boolean"),
      Column("one_zero", pick(1, 0), "bigint", "integer"),
      Column("one_zero_text", pick("1", "0"), "text"),
      Column("yes_no", pick("yes", "no"), "text"),
      Column("y_n", pick("Y", "N"), "text"),
      Column("upper", pick("TRUE", "FALSE"), "boolean", "text"),
      Column("maybe", pick(True, False, None), "boolean"),
      Column("late_number", late(pick(True, False), 2), "text", "jsonb"))
table("nested", "/orders", ID,
      Column("customer", lambda i, r: {"id": i, "name": word(i, r)}, "jsonb"),
      Column("tags", lambda i, r: [word(i, r) for _ in range(i % 4)], "text[]"),
      Column("numbers", lambda i, r: list(range(i % 5)), "bigint[]", "integer[]"),
      Column("lines", lambda i, r: [{"sku": str(i)}] * (i % 3), "jsonb"),
      Column("matrix", lambda i, r: [[1, 2], [3]], "jsonb"),
      Column("empty_list", const([]), "jsonb", "text[]"),
      Column("mixed_list", lambda i, r: [1, "a"], "jsonb", "text[]"),
      Column("list_with_null", lambda i, r: ["a", None], "text[]"),
      Column("payload", lambda i, r: '{"a": %d}' % i, ("jsonb", "json_string"), "text"),
      Column("settings", lambda i, r: {"k%d" % (i % 9): i}, "jsonb"))
table("expandable", "/charges", Column("id", form("ch_%d"), "text"),
      Column("amount", lambda i, r: r.randrange(100000), "bigint", "integer"),
      Column("owner", lambda i, r: {"id": i} if i % 2 else None, "jsonb"),
      Column("invoice", lambda i, r: None if i % 5 else "in_%d" % i, "text"))
table("sparse", "/leads", ID,
      Column("only_once", lambda i, r: "2024-05-05" if i == 150 else None, "text", "date"),
      Column("never", const(None), "text", "jsonb"),
      Column("absent_mostly", lambda i, r: i if i % 100 == 0 else ABSENT, "bigint", "integer"),
      Column("empty_texts", const(""), "text"),
      Column("mostly_null_time", sometimes(iso("%Y-%m-%dT%H:%M:%SZ"), 0.8), "timestamptz"),
      Column("nullable_number", sometimes(lambda i, r: i * 0.5), "numeric"))
table("geo", "/places", NAME,
      Column("lat", lambda i, r: Raw("%.6f" % (r.random() * 180 - 90)), "numeric", "float8", "double precision"),
      Column("lon", lambda i, r: "%.6f" % (r.random() * 360 - 180), "numeric"),
      Column("latitude", lambda i, r: "%d" % (i % 90), "numeric", "text"),
      Column("point", lambda i, r: {"type": "Point", "coordinates": [i, 1.5]}, "jsonb"),
      Column("coordinates", lambda i, r: [r.random(), r.random()], "numeric[]", "double precision[]"),
      Column("postal_code", lambda i, r: "%05d" % (i * 31), "text"),
      Column("plus_code", lambda i, r: "8FVC%04d+22" % i, "text"))
table("money", "/prices", ID,
      Column("price", lambda i, r: "%d.%02d" % (i, i % 100), "numeric"),
      Column("amount", lambda i, r: "%d" % (i * 3), "numeric", "text"),
      Column("thousands", lambda i, r: "%d,%03d.50" % (i % 9 + 1, i), "text"),
      Column("comma", lambda i, r: "%d,%02d" % (i, i % 100), "text"),
      Column("with_currency", lambda i, r: "$%d.50" % i, "text"),
      Column("cents", lambda i, r: i * 100, "bigint", "integer"),
      Column("rate", lambda i, r: "0.%04d" % (i + 1), "numeric"),
      Column("negative", lambda i, r: "-%d.5" % i, "numeric"),
      Column("percent", lambda i, r: "%d%%" % (i % 100), "text"))
table("words", "/articles", ID,
      Column("title", lambda i, r: r.choice(["now", "today", "infinity", "epoch", "yesterday"]), "text"),
      Column("nan", lambda i, r: r.choice(["NaN", "Infinity", "1.5"]), "text"),
      Column("sci", lambda i, r: "%de5" % i, "text"),
      Column("hex", lambda i, r: "0x%x" % i, "text"),
      Column("spaces", lambda i, r: " %d " % i, "text"),
      Column("signs", lambda i, r: "+%d.5" % i, "text"),
      Column("underscores", lambda i, r: "1_%03d" % i, "text"),
      Column("julian", lambda i, r: "J2451%03d" % i, "text"),
      Column("unicode", lambda i, r: "\u00e4\u00f6 \U0001f600 %d" % i, "text"),
      Column("roman", pick("I", "II", "IV"), "text"))
table("base64", "/files", ID,
      Column("content", lambda i, r: "QUJD%04d" % i, "text"),
      Column("sha256", lambda i, r: "%064x" % r.getrandbits(256), "text"),
      Column("etag", lambda i, r: '"%08x"' % i, "text"),
      Column("size", lambda i, r: r.randrange(10 ** 12), "bigint"),
      Column("mime", pick("image/png", "text/plain"), "text"))
table("states", "/jobs", ID,
      Column("state", pick("queued", "running", "done", "failed"), "text"),
      Column("priority", pick(1, 2, 3), "bigint", "integer"),
      Column("progress", lambda i, r: Raw("%.1f" % (i / 3)), "numeric"),
      Column("started_at", sometimes(iso("%Y-%m-%dT%H:%M:%S.000Z"), 0.2), "timestamptz"),
      Column("finished_at", sometimes(iso("%Y-%m-%dT%H:%M:%S+0000"), 0.4), "timestamptz", "text"),
      Column("log_url", form("https://h/log/%d"), "text"))

# ---- described, and data that agrees or does not ----
table("described and right", "/described", ID,
      Column("at", iso("%Y-%m-%dT%H:%M:%SZ"), "timestamptz"), Column("unix", lambda i, r: int(at(i).timestamp()), ("timestamptz", "epoch_s")),
      Column("big", lambda i, r: str(10 ** 15 + i), "bigint"), Column("ratio", lambda i, r: i / 8, "double precision"),
      Column("blob", lambda i, r: "QUJD", "bytea"), Column("dec", lambda i, r: "%d.10" % i, "numeric"),
      Column("kind", pick("a", "b"), "text"), Column("mail", form("a%d@b.c"), "text"),
      schema={"id": {"type": "integer", "format": "int64"}, "at": {"type": "string", "format": "date-time"},
              "unix": {"type": "integer", "format": "unix-time"}, "big": {"type": "string", "format": "int64"},
              "ratio": {"type": "number", "format": "double"}, "blob": {"type": "string", "format": "byte"},
              "dec": {"type": "string", "format": "decimal"}, "kind": {"type": "string", "enum": ["a", "b"]},
              "mail": {"type": "string", "format": "email"}})
table("described and wrong", "/wrong",
      Column("id", form("x%d"), "text"), Column("at", lambda i, r: int(at(i).timestamp()), ("timestamptz", "epoch_s"), "bigint"),
      Column("key", form("cus_%d"), "text"), Column("n", lambda i, r: i + 0.5, "numeric"),
      Column("int32", serial(2 ** 31), "bigint"), Column("flag", pick("Y", "N"), "text"), Column("one", lambda i, r: {"a": i}, "jsonb"),
      Column("day", iso("%Y-%m-%dT%H:%M:%SZ"), "timestamptz"), Column("extra", serial(1), "bigint", "integer"),
      schema={"id": {"type": "integer"}, "at": {"type": "string", "format": "date-time"}, "key": {"type": "string", "format": "uuid"},
              "n": {"type": "integer"}, "int32": {"type": "integer", "format": "int32"}, "flag": {"type": "boolean"},
              "one": {"type": "string"}, "day": {"type": "string", "format": "date"}})
table("described loosely", "/loose", ID,
      Column("when", iso("%Y-%m-%dT%H:%M:%SZ"), "timestamptz"), Column("amount", lambda i, r: Raw("%d.25" % i), "numeric"),
      Column("guid", lambda i, r: str(uuid.UUID(int=r.getrandbits(128))), "uuid"), Column("any", pick(1, "a", True), "jsonb", "text"),
      Column("zip", lambda i, r: "%05d" % i, "text"),
      schema={"id": {"type": "integer"}, "when": {"type": "string"}, "amount": {"type": "number"}, "guid": {"type": "string"},
              "any": {}, "zip": {"type": "string"}})

# ---- the same kinds once more, as other APIs spell them ----
for n, (label, stamp, kind) in enumerate((
        ("camel", "createdAt", "timestamptz"), ("pascal", "CreatedOn", "timestamptz"), ("kebab", "created-at", "timestamptz"))):
    table("spelled in " + label, "/spelled%d" % n, Column("Id" if n else "id", serial(100), "bigint", "integer"),
          Column(stamp, iso("%Y-%m-%dT%H:%M:%S.123Z"), kind),
          Column("isActive", pick(True, False), "boolean"), Column("totalAmount", lambda i, r: "%d.05" % i, "numeric"),
          Column("zipCode", lambda i, r: "%05d" % i, "text"), Column("lastModified", lambda i, r: int(at(i).timestamp() * 1000), ("timestamptz", "epoch_ms")),
          Column("phoneNumber", digits(10), "text"), Column("customerId", digits(8), "text"))
for n, zone in enumerate(("Z", "+00:00", "+05:30", "-08:00")):
    table("zone %s" % zone, "/zone%d" % n, Column("id", form("z-%d"), "text"),
          Column("at", iso("%Y-%m-%dT%H:%M:%S" + zone), "timestamptz"), Column("precise_at", iso("%Y-%m-%dT%H:%M:%S.%f" + zone), "timestamptz"),
          Column("day", iso("%Y-%m-%d"), "date"), Column("hour", lambda i, r: i % 24, "bigint", "integer"),
          Column("offset", const(zone), "text"), Column("value", lambda i, r: Raw("%d.0" % i), "numeric"))
for n, step in enumerate((1, 7, 1000, 10 ** 7)):
    table("integers by %d" % step, "/ints%d" % n, Column("id", lambda i, r, s=step: i * s, "bigint", "integer"),
          Column("ref_id", lambda i, r, s=step: 1600000000 + i * s, "bigint"), Column("text_id", lambda i, r, s=step: str(i * s), "text"),
          Column("created_ts", lambda i, r, s=step: 1500000000 + i * min(s, 100000), ("timestamptz", "epoch_s")),
          Column("quantity", lambda i, r, s=step: -i * s, "bigint", "integer"), Column("share", lambda i, r, s=step: "0.%07d" % i, "numeric"))
# An empty text is no date: text, too, is right for a column that has some.
OR_TEXT = ((), ("text",), ())
for n, empty in enumerate((None, "", ABSENT)):
    table("gaps %d" % n, "/gaps%d" % n, ID, Column("a_date", sometimes(iso("%Y-%m-%d"), 0.5, empty), "date", *OR_TEXT[n]),
          Column("a_uuid", sometimes(lambda i, r: str(uuid.UUID(int=r.getrandbits(128))), 0.5, empty), "uuid", *OR_TEXT[n]),
          Column("an_ip", sometimes(lambda i, r: "10.1.2.%d" % (i % 250), 0.5, empty), "inet", *OR_TEXT[n]),
          Column("a_price", sometimes(lambda i, r: "%d.99" % i, 0.5, empty), "numeric", *OR_TEXT[n]),
          Column("a_word", sometimes(word, 0.5, empty), "text"),
          Column("a_number", sometimes(serial(1), 0.5, None), "bigint", "integer"))
table("durations", "/tasks", ID,
      Column("estimate", lambda i, r: "P%dDT%dH" % (i % 9 + 1, i % 23), "interval"),
      Column("weeks", lambda i, r: "P%dW" % (i % 50 + 1), "interval"),
      Column("seconds", lambda i, r: Raw("%d.5" % i), "numeric"),
      Column("spent", lambda i, r: "%dh %dm" % (i % 9, i % 60), "text"),
      Column("late", late(lambda i, r: "PT%dM" % i, "P1"), "text"))
table("keys of others", "/rows", Column("key", lambda i, r: "%03d-%04d" % (i, i * 7), "text"),
      Column("iban", lambda i, r: "DE%020d" % (i * 10 ** 9), "text"), Column("isbn", lambda i, r: "978%010d" % i, "text"),
      Column("ssn", lambda i, r: "%03d-%02d-%04d" % (i, i % 100, i), "text"), Column("vat", form("DE%09d"), "text"),
      Column("order_number", lambda i, r: str(4500000000 + i), "text"), Column("snowflake", lambda i, r: str(175928847299117063 + i), "text"),
      Column("snowflake_number", lambda i, r: 175928847299117063 + i, "bigint"))


def encode(value):
    """JSON text; Raw as it is."""
    import json
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s: %s" % (json.dumps(k), encode(v)) for k, v in value.items())
    if isinstance(value, list):
        return "[%s]" % ", ".join(map(encode, value))
    return json.dumps(value)


if __name__ == "__main__":
    print(len(TABLES), sum(len(t["columns"]) for t in TABLES), sum(len(encode(t["rows"])) for t in TABLES))
