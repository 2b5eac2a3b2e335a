"""What does the shop sell, to whom, and what happened there?

The data is a function of row numbers alone: no clock, no random generator
whose sequence might change between Python versions.  Any test may therefore
state totals as constants (README.md lists them).  Prices are integers in
hundredths until they are written, so that sums are exact.
"""

import datetime
import uuid
from decimal import Decimal
from functools import cached_property

import jsontext

CUSTOMERS = 1_200
PRODUCTS = 300
ORDERS = 10_000
PAYMENTS = 11_000
EVENTS = 3_000

# The shop opened then; an order came every 97 minutes, for 22 months.
OPENED = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)
ORDER_INTERVAL_S = 97 * 60

# Ledger numbers have 19 digits and are above 2^53, where doubles lose them.
FIRST_LEDGER_NUMBER = 7_300_000_000_000_000_001

ORDER_STATUSES = ("pending", "paid", "shipped", "delivered", "cancelled",
                  "refunded")
TIERS = ("free", "plus", "pro")
PAYMENT_STATUSES = ("authorized", "captured", "failed", "refunded")
PROVIDERS = ("stripe", "adyen", "paypal")
EVENT_TYPES = ("order.created", "order.shipped", "payment.captured",
               "payment.failed", "customer.updated")
CURRENCIES = ("EUR", "EUR", "EUR", "USD", "GBP", "SEK")
COUNTRIES = {"DE": "Köln", "FR": "Orléans", "SE": "Göteborg", "PL": "Łódź",
             "JP": "札幌", "US": "Portland", "BR": "São Paulo", "IE": "Cork"}
TAGS = ("first", "wholesale", "express", "fragile", "online", "phone")
NOTES = ("Leave it with the neighbour.",
         "Ring twice; the dog is \"friendly\".",
         "Straße 7, Hinterhof", "Tea, please ☕", "line one\nline two")

GIVEN_NAMES = ("Ada", "Björn", "Chloé", "Dmitri", "Edith", "Fatima", "Grace",
               "Hiro", "Inés", "Jürgen", "Katarzyna", "Linus", "Mei", "Noor",
               "Olu", "Priya")
FAMILY_NAMES = ("Almeida", "Brown", "Çelik", "Dijkstra", "Eriksson",
                "Fischer", "García", "Hopper", "Ito", "Jansen", "Kowalska",
                "Lovelace", "Müller", "Nakamura", "O'Brien", "Park", "Quist")

# A tree of categories; the number is the parent's place in this table.
CATEGORY_TREE = (("All", None), ("Kitchen", 0), ("Office", 0), ("Garden", 0),
                 ("Pans", 1), ("Knives", 1), ("Paper", 2), ("Pens", 2),
                 ("Seeds", 3), ("Tools", 3))
MATERIALS = ("Steel", "Oak", "Copper", "Linen", "Glass", "Bamboo")
THINGS = ("Pan", "Knife", "Notebook", "Pen", "Trowel", "Lamp", "Bowl")


def pick(number, salt, choices):
    """A whole number below choices that looks random but follows from number
    and salt alone (the finalizer of splitmix64)."""
    mask = (1 << 64) - 1
    x = (number * 0x9E3779B97F4A7C15 + salt * 0xD1B54A32D192ED03) & mask
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & mask
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & mask
    return (x ^ (x >> 31)) % choices


def choose(number, salt, values):
    return values[pick(number, salt, len(values))]


def money(hundredths):
    """An amount with exactly two digits after the point."""
    return Decimal(hundredths).scaleb(-2)


def moment(seconds):
    """RFC 3339 text of a time so many seconds after the opening."""
    when = OPENED + datetime.timedelta(seconds=seconds)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


class Row:
    """One row: its members, and its JSON text once somebody asks for it."""

    __slots__ = ("members", "_text")

    def __init__(self, members):
        self.members = members
        self._text = None

    @property
    def text(self):
        if self._text is None:
            self._text = jsontext.encode(self.members)
        return self._text


