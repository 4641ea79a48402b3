"""One captured answer of the image, in any format that it answers in."""

import base64
import binascii
import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

TRUTH = frozenset({"true", "false"})


@dataclass(frozen=True)
class CapturedPrediction:
    """What the model said of one document; unknown_share is None in BlazingText's shape."""

    label: str
    score: float
    unknown_share: float | None


class UnreadableCapture(Exception):
    """What was captured cannot be read as an answer of this image."""


def read_predictions(captured: dict[str, Any]) -> Iterator[CapturedPrediction]:
    """Yield the answers of a captured ``endpointOutput``; refused documents have none.

    Raises ``UnreadableCapture`` where it is no answer of this image.
    """
    text = _text(captured)
    media_type = captured.get("observedContentType", "application/json").partition(";")[0].strip()
    reader = {"text/csv": _csv, "application/jsonlines": _lines}.get(media_type, _json)
    try:
        yield from reader(text)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise UnreadableCapture(f"{media_type}: {error}") from error


def _text(captured: dict[str, Any]) -> str:
    data: str = captured.get("data", "")
    if captured.get("encoding") != "BASE64":
        return data
    try:
        return base64.b64decode(data, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise UnreadableCapture(str(error)) from error


def _json(text: str) -> Iterator[CapturedPrediction]:
    body = json.loads(text)
    for each in body["predictions"] if isinstance(body, dict) else body:
        yield from _prediction(each)


def _lines(text: str) -> Iterator[CapturedPrediction]:
    for line in text.splitlines():
        if line.strip():
            yield from _prediction(json.loads(line))


def _prediction(value: dict[str, Any]) -> Iterator[CapturedPrediction]:
    if "error" in value:
        return
    if isinstance(value["label"], list):  # BlazingText's shape
        yield CapturedPrediction(str(value["label"][0]), float(value["prob"][0]), None)
        return
    yield CapturedPrediction(
        str(value["label"]), float(value["score"]), float(value["unknown_share"])
    )


def _csv(text: str) -> Iterator[CapturedPrediction]:
    for row in csv.reader(io.StringIO(text)):
        if row and row[0] and row[:2] != ["label", "score"]:
            yield CapturedPrediction(row[0], float(row[1]), _unknown_share(row))


def _unknown_share(row: list[str]) -> float:
    """Return the cell before ``truncated``: its place depends on how many labels were asked for.

    >>> _unknown_share(["BILL", "0.9", "CLAIM", "0.1", "true", "0.25", "false", ""])
    0.25
    """
    for place in range(2, len(row) - 1):
        if not _is_share_before_truth(row, place):
            continue
        # With a confidence floor, the cell `sure` follows the last score in the same way.
        return float(row[place + 2 if _is_share_before_truth(row, place + 2) else place])
    raise ValueError("a row has no unknown_share")


def _is_share_before_truth(row: list[str], place: int) -> bool:
    if place + 1 >= len(row) or row[place + 1] not in TRUTH:
        return False
    try:
        return 0 <= float(row[place]) <= 1
    except ValueError:
        return False
