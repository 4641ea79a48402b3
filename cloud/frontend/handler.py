"""The function's entry: one request in, one answer out, one line in the log.

The line has sizes, status, code and time; never a word of a text, and never the key.
"""

import logging
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from frontend.endpoint import invoke, runtime_client
from frontend.request import check_key, read_request
from frontend.responses import Refused, Response

log = logging.getLogger("page")
# Lambda leaves the root logger at warnings in its plain format.
log.setLevel(logging.INFO)


@dataclass(frozen=True)
class Page:
    """What the function stands for: the endpoint's name, and the digest of the key or ``open``."""

    endpoint: str
    key_digest: str
    client: Any

    def respond(self, event: Mapping[str, Any]) -> Response:
        """Return what a request is answered, whatever happens."""
        try:
            check_key(event, self.key_digest)
            return invoke(self.client, self.endpoint, read_request(event))
        except Refused as refused:
            return refused.response()
        except Exception as error:  # noqa: BLE001 - its message may repeat what was sent
            log.error("failed", extra={"error": type(error).__name__})
            return Refused(500, "INTERNAL", "the page's function failed").response()


def handle(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer an HTTP API's request, payload version 2.0."""
    began = time.monotonic()
    response = _page().respond(event)
    line = {
        "status": response.status,
        "code": response.code,
        "request_characters": len(event.get("body") or ""),
        "answer_characters": len(response.body),
        "milliseconds": round((time.monotonic() - began) * 1000),
    }
    log.info("answered", extra=line)
    return response.for_gateway()


@cache
def _page() -> Page:
    """Return what the environment says; the client is kept from one request to the next."""
    return Page(os.environ["ENDPOINT_NAME"], os.environ["KEY_SHA256"], runtime_client())
