"""What does json-server hold, and how is it described?

A blog: a few thousand rows, the same in every run, with the things that a
JSON API holds beside plain words: scripts other than Latin, null, missing
members, objects and lists inside rows, integers up to 2^53, decimals.  What
is compared is always what json-server itself answers; this file only decides
what it starts with."""

import json
import random

USERS = 120
POSTS = 2345
COMMENTS = 3456
ALBUMS = 300
INVOICES = 500

STATUSES = ("draft", "published", "archived")

# Largest number of rows a page may have, as the description says.
PAGE_SIZE = 100

WORDS = (
    "lorem ipsum dolor Grüße naïve façade smörgåsbord Łódź Ελλάδα Привет"
    " 東京 数据库 한국어 العربية עברית हिन्दी 🐘 🚀 \"quoted\" back\\slash"
    " tab\there new\nline <b>bold</b> 100% a/b c?d e&f o'clock").split(" ")


def _words(chance, least, most):
    return " ".join(chance.choice(WORDS)
                    for _ in range(chance.randint(least, most)))


def _moment(chance):
    return "20%02d-%02d-%02dT%02d:%02d:%02d.%03dZ" % (
        chance.randint(10, 25), chance.randint(1, 12), chance.randint(1, 28),
        chance.randint(0, 23), chance.randint(0, 59), chance.randint(0, 59),
        chance.randint(0, 999))


def _user(chance, i):
    return {
        "id": i,
        "name": _words(chance, 1, 2),
        "email": "user%d@example.org" % i,
        "active": chance.random() < 0.7,
        "accountNumber": chance.randint(2 ** 52, 2 ** 53 - 1),
        "balance": round(chance.uniform(-5000, 5000), 2),
        "address": {"city": _words(chance, 1, 1),
                    "geo": {"lat": round(chance.uniform(-90, 90), 6),
                            "lng": round(chance.uniform(-180, 180), 6)}},
        "joinedAt": _moment(chance),
    }


def _post(chance, i):
    post = {
        "id": i,
        "userId": chance.randint(1, USERS),
        "title": _words(chance, 1, 6),
        "body": _words(chance, 5, 40),
        "status": chance.choice(STATUSES),
        "featured": chance.random() < 0.1,
        "tags": [chance.choice(WORDS) for _ in range(chance.randint(0, 4))],
        "rating": None if chance.random() < 0.2
        else round(chance.uniform(0, 5), 3),
        "publishedAt": _moment(chance),
    }
    if chance.random() < 0.3:
        post["subtitle"] = _words(chance, 1, 3)
    return post


def _comment(chance, i):
    return {"id": i, "postId": chance.randint(1, POSTS),
            "email": "reader%d@example.org" % chance.randint(1, 500),
            "body": _words(chance, 0, 15)}


def _album(chance, i):
    return {"id": "album-%04d" % i, "userId": chance.randint(1, USERS),
            "title": _words(chance, 1, 4)}


def _invoice(chance, i):
    return {"id": i, "userId": chance.randint(1, USERS),
            "amount": round(chance.uniform(0.01, 99999), 2),
            "currency": chance.choice(("EUR", "USD", "JPY")),
            "dueOn": "2026-%02d-%02d" % (chance.randint(1, 12),
                                         chance.randint(1, 28)),
            "lines": [{"sku": "S%d" % chance.randint(1, 99),
                       "quantity": chance.randint(1, 9)}
                      for _ in range(chance.randint(0, 3))]}


def database():
    """What db.json is made of."""
    chance = random.Random(20240229)
    made = {}
    for name, make, count in (("users", _user, USERS),
                              ("posts", _post, POSTS),
                              ("comments", _comment, COMMENTS),
                              ("albums", _album, ALBUMS),
                              ("invoices", _invoice, INVOICES)):
        made[name] = [make(chance, i) for i in range(1, count + 1)]
    made["profile"] = {"name": "autoconn's blog", "since": 2010,
                       "owner": {"userId": 7}}
    return made


def _integer(**more):
    return dict(type="integer", **more)


def _string(**more):
    return dict(type="string", **more)


def _object(properties, **more):
    return dict(type="object", properties=properties, **more)


