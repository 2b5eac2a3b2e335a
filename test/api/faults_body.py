"""Faults of content: bytes that are not JSON, JSON that is not rows, rows
whose names and values are as nasty as they may legally be, and nastier."""

import functools

import jsontext
from faults import fault
from http1 import Reply


# Rows

def _with(text, members):
    """A row's text with more members, given as JSON text without braces."""
    return text[:-1] + b"," + members + b"}"


def _extend(page, members):
    page.rows = [_with(text, members) for text in page.rows]


def _declare(document, properties):
    """Add properties to the description of a thing."""
    thing = document["components"]["schemas"]["Thing"]
    thing["properties"].update(properties)


# Names that break quoting, folding, limits or terminals.  Values tell the
# columns apart.
HOSTILE_NAMES = (
    'double"quote', "single'quote", "back\\slash", "semi;colon",
    "'; DROP TABLE things; --", '"); DROP TABLE things; --',
    "new\nline", "tab\tstop", "$$dollar$$", "%s%n", "per%20cent", "a.b",
    "a/b", "a~b", "", " ", " padded ", "Case", "case", "CASE", "select",
    "ID", "tableoid", "ctid", "naïve", "日本語", "🐘", "e\u0301", "\u00e9",
    "\u202egnirts", "zero\u200bwidth", "\u0001control", "x" * 200,
    "x" * 199 + "y", "é" * 40, "__proto__", "0", "-1", "null",
)


def _hostile_members():
    members = [jsontext.dump(name) + ":" + jsontext.dump("v%d" % place)
               for place, name in enumerate(HOSTILE_NAMES)]
    return ",".join(members).encode()


@fault("hostile_names", "page",
       "every row has 39 more members, whose names hold quotes, newlines,"
       " SQL, 200 bytes, nothing at all, or differ only in case; declared=0"
       " leaves them out of the description, nul=1 adds a name with \\u0000",
       declared=1, nul=0)
def hostile_names(scene, page):
    members = _hostile_members()
    if scene["nul"]:
        members += b',"nul\\u0000name":"nul"'
    _extend(page, members)


@fault("hostile_names", "document")
def hostile_names_document(scene, document):
    if scene["declared"]:
        names = HOSTILE_NAMES + (("nul\0name",) if scene["nul"] else ())
        _declare(document, {name: {"type": "string"} for name in names})


@fault("duplicate_keys", "page",
       "every row has name and value twice; the last is the right one")
def duplicate_keys(scene, page):
    page.rows = [b'{"name":"wrong","value":-1,' + text[1:]
                 for text in page.rows]


@fault("nul_escape", "page", "a name holds \\u0000, which text cannot")
def nul_escape(scene, page):
    page.rows = [text.replace(b'"thing ', b'"thi\\u0000ng ')
                 for text in page.rows]


@fault("nul_byte", "page", "a name holds a zero byte, unescaped")
def nul_byte(scene, page):
    page.rows = [text.replace(b'"thing ', b'"thi\0ng ') for text in page.rows]


BAD_UTF8 = {
    "overlong": b"\xc0\xaf",            # "/" in two bytes
    "overlong3": b"\xe0\x80\xaf",
    "surrogate": b"\xed\xa0\x80",       # U+D800, never encoded
    "pair": b"\xed\xa0\xbd\xed\xb8\x80",    # CESU-8
    "continuation": b"\x80",            # without a first byte
    "truncated": b"\xe2\x82",           # of the three of a euro sign
    "beyond": b"\xf4\x90\x80\x80",      # U+110000
    "ff": b"\xff",
    "latin1": b"caf\xe9",
}


@fault("bad_utf8", "page",
       "a string is not UTF-8 (kind: overlong, overlong3, surrogate, pair,"
       " continuation, truncated, beyond, ff, latin1; where: value, name,"
       " other: a member that is not described)",
       kind="overlong", where="value")
def bad_utf8(scene, page):
    bad = BAD_UTF8[scene["kind"]]
    if scene["where"] == "value":
        page.rows = [text.replace(b'"thing ', b'"' + bad + b" ")
                     for text in page.rows]
    elif scene["where"] == "name":
        _extend(page, b'"' + bad + b'":1')
    else:
        _extend(page, b'"other":"' + bad + b'"')


LONE_SURROGATES = {"high": rb"\ud83d", "low": rb"\ude00",
                   "reversed": rb"\ude00\ud83d", "pair": rb"\ud83d\ude00",
                   "half": rb"\ud83d\u0041"}


@fault("lone_surrogate", "page",
       "an escape is half a surrogate pair (kind: high, low, reversed, half;"
       " pair is right)", kind="high")
def lone_surrogate(scene, page):
    page.rows = [text.replace(b'"thing ', b'"'
                              + LONE_SURROGATES[scene["kind"]] + b" ")
                 for text in page.rows]


