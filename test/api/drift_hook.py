"""What was sent to the webhook of a session?

    POST /_hook/<id>[?status=500&fail=2]

keeps the body and is a request like others: it is in /_log/<id>, and
/_wait/<id> waits for it.  With `status` the answer is that, for the first
`fail` posts if given.  GET reads what was kept, DELETE forgets it.
"""

import json
import threading

import jsontext
from http1 import Reply


class Hooks:
    """Of all sessions."""

    def __init__(self):
        self._posts = {}
        self._lock = threading.Lock()

    def post(self, request, token):
        """Keep a body; return the answer."""
        status = int(request.query.get("status", "200"))
        fail = int(request.query.get("fail", "0"))
        with self._lock:
            posts = self._posts.setdefault(token, [])
            if fail and len(posts) >= fail:
                status = 200
            posts.append({
                "n": len(posts) + 1, "status": status,
                "content_type": request.headers.get("content-type"),
                "body": request.body.decode("utf-8", "replace")})
        return Reply(status, b'{"ok":%s}'
                     % (b"true" if status < 400 else b"false"))

    def control(self, request, token):
        """Answer any other method."""
        with self._lock:
            if request.method == "DELETE":
                self._posts.pop(token, None)
                return Reply(204, content_type=None)
            posts = [dict(post) for post in self._posts.get(token, [])]
        if request.query.get("format") == "text":
            text = "".join(post["body"] + "\n" for post in posts)
            return Reply(200, text.encode(), "text/plain")
        for post in posts:
            post["json"] = _as_json(post["body"])
        return Reply(200, jsontext.encode(
            {"id": token, "count": len(posts), "posts": posts}))


def _as_json(text):
    """The text for insertion into JSON; null if it is none."""
    try:
        json.loads(text)
    except ValueError:
        return None
    return jsontext.Raw(text)
