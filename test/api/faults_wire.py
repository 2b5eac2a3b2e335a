"""Faults of transport: time, connections, framing, status, redirects.  The
rows are right whenever they arrive; what is wrong is how, when, or that
something else comes in their place."""

import functools
import gzip
import time
import zlib
from email.utils import formatdate

import auth
import jsontext
from faults import fault
from http1 import ClientGone, Hangup, Reply

# How often a stalled reply looks whether it may go on.
STALL_POLL_S = 0.02

# Data that was written must have left before a reset discards the rest.
SETTLE_S = 0.05

PIECE_BYTES = 64 * 1024


def delivered_by(function):
    """Turn a function (scene, connection, request, reply) into a stage that
    makes it the reply's delivery."""
    @functools.wraps(function)
    def stage(scene, reply):
        reply.delivery = functools.partial(function, scene)
    return stage


# Time

def _stall(scene, connection, request):
    """Wait until released, until the client goes (ClientGone), or max_s."""
    deadline = time.monotonic() + scene["max_s"]
    while time.monotonic() < deadline:
        if scene.app.recorder.released(request):
            return "released"
        if connection.wait_gone(STALL_POLL_S):
            raise ClientGone
    return "timed out"


@fault("stall_headers", "reply",
       "nothing is answered until /_release, or for max_s seconds", max_s=60)
@delivered_by
def stall_headers(scene, connection, request, reply):
    outcome = _stall(scene, connection, request)
    connection.deliver_plain(request, reply)
    return outcome


@fault("stall_body", "reply",
       "headers and `after` bytes of the body (0: half), then nothing until"
       " /_release, or for max_s seconds", max_s=60, after=0)
@delivered_by
def stall_body(scene, connection, request, reply):
    cut = scene["after"] or len(reply.body) // 2
    connection.send(reply.head(("Content-Length", len(reply.body)))
                    + reply.body[:cut])
    outcome = _stall(scene, connection, request)
    connection.send(reply.body[cut:])
    return outcome


@fault("drip", "reply", "the body comes in pieces of that many bytes, one a"
       " tick", bytes=16, tick_ms=10)
@delivered_by
def drip(scene, connection, request, reply):
    connection.send(reply.head(("Content-Length", len(reply.body))))
    for start in range(0, len(reply.body), scene["bytes"]):
        connection.send(reply.body[start:start + scene["bytes"]])
        time.sleep(scene["tick_ms"] / 1000.0)


# Connections

@fault("reset_headers", "reply", "RST instead of an answer")
@delivered_by
def reset_headers(scene, connection, request, reply):
    connection.reset()
    raise Hangup("reset")


@fault("reset_body", "reply", "RST after `after` bytes of the body (0: half)",
       after=0)
@delivered_by
def reset_body(scene, connection, request, reply):
    cut = scene["after"] or len(reply.body) // 2
    connection.send(reply.head(("Content-Length", len(reply.body)))
                    + reply.body[:cut])
    time.sleep(SETTLE_S)
    connection.reset()
    raise Hangup("reset")


@fault("no_answer", "reply", "the connection is closed without an answer")
@delivered_by
def no_answer(scene, connection, request, reply):
    raise Hangup("closed")


@fault("silent_close", "reply",
       "after the answer, which promises keep-alive, the connection is"
       " closed")
@delivered_by
def silent_close(scene, connection, request, reply):
    connection.deliver_plain(request, reply)
    raise Hangup("closed")


@fault("close", "reply", "Connection: close with every page")
def close(scene, reply):
    reply.close = True


@fault("close_delimited", "reply",
       "neither Content-Length nor chunks: the body ends with the connection")
@delivered_by
def close_delimited(scene, connection, request, reply):
    reply.close = True
    connection.send(reply.head() + reply.body)


# Framing

def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def _send_chunked(connection, reply, size, last=b"0\r\n\r\n"):
    connection.send(reply.head(("Transfer-Encoding", "chunked")))
    for start in range(0, len(reply.body), size):
        connection.send(chunk(reply.body[start:start + size]))
    connection.send(last)


@fault("chunked", "reply", "chunks of that many bytes", chunk=7)
@delivered_by
def chunked(scene, connection, request, reply):
    _send_chunked(connection, reply, scene["chunk"])


@fault("truncated_chunked", "reply",
       "chunks, but the connection is closed before the last one; what came"
       " is the whole JSON text (cut: so many bytes less)", cut=0)
@delivered_by
def truncated_chunked(scene, connection, request, reply):
    reply.body = reply.body[:len(reply.body) - scene["cut"]]
    _send_chunked(connection, reply, PIECE_BYTES, last=b"")
    raise Hangup("closed")


@fault("truncated_length", "reply",
       "Content-Length is larger by `by` than the body, which is whole; then"
       " the connection is closed (cut: so many bytes less)", by=100, cut=0)
@delivered_by
def truncated_length(scene, connection, request, reply):
    length = len(reply.body) + scene["by"]
    connection.send(reply.head(("Content-Length", length))
                    + reply.body[:len(reply.body) - scene["cut"]])
    raise Hangup("closed")