# Member, value as written, type in the description
BIG_NUMBERS = (
    ("past_double", "1e400", "number"),
    ("tiny", "1e-400", "number"),
    ("forty_digits", "0.1234567890123456789012345678901234567890", "number"),
    ("bigint_max", "9223372036854775807", "integer"),
    ("bigint_min", "-9223372036854775808", "integer"),
    ("two_63", "9223372036854775808", "integer"),
    ("two_64", "18446744073709551616", "integer"),
    ("thirty_digits", "123456789012345678901234567890", "integer"),
    ("past_2_53", "9007199254740993", "integer"),
    ("minus_zero", "-0", "number"),
    ("minus_zero_point", "-0.0", "number"),
    ("integral_exponent", "1e3", "integer"),
    ("integral_point", "5.0", "integer"),
    ("trailing_zeros", "1.50000", "number"),
    ("huge_exponent", "1e1000000000", "number"),
)


@fault("big_numbers", "page",
       "numbers past double and past bigint, and others that a double would"
       " change; only=NAME,... just those, type=... describes them all so",
       only="", type="")
def big_numbers(scene, page):
    _extend(page, ",".join('"%s":%s' % (name, value)
                           for name, value, _ in _chosen(scene)).encode())


@fault("big_numbers", "document")
def big_numbers_document(scene, document):
    _declare(document, {name: {"type": scene["type"] or kind}
                        for name, _, kind in _chosen(scene)})


def _chosen(scene):
    """The numbers asked for.  Without `only`, those that fit their type."""
    if scene["only"]:
        return [number for number in BIG_NUMBERS
                if number[0] in scene["only"].split(",")]
    return [number for number in BIG_NUMBERS
            if number[0] not in ("two_63", "two_64", "thirty_digits",
                                 "huge_exponent")
            or scene["type"] == "number" and number[0] != "huge_exponent"]


@fault("type_change", "page",
       "on that page value is of another type (kind: text, object, null,"
       " boolean, array)", at=2, kind="text")
def type_change(scene, page):
    value = {"text": b'"many"', "object": b'{"amount":1}', "null": b"null",
             "boolean": b"true", "array": b"[1]"}[scene["kind"]]
    page.rows = [text[:text.index(b'"value":')] + b'"value":' + value + b"}"
                 for text in page.rows]


@fault("missing_field", "page", "on that page the rows have no value", at=2)
def missing_field(scene, page):
    page.rows = [text[:text.index(b',"value":')] + b"}"
                 for text in page.rows]


@fault("new_field", "page", "on that page the rows have one more field", at=2)
def new_field(scene, page):
    _extend(page, b'"extra":"new"')


@fault("wide", "page", "every row has that many more members", columns=2000)
def wide(scene, page):
    _extend(page, _wide_members(scene["columns"]))


@fault("wide", "document")
def wide_document(scene, document):
    _declare(document, {"c%d" % place: {"type": "integer"}
                        for place in range(1, scene["columns"] + 1)})


@functools.lru_cache(maxsize=4)
def _wide_members(count):
    return ",".join('"c%d":%d' % (place, place)
                    for place in range(1, count + 1)).encode()


@fault("long_string", "page", "every row's name is that long", kb=1024)
def long_string(scene, page):
    page.rows = [text.replace(b'"thing ', b'"' + b"n" * (scene["kb"] * 1024)
                              + b" ")
                 for text in page.rows]


@fault("deep_nesting", "page",
       "a member of every row nests that deep (kind: array, object)",
       depth=100_000, kind="array")
def deep_nesting(scene, page):
    first, last = ((b"[", b"]") if scene["kind"] == "array"
                   else (b'{"a":', b"}"))
    nest = first * scene["depth"] + b"1" + last * scene["depth"]
    _extend(page, b'"deep":' + nest)


ROW_KINDS = {"number": b"%d", "text": b'"row %d"', "null": b"null",
             "array": b"[%d]", "boolean": b"true"}


@fault("rows_not_objects", "page",
       "the rows are not objects (kind: number, text, null, array, boolean);"
       " mixed=1: only the last of each page", kind="number", mixed=0)
def rows_not_objects(scene, page):
    kind = ROW_KINDS[scene["kind"]]
    rows = [kind % (page.start + place) if b"%d" in kind else kind
            for place in range(len(page.rows))]
    page.rows = page.rows[:-1] + rows[-1:] if scene["mixed"] else rows


@fault("missing_key", "page", "on that page the rows have no id", at=3)
def missing_key(scene, page):
    page.rows = [b"{" + text.partition(b",")[2] for text in page.rows]


# The envelope

@fault("rows_missing", "page",
       "a page without the member that holds the rows")
def rows_missing(scene, page):
    page.rows = []
    page.drop = tuple(page.drop) + (scene.style.rows_key,)


