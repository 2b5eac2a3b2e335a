"""json-server holding a blog: paged by its own _page, _limit and Link header,
filtered by its own parameters, with item paths of its own."""

import json
import re

from urllib.parse import parse_qsl, urlsplit

import blog
import database
import servers
import tap
import truth

from recorder import Recorder
from world import same_rows

TOKEN = "s3cret-of-the-blog"

COLUMNS = {
    "users": [("id", "bigint"), ("name", "text"), ("email", "text"),
              ("active", "boolean"), ("account_number", "bigint"),
              ("balance", "numeric"), ("address", "jsonb"),
              ("joined_at", "timestamp with time zone")],
    "posts": [("id", "bigint"), ("user_id", "bigint"), ("title", "text"),
              ("subtitle", "text"), ("body", "text"), ("status", "text"),
              ("featured", "boolean"), ("tags", "text[]"),
              ("rating", "numeric"),
              ("published_at", "timestamp with time zone")],
    "comments": [("id", "bigint"), ("post_id", "bigint"), ("email", "text"),
                 ("body", "text")],
    "albums": [("id", "text"), ("user_id", "bigint"), ("title", "text")],
    "invoices": [("id", "bigint"), ("user_id", "bigint"),
                 ("amount", "numeric"), ("currency", "text"),
                 ("due_on", "date"), ("lines", "jsonb")],
    "profile": [("name", "text"), ("since", "bigint"), ("owner", "jsonb")],
}


def start_json_server(world):
    """Starts one with the blog in it; its port."""
    port = servers.free_port()
    blog.write_database(world.path("db.json"))
    servers.start(
        ["node", world.module("json-server", "lib", "cli", "bin.js"),
         "--host", "127.0.0.1", "--port", str(port), "--read-only",
         world.path("db.json")], port, world.path("json-server.log"))
    return port


def query_of(exchange):
    return dict(parse_qsl(urlsplit(exchange.target).query))


class Blog:
    def __init__(self, world):
        port = start_json_server(world)
        self.own = "http://127.0.0.1:%d" % port
        self.recorder = Recorder(port)
        self.static = servers.StaticServer({
            "/blog.json": json.dumps(blog.description(self.recorder.url))})

    def asked(self, query):
        """What psql says to a query, and the exchanges that it caused."""
        self.recorder.forget()
        return database.run(query), self.recorder.seen()

    def requests(self, query):
        """(path, parameters without paging) of each request of a query."""
        _, exchanges = self.asked(query)
        return [(urlsplit(exchange.target).path,
                 {name: text for name, text in query_of(exchange).items()
                  if name not in ("_page", "_limit")})
                for exchange in exchanges]


def discovery(site):
    made = database.must(
        "CREATE SERVER blog FOREIGN DATA WRAPPER autoconn OPTIONS"
        " (url '%s', spec_url '%s/blog.json');"
        "CREATE USER MAPPING FOR CURRENT_USER SERVER blog OPTIONS"
        " (token '%s');" % (site.recorder.url, site.static.url, TOKEN))
    tap.matches(made.messages,
                re.compile(r"NOTICE:.*\b7 tables can be imported"),
                "CREATE SERVER says how many tables there are")
    database.must("SELECT autoconn.discover('blog')")
    found = database.rows("SELECT * FROM autoconn.servers"
                          " WHERE server = 'blog'")[0]
    tap.equal([found[name] for name in ("status", "kind", "title", "version")],
              ["discovered", "openapi", "Blog", "1.2.3"],
              "the description is found at spec_url")
    tap.equal(found["base_url"].rstrip("/"), site.recorder.url,
              "the base URL is that of the description")
    tap.equal(sorted(row["path"] for row in database.rows(
        "SELECT path FROM autoconn.endpoints WHERE server = 'blog'"
        " AND importable")),
        ["/albums", "/comments", "/invoices", "/posts",
         "/posts/{postId}/comments", "/profile", "/users"],
        "the paths that can be imported")
    specs = [headers for method, path, headers in site.static.requests
             if path == "/blog.json"]
    tap.ok(specs and not any(TOKEN in repr(headers) for headers in specs),
           "another origin that holds the description sees no credentials",
           site.static.requests)


