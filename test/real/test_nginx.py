"""nginx in front of json-server: TLS with a certificate authority of our
own, HTTP/2 and brotli, each as nginx's log has it; and what a front does on
its own: end connections, limit the rate, fail, redirect, want a password."""

import json
import os
import subprocess
import time

import blog
import database
import servers
import tap
import truth

from test_json_server import COLUMNS, start_json_server
from world import same_rows

# nginx writes its log after the last byte was sent.
LOG_S = 5


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True,
                   capture_output=True)


def make_certificates(world):
    """An authority, and a certificate of it for localhost but not for the
    address."""
    def path(name):
        return world.path(name)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=Authority of a test", "-keyout", path("ca.key"),
            "-out", path("ca.pem"))
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
            "-keyout", path("server.key"), "-out", path("server.csr"))
    with open(path("server.ext"), "w") as file:
        file.write("subjectAltName=DNS:localhost\n")
    openssl("x509", "-req", "-in", path("server.csr"), "-days", "2",
            "-CA", path("ca.pem"), "-CAkey", path("ca.key"),
            "-CAcreateserial", "-extfile", path("server.ext"),
            "-out", path("server.pem"))


PASSWORD = "s3cret-of-the-front"


class Front:
    def __init__(self, world):
        self.world = world
        self.read = 0
        upstream = start_json_server(world)
        self.own = "http://127.0.0.1:%d" % upstream
        ports = {name: servers.free_port() for name in (
            "PORT", "SHORT_PORT", "OLD_PORT", "DEAD_PORT")}
        self.url = "https://localhost:%d" % ports["PORT"]
        self.short_url = "https://localhost:%d" % ports["SHORT_PORT"]
        self.old_url = "http://127.0.0.1:%d" % ports["OLD_PORT"]
        make_certificates(world)
        self.write("openapi.json", json.dumps(blog.description(self.url)))
        self.write("old.json", json.dumps(blog.description(self.old_url)))
        self.write("users", "reader:{PLAIN}%s\n" % PASSWORD)
        with open(os.path.join(os.path.dirname(__file__),
                               "nginx.conf")) as file:
            text = file.read()
        for name, value in (
                ("MODULES", world.debian("usr", "lib", "nginx", "modules")),
                ("DIR", world.dir), ("UPSTREAM", upstream),
                *ports.items()):
            text = text.replace("@%s@" % name, str(value))
        self.write("nginx.conf", text)
        servers.start([world.debian("usr", "sbin", "nginx"),
                       "-e", world.path("nginx-error.log"),
                       "-p", world.dir, "-c", world.path("nginx.conf")],
                      ports["PORT"], world.path("nginx.out"))

    def write(self, name, text):
        with open(self.world.path(name), "w") as file:
            file.write(text)

    def whole(self, table):
        """What json-server itself says."""
        return truth.walk("%s/%s?_page=1&_limit=100" % (self.own, table))

    def log(self, at_least):
        """Lines of the log since the last call, as dictionaries; waits for
        so many."""
        names = ("protocol", "method", "uri", "status", "encoding",
                 "connection", "tls")
        deadline = time.monotonic() + LOG_S
        while True:
            with open(self.world.path("nginx-access.log")) as file:
                lines = file.read().splitlines()
            if len(lines) - self.read >= at_least or \
                    time.monotonic() > deadline:
                break
            time.sleep(0.05)
        fresh = lines[self.read:]
        self.read = len(lines)
        return [dict(zip(names, line.split("|"))) for line in fresh]


def certificates(front):
    made = database.run(
        "CREATE SERVER untrusted FOREIGN DATA WRAPPER autoconn OPTIONS"
        " (url '%s', spec_url '%s/openapi.json')" % (front.url, front.url))
    tap.equal((made.good, database.value(
        "SELECT status FROM autoconn.servers WHERE server = 'untrusted'")),
        (True, "unreachable"), "an authority that nobody trusts is refused")
    tap.ok("certificate" in made.messages, "and the message says so",
           made.messages)
    address = front.url.replace("localhost", "127.0.0.1")
    made = database.run(
        "CREATE SERVER misnamed FOREIGN DATA WRAPPER autoconn OPTIONS"
        " (url '%s', spec_url '%s/openapi.json', ca_file '%s')"
        % (address, address, front.world.path("ca.pem")))
    tap.equal((made.good, database.value(
        "SELECT status FROM autoconn.servers WHERE server = 'misnamed'")),
        (True, "unreachable"), "so is a certificate for another name")
    front.log(0)


