#!/usr/bin/env python3
"""Does the server live, listen, record and stop as it says?

Run as a program, this runs all self-tests of the sample API (this file,
and the other test_*.py) and ends with "N passed, M failed".
"""

import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import harness
from harness import TIMEOUT_S, ApiTest, Server


class Life(unittest.TestCase):
    """Start and stop."""

    def test_prints_one_line_and_closes_stdout(self):
        server = Server()
        self.assertRegex(server.output, rb"\A[0-9]+\n\Z")
        self.assertEqual(server.stop(), 0)

    def test_port_file_and_log_file(self):
        with tempfile.TemporaryDirectory() as folder:
            port_file = os.path.join(folder, "port")
            log_file = os.path.join(folder, "log")
            server = Server("--port-file", port_file, "--log-file", log_file)
            with open(port_file) as file:
                self.assertEqual(int(file.read()), server.port)
            connection = http.client.HTTPConnection("127.0.0.1", server.port)
            connection.request("GET", "/shop/v1/status")
            connection.getresponse().read()
            connection.close()
            # The line is written behind the answer.
            lines = ""
            deadline = time.monotonic() + 10
            while not lines.endswith("\n") and time.monotonic() < deadline:
                with open(log_file) as file:
                    lines = file.read()
            server.stop()
            self.assertIn("GET /shop/v1/status 200", lines)

    def test_stops_on_sigterm(self):
        server = Server()
        server.process.send_signal(signal.SIGTERM)
        self.assertEqual(server.process.wait(TIMEOUT_S), 0)
        server.stop()

    @unittest.skipUnless(shutil.which("openssl"), "needs the openssl program")
    def test_tls(self):
        with tempfile.TemporaryDirectory() as folder:
            key, certificate = (os.path.join(folder, name)
                                for name in ("key.pem", "cert.pem"))
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                 "-days", "2", "-subj", "/CN=localhost", "-addext",
                 "subjectAltName=DNS:localhost,IP:127.0.0.1",
                 "-keyout", key, "-out", certificate],
                check=True, capture_output=True)
            server = Server("--tls", certificate, key)
            context = ssl.create_default_context(cafile=certificate)
            connection = http.client.HTTPSConnection(
                "localhost", server.port, timeout=TIMEOUT_S, context=context)
            connection.request("GET", "/shop/v1/products?per_page=1")
            answer = connection.getresponse()
            self.assertIn('<https://localhost:%d/' % server.port,
                          answer.headers["Link"])
            connection.close()
            server.stop()


