"""More small APIs with the truth about keys and relations, as public ones are
made: references under other names, polymorphic ones, link tables, natural
keys, deleted parents, and numbers that only happen to fit.  See worlds.py."""

from worlds import Resource, WORDS, rows, world

world("a forest of comments", [
    Resource("/threads", rows(14, lambda i, r: {"id": 500 + i, "title": "t%d" % i}), "id"),
    Resource("/replies", rows(90, lambda i, r: {"id": 7000 + i, "thread_id": 500 + r.randint(1, 14), "parent_id": None if i < 9 else 7000 + r.randint(1, i - 1),
                                                "score": r.randint(1, 90)}), "id"),
], [("/replies", "thread_id", "/threads", "id"), ("/replies", "parent_id", "/replies", "id")])

world("who made it and who has it", [
    Resource("/users", rows(25, lambda i, r: {"id": 900 + i, "login": "l%d" % i}), "id"),
    Resource("/tickets", rows(80, lambda i, r: {"id": 4000 + i, "created_by": 900 + r.randint(1, 25), "assignee_id": None if i % 4 == 0 else 900 + r.randint(1, 25),
                                                "requester_id": 900 + r.randint(1, 25), "priority": r.randint(1, 5), "upvotes": r.randint(1, 25)}), "id"),
], [("/tickets", "created_by", "/users", "id"), ("/tickets", "assignee_id", "/users", "id"), ("/tickets", "requester_id", "/users", "id")])

world("a type and an id", [
    Resource("/photos", rows(20, lambda i, r: {"id": 100 + i, "title": "p%d" % i}), "id"),
    Resource("/videos", rows(20, lambda i, r: {"id": 300 + i, "title": "v%d" % i}), "id"),
    Resource("/likes", rows(70, lambda i, r: {"id": 9000 + i, "target_type": "photo" if i % 2 else "video", "target_id": (100 if i % 2 else 300) + r.randint(1, 20)}), "id"),
], [])

world("links with facts of their own", [
    Resource("/actors", rows(30, lambda i, r: {"id": "nm%05d" % i, "name": "a%d" % i}), "id"),
    Resource("/movies", rows(20, lambda i, r: {"id": "tt%05d" % i, "title": "m%d" % i, "year": 1990 + i}), "id"),
    Resource("/roles", [{"actor_id": "nm%05d" % a, "movie_id": "tt%05d" % m, "character": "c%d" % (a * m % 9), "billing": (a + m) % 5 + 1}
                        for a in range(1, 31) for m in range(1, 21) if (a * 3 + m * 5) % 7 == 0], ("actor_id", "movie_id"), item=False),
], [("/roles", "actor_id", "/actors", "id"), ("/roles", "movie_id", "/movies", "id")])

world("natural keys", [
    Resource("/currencies", [{"code": c, "name": "n" + c, "digits": 2} for c in ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "JPY")], "code"),
    Resource("/languages", [{"code": c, "name": "n" + c} for c in ("de", "en", "fr", "es", "it", "pt", "nl", "sv", "da", "pl")], "code"),
    Resource("/editions", rows(60, lambda i, r: {"isbn": "978%010d" % (i * 37), "language": r.choice(("de", "en", "fr", "es", "it", "pt", "nl")),
                                                 "currency": r.choice(("EUR", "USD", "GBP", "CHF", "SEK", "NOK")), "pages": r.randint(1, 900)}), "isbn"),
], [("/editions", "language", "/languages", "code"), ("/editions", "currency", "/currencies", "code")])

world("links to what they mean", [
    Resource("/planets", rows(15, lambda i, r: {"name": "planet %d" % i, "diameter": i * 100, "url": "{base}/planets/%d" % i, "id": i}), "id"),
    Resource("/starships", rows(40, lambda i, r: {"id": i, "name": "ship %d" % i, "homeworld": "{base}/planets/%d" % r.randint(1, 15), "crew": r.randint(1, 15),
                                                  "url": "{base}/starships/%d" % i}), "id"),
], [("/starships", "homeworld", "/planets", "id")], envelope="results")

