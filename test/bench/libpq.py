"""How does a benchmark talk to PostgreSQL without a driver to install?

Through libpq itself, which is wherever psql is: the few functions that are
needed, called by ctypes.  A call that waits releases the interpreter.
"""

import ctypes
import ctypes.util
import os
import subprocess

CONNECTION_OK = 0
COMMAND_OK, TUPLES_OK = 1, 2


class Error(Exception):
    """What the server, or libpq for want of one, said."""

    def __init__(self, message, sqlstate=None):
        super().__init__(message)
        self.sqlstate = sqlstate


def _load():
    names = [ctypes.util.find_library("pq") or "libpq.so.5"]
    pg_config = os.environ.get("PG_CONFIG")
    if pg_config:
        libdir = subprocess.run([pg_config, "--libdir"], check=True, text=True,
                                capture_output=True).stdout.strip()
        names.append(os.path.join(libdir, "libpq.so.5"))
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    raise SystemExit("bench: cannot load libpq")


_pq = _load()
_void, _text, _int = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
for _name, _result, *_arguments in (
        ("PQconnectdb", _void, _text), ("PQfinish", None, _void),
        ("PQstatus", _int, _void), ("PQerrorMessage", _text, _void),
        ("PQbackendPID", _int, _void), ("PQsendQuery", _int, _void, _text),
        ("PQgetResult", _void, _void), ("PQclear", None, _void),
        ("PQresultStatus", _int, _void), ("PQresultErrorMessage", _text, _void),
        ("PQresultErrorField", _text, _void, _int),
        ("PQntuples", _int, _void), ("PQnfields", _int, _void),
        ("PQgetvalue", _text, _void, _int, _int),
        ("PQgetisnull", _int, _void, _int, _int),
        ("PQsetNoticeProcessor", _void, _void, _void, _void)):
    getattr(_pq, _name).restype = _result
    getattr(_pq, _name).argtypes = _arguments

_quiet = ctypes.CFUNCTYPE(None, _void, _text)(lambda arg, message: None)


class Connection:
    """One session.  send() and finish() are the halves of query()."""

    def __init__(self, conninfo=""):
        self._conn = _pq.PQconnectdb(conninfo.encode())
        if _pq.PQstatus(self._conn) != CONNECTION_OK:
            message = _pq.PQerrorMessage(self._conn).decode()
            self.close()
            raise Error(message)
        _pq.PQsetNoticeProcessor(self._conn, ctypes.cast(_quiet, _void), None)
        self.pid = _pq.PQbackendPID(self._conn)

    def close(self):
        if self._conn:
            _pq.PQfinish(self._conn)
            self._conn = None

    def send(self, sql):
        if not _pq.PQsendQuery(self._conn, sql.encode()):
            raise Error(_pq.PQerrorMessage(self._conn).decode())

    def finish(self):
        """Wait for what was sent; rows of the last statement, as texts."""
        rows, error = [], None
        while True:
            result = _pq.PQgetResult(self._conn)
            if not result:
                break
            status = _pq.PQresultStatus(result)
            if status == TUPLES_OK:
                rows = self._rows(result)
            elif status != COMMAND_OK:
                state = _pq.PQresultErrorField(result, ord("C"))
                error = error or Error(
                    _pq.PQresultErrorMessage(result).decode().strip(),
                    state.decode() if state else None)
            _pq.PQclear(result)
        if error:
            raise error
        return rows

    def query(self, sql):
        self.send(sql)
        return self.finish()

    def value(self, sql):
        return self.query(sql)[0][0]

    @staticmethod
    def _rows(result):
        return [[None if _pq.PQgetisnull(result, row, column) else
                 _pq.PQgetvalue(result, row, column).decode()
                 for column in range(_pq.PQnfields(result))]
                for row in range(_pq.PQntuples(result))]
