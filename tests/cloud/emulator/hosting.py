"""What the tests of endpoints and batch transform share: models in S3, endpoints in service."""

import io
import json
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.support.emulated import Client
from tests.unit.helpers import random_artifact
from text_classification import artifact

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/text-classification:latest"
JSON = "application/json"
BODY = json.dumps({"text": "the policy is good"}).encode()
END_SECONDS = 60.0


def archive_of(folder: Path) -> bytes:
    """Return a folder as model.tar.gz."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as opened:
        opened.add(folder, ".")
    return written.getvalue()


def random_model(seed: int = 0) -> bytes:
    """Return the archive of a model with random weights."""
    with TemporaryDirectory() as scratch:
        artifact.save(random_artifact(seed), Path(scratch) / "model")
        return archive_of(Path(scratch) / "model")


def broken_model() -> bytes:
    """Return an archive that the server cannot load: its ping never says 200."""
    with TemporaryDirectory() as scratch:
        artifact.save(random_artifact(), Path(scratch) / "model")
        (Path(scratch) / "model" / "manifest.json").write_text("{}")
        return archive_of(Path(scratch) / "model")


def wait_for(found: Callable[[], Any], *wanted: Any, seconds: float = END_SECONDS) -> Any:
    """Ask until the answer is one of those wanted, and return it."""
    deadline = time.monotonic() + seconds
    while (value := found()) not in wanted:
        assert time.monotonic() < deadline, f"still {value}"
        time.sleep(0.1)
    return value


def wait_until(condition: Callable[[], bool]) -> None:
    """Ask until the answer is yes."""
    wait_for(condition, True)  # noqa: FBT003 - it is what is waited for


class Hosting:
    """Makes what endpoints are made of, in few words."""

    def __init__(self, client: Client, bucket: str, role: str) -> None:
        self.sagemaker = client("sagemaker")
        self.runtime = client("sagemaker-runtime")
        self.s3 = client("s3")
        self.bucket = bucket
        self.role = role

    def put(self, key: str, body: bytes) -> str:
        """Put an object and return its URI."""
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        return f"s3://{self.bucket}/{key}"

    def model(self, name: str, archive: bytes | None = None, **definition: Any) -> str:
        """Create a model of an archive, a random one unless it is given."""
        url = self.put(f"models/{name}/model.tar.gz", archive or random_model())
        environment = {"MODEL_SERVER_WORKERS": "1", **definition.pop("Environment", {})}
        container = {"Image": IMAGE, "ModelDataUrl": url, "Environment": environment, **definition}
        self.sagemaker.create_model(
            ModelName=name, PrimaryContainer=container, ExecutionRoleArn=self.role
        )
        return name

    def configuration(self, name: str, *models: str, variant: Any = None, **members: Any) -> str:
        """Create a configuration with a variant for each model, named as the model is."""
        hardware = variant or {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        self.sagemaker.create_endpoint_config(
            EndpointConfigName=name,
            ProductionVariants=[
                {"VariantName": model, "ModelName": model, **hardware} for model in models
            ],
            **members,
        )
        return name

    def endpoint(self, name: str, configuration: str, status: str = "InService") -> str:
        """Create an endpoint and wait for its status."""
        self.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=configuration)
        self.wait(name, status)
        return name

    def describe(self, name: str) -> dict[str, Any]:
        """Describe an endpoint."""
        described: dict[str, Any] = self.sagemaker.describe_endpoint(EndpointName=name)
        return described

    def wait(self, name: str, *status: str) -> None:
        """Wait for a status of an endpoint."""
        wait_for(lambda: self.describe(name)["EndpointStatus"], *status)

    def wait_until_gone(self, name: str) -> None:
        """Wait until an endpoint is not listed any more."""

        def is_gone() -> bool:
            found = self.sagemaker.list_endpoints(NameContains=name)["Endpoints"]
            return all(each["EndpointName"] != name for each in found)

        wait_until(is_gone)

    def send(self, endpoint: str, body: bytes = BODY, **members: Any) -> Any:
        """Invoke an endpoint with JSON and return the answer, its body read."""
        members.setdefault("ContentType", JSON)
        response = self.runtime.invoke_endpoint(EndpointName=endpoint, Body=body, **members)
        return {**response, "Body": response["Body"].read()}

    def objects(self, prefix: str) -> dict[str, bytes]:
        """Return what lies below a prefix."""
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return {
            found["Key"]: self.s3.get_object(Bucket=self.bucket, Key=found["Key"])["Body"].read()
            for found in listed.get("Contents", [])
        }