def importing(front):
    database.must(
        "CREATE SERVER front FOREIGN DATA WRAPPER autoconn OPTIONS"
        " (url '%s', spec_url '%s/openapi.json', ca_file '%s');"
        "CREATE SCHEMA front;"
        "IMPORT FOREIGN SCHEMA api FROM SERVER front INTO front;"
        % (front.url, front.url, front.world.path("ca.pem")))
    tap.equal(database.value(
        "SELECT status FROM autoconn.servers WHERE server = 'front'"),
        "discovered", "with ca_file the description is read")
    tap.equal({line["protocol"] for line in front.log(1)}, {"HTTP/2.0"},
              "discovery and import speak HTTP/2")


def scanning(front):
    whole = front.whole("comments")
    front.log(0)
    same_rows("SELECT * FROM front.comments", whole, COLUMNS["comments"],
              "all %d rows of comments" % len(whole))
    lines = front.log(len(whole) // blog.PAGE_SIZE)
    tap.equal({line["protocol"] for line in lines}, {"HTTP/2.0"},
              "pages come over HTTP/2")
    tap.equal({line["encoding"] for line in lines}, {"br"},
              "compressed with brotli")
    tap.ok(lines and all(line["tls"].startswith("TLSv1.") for line in lines),
           "through TLS", lines[:1])
    tap.ok(len(lines) > 20 and len({x["connection"] for x in lines}) == 1,
           "on one connection", len({x["connection"] for x in lines}))
    tap.equal(len({x["uri"] for x in lines}), -(-len(whole) // 100),
              "each page is asked for once")
    database.must("SELECT c.id FROM front.comments c JOIN front.posts p"
                  " ON p.id = c.post_id WHERE c.id = 12")
    lines = front.log(2)
    tap.equal([line["uri"].split("/")[1] for line in lines],
              ["comments", "posts"], "look-ups through nginx")


def table(name, server, path, page_size=100, pagination="page"):
    """DDL of a table of albums as a user would write it.  json-server's
    links are right only where it stands at the root."""
    return ("CREATE FOREIGN TABLE %s (id text,"
            " user_id bigint OPTIONS (json_path '/userId'), title text)"
            " SERVER %s OPTIONS (path '%s', pagination '%s', page_param"
            " '_page', page_size_param '_limit', page_size '%d');"
            % (name, server, path, pagination, page_size))


def without_tls(front):
    """What HTTP/1.1 and gzip of the same nginx are like."""
    database.must(
        "CREATE SERVER old FOREIGN DATA WRAPPER autoconn OPTIONS"
        " (url '%s', discover 'off', retries '3'); CREATE SCHEMA old;"
        % front.old_url + table("old.albums", "old", "/albums", 20, "link"))
    front.log(0)
    whole = front.whole("albums")
    same_rows("SELECT * FROM old.albums", whole, COLUMNS["albums"],
              "a table made by hand, on a server that was never discovered")
    lines = front.log(len(whole) // 20)
    tap.equal({line["protocol"] for line in lines}, {"HTTP/1.1"},
              "without TLS it is HTTP/1.1")
    tap.equal({line["encoding"] for line in lines}, {"gzip"},
              "compressed with gzip where the server does not have brotli")
    tap.equal((len(lines), len({x["connection"] for x in lines})), (15, 2),
              "connections that the server ends after ten requests")
    twice = database.must("SELECT count(*) FROM old.albums;"
                          "SELECT pg_sleep(1.5);"
                          "SELECT count(*) FROM old.albums;").text.split()
    tap.equal(twice, [str(len(whole))] * 2,
              "connections that the server ended while they were idle")


def connections_that_end(front):
    database.must(
        "CREATE SERVER short FOREIGN DATA WRAPPER autoconn OPTIONS"
        " (url '%s', discover 'off', ca_file '%s');"
        % (front.short_url, front.world.path("ca.pem"))
        + table("old.short", "short", "/albums", 10, "link"))
    front.log(0)
    whole = front.whole("albums")
    same_rows("SELECT * FROM old.short", whole, COLUMNS["albums"],
              "HTTP/2 connections that the server ends with GOAWAY")
    lines = front.log(len(whole) // 10)
    tap.equal({line["protocol"] for line in lines}, {"HTTP/2.0"},
              "of HTTP/2 they are")
    tap.ok(len({line["connection"] for line in lines}) >= 6
           and len(lines) <= 36, "and many", lines)


def service_desc(front):
    database.must("CREATE SERVER linked FOREIGN DATA WRAPPER autoconn"
                  " OPTIONS (url '%s')" % front.old_url)
    tap.equal(database.rows("SELECT status, spec_url FROM autoconn.servers"
                            " WHERE server = 'linked'"),
              [{"status": "discovered",
                "spec_url": front.old_url + "/about/blog.json"}],
              "a page with Link rel=service-desc leads to the description")


def rate_limit(front):
    database.must(table("old.slow", "old", "/slow/albums"))
    front.log(0)
    whole = front.whole("albums")
    same_rows("SELECT * FROM old.slow", whole, COLUMNS["albums"],
              "two requests a second, as the server says, until all is read")
    lines = front.log(5)
    tap.equal([line["status"] for line in lines].count("200"), 3,
              "each page once")
    tap.ok("429" in [line["status"] for line in lines],
           "after the server said 429", lines)


def bad_gateway(front):
    database.must("ALTER SERVER old OPTIONS (SET retries '1');"
                  + table("old.dead", "old", "/dead/albums"))
    front.log(0)
    refused = database.run("SELECT * FROM old.dead")
    tap.equal(refused.sqlstate, "HV000", "a bad gateway is an error")
    tap.ok("502" in refused.messages, "that says 502", refused.messages)
    tap.equal([line["status"] for line in front.log(2)], ["502", "502"],
              "after one more try")


def redirects(front):
    database.must(table("old.moved", "old", "/moved/albums"))
    front.log(0)
    same_rows("SELECT * FROM old.moved", front.whole("albums"),
              COLUMNS["albums"], "a collection that moved")
    tap.equal([(line["status"], line["uri"].split("?")[0])
               for line in front.log(4)][:2],
              [("301", "/moved/albums"), ("200", "/albums")],
              "is found where the server says")


def password(front):
    made = database.must(
        "CREATE SERVER private FOREIGN DATA WRAPPER autoconn OPTIONS"
        " (url '%s/private/', base_url '%s/private/');"
        % (front.old_url, front.old_url)
        + table("old.private", "private", "/albums"))
    tap.equal(database.value("SELECT status FROM autoconn.servers"
                             " WHERE server = 'private'"), "auth_required",
              "a password is wanted")
    tap.ok("username" in made.messages and "password" in made.messages,
           "and the message says how to give it", made.messages)
    refused = database.run("SELECT * FROM old.private")
    tap.equal(refused.sqlstate, "28000", "without it there are no rows")
    database.must("CREATE USER MAPPING FOR CURRENT_USER SERVER private"
                  " OPTIONS (username 'reader', password '%s')" % PASSWORD)
    same_rows("SELECT * FROM old.private", front.whole("albums"),
              COLUMNS["albums"], "with it there are all")
    database.must("ALTER USER MAPPING FOR CURRENT_USER SERVER private"
                  " OPTIONS (SET password 'wrong-%s')" % PASSWORD)
    refused = database.run("SELECT * FROM old.private")
    tap.equal(refused.sqlstate, "28000", "with a wrong one there are none")
    tap.ok(PASSWORD not in refused.messages,
           "and the message does not have it", refused.messages)


def from_https_to_http(front):
    """Links of a server that does not know that it is behind TLS."""
    database.must(
        "CREATE SCHEMA plain; CREATE FOREIGN TABLE plain.posts (id bigint)"
        " SERVER front OPTIONS (path '/plain/posts', pagination 'link',"
        " page_param '_page', page_size_param '_limit', page_size '100')")
    front.log(0)
    refused = database.run("SELECT count(*) FROM plain.posts")
    tap.ok(not refused.good and front.url.replace("https", "http")
           in refused.messages,
           "a link to another origin is an error that names it",
           refused.text + refused.messages)


def run(world):
    front = Front(world)
    for part in (certificates, importing, scanning, from_https_to_http,
                 without_tls, connections_that_end, service_desc, rate_limit,
                 bad_gateway, redirects, password):
        tap.part(part, front)
