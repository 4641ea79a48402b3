"""What ``textcnn train`` refuses before anything is paid for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from textcnn.emulator.server import Emulator
from textcnn.foundation import Foundation

from .conftest import Command
from .documents import write_letters

pytestmark = pytest.mark.usefixtures("foundation")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--set", "epoch=3"), 2, "Did you mean epochs?"),
        (("--set", "epochs=none"), 2, "epochs"),
        (("--set", "epochs"), 2, "--set epochs names no value"),
        (("--set", "tuning_trials=3", "--tune", "4"), 2, "tuning_trials is set twice"),
        (("--tuning-job", "2", "--tune", "2"), 2, "Give --tune or --tuning-job"),
        (
            ("--tuning-job", "2", "--set", "tuning_objective=pr_auc"),
            2,
            "a tuning job cannot go by pr_auc",
        ),
        (("--subnet", "subnet-1"), 2, "a VPC needs subnets and security groups"),
        (("--max-runtime", "soon"), 2, "'soon' is no length of time"),
        (("--tag", "team"), 2, "--tag team names no value"),
        (("--name", "my_job"), 2, "is no name for a job"),
        # A later try needs room for its number.
        (("--name", "a" * 60), 2, "59 at most"),
        (("--image", "docker.io/library/debian"), 2, "is no image of ECR"),
        (("--image", "never-pushed"), 4, "./build_and_push.sh text-classification"),
        (
            ("--image", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/text-classification:a"),
            2,
            "the image is in eu-west-1",
        ),
        (("--model", "no-such-job"), 4, "there is no training job no-such-job"),
        (
            ("--test", "s3://textcnn-123456789012-us-east-1/nothing/"),
            4,
            "there is nothing at s3://",
        ),
        (("--embeddings", "missing.vec"), 4, "there is no file or folder missing.vec"),
        ((), 2, "Give --yes"),
    ],
)
def test_a_mistake_is_told_before_a_job_is_created(
    arguments: tuple[str, ...], code: int, told: str, textcnn: Command, tmp_path: Path
):
    """The exit code says of what kind it is, and the error what to do."""
    write_letters(tmp_path / "refused/letters.csv", 10)
    answer = textcnn("train", "refused", *arguments)
    assert answer.code == code, answer.err
    assert told in answer.err
    assert not answer.out


def test_credentials_that_expire_at_an_upload_are_told(
    textcnn: Command, emulator: Emulator, tmp_path: Path
):
    """boto3 wraps what S3 answers to uploads; the person is told to log in as ever."""
    write_letters(tmp_path / "expired/letters.csv", 10, seed=77)
    emulator.account.faults.add("expired-token", "s3:PutObject")
    told = textcnn("train", "expired", "--yes")
    emulator.account.faults.clear()
    assert told.code == 3
    assert "the AWS credentials have expired" in told.err


def test_a_file_in_s3_that_others_begin_with_is_refused(
    foundation: Foundation, textcnn: Command, client: Callable[[str], Any]
):
    """SageMaker would read letters.csv.old too, since it takes every key for a prefix."""
    for name in ("letters.csv", "letters.csv.old"):
        client("s3").put_object(Bucket=foundation.bucket, Key=f"twins/{name}", Body=b"good,text\n")
    told = textcnn("train", f"s3://{foundation.bucket}/twins/letters.csv", "--yes")
    assert told.code == 2
    assert "twins/letters.csv.old begins with its key" in told.err


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "holds no documents"),
        ({"a.csv": ""}, "holds no documents"),
        ({".hidden": "x", "_SUCCESS": "x"}, "holds no documents"),
        ({"_train.csv": "x,one"}, "does not begin with a dot or an underscore"),
        ({"letters.xlsx": "x"}, "cannot be read by the image"),
        ({"train/a.csv": "x", "training/b.csv": "x"}, "a folder train and a folder training"),
        ({"training/a.csv": "x", "b.csv": "x"}, "has the folder training, and b.csv beside it"),
        ({"test/a.csv": "x"}, "has no training documents"),
    ],
)
def test_a_folder_without_training_documents_is_refused(
    files: dict[str, str], told: str, textcnn: Command, tmp_path: Path
):
    """What is wrong with a folder is told by name."""
    (tmp_path / "data").mkdir()
    for name, text in files.items():
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    answer = textcnn("train", "data", "--yes")
    assert answer.code == 2
    assert told in answer.err


def test_documents_that_are_not_uploaded_for_their_names_are_told(textcnn: Command, tmp_path: Path):
    """The image would leave them out as well, as marks of Spark; those themselves are not told."""
    write_letters(tmp_path / "data/letters.csv", 10)
    for name in ("_other/1.txt", "_other/_2.txt", "_SUCCESS", "_temporary/_3.txt"):
        (tmp_path / "data" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "data" / name).write_text("x")
    told = textcnn("train", "data").err
    assert "not uploaded from data" in told
    assert "marks of programs: '_other'; rename" in told


def test_documents_beside_a_test_folder_are_those_to_train_on(textcnn: Command, tmp_path: Path):
    """Files lie in the folder itself where there is no folder training."""
    write_letters(tmp_path / "data/a.csv", 10)
    write_letters(tmp_path / "data/test/b.csv", 10, seed=2)
    request = json.loads(textcnn("train", "data", "--dry-run").out)["dry_run"][-1]["arguments"]
    assert {channel["ChannelName"] for channel in request["InputDataConfig"]} == {
        "training",
        "test",
    }


def test_a_prefix_of_s3_is_read_as_it_is(textcnn: Command, client, foundation: Foundation):
    """Channels are its folders; what is in them decides the job's name."""
    s3, place = client("s3"), f"s3://{foundation.bucket}/mine"
    for key in ("mine/training/a.csv", "mine/validation/b.csv", "mine-too/training/c.csv"):
        s3.put_object(Bucket=foundation.bucket, Key=key, Body=b"label,text\n")
    first = json.loads(textcnn("train", place, "--dry-run").out)["dry_run"]
    assert [each["method"] for each in first] == ["create_training_job"]
    sources = {
        channel["ChannelName"]: channel["DataSource"]["S3DataSource"]["S3Uri"]
        for channel in first[0]["arguments"]["InputDataConfig"]
    }
    assert sources == {"training": f"{place}/training/", "validation": f"{place}/validation/"}
    s3.put_object(Bucket=foundation.bucket, Key="mine/training/a.csv", Body=b"label,text\na,b\n")
    second = json.loads(textcnn("train", place, "--dry-run").out)["dry_run"]
    names = {each[0]["arguments"]["TrainingJobName"] for each in (first, second)}
    assert len(names) == 2


def test_a_bucket_that_the_role_may_not_read_is_told(textcnn: Command, client, bucket: str):
    """The role of the foundation reads the foundation's bucket alone."""
    client("s3").put_object(Bucket=bucket, Key="foreign/a.csv", Body=b"label,text\n")
    told = textcnn("train", f"s3://{bucket}/foreign/", "--dry-run")
    assert f"may not read the bucket {bucket}" in told.err


def test_hyperparameters_come_from_a_file_and_set_wins(textcnn: Command, tmp_path: Path):
    """Values of any JSON type become the strings that SageMaker takes."""
    write_letters(tmp_path / "data/a.csv", 10)
    values = {"epochs": 3, "ngrams": True, "kernel_widths": [2, 3]}
    (tmp_path / "settings.json").write_text(json.dumps(values))
    told = textcnn(
        *("train", "data", "--hyperparameters", "settings.json", "--set", "epochs=4"), "--dry-run"
    )
    request = json.loads(told.out)["dry_run"][-1]["arguments"]
    assert request["HyperParameters"] == {
        "epochs": "4",
        "ngrams": "true",
        "kernel_widths": "[2, 3]",
    }