@fault("short_length", "reply",
       "Content-Length is smaller by `by` than the body, which is all sent",
       by=10)
@delivered_by
def short_length(scene, connection, request, reply):
    reply.close = True
    connection.send(reply.head(
        ("Content-Length", len(reply.body) - scene["by"])) + reply.body)


@fault("two_lengths", "reply", "two Content-Length headers that differ")
@delivered_by
def two_lengths(scene, connection, request, reply):
    reply.close = True
    connection.send(reply.head(("Content-Length", len(reply.body)),
                               ("Content-Length", len(reply.body) - 5))
                    + reply.body)


@fault("bad_status_line", "reply", "what comes is not HTTP")
@delivered_by
def bad_status_line(scene, connection, request, reply):
    connection.send(b"SSH-2.0-OpenSSH_9.2\r\n")
    raise Hangup("closed")


@fault("early_hints", "reply", "103 before the answer (RFC 8297)")
@delivered_by
def early_hints(scene, connection, request, reply):
    connection.send(b"HTTP/1.1 103 Early Hints\r\n"
                    b"Link: </style.css>; rel=preload\r\n\r\n")
    connection.deliver_plain(request, reply)


@fault("continue_100", "reply", "100 before the answer, though nobody asked")
@delivered_by
def continue_100(scene, connection, request, reply):
    connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")
    connection.deliver_plain(request, reply)


@fault("http10", "reply", "an answer of HTTP/1.0 (cut: so many bytes less than"
       " Content-Length says; length=0: the body ends with the connection)",
       cut=0, length=1)
@delivered_by
def http10(scene, connection, request, reply):
    framing = (("Content-Length", len(reply.body)),) if scene["length"] else ()
    reply.close = True
    head = reply.head(*framing).replace(b"HTTP/1.1", b"HTTP/1.0", 1)
    connection.send(head + reply.body[:len(reply.body) - scene["cut"]])


@fault("trailers", "reply", "chunks, and header fields behind the last one")
@delivered_by
def trailers(scene, connection, request, reply):
    reply.headers.append(("Trailer", "X-Checksum"))
    _send_chunked(connection, reply, 64,
                  last=b"0\r\nX-Checksum: 12\r\nContent-Length: 3\r\n\r\n")


# Sizes

@fault("gzip_bomb", "reply",
       "a small body that unpacks to a JSON text of that many MB", mb=200)
def gzip_bomb(scene, reply):
    reply.body = _bomb(scene["mb"])
    reply.headers.append(("Content-Encoding", "gzip"))


@functools.lru_cache(maxsize=2)
def _bomb(megabytes):
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    parts = [packer.compress(b'[{"id":1,"name":"')]
    block = b"a" * (1024 * 1024)
    parts += [packer.compress(block) for _ in range(megabytes)]
    parts += [packer.compress(b'","value":1.25}]'), packer.flush()]
    return b"".join(parts)


@fault("gzip_broken", "reply",
       "gzip that is wrong (kind: truncated, corrupt, not: no gzip at all);"
       " kind=members is right, but has two members", kind="truncated")
def gzip_broken(scene, reply):
    packed = gzip.compress(reply.body, mtime=0)
    middle = len(packed) // 2
    members = [gzip.compress(part, mtime=0)
               for part in (reply.body[:50], reply.body[50:])]
    reply.body = {
        "truncated": packed[:-12],
        "corrupt": packed[:middle] + b"\xff\x00" + packed[middle + 2:],
        "not": reply.body,
        "members": b"".join(members),
    }[scene["kind"]]
    reply.headers.append(("Content-Encoding", "gzip"))


@fault("endless", "reply",
       "rows without end, in chunks, at most max_mb (form: rows, string,"
       " space)", max_mb=4096, form="rows")
