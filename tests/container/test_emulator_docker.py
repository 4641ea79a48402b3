"""The emulator with a Docker engine: images are run as SageMaker runs them."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cloud.training import job_request, put_letters, statuses, wait_for_job
from tests.support.docker import Docker
from tests.support.emulated import TRUST, Client, clients_of
from tests.support.server import Endpoint
from tests.support.waiting import wait_until
from text_classification.contract.metric_lines import metric_definitions
from textcnn.emulator.runtime.container import ContainerSpecification, ImageError
from textcnn.emulator.runtime.docker import LABEL
from textcnn.emulator.runtime.docker import Docker as DockerRuntime
from textcnn.emulator.server import Emulator

pytestmark = pytest.mark.engine

BUCKET = "docker-bucket"
GROUP = "/aws/sagemaker/TrainingJobs"
REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
# Another image than this project's: a shell script as its train.
PROGRAM = """#!/bin/sh
echo "$(hostname) $(id -u) [$AWS_SECRET_ACCESS_KEY] $TRAINING_JOB_NAME"
case "$TASK" in
    fail) echo "the cause" >/opt/ml/output/failure; exit 3 ;;
    deaf) trap "" TERM; echo waiting; while :; do sleep 0.1; done ;;
    wait)
        trap 'echo late >/opt/ml/model/state; exit 0' TERM
        echo waiting
        while :; do sleep 0.1; done ;;
esac
wc -l </proc/net/route >/opt/ml/model/routes
umask 077
echo private >/opt/ml/model/private
"""


@pytest.fixture(scope="module")
def script_image(docker: Docker, base: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An image that is known to the engine as ``script-image`` alone."""
    folder = tmp_path_factory.mktemp("script")
    (folder / "train").write_text(PROGRAM)
    (folder / "train").chmod(0o755)
    (folder / "Dockerfile").write_text(f"FROM {base}\nCOPY train /usr/local/bin/train\n")
    docker("build", "--tag", "script-image", folder)
    return f"{REGISTRY}/script-image:latest"


@pytest.fixture(scope="module")
def emulator(docker: Docker) -> Iterator[Emulator]:
    """An emulator with the engine; it leaves no container and no network."""
    with Emulator(runtime=DockerRuntime(docker.client)) as emulator:
        yield emulator
    for kind in ("container", "network"):
        options = ("--all",) if kind == "container" else ()
        assert not docker(
            kind, "ls", "--quiet", "--filter", f"label={LABEL}={os.getpid()}", *options
        )


@pytest.fixture(scope="module")
def client(emulator: Emulator) -> Client:
    client = clients_of(emulator.url)
    client("s3").create_bucket(Bucket=BUCKET)
    put_letters(client("s3"), BUCKET, "letters/letters.csv")
    return client


@pytest.fixture(scope="module")
def role(client: Client) -> str:
    made = client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))
    arn: str = made["Role"]["Arn"]
    return arn


def request(
    name: str,
    role: str,
    image: str,
    task: str = "",
    bucket: str = BUCKET,
    **changes: Any,
) -> dict[str, Any]:
    asked = job_request(name, bucket, role, Environment={"TASK": task}, **changes)
    asked["AlgorithmSpecification"]["TrainingImage"] = image
    return asked


def output(client: Client, name: str) -> set[str]:
    listed = client("s3").list_objects_v2(Bucket=BUCKET, Prefix=f"jobs/{name}/")
    return {each["Key"].rpartition("/")[2] for each in listed.get("Contents", [])}


def log(client: Client, name: str) -> list[str]:
    logs = client("logs")
    if not logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"]:
        return []
    found = logs.filter_log_events(logGroupName=GROUP, logStreamNamePrefix=f"{name}/")
    return [event["message"] for event in found["events"]]


def has_printed(client: Client, name: str, line: str) -> bool:
    described = client("sagemaker").describe_training_job(TrainingJobName=name)
    return "Training" in statuses(described) and line in log(client, name)


def test_this_projects_image_trains_on_two_instances(client: Client, role: str, full: str) -> None:
    asked = request("real", role, f"{REGISTRY}/{full}")
    asked["ResourceConfig"]["InstanceCount"] = 2
    asked["AlgorithmSpecification"]["MetricDefinitions"] = metric_definitions()
    client("sagemaker").create_training_job(**asked)
    described = wait_for_job(client("sagemaker"), "real")
    assert described["TrainingJobStatus"] == "Completed", described["FailureReason"]
    assert "model.tar.gz" in output(client, "real")
    assert described["FinalMetricDataList"]


