"""Not faults: answers that say for how long they may be kept, and that tell
whether they are still so."""

from faults import fault
from http1 import Reply

MODIFIED = "Sun, 01 Nov 2026 00:00:00 GMT"


def _version(scene):
    """What the collection is by now: 1, and 2 after so many requests for the
    same URL."""
    after = scene["changes"]
    return 2 if after and scene.attempt > after else 1


def _validators(scene):
    validators = []
    if scene["etag"]:
        validators.append(("ETag", '"%s%d"' % (scene["etag"],
                                               _version(scene))))
    if scene["modified"] and _version(scene) == 1:
        validators.append(("Last-Modified", MODIFIED))
    return validators


def _is_known(scene, validators):
    headers = scene.request.headers
    known = dict(validators)
    if "if-none-match" in headers:
        return headers["if-none-match"] == known.get("ETag")
    return "if-modified-since" in headers and \
        headers["if-modified-since"] == known.get("Last-Modified")


@fault("kept", "body",
       "headers say for how long an answer may be kept (control, expires, age,"
       " vary: values of headers) and what it is known by (etag, modified=1);"
       " a request that knows it is answered by 304, with `told` as"
       " Cache-Control; after `changes` requests for the same URL things are"
       " called \"new\"", on="list,item", control="", expires="", age="",
       vary="", etag="", modified=0, changes=0, told="")
def kept_body(scene, body):
    if _version(scene) == 1:
        return body
    return body.replace(b'"thing ', b'"new ')


@fault("kept", "reply")
def kept(scene, reply):
    validators = _validators(scene)
    if _is_known(scene, validators):
        headers = list(validators)
        if scene["told"]:
            headers.append(("Cache-Control", scene["told"]))
        return Reply(304, content_type=None, headers=headers)
    reply.headers += validators
    for name, header in (("control", "Cache-Control"), ("expires", "Expires"),
                         ("age", "Age"), ("vary", "Vary")):
        if scene[name]:
            reply.headers.append((header, scene[name]))
    return reply