def importing(site):
    database.must("CREATE SCHEMA blog;"
                  "IMPORT FOREIGN SCHEMA api FROM SERVER blog INTO blog;")
    for table, wanted in COLUMNS.items():
        tap.equal(database.columns("blog", table), wanted,
                  "columns and types of " + table)
    keys = {row["path"]: row for row in database.rows(
        "SELECT path, item_path, key_columns, pagination, page_size"
        " FROM autoconn.endpoints WHERE server = 'blog'")}
    for table in ("users", "posts", "comments", "albums", "invoices"):
        row = keys["/" + table]
        tap.equal((row["item_path"], row["key_columns"]),
                  ("/%s/{id}" % table, ["id"]), "key of " + table)
    tap.ok(all(keys["/" + table]["pagination"] == "link"
               for table in ("users", "posts", "comments")),
           "json-server's pagination is recognised", keys)
    tap.equal(database.value(
        "SELECT string_agg(evidence ->> 'pages', ';') FROM autoconn.endpoints"
        " WHERE server = 'blog' AND path = '/posts'"),
        "proved: the second page has other rows than the first",
        "and proved on the wire")
    tap.equal(database.value(
        "SELECT string_agg(DISTINCT evidence ->> 'item', ';')"
        " FROM autoconn.endpoints WHERE server = 'blog' AND importable"),
        "proved: a sampled row equals its item", "so are the item paths")
    tap.equal(database.value(
        "SELECT col_description('blog.users'::regclass, 2)"),
        "As the user writes it.", "descriptions become comments")
    tap.ok(database.rows(
        "SELECT 1 FROM autoconn.relationships WHERE server = 'blog'"
        " AND child = 'posts_comments' AND child_columns = '{post_id}'"
        " AND parent = 'posts'"), "comments below a post refer to it")