@delivered_by
def endless(scene, connection, request, reply):
    first, piece = {
        "rows": (b'[{"id":0}', b',{"id":1,"name":"thing 1","value":1.25}'),
        "string": (b'[{"id":1,"name":"', b"abcdefgh"),
        "space": (b"[", b" " * 64),
    }[scene["form"]]
    block = chunk(piece * (PIECE_BYTES // len(piece)))
    connection.send(reply.head(("Transfer-Encoding", "chunked"))
                    + chunk(first))
    for _ in range(scene["max_mb"] * 1024 * 1024 // PIECE_BYTES):
        connection.send(block)
    raise Hangup("closed")


@fault("large_header", "reply", "one response header of that size", kb=64)
def large_header(scene, reply):
    reply.headers.append(("X-Large", "x" * (scene["kb"] * 1024)))


@fault("many_headers", "reply", "that many response headers", count=500)
def many_headers(scene, reply):
    reply.headers += [("X-Header-%d" % place, "value")
                      for place in range(scene["count"])]


@fault("set_cookie", "reply", "cookies that a client should not keep")
def set_cookie(scene, reply):
    reply.headers += [
        ("Set-Cookie", "session=%d; Path=/; HttpOnly" % scene.attempt),
        ("Set-Cookie", "tracker=abc; Domain=localhost; Max-Age=9999")]


# Status

def _failure(scene, status, message):
    """An error body.  echo=1 repeats every credential of the request, as
    careless servers do: nothing of it may reach a message."""
    members = {"code": status, "message": message}
    if scene["echo"]:
        members["request"] = {"target": scene.request.target,
                              "headers": scene.request.headers}
    return Reply(status, jsontext.encode({"error": members}))


@fault("status", "reply",
       "that status with a JSON error; echo=1 repeats the request's headers",
       status=500, echo=0)
def status(scene, reply):
    return _failure(scene, scene["status"], "it went wrong")


@fault("flaky", "reply",
       "that status for the first `fail` attempts at each page, then the"
       " page", status=503, fail=2, echo=0)
def flaky(scene, reply):
    return _failure(scene, scene["status"], "try again")


@fault("forbidden", "reply", "403", status=403, echo=0)
def forbidden(scene, reply):
    return _failure(scene, scene["status"], "you may not see this")


@fault("rate_limited", "reply",
       "429 for the first `fail` attempts (retry_after: a number of seconds,"
       " a fraction, none, date: in `in_s` seconds, past: a date gone by,"
       " epoch: the same as seconds since 1970, ms: as milliseconds in"
       " Retry-After-Ms, garbage)",
       status=429, retry_after="1", in_s=1, fail=1, echo=0)
def rate_limited(scene, reply):
    refused = _failure(scene, scene["status"], "too many requests")
    now = time.time()
    # A date has no fraction: round up, so that it is never too early.
    value = {"none": None,
             "date": formatdate(int(now + scene["in_s"] + 0.999), usegmt=True),
             "past": formatdate(now - 3600, usegmt=True),
             "epoch": str(int(now + scene["in_s"] + 0.999)),
             "ms": None,
             "garbage": "soon"}.get(scene["retry_after"],
                                    scene["retry_after"])
    refused.set_header("Retry-After", value)
    if scene["retry_after"] == "ms":
        refused.set_header("Retry-After-Ms", str(scene["in_s"] * 1000))
    return refused


@fault("quota", "reply",
       "403 with X-RateLimit-Remaining: 0 for the first `fail` attempts; the"
       " quota is renewed in reset_s seconds", reset_s=1, fail=1, echo=0)
def quota(scene, reply):
    refused = _failure(scene, 403, "quota used up")
    refused.headers += [("X-RateLimit-Limit", "60"),
                        ("X-RateLimit-Remaining", "0"),
                        ("X-RateLimit-Reset",
                         str(int(time.time() + scene["reset_s"] + 0.999)))]
    return refused


@fault("limits_told", "reply",
       "200, and X-RateLimit-Remaining counts down from `limit`; at 0 it"
       " becomes 429 until reset_s seconds have gone", limit=10, reset_s=60,
       echo=0)
def limits_told(scene, reply):
    count = scene.app.recorder.next_attempt(scene.request.session,
                                            scene.root + " limits")
    left = scene["limit"] - count
    if left < 0:
        reply = _failure(scene, 429, "quota used up")
    reply.headers += [("X-RateLimit-Limit", str(scene["limit"])),
                      ("X-RateLimit-Remaining", str(max(0, left))),
                      ("X-RateLimit-Reset",
                       str(int(time.time()) + scene["reset_s"]))]
    return reply


@fault("expire", "reply",
       "401 after `after` requests, as when a token expires; after `fails`"
       " of those all is well again (0: never)", after=3, fails=0, echo=0)
def expire(scene, reply):
    count = scene.app.recorder.next_attempt(scene.request.session,
                                            scene.root + " requests")
    late = count - scene["after"]
    if late <= 0 or 0 < scene["fails"] < late:
        return None
    refused = _failure(scene, 401, "the token has expired")
    refused.set_header("WWW-Authenticate",
                       auth.SCHEMES[scene["auth"] or "bearer"].challenge)
    return refused


# Redirects

@fault("redirect", "reply",
       "a redirect (status) to the same page, `hops` times over (to: same,"
       " other, localhost, a port, file, ftp, metadata, none: without"
       " Location; form: absolute, path, relative)",
       status=302, to="same", hops=1, form="absolute")
def redirect(scene, reply):
    if scene.hop >= scene["hops"]:
        return None
    moved = Reply(scene["status"], b"moved\n", "text/plain")
    if scene["to"] != "none":
        moved.headers.append(("Location", _location(scene)))
    return moved


def _location(scene):
    """The address of the next hop."""
    below = scene.request.target[len(scene.root):]
    if below.startswith("/hop/"):
        below = "/" + below.split("/", 3)[3]
    path = "/hop/%d%s" % (scene.hop + 1, below)
    if scene["form"] == "path":
        return scene.root + path
    if scene["form"] == "relative":
        return "." + path if scene.hop == 0 else "../.." + path
    return scene.origin(scene["to"]) + scene.root + path


@fault("redirect_loop", "reply", "a redirect to the very same address",
       status=302)
def redirect_loop(scene, reply):
    moved = Reply(scene["status"], b"moved\n", "text/plain")
    moved.headers.append(("Location",
                          scene.request.origin + scene.request.target))
    return moved