class Recording(ApiTest):
    """The log of requests."""

    def test_text_is_what_was_asked_in_order(self):
        self.shop("/orders?limit=1")
        self.shop("/customers/7?a=b%20c")
        self.assertEqual(self.log(),
                         "GET /i/{0}/shop/v1/orders?limit=1\n"
                         "GET /i/{0}/shop/v1/customers/7?a=b%20c\n"
                         .format(self.id))
        self.assertEqual(self.log("?format=brief"),
                         "GET /shop/v1/orders?limit=1\n"
                         "GET /shop/v1/customers/7?a=b%20c\n")

    def test_brief_leaves_out_session_and_scenario(self):
        self.scene("plain;rows=3")
        self.assertEqual(self.log("?format=brief"), "GET /things\n")

    def test_headers_are_kept(self):
        path = "/i/%s/shop/v1/status" % self.id
        self.get(path, {"Authorization": "Bearer x", "X-Other": "1"})
        self.assertEqual(self.requests()[0]["headers"]["x-other"], "1")
        self.assertEqual(self.log("?format=text&headers=authorization"),
                         "GET %s authorization=[Bearer x]\n" % path)

    def test_sessions_are_apart_and_can_be_cleared(self):
        self.shop("/status")
        other = self.get("/_count/" + self.id + "x")
        self.assertEqual(other.body, b"0\n")
        self.assertEqual(self.get("/_count/" + self.id).body, b"1\n")
        self.assertEqual(self.get("/_log/" + self.id,
                                  method="DELETE").status, 204)
        self.assertEqual(self.log(), "")

    def test_what_was_sent_is_recorded_before_the_log_is_asked(self):
        path = "/i/%s/shop/v1/status" % self.id
        head = ("GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path).encode()
        clients = []
        for n in range(1, 41):
            clients.append(socket.create_connection(("127.0.0.1", self.port)))
            clients[-1].sendall(head)
            if n % 10 == 0:
                self.assertEqual(self.get("/_count/" + self.id).body,
                                 b"%d\n" % n)
        for client in clients:
            client.recv(65536)
            client.sendall(head)
        self.get("/_log/" + self.id, method="DELETE")
        self.assertEqual(self.log(), "")
        for client in clients:
            client.close()
        self.assertEqual(self.log(), "")

    def test_session_by_header(self):
        self.get("/shop/v1/status", {"X-Test-Id": self.id})
        self.assertEqual(self.log(), "GET /shop/v1/status\n")

    def test_count_can_select(self):
        self.shop("/status")
        self.shop("/orders?limit=1")
        self.assertEqual(self.get("/_count/%s?contains=/orders"
                                  % self.id).body, b"1\n")

    def test_connections_tell_keep_alive(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        path = "/i/%s/shop/v1/status" % self.id
        for _ in range(2):
            connection.request("GET", path)
            connection.getresponse().read()
        connection.close()
        self.get(path)
        first, second, third = self.requests()
        self.assertEqual(first["connection"], second["connection"])
        self.assertEqual(first["client_port"], second["client_port"])
        self.assertNotEqual(first["connection"], third["connection"])

    def test_the_other_port_is_told(self):
        other = int(self.get("/_port/other").body)
        self.assertEqual(int(self.get("/_port/main").body), self.port)
        self.get("/i/%s/shop/v1/status" % self.id, port=other)
        self.shop("/status")
        self.assertEqual([entry["port"] for entry in self.requests()],
                         ["other", "main"])
        self.assertEqual(self.get("/_count/%s?port=other" % self.id).body,
                         b"1\n")

    def test_wait_ends_when_the_requests_are_there(self):
        started = time.monotonic()
        threading.Timer(0.2, self.shop, ["/status"]).start()
        answer = self.get("/_wait/%s?n=1&timeout_ms=5000" % self.id)
        self.assertEqual(answer.status, 200)
        self.assertLess(time.monotonic() - started, 4)
        answer = self.get("/_wait/%s?n=2&timeout_ms=50" % self.id)
        self.assertEqual(answer.status, 408)

    def test_a_proxy_is_sent_absolute_urls(self):
        with self.connect() as sock:
            target = "http://api.invalid/i/%s/shop/v1/status" % self.id
            self.ask(sock, target)
            self.assertIn(b" 200 OK", sock.recv(65536))
        self.assertEqual(self.log(), "GET %s\n" % target)


class DeadEnds(ApiTest):
    """Ports that lead nowhere."""

    def connect_to(self, name):
        port = int(self.get("/_port/" + name).body)
        return socket.create_connection(("127.0.0.1", port), 0.3)

    def test_refused(self):
        with self.assertRaises(ConnectionRefusedError):
            self.connect_to("refused")

    def test_hanging(self):
        for _ in range(3):
            with self.assertRaises(TimeoutError):
                self.connect_to("hanging")

    def test_silent(self):
        with self.connect_to("silent") as sock:
            sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
            with self.assertRaises(TimeoutError):
                sock.recv(1)


class Protocol(ApiTest):
    """What any HTTP server should do."""

    def test_head_has_no_body(self):
        answer = self.get("/shop/v1/status", method="HEAD")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.body, b"")

    def test_pipelined_requests(self):
        with self.connect() as sock:
            self.ask(sock, "/shop/v1/status")
            self.ask(sock, "/shop/v1/nothing")
            data = b""
            while data.count(b"HTTP/1.1") < 2:
                data += sock.recv(65536)
        self.assertLess(data.index(b" 200 "), data.index(b" 404 "))

    def test_nonsense_is_refused(self):
        with self.connect() as sock:
            sock.sendall(b"what?\r\n\r\n")
            self.assertIn(b" 400 ", sock.recv(65536))

    def test_many_connections_at_once(self):
        sockets = [self.connect() for _ in range(100)]
        path = self.root("plain;delay_ms=300") + "/things"
        started = time.monotonic()
        for sock in sockets:
            self.ask(sock, path)
        for sock in sockets:
            self.assertIn(b" 200 OK", sock.recv(65536))
            sock.close()
        self.assertLess(time.monotonic() - started, 10)


class Counter(unittest.TextTestResult):
    """Counts, sub-tests included, for the last line."""

    def __init__(self, *arguments, **more):
        super().__init__(*arguments, **more)
        self.passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def main():
    loader = unittest.TestLoader()
    suite = loader.loadTestsFromNames(
        ["test_server", "test_shop", "test_paging", "test_content",
         "test_deep", "test_worlds", "test_wire", "test_drift",
         "test_drift_paths", "test_drift_wire", "test_sites"])
    runner = unittest.TextTestRunner(stream=sys.stdout, resultclass=Counter)
    result = runner.run(suite)
    failed = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.passed, failed))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    sys.path.insert(0, harness.HERE)
    main()
