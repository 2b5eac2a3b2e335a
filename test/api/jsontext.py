"""How does a Python value become JSON text with every digit that it has?

The standard encoder writes every number that is not an integer through a
float: 12.50 becomes 12.5 and the twentieth digit is lost.  Here a Decimal is
written as it stands, and a Raw is copied, whether it is JSON or not.
Text goes out as UTF-8, not as \\u escapes, as most APIs send it.
"""

import json
from decimal import Decimal

_encode_text = json.JSONEncoder(ensure_ascii=False).encode


class Raw(str):
    """JSON text (or a deliberate imitation of it) to be copied unchanged."""


def dump(value):
    """Return the JSON text of value, without any white space."""
    if value is None:
        return "null"
    if isinstance(value, Raw):
        return value
    if isinstance(value, str):
        return _encode_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(_encode_text(name) + ":" + dump(member)
                              for name, member in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(dump, value)) + "]"
    raise TypeError("no JSON text for %r" % (value,))


def encode(value):
    """Return the JSON text of value as UTF-8."""
    return dump(value).encode()
