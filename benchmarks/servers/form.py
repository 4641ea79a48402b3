"""How documents are put to a server, and what it says of them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """The address, the media type, the body of some documents, and the labels in an answer."""

    path: str
    media_type: str
    body: Callable[[Sequence[str]], bytes]
    labels: Callable[[bytes], list[str]]


def _instances(documents: Sequence[str]) -> bytes:
    return json.dumps({"instances": documents}).encode()


def _lines(documents: Sequence[str]) -> bytes:
    return "".join([json.dumps({"text": text}) + "\n" for text in documents]).encode()


def _tensor(documents: Sequence[str]) -> bytes:
    tensor = {"name": "text", "shape": [len(documents), 1], "datatype": "BYTES", "data": documents}
    return json.dumps({"inputs": [tensor]}).encode()


def _predictions(answer: bytes) -> list[str]:
    return [each["label"] for each in json.loads(answer)["predictions"]]


def _first_output(answer: bytes) -> list[str]:
    return list(json.loads(answer)["outputs"][0]["data"])


JSON = Form("/invocations", "application/json", _instances, _predictions)
JSON_LINES = Form("/invocations", "application/jsonlines", _lines, _predictions)
FASTAPI_LINES = Form("/lines", "application/jsonlines", _lines, _predictions)
TENSOR = Form("/v2/models/kim/infer", "application/json", _tensor, _first_output)
