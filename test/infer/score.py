#!/usr/bin/env python3
"""test/infer/score.py [-v] [PART...]: how often is the inference right?

Parts: envelopes, types, worlds, sites.  Each case is served, imported by a
real server and compared with the truth that stands beside it; README.md says
how.  Prints a score per part with its target, and what was wrong; ends with
"N passed, M failed", where what passes or fails is a part.
"""

import json
import sys
from decimal import Decimal, InvalidOperation
from ipaddress import ip_interface

import columns
import columns_real  # noqa: F401, adds its tables
import envelopes
import envelopes_more  # noqa: F401, adds its cases
import envelopes_real  # noqa: F401, the same
import serve
import sites
import worlds
import worlds_real  # noqa: F401, adds its worlds

from libpq import Connection, Error

verbose = False
results = []


def literal(text):
    return "'" + str(text).replace("'", "''") + "'"


def report(part, good, all_of, target, wrong):
    share = good / all_of if all_of else 0.0
    met = share >= target
    print("%-22s %4s of %-4d %6.2f %%   target %5.1f %%: %s" % (
        part, "%g" % good, all_of, 100 * share, 100 * target, "met" if met else "MISSED"), flush=True)
    for line in wrong:
        print("    " + line)
    results.append(met)


class Database:
    """A server and a schema for one case at a time."""

    def __init__(self):
        self._conn = Connection()
        self._conn.query("SET client_min_messages = error; SET TimeZone = 'UTC'; SET DateStyle = ISO;"
                         "SET IntervalStyle = iso_8601; CREATE EXTENSION IF NOT EXISTS autoconn")

    def query(self, sql):
        return self._conn.query(sql)

    def imported(self, url, discover=True, mapping=None, **options):
        """Tables that an import makes, or the error's text."""
        self.query("DROP SCHEMA IF EXISTS t CASCADE; DROP SERVER IF EXISTS t CASCADE; CREATE SCHEMA t;")
        self.query("CREATE SERVER t FOREIGN DATA WRAPPER autoconn OPTIONS (url %s%s)" % (
            literal(url), "" if discover else ", discover 'off'"))
        if mapping:
            self.query("CREATE USER MAPPING FOR CURRENT_USER SERVER t OPTIONS (%s)" % ", ".join(
                "%s %s" % (k, literal(v)) for k, v in mapping.items()))
        given = ", ".join("%s %s" % (k, literal(v)) for k, v in options.items())
        try:
            self.query("IMPORT FOREIGN SCHEMA api FROM SERVER t INTO t" + (" OPTIONS (%s)" % given if given else ""))
        except Error as error:
            return str(error)
        return sorted(r[0] for r in self.query(
            "SELECT relname FROM pg_class WHERE relnamespace = 't'::regnamespace AND relkind = 'f'"))

    def columns(self, table):
        """json_path -> (name, type, decode) of a table's columns."""
        return {(o or "") + "": (name, kind, decode) for name, kind, o, decode in self.query(
            "SELECT attname, format_type(atttypid, atttypmod),"
            " (SELECT option_value FROM pg_options_to_table(attfdwoptions) WHERE option_name = 'json_path'),"
            " (SELECT option_value FROM pg_options_to_table(attfdwoptions) WHERE option_name = 'decode')"
            " FROM pg_attribute WHERE attrelid = 't.%s'::regclass AND attnum > 0 AND NOT attisdropped" % quoted(table))}


def quoted(name):
    return '"%s"' % name.replace('"', '""')


# ---- envelopes ----

def canonical(value):
    return json.dumps(json.loads(json.dumps(value), parse_float=lambda t: repr(float(t))), sort_keys=True)


def as_multiset(rows):
    return sorted(canonical(r) for r in rows)


def envelope_answer(method, path, parameters, headers):
    parts = path.split("/", 3)
    if len(parts) < 3 or not parts[2].isdigit():
        return serve.missing()
    case = envelopes.CASES[int(parts[2])]
    rest = "/" + (parts[3] if len(parts) > 3 else "")
    if rest == "/openapi.json" and case["schema"]:
        return serve.as_json({"openapi": "3.0.3", "info": {"title": "c", "version": "1"}, "servers": [{"url": "."}], "paths": {
            case["path"]: {"get": {"responses": {"200": {"description": "ok", "content": {
                "application/json": {"schema": case["schema"]}}}}}}}})
    if rest == case["path"]:
        return serve.as_json(case["body"], case["media"])
    return serve.missing()


