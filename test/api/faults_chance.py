"""Faults by chance, and collections that change while they are read.  What
happens follows from a seed and from what is asked for, so that the same game
can be played again."""

import functools
import gzip
import random
import time

import jsontext
from faults import fault
from http1 import Hangup, Reply

# How rows are written into pieces; each takes a tick.
PIECES = 4
TICK_S = 0.002


def _reset(connection, request, reply):
    connection.reset()
    raise Hangup("reset")


def _no_answer(connection, request, reply):
    raise Hangup("closed")


def _cut(connection, request, reply):
    connection.send(reply.head(("Content-Length", len(reply.body)))
                    + reply.body[:len(reply.body) // 2])
    raise Hangup("closed")


def _unchunked(connection, request, reply):
    connection.send(reply.head(("Transfer-Encoding", "chunked"))
                    + b"%x\r\n%s\r\n" % (len(reply.body), reply.body))
    raise Hangup("closed")


def _pieces(connection, request, reply):
    connection.send(reply.head(("Content-Length", len(reply.body))))
    step = len(reply.body) // PIECES + 1
    for start in range(0, len(reply.body), step):
        connection.send(reply.body[start:start + step])
        time.sleep(TICK_S)


def _delivery(function):
    def act(dice, reply):
        reply.delivery = function
        return reply
    return act


def _status(*codes, headers=()):
    def act(dice, reply):
        refused = Reply(dice.choice(codes), jsontext.encode(
            {"error": {"message": "try again"}}))
        refused.headers += headers
        return refused
    return act


def _html(dice, reply):
    return Reply(200, b"<!DOCTYPE html><title>one moment</title>",
                 "text/html")


def _empty(dice, reply):
    return Reply(200, b"")


def _error(dice, reply):
    return Reply(200, b'{"ok":false,"error":"not now"}')


def _gzip(dice, reply):
    packed = gzip.compress(reply.body, mtime=0)
    reply.body = packed[:10] + bytes([packed[10] ^ 0xff]) + packed[11:]
    reply.set_header("Content-Encoding", "gzip")
    return reply


def _late(dice, reply):
    time.sleep(dice.random() * 0.02)
    return reply


ACTS = (
    _delivery(_reset), _delivery(_no_answer), _delivery(_cut),
    _delivery(_unchunked), _delivery(_pieces), _late, _gzip,
    _status(500, 502, 503, 504, 408),
    _status(429, headers=[("Retry-After", "0")]),
)

# What is no rows in spite of its status passes within one attempt, or it does
# not pass.
FIRST_ACTS = ACTS + (_html, _empty, _error)


def _dice(scene, *more):
    below = scene.request.target[len(scene.root):]
    return random.Random(repr((scene["seed"], below, scene.request.body,
                               scene.request.headers.get("x-cursor"),
                               scene.request.headers.get("range")) + more))


@fault("chance", "reply",
       "so many of a hundred requests go wrong in some way that passes; none"
       " does more often than `tries` times", on="list,item", seed=1,
       percent=10, tries=2)
def chance(scene, reply):
    if scene.attempt > scene["tries"]:
        return None
    dice = _dice(scene, scene.attempt)
    if dice.random() * 100 >= scene["percent"]:
        return None
    acts = FIRST_ACTS if scene.attempt == 1 else ACTS
    return dice.choice(acts)(dice, reply)


# Collections that change

@functools.lru_cache(maxsize=64)
def _numbers(seed, kind, percent, count, step):
    """The things that are there after so many requests, by number."""
    if step == 0:
        return tuple(range(1, count + 1))
    numbers = list(_numbers(seed, kind, percent, count, step - 1))
    dice = random.Random(repr((seed, step)))
    if dice.random() * 100 >= percent:
        return tuple(numbers)
    if kind == "mixed":
        kind = dice.choice(("insert", "delete"))
    if kind == "insert":
        numbers.insert(dice.randrange(len(numbers) + 1), 1000 + step)
    elif numbers:
        numbers.pop(dice.randrange(len(numbers)))
    return tuple(numbers)


@fault("churn", "query",
       "with so many of a hundred requests a row comes or goes anywhere"
       " (kind: insert, delete, mixed); keys of the style keyset hold"
       " nevertheless", seed=1, kind="mixed", percent=30)
def churn(scene, window):
    step = scene.app.recorder.next_attempt(scene.request.session,
                                           scene.root + " churn")
    scene.churned = _numbers(scene["seed"], scene["kind"], scene["percent"],
                             scene["rows"], step)
    if scene.style.name.startswith("keyset"):
        scene.churned = tuple(sorted(scene.churned))
        after = int(scene.request.query.get("starting_after", "0"))
        window.start = sum(1 for number in scene.churned if number <= after)


@fault("churn", "filter")
def churn_rows(scene, rows, tests):
    return [scene.thing(number) for number in scene.churned]
