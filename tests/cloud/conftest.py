"""Fixtures: an emulator that runs jobs as processes, its clients, a bucket and a role."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from textcnn.emulator.server import Emulator

Client = Callable[[str], Any]

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """An emulator that all tests share: they name their resources apart."""
    with Emulator() as emulator:
        yield emulator


def clients_of(emulator: Emulator) -> Client:
    """Return what makes unmodified boto3 clients of an emulator; errors are not tried again."""

    def client(service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=emulator.url,
            region_name=emulator.account.region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"max_attempts": 0}),
        )

    return client


@pytest.fixture(scope="session")
def client(emulator: Emulator) -> Client:
    """What makes clients of the shared emulator."""
    return clients_of(emulator)


@pytest.fixture(scope="session")
def bucket(client: Client) -> str:
    """A bucket of the shared emulator."""
    client("s3").create_bucket(Bucket="shared-bucket")
    return "shared-bucket"


@pytest.fixture(scope="session")
def role(client: Client) -> str:
    """A role that SageMaker may take; its ARN."""
    made = client("iam").create_role(
        RoleName="shared-role", AssumeRolePolicyDocument=json.dumps(TRUST)
    )
    arn: str = made["Role"]["Arn"]
    return arn