def envelope_fault(db, base, case):
    """What is wrong with the tables made of a case; None if nothing is."""
    if case["schema"]:
        tables = db.imported(base, raw="true", sample="on")
    else:
        tables = db.imported(base, discover=False, raw="true", sample="on", paths=case["path"])
    if isinstance(tables, str):
        return tables.splitlines()[0] if case["tables"] else None
    found = []
    for table in tables:
        try:
            found.append(as_multiset(json.loads(r[0]) for r in db.query("SELECT _raw FROM t.%s" % quoted(table))))
        except Error as error:
            return str(error).splitlines()[0]
    wanted = [as_multiset(t.rows(case["body"])) for t in case["tables"]]
    right = [sorted(wanted)] + [sorted(as_multiset(t.rows(case["body"])) for t in also) for also in case["also"]]
    if sorted(found) in right:
        return fields_fault(db, tables, case["fields"])
    return "%d tables of %s rows, not %d of %s" % (len(found), [len(f) for f in found], len(wanted), [len(w) for w in wanted])


def fields_fault(db, tables, fields):
    """What is wrong with the columns of the only table."""
    if fields is None or len(tables) != 1:
        return None
    named = {r[0] for r in db.query("SELECT attname FROM pg_attribute WHERE attrelid = 't.%s'::regclass AND attnum > 0" % quoted(tables[0]))}
    named -= {"_raw"}
    return None if named == fields else "columns: %s too many, %s missing" % (sorted(named - fields), sorted(fields - named))


def score_envelopes(db):
    server = serve.Server(envelope_answer)
    good, wrong = 0, []
    for number, case in enumerate(envelopes.CASES):
        fault = envelope_fault(db, "%s/c/%d" % (server.origin, number), case)
        good += fault is None
        if fault:
            wrong.append("%s: %s" % (case["name"], fault))
    server.close()
    report("envelopes", good, len(envelopes.CASES), 0.97, wrong)


# ---- types ----

def types_answer(method, path, parameters, headers):
    for number, table in enumerate(columns.TABLES):
        prefix = "/t/%d" % number
        if path == prefix + table["path"]:
            return serve.as_json(columns.encode({"data": table["rows"], "total": len(table["rows"])}))
        if path == prefix + "/openapi.json" and table["schema"]:
            row = {"type": "object", "properties": table["schema"]}
            body = {"type": "object", "properties": {"data": {"type": "array", "items": row}, "total": {"type": "integer"}}}
            return serve.as_json({"openapi": "3.0.3", "info": {"title": "c", "version": "1"}, "servers": [{"url": "."}], "paths": {
                table["path"]: {"get": {"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": body}}}}}}}})
    return serve.missing()


def moment(value, decode):
    """A JSON value as the text of a timestamp in UTC, where that is simple."""
    from datetime import datetime, timedelta, timezone
    from email.utils import parsedate_to_datetime
    text = value.text if isinstance(value, columns.Raw) else str(value)
    if decode and decode.startswith("epoch_"):
        unit = {"epoch_s": 1, "epoch_ms": 1000, "epoch_us": 1000000}[decode]
        micro = int((Decimal(text) * 1000000 / unit).to_integral_value())
        made = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=micro)
    elif decode == "rfc2822":
        made = parsedate_to_datetime(text)
    elif decode == "dotnet_date":
        return moment(text.strip("/Date()").split("+")[0], "epoch_ms")
    else:
        text = text.upper().replace("Z", "+00:00")
        if text[-5] in "+-" and ":" not in text[-5:]:
            text = text[:-2] + ":" + text[-2:]
        head, dot, tail = text.partition(".")
        if dot:
            fraction = tail[:len(tail) - len(tail.lstrip("0123456789"))] or "0"
            head, text = head, "%s.%s%s" % (head, fraction.ljust(6, "0"), tail[len(fraction):])
        leap = text[17:19] == "60"  # the second after the 59th
        made = datetime.fromisoformat(text[:17] + "59" + text[19:] if leap else text) + timedelta(seconds=leap)
    if made.tzinfo:
        made = made.astimezone(timezone.utc).replace(tzinfo=None)
    return made


def shown_moment(text):
    from datetime import datetime
    head, dot, tail = text.replace("+00", "").partition(".")
    return datetime.fromisoformat(head + (dot + tail.ljust(6, "0") if dot else ""))


