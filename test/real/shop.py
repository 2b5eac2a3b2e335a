"""A shop to put into a server: customers, orders, events and labels, the same
in every run.  Values are such as go wrong on their way: spaces, commas and
signs that URLs use, texts that look like numbers, fractions of seconds, ties,
zero, the empty text, and no value."""

import random
import uuid

from datetime import datetime, timedelta, timezone

CUSTOMERS = 230
ORDERS = 1310
EVENTS = 640
LABELS = 17

TIERS = ("free", "pro", "enterprise")
STATES = ("new", "paid", "shipped", "cancelled")
KINDS = ("view", "click", "purchase")

NAMES = ("Ada", "ada", "Zoë", "Łukasz", "O'Brien", "a,b", "x & y", "100%",
         "1+1", "007", " lead", "null", "true", "Émile Zola", "山田", "a/b",
         "semi;colon", "q?x=1", "#hash", "back\\slash", "")

START = datetime(2024, 2, 28, 23, 0, tzinfo=timezone.utc)


def moment(number):
    """In the form that most servers write; `number` minutes from the start,
    every third with a fraction."""
    at = START + timedelta(minutes=number)
    if number % 3 == 0:
        at += timedelta(microseconds=(number * 7919) % 1000000)
    return at.isoformat().replace("+00:00", "Z")


def make():
    """{collection: rows}; a row's members are the columns of its table."""
    chance = random.Random(20240229)
    return {"customers": [_customer(chance, number)
                          for number in range(1, CUSTOMERS + 1)],
            "orders": [_order(chance, number)
                       for number in range(1, ORDERS + 1)],
            "events": [_event(chance, number)
                       for number in range(1, EVENTS + 1)],
            "labels": [{"slug": "label-%02d" % number,
                        "weight": chance.choice((None, 1, 2, 3))}
                       for number in range(1, LABELS + 1)]}


def _customer(chance, number):
    return {
        "id": number,
        "name": chance.choice(NAMES),
        "email": "user%d@example.org" % number,
        "tier": chance.choice(TIERS),
        "active": chance.random() < 0.7,
        "balance": chance.choice(
            (None, "0.00", "%.2f" % chance.uniform(-500, 9000))),
        "rating": chance.choice((None, round(chance.uniform(0, 5), 1))),
        "born_on": chance.choice(
            (None, "19%02d-0%d-1%d" % (chance.randrange(40, 100),
                                       chance.randrange(1, 10),
                                       chance.randrange(10)))),
        "joined_at": moment(chance.randrange(0, 5000)),
        "invited_by": (chance.randrange(1, number)
                       if number > 1 and chance.random() < 0.4 else None),
    }


def _order(chance, number):
    return {
        "id": number,
        "customer": chance.randrange(1, CUSTOMERS + 1),
        "status": chance.choices(STATES, (1, 5, 3, 1))[0],
        "amount": "%.2f" % chance.choice((0, chance.uniform(1, 2000))),
        "priority": chance.choice((None, 0, 1, 2, 10)),
        "note": chance.choice((None, "", chance.choice(NAMES))),
        "placed_at": moment(chance.randrange(0, 900) * 10),
    }


def _event(chance, number):
    return {
        "uid": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "kind": chance.choice(KINDS),
        "of_order": (chance.randrange(1, ORDERS + 1)
                  if chance.random() < 0.8 else None),
        "at": moment(chance.randrange(0, 400) * 5),
        "score": chance.choice((None, chance.randrange(-5, 100))),
    }
