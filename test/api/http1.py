"""How do requests come in and replies go out over HTTP/1.1 (RFC 9112)?

http.server would do, but it decides too much: here a reply may carry a
`delivery` of its own, which writes any bytes it likes, stalls, or resets the
connection, and the plain path is short enough not to show in a benchmark.
One thread serves one connection, because the faults block.

What is asked and what is answered is the application's business: it is an
object with handle(request) -> Reply and finished(request, reply, outcome).
Clients are trusted (the listener is bound to 127.0.0.1); the limits below
only keep a confused one from filling memory.
"""

import fcntl
import gzip
import http
import re
import select
import socket
import struct
import sys
import termios
import threading
import time
import traceback
from email.utils import formatdate
from urllib.parse import parse_qsl, unquote

# A request head longer than this is a bug of the client's: credentials,
# cursors and cookies of real clients stay far below.
MAX_HEAD_BYTES = 256 * 1024

# Nothing that is posted here is ever looked at, so it may be small.
MAX_BODY_BYTES = 1024 * 1024

# Idle connections are dropped after this long, so that a client that
# vanished without closing does not hold a thread for ever.
IDLE_TIMEOUT_S = 600

# Head and body are sent in one piece up to this size; beyond it the copy
# costs more than the second system call.
ONE_SEND_BYTES = 32 * 1024

# Bodies below this are not worth compressing.
MIN_GZIP_BYTES = 512

# Threads here need little stack, and there may be hundreds of them.
THREAD_STACK_BYTES = 512 * 1024

# RFC 9110, section 12.5.3: named (or *), and not with a weight of zero.
_ACCEPTS_GZIP = re.compile(r"(?:^|[,\s])(?:gzip|x-gzip|\*)"
                           r"(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))",
                           re.IGNORECASE)

# RFC 9112, section 3.2.2.
_ABSOLUTE_FORM = re.compile(r"^https?://[^/?]*", re.IGNORECASE)


def readable(sock, timeout_s):
    """Whether something is to be read there, an end included; waits."""
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(None if timeout_s is None else timeout_s * 1000))


class BadRequest(Exception):
    """What arrived is not a request that this server understands."""


# Where struct tcp_info of Linux has tcpi_last_data_recv, in milliseconds.
LAST_DATA_RECV = slice(52, 56)


class ClientGone(Exception):
    """The client closed or reset the connection."""


class Hangup(Exception):
    """A delivery has closed the connection on purpose; says how."""


class Request:
    """One request.  `headers` has lower-case names; of a repeated header the
    values are joined with ", ".  `query` has the last value of each name."""

    __slots__ = ("method", "target", "path", "query_text", "_query", "headers",
                 "body", "connection", "received", "entry", "session")

    def __init__(self, method, target, headers, connection):
        self.method = method
        self.target = target
        # A client that takes us for its proxy sends an absolute URL.
        local = _ABSOLUTE_FORM.sub("", target)
        self.path, _, self.query_text = local.partition("?")
        self._query = None
        self.headers = headers
        self.body = b""
        self.connection = connection
        self.received = time.time() - connection.idle_s()
        self.entry = None
        self.session = None

    @property
    def query(self):
        if self._query is None:
            self._query = dict(parse_qsl(self.query_text,
                                         keep_blank_values=True))
        return self._query

    @property
    def segments(self):
        """The path's segments, percent-decoded."""
        return [unquote(part) for part in self.path.split("/")[1:]]

    @property
    def origin(self):
        """Scheme and authority as the client named them."""
        host = self.headers.get("host") or "127.0.0.1:%d" % (
            self.connection.listener.port)
        return "%s://%s" % (self.connection.listener.scheme, host)

    @property
    def accepts_gzip(self):
        return bool(_ACCEPTS_GZIP.search(
            self.headers.get("accept-encoding", "")))