def day(value, decode):
    parts = [int(p) for p in str(value).replace("/", ".").replace("-", ".").split(".")]
    order = {"date_dmy": (2, 1, 0), "date_mdy": (2, 0, 1), None: (0, 1, 2)}[decode]
    return "%04d-%02d-%02d" % tuple(parts[i] for i in order)


def exact(text):
    """JSON with all digits of its numbers."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def same_value(value, text, kind, decode):
    """Does the column show what the API sent, with every digit?"""
    if value is None or value is columns.ABSENT or (value == "" and kind not in ("text", "jsonb")):
        return text is None
    if value == "" and kind == "jsonb" and (text is None or text == '""'):
        return True
    if text is None:
        return False
    sent = value.text if isinstance(value, columns.Raw) else value
    if kind in ("smallint", "integer", "bigint", "numeric", "double precision"):
        return Decimal(text) == Decimal(str(sent))
    if kind == "boolean":
        return text[0] == str(sent).lower()[0]
    if kind == "text":
        return text == (sent if isinstance(value, str) else columns.encode(value)) or \
            (not isinstance(value, str) and exact(text) == exact(columns.encode(value)))
    if kind in ("jsonb", "json"):
        return exact(text) == exact(sent if decode == "json_string" else columns.encode(value))
    if kind == "text[]":  # shown as jsonb
        return json.loads(text) == [v if v is None or isinstance(v, str) else columns.encode(v) for v in value]
    if kind.endswith("[]"):
        return exact(text) == exact(columns.encode(value))
    if kind.startswith("timestamp"):
        return shown_moment(text) == moment(value, decode)
    if kind == "date":
        return text == day(value, decode)
    if kind == "uuid":
        return text.replace("-", "") == str(sent).lower().replace("-", "")
    if kind.startswith("time"):
        return text.startswith(str(sent))
    if kind in ("inet", "cidr"):
        return ip_interface(text) == ip_interface(str(sent))
    return True


def score_types(db):
    server = serve.Server(types_answer)
    good, lossy, all_of, wrong = 0, 0, 0, []
    for number, table in enumerate(columns.TABLES):
        options = {} if table["schema"] else {"paths": table["path"]}
        made = db.imported("%s/t/%d" % (server.origin, number), discover=bool(table["schema"]), sample="on", **options)
        all_of += len(table["columns"])
        if isinstance(made, str) or len(made) != 1:
            wrong.append("%s: %s" % (table["name"], made))
            continue
        found = db.columns(made[0])
        try:
            rows = db.query("SELECT %s FROM t.%s" % (", ".join(
                ("to_jsonb(%s)" if kind.endswith("[]") else "%s") % quoted(name) for name, kind in db.query(
                    "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
                    " WHERE attrelid = 't.%s'::regclass AND attnum > 0 ORDER BY attnum" % quoted(made[0]))), quoted(made[0])))
        except Error as error:
            wrong.append("%s cannot be read: %s" % (table["name"], str(error).splitlines()[0]))
            lossy += 1
            continue
        order = [name for name, _, _ in found.values()]
        order = [r[0] for r in db.query("SELECT attname FROM pg_attribute WHERE attrelid = 't.%s'::regclass AND attnum > 0 ORDER BY attnum"
                                        % quoted(made[0]))]
        for column in table["columns"]:
            name, kind, decode = found.get("/" + column.name.replace("~", "~0").replace("/", "~1"), (None, None, None))
            if name is None:
                wrong.append("%s.%s: no column" % (table["name"], column.name))
                continue
            at = order.index(name)
            bad = [i for i, row in enumerate(table["rows"])
                   if i < len(rows) and not kept(row.get(column.name, columns.ABSENT), rows[i][at], kind, decode)]
            if bad or len(rows) != len(table["rows"]):
                lossy += 1
                wrong.append("%s.%s: LOSSY as %s: row %s shows %r" % (table["name"], column.name, kind, bad[:1], rows[bad[0]][at] if bad else len(rows)))
            elif (kind, decode) in column.types:
                good += 1
            else:
                wrong.append("%s.%s: %s%s, not %s" % (table["name"], column.name, kind, " decode " + decode if decode else "",
                                                       " or ".join(t if not d else "%s decode %s" % (t, d) for t, d in column.types)))
    server.close()
    report("types", good, all_of, 0.98, wrong)
    report("types: none lossy", all_of - lossy, all_of, 1.0, [])


def kept(value, text, kind, decode):
    try:
        return same_value(value, text, kind, decode)
    except (ValueError, InvalidOperation, IndexError, KeyError):
        return False


# ---- worlds ----

def score_worlds(db):
    made = {}

    def answer(method, path, parameters, headers):
        parts = path.split("/", 3)
        if len(parts) < 3 or parts[2] not in made:
            return serve.missing()
        return made[parts[2]].answer(server.origin, "/" + (parts[3] if len(parts) > 3 else ""), parameters)

    server = serve.Server(answer)
    keys, n_keys, wrong_keys, hit, missed, false, wrong_edges = 0, 0, [], 0, 0, 0, []
    for number, world in enumerate(worlds.WORLDS):
        made[str(number)] = serve.World(world, "/w/%d" % number)
        paths = []
        for resource in world["resources"]:
            paths.append(resource.path)
            if resource.item:
                paths.append(resource.path + "/{%s}" % (resource.key[0] if resource.key else "id"))
        options = {} if world["described"] else {"paths": ",".join(paths)}
        tables = db.imported("%s/w/%d" % (server.origin, number), discover=world["described"], sample="on", **options)
        by_path = {r[0]: r[1:] for r in db.query("SELECT path, name, key_columns FROM autoconn.endpoints WHERE server = 't' AND importable")}
        for resource in world["resources"]:
            n_keys += 1
            name, key = by_path.get(resource.path, (None, None))
            found = set((key or "{}").strip("{}").replace('"', "").split(",")) - {""}
            if found == {snake(k) for k in resource.key} or (resource.below and found == {snake(k) for k in resource.key} | {resource.below}):
                keys += name is not None
            else:
                wrong_keys.append("%s %s: key %s, not %s" % (world["name"], resource.path, sorted(found), sorted(resource.key)))
        found = edges_of(db)
        wanted = {(by_path.get(c, (c,))[0], snake(cf), by_path.get(p, (p,))[0], snake(pf)) for c, cf, p, pf in world["edges"]}
        hit += len(found & wanted)
        missed += len(wanted - found)
        false += len(found - wanted)
        wrong_edges += ["%s: missed %s" % (world["name"], e) for e in sorted(wanted - found, key=str)]
        wrong_edges += ["%s: false %s" % (world["name"], e) for e in sorted(found - wanted, key=str)]
    server.close()
    report("primary keys", keys, n_keys, 0.97, wrong_keys)
    report("relations, F1", 2 * hit, 2 * hit + missed + false, 0.92, wrong_edges)


def edges_of(db):
    """Edges of one column; embedded_id stands for the field that holds it."""
    edges = set()
    for child, child_columns, parent, parent_columns in db.query(
            "SELECT child, child_columns[1], parent, parent_columns[1] FROM autoconn.relationships"
            " WHERE server = 't' AND cardinality(child_columns) = 1"):
        edges.add((child, child_columns, parent, parent_columns))
    return edges


def snake(name):
    out = ""
    for at, c in enumerate(name):
        out += ("_" if c.isupper() and at and not name[at - 1].isupper() else "") + c.lower()
    return out


# ---- sites ----

def site_fault(db, site):
    server = serve.Site(site)
    try:
        tables = db.imported(server.origin + site["url"].replace("{origin}", server.origin), mapping=site["mapping"])
        kind, status = db.query("SELECT kind, status FROM autoconn.servers WHERE server = 't'")[0]
    except Error as error:
        return str(error).splitlines()[0]
    finally:
        server.close()
    if len(server.asked) > 160:
        return "%d requests" % len(server.asked)
    if status != site["status"]:
        return "status %s, not %s" % (status, site["status"])
    if kind != site["kind"]:
        return "kind %s, not %s" % (kind, site["kind"])
    if isinstance(tables, str):
        return tables.splitlines()[0] if site["tables"] else None
    return None if set(tables) == site["tables"] else "tables %s, not %s" % (tables, sorted(site["tables"]))


def score_sites(db):
    good, wrong = 0, []
    for site in sites.SITES:
        fault = site_fault(db, site)
        good += fault is None
        if fault:
            wrong.append("%s: %s" % (site["name"], fault))
    report("sites", good, len(sites.SITES), 1.0, wrong)


PARTS = {"envelopes": score_envelopes, "types": score_types, "worlds": score_worlds, "sites": score_sites}


def main(parts):
    envelopes.check()
    db = Database()
    for part in parts or PARTS:
        PARTS[part](db)
    print("%d passed, %d failed" % (sum(results), len(results) - sum(results)))
    return not all(results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
