"""What build_and_push.sh asks of AWS and tells before it builds; no engine is needed for that."""

import base64
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.support.training import ROOT

ACCOUNT = "123456789012"
IDENTITY = (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
    f"<GetCallerIdentityResult><Account>{ACCOUNT}</Account></GetCallerIdentityResult>"
    "</GetCallerIdentityResponse>"
)
ANY_CLIENT = "true"  # a program that does as it is told, and nothing


@dataclass
class Aws:
    """STS and ECR as far as a dry run goes; the AWS command line asks them.

    answers: what ECR answers to each operation, an error where there is a ``__type``.
    """

    url: str
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def push(
        self, *arguments: str, changes: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run build_and_push.sh; an empty variable is taken out."""
        variables = {
            **os.environ,
            "DOCKER": ANY_CLIENT,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": "us-east-1",
            "AWS_CONFIG_FILE": "/no-config",
            "AWS_SHARED_CREDENTIALS_FILE": "/no-credentials",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
            **(changes or {}),
        }
        return subprocess.run(
            [ROOT / "build_and_push.sh", *arguments],
            env={name: value for name, value in variables.items() if value},
            capture_output=True,
            text=True,
            check=False,
        )


def login(host: str) -> dict[str, Any]:
    """Return ECR's answer to GetAuthorizationToken."""
    token = base64.b64encode(b"AWS:password").decode()
    return {
        "authorizationData": [{"authorizationToken": token, "proxyEndpoint": f"https://{host}"}]
    }


@pytest.fixture
def aws() -> Iterator[Aws]:
    """An AWS whose registry exists in the region us-east-1, and holds no repository."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
            answer = found.answers.get(operation, {"__type": "RepositoryNotFoundException"})
            body = json.dumps(answer) if operation else IDENTITY
            self.send_response(400 if operation and "__type" in answer else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Print nothing for a request."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Aws(f"http://127.0.0.1:{server.server_port}")
        found.answers["GetAuthorizationToken"] = login(f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com")
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield found
        server.shutdown()
        thread.join()


def test_the_registry_is_the_one_that_ecr_names(aws: Aws) -> None:
    """Partitions have suffixes of their own, and there will be more of them."""
    host = f"{ACCOUNT}.dkr.ecr.eusc-de-east-1.amazonaws.eu"
    aws.answers["GetAuthorizationToken"] = login(host)
    result = aws.push("--dry-run", "name", "v1", changes={"AWS_REGION": "eusc-de-east-1"})
    assert result.returncode == 0, result.stderr
    assert f"image {host}/name:v1" in result.stderr
    assert f"docker login {host}" in result.stderr
    assert "create-repository --repository-name name" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("GetAuthorizationToken", "ECR gave no login in us-east-1"),
        ("DescribeRepositories", "ECR does not tell of repositories"),
    ],
)
def test_what_aws_refuses_is_told_in_its_own_words(aws: Aws, operation: str, message: str) -> None:
    """A missing permission is neither a missing repository nor a missing login."""
    aws.answers[operation] = {"__type": "AccessDeniedException", "message": "not for you"}
    result = aws.push("--dry-run", "name", "v1")
    assert result.returncode == 1
    assert message in result.stderr
    assert "AccessDeniedException" in result.stderr
    assert "not for you" in result.stderr


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "Could not connect to the endpoint URL"),
        ({"AWS_ACCESS_KEY_ID": ""}, "credentials"),
    ],
)
def test_aws_that_cannot_be_asked(aws: Aws, changes: dict[str, str], cause: str) -> None:
    """A region that does not exist is not taken for credentials that are not valid."""
    result = aws.push("name", changes=changes)
    assert result.returncode == 1
    assert cause in result.stderr
    assert "the credentials ('aws configure', 'aws sso login') and the region" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "changes", "code", "message"),
    [
        (("--help",), {}, 0, "usage: ./build_and_push.sh"),
        ((), {}, 2, "usage: ./build_and_push.sh"),
        (("a", "b", "c"), {}, 2, "usage: ./build_and_push.sh"),
        (("Name",), {}, 1, "'Name' is no repository name"),
        (("name", "two words"), {}, 1, "'two words' is no image tag"),
        (("name",), {"DOCKER": "no-docker"}, 1, "there is no no-docker command"),
        (("name",), {"DOCKER": "false"}, 1, "engine cannot be reached"),
        (("name",), {"AWS_REGION": ""}, 1, "no region: set AWS_REGION"),
    ],
)
def test_clear_errors(
    aws: Aws, arguments: tuple[str, ...], changes: dict[str, str], code: int, message: str
) -> None:
    """What is missing is told before anything is built; only help is what was asked for."""
    result = aws.push(*arguments, changes=changes)
    assert result.returncode == code
    assert message in (result.stderr if code else result.stdout)
