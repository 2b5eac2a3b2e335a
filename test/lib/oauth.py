#!/usr/bin/env python3
"""test/lib/oauth.py: an authorization server and the API that it guards.

Listens on 127.0.0.1, prints its port and ends with its stdin.  Each test has
a world of its own, /<world>/..., with state of its own:

    POST /<world>/token      the token endpoint
    POST /<world>/device     the device authorization endpoint
    GET  /<world>/things     rows, for whoever has a good access token
    GET  /<world>/spec       a description (OpenAPI 3) that wants OAuth
    GET  /<world>/_set?k=v   switches, see World
    GET  /<world>/_log       what happened, one line each
    GET  /<world>/_wait?n=   answers when n token requests have begun
    GET  /<world>/_counts    renewals and tokens that came twice, since
    GET  /<world>/_forget    all is as in the beginning
    GET  /<world>/_expire    no access token is good any more
    GET  /<world>/_allow     the person says yes: to the device, or a code

Refresh tokens are good for one use.  One that comes again gives its whole
family away (RFC 9700 4.14.2): no token of it is good any more."""

import base64
import hashlib
import json
import sys
import threading
import time

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlsplit

CLIENT = "client-1"
SECRET = "client-S3CRET"
# How long _wait, and an answer that is held, wait at most.
LIMIT_S = 20


