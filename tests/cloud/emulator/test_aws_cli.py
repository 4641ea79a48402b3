"""The AWS command line, unmodified, at the emulator."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.skipping import skip
from textcnn.emulator.server import Emulator


def aws(emulator: Emulator, *arguments: str, succeeds: bool = True) -> Any:
    """Run the command line; it must succeed or be refused. Return its JSON, or what it said."""
    program = shutil.which("aws")
    if program is None:
        skip("there is no aws command")
    result = subprocess.run(
        [str(program), *arguments, "--output", "json"],
        env={**os.environ, **emulator.environment, "AWS_PAGER": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    # By version it ends with 254 or 255 for what a service refuses.
    assert (result.returncode == 0) == succeeds, result.stderr
    return json.loads(result.stdout) if result.stdout.startswith("{") else result.stderr


def test_it_reads_and_writes(emulator: Emulator, tmp_path: Path, bucket: str) -> None:
    """Files go to S3, and a group of the registry comes, is shown, and goes."""
    (tmp_path / "letter.txt").write_text("a letter", encoding="utf-8")
    aws(emulator, "s3", "cp", "--quiet", str(tmp_path / "letter.txt"), f"s3://{bucket}/cli.txt")
    found = aws(emulator, "s3api", "head-object", "--bucket", bucket, "--key", "cli.txt")
    assert found["ContentLength"] == len("a letter")
    group = ("--model-package-group-name", "by-the-command-line")
    created = aws(emulator, "sagemaker", "create-model-package-group", *group)
    shown = aws(emulator, "sagemaker", "describe-model-package-group", *group)
    assert shown["ModelPackageGroupArn"] == created["ModelPackageGroupArn"]
    aws(emulator, "sagemaker", "delete-model-package-group", *group)


@pytest.mark.parametrize(
    ("operation", "said"),
    [("describe-endpoint", "ValidationException"), ("delete-endpoint", "ValidationException")],
)
def test_it_is_told_what_is_not_there(emulator: Emulator, operation: str, said: str) -> None:
    """With the service's own error."""
    name = ("--endpoint-name", "not-there")
    assert said in aws(emulator, "sagemaker", operation, *name, succeeds=False)
