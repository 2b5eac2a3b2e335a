"""What passed between autoconn and a server that keeps no log of its own?

A relay that hands on every byte unchanged in both directions, so that
keep-alive, header fields and the Host remain what they are, and reads along.
Answers are matched to requests by their order (RFC 9112, section 9.3)."""

import socket

from threading import Lock, Thread

CHUNK_BYTES = 65536
HEAD_END = b"\r\n\r\n"


class Exchange:
    """One request and, once it arrived, the head of its answer."""

    def __init__(self, connection, head):
        lines = head.decode("latin-1").split("\r\n")
        self.connection = connection
        self.method, self.target, self.version = lines[0].split(" ", 2)
        self.headers = _fields(lines[1:])
        self.status = None
        self.answer_headers = {}

    def line(self):
        return "%s %s" % (self.method, self.target)


def _fields(lines):
    pairs = (line.partition(":") for line in lines if line)
    return {name.strip().lower(): text.strip() for name, _, text in pairs}


class _Requests:
    """Reads along what the client sends.  Its requests have no body."""

    def __init__(self, take):
        self.buffer = b""
        self.take = take

    def feed(self, data):
        self.buffer += data
        while HEAD_END in self.buffer:
            head, _, self.buffer = self.buffer.partition(HEAD_END)
            self.take(head)


class _Answers:
    """Reads along what the server sends: heads are handed to `take`, bodies
    are passed over by their length or chunks (RFC 9112, section 6)."""

    def __init__(self, take):
        self.buffer = b""
        self.take = take
        self.skip = 0
        self.state = self._head

    def feed(self, data):
        self.buffer += data
        while self.state():
            pass

    def _head(self):
        head, found, rest = self.buffer.partition(HEAD_END)
        if not found:
            return False
        self.buffer = rest
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ")[1])
        fields = _fields(lines[1:])
        self.take(status, fields)
        if status < 200 or status in (204, 304):
            return True
        if "chunked" in fields.get("transfer-encoding", ""):
            self.state = self._chunk_size
        elif "content-length" in fields:
            self.skip = int(fields["content-length"])
            self.state = self._body
        else:
            self.state = self._until_close
        return True

    def _pass_over(self, then):
        gone = min(self.skip, len(self.buffer))
        self.buffer = self.buffer[gone:]
        self.skip -= gone
        if self.skip > 0:
            return False
        self.state = then
        return True

    def _body(self):
        return self._pass_over(self._head)

    def _chunk_size(self):
        line, found, rest = self.buffer.partition(b"\r\n")
        if not found:
            return False
        self.buffer = rest
        size = int(line.split(b";")[0], 16)
        self.skip = size + 2
        self.state = self._chunk if size > 0 else self._trailer
        return True

    def _chunk(self):
        return self._pass_over(self._chunk_size)

    def _trailer(self):
        line, found, rest = self.buffer.partition(b"\r\n")
        if not found:
            return False
        self.buffer = rest
        if line == b"":
            self.state = self._head
        return True

    def _until_close(self):
        self.buffer = b""
        return False


class Recorder:
    """Listens on `url` and relays to 127.0.0.1:`port`."""

    def __init__(self, port):
        self.port = port
        self.lock = Lock()
        self.connections = 0
        self.exchanges = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.host = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.url = "http://" + self.host
        Thread(target=self._accept, daemon=True).start()

    def forget(self):
        with self.lock:
            self.exchanges = []

    def seen(self):
        """Exchanges since forget(), in the order in which they began."""
        with self.lock:
            return list(self.exchanges)

    def lines(self):
        return [exchange.line() for exchange in self.seen()]

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            try:
                server = socket.create_connection(("127.0.0.1", self.port))
            except OSError:
                client.close()
                continue
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._relay(self.connections, client, server)

    def _relay(self, number, client, server):
        waiting = []

        def asked(head):
            exchange = Exchange(number, head)
            with self.lock:
                self.exchanges.append(exchange)
                waiting.append(exchange)

        def answered(status, fields):
            with self.lock:
                exchange = waiting[0] if status < 200 else waiting.pop(0)
                exchange.status = status
                exchange.answer_headers = fields

        for source, sink, reader in (
                (client, server, _Requests(asked)),
                (server, client, _Answers(answered))):
            Thread(target=_pump, args=(source, sink, reader),
                   daemon=True).start()


def _pump(source, sink, reader):
    """Relays one direction to its end.  Reads along before it hands on, so
    that whoever has an answer finds its request recorded."""
    try:
        while True:
            data = source.recv(CHUNK_BYTES)
            if not data:
                break
            reader.feed(data)
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
