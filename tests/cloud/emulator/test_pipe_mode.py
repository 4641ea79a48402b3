"""Pipe mode: what goes through the pipes of a host, and jobs that read them."""

import gzip
import io
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from letters import letters
from tests.cloud.training import channel, job_request, put_letters, wait_for_job
from tests.support.emulated import Client
from tests.support.waiting import wait_until
from text_classification.corpus.readers.record_io import records
from textcnn.emulator.objects import Objects
from textcnn.emulator.server import Emulator
from textcnn.emulator.training.failure import JobFailed
from textcnn.emulator.training.pipe_contents import contents
from textcnn.emulator.training.pipes import Pipes

PIPE = {"InputMode": "Pipe", "RecordWrapperType": "RecordIO"}


@pytest.fixture(scope="module")
def objects(client: Client, bucket: str, emulator: Emulator) -> Objects:
    """Objects of which each holds its own name."""
    for name in ("a", "b", "c"):
        client("s3").put_object(Bucket=bucket, Key=f"piped/{name}", Body=name.encode())
        client("s3").put_object(
            Bucket=bucket, Key=f"piped-packed/{name}", Body=gzip.compress(name.encode())
        )
    return Objects(emulator.account)


def piped(
    bucket: str, prefix: str, *, source: Mapping[str, Any] = {}, **options: Any
) -> dict[str, Any]:
    """Return a channel in Pipe mode."""
    return {**channel(f"s3://{bucket}/{prefix}", **source), "InputMode": "Pipe", **options}


def whole(
    objects: Objects, described: dict[str, Any], host: int = 0, hosts: int = 1, epoch: int = 0
) -> bytes:
    return b"".join(contents(objects, described, host, hosts, epoch))


def unwrapped(content: bytes) -> list[bytes]:
    return [record.read() for record in records(io.BytesIO(content))]


def test_objects_go_through_one_behind_the_other(objects: Objects, bucket: str) -> None:
    """Unpacked where the channel says that they are packed."""
    assert whole(objects, piped(bucket, "piped/")) == b"abc"
    assert whole(objects, piped(bucket, "piped-packed/", CompressionType="Gzip")) == b"abc"
    with pytest.raises(JobFailed, match="piped/a is no gzip file"):
        whole(objects, piped(bucket, "piped/", CompressionType="Gzip"))


def test_each_object_is_a_record_where_they_are_wrapped(objects: Objects, bucket: str) -> None:
    wrapped = piped(bucket, "piped/", RecordWrapperType="RecordIO")
    assert unwrapped(whole(objects, wrapped)) == [b"a", b"b", b"c"]


def test_hosts_share_objects_and_one_may_have_none(objects: Objects, bucket: str) -> None:
    sharded = piped(bucket, "piped/", source={"S3DataDistributionType": "ShardedByS3Key"})
    shares = [whole(objects, sharded, host, 4) for host in range(4)]
    assert shares == [b"a", b"b", b"c", b""]


def test_a_shuffled_channel_has_an_order_of_its_own_each_epoch(
    objects: Objects, bucket: str
) -> None:
    shuffled = piped(bucket, "piped/", ShuffleConfig={"Seed": 1})
    orders = [whole(objects, shuffled, epoch=epoch) for epoch in range(8)]
    assert orders == [whole(objects, shuffled, epoch=epoch) for epoch in range(8)]
    assert len(set(orders)) > 1
    assert all(sorted(order) == sorted(b"abc") for order in orders)


def put_manifest(client: Client, bucket: str, *lines: Any) -> None:
    body = "".join(f"{json.dumps(line)}\n" for line in lines)
    client("s3").put_object(Bucket=bucket, Key="augmented", Body=body.encode())


def augmented(bucket: str, *attributes: str) -> dict[str, Any]:
    source = {"S3DataType": "AugmentedManifestFile", "AttributeNames": list(attributes)}
    return piped(bucket, "augmented", source=source, RecordWrapperType="RecordIO")


def test_attributes_of_a_manifest_are_records(
    client: Client, objects: Objects, bucket: str
) -> None:
    """In the order asked for; objects that it refers to, texts as they are, others as JSON."""
    line = {"source-ref": f"s3://{bucket}/piped/a", "text": "Grüße", "n": 3, "n-metadata": {"a": 1}}
    put_manifest(client, bucket, line, line)
    asked = augmented(bucket, "text", "source-ref", "n-metadata", "n")
    assert unwrapped(whole(objects, asked)) == ["Grüße".encode(), b"a", b'{"a": 1}', b"3"] * 2


def test_a_line_without_an_attribute_fails_the_job(
    client: Client, objects: Objects, bucket: str
) -> None:
    put_manifest(client, bucket, {"text": "one"}, {"texts": "two"})
    with pytest.raises(JobFailed, match="no JSON object with all of text"):
        whole(objects, augmented(bucket, "text"))