class World:
    def __init__(self, name):
        self.name = name
        self.lock = threading.Condition()
        self.log = []
        self.begun = 0
        self.count = 0
        self.access = {}      # token: when it ends
        self.refresh = {"refresh-S3CRET-0": "new"}
        self.dead = False     # the family was given away
        self.codes = {}       # code: challenge
        self.allowed = False
        # switches
        self.expires_in = 3600
        self.rotate = 1
        self.delay_ms = 0     # between doing what was asked and the answer
        self.hold = 0         # the same, until _set?hold=0
        self.status = 0       # of the next `fail` answers, nothing being done
        self.fail = 0
        self.body = ""        # the answer instead
        self.auth = "basic"   # how the client shows who it is
        self.pending = 0      # so many polls of the device are too early

    def set(self, switches):
        with self.lock:
            for name, value in switches:
                old = getattr(self, name)
                setattr(self, name,
                        int(value) if isinstance(old, int) else value)
            self.lock.notify_all()

    def note(self, line):
        self.log.append(line)
        self.lock.notify_all()

    def grant(self, with_refresh, scope):
        self.count += 1
        answer = {"access_token": "access-S3CRET-%s-%d" % (self.name, self.count),
                  "token_type": "Bearer"}
        if self.expires_in >= 0:
            answer["expires_in"] = self.expires_in
        life = self.expires_in if self.expires_in >= 0 else 3600
        self.access[answer["access_token"]] = time.monotonic() + life
        if scope:
            answer["scope"] = scope
        if with_refresh:
            token = "refresh-S3CRET-%d" % self.count
            self.refresh[token] = "new"
            answer["refresh_token"] = token
        return 200, answer

    def refresh_grant(self, form):
        token = form.get("refresh_token", "")
        state = self.refresh.get(token)
        if state == "used" and not self.dead:
            self.dead = True
            self.access.clear()
            self.note("REUSE")
        if state != "new" or self.dead:
            return 400, {"error": "invalid_grant",
                         "error_description": "no good: " + token}
        if self.rotate:
            self.refresh[token] = "used"
        return self.grant(self.rotate, form.get("scope"))

    def code_grant(self, form):
        challenge = self.codes.pop(form.get("code", ""), None)
        made = base64.urlsafe_b64encode(hashlib.sha256(
            form.get("code_verifier", "").encode()).digest())
        if challenge is None or made.rstrip(b"=").decode() != challenge:
            return 400, {"error": "invalid_grant"}
        return self.grant(True, None)

    def device_grant(self, form):
        if form.get("device_code") != "device-S3CRET":
            return 400, {"error": "invalid_grant"}
        if self.pending > 0:
            self.pending -= 1
            return 400, {"error": "authorization_pending"}
        if not self.allowed:
            return 400, {"error": "authorization_pending"}
        return self.grant(True, None)

    def is_client(self, form, header):
        if self.auth == "none":
            return form.get("client_id") == CLIENT and header is None
        if self.auth == "post":
            return (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        if self.auth == "jwt":
            return form.get("client_assertion", "").count(".") == 2
        if not (header or "").startswith("Basic "):
            return False
        pair = base64.b64decode(header[6:]).decode().split(":")
        return [unquote_plus(part) for part in pair] == [CLIENT, SECRET]

    def token(self, form, header):
        kind = form.get("grant_type", "").rsplit(":", 1)[-1]
        self.begun += 1
        self.note("token " + kind + (" scope=" + form["scope"] if "scope" in form else "")
                  + (" audience=" + form["audience"] if "audience" in form else ""))
        if self.fail > 0:
            self.fail -= 1
            return self.status, {"error": "temporarily_unavailable"}
        if not self.is_client(form, header):
            return 401, {"error": "invalid_client",
                         "error_description": "who is %s?" % json.dumps(form)}
        if kind == "client_credentials":
            return self.grant(False, form.get("scope"))
        if kind == "refresh_token":
            return self.refresh_grant(form)
        if kind == "authorization_code":
            return self.code_grant(form)
        if kind == "device_code":
            return self.device_grant(form)
        if kind == "jwt-bearer":
            return self.grant(False, None)
        return 400, {"error": "unsupported_grant_type"}


worlds = {}
worlds_lock = threading.Lock()


def world_named(name):
    with worlds_lock:
        return worlds.setdefault(name, World(name))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, value, headers=()):
        text = value if isinstance(value, str) else json.dumps(value)
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, content in headers:
            self.send_header(name, content)
        self.end_headers()
        self.wfile.write(body)

    def split(self):
        parts = urlsplit(self.path)
        _, name, what = (parts.path + "/").split("/", 2)
        what = what.rstrip("/")
        return world_named(name), what, parts.query

    def do_POST(self):
        world, what, _ = self.split()
        text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        form = dict(parse_qsl(text.decode()))
        if what == "device":
            self.device(world, form)
            return
        if what != "token":
            self.answer(404, {})
            return
        with world.lock:
            status, answer = world.token(form, self.headers.get("Authorization"))
            delay_s = world.delay_ms / 1000
            world.lock.wait_for(lambda: not world.hold, LIMIT_S)
            if world.body:
                answer = world.body
        time.sleep(delay_s)
        try:
            self.answer(status, answer)
        except OSError:
            pass

    def device(self, world, form):
        with world.lock:
            world.note("device" + (" scope=" + form["scope"] if "scope" in form else ""))
        self.answer(200, {
            "device_code": "device-S3CRET", "user_code": "WDJB-MJHT",
            "verification_uri": "https://example.com/device",
            "expires_in": 60, "interval": 1})

    def do_GET(self):
        world, what, query = self.split()
        method = getattr(self, "get_" + what.strip("_"), None)
        if method is None:
            self.answer(404, {})
        else:
            method(world, query)

    def get_things(self, world, query):
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        with world.lock:
            good = time.monotonic() < world.access.get(token, 0)
            world.note("things %s" % (200 if good else 401))
        if good:
            self.answer(200, [{"id": n} for n in range(1, 4)])
        else:
            self.answer(401, {"error": "bad token: " + token},
                        [("WWW-Authenticate", 'Bearer error="invalid_token"')])

    def get_spec(self, world, query):
        switches = dict(parse_qsl(query))
        flow = switches.get("flow", "clientCredentials")
        flows = {"tokenUrl": switches.get("at", "/%s/token" % world.name), "scopes": {}}
        if flow == "authorizationCode":
            flows["authorizationUrl"] = "https://example.com/authorize"
        if flow == "deviceAuthorization":
            flows["deviceAuthorizationUrl"] = "/%s/device" % world.name
        self.answer(200, {
            "openapi": "3.1.0", "info": {"title": "Things", "version": "1"},
            "servers": [{"url": "/" + world.name}],
            "paths": {"/things": {"get": {"responses": {"200": {
                "description": "all", "content": {"application/json": {"schema": {
                    "type": "array", "items": {"type": "object", "properties": {
                        "id": {"type": "integer"}}}}}}}}}}},
            "security": [{"o": []}],
            "components": {"securitySchemes": {"o": {
                "type": "oauth2", "flows": {flow: flows}}}}})

    def get_set(self, world, query):
        world.set(parse_qsl(query, keep_blank_values=True))
        self.answer(200, {})

    def get_log(self, world, query):
        with world.lock:
            self.answer(200, "".join(line + "\n" for line in world.log))
            if "clear" in query:
                world.log.clear()
                world.begun = 0

    def get_wait(self, world, query):
        n = int(parse_qs(query)["n"][0])
        with world.lock:
            come = world.lock.wait_for(lambda: world.begun >= n, LIMIT_S)
        self.answer(200 if come else 408, {})

    def get_counts(self, world, query):
        with world.lock:
            self.answer(200, {"renewals": world.begun,
                              "reused": world.log.count("REUSE")})

    def get_forget(self, world, query):
        with worlds_lock:
            worlds.pop(world.name)
        self.answer(200, {})

    def get_expire(self, world, query):
        with world.lock:
            world.access.clear()
        self.answer(200, {})

    def get_allow(self, world, query):
        switches = dict(parse_qsl(query))
        with world.lock:
            world.allowed = True
            if "code" in switches:
                world.codes[switches["code"]] = switches["challenge"]
        self.answer(200, {})


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()


main()
