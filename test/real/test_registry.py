"""The registry of containers: an API that nothing describes, whose rows are
texts, and whose Link headers are relative."""

import hashlib
import json
import urllib.request

from urllib.parse import urlsplit

import database
import servers
import tap

from recorder import Recorder

REPOSITORIES = 230

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


class Registry:
    def __init__(self, world):
        port = servers.free_port()
        with open(world.path("registry.yml"), "w") as file:
            json.dump({"version": "0.1", "log": {"level": "error"}, "storage": {
                "filesystem": {"rootdirectory": world.path("images")}},
                "http": {"addr": "127.0.0.1:%d" % port}}, file)
        servers.start([world.debian("usr", "bin", "docker-registry"), "serve",
                       world.path("registry.yml")], port,
                      world.path("registry.log"))
        self.own = "http://127.0.0.1:%d" % port
        self.recorder = Recorder(port)
        for number in range(1, REPOSITORIES + 1):
            self.push("image-%03d" % number,
                      ["v%d" % tag for tag in range(number % 4 + 1)])

    def send(self, method, url, body, media="application/octet-stream"):
        if url.startswith("/"):
            url = self.own + url
        request = urllib.request.Request(url, data=body, method=method,
                                         headers={"Content-Type": media})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.headers

    def push(self, name, tags):
        """An image of one empty layer."""
        blob = b"{}"
        digest = "sha256:" + hashlib.sha256(blob).hexdigest()
        upload = self.send("POST", "/v2/%s/blobs/uploads/" % name, b"")
        place = upload["Location"]
        self.send("PUT", place + ("&" if "?" in place else "?")
                  + "digest=" + digest, blob)
        manifest = json.dumps({
            "schemaVersion": 2, "mediaType": MANIFEST, "config": {
                "mediaType": "application/vnd.docker.container.image.v1+json",
                "size": len(blob), "digest": digest}, "layers": []}).encode()
        for tag in tags:
            self.send("PUT", "/v2/%s/manifests/%s" % (name, tag), manifest,
                      MANIFEST)

    def get(self, path):
        with urllib.request.urlopen(self.own + path, timeout=60) as answer:
            return json.loads(answer.read())


def importing(registry):
    made = database.run(
        "CREATE SERVER registry FOREIGN DATA WRAPPER autoconn"
        " OPTIONS (url '%s')" % registry.recorder.url)
    tap.equal((made.good, database.value(
        "SELECT status FROM autoconn.servers WHERE server = 'registry'")),
        (True, "not_an_api"), "nothing describes it, and the server says so")
    database.must(
        "CREATE SCHEMA registry;"
        "IMPORT FOREIGN SCHEMA api FROM SERVER registry INTO registry OPTIONS"
        " (paths '/v2/_catalog,/v2/image-007/tags/list,/v2/{name}/tags/list',"
        " sample 'on')")
    found = {row["path"]: row for row in database.rows(
        "SELECT path, name, rows_path, pagination, importable, skip_reason"
        " FROM autoconn.endpoints WHERE server = 'registry'")}
    catalog = found["/v2/_catalog"]
    tap.equal((catalog["importable"], catalog["rows_path"]),
              (True, "/repositories"), "the catalog's rows are found")
    tap.equal(catalog["pagination"], "link", "and its Link header")
    tags = found["/v2/image-007/tags/list"]
    tap.equal((tags["importable"], tags["rows_path"]), (True, "/tags"),
              "so are the tags of an image")
    unknown = found["/v2/{name}/tags/list"]
    tap.ok(not unknown["importable"] and unknown["skip_reason"],
           "of a variable that no table gives a value for nothing is guessed",
           unknown)
    return catalog["name"], tags["name"]


def text_column(table):
    return [name for name, kind in database.columns("registry", table)
            if kind == "text"][0]


def run(world):
    registry = Registry(world)
    catalog, tags = importing(registry)
    column = text_column(catalog)
    registry.recorder.forget()
    shown = [row[column] for row in database.rows(
        "SELECT %s FROM registry.%s" % (column, catalog))]
    tap.equal(sorted(shown), registry.get("/v2/_catalog?n=1000")["repositories"],
              "all %d repositories, over relative links" % REPOSITORIES)
    asked = [urlsplit(x.target).path for x in registry.recorder.seen()]
    tap.ok(len(asked) >= 3 and set(asked) == {"/v2/_catalog"},
           "each page by the link of the one before", asked)
    column = text_column(tags)
    shown = [row[column] for row in database.rows(
        "SELECT %s FROM registry.%s" % (column, tags))]
    tap.equal(sorted(shown), sorted(
        registry.get("/v2/image-007/tags/list")["tags"]), "tags of an image")
    database.must(
        "CREATE FOREIGN TABLE registry.tags (name text OPTIONS (param 'name'),"
        " tag text OPTIONS (json_path '')) SERVER registry OPTIONS"
        " (path '/v2/{name}/tags/list', rows_path '/tags')")
    tap.equal([row["tag"] for row in database.rows(
        "SELECT tag FROM registry.tags WHERE name = 'image-010'"
        " ORDER BY tag")],
        sorted(registry.get("/v2/image-010/tags/list")["tags"]),
        "a table made by hand takes the name of any image")
    database.must(
        "CREATE SCHEMA valued;"
        "IMPORT FOREIGN SCHEMA api FROM SERVER registry INTO valued"
        " OPTIONS (paths '/v2/{image=image-007}/tags/list')")
    tap.equal([row["value"] for row in database.rows(
        "SELECT value FROM valued.tags WHERE image = 'image-010'"
        " ORDER BY value")],
        sorted(registry.get("/v2/image-010/tags/list")["tags"]),
        "so does one that was imported with an image to try")
    missing = database.run("SELECT * FROM registry.tags"
                           " WHERE name = 'no-such-image'")
    tap.equal((missing.good, missing.sqlstate), (False, "HV00R"),
              "an image that is not there is an error that says so")
