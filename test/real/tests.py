#!/usr/bin/env -S python3 -B
"""test/real/tests.py [TEST...]: runs the tests of autoconn against servers
that others wrote, in the cluster that PGHOST and PGPORT name, as test/real/run
prepares it: descriptor 9 is the archive of test/real/fetch."""

import importlib
import signal
import sys
import tempfile

import database
import servers
import tap

from world import World

TESTS = ("json_server", "prism", "nginx", "powerdns", "registry", "hal", "oauth",
         "drf", "kinto", "datasette")


def end(number, frame):
    sys.exit(128 + number)


def main(names):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)
    with tempfile.TemporaryDirectory(prefix="real.") as folder:
        try:
            world = World(folder)
            database.must("CREATE EXTENSION IF NOT EXISTS autoconn")
            for name in names or TESTS:
                tap.part(importlib.import_module("test_" + name).run, world)
        finally:
            servers.stop_all()
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