@fault("rows_value", "body",
       "the rows' member is not an array (value: null, {}, a string, ...)",
       value="null")
def rows_value(scene, body):
    key = scene.style.rows_key
    value = scene["value"].encode()
    if key is None:
        return value
    return b'{"%s":%s}' % (key.encode(), value)


@fault("not_ok", "body",
       "200 with an error inside (form: ok, success, errors, fault, rows:"
       " an error beside an empty array)", form="ok")
def not_ok(scene, body):
    return {
        "ok": b'{"ok":false,"error":"internal_error"}',
        "success": b'{"success":false,"message":"try again later"}',
        "errors": b'{"errors":[{"message":"backend unavailable"}]}',
        "fault": b'{"fault":{"faultstring":"policy violation"}}',
        "rows": b'{"ok":false,"error":"partial_failure","%s":[]}' % (
            (scene.style.rows_key or "items").encode()),
    }[scene["form"]]


@fault("truncated_flag", "body",
       "the page says that results are incomplete, and gives no way on",
       member="incomplete_results")
def truncated_flag(scene, body):
    if body[:1] != b"{":
        return body
    return b'{"%s":true,%s' % (scene["member"].encode(), body[1:])


# The body as a whole

BAD_JSON = {
    "single_quotes": b"[{'id':1}]",
    "nan": b'[{"id":1,"value":NaN}]',
    "infinity": b'[{"id":1,"value":-Infinity}]',
    "comment": b'[{"id":1} /* one */]',
    "trailing_comma": b'[{"id":1},]',
    "trailing_comma_object": b'[{"id":1,}]',
    "unterminated": b'[{"id":1,"name":"thing 1',
    "unclosed": b'[{"id":1}',
    "control": b'[{"id":1,"name":"a\nb"}]',
    "leading_zero": b'[{"id":01}]',
    "plus": b'[{"id":+1}]',
    "bare_point": b'[{"id":1.}]',
    "hex": b'[{"id":0x10}]',
    "bad_escape": b'[{"id":1,"name":"\\x41"}]',
    "short_escape": b'[{"id":1,"name":"\\u12"}]',
    "bare_key": b"[{id:1}]",
    "missing_colon": b'[{"id" 1}]',
    "missing_comma": b'[{"id":1} {"id":2}]',
    "wrong_bracket": b'[{"id":1]}',
    "skipped": b'[{"id":1,"other":{"a":[1,2,}},"name":"x"}]',
    "bad_literal": b'[{"id":1,"name":nul}]',
}


@fault("bad_json", "body", "the body is not JSON (kind: listed below)",
       kind="trailing_comma")
def bad_json(scene, body):
    bad = BAD_JSON[scene["kind"]]
    key = scene.style.rows_key
    if key is None:
        return bad
    return b'{"%s":%s}' % (key.encode(), bad)


@fault("trailing_garbage", "body", "something follows the JSON text",
       garbage="}garbage")
def trailing_garbage(scene, body):
    return body + scene["garbage"].encode()


@fault("second_document", "body", "two JSON texts follow one another")
def second_document(scene, body):
    return body + b"\n" + body


@fault("bom", "body", "a byte order mark stands before the JSON text",
       encoding="utf-8-sig")
def bom(scene, body):
    return body.decode().encode(scene["encoding"])


@fault("empty_body", "body", "200 with Content-Length: 0")
def empty_body(scene, body):
    return b""


@fault("white_space", "body", "megabytes of white space around the JSON text",
       mb=4)
def white_space(scene, body):
    blank = b" \t\r\n" * (scene["mb"] * 256 * 1024)
    return blank + body + b"\n"


@fault("deep_body", "body", "the body is that many [ and nothing else",
       depth=100_000)
def deep_body(scene, body):
    return b"[" * scene["depth"]


@fault("html", "body", "an HTML page with 200 (type: its Content-Type)",
       type="text/html; charset=utf-8")
def html(scene, body):
    return (b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head>"
            b"<body><form action=\"/login\" method=\"post\">"
            b"<input name=\"user\"></form></body></html>\n")


@fault("html", "reply")
def html_type(scene, reply):
    reply.set_header("Content-Type", scene["type"])


@fault("content_type", "reply",
       "the JSON comes under another media type (none: without any)",
       type="text/plain")
def content_type(scene, reply):
    kind = scene["type"]
    reply.set_header("Content-Type", None if kind == "none" else kind)


@fault("latin1", "page", "the body is Latin-1 and says so in Content-Type")
def latin1(scene, page):
    page.rows = [text.replace(b'"thing ', b'"th\xecng ')
                 for text in page.rows]


@fault("latin1", "reply")
def latin1_type(scene, reply):
    reply.set_header("Content-Type", "application/json; charset=iso-8859-1")


@fault("no_content", "reply", "204 without a body")
def no_content(scene, reply):
    return Reply(204, content_type=None)
