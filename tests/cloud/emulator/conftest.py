"""Fixtures: what endpoints and batch transform are tested with."""

import shutil
from collections.abc import Iterator

import pytest

from tests.cloud.emulator.hosting import Hosting, random_model
from tests.support.emulated import Client
from tests.support.skipping import skip


@pytest.fixture(scope="session")
def hosting(client: Client, bucket: str, role: str) -> Hosting:
    """What makes models and endpoints on the shared emulator."""
    return Hosting(client, bucket, role)


@pytest.fixture(scope="session")
def serving(hosting: Hosting) -> Hosting:
    """The same, where containers can serve."""
    if not (shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")):
        skip("nginx is not installed")
    return hosting


@pytest.fixture(scope="session")
def shared_endpoint(serving: Hosting) -> Iterator[str]:
    """An endpoint of two variants that captures what it is asked, for tests that only ask."""
    for seed, name in enumerate(("first", "second")):
        serving.model(name, random_model(seed))
    serving.configuration(
        "shared",
        "first",
        "second",
        DataCaptureConfig={
            "InitialSamplingPercentage": 100,
            "DestinationS3Uri": f"s3://{serving.bucket}/captured",
            "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
            "CaptureContentTypeHeader": {
                "JsonContentTypes": ["application/json"],
                "CsvContentTypes": ["text/csv"],
            },
        },
    )
    yield serving.endpoint("shared", "shared")
    serving.sagemaker.delete_endpoint(EndpointName="shared")
    serving.wait_until_gone("shared")