world("dense numbers that mean nothing", [
    Resource("/stores", rows(50, lambda i, r: {"id": i, "region": r.randint(1, 50), "rank": i, "manager_count": r.randint(1, 50)}), "id"),
    Resource("/shelves", rows(50, lambda i, r: {"id": i, "store_id": r.randint(1, 50), "height": r.randint(1, 50), "position": r.randint(1, 50)}), "id"),
    Resource("/sensors", rows(50, lambda i, r: {"id": i, "channel": r.randint(1, 50), "slot": i, "reading": r.randint(1, 50)}), "id"),
], [("/shelves", "store_id", "/stores", "id")])

world("parents that were deleted", [
    Resource("/vendors", rows(40, lambda i, r: {"id": 2000 + i * 3, "name": "v%d" % i, "deleted": i % 9 == 0}), "id"),
    Resource("/bills", rows(100, lambda i, r: {"id": 60000 + i, "vendor_id": 2000 + 3 * (r.randint(1, 40) if i % 20 else 41 + i // 20), "total": r.randint(1, 9999)}), "id"),
], [("/bills", "vendor_id", "/vendors", "id")])

world("names of the same kind", [
    Resource("/regions", rows(8, lambda i, r: {"slug": WORDS[i], "title": "r%d" % i, "order": i}), "slug"),
    Resource("/sites", rows(40, lambda i, r: {"id": 80 + i, "slug": "site-%d" % i, "region_slug": WORDS[r.randint(1, 8)], "status": r.choice(WORDS)}), "id"),
], [("/sites", "region_slug", "/regions", "slug")])

world("customers in camel case", [
    Resource("/customers", rows(30, lambda i, r: {"customerId": "C%04d" % i, "displayName": "d%d" % i}), "customerId"),
    Resource("/subscriptions", rows(70, lambda i, r: {"subscriptionId": "S%04d" % i, "customerId": "C%04d" % r.randint(1, 30), "billTo": "C%04d" % r.randint(1, 30),
                                                      "planId": "P%d" % r.randint(1, 4)}), "subscriptionId"),
    Resource("/plans", rows(4, lambda i, r: {"planId": "P%d" % i, "price": "%d.00" % (i * 10)}), "planId"),
], [("/subscriptions", "customerId", "/customers", "customerId"), ("/subscriptions", "billTo", "/customers", "customerId"), ("/subscriptions", "planId", "/plans", "planId")],
      envelope="resource_name")

world("children two levels down", [
    Resource("/boards", rows(6, lambda i, r: {"id": "b%02d" % i, "name": "n%d" % i}), "id"),
    Resource("/boards/{board_id}/cards", rows(48, lambda i, r: {"board_id": "b%02d" % (i % 6 + 1), "id": "c%03d" % i, "member_id": "m%02d" % r.randint(1, 9), "title": "t%d" % i}),
             "id", below="board_id", item=False),
    Resource("/members", rows(9, lambda i, r: {"id": "m%02d" % i, "username": "u%d" % i}), "id"),
], [("/boards/{board_id}/cards", "board_id", "/boards", "id"), ("/boards/{board_id}/cards", "member_id", "/members", "id")])

world("lists of identifiers and owners inside", [
    Resource("/groups", rows(12, lambda i, r: {"id": "g-%04d" % i, "label": "l%d" % i}), "id"),
    Resource("/people", rows(40, lambda i, r: {"id": "p-%04d" % i, "owner": {"id": "p-%04d" % r.randint(1, 40), "type": "person"}, "group": {"id": "g-%04d" % r.randint(1, 12)}, "age": r.randint(1, 40)}), "id"),
], [("/people", "owner", "/people", "id"), ("/people", "group", "/groups", "id")])
