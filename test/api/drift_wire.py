"""How does an API fail, refuse or limit requests from one day to the next?

Each function is a switch (drift_state.py) that hooks into the answering of
requests; `fail`, `flap` and `seed` say which of them it touches.  README.md
lists them.
"""

import math
import time

import jsontext
from auth import SCHEMES
from drift_state import FAILING, BadSwitch, switch
from http1 import Hangup, Reply

LOGIN_PAGE = b"""<!DOCTYPE html>
<html><head><title>Sign in</title></head><body>
<form action="/login" method="post"><input name="user">
<input name="password" type="password"><button>Sign in</button></form>
</body></html>
"""

PAYLOAD = ("payload",)


def error(status, code, message):
    return Reply(status, jsontext.encode(
        {"error": {"code": code, "message": message}}))


def _failing(setting, make_reply):
    """A hook that answers with make_reply() whenever the setting acts."""
    return lambda call: make_reply() if setting.acts() else None


def _before(model, setting, make_reply):
    """The same, before the rows of the tables that the setting names."""
    hook = _failing(setting, make_reply)
    for table in setting.tables(model):
        table.before.append(hook)


# Credentials

@switch("text", challenge="")
def auth(model, setting):
    if setting.argument not in SCHEMES:
        raise BadSwitch("auth=%s: one of %s"
                        % (setting.value, ", ".join(SCHEMES)))
    model.scheme = setting.argument
    model.challenge = setting["challenge"] or None


@switch("flag", sides=PAYLOAD, **FAILING)
def expire(model, setting):
    def refuse():
        reply = error(401, "invalid_token", "the token has expired")
        reply.set_header("WWW-Authenticate",
                         'Bearer realm="shop", error="invalid_token",'
                         ' error_description="the token has expired"')
        return reply
    model.guards.append(_failing(setting, refuse))


@switch("table", sides=PAYLOAD, **FAILING)
def scope(model, setting):
    def refuse():
        wanted = setting.argument or setting.table + ":read"
        reply = error(403, "insufficient_scope", "scope %s needed" % wanted)
        reply.headers += [
            ("WWW-Authenticate", 'Bearer realm="shop",'
             ' error="insufficient_scope", scope="%s"' % wanted),
            ("X-Accepted-OAuth-Scopes", wanted)]
        return reply
    _before(model, setting, refuse)


# Answers

@switch("table", sides=PAYLOAD, **FAILING)
def html(model, setting):
    _before(model, setting, lambda: Reply(200, LOGIN_PAGE,
                                          "text/html; charset=utf-8"))


@switch("table", sides=PAYLOAD, **FAILING)
def error200(model, setting):
    _before(model, setting, lambda: Reply(
        200, b'{"ok":false,"error":"something went wrong"}'))


@switch("table", sides=PAYLOAD, **FAILING)
def content_type(model, setting):
    def retitle(call, reply):
        if setting.acts():
            reply.set_header("Content-Type", setting.argument)
    for table in setting.tables(model):
        table.after.append(retitle)


@switch("table", sides=PAYLOAD, **FAILING)
def status(model, setting):
    code = setting.number()
    _before(model, setting, lambda: error(code, "failed", "no such luck"))


@switch("table", sides=PAYLOAD, retry_after="1", **FAILING)
def throttle(model, setting):
    def refuse():
        reply = error(429, "too_many_requests", "slow down")
        reply.headers.append(("Retry-After", setting["retry_after"]))
        return reply
    _before(model, setting, refuse)


@switch("flag", sides=PAYLOAD, **FAILING)
def down(model, setting):
    def hang_up(connection, request, reply):
        raise Hangup("closed")

    def reply_with_nothing():
        reply = Reply(503)
        reply.delivery = hang_up
        return reply
    model.before.append(_failing(setting, reply_with_nothing))


@switch("text", sides=("spec",), **FAILING)
def spec_status(model, setting):
    code = setting.number()
    model.describing.append(_failing(
        setting, lambda: error(code, "failed", "no description today")))


# Limits

def _limit_headers(form, limit, left, window_s, left_s):
    if form == "ietf":
        # draft-ietf-httpapi-ratelimit-headers
        return [("RateLimit-Policy", '"default";q=%d;w=%d'
                 % (limit, window_s)),
                ("RateLimit", '"default";r=%d;t=%d' % (left, left_s))]
    return [("X-RateLimit-Limit", str(limit)),
            ("X-RateLimit-Remaining", str(left)),
            ("X-RateLimit-Reset", str(int(time.time()) + left_s))]


def _count(setting):
    """How many requests this window has seen, and how long it lasts."""
    window = setting.once(lambda: {"ends": 0, "used": 0})
    with setting.lock:
        now = time.monotonic()
        if now >= window["ends"]:
            window.update(ends=now + setting["window_s"], used=0)
        window["used"] += 1
        return window["used"], max(1, math.ceil(window["ends"] - now))


@switch("text", sides=PAYLOAD, form="x", window_s=3600)
def rate_limit(model, setting):
    limit = setting.number()
    if setting["form"] not in ("x", "ietf"):
        raise BadSwitch("form is x or ietf")

    def count(call):
        used, left_s = _count(setting)
        call.headers += _limit_headers(setting["form"], limit,
                                       max(0, limit - used),
                                       setting["window_s"], left_s)
        if used <= limit:
            return None
        reply = error(429, "too_many_requests", "quota used up")
        reply.headers.append(("Retry-After", str(left_s)))
        return reply
    model.guards.append(count)