def _address(n, salt):
    country = choose(n, salt, tuple(COUNTRIES))
    return {
        "street": "%d %s Street" % (1 + pick(n, salt + 1, 240),
                                    choose(n, salt + 2, FAMILY_NAMES)),
        "city": COUNTRIES[country],
        "postal_code": "%05d" % pick(n, salt + 3, 100_000),
        "country": country,
    }


def make_customer(n):
    given = choose(n, 10, GIVEN_NAMES)
    family = choose(n, 11, FAMILY_NAMES)
    created = n * 11 * 3600
    return {
        "id": n,
        "name": "%s %s" % (given, family),
        "email": "customer%04d@mail.example" % n,
        "phone": None if n % 5 == 0 else "+49 30 %06d" % pick(n, 12, 10**6),
        "tier": "free" if n % 7 < 4 else "plus" if n % 7 < 6 else "pro",
        "active": n % 13 != 0,
        "credit_limit": money(pick(n, 13, 500_000)),
        "address": _address(n, 14),
        "created_at": moment(created),
        "updated_at": moment(created + pick(n, 18, 10**6)),
    }


def _category(place):
    """A category with its ancestors, as the API embeds it."""
    if place is None:
        return None
    name, parent = CATEGORY_TREE[place]
    return {"id": place + 1, "name": name, "parent": _category(parent)}


def make_product(n):
    place = 4 + pick(n, 20, len(CATEGORY_TREE) - 4)
    price = 199 + pick(n, 21, 25_000)
    return {
        "id": str(uuid.UUID(int=(pick(n, 22, 1 << 62) << 64)
                            | pick(n, 23, 1 << 62), version=4)),
        "sku": "SKU-%04d" % n,
        "name": "%s %s No. %d" % (choose(n, 24, MATERIALS),
                                  choose(n, 25, THINGS), n),
        "price": money(price),
        "in_stock": n % 6 != 0,
        "dimensions": {"width_mm": 20 + pick(n, 26, 800),
                       "height_mm": 20 + pick(n, 27, 800),
                       "depth_mm": 5 + pick(n, 28, 300),
                       "weight_g": 50 + pick(n, 29, 9_000)},
        "categories": sorted({CATEGORY_TREE[place][0],
                              CATEGORY_TREE[CATEGORY_TREE[place][1]][0]}),
        "category": _category(place),
        "rating": (None if n % 9 == 0
                   else Decimal(10 + pick(n, 30, 41)).scaleb(-1)),
        "legacy_code": "L%03d" % n,
        "available_from": moment(n * 86_400)[:10],
        "discontinued_on": (moment(n * 86_400 * 2)[:10] if n % 10 == 0
                            else None),
    }


def order_status(n):
    """Old orders are done with; the newest 200 are still open."""
    if n > ORDERS - 200:
        return "pending" if n % 2 else "paid"
    return ("delivered", "delivered", "delivered", "shipped", "paid",
            "delivered", "cancelled", "delivered", "refunded",
            "delivered")[pick(n, 40, 10)]


def _line_items(n, products):
    items = []
    for line in range(1, 2 + pick(n, 41, 4)):
        product = products[pick(n * 8 + line, 42, len(products))].members
        quantity = 1 + pick(n * 8 + line, 43, 3)
        items.append({
            "line": line,
            "product_id": product["id"],
            "sku": product["sku"],
            "quantity": quantity,
            "unit_price": product["price"],
            "amount": product["price"] * quantity,
        })
    return items


def make_order(n, products):
    created = n * ORDER_INTERVAL_S
    items = _line_items(n, products)
    return {
        "id": n,
        "number": "SO-%06d" % n,
        "customer_id": 1 + pick(n, 44, CUSTOMERS),
        "status": order_status(n),
        "currency": choose(n, 45, CURRENCIES),
        "total": sum(item["amount"] for item in items),
        "gift": n % 8 == 0,
        "note": choose(n, 46, NOTES) if n % 4 == 0 else None,
        "tags": [tag for bit, tag in enumerate(TAGS)
                 if pick(n, 47, 64) >> bit & 1],
        "items": items,
        "shipping_address": _address(n, 50),
        "created_at": moment(created),
        "updated_at": moment(created + pick(n, 48, 14 * 86_400)),
    }


