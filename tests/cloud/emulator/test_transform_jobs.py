"""Batch transform: objects of S3 through a container, split, joined and put together."""

import csv
import gzip
import io
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.cloud.emulator.hosting import Hosting, random_model, wait_for
from tests.cloud.emulator.shapes import assert_complete
from tests.support.emulated import Client
from textcnn.emulator.server import Emulator

LINES = "application/jsonlines"
RECORDS = [{"id": number, "text": f"the policy is {word}"} for number, word in enumerate("abcde")]
AS_LINES = "".join(f"{json.dumps(record)}\n" for record in RECORDS).encode()


class Batch:
    """Starts transform jobs on one model and reads what they leave."""

    def __init__(self, hosting: Hosting) -> None:
        self.hosting = hosting
        hosting.model("batch", random_model())

    def start(self, name: str, body: bytes, **members: Any) -> None:
        """Start a job on one object."""
        source = self.hosting.put(f"batch-in/{name}/records", body)
        self.start_on(name, {"S3DataType": "S3Prefix", "S3Uri": source}, **members)

    def start_on(self, name: str, source: dict[str, str], **members: Any) -> None:
        """Start a job on what a data source says."""
        given = {"ContentType": LINES, "SplitType": "Line", **members.pop("TransformInput", {})}
        wanted = {"Accept": LINES, "AssembleWith": "Line", **members.pop("TransformOutput", {})}
        self.hosting.sagemaker.create_transform_job(
            TransformJobName=name,
            ModelName=members.pop("ModelName", "batch"),
            TransformInput={"DataSource": {"S3DataSource": source}, **given},
            TransformOutput={"S3OutputPath": f"s3://{self.hosting.bucket}/{name}", **wanted},
            TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
            **members,
        )

    def end(self, name: str, status: str = "Completed") -> dict[str, Any]:
        """Wait for the end of a job and describe it."""

        def described() -> dict[str, Any]:
            found: dict[str, Any] = self.hosting.sagemaker.describe_transform_job(
                TransformJobName=name
            )
            return found

        ended = wait_for(
            lambda: described()["TransformJobStatus"], "Completed", "Failed", "Stopped"
        )
        assert ended == status, described()
        return described()

    def output(self, name: str, key: str = "records.out") -> bytes:
        """Return what a job has left."""
        return self.hosting.objects(f"{name}/")[f"{name}/{key}"]


@pytest.fixture(scope="module")
def batch(serving: Hosting) -> Batch:
    """What starts jobs."""
    return Batch(serving)


def test_answers_are_joined_to_their_records(batch: Batch, client: Client) -> None:
    batch.start(
        "joined",
        AS_LINES,
        BatchStrategy="MultiRecord",
        DataProcessing={"JoinSource": "Input", "OutputFilter": "$['id','SageMakerOutput']"},
    )
    described = batch.end("joined")
    assert_complete("sagemaker", "DescribeTransformJob", described)
    listed = batch.hosting.sagemaker.list_transform_jobs(NameContains="joined")
    assert_complete("sagemaker", "ListTransformJobs", listed)
    joined = [json.loads(line) for line in batch.output("joined").splitlines()]
    assert [set(line) for line in joined] == [{"id", "SageMakerOutput"}] * 5
    assert [line["id"] for line in joined] == [0, 1, 2, 3, 4]
    assert all(line["SageMakerOutput"]["label"] in {"bad", "good", "ugly"} for line in joined)
    # The container was asked how much it takes at a time.
    logs = client("logs").filter_log_events(
        logGroupName="/aws/sagemaker/TransformJobs", logStreamNamePrefix="joined/"
    )
    assert any("BatchStrategy=MULTI_RECORD" in event["message"] for event in logs["events"])


def test_columns_are_left_out_and_joined_again(batch: Batch) -> None:
    batch.start(
        "columns",
        b"7,the policy\n8,the bill\n",
        DataProcessing={"InputFilter": "$[1:]", "JoinSource": "Input", "OutputFilter": "$[0,2]"},
        TransformInput={"ContentType": "text/csv"},
        TransformOutput={"Accept": "text/csv"},
    )
    batch.end("columns")
    rows = list(csv.reader(io.StringIO(batch.output("columns").decode())))
    assert [row[0] for row in rows] == ["7", "8"]
    assert {row[1] for row in rows} <= {"bad", "good", "ugly"}


