"""nginx in front of json-server: TLS with a certificate authority of our
own, HTTP/2 and brotli, each as nginx's log has it."""

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


class Front:
    def __init__(self, world):
        self.world = world
        upstream = start_json_server(world)
        self.own = "http://127.0.0.1:%d" % upstream
        self.port = servers.free_port()
        self.old_port = servers.free_port()
        self.url = "https://localhost:%d" % self.port
        make_certificates(world)
        with open(world.path("openapi.json"), "w") as file:
            json.dump(blog.description(self.url), file)
        with open(os.path.join(os.path.dirname(__file__),
                               "nginx.conf")) as file:
            text = file.read()
        for name, value in (
                ("MODULES", world.nginx("usr", "lib", "nginx", "modules")),
                ("DIR", world.dir), ("PORT", str(self.port)),
                ("OLD_PORT", str(self.old_port)),
                ("UPSTREAM", str(upstream))):
            text = text.replace("@%s@" % name, value)
        with open(world.path("nginx.conf"), "w") as file:
            file.write(text)
        servers.start([world.nginx("usr", "sbin", "nginx"),
                       "-e", world.path("nginx-error.log"),
                       "-p", world.dir, "-c", world.path("nginx.conf")],
                      self.port, world.path("nginx.out"))
        self.read = 0

    def log(self, at_least):
        """Lines of the log since the last call, as dictionaries."""
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
    whole = truth.walk(front.own + "/comments?_page=1&_limit=100")
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
    tap.equal(len({x["uri"] for x in lines}), len(lines),
              "no page is asked for twice")
    database.must("SELECT c.id FROM front.comments c JOIN front.posts p"
                  " ON p.id = c.post_id WHERE c.id = 12")
    lines = front.log(2)
    tap.equal([line["uri"].split("/")[1] for line in lines],
              ["comments", "posts"], "look-ups through nginx")


def without_tls(front):
    """What HTTP/1.1 and gzip of the same server are like."""
    url = "http://127.0.0.1:%d" % front.old_port
    database.must(
        "CREATE SERVER old FOREIGN DATA WRAPPER autoconn OPTIONS"
        " (url '%s', discover 'off');"
        "CREATE SCHEMA old; CREATE FOREIGN TABLE old.albums"
        " (id text, user_id bigint OPTIONS (json_path '/userId'), title text)"
        " SERVER old OPTIONS (path '/albums', pagination 'link',"
        " page_param '_page', page_size_param '_limit', page_size '25')"
        % url)
    front.log(0)
    whole = truth.walk(front.own + "/albums?_page=1&_limit=100")
    same_rows("SELECT * FROM old.albums", whole, COLUMNS["albums"],
              "a table made by hand, on a server that was never discovered")
    lines = front.log(len(whole) // 25)
    tap.equal({line["protocol"] for line in lines}, {"HTTP/1.1"},
              "without TLS it is HTTP/1.1")
    tap.equal({line["encoding"] for line in lines}, {"gzip"},
              "compressed with gzip where the server does not have brotli")
    tap.ok(len(lines) >= 12 and len({x["connection"] for x in lines}) <= 2,
           "on connections that are kept alive", lines)


def from_https_to_http(front):
    """Links of a server that does not know that it is behind TLS."""
    database.must(
        "CREATE SCHEMA plain; CREATE FOREIGN TABLE plain.posts (id bigint)"
        " SERVER front OPTIONS (path '/plain/posts', pagination 'link',"
        " page_param '_page', page_size_param '_limit', page_size '100')")
    front.log(0)
    refused = database.run("SELECT count(*) FROM plain.posts")
    tap.ok(not refused.good and "http://localhost:%d" % front.port
           in refused.messages,
           "a link to another origin is an error that names it",
           refused.text + refused.messages)


def run(world):
    front = Front(world)
    for part in (certificates, importing, scanning, without_tls,
                 from_https_to_http):
        tap.part(part, front)
