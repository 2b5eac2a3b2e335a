"""Which ports lead nowhere, each in its own way?

For tests of what happens before HTTP begins: a connection that is refused,
one that is never established, and one on which nobody ever says a word (to
an https client: a TLS handshake that stalls).  The ports are told by
/_port/refused, /_port/hanging and /_port/silent.
"""

import socket
import threading

# Linux queues one connection more than the backlog; the rest is margin.
QUEUE_FILLERS = 4


class Refused:
    """Bound, so that nobody else gets the port, but not listening."""

    def __init__(self):
        self.sock = socket.socket()
        self.sock.bind(("127.0.0.1", 0))
        self.port = self.sock.getsockname()[1]


class Hanging:
    """Listening with a full queue: further SYNs are dropped (Linux; other
    systems may refuse)."""

    def __init__(self):
        self.sock = socket.socket()
        self.sock.bind(("127.0.0.1", 0))
        self.sock.listen(0)
        self.port = self.sock.getsockname()[1]
        self._fillers = []
        for _ in range(QUEUE_FILLERS):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self._fillers.append(filler)


class Silent:
    """Accepts, reads, and never answers."""

    def __init__(self):
        self.sock = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.sock.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            sock, _ = self.sock.accept()
            threading.Thread(target=self._swallow, args=(sock,),
                             daemon=True).start()

    @staticmethod
    def _swallow(sock):
        with sock:
            try:
                while sock.recv(65536):
                    pass
            except OSError:
                pass