@contextmanager
def filled(folder: Path, content: bytes) -> Iterator[Pipes]:
    """Fill pipes with the same in each epoch."""
    pipes = Pipes(folder, "training", lambda epoch: iter([b"%d " % epoch, content]))
    pipes.start()
    try:
        yield pipes
    finally:
        pipes.stop()


def test_each_epoch_has_a_pipe_of_its_own(tmp_path: Path) -> None:
    """The next one is there when one was read, or closed before its end."""
    content = b"x" * 500_000
    with filled(tmp_path, content):
        assert (tmp_path / "training_0").read_bytes() == b"0 " + content
        for epoch in (1, 2):
            path = tmp_path / f"training_{epoch}"
            wait_until(path.exists)
            with path.open("rb") as pipe:
                assert pipe.read(5) == b"%d xxx" % epoch
        wait_until((tmp_path / "training_3").exists)


def test_pipes_end_while_nobody_reads_or_somebody_does_not_go_on(tmp_path: Path) -> None:
    with filled(tmp_path, b""):
        pass
    (tmp_path / "training_0").unlink()
    with filled(tmp_path, b"x" * 500_000) as pipes:
        reader = os.open(tmp_path / "training_0", os.O_RDONLY)
        assert os.read(reader, 2) == b"0 "
        pipes.stop()
        os.close(reader)


def test_a_job_trains_on_an_augmented_manifest(client: Client, bucket: str, role: str) -> None:
    """A labelling job's, by the image, through the whole service."""
    lines = [
        {
            "source": letter.text,
            "letters": 0,
            "letters-metadata": {"class-name": letter.label, "confidence": 0.9},
        }
        for letter in letters(200, seed=1)
    ]
    body = "".join(f"{json.dumps(line)}\n" for line in lines)
    client("s3").put_object(Bucket=bucket, Key="labelled.manifest", Body=body.encode())
    attributes = ["source", "letters-metadata"]
    source: dict[str, Any] = {"S3DataType": "AugmentedManifestFile", "AttributeNames": attributes}
    request = job_request(
        "augmented",
        bucket,
        role,
        {"manifest_attributes": ",".join(attributes)},
        InputDataConfig=[{**channel(f"s3://{bucket}/labelled.manifest", **source), **PIPE}],
    )
    client("sagemaker").create_training_job(**request)
    described = wait_for_job(client("sagemaker"), "augmented")
    assert described["TrainingJobStatus"] == "Completed", described


def test_a_job_whose_objects_are_gone_fails(client: Client, bucket: str, role: str) -> None:
    """While its pipe is filled; the reason is that of a download."""
    put_letters(client("s3"), bucket, "vanishing/letters.csv")
    manifest = [{"prefix": f"s3://{bucket}/"}, "vanishing/letters.csv", "nothing/there.csv"]
    client("s3").put_object(Bucket=bucket, Key="gone.manifest", Body=json.dumps(manifest).encode())
    source = channel(f"s3://{bucket}/gone.manifest", S3DataType="ManifestFile")
    request = job_request("gone", bucket, role, InputDataConfig=[{**source, **PIPE}])
    client("sagemaker").create_training_job(**request)
    described = wait_for_job(client("sagemaker"), "gone")
    assert described["TrainingJobStatus"] == "Failed"
    assert described["FailureReason"].startswith("ClientError: Data download failed:")


def log_lines(client: Client, prefix: str) -> list[str]:
    """Return the lines of the host whose stream begins so."""
    group, logs = "/aws/sagemaker/TrainingJobs", client("logs")
    streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=prefix)
    (stream,) = streams["logStreams"]
    events = logs.get_log_events(
        logGroupName=group, logStreamName=stream["logStreamName"], startFromHead=True
    )
    return [event["message"] for event in events["events"]]


def test_hosts_train_together_on_shares_of_which_one_is_empty(
    client: Client, bucket: str, role: str
) -> None:
    """Two files for three hosts: the one without is part of the job all the same."""
    for number in range(2):
        put_letters(client("s3"), bucket, f"shares/{number}.csv", 100)
    source = channel(f"s3://{bucket}/shares/", S3DataDistributionType="ShardedByS3Key")
    request = job_request("shares", bucket, role, InputDataConfig=[{**source, **PIPE}])
    request["ResourceConfig"]["InstanceCount"] = 3
    client("sagemaker").create_training_job(**request)
    described = wait_for_job(client("sagemaker"), "shares")
    assert described["TrainingJobStatus"] == "Completed", described
    lines = log_lines(client, "shares/algo-3")
    assert any("this host's share holds no documents" in line for line in lines)
    assert any("160 documents to train on, 40 to validate on" in line for line in lines)
