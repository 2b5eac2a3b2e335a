"""An API that takes lists of values, and names of the fields to send.

`ids` and `owner_ids` take several values each, written as `lists=` says, and
`fields` names; nothing describes them.
"""

from urllib.parse import parse_qsl

import jsontext
from faults import fault
from http1 import Reply
from pagination import BadPage

SEPARATORS = {"comma": ",", "pipe": "|", "space": " "}
LISTS = {"ids": "id", "owner_ids": "owner_id"}


def values_of(scene, name):
    """The values of a parameter that takes several; None: it is not there."""
    form = scene["lists"]
    pairs = parse_qsl(scene.request.query_text, keep_blank_values=True)
    if form == "brackets":
        name += "[]"
    texts = [value for key, value in pairs if key == name]
    if not texts:
        return None
    if form in SEPARATORS:
        return [part for text in texts
                for part in text.split(SEPARATORS[form])]
    return texts


def shown(scene, row):
    """The fields of a row that are sent."""
    named = values_of(scene, "fields")
    hidden = scene["hidden"].split(",")
    if scene["adds"]:
        named = [key for key in row
                 if key not in hidden or key in (named or [])]
    elif named is None:
        named = [key for key in row if key not in hidden]
    return {key: value for key, value in row.items() if key in named}


@fault("chosen", "filter", "an API takes lists in `ids` and `owner_ids`, names"
       " in `fields`; `ignores` names of them, or the names that `items` get; `most` values; wants those that"
       " it `needs`; does not send what is `hidden` unless named, or where"
       " names are what it `adds`", on="all", filters=1, lists="comma", ignores="",
       most=0, needs="", hidden="", adds=0)
def choose(scene, rows, tests):
    for name, field in LISTS.items():
        texts = values_of(scene, name)
        if texts is None and name == scene["needs"]:
            raise BadPage("%s is required" % name)
        if texts is None or name in scene["ignores"].split(","):
            continue
        if scene["most"] and len(texts) > scene["most"]:
            raise BadPage("%s takes %d values" % (name, scene["most"]))
        rows = [row for row in rows if str(row[field]) in texts]
    for field, value in tests:
        rows = [row for row in rows if row[field] == value]
    return [shown(scene, row) for row in rows]


@fault("chosen", "item")
def choose_one(scene, number):
    if not 1 <= number <= scene["rows"]:
        return None
    row = scene.thing(number)
    if "items" in scene["ignores"].split(","):
        hidden = scene["hidden"].split(",")
        row = {key: value for key, value in row.items() if key not in hidden}
    else:
        row = shown(scene, row)
    return Reply(200, jsontext.encode(row))
