"""What do all tests share: the unpacked servers, a folder for files, and the
comparison of a foreign table with what a server said."""

import os
import re
import sys
import tarfile

from datetime import datetime

import database
import tap

ARCHIVE_FD = 9

_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")


class World:
    """`dir`: a folder of this run's own, gone afterwards."""

    def __init__(self, folder):
        self.dir = folder
        with os.fdopen(ARCHIVE_FD, "rb") as file, \
                tarfile.open(fileobj=file) as archive:
            archive.extractall(self.path("servers"))

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def module(self, *names):
        """Path of a file of an npm package."""
        return self.path("servers", "node_modules", *names)

    def python(self, name):
        """The environment in which Python finds the fetched packages; None,
        and a test is skipped, where they could not be had, or are another
        Python's."""
        try:
            with open(self.path("servers", "python", "version")) as file:
                version = file.read().strip()
        except FileNotFoundError:
            version = "venv and ensurepip"
        if version != str(sys.version_info[:2]):
            tap.note("%s: SKIPPED, needs Python's %s" % (name, version))
            return None
        return {"PYTHONPATH": self.path("servers", "python"),
                "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}

    def debian(self, *names):
        """Path of a file of the distribution's unpacked packages."""
        return self.path("servers", "debian", *names)


def snake(name):
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def _comparable(value):
    """Points in time as such; all else is compared as it is."""
    if isinstance(value, str) and _MOMENT.match(value):
        return datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value


def expected(objects, columns):
    """What a table with these columns shows of the server's objects: NULL
    where a member is missing."""
    made = []
    for thing in objects:
        members = {snake(key): value for key, value in thing.items()}
        made.append({column: _comparable(members.get(column))
                     for column, _ in columns})
    return made


def _shown(query):
    return [{name: _comparable(value) for name, value in row.items()}
            for row in database.rows(query)]


def in_order(rows):
    return sorted(rows, key=repr)


def same_rows(query, objects, columns, name):
    """Does the query give exactly the server's objects, in any order?"""
    try:
        shown = _shown(query)
    except database.Failed as failure:
        return tap.ok(False, name, failure)
    return tap.equal(in_order(shown),
                     in_order(expected(objects, columns)), name)