def test_single_records_of_packed_objects_below_a_prefix(batch: Batch) -> None:
    for name in ("a", "sub/b"):
        batch.hosting.put(f"batch-in/packed/{name}.gz", gzip.compress(AS_LINES))
    source = f"s3://{batch.hosting.bucket}/batch-in/packed/"
    batch.start_on(
        "packed",
        {"S3DataType": "S3Prefix", "S3Uri": source},
        BatchStrategy="SingleRecord",
        MaxConcurrentTransforms=2,
        MaxPayloadInMB=1,
        TransformInput={"CompressionType": "Gzip"},
    )
    batch.end("packed")
    first, second = batch.output("packed", "a.gz.out"), batch.output("packed", "sub/b.gz.out")
    assert first == second
    assert len(first.splitlines()) == 5


def test_whole_objects_of_a_manifest(batch: Batch) -> None:
    batch.hosting.put("batch-in/whole/body.json", json.dumps(RECORDS).encode())
    prefix = f"s3://{batch.hosting.bucket}/batch-in/"
    manifest = json.dumps([{"prefix": prefix}, "whole/body.json"]).encode()
    batch.start_on(
        "manifest",
        {"S3DataType": "ManifestFile", "S3Uri": batch.hosting.put("manifest.json", manifest)},
        MaxPayloadInMB=0,
        TransformInput={"ContentType": "application/json", "SplitType": "None"},
        TransformOutput={"Accept": "application/json", "AssembleWith": "None"},
    )
    batch.end("manifest")
    response = json.loads(batch.output("manifest", "whole/body.json.out"))
    assert len(response["predictions"]) == 5


def test_an_object_that_fails_fails_the_job_and_the_others_have_their_output(
    batch: Batch, client: Client
) -> None:
    batch.hosting.put("batch-in/mixed/bad", b"{")
    batch.hosting.put("batch-in/mixed/good", json.dumps(RECORDS).encode())
    source = f"s3://{batch.hosting.bucket}/batch-in/mixed/"
    whole = {"ContentType": "application/json", "SplitType": "None"}
    batch.start_on(
        "mixed",
        {"S3DataType": "S3Prefix", "S3Uri": source},
        TransformInput=whole,
        TransformOutput={"Accept": "application/json", "AssembleWith": "None"},
    )
    described = batch.end("mixed", "Failed")
    assert described["FailureReason"] == "ClientError: See job logs for more information"
    assert set(batch.hosting.objects("mixed/")) == {"mixed/good.out"}
    logs = client("logs").filter_log_events(
        logGroupName="/aws/sagemaker/TransformJobs", logStreamNamePrefix="mixed/"
    )
    assert any("bad: ClientError: 400" in event["message"] for event in logs["events"])


def test_a_job_that_is_to_fail_fails(batch: Batch, emulator: Emulator) -> None:
    emulator.account.faults.add("fail-job", "asked-to-fail")
    batch.start("asked-to-fail", AS_LINES)
    described = batch.end("asked-to-fail", "Failed")
    assert described["FailureReason"] == "AlgorithmError: See job logs for more information"


def test_a_jobs_name_is_taken_once_and_it_is_stopped(batch: Batch) -> None:
    batch.start("stopped", AS_LINES)
    with pytest.raises(ClientError, match="Job name must be unique"):
        batch.start("stopped", AS_LINES)
    batch.hosting.sagemaker.stop_transform_job(TransformJobName="stopped")
    batch.end("stopped", "Stopped")
    assert not batch.hosting.objects("stopped/")


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"ModelName": "nothing"}, "Could not find model"),
        ({"MaxPayloadInMB": 60, "MaxConcurrentTransforms": 2}, "at most 100 MB"),
        ({"TransformInput": {"SplitType": "RecordIO"}}, "does not know the SplitType RecordIO"),
        ({"DataProcessing": {"InputFilter": "$..a"}}, "the JSONPath '\\$..a' is not known"),
        (
            {
                "DataProcessing": {"JoinSource": "Input"},
                "TransformOutput": {"AssembleWith": "None"},
            },
            "AssembleWith must be what SplitType is",
        ),
        (
            {"DataProcessing": {"JoinSource": "Input"}, "TransformInput": {"ContentType": "a/b"}},
            "needs input of JSON or CSV",
        ),
    ],
)
def test_a_job_that_could_not_run_is_refused(
    batch: Batch, members: dict[str, Any], told: str
) -> None:
    with pytest.raises(ClientError, match=told):
        batch.start("refused", AS_LINES, **members)


def test_a_job_that_is_not_there_is_told(hosting: Hosting) -> None:
    with pytest.raises(ClientError, match="Requested resource not found"):
        hosting.sagemaker.describe_transform_job(TransformJobName="none")