class Reply:
    """One reply.  `delivery(connection, request, reply)` replaces the plain
    way of sending it and returns a word for the log; `close` ends the
    connection after it."""

    __slots__ = ("status", "headers", "body", "delivery", "close",
                 "compressible")

    def __init__(self, status=200, body=b"", content_type="application/json",
                 headers=()):
        self.status = status
        self.headers = list(headers)
        if content_type is not None:
            self.headers.append(("Content-Type", content_type))
        self.body = body
        self.delivery = None
        self.close = False
        self.compressible = False

    def set_header(self, name, value):
        """Replace every header of that name; None only removes."""
        self.headers = [pair for pair in self.headers
                        if pair[0].lower() != name.lower()]
        if value is not None:
            self.headers.append((name, value))

    def head(self, *framing):
        """Status line and headers as bytes, with the framing headers given
        as (name, value) pairs at the end."""
        try:
            reason = http.HTTPStatus(self.status).phrase
        except ValueError:
            reason = "Unassigned"
        lines = ["HTTP/1.1 %d %s" % (self.status, reason),
                 "Date: " + formatdate(usegmt=True),
                 "Server: sample-api"]
        lines += ["%s: %s" % pair for pair in self.headers]
        lines += ["%s: %s" % pair for pair in framing]
        if self.close:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def has_body(self):
        return self.status >= 200 and self.status not in (204, 304)

    def compress(self):
        """Encode the body with gzip, whether or not it is worth it."""
        self.body = gzip.compress(self.body, compresslevel=1, mtime=0)
        self.headers += [("Content-Encoding", "gzip"),
                         ("Vary", "Accept-Encoding")]


