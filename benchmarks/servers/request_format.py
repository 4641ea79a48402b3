"""How documents are sent to a server, and how its responses are read."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestFormat:
    """The address, the media type, the body for some documents, and the labels in a response."""

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


def _predictions(response: bytes) -> list[str]:
    return [each["label"] for each in json.loads(response)["predictions"]]


def _first_output(response: bytes) -> list[str]:
    return list(json.loads(response)["outputs"][0]["data"])


JSON = RequestFormat("/invocations", "application/json", _instances, _predictions)
JSON_LINES = RequestFormat("/invocations", "application/jsonlines", _lines, _predictions)
FASTAPI_LINES = RequestFormat("/lines", "application/jsonlines", _lines, _predictions)
TENSOR = RequestFormat("/v2/models/kim/infer", "application/json", _tensor, _first_output)
