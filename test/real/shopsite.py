"""What the servers of one test file have in common that hold a shop."""

import database
import tap


class Site:
    """A server behind a recorder, which __init__ of a subclass makes."""

    recorder = None

    @staticmethod
    def shown(line):
        """A line of the recorder as tests compare it: what is behind the last
        segment of the path."""
        return line.rpartition("/")[2]

    def asked(self, query):
        """What psql says to a query, and what was asked of the server."""
        self.recorder.forget()
        return (database.run(query),
                [self.shown(line) for line in self.recorder.lines()])


def run_parts(world, name, make, parts):
    """Runs the parts of a test, if python has what its server needs."""
    environment = world.python(name)
    if environment is not None:
        site = make(world, environment)
        for part in parts:
            tap.part(part, site)
