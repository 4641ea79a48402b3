"""The payload of an HTTP API's function, version 2.0: a request in, an answer out."""

import base64
import json
import time
import uuid
from typing import Any

from werkzeug.wrappers import Request, Response

# Bodies of these types are handed over as text, all others in base64.
TEXTS = frozenset({"application/javascript", "application/json", "application/xml"})


def event_of(request: Request, api: str, domain: str, route: str, account: str) -> dict[str, Any]:
    """Return a request as a function is handed it."""
    body = request.get_data()
    is_text = request.mimetype in TEXTS or request.mimetype.startswith("text/")
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": request.path,
        "rawQueryString": request.query_string.decode(),
        "headers": {**_headers(request), "host": domain},
        "requestContext": {
            "accountId": account,
            "apiId": api,
            "domainName": domain,
            "domainPrefix": api,
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": request.headers.get("User-Agent", ""),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": route,
            "stage": "$default",
            "timeEpoch": int(time.time() * 1000),
        },
        "isBase64Encoded": bool(body) and not is_text,
    }
    if body:
        event["body"] = (
            body.decode(errors="replace") if is_text else base64.b64encode(body).decode()
        )
    return event


def response_of(result: Any) -> Response:
    """Return the HTTP response of a function's result; one without a status is a body."""
    if not isinstance(result, dict) or "statusCode" not in result:
        return Response(json.dumps(result), content_type="application/json")
    body = result.get("body", "")
    content = base64.b64decode(body) if result.get("isBase64Encoded") else body
    response = Response(content, status=int(result["statusCode"]))
    for name, value in result.get("headers", {}).items():
        response.headers[name] = str(value)
    return response


def _headers(request: Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}