class Connection:
    """One accepted connection, and the thread body that serves it."""

    def __init__(self, listener, sock, number, client_port):
        self.listener = listener
        self.sock = sock
        self.number = number
        self.client_port = client_port
        self.pending = b""
        self.taking = False
        self.taken = 0

    # Reading

    def has_unread(self):
        """Whether the client has sent what nobody has been told of.  The
        order matters: `taking` is set before bytes leave the kernel."""
        try:
            unread = fcntl.ioctl(self.sock.fileno(), termios.FIONREAD, b"0000")
        except (OSError, ValueError):
            return False
        return any(unread) or self.taking

    def took(self):
        """A request has been told of to whom it concerns."""
        self.taking = False
        self.taken += 1

    def _receive(self):
        """The next bytes, b"" when the client has closed."""
        if ((self.listener.tls is None or not self.sock.pending())
                and not readable(self.sock, IDLE_TIMEOUT_S)):
            raise ClientGone
        self.taking = True
        return self.sock.recv(65536)

    def idle_s(self):
        """How long ago the kernel received the last bytes.  A request came
        then, whenever a busy machine lets us read it."""
        try:
            info = self.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO,
                                        LAST_DATA_RECV.stop)
            return int.from_bytes(info[LAST_DATA_RECV], sys.byteorder) / 1000.0
        except (OSError, AttributeError):
            return 0.0

    def read_request(self):
        """Return the next request, or None when the client has closed."""
        while True:
            end = self.pending.find(b"\r\n\r\n")
            if end >= 0:
                break
            if len(self.pending) > MAX_HEAD_BYTES:
                raise BadRequest("request head too long")
            data = self._receive()
            if not data:
                return None
            self.pending += data
        lines = self.pending[:end].decode("latin-1").split("\r\n")
        self.pending = self.pending[end + 4:]
        words = lines[0].split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            raise BadRequest("request line %r" % lines[0])
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            name, value = name.lower(), value.strip()
            headers[name] = (headers[name] + ", " + value
                             if name in headers else value)
        request = Request(words[0], words[1], headers, self)
        self._read_body(request)
        return request

    def _read_body(self, request):
        if "transfer-encoding" in request.headers:
            raise BadRequest("chunked requests are not supported")
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            raise BadRequest("Content-Length %r" % length)
        length = int(length)
        if length and request.headers.get("expect") == "100-continue":
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        while len(self.pending) < length:
            data = self._receive()
            if not data:
                raise ClientGone
            self.pending += data
        request.body, self.pending = (self.pending[:length],
                                      self.pending[length:])

    # Writing

    def send(self, data):
        try:
            self.sock.sendall(data)
        except OSError as error:
            raise ClientGone from error

    def deliver(self, request, reply):
        """Send the reply; return a word that says how that ended."""
        if reply.delivery is not None and request.method != "HEAD":
            return reply.delivery(self, request, reply) or "sent"
        return self.deliver_plain(request, reply)

    def deliver_plain(self, request, reply):
        """Send the reply as it should be, with its Content-Length."""
        if not reply.has_body():
            self.send(reply.head())
            return "sent"
        if (reply.compressible and len(reply.body) >= MIN_GZIP_BYTES
                and request.accepts_gzip):
            reply.compress()
        head = reply.head(("Content-Length", len(reply.body)))
        if request.method == "HEAD":
            self.send(head)
        elif len(reply.body) <= ONE_SEND_BYTES:
            self.send(head + reply.body)
        else:
            self.send(head)
            self.send(reply.body)
        return "sent"

    def reset(self):
        """End the connection with RST: close with a linger time of zero."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                             struct.pack("ii", 1, 0))
        self.sock.close()

    def wait_gone(self, timeout_s):
        """Wait; return True as soon as the client has closed."""
        if not readable(self.sock, timeout_s):
            return False
        try:
            if self.listener.tls is None:
                gone = self.sock.recv(1, socket.MSG_PEEK) == b""
                if not gone:
                    time.sleep(timeout_s)
                return gone
            # Below TLS nothing can be peeked at; a client that waits for
            # an answer sends nothing but the end.
            return True
        except OSError:
            return True

    # The thread

    def run(self):
        try:
            self._prepare()
            while self._serve_one():
                pass
        except (ClientGone, Hangup, OSError):
            pass
        except BadRequest as error:
            self._refuse(str(error))
        finally:
            self.listener.connections.pop(self, None)
            self.sock.close()

    def _prepare(self):
        self.sock.settimeout(IDLE_TIMEOUT_S)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.listener.tls is not None:
            self.sock = self.listener.tls.wrap_socket(self.sock,
                                                      server_side=True)

    def _refuse(self, why):
        reply = Reply(400, why.encode(), "text/plain")
        reply.close = True
        try:
            self.sock.sendall(reply.head(("Content-Length", len(reply.body)))
                              + reply.body)
        except OSError:
            pass

    def _serve_one(self):
        """Serve one request; return False when the connection is over."""
        request = self.read_request()
        if request is None:
            return False
        app = self.listener.app
        outcome = "failed"
        reply = None
        try:
            reply = app.handle(request)
            if request.headers.get("connection", "").lower() == "close":
                reply.close = True
            outcome = self.deliver(request, reply)
        except Hangup as how:
            outcome = str(how)
            raise
        except ClientGone:
            outcome = "client gone"
            raise
        except Exception:
            # A bug of ours: the test should see that, not a silent server.
            traceback.print_exc(file=sys.stderr)
            reply = Reply(500, traceback.format_exc().encode(), "text/plain")
            reply.close = True
            self.deliver_plain(request, reply)
        finally:
            self.took()
            app.finished(request, reply, outcome)
        return not reply.close


class Listener:
    """A listening socket on 127.0.0.1 and the thread that accepts from it.
    `name` tells the listeners of one server apart in the log."""

    _numbers = iter(range(1, sys.maxsize))

    def __init__(self, app, name, port=0, tls=None):
        self.app = app
        self.name = name
        self.tls = tls
        self.scheme = "http" if tls is None else "https"
        self.sock = socket.create_server(("127.0.0.1", port), backlog=256)
        self.port = self.sock.getsockname()[1]
        self.connections = {}
        self.accepting = False

    def start(self):
        threading.stack_size(THREAD_STACK_BYTES)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.sock.close()

    def _accept(self):
        while True:
            try:
                readable(self.sock, None)
                self.accepting = True
                sock, peer = self.sock.accept()
            except (OSError, ValueError):
                return
            connection = Connection(self, sock, next(Listener._numbers),
                                    peer[1])
            self.connections[connection] = True
            self.accepting = False
            threading.Thread(target=connection.run, daemon=True).start()

    def has_unaccepted(self):
        return readable(self.sock, 0) or self.accepting

    def unread(self):
        """The connections on which clients have sent what nobody has been
        told of, with the number of requests that were taken from each."""
        return [(connection, connection.taken)
                for connection in list(self.connections)
                if connection.has_unread()]
