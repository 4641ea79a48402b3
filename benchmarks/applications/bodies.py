"""The texts in the body of a request, as most would read them."""

import json

JSON_LINES = "application/jsonlines"


def texts(body: bytes, media_type: str) -> list[str]:
    """Return the texts of ``{"instances": [...]}``, or of a record with a text a line."""
    if media_type == JSON_LINES:
        return [json.loads(line)["text"] for line in body.splitlines()]
    return list(json.loads(body)["instances"])
