"""Which credentials does a path want, and were they sent?

The secrets are fixed and look like nothing else, so that a test can search
logs, messages and catalogs for them.  A wrong credential is answered like a
missing one.
"""

import base64

import jsontext
from http1 import Reply

BEARER_TOKEN = "bearer-S3CRET-5f1c"
BASIC_USER = "shopkeeper"
BASIC_PASSWORD = "basic-S3CRET-77aa"
HEADER_KEY = "header-S3CRET-0b2d"
QUERY_KEY = "query-S3CRET-91e4"
COOKIE_KEY = "cookie-S3CRET-c3d8"


class Scheme:
    """One way to send a credential.

    challenge   value of WWW-Authenticate in a 401, None for none: HTTP has
                no challenge for keys, though many APIs make one up
    """

    def __init__(self, description, challenge, present):
        self._description = description
        self.challenge = challenge
        self.present = present

    def description(self):
        """The Security Scheme Object of OpenAPI."""
        return dict(self._description)


def _cookies(request):
    pairs = (part.strip().partition("=")
             for part in request.headers.get("cookie", "").split(";"))
    return {name: value for name, _, value in pairs}


def _authorization(scheme, credential):
    """A test for `Authorization: scheme credential` (the scheme's case does
    not matter, RFC 9110 section 11.1)."""
    def present(request):
        sent = request.headers.get("authorization", "").partition(" ")
        return (sent[0].lower(), sent[2]) == (scheme, credential)
    return present


SCHEMES = {
    "bearer": Scheme(
        {"type": "http", "scheme": "bearer"},
        'Bearer realm="shop", error="invalid_token"',
        _authorization("bearer", BEARER_TOKEN)),
    "basic": Scheme(
        {"type": "http", "scheme": "basic"},
        'Basic realm="shop", charset="UTF-8"',
        _authorization("basic", base64.b64encode(
            ("%s:%s" % (BASIC_USER, BASIC_PASSWORD)).encode()).decode())),
    "header": Scheme(
        {"type": "apiKey", "in": "header", "name": "X-Api-Key"}, None,
        lambda request: request.headers.get("x-api-key") == HEADER_KEY),
    "query": Scheme(
        {"type": "apiKey", "in": "query", "name": "api_key"}, None,
        lambda request: request.query.get("api_key") == QUERY_KEY),
    "cookie": Scheme(
        {"type": "apiKey", "in": "cookie", "name": "shop_session"}, None,
        lambda request: _cookies(request).get("shop_session") == COOKIE_KEY),
}


def refusal(scheme, status=401):
    """The answer to a request without the credential."""
    reply = Reply(status, jsontext.encode(
        {"error": {"code": "unauthorized",
                   "message": "credentials are missing or wrong"}}))
    if scheme.challenge is not None:
        reply.set_header("WWW-Authenticate", scheme.challenge)
    return reply
