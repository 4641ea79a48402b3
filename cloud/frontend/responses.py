"""Responses to browsers; errors have the format of the container's."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Response:
    """An answer; code is that of an error, for the log."""

    status: int
    body: str
    content_type: str = "application/json"
    retry_after: int | None = None
    code: str = ""

    def for_gateway(self) -> dict[str, Any]:
        """Return it as an HTTP API reads it, payload version 2.0."""
        headers = {"content-type": self.content_type, "cache-control": "no-store"}
        if self.retry_after is not None:
            headers["retry-after"] = str(self.retry_after)
        return {
            "statusCode": self.status,
            "headers": headers,
            "body": self.body,
            "isBase64Encoded": False,
        }


class Refused(Exception):
    """An error with a code, a sentence and what to do; none of them repeats what was sent."""

    def __init__(
        self, status: int, code: str, message: str, remedy: str = "", retry_after: int | None = None
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.remedy = remedy
        self.retry_after = retry_after

    def response(self) -> Response:
        """Return it as an answer; retry_after_seconds is in the body, where a page reads it."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.remedy:
            error["remedy"] = self.remedy
        if self.retry_after is not None:
            error["retry_after_seconds"] = self.retry_after
        body = json.dumps({"error": error})
        return Response(self.status, body, retry_after=self.retry_after, code=self.code)
