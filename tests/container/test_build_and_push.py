"""build_and_push.sh against a real registry, with moto's server as ECR and STS."""

import base64
import json
import os
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import boto3
import pytest

from tests.support.docker import Docker
from tests.support.server import Endpoint, free_port
from tests.support.skipping import skip
from tests.support.training import ROOT
from tests.support.waiting import wait_until

pytestmark = pytest.mark.engine

ACCOUNT = "123456789012"
# What moto's ECR hands out as its password.
PASSWORD = f"{ACCOUNT}-auth-token"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


@dataclass(frozen=True)
class Cloud:
    """A registry and an AWS endpoint on this machine."""

    registry: str
    endpoint: str
    environment: dict[str, str]

    def push(self, *arguments: str, **additions: str) -> subprocess.CompletedProcess[str]:
        """Run build_and_push.sh; an empty variable is taken out."""
        merged = {**self.environment, **additions}
        variables = {name: value for name, value in merged.items() if value}
        return subprocess.run(
            [ROOT / "build_and_push.sh", *arguments],
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def ecr(self) -> "boto3.client":
        return boto3.client(
            "ecr",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    def registry_request(
        self, method: str, path: str, media_type: str, body: bytes | None = None
    ) -> bytes:
        """Ask the registry itself."""
        token = base64.b64encode(f"AWS:{PASSWORD}".encode()).decode()
        headers = {"Authorization": f"Basic {token}", "Accept": media_type}
        if body is not None:
            headers["Content-Type"] = media_type
        request = urllib.request.Request(
            f"http://{self.registry}/v2/{path}", body, headers, method=method
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            content: bytes = answer.read()
            return content


@pytest.fixture(scope="module")
def cloud(docker: Docker, full: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A registry that wants ECR's password, and moto's server."""
    assert full  # its layers make the builds here quick
    folder = tmp_path_factory.mktemp("cloud")
    for program in ("docker-registry", "htpasswd", "aws", "moto_server"):
        if not shutil.which(program):
            skip(f"there is no {program} command")
    registry, moto = free_port(), free_port()
    with ExitStack() as processes:
        configuration = _registry_configuration(folder, registry)
        for command in (
            ["docker-registry", "serve", str(configuration)],
            ["moto_server", "-H", "127.0.0.1", "-p", str(moto)],
        ):
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            processes.callback(process.wait)
            processes.callback(process.kill)
        for port in (registry, moto):
            wait_until(partial(_listens, port))
        yield Cloud(
            f"127.0.0.1:{registry}",
            f"http://127.0.0.1:{moto}",
            {
                **os.environ,
                "DOCKER": docker.client,
                "DOCKER_CONFIG": str(folder / "docker"),
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{moto}",
                "AWS_ACCESS_KEY_ID": "testing",
                "AWS_SECRET_ACCESS_KEY": "testing",
                "AWS_REGION": "us-east-1",
                "AWS_CONFIG_FILE": str(folder / "no-config"),
                "AWS_SHARED_CREDENTIALS_FILE": str(folder / "no-credentials"),
                "AWS_EC2_METADATA_DISABLED": "true",
                "REGISTRY": f"127.0.0.1:{registry}",
                "TARGET": "inference",
            },
        )


def _registry_configuration(folder: Path, port: int) -> Path:
    users = subprocess.run(
        ["htpasswd", "-Bbn", "AWS", PASSWORD], capture_output=True, text=True, check=True
    )
    (folder / "users").write_text(users.stdout)
    configuration = {
        "version": 0.1,
        "storage": {"filesystem": {"rootdirectory": str(folder / "registry")}},
        "http": {"addr": f"127.0.0.1:{port}"},
        "auth": {"htpasswd": {"realm": "test", "path": str(folder / "users")}},
    }
    path = folder / "registry.yml"
    path.write_text(json.dumps(configuration))  # JSON is YAML
    return path


def _listens(port: int) -> bool:
    try:
        Endpoint(port).request("GET", "/")
    except OSError:
        return False
    return True


def test_pushes_what_sagemaker_accepts(cloud: Cloud, docker: Docker, trained_model: Path) -> None:
    """The repository is created, the printed URI is pulled back by its digest, and it serves."""
    result = cloud.push("text-classification", "v1", LATEST="1")
    assert result.returncode == 0, result.stderr
    assert f"verified: {MANIFEST}, linux/amd64" in result.stderr
    # The URI is all there is on the standard output.
    assert re.fullmatch(
        rf"{cloud.registry}/text-classification@sha256:[0-9a-f]{{64}}\n", result.stdout
    )
    uri = result.stdout.strip()
    named = cloud.ecr.describe_repositories(repositoryNames=["text-classification"])
    (repository,) = named["repositories"]
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    tags = json.loads(cloud.registry_request("GET", "text-classification/tags/list", "*/*"))
    assert set(tags["tags"]) >= {"v1", "latest"}
    for tag in ("v1", "latest"):
        docker("rmi", f"{cloud.registry}/text-classification:{tag}")
    docker("pull", uri, env=cloud.environment)
    with docker.serving(uri, trained_model) as container:
        container.wait_until_ready()
    docker("rmi", "--force", uri)


@pytest.mark.exhaustive
def test_image_carries_the_git_hash(cloud: Cloud) -> None:
    """Without a tag the git hash is the tag."""
    result = cloud.push("--dry-run", "text-classification")
    command = ["git", "rev-parse", "--short=12", "HEAD"]
    head = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert f"{cloud.registry}/text-classification:{head.stdout.strip()}" in result.stderr


@pytest.mark.exhaustive
def test_immutable_tag_is_left_and_a_foreign_manifest_refused(cloud: Cloud) -> None:
    """A tag that may not change is not pushed again; an OCI manifest under it is told."""
    cloud.ecr.create_repository(repositoryName="frozen", imageTagMutability="IMMUTABLE")
    first = cloud.push("frozen", "v1")
    assert first.returncode == 0, first.stderr
    again = cloud.push("frozen", "v1")
    assert "the tag v1 is there and may not be changed: not pushed" in again.stderr
    assert again.stdout == first.stdout
    manifest = json.loads(cloud.registry_request("GET", "frozen/manifests/v1", MANIFEST))
    manifest["mediaType"] = OCI_MANIFEST
    manifest["config"]["mediaType"] = "application/vnd.oci.image.config.v1+json"
    for layer in manifest["layers"]:
        layer["mediaType"] = "application/vnd.oci.image.layer.v1.tar+gzip"
    body = json.dumps(manifest).encode()
    cloud.registry_request("PUT", "frozen/manifests/oci", OCI_MANIFEST, body)
    refused = cloud.push("frozen", "oci")
    assert refused.returncode == 1
    assert f"the registry holds a {OCI_MANIFEST}" in refused.stderr


def test_dry_run_changes_nothing(cloud: Cloud) -> None:
    """It says every step, builds nothing and creates nothing."""
    result = cloud.push("--dry-run", "only-a-thought", "v1")
    assert result.returncode == 0, result.stderr
    assert "create-repository" in result.stderr
    names = [each["repositoryName"] for each in cloud.ecr.describe_repositories()["repositories"]]
    assert "only-a-thought" not in names
