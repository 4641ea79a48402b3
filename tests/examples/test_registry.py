"""examples/registry: what the model registry is told is what the image can do."""

import json
from typing import Any

from tests.support.server import Server
from tests.support.training import ROOT
from text_classification.serving.predictions.format.media_types import PLAIN, WRITTEN
from textcnn.emulator.protocol.models import service_model
from textcnn.emulator.protocol.validation import validate

FOLDER = ROOT / "examples/registry"
PACKAGE: dict[str, Any] = json.loads((FOLDER / "model_package.json").read_text())
SPECIFICATION = PACKAGE["InferenceSpecification"]


def test_service_accepts_the_package() -> None:
    """With image, model and sample it is a request of CreateModelPackage."""
    container = {
        "Image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/text-classification:1",
        "ModelDataUrl": "s3://bucket/jobs/job/output/model.tar.gz",
    }
    request = {
        **PACKAGE,
        "ModelPackageGroupName": "letters",
        "SamplePayloadUrl": "s3://bucket/registry/payload.tar.gz",
        "InferenceSpecification": {**SPECIFICATION, "Containers": [container]},
    }
    validate(service_model("sagemaker").operation_model("CreateModelPackage").input_shape, request)


def test_media_types_are_those_of_the_server() -> None:
    """All that it writes, which it reads too, and plain text."""
    written = tuple(dict.fromkeys(WRITTEN.values()))
    assert tuple(SPECIFICATION["SupportedResponseMIMETypes"]) == written
    assert tuple(SPECIFICATION["SupportedContentTypes"]) == (*written, PLAIN)


def test_sample_is_answered(shared_server: Server) -> None:
    """Both documents of the sample payload get their three labels."""
    payload = (FOLDER / "payload.json").read_bytes()
    headers = {"Content-Type": SPECIFICATION["SupportedContentTypes"][0]}
    answer = shared_server.request("POST", "/invocations", payload, headers)
    assert answer.status == 200
    assert [len(each["top"]) for each in answer.json["predictions"]] == [3, 3]