def full_scans(site):
    for table in ("users", "posts", "comments", "albums", "invoices"):
        whole = truth.walk("%s/%s?_page=1&_limit=100" % (site.own, table))
        same_rows("SELECT * FROM blog." + table, whole, COLUMNS[table],
                  "all %d rows of %s" % (len(whole), table))
    same_rows("SELECT * FROM blog.profile",
              [truth.get(site.own + "/profile").json()],
              COLUMNS["profile"], "an object that stands alone is one row")

    _, exchanges = site.asked("SELECT id FROM blog.posts")
    pages = -(-blog.POSTS // blog.PAGE_SIZE)
    tap.equal([(int(query_of(x).get("_page", 0)), query_of(x).get("_limit"))
               for x in exchanges],
              [(page, str(blog.PAGE_SIZE)) for page in range(1, pages + 1)],
              "each page is asked for once, as large as may be")
    tap.equal([x.line() for x in exchanges
               if urlsplit(x.target).path != "/posts"], [],
              "nothing else is asked for")
    tap.ok(exchanges and all(
        x.headers.get("authorization") == "Bearer " + TOKEN
        for x in exchanges), "every request to the API has the token")
    tap.ok(exchanges and all(
        x.answer_headers.get("content-encoding") in ("br", "gzip")
        for x in exchanges), "pages come compressed")
    connections = len({x.connection for x in exchanges})
    tap.ok(0 < connections <= 2 and len(exchanges) > 20,
           "connections are kept alive",
           "%d requests on %d connections" % (len(exchanges), connections))


def filters(site):
    def filtered(where, sent, name):
        tap.equal(set(map(repr, site.requests(
            "SELECT id FROM blog.posts WHERE " + where))),
            {repr(("/posts", sent))}, name)

    same_rows("SELECT * FROM blog.posts WHERE user_id = 7",
              truth.walk(site.own + "/posts?userId=7&_page=1&_limit=100"),
              COLUMNS["posts"], "rows of a filter on an identifier")
    filtered("user_id = 7", {"userId": "7"}, "an identifier is sent")
    same_rows("SELECT * FROM blog.posts WHERE status = 'archived'",
              truth.walk(site.own
                         + "/posts?status=archived&_page=1&_limit=100"),
              COLUMNS["posts"], "rows of a filter on an enum")
    filtered("status = 'archived'", {"status": "archived"}, "an enum is sent")
    filtered("featured", {"featured": "true"}, "a boolean is sent")
    filtered("NOT featured AND user_id = 3",
             {"featured": "false", "userId": "3"}, "two filters are sent")
    filtered("title = 'lorem'", {}, "a column without parameter is not sent")
    filtered("title LIKE '%lorem%'", {}, "a pattern is not sent")
    whole = truth.walk(site.own + "/posts?_page=1&_limit=100")
    same_rows("SELECT * FROM blog.posts WHERE title LIKE '%lorem%'",
              [post for post in whole if "lorem" in post["title"]],
              COLUMNS["posts"], "what is not sent is judged here")
    same_rows("SELECT * FROM blog.posts WHERE user_id = 1000000", [],
              COLUMNS["posts"], "a filter that nothing matches")
    same_rows("SELECT * FROM blog.posts WHERE subtitle IS NULL"
              " AND user_id = 11",
              [post for post in whole if post["userId"] == 11
               and "subtitle" not in post],
              COLUMNS["posts"], "members that are missing are NULL")


def look_ups(site):
    same_rows("SELECT * FROM blog.posts WHERE id = 1234",
              [truth.get(site.own + "/posts/1234").json()],
              COLUMNS["posts"], "a row by its key")
    tap.equal(site.requests("SELECT * FROM blog.posts WHERE id = 1234"),
              [("/posts/1234", {})], "is one request")
    same_rows("SELECT * FROM blog.albums WHERE id = 'album-0042'",
              [truth.get(site.own + "/albums/album-0042").json()],
              COLUMNS["albums"], "a row by a key that is text")
    tap.equal(site.requests("SELECT * FROM blog.albums"
                            " WHERE id = 'album-0042'"),
              [("/albums/album-0042", {})], "is one request, too")
    same_rows("SELECT * FROM blog.posts WHERE id = 999999", [],
              COLUMNS["posts"], "a key that does not exist is no row")
    tap.equal(site.requests("SELECT * FROM blog.albums"
                            " WHERE id = '../users/1'"),
              [("/albums/..%2Fusers%2F1", {})],
              "a key cannot leave its place in the path")
    shown, exchanges = site.asked(
        "SELECT p.id, u.email FROM blog.posts p"
        " JOIN blog.users u ON u.id = p.user_id WHERE p.id IN (5)")
    post = truth.get(site.own + "/posts/5").json()
    tap.equal(shown.text, "5|user%d@example.org\n" % post["userId"],
              "a join gives the right row")
    tap.equal([x.line() for x in exchanges],
              ["GET /posts/5", "GET /users/%d" % post["userId"]],
              "and is two look-ups")


def nested_path(site):
    table = database.value(
        "SELECT name FROM autoconn.endpoints WHERE server = 'blog'"
        " AND path = '/posts/{postId}/comments'")
    query = "SELECT id, post_id, email, body FROM blog.%s WHERE post_id = 3"
    same_rows(query % table, truth.walk(
        site.own + "/posts/3/comments?_page=1&_limit=100"),
        COLUMNS["comments"], "rows below a path variable")
    tap.equal(site.requests(query % table), [("/posts/3/comments", {})],
              "the variable stands in the path")
    tap.equal(database.value("SELECT count(*) FROM blog.%s" % table),
              database.value("SELECT count(*) FROM blog.comments"),
              "without a value those of all posts are read")


def limits(site):
    shown, exchanges = site.asked("SELECT id FROM blog.comments LIMIT 5")
    tap.ok(len(shown.text.split()) == 5 and 0 < len(exchanges) <= 2,
           "LIMIT stops early", [x.line() for x in exchanges])
    plan = database.must("EXPLAIN (ANALYZE, VERBOSE, COSTS OFF, TIMING OFF,"
                         " SUMMARY OFF) SELECT id FROM blog.posts"
                         " WHERE user_id = 7").text
    tap.matches(plan, re.compile(r"userId=7"),
                "EXPLAIN shows the request")
    tap.matches(plan, re.compile(r"complete"),
                "EXPLAIN ANALYZE gives the verdict")
    tap.ok(TOKEN not in plan, "and no secret", plan)


def run(world):
    site = Blog(world)
    for part in (discovery, importing, full_scans, filters, look_ups,
                 nested_path, limits):
        tap.part(part, site)
