"""Well-formed requests of every format, with the predictions that the model itself makes."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from text_classification.inference.classifier import Classifier

JSON = "application/json"
LINES = "application/jsonlines"
CSV = "text/csv"
PLAIN = "text/plain"
ROUNDING = 1e-5
# Documents of a large body, enough for a file on the server.
MANY = 4000

Prediction = tuple[str, float]
Reader = Callable[[bytes], list[Prediction]]


@dataclass(frozen=True)
class CheckedRequest:
    """A request, and what has to come back: a label and its score for each document.

    chunks: whether the body is sent in chunks, without a length.
    """

    name: str
    body: bytes
    headers: Mapping[str, str]
    expected: Sequence[Prediction] = field(repr=False)
    read: Reader
    chunks: bool = False

    def accepts(self, content: bytes) -> bool:
        """Tell whether an answer has the right labels and scores, one for each document."""
        try:
            found = self.read(content)
        except (ValueError, KeyError, IndexError, TypeError, csv.Error):
            return False
        return len(found) == len(self.expected) and all(
            label == right and abs(score - right_score) < ROUNDING
            for (label, score), (right, right_score) in zip(found, self.expected, strict=True)
        )


def requests(classifier: Classifier, texts: Sequence[str]) -> Iterator[CheckedRequest]:
    """Yield a request of each format for some texts of one line each."""
    scores = classifier.classify(texts).probabilities
    right = [
        (classifier.labels[best], float(row[best]))
        for row, best in zip(scores, scores.argmax(1), strict=True)
    ]

    def request_of(
        name: str, body: Any, count: int, media_type: str = JSON, accept: str = "", **given: Any
    ) -> CheckedRequest:
        content = body if isinstance(body, str) else json.dumps(body)
        read = given.pop("read", _READERS[accept])
        headers = {"Content-Type": media_type} | ({"Accept": accept} if accept else {})
        return CheckedRequest(name, content.encode(), headers, right[:count], read, **given)

    one, some = texts[0], list(texts[:20])
    many = [texts[index % len(texts)] for index in range(MANY)]
    records = [{"id": index, "text": text} for index, text in enumerate(some)]
    yield request_of("string", json.dumps(one), 1)
    yield request_of("record", {"text": one}, 1)
    yield request_of("explanation", {"text": one, "parameters": {"explain": True}}, 1)
    yield request_of("list", some, 20)
    yield request_of("records", {"instances": records}, 20, accept=LINES)
    yield request_of("inputs", {"inputs": one, "parameters": {"top_k": 1}}, 1, accept=CSV)
    yield request_of(
        "BlazingText", {"instances": some, "configuration": {"k": 2}}, 20, read=_read_blazingtext
    )
    yield request_of("JSON Lines", _lines(records), 20, LINES, LINES)
    yield request_of("JSON Lines in chunks", _lines(records), 20, LINES, chunks=True)
    yield request_of("CSV", _table(records), 20, CSV, CSV)
    yield request_of("text", one, 1, PLAIN)
    yield request_of("lines of text", "\n".join(some), 20, f"{PLAIN}; lines=true", LINES)
    large = {"expected": [right[index % len(texts)] for index in range(MANY)]}
    for media_type, body in ((LINES, _lines(many)), (JSON, json.dumps(many))):
        request = request_of(f"{MANY} documents of {media_type}", body, 0, media_type, LINES)
        yield CheckedRequest(**{**vars(request), **large})


def _lines(values: Sequence[Any]) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


def _table(records: Sequence[Mapping[str, Any]]) -> str:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, ["id", "text"])
    writer.writeheader()
    writer.writerows(records)
    return file.getvalue()


def _read_json(content: bytes) -> list[Prediction]:
    return [(each["label"], each["score"]) for each in json.loads(content)["predictions"]]


def _read_blazingtext(content: bytes) -> list[Prediction]:
    return [
        (each["label"][0].removeprefix("__label__"), each["prob"][0])
        for each in json.loads(content)
    ]


def _read_lines(content: bytes) -> list[Prediction]:
    found = map(json.loads, content.splitlines())
    return [(each["label"], each["score"]) for each in found]


def _read_csv(content: bytes) -> list[Prediction]:
    return [(row[0], float(row[1])) for row in csv.reader(io.StringIO(content.decode()))]


_READERS: Mapping[str, Reader] = {
    "": _read_json,
    LINES: _read_lines,
    CSV: _read_csv,
}