def _payment_source(n):
    kind = pick(n, 60, 10)
    if kind < 6:
        return {"kind": "card", "brand": choose(n, 61, ("visa", "mastercard")),
                "last4": "%04d" % pick(n, 62, 10_000)}
    if kind < 9:
        return {"kind": "transfer", "iban": "DE%020d" % pick(n, 63, 10**18),
                "reference": None if n % 3 else "RF%010d" % n}
    return {"kind": "wallet", "wallet_id": "w_%08x" % pick(n, 64, 1 << 32)}


def make_payment(n, orders):
    """The first 10,000 belong to one order each; the rest are second
    attempts for orders whose first payment failed."""
    retry = n > ORDERS
    order = orders[((n - ORDERS) * 10 if retry else n) - 1].members
    if order["status"] == "refunded":
        status = "refunded"
    elif not retry and n % 10 == 0:
        status = "failed"
    elif order["status"] == "pending":
        status = "authorized"
    else:
        status = "captured"
    provider = choose(n, 65, PROVIDERS)
    moved = n * ORDER_INTERVAL_S % (ORDERS * ORDER_INTERVAL_S) + 120
    return {
        "id": "pay_%06d" % n,
        "ledger_number": FIRST_LEDGER_NUMBER + n * 1_000_003,
        "order_id": order["id"],
        "provider": provider,
        "provider_reference": "%s:%016x" % (provider, pick(n, 66, 1 << 62)),
        "status": status,
        "amount": order["total"],
        "currency": order["currency"],
        "fee": Decimal(2_500 + int(order["total"] * 140)).scaleb(-4),
        "source": _payment_source(n),
        "captured_at": moment(moved) if status == "captured" else None,
        "created_at": moment(moved - 60),
    }


def make_event(n, orders):
    kind = choose(n, 70, EVENT_TYPES)
    order = orders[n * 3 - 1].members
    subject = kind.partition(".")[0]
    if subject == "order":
        body = {"object": "order", "order_id": order["id"],
                "status": order["status"]}
    elif subject == "payment":
        body = {"object": "payment", "payment_id": "pay_%06d" % order["id"],
                "amount": order["total"]}
    else:
        body = {"object": "customer", "customer_id": order["customer_id"],
                "changed": ["email", "phone"][:1 + n % 2]}
    return {
        "id": str(uuid.UUID(int=(pick(n, 71, 1 << 62) << 64)
                            | pick(n, 72, 1 << 62), version=4)),
        "sequence": n,
        "type": kind,
        "subject": body,
        "actor": None if n % 4 else choose(n, 73, GIVEN_NAMES).lower(),
        "client_ip": "10.%d.%d.%d" % (pick(n, 74, 256), pick(n, 75, 256),
                                      1 + pick(n, 76, 254)),
        "occurred_at": order["created_at"].replace("Z", ".%03dZ" % (n % 1000)),
    }


class Shop:
    """All collections; each is made when it is first asked for."""

    @cached_property
    def customers(self):
        return [Row(make_customer(n)) for n in range(1, CUSTOMERS + 1)]

    @cached_property
    def products(self):
        return [Row(make_product(n)) for n in range(1, PRODUCTS + 1)]

    @cached_property
    def orders(self):
        products = self.products
        return [Row(make_order(n, products)) for n in range(1, ORDERS + 1)]

    @cached_property
    def payments(self):
        orders = self.orders
        return [Row(make_payment(n, orders)) for n in range(1, PAYMENTS + 1)]

    @cached_property
    def events(self):
        orders = self.orders
        return [Row(make_event(n, orders)) for n in range(1, EVENTS + 1)]

    @property
    def account(self):
        return {"id": "acct_42", "name": "The Shop of Examples",
                "country": "DE", "plan": "business",
                "opened_on": moment(0)[:10], "seats": 12,
                "limits": {"requests_per_minute": 6_000, "page_size": 500}}
