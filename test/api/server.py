#!/usr/bin/env python3
"""The sample API server: listeners, their life, and which path is whose.

    server.py [--port N] [--port-file F] [--log-file F] [--tls CERT KEY]
              [--client-ca FILE] [--parent-stdin]

Binds 127.0.0.1, by default on a free port, prints the port as one line on
stdout and closes stdout, as tests that start it through a pipe expect.  Runs
until SIGTERM or SIGINT or, with --parent-stdin, until stdin ends, so that it
does not outlive the test that started it.

A second listener on another port serves the same paths over plain HTTP: the
"other origin" of the scenarios.  README.md lists paths and scenarios.
"""

import argparse
import os
import signal
import ssl
import sys
import threading
import time

import asked
import deadends
import drift
import forms
import made
import scenarios
import shop_api
import sites
import worlds
from drift_hook import Hooks
from drift_state import States
from http1 import Listener, Reply
from recorder import Recorder

# The session of requests that name none.
DEFAULT_SESSION = "default"

# The longest that a question about the log waits for others' bytes.
RECEIVE_ALL_S = 5


class Application:
    """Routes requests; the object that the listeners call."""

    def __init__(self, log_file=None):
        self.recorder = Recorder()
        self.drift = States()
        self.hooks = Hooks()
        self.site_versions = {}
        self.log_file = log_file
        self.listeners = {}
        self.dead_ends = {"refused": deadends.Refused(),
                          "hanging": deadends.Hanging(),
                          "silent": deadends.Silent()}

    def handle(self, request):
        if request.path.startswith("/_"):
            return self._control(request)
        found = sites.find(request)
        if found is not None:
            self.recorder.record(found[1], request)
            return sites.serve(self, request, found)
        segments = request.segments
        token, before = self._session_of(request, segments)
        if before:
            segments = segments[2:]
        self.recorder.record(token, request)
        if segments[0] == "s" and len(segments) > 2:
            return scenarios.serve(self, request)
        if segments[0] == "d" and len(segments) > 2:
            return drift.serve(self, request)
        if segments[0] == "w" and len(segments) > 2:
            return worlds.serve(request, segments, before)
        if segments[0] == "asked" and len(segments) > 2:
            return asked.serve(request, segments, before)
        if segments[0] == "made" and len(segments) > 2:
            return made.serve(request, segments, before)
        if segments[0] == "f" and len(segments) > 2:
            return forms.serve(request, segments)
        found = shop_api.find_root(segments, before)
        if found is None:
            return shop_api.error(404, "not_found", "no API at this path")
        root, path = found
        return root.serve(request, path)

    def finished(self, request, reply, outcome):
        self.recorder.finished(request, reply, outcome)
        if self.log_file is not None:
            self.log_file.write("%s %s %s %s %s %s\n" % (
                time.strftime("%H:%M:%S"), request.connection.listener.name,
                request.method, request.target,
                reply.status if reply else "-", outcome))

    def _session_of(self, request, segments):
        """The session's token, and the part of the path that only names it."""
        if segments[0] in ("d", "f", "i", "s") and len(segments) > 2:
            before = "/i/" + segments[1] if segments[0] == "i" else ""
            return segments[1], before
        return request.headers.get("x-test-id", DEFAULT_SESSION), ""

    def _control(self, request):
        name = request.path.removeprefix("/_port/")
        place = self.listeners.get(name) or self.dead_ends.get(name)
        if place is not None:
            return Reply(200, b"%d\n" % place.port, "text/plain")
        verb, _, token = request.path[2:].partition("/")
        if verb == "drift" and token:
            return self.drift.control(request, token)
        if verb == "site" and token:
            return sites.control(self, request, token)
        if verb == "hook" and token:
            return self._hook(request, token)
        request.connection.took()
        if verb in ("log", "count", "most"):
            self._receive_all()
        return self.recorder.control(request)

    def _receive_all(self):
        """Wait until all that was sent so far is recorded, so that a request
        that nobody awaits does not show up in a log that was made empty."""
        deadline = time.monotonic() + RECEIVE_ALL_S
        listeners = self.listeners.values()
        while (any(listener.has_unaccepted() for listener in listeners)
               and time.monotonic() < deadline):
            time.sleep(0.001)
        behind = sum((listener.unread() for listener in listeners), [])
        while (any(connection.taken == taken and connection.has_unread()
                   for connection, taken in behind)
               and time.monotonic() < deadline):
            time.sleep(0.001)

    def _hook(self, request, token):
        if request.method != "POST":
            return self.hooks.control(request, token)
        # Kept before it is told, so that who waited for it finds it.
        reply = self.hooks.post(request, token)
        self.recorder.record(token, request)
        return reply


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=0,
                        help="port of the main listener (default: any free)")
    parser.add_argument("--port-file", metavar="F",
                        help="write the port there, too")
    parser.add_argument("--log-file", metavar="F",
                        help="append one line there for each request")
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"),
                        help="speak TLS on the main listener")
    parser.add_argument("--client-ca", metavar="FILE",
                        help="with --tls: clients must show a certificate of "
                             "this authority")
    parser.add_argument("--parent-stdin", action="store_true",
                        help="stop when stdin ends")
    return parser.parse_args()


def announce(port, port_file):
    """Tell the port.  The file appears whole or not at all, because somebody
    may be waiting for it."""
    if port_file is not None:
        with open(port_file + ".tmp", "w") as out:
            out.write("%d\n" % port)
        os.rename(port_file + ".tmp", port_file)
    print(port, flush=True)
    # Closing the descriptor itself would give its number to the next
    # socket, and a stray print would then go to a client.
    with open(os.devnull, "w") as null:
        os.dup2(null.fileno(), 1)


def stop_with_stdin(stop):
    while sys.stdin.buffer.read(4096):
        pass
    stop.set()


def main():
    arguments = parse_arguments()
    tls = None
    if arguments.tls:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*arguments.tls)
        if arguments.client_ca:
            tls.verify_mode = ssl.CERT_REQUIRED
            tls.load_verify_locations(arguments.client_ca)
    log_file = (open(arguments.log_file, "a", buffering=1)
                if arguments.log_file else None)
    app = Application(log_file)
    app.listeners = {"main": Listener(app, "main", arguments.port, tls),
                     "other": Listener(app, "other")}

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    for listener in app.listeners.values():
        listener.start()
    announce(app.listeners["main"].port, arguments.port_file)
    if arguments.parent_stdin:
        threading.Thread(target=stop_with_stdin, args=(stop,),
                         daemon=True).start()
    stop.wait()
    # Threads that stall in the middle of a scenario are not waited for.
    os._exit(0)


if __name__ == "__main__":
    main()
