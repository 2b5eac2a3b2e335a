"""oidc-provider (oauth.mjs): refresh tokens that are good for one use, whose
whole grant is revoked when one comes twice; many sessions at once, queries
that are cancelled, backends that are killed; an authorization by a browser."""

import html
import http.cookiejar
import json
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import database
import servers
import tap

# With the characters that RFC 6749 2.3.1 wants encoded.
CLIENT = "client_id 'real client', client_secret 'real:S3CRET/%&+'"
SESSIONS = 10
ROUNDS = 6
# The postmaster kills what has not ended five seconds after a crash.
DELAY_MS = 1500
WAIT_S = 30


class Provider:
    def __init__(self, world):
        port = servers.free_port()
        self.url = "http://127.0.0.1:%d" % port
        # Modules are looked for beside the script.
        script = world.path("servers", "oauth.mjs")
        with open(os.path.join(os.path.dirname(__file__), "oauth.mjs")) as file, \
                open(script, "w") as copy:
            copy.write(file.read())
        servers.start(["node", script, str(port)], port, world.path("oauth.log"))

    def get(self, path):
        with urllib.request.urlopen(self.url + path) as answer:
            return json.load(answer)

    def log(self):
        """The token requests since the last call."""
        return [(one["grant"], one["status"], one.get("error"))
                for one in self.get("/_log")]

    def make(self, name, options="", mapping=""):
        database.must(
            "CREATE SERVER %s FOREIGN DATA WRAPPER autoconn OPTIONS (url '%s/api',"
            " discover 'off', retries '0', oauth_token_url '%s/token'%s);"
            "CREATE USER MAPPING FOR CURRENT_USER SERVER %s OPTIONS (%s%s);"
            "CREATE FOREIGN TABLE %s (id bigint) SERVER %s"
            " OPTIONS (path '/things', pagination 'none');"
            % (name, self.url, self.url, options, name, CLIENT, mapping, name, name))


ONE_REFRESH = [("refresh_token", 200, None)]


def begin(sql):
    return subprocess.Popen(["psql", "-XAtq", "-c", sql], text=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)


def finish(session):
    out, messages = session.communicate(timeout=database.TIMEOUT_S)
    return out.strip() or messages


def count(name):
    return "SELECT count(*) FROM " + name


def until(query, wanted):
    """Waits until a query says so; the server may be coming back."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        result = database.run(query)
        if result.good and result.text.strip() == wanted:
            return True
        time.sleep(0.05)
    return False


def await_renewal():
    """Waits until a worker is on its way; pids of those that read meanwhile."""
    until("SELECT count(*) > 0 FROM pg_stat_activity"
          " WHERE backend_type = 'autoconn token'", "t")
    return [int(line) for line in database.must(
        "SELECT pid FROM pg_stat_activity WHERE state = 'active'"
        " AND query LIKE 'SELECT count(*) FROM %' ORDER BY pid").text.split()]


def in_order(provider, name, title, refreshes):
    """Does the credential still serve, and how often was it renewed?"""
    tap.ok(until(count(name), "3"), title + ": the next query has its rows")
    tap.equal(provider.log(), refreshes, title + ": what was asked of the provider")
    provider.get("/_expire")
    tap.equal(finish(begin(count(name))), "3", title + ": the token after it, too")
    tap.equal(provider.log(), ONE_REFRESH, title + ": is had by the last refresh token")


def client_credentials(provider):
    provider.make("cc")
    tap.equal(finish(begin(count("cc"))), "3", "client credentials")
    tap.equal(provider.log(), [("client_credentials", 200, None)], "one token")


def sessions_at_once(provider):
    provider.make("things", mapping=", refresh_token '%s'"
                  % provider.get("/_seed")["refresh_token"])
    for title in ("a fresh credential", "a token that is over"):
        provider.get("/_expire")
        sessions = [begin(count("things")) for _ in range(SESSIONS)]
        tap.equal([finish(session) for session in sessions], ["3"] * SESSIONS,
                  "%s: %d sessions at once have rows" % (title, SESSIONS))
        tap.equal(provider.log(), ONE_REFRESH, title + ": and renew it once")
    in_order(provider, "things", "many sessions", [])


def cancelled(provider):
    for turn in range(ROUNDS):
        how = ("pg_cancel_backend", "pg_terminate_backend")[turn % 2]
        provider.get("/_expire")
        provider.get("/_delay?ms=%d" % (DELAY_MS / 3))
        sessions = [begin(count("things")) for _ in range(1 + turn % 3)]
        pids = await_renewal()
        database.must("SELECT %s(%d)" % (how, pids[turn % len(pids)]))
        said = [finish(session) for session in sessions]
        provider.get("/_delay?ms=0")
        tap.equal(len([text for text in said if text == "3"]), len(sessions) - 1,
                  "%s: all others have their rows" % how)
        in_order(provider, "things", how, ONE_REFRESH)


def killed(provider):
    for turn in range(ROUNDS):
        provider.get("/_expire")
        provider.get("/_delay?ms=%d" % DELAY_MS)
        sessions = [begin(count("things")) for _ in range(1 + turn % 3)]
        pids = await_renewal()
        # From before the request to after the answer.
        time.sleep(turn * DELAY_MS / 1000 / (ROUNDS - 2))
        try:
            os.kill(pids[0], signal.SIGKILL)
        except ProcessLookupError:
            pass
        for session in sessions:
            finish(session)
        provider.get("/_delay?ms=0")
        tap.ok(until("SELECT 1", "1"), "kill -9: the server comes back")
        in_order(provider, "things", "kill -9", ONE_REFRESH)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Browser:
    def __init__(self, url):
        self.base = url
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), NoRedirect)

    def ask(self, url, form=None):
        """(place that it leads to, page)"""
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self.opener.open(urllib.parse.urljoin(self.base, url), data) as answer:
                return None, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.headers.get("Location"), answer.read().decode()

    def say_yes(self, url):
        """Logs in, consents; the URL on the redirect URI that it ends at."""
        while not url.startswith("http://localhost/"):
            url, page = self.ask(url)
            if url is None:
                action = html.unescape(re.search(r'action="([^"]+)"', page).group(1))
                prompt = re.search(r'name="prompt" value="([^"]+)"', page).group(1)
                url, _ = self.ask(action, {"prompt": prompt, "login": "somebody",
                                           "password": "any"})
        return url


def authorization_code(provider):
    provider.make("web", options=", oauth_grant 'authorization_code',"
                  " oauth_authorize_url '%s/auth', scope 'openid offline_access'"
                  % provider.url)
    refused = database.run(count("web"))
    tap.equal(refused.sqlstate, "28000", "nobody has authorized it")
    url = database.value("SELECT autoconn.authorize('web')")
    came_back = Browser(provider.url).say_yes(url)
    tap.ok("code=" in came_back and "state=" in came_back,
           "the browser is sent back with a code", came_back)
    database.must("SELECT autoconn.authorize_complete('web', %s)"
                  % database.literal(came_back))
    tap.equal(provider.log(), [("authorization_code", 200, None)], "it is traded")
    tap.equal(finish(begin(count("web"))), "3", "and there are rows")
    in_order(provider, "web", "authorized", [])
    again = database.run("SELECT autoconn.authorize_complete('web', %s)"
                         % database.literal(came_back))
    tap.equal(again.sqlstate, "28000", "a code serves once")


def run(world):
    provider = Provider(world)
    for part in (client_credentials, sessions_at_once, cancelled, killed,
                 authorization_code):
        tap.part(part, provider)
