"""What does a server itself say?  Asked by plain HTTP, past autoconn and past
the recorder, with a client that knows nothing but Link headers."""

import re
import urllib.error
import urllib.request

from database import parse

TIMEOUT_S = 60


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return parse(self.body)


def get(url, headers=None):
    request = urllib.request.Request(url, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return Reply(answer.status, answer.headers,
                         answer.read().decode("utf-8"))
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.headers,
                     error.read().decode("utf-8", "replace"))


def walk(url):
    """Rows of all pages, each page naming the next in its Link header."""
    rows = []
    while url:
        answer = get(url)
        if answer.status != 200:
            raise RuntimeError("%s: %d" % (url, answer.status))
        rows += answer.json()
        following = re.search(r'<([^>]*)>; *rel="next"',
                              answer.headers.get("Link", ""))
        url = following.group(1) if following else None
    return rows
