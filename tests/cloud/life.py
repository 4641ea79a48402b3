"""The whole life of a model by the commands that a person gives, on an emulator."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from letters import letters
from tests.support.emulated import PYTHON_PATH, Client, OwnEmulator
from tests.support.visitor import Visitor, write_page
from tests.support.waiting import wait_until

STEP_SECONDS = 300
# Small enough for a few seconds of training.
HYPERPARAMETERS = (
    "recipe=kim",
    "epochs=3",
    "embedding_size=16",
    "filters=16",
    "keras_export=false",
)
# What one job leaves, the others need not.
PLAIN = ("--set", "report=false")
TEXT = "This letter is not a bill. The policy is cancelled with effect from 4/1/2026."
INSTANCES = ("--instance-type", "ml.m5.large", "--capture", "100", "--bake-seconds", "0")
SCALED = (*INSTANCES, "--autoscale", "1:2")


class Life:
    """Gives commands as a person would, and reads the one object that each prints for programs.

    repository is the image's, where it is not the usual one.
    """

    def __init__(self, emulator: OwnEmulator, folder: Path, repository: str = "") -> None:
        self.emulator = emulator
        self.client = emulator.client
        self.folder = folder
        self.repository = ("--repository", repository) if repository else ()
        self.bucket = ""

    def textcnn(self, *arguments: str, code: int = 0) -> Any:
        """Give a command; it must end with this code. Return what it printed for programs."""
        result = subprocess.run(
            [sys.executable, "-m", "textcnn", *arguments, "--output", "json"],
            env={**os.environ, **self.emulator.environment, "PYTHONPATH": PYTHON_PATH},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=STEP_SECONDS,
            check=False,
        )
        assert result.returncode == code, f"{arguments}: {result.stdout}\n{result.stderr}"
        return json.loads(result.stdout) if result.stdout else result.stderr

    def set_up(self) -> None:
        """Make the foundation."""
        made = self.textcnn("setup", "--yes", "--budget-email", "a@example.com", *self.repository)
        self.bucket = made["outputs"]["BucketName"]
        checks = self.textcnn("doctor")["checks"]
        assert not [check for check in checks if check["state"] == "problem"]

    def train(self) -> str:
        """Upload letters and train on two instances; return the job's name."""
        data = self.folder / "letters"
        data.mkdir()
        lines = (f'{letter.label},"{letter.text}"' for letter in letters(200, seed=1))
        (data / "letters.csv").write_text("\n".join(["label,text", *lines]), encoding="utf-8")
        trained = self.textcnn("train", *self._training("letters"), "--instance-count", "2")
        assert trained["status"] == "Completed"
        assert trained["scores"]["validation"]["accuracy"] > 0
        assert (Path(self.folder) / trained["folder"] / "report.html").is_file()
        again = self.textcnn("train", *self._training("letters"), "--instance-count", "2")
        assert again["job"] == trained["job"], "the same command pays twice"
        return str(trained["job"])

    def tune(self) -> str:
        """Let two models be tried within a job, and two by a tuning job.

        Return the model package that the first is registered as.
        """
        tuned = self.textcnn(
            "train", *self._training("letters"), *PLAIN, "--tune", "2", "--register", "letters"
        )
        assert tuned["model_package"]
        assert tuned["status"] == "Completed"
        by_service = self.textcnn("train", *self._training("letters"), *PLAIN, "--tuning-job", "2")
        assert by_service["tuning_job"]
        return str(tuned["model_package"])

    def _training(self, data: str) -> list[str]:
        settings = [word for each in HYPERPARAMETERS for word in ("--set", each)]
        return [data, *settings, "--max-runtime", "10m", "--yes"]

    def deploy(self, job: str, package: str) -> None:
        """Deploy a job's model and a registered one as each kind of endpoint, and ask each."""
        kinds = {
            "serverless": (package,),
            "instance": (job, *SCALED),
            "asynchronous": (job, "--async"),
        }
        for kind, options in kinds.items():
            made = self.textcnn("deploy", *options, "--name", kind, "--yes")
            assert (made["kind"], made["status"]) == (kind, "InService")
            assert (made["ends"] is None) == (kind == "serverless")
        for kind in ("serverless", "instance"):
            self.ask(kind)
        self.ask_asynchronously("asynchronous")

    def ask(self, endpoint: str) -> None:
        """Ask an endpoint and see why it answers so."""
        answer = self.textcnn("ask", TEXT, "--endpoint", endpoint, "--why", "--model")
        (prediction,) = answer["predictions"]
        assert len(prediction["top"]) == 3
        assert prediction["explanation"]["tokens"]
        assert answer["model"]

    def ask_asynchronously(self, endpoint: str) -> None:
        """Have an endpoint answer what lies in S3, and read the answer there."""
        s3, key = self.client("s3"), "asynchronous/question.json"
        s3.put_object(Bucket=self.bucket, Key=key, Body=json.dumps({"text": TEXT}).encode())
        accepted = self.client("sagemaker-runtime").invoke_endpoint_async(
            EndpointName=endpoint,
            InputLocation=f"s3://{self.bucket}/{key}",
            ContentType="application/json",
        )
        bucket, _, where = accepted["OutputLocation"].removeprefix("s3://").partition("/")

        def answered() -> bool:
            return bool(s3.list_objects_v2(Bucket=bucket, Prefix=where)["KeyCount"])

        wait_until(answered)
        answer = json.loads(s3.get_object(Bucket=bucket, Key=where)["Body"].read())
        assert answer["predictions"][0]["label"]

    def batch(self, job: str) -> None:
        """Classify a file, each line joined with its answer."""
        texts = [letter.text for letter in letters(20, seed=2)]
        documents = self.folder / "documents.jsonl"
        documents.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
        done = self.textcnn(
            "batch", documents.name, "--model", job, "--download", "answers", "--yes"
        )
        (file,) = done["files"]
        lines = (self.folder / file).read_text("utf-8").splitlines()
        joined = [json.loads(line) for line in lines]
        assert [line["text"] for line in joined] == texts

    def update_badly(self) -> None:
        """An update whose model cannot be loaded is rolled back, told, and exits as a failure."""
        key = "jobs/broken/model.tar.gz"
        self.client("s3").put_object(Bucket=self.bucket, Key=key, Body=b"no archive at all")
        uri = f"s3://{self.bucket}/{key}"
        options = (*SCALED, "--image", "latest", "--yes")
        said = self.textcnn("deploy", uri, "--name", "instance", *options, code=1)
        assert "instance" in str(said)
        self.ask("instance")

    def drift(self) -> None:
        """Compare what was captured with the model's baseline."""
        compared = self.textcnn("drift", "instance", "--page", "drift.html")
        assert compared["requests"] >= 2
        assert (self.folder / "drift.html").is_file()

    def page(self, endpoint: str) -> None:
        """Put the page in front of an endpoint, change its key, and ask through it."""
        given = ("page", "deploy", endpoint, "--files", str(write_page(self.folder)), "--yes")
        first = self.textcnn(*given)
        (self.folder / "page" / "index.html").write_text("<!doctype html><title>Another</title>")
        second = self.textcnn(*given, "--new-key")
        assert second["address"] == first["address"]
        assert second["link"] != first["link"]
        browser = Visitor(second["link"])
        assert b"Another" in browser.get("/").body
        assert browser.ask({"text": TEXT}).json()["predictions"][0]["label"]
        assert Visitor(first["link"]).ask({"text": TEXT}).status == 403

    def remove(self) -> None:
        """Leave nothing, after seeing what is there."""
        listed = self.textcnn("ls")
        assert [each["endpoint"] for each in listed["pages"]] == ["serverless"]
        names = {endpoint["name"] for endpoint in listed["endpoints"]}
        assert names == {"serverless", "instance", "asynchronous"}
        self.textcnn("rm", "--all", "--yes")


