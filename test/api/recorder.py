"""What was asked, by whom, when, and how did the answer end?

Every request belongs to a session, named by a token that the caller chose;
sessions know nothing of each other, so tests may run side by side.  A session
holds the log and whatever state a scenario needs between requests.  The
control paths (/_log and so on) read it; they are never recorded themselves.

One lock guards everything: the log is short and the critical sections are
shorter.
"""

import contextlib
import threading
import time
from collections import Counter

from http1 import Reply
import jsontext

# Enough for a scan of 10^6 rows in pages of 10; older requests are kept,
# later ones only counted.
MAX_ENTRIES = 100_000

# The longest that /_wait waits, whatever it is asked for.
MAX_WAIT_MS = 60_000

# The longest that a log with status waits for answers to end.
SETTLE_S = 2


class Session:
    """Log and state of one token."""

    def __init__(self):
        self.entries = []
        self.count = 0
        self.done = 0
        self.gone = 0
        self.releases = 0
        self.attempts = Counter()
        self.under_way = 0
        self.most = 0

    def record(self, request):
        self.count += 1
        # A release that arrives between now and the moment the reply
        # begins to stall must not be lost, hence the mark.
        request.entry = {
            "n": self.count,
            "time": round(request.received, 6),
            "method": request.method,
            "target": request.target,
            "port": request.connection.listener.name,
            "connection": request.connection.number,
            "client_port": request.connection.client_port,
            "headers": request.headers,
            "page": None,
            "total": None,
            "status": None,
            "outcome": "in progress",
            "release_mark": self.releases,
        }
        if self.count <= MAX_ENTRIES:
            self.entries.append(request.entry)


class Recorder:
    """All sessions."""

    def __init__(self):
        self._changed = threading.Condition()
        self._sessions = {}

    def record(self, token, request):
        with self._changed:
            session = self._sessions.setdefault(token, Session())
            session.record(request)
            request.session = session
            request.connection.took()
            self._changed.notify_all()

    def finished(self, request, reply, outcome):
        if request.entry is None:
            return
        with self._changed:
            request.entry["outcome"] = outcome
            request.entry["status"] = reply.status if reply else None
            request.session.done += 1
            if outcome == "client gone":
                request.session.gone += 1
            self._changed.notify_all()

    def next_attempt(self, session, key):
        """Count one more occurrence of key; return how many there are."""
        with self._changed:
            session.attempts[key] += 1
            return session.attempts[key]

    @contextlib.contextmanager
    def under_way(self, session):
        """Count a request among those being answered.  It is left before its
        answer is sent, so that nobody is counted who has his answer."""
        with self._changed:
            session.under_way += 1
            session.most = max(session.most, session.under_way)
        try:
            yield
        finally:
            with self._changed:
                session.under_way -= 1

    def released(self, request):
        """Whether /_release was asked since this request arrived."""
        return request.session.releases > request.entry["release_mark"]

    # Control paths

    def control(self, request):
        """Answer a path whose first segment is one of ours."""
        verb, _, token = request.path[2:].partition("/")
        answer = {
            "log": self._answer_log,
            "count": self._answer_count,
            "wait": self._answer_wait,
            "release": self._answer_release,
            "most": self._answer_most,
        }.get(verb)
        if answer is None or not token:
            return Reply(404, b"no such control path\n", "text/plain")
        return answer(request, token)

    def _selected(self, request, token):
        """Copies of the entries that the query asks for."""
        port = request.query.get("port")
        contains = request.query.get("contains", "")
        with self._changed:
            session = self._sessions.get(token) or Session()
            return [dict(entry) for entry in session.entries
                    if port in (None, entry["port"])
                    and contains in entry["target"]]

    def _tallies(self, request, token):
        """How many requests have come, answers have ended, and clients have
        left; only of the requests that the query asks for."""
        if "port" not in request.query and "contains" not in request.query:
            session = self._sessions.get(token) or Session()
            return session.count, session.done, session.gone
        outcomes = [entry["outcome"]
                    for entry in self._selected(request, token)]
        return (len(outcomes), len(outcomes) - outcomes.count("in progress"),
                outcomes.count("client gone"))

    def _answer_log(self, request, token):
        if request.method == "DELETE":
            with self._changed:
                # What stalls there would never be released any more.
                self._sessions.pop(token, Session()).releases += 1
                self._changed.notify_all()
            return Reply(204, content_type=None)
        with_status = request.query.get("status", "0") == "1"
        if with_status:
            self._settle(token)
        entries = self._selected(request, token)
        form = request.query.get("format", "json")
        if form == "json":
            for entry in entries:
                del entry["release_mark"]
                entry["time"] = jsontext.Raw("%.6f" % entry["time"])
            return Reply(200, jsontext.encode({"id": token,
                                               "count": len(entries),
                                               "requests": entries}))
        shown = request.query.get("headers", "").lower().split(",")
        if form == "pages":
            return Reply(200, " ".join(
                str(entry["page"] or "-") for entry in entries).encode(),
                         "text/plain")
        lines = [_text_line(entry, form == "brief", with_status, shown)
                 for entry in entries]
        return Reply(200, "".join(lines).encode(), "text/plain")

    def _settle(self, token):
        """Wait until all answers have ended: a client may have read one
        before we have written down what it was.  Some stall on purpose, and
        are not waited for much longer."""
        def settled():
            session = self._sessions.get(token) or Session()
            return session.done >= session.count

        with self._changed:
            self._changed.wait_for(settled, SETTLE_S)

    def _answer_count(self, request, token):
        count = len(self._selected(request, token))
        return Reply(200, b"%d\n" % count, "text/plain")

    def _answer_most(self, request, token):
        with self._changed:
            most = (self._sessions.get(token) or Session()).most
        return Reply(200, b"%d\n" % most, "text/plain")

    def _answer_wait(self, request, token):
        wanted = [int(request.query.get(name, "0"))
                  for name in ("n", "done", "gone")]
        timeout_ms = min(int(request.query.get("timeout_ms", "5000")),
                         MAX_WAIT_MS)
        deadline = time.monotonic() + timeout_ms / 1000.0

        def reached():
            return all(tally >= least for tally, least
                       in zip(self._tallies(request, token), wanted))

        with self._changed:
            while not reached():
                left = deadline - time.monotonic()
                if left <= 0:
                    return Reply(408, b"timed out\n", "text/plain")
                self._changed.wait(left)
        return Reply(200, b"reached\n", "text/plain")

    def _answer_release(self, request, token):
        with self._changed:
            session = self._sessions.setdefault(token, Session())
            session.releases += 1
        return Reply(200, b"released\n", "text/plain")


def _text_line(entry, brief, with_status, shown_headers):
    """One line of the log as text.  Brief: without the leading segments that
    name session and scenario, so that the line is the same in every test."""
    target = entry["target"]
    if brief:
        parts = target.split("/", 4)
        if parts[1] == "s" and len(parts) == 5:
            target = "/" + parts[4]
        elif parts[1] == "_hook":
            target = "/_hook" + "".join(target.partition("?")[1:])
        elif parts[1] in ("d", "i") and len(parts) > 3:
            target = "/" + "/".join(parts[3:])
    line = "%s %s" % (entry["method"], target)
    if with_status:
        line += " %s" % (entry["status"] if entry["outcome"] == "sent"
                         else entry["outcome"])
    for name in shown_headers:
        if name in entry["headers"]:
            line += " %s=[%s]" % (name, entry["headers"][name])
    return line + "\n"