def test_a_container_knows_its_host_and_no_credentials_of_ours(
    client: Client, role: str, script_image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the container wrote as root, for its eyes only, is uploaded all the same."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "ours")
    client("sagemaker").create_training_job(**request("script", role, script_image))
    described = wait_for_job(client("sagemaker"), "script")
    assert described["TrainingJobStatus"] == "Completed"
    assert log(client, "script") == ["algo-1 0 [] script"]
    assert output(client, "script") == {"model.tar.gz"}


def test_the_failure_file_of_an_image_is_the_reason(
    client: Client, role: str, script_image: str
) -> None:
    client("sagemaker").create_training_job(**request("fails", role, script_image, "fail"))
    described = wait_for_job(client("sagemaker"), "fails")
    assert described["FailureReason"] == "AlgorithmError: the cause, exit code: 3"


def test_stopping_is_sigterm(client: Client, role: str, script_image: str) -> None:
    sagemaker = client("sagemaker")
    sagemaker.create_training_job(**request("stops", role, script_image, "wait"))
    wait_until(lambda: has_printed(client, "stops", "waiting"))
    sagemaker.stop_training_job(TrainingJobName="stops")
    assert wait_for_job(sagemaker, "stops")["TrainingJobStatus"] == "Stopped"
    assert output(client, "stops") == {"model.tar.gz"}


def test_nobody_waits_for_a_container_that_does_not_stop(docker: Docker, script_image: str) -> None:
    """It has 120 s from the request to stop on; but the emulator's end is its own."""
    with Emulator(runtime=DockerRuntime(docker.client)) as emulator:
        client = clients_of(emulator.url)
        client("s3").create_bucket(Bucket="deaf-bucket")
        put_letters(client("s3"), "deaf-bucket", "letters/letters.csv")
        made = client("iam").create_role(
            RoleName="deaf", AssumeRolePolicyDocument=json.dumps(TRUST)
        )
        asked = request("deaf", made["Role"]["Arn"], script_image, "deaf", bucket="deaf-bucket")
        client("sagemaker").create_training_job(**asked)
        wait_until(lambda: has_printed(client, "deaf", "waiting"))
        client("sagemaker").stop_training_job(TrainingJobName="deaf")
        started = time.monotonic()
    assert time.monotonic() - started < 60


def test_an_image_that_is_not_there_fails_the_job(client: Client, role: str) -> None:
    client("sagemaker").create_training_job(**request("none", role, f"{REGISTRY}/nothing:1"))
    described = wait_for_job(client("sagemaker"), "none")
    assert described["FailureReason"].startswith("ClientError: Cannot pull algorithm container.")


def test_an_image_without_the_program_is_told(docker: Docker, base: str, tmp_path: Path) -> None:
    runtime = DockerRuntime(docker.client)
    with pytest.raises(ImageError, match='"train": executable file not found'):
        runtime.start(ContainerSpecification("no-train", base, "train", tmp_path))


def test_network_isolation_leaves_the_loopback_alone(
    docker: Docker, script_image: str, tmp_path: Path
) -> None:
    (tmp_path / "model").mkdir()
    container = DockerRuntime(docker.client).start(
        ContainerSpecification("isolated", script_image, "train", tmp_path, network=False)
    )
    try:
        assert container.wait() == 0
    finally:
        container.remove()
    assert (tmp_path / "model/routes").read_text().strip() == "1"  # the header and no route
    assert (tmp_path / "model/private").stat().st_uid == os.geteuid()


def test_a_server_is_reached_though_it_is_isolated_and_read_only(
    docker: Docker, inference: str, trained_model: Path
) -> None:
    container = DockerRuntime(docker.client).start(
        ContainerSpecification(
            "serves",
            inference,
            "serve",
            trained_model.parent,
            environment={"MODEL_SERVER_WORKERS": "1"},
            memory_mb=1024,
            read_only=True,
            network=False,
        )
    )
    try:
        wait_until(Endpoint(container.port).is_ready)
        assert container.stop(30) == 0
    finally:
        container.remove()


def test_what_a_killed_emulator_left_is_removed(docker: Docker, base: str) -> None:
    dead = 2**22 + 1  # above the largest process number that Linux knows
    left = docker("create", "--label", f"{LABEL}={dead}", base, "true").split()[-1]
    DockerRuntime(docker.client)
    assert left not in docker("container", "ls", "--all", "--quiet", "--no-trunc")
