"""The limit of our stack: the body is read, and the answer is always the same."""

import json

from flask import Flask, Response, request

ANSWER = json.dumps(
    {
        "predictions": [
            {
                "label": "first",
                "score": 0.9001,
                "top": [
                    {"label": label, "score": score}
                    for label, score in (("first", 0.9001), ("second", 0.0602), ("third", 0.0397))
                ],
                "unknown_share": 0.0114,
                "truncated": False,
            }
        ]
    }
).encode()

app = Flask(__name__)


@app.get("/ping")
def ping() -> dict[str, str]:
    """Tell that the server answers."""
    return {"status": "ready"}


@app.post("/invocations")
def invocations() -> Response:
    """Answer as our server answers one document."""
    request.get_data()
    return Response(ANSWER, content_type="application/json")
