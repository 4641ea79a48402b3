"""What data capture keeps, and how it writes it."""

import base64
import json
from typing import Any

import pytest

from tests.cloud.emulator.hosting import Hosting
from textcnn.emulator.hosting.capture import Capture
from textcnn.emulator.hosting.invocation import Invocation
from textcnn.emulator.hosting.serving_container import ContainerResponse
from textcnn.emulator.server import Emulator

ASKED = Invocation("1", b'{"a": 1}', {"ContentType": "application/json"})
ANSWERED = ContainerResponse(200, {"content-type": "text/csv"}, b"good,\xff")


def captured(emulator: Emulator, hosting: Hosting, name: str, **members: Any) -> list[Any]:
    """Return the lines that one request leaves under a configuration."""
    capture = Capture.of(
        emulator.account,
        name,
        {
            "InitialSamplingPercentage": 100,
            "DestinationS3Uri": f"s3://{hosting.bucket}/unit",
            "CaptureOptions": [{"CaptureMode": "InputAndOutput"}],
            **members,
        },
    )
    if capture is None:
        return []
    capture.record("main", ASKED, ANSWERED)
    capture.close()
    written = hosting.objects(f"unit/{name}/main/").values()
    return [json.loads(line) for body in written for line in body.splitlines()]


def test_bodies_are_base64_unless_their_types_are_named(
    emulator: Emulator, hosting: Hosting
) -> None:
    (line,) = captured(emulator, hosting, "plain")
    given = line["captureData"]["endpointInput"]
    assert given["encoding"] == "BASE64"
    assert base64.b64decode(given["data"]) == ASKED.body


def test_what_claims_to_be_text_and_is_none_is_base64(emulator: Emulator, hosting: Hosting) -> None:
    named = {"CsvContentTypes": ["text/csv"], "JsonContentTypes": ["application/json"]}
    (line,) = captured(emulator, hosting, "named", CaptureContentTypeHeader=named)
    assert line["captureData"]["endpointInput"]["encoding"] == "JSON"
    assert line["captureData"]["endpointOutput"]["encoding"] == "BASE64"


@pytest.mark.parametrize(
    ("mode", "kept"), [("Input", {"endpointInput"}), ("Output", {"endpointOutput"})]
)
def test_one_side_alone_can_be_captured(
    emulator: Emulator, hosting: Hosting, mode: str, kept: set[str]
) -> None:
    (line,) = captured(emulator, hosting, mode, CaptureOptions=[{"CaptureMode": mode}])
    assert set(line["captureData"]) == kept


@pytest.mark.parametrize("members", [{"InitialSamplingPercentage": 0}, {"EnableCapture": False}])
def test_nothing_is_captured_where_nothing_is_asked_for(
    emulator: Emulator, hosting: Hosting, members: dict[str, Any]
) -> None:
    assert captured(emulator, hosting, "nothing", **members) == []
