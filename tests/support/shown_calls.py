"""Code that documentation shows, run with clients that check requests and answer nothing real."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.loaders import Loader

from tests.support.markdown import Block
from textcnn.emulator.protocol.models import service_model
from textcnn.emulator.protocol.validation import validate

# What a reader puts his own in place of.
PLACEHOLDERS = {
    "YOUR-BUCKET": "bucket",
    "ACCOUNT": "123456789012",
    "REGION": "us-east-1",
    "JOB": "letters-1",
    "PREFIX": "jobs/letters-1",
    ":role/ROLE": ":role/execution",
}


class Answer(str):
    """Stands for any part of an answer: an ARN that has members, elements and a body."""

    __slots__ = ()

    def __getitem__(self, _: Any) -> "Answer":
        return self

    def __iter__(self) -> Iterator[Any]:
        yield self

    def read(self) -> bytes:
        """Return a body."""
        return self.encode()

    def get(self, _: str, __: Any = None) -> "Answer":
        """Return a member."""
        return self


ANSWER = Answer("arn:aws:service:us-east-1:123456789012:thing/name")


class Client:
    """A client of a service that holds each request against the service's model."""

    def __init__(self, service: str) -> None:
        self.service = service

    def __getattr__(self, method: str) -> Callable[..., Answer]:
        model = service_model(self.service)
        names = {xform_name(name): name for name in model.operation_names}

        def send(**values: Any) -> Answer:
            operation = model.operation_model(names[method])
            # boto3 draws these itself.
            tokens = dict.fromkeys(operation.idempotent_members, str(uuid.uuid4()))
            validate(operation.input_shape, tokens | values)
            return ANSWER

        return send

    def get_waiter(self, name: str) -> "Waiter":
        """Return a waiter, if the service has one of that name."""
        waiters = Loader().load_service_model(self.service, "waiters-2")["waiters"]
        assert name in {xform_name(each) for each in waiters}, name
        return Waiter()

    @staticmethod
    def upload_file(file: str, bucket: str, key: str) -> None:
        """Take a file that must be there."""
        assert Path(file).is_file()
        assert bucket
        assert key


class Waiter:
    """Waits for nothing."""

    def wait(self, **_: Any) -> None:
        """Return at once."""


def run(block: Block, name: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Run a block of Python in a folder; it may end itself.

    Raises ``ValidationException`` for a request that the service would refuse.
    """
    monkeypatch.setattr(boto3, "client", Client)
    monkeypatch.chdir(folder)
    content = block.content
    for placeholder, value in PLACEHOLDERS.items():
        content = content.replace(placeholder, value)
    try:
        exec(compile(content, f"{name}:{block.line}", "exec"), {"__name__": "shown"})
    except SystemExit:
        return