SCHEMAS = {
    "User": _object({
        "id": _integer(format="int64"),
        "name": _string(description="As the user writes it."),
        "email": _string(format="email"),
        "active": {"type": "boolean"},
        "accountNumber": _integer(format="int64"),
        "balance": {"type": "number"},
        "address": _object({
            "city": _string(),
            "geo": _object({"lat": {"type": "number"},
                            "lng": {"type": "number"}})}),
        "joinedAt": _string(format="date-time"),
    }, required=["id", "name"]),
    "Post": _object({
        "id": _integer(format="int64"),
        "userId": _integer(format="int64"),
        "title": _string(),
        "subtitle": _string(description="Missing where there is none."),
        "body": _string(),
        "status": _string(enum=list(STATUSES)),
        "featured": {"type": "boolean"},
        "tags": {"type": "array", "items": _string()},
        "rating": {"type": "number", "nullable": True},
        "publishedAt": _string(format="date-time"),
    }),
    "Comment": _object({
        "id": _integer(format="int64"),
        "postId": _integer(format="int64"),
        "email": _string(format="email"),
        "body": _string(),
    }),
    "Album": _object({
        "id": _string(),
        "userId": _integer(format="int64"),
        "title": _string(),
    }),
    "Invoice": _object({
        "id": _integer(format="int64"),
        "userId": _integer(format="int64"),
        "amount": {"type": "number"},
        "currency": _string(),
        "dueOn": _string(format="date"),
        "lines": {"type": "array", "items": _object({
            "sku": _string(), "quantity": _integer()})},
    }),
    "Profile": _object({
        "name": _string(), "since": _integer(),
        "owner": _object({"userId": _integer()})}),
}

_PAGING = [
    {"name": "_page", "in": "query", "schema": _integer(minimum=1)},
    {"name": "_limit", "in": "query",
     "schema": _integer(minimum=1, maximum=PAGE_SIZE, default=10)},
    {"name": "_sort", "in": "query", "schema": _string()},
    {"name": "_order", "in": "query", "schema": _string(enum=["asc", "desc"])},
    {"name": "q", "in": "query", "schema": _string(),
     "description": "Full-text search."},
]


def _filter(name, schema):
    return {"name": name, "in": "query", "schema": schema}


def _reference(schema):
    return {"$ref": "#/components/schemas/" + schema}


def _answer(schema, headers=None):
    answer = {"description": "OK",
              "content": {"application/json": {"schema": schema}}}
    if headers:
        answer["headers"] = headers
    return answer


def _list(schema, *filters):
    return {"get": {
        "tags": [schema], "summary": "All of them, by page.",
        "parameters": _PAGING + list(filters),
        "responses": {"200": _answer(
            {"type": "array", "items": _reference(schema)},
            {"X-Total-Count": {"schema": _integer()},
             "Link": {"schema": _string()}})}}}


def _item(schema, key):
    return {"get": {
        "tags": [schema], "summary": "One of them.",
        "parameters": [{"name": "id", "in": "path", "required": True,
                        "schema": key}],
        "responses": {"200": _answer(_reference(schema)),
                      "404": {"description": "There is none."}}}}


def description(base_url):
    """An OpenAPI 3.0 document of json-server's paths for this database."""
    number = _integer(format="int64")
    return {
        "openapi": "3.0.3",
        "info": {"title": "Blog", "version": "1.2.3"},
        "servers": [{"url": base_url}],
        "paths": {
            "/users": _list("User", _filter("active", {"type": "boolean"})),
            "/users/{id}": _item("User", number),
            "/posts": _list(
                "Post", _filter("userId", number),
                _filter("status", _string(enum=list(STATUSES))),
                _filter("featured", {"type": "boolean"}),
                _filter("title_like", _string())),
            "/posts/{id}": _item("Post", number),
            "/posts/{postId}/comments": {
                "parameters": [{"name": "postId", "in": "path",
                                "required": True, "schema": number}],
                **_list("Comment")},
            "/comments": _list("Comment", _filter("postId", number)),
            "/comments/{id}": _item("Comment", number),
            "/albums": _list("Album", _filter("userId", number)),
            "/albums/{id}": _item("Album", _string()),
            "/invoices": _list("Invoice", _filter("currency", _string())),
            "/invoices/{id}": _item("Invoice", number),
            "/profile": {"get": {
                "summary": "Of the blog.",
                "responses": {"200": _answer(_reference("Profile"))}}},
        },
        "components": {"schemas": SCHEMAS},
    }


def write_database(path):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(database(), file, ensure_ascii=False)
