"""How ``textcnn train`` has documents delivered: input modes, manifests and shares."""

import json
from pathlib import Path
from typing import Any

import pytest

from letters import letters
from textcnn.foundation import Foundation
from textcnn.results import Trained

from .conftest import QUICK, Command, Told
from .documents import write_letters

pytestmark = pytest.mark.usefixtures("foundation")
ATTRIBUTES = "source,letters-metadata"


def write_manifest(path: Path, count: int) -> None:
    """Write what a labelling job leaves."""
    lines = [
        {"source": letter.text, "letters": 0, "letters-metadata": {"class-name": letter.label}}
        for letter in letters(count, seed=1)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")


def created(told: Told) -> dict[str, Any]:
    """Return the request of a dry run that creates the job."""
    assert told.code == 0, told.err
    request: dict[str, Any] = json.loads(told.out)["dry_run"][-1]["arguments"]
    return request


def channels(told: Told) -> dict[str, dict[str, Any]]:
    """Return the channels of a dry run by their names."""
    return {each["ChannelName"]: each for each in created(told)["InputDataConfig"]}


def test_pipes_keep_the_borders_of_files(textcnn: Command, tmp_path: Path):
    """Documents are wrapped; what must be a file comes as one."""
    write_letters(tmp_path / "data/a.csv", 10)
    (tmp_path / "glove.txt").write_text("a 1 2\n")
    arguments = ("train", "data", "--embeddings", "glove.txt", "--dry-run")
    told = textcnn(*arguments, "--input-mode", "Pipe")
    assert created(told)["AlgorithmSpecification"]["TrainingInputMode"] == "Pipe"
    found = channels(told)
    assert found["training"]["RecordWrapperType"] == "RecordIO"
    assert "InputMode" not in found["training"]
    assert found["embeddings"]["InputMode"] == "File"
    assert "RecordWrapperType" not in found["embeddings"]
    files = channels(textcnn(*arguments))
    assert not {"InputMode", "RecordWrapperType"} & {*files["training"], *files["embeddings"]}


def test_names_that_do_not_come_through_pipes_are_told(textcnn: Command, tmp_path: Path):
    """Where folders may be classes."""
    write_letters(tmp_path / "data/label=BILL/a.csv", 10)
    told = textcnn("train", "data", "--input-mode", "Pipe", "--dry-run")
    assert "need --input-mode File" in told.err


def test_a_manifest_in_s3_lists_the_objects(textcnn: Command, client: Any, foundation: Foundation):
    place = f"s3://{foundation.bucket}/listed.manifest"
    client("s3").put_object(Bucket=foundation.bucket, Key="listed.manifest", Body=b"[]")
    told = textcnn("train", place, "--manifest", "--input-mode", "FastFile", "--dry-run")
    source = channels(told)["training"]["DataSource"]["S3DataSource"]
    assert (source["S3DataType"], source["S3Uri"]) == ("ManifestFile", place)


def test_instances_share_documents_and_nothing_else(textcnn: Command, tmp_path: Path):
    """Fewer files than instances are told of: some will have none."""
    for name in ("a", "b"):
        write_letters(tmp_path / f"data/{name}.csv", 10)
    (tmp_path / "glove.txt").write_text("a 1 2\n")
    arguments = ("train", "data", "--embeddings", "glove.txt", "--shard", "--dry-run")
    told = textcnn(*arguments, "--instance-count", "2")
    assert "some get none" not in told.err
    kinds = {
        name: each["DataSource"]["S3DataSource"]["S3DataDistributionType"]
        for name, each in channels(told).items()
    }
    assert kinds == {"training": "ShardedByS3Key", "embeddings": "FullyReplicated"}
    assert "has 2 files for 3 instances" in textcnn(*arguments, "--instance-count", "3").err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--shard",), "one instance has no shares"),
        (("--manifest",), "a manifest is one object in S3"),
        (("--attributes", "a,b"), "an augmented manifest is one file, not 2"),
        (("--attributes", ","), "names no attributes"),
        (("--attributes", "a,a"), "names no attributes"),
        (("--attributes", "a", "--input-mode", "File"), "comes through a pipe"),
        (("--attributes", "a", "--shard", "--instance-count", "2"), "comes through a pipe"),
        (("--input-mode", "Slow"), "Slow"),
    ],
)
def test_what_cannot_be_delivered_is_told(
    textcnn: Command, tmp_path: Path, arguments: tuple[str, ...], told: str
):
    """Before anything is uploaded."""
    for name in ("a", "b"):
        write_letters(tmp_path / f"data/{name}.csv", 10)
    answer = textcnn("train", "data", "--yes", *arguments)
    assert answer.code == 2
    assert told in answer.err


def test_an_augmented_manifest_becomes_a_model(textcnn: Command, tmp_path: Path, client: Any):
    """From a file of this machine, by the attributes that were named."""
    write_manifest(tmp_path / "labelled.manifest", 100)
    told = textcnn(
        "train",
        "labelled.manifest",
        "--attributes",
        ATTRIBUTES,
        *QUICK,
        "--yes",
        *("--output", "json"),
    )
    assert told.code == 0, told.err
    trained = told.read(Trained)
    job = client("sagemaker").describe_training_job(TrainingJobName=trained.job)
    assert job["HyperParameters"]["manifest_attributes"] == ATTRIBUTES
    source = job["InputDataConfig"][0]["DataSource"]["S3DataSource"]
    assert source["AttributeNames"] == ATTRIBUTES.split(",")
    assert trained.scores["validation"]["documents"] == 20
