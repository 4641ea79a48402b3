"""A request as an HTTP API hands it over, payload version 2.0, checked before it costs anything."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from frontend.responses import Refused

KEY_HEADER = "x-page-key"
# Instead of a digest: whoever knows the address may ask.
OPEN = "open"
WHOLE_LINK = "Open the page by the whole link that you were given, with what stands behind the #."
ANOTHER_LINK = "Ask whoever gave you the link for a new one."
JSON = "application/json"
CONTENT_TYPES = (JSON, "application/jsonlines", "text/csv", "text/plain")
# What a serverless endpoint takes, less a little for what the request travels in.
LARGEST_BODY = 4_000_000
# InvokeEndpoint takes no longer header.
LONGEST_HEADER = 1024


@dataclass(frozen=True)
class Request:
    """What goes on to the endpoint."""

    body: bytes
    content_type: str
    accept: str


def check_key(event: Mapping[str, Any], digest: str) -> None:
    """Raise ``Refused`` unless the request has the key whose SHA-256 is digest, or all may ask.

    The digest alone is kept: the key has 192 random bits, so nobody finds it from there, and who
    may read the function's configuration still cannot ask. It needs no store of secrets, which
    would be billed by the month, and no time to be fetched. Digests are compared in constant time.
    """
    if digest == OPEN:
        return
    given = _headers(event).get(KEY_HEADER, "")
    if not given:
        raise Refused(403, "KEY_MISSING", "this page needs its key", WHOLE_LINK)
    found = hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest()
    if not hmac.compare_digest(found, digest):
        raise Refused(403, "KEY_WRONG", "this is not the key of this page", ANOTHER_LINK)


def read_request(event: Mapping[str, Any]) -> Request:
    """Return a checked request; raises ``Refused``."""
    method = event["requestContext"]["http"]["method"]
    if method != "POST":
        raise Refused(405, "METHOD_NOT_ALLOWED", f"{method} is not allowed here", "Use POST.")
    headers = _headers(event)
    content_type = headers.get("content-type", JSON)
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in CONTENT_TYPES or not _is_header(content_type):
        listed = ", ".join(CONTENT_TYPES)
        raise Refused(
            415, "CONTENT_TYPE_UNSUPPORTED", "this Content-Type cannot be read", f"Send {listed}."
        )
    accept = headers.get("accept", JSON)
    if not _is_header(accept):
        raise Refused(406, "NOT_ACCEPTABLE", "this Accept cannot be read", f"Ask for {JSON}.")
    body = _body(event)
    if media_type == JSON:
        _check_json(body)
    return Request(body, content_type, accept)


def _headers(event: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers; the gateway gives their names in small letters."""
    return dict(event.get("headers") or {})


def _is_header(value: str) -> bool:
    return len(value) <= LONGEST_HEADER and value.isascii() and value.isprintable()


def _body(event: Mapping[str, Any]) -> bytes:
    text = event.get("body") or ""
    try:
        encoded = event.get("isBase64Encoded")
        body = base64.b64decode(text, validate=True) if encoded else text.encode()
    except (binascii.Error, UnicodeEncodeError):
        raise _invalid("the body cannot be decoded") from None
    if not body.strip():
        raise _invalid("the body is empty")
    if len(body) > LARGEST_BODY:
        raise Refused(
            413,
            "BODY_TOO_LARGE",
            f"the body has {len(body)} bytes, and at most {LARGEST_BODY} are taken",
            "Send less at once.",
        )
    return body


def _check_json(body: bytes) -> None:
    """Raise ``Refused`` for what no endpoint could read: no value, or one without documents."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise _invalid("the body is not JSON") from None
    if not isinstance(value, str | list | dict):
        raise _invalid("the body is neither a text nor an object nor a list of either")


def _invalid(message: str) -> Refused:
    return Refused(400, "BODY_INVALID", message, 'Send a document, such as {"text": "..."}.')
