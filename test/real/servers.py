"""Which processes do the tests run beside the cluster, and how do they end?

All listen on 127.0.0.1 only.  They end with stop_all(), and if this process
is killed the kernel ends them (PR_SET_PDEATHSIG)."""

import ctypes
import os
import signal
import socket
import subprocess
import time

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

START_S = 60
STOP_S = 10
PR_SET_PDEATHSIG = 1

_processes = []
_libc = ctypes.CDLL(None)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _end_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start(command, port, log, environment=None):
    """Starts a server and waits until it listens on `port`; what it prints
    goes to the file `log`.  environment: variables besides our own."""
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, preexec_fn=_end_with_parent,
            env={**os.environ, **(environment or {})})
    _processes.append(process)
    deadline = time.monotonic() + START_S
    while not _listens(port):
        if process.poll() is not None or time.monotonic() > deadline:
            with open(log) as output:
                raise RuntimeError("%s did not start:\n%s"
                                   % (command[0], output.read()[-2000:]))
        time.sleep(0.05)
    return process


def stop_all():
    for process in _processes:
        process.terminate()
    for process in _processes:
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    _processes.clear()


class StaticServer:
    """Serves `documents` (path: text) as JSON, and keeps in `requests` the
    (method, path, headers) that arrived."""

    def __init__(self, documents):
        self.documents = documents
        self.requests = []
        handler = type("Handler", (_StaticHandler,), {"owner": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        Thread(target=self.server.serve_forever, daemon=True).start()


class _StaticHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner = None

    def do_GET(self):
        self.owner.requests.append(
            (self.command, self.path,
             {name.lower(): text for name, text in self.headers.items()}))
        text = self.owner.documents.get(self.path)
        body = (text if text is not None else "not here").encode()
        self.send_response(200 if text is not None else 404)
        self.send_header("Content-Type", "application/json"
                         if text is not None else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *args):
        pass
