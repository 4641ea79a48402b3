"""The page's form: a browser that runs no script sends it, and is answered with the page.

The document takes the way of every other one; only what it comes in and goes out as is different.
"""

import io
import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from wsgiref.types import WSGIEnvironment

from flask import Flask, Response, render_template, request
from markupsafe import escape
from werkzeug.exceptions import RequestEntityTooLarge

from text_classification.errors import Code, RequestError
from text_classification.serving.page.page_files import HEADERS, INDEX
from text_classification.serving.predictions.application import TIMING_HEADER
from text_classification.serving.predictions.error_response import error_response
from text_classification.serving.predictions.format.media_types import JSON
from text_classification.serving.predictions.request_environment import Body, request_id
from text_classification.serving.predictions.request_handler import PredictionResponse

FORM_BYTES = 1 << 20
# What the page's own script asks for, too.
PARAMETERS = {"explain": True, "model": True, "timing": True}
# What stands in the page before there is a response, and where the text ends.
_EMPTY = re.compile(r'<p id="empty".*?</p>')
_TEXT = "</textarea>"

# Answers a request with these headers and this body.
Handler = Callable[[WSGIEnvironment, Body], PredictionResponse]


def add_form(app: Flask, response: Handler) -> None:
    """Let the application answer the form."""
    app.add_template_filter(percent)
    app.add_template_filter(strength)

    @app.route("/form", methods=["GET", "POST"])
    def form() -> Response:
        text = ""
        try:
            text = _text()
            if request.method == "GET":
                return _page(text, {})
            found, timing = _predicted(response, text)
        except Exception as error:  # noqa: BLE001 - each has its page
            refused = error_response(error, request_id=request_id(request.environ))
            later = dict(refused.headers).get("Retry-After")
            return _page(text, json.loads(refused.body), refused.status, {"Retry-After": later})
        return _page(text, found, headers={TIMING_HEADER: timing})


def percent(score: float) -> str:
    """Return a score in percent, as the page's script does: nothing rounds to never or always.

    >>> [percent(score) for score in (0.9321, 0.00049, 0.99951, 1.0)]
    ['93.2 %', '<0.1 %', '>99.9 %', '>99.9 %']
    """
    value = 100 * score
    if value < 0.1:  # noqa: PLR2004
        return "<0.1 %"
    return ">99.9 %" if value >= 99.95 else f"{value:.1f} %"  # noqa: PLR2004


def strength(values: list[float]) -> list[str]:
    """Return how much each value counts beside the largest, as classes of the page's style.

    >>> strength([2.0, -0.9, 0.01])
    ['for strong', 'against', '']
    """
    largest = max(map(abs, values), default=0.0) or 1.0
    return [_class(value / largest) for value in values]


def _class(share: float) -> str:
    if abs(share) < 0.15:  # noqa: PLR2004
        return ""
    side = "for" if share > 0 else "against"
    return f"{side} strong" if abs(share) >= 0.5 else side  # noqa: PLR2004


def _text() -> str:
    """Return the text of the form; a larger form than is read raises ``RequestError`` 413."""
    request.max_content_length = request.max_form_memory_size = FORM_BYTES
    try:
        return request.form.get("text", "")
    except RequestEntityTooLarge:
        raise RequestError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            Code.BODY_TOO_LARGE,
            f"the form takes a document of at most {FORM_BYTES >> 20} MB",
            remedy="Send longer ones to /invocations.",
        ) from None


def _predicted(response: Handler, text: str) -> tuple[dict[str, Any], str]:
    """Return the response to a text, and where its time went."""
    if not text.strip():
        raise RequestError(
            400, Code.BODY_INVALID, "there is no text yet", remedy="Type or paste a document."
        )
    body = json.dumps({"text": text, "parameters": PARAMETERS}).encode()
    headers = {"CONTENT_TYPE": JSON, "HTTP_ACCEPT": JSON}
    found = response({**request.environ, **headers}, Body(io.BytesIO(body), len(body)))
    if isinstance(found.content, bytes):
        return json.loads(found.content), str(found.timing)
    with found.content as file:
        return json.load(file), str(found.timing)


def _page(
    text: str,
    found: Mapping[str, Any],
    status: int = 200,
    headers: Mapping[str, str | int | None] | None = None,
) -> Response:
    """Return the page with a text in its form, and with what was found at its place."""
    page = INDEX.read_text(encoding="utf-8")
    if found:
        shown = render_template("answer.html", **found)
        page = _EMPTY.sub(lambda _: shown, page)
    # The last, since a document may hold anything; a line break at the begin would be passed over.
    page = page.replace(_TEXT, f"\n{escape(text)}{_TEXT}", 1)
    answered = Response(page, status, content_type="text/html; charset=utf-8")
    given = {**HEADERS, "Cache-Control": "no-store", **(headers or {})}
    answered.headers.extend({name: value for name, value in given.items() if value is not None})
    return answered