def walk(life: Life) -> set[str]:
    """Go the whole way, to where nothing is left; return the IAM actions that it needed."""
    life.set_up()
    job = life.train()
    life.deploy(job, life.tune())
    life.batch(job)
    life.update_badly()
    life.drift()
    life.page("serverless")
    life.remove()
    needed = life.emulator.recorded_actions()
    left = remains(life.client)
    assert not left
    return needed


# Service, the method that lists, where the answer holds the list, and what may stay.
LISTS: tuple[tuple[str, str, str], ...] = (
    ("sagemaker", "list_endpoints", "Endpoints"),
    ("sagemaker", "list_endpoint_configs", "EndpointConfigs"),
    ("sagemaker", "list_models", "Models"),
    ("sagemaker", "list_model_package_groups", "ModelPackageGroupSummaryList"),
    ("s3", "list_buckets", "Buckets"),
    ("ecr", "describe_repositories", "repositories"),
    ("iam", "list_roles", "Roles"),
    ("logs", "describe_log_groups", "logGroups"),
    ("cloudwatch", "describe_alarms", "MetricAlarms"),
    ("scheduler", "list_schedules", "Schedules"),
    ("cloudformation", "describe_stacks", "Stacks"),
    ("lambda", "list_functions", "Functions"),
    ("apigatewayv2", "get_apis", "Items"),
)


def remains(client: Client) -> dict[str, list[Any]]:
    """Return what is left in each service; jobs that have ended stay for ever, and cost nothing."""
    found = {
        f"{service}.{method}": getattr(client(service), method)()[member]
        for service, method, member in LISTS
    }
    targets = client("application-autoscaling").describe_scalable_targets(
        ServiceNamespace="sagemaker"
    )
    found["targets"] = targets["ScalableTargets"]
    found["budgets"] = client("budgets").describe_budgets(AccountId="123456789012")["Budgets"]
    for method, member in (
        ("list_distributions", "DistributionList"),
        ("list_origin_access_controls", "OriginAccessControlList"),
        ("list_response_headers_policies", "ResponseHeadersPolicyList"),
    ):
        found[method] = getattr(client("cloudfront"), method)()[member].get("Items", [])
    return {name: left for name, left in found.items() if left}
