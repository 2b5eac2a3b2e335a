"""Faults of long collections: what lies deep, tokens that expire, rows that
are counted and not shown, lists inside of rows that are cut."""

import json
from decimal import Decimal

import jsontext
from faults import FAULTS, fault
from http1 import Reply
from openapi import query, whole


def _window(scene):
    """The ids that the request asks for, at both ends."""
    query = scene.request.query
    shift = 0 if scene["ends"] == "in" else 1
    low = int(query["min_id"]) + shift if "min_id" in query else 1
    high = (int(query["max_id"]) - shift if "max_id" in query
            else scene["rows"])
    return low, high


@fault("deep", "filter",
       "so many rows of one query are shown, the page after them is refused"
       " (status); min_id and max_id ask for ids in between, whose ends count"
       " (ends: in, out); order: up, down, none; capped=1: the total stops"
       " there, too; the refusal says how deep (told=1), the description does"
       " (said=1), and names min_id and max_id", depth=10, status=400,
       ends="in", order="up", capped=0, told=0, said=0)
def deep(scene, rows, tests):
    low, high = _window(scene)
    rows = [row for row in rows if low <= row["id"] <= high]
    if scene["order"] == "down":
        rows.reverse()
    elif scene["order"] == "none":
        rows.sort(key=lambda row: row["id"] * 7919 % 1009)
    return rows


@fault("deep", "page")
def deep_total(scene, page):
    if scene["capped"]:
        page.total = min(page.total, scene["depth"])
        page.show_total = True


@fault("deep", "reply")
def deep_refusal(scene, reply):
    window = scene.window
    if window.start + window.size <= scene["depth"]:
        return None
    return Reply(scene["status"], jsontext.encode({"error": {
        "code": "too_deep", "message":
        "only the first %d things can be seen" % scene["depth"]
        if scene["told"] else "offset is too large"}}))


@fault("deep", "document")
def deep_said(scene, document):
    listing = document["paths"]["/things"]["get"]
    listing["parameters"] += [query(name, whole())
                              for name in ("min_id", "max_id")]
    if scene["said"]:
        listing["description"] = ("Lists things. No more than the first %d "
                                  "results are shown." % scene["depth"])


# How deep an API shows its rows is a trait, beside which something goes wrong.
FAULTS["deep"].steady = True


@fault("expired", "reply",
       "the token of that page (from 1) has expired, so many times", page=2,
       times=1, status=400)
def expired(scene, reply):
    if (scene.window.number != scene["page"]
            or scene.attempt > scene["times"]):
        return None
    return Reply(scene["status"], jsontext.encode({"error": {
        "code": "expired", "message": "the cursor has expired"}}))


@fault("hidden", "page",
       "every such row is counted and not shown, as if the caller might not"
       " see it", every=3)
def hidden(scene, page):
    page.rows = [row for position, row in enumerate(page.rows, page.start)
                 if position % scene["every"] != scene["every"] - 1]


@fault("embedded", "page",
       "every row has lines, a list in an object (form: has_more, total,"
       " connection), and that row does not show all of them", cut=3,
       form="has_more")
def embedded(scene, page):
    texts = []
    for text in page.rows:
        row = json.loads(text, parse_float=Decimal)
        cut = row["id"] == scene["cut"]
        data = [{"n": 1}, {"n": 2}]
        row["lines"] = {
            "has_more": {"data": data, "has_more": cut},
            "total": {"data": data, "startAt": 0,
                      "total": 5 if cut else 2},
            "connection": {"nodes": data, "pageInfo": {"hasNextPage": cut}},
        }[scene["form"]]
        texts.append(jsontext.encode(row))
    page.rows = texts
