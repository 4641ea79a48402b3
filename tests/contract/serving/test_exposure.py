"""What strangers can do, and what they learn: hostile models, hostile requests, open files."""

import json
import re
import socket
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from tests.contract.serving.test_hosting import FAULTS, ping_when_loaded
from tests.support.server import Server
from tests.support.training import TrainingEnvironment
from tests.unit.helpers import random_artifact
from tests.unit.hostile import reseal
from text_classification import artifact

ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"


def asked(server: Server, request: bytes) -> bytes:
    """Send bytes as they are, and return those of the answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("name", FAULTS)
def test_answers_name_no_versions_and_no_places(shared_server: Server, name: str) -> None:
    """No header and no error tells what runs here, or where it lies."""
    method, path, body, headers, *_ = FAULTS[name]
    answer = shared_server.request(method, path, body or None, headers)
    text = f"{answer.headers}{answer.body.decode()}"
    assert not {"X-Powered-By", "Via"} & set(answer.headers)
    assert answer.headers.get("Server", "nginx") == "nginx"
    assert not re.search(r"gunicorn|werkzeug|flask|traceback|/opt|/tmp|/usr", text.lower())


@pytest.mark.parametrize("between", [b"\r", b"\n", b"\r\n\t", b"\0"])
def test_custom_attributes_cannot_split_an_answer(shared_server: Server, between: bytes) -> None:
    """What comes back of them is one header of the caller's, or none."""
    answer = asked(
        shared_server,
        b"POST /invocations HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n"
        b"Content-Type: application/json\r\n"
        b"%s: a%sX-Evil: 1\r\n\r\n{" % (ATTRIBUTES.encode(), between),
    )
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = re.split(rb"[\r\n]+", head)
    assert lines[0].startswith(b"HTTP/1.1 400")
    assert not any(line.startswith(b"X-Evil") for line in lines)
    assert json.loads(body)["error"]["code"] in {"BODY_INVALID", "OPTION_INVALID"}


def test_log_holds_no_line_of_a_caller(server: Server) -> None:
    """Neither headers nor texts reach it, whatever is asked for."""
    forged = "2026-01-01 00:00:00,000 INFO all is well"
    for content_type in ("application/json", forged, "text/csv; text_column=" + forged):
        server.invocations(f'"{forged}"', content_type, **{ATTRIBUTES: forged})
    server.request("GET", f"/{forged.replace(' ', '%0a')}")
    assert server.stop() == 0
    assert "all is well" not in server.log
    assert "all%0ais" not in server.log


@pytest.mark.usefixtures("server")
def test_temporary_files_are_for_nobody_else(model_root: Path) -> None:
    """The folder with the socket and the bodies opens to the server's own user alone."""
    folders = list((model_root / "tmp").iterdir())
    assert folders
    for folder in folders:
        assert folder.stat().st_mode & 0o777 == 0o700


def _huge_weights(model: Path) -> None:
    weights = load_file(model / artifact.WEIGHTS)
    save_file(
        {name: np.full_like(array, 3e38) for name, array in weights.items()},
        model / artifact.WEIGHTS,
    )


def _json_bomb(model: Path) -> None:
    (model / artifact.METRICS).write_bytes(b"[" * 1_000_000)


def _link(model: Path) -> None:
    (model / artifact.LABELS).unlink()
    (model / artifact.LABELS).symlink_to("/etc/hostname")


# What is done to a model, what the server says of it, and what a job.
HOSTILE: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "weights": (
        _huge_weights,
        "so large that a document has no scores",
        "TRAINING_DIVERGED: the loss is no number",
    ),
    "JSON": (
        _json_bomb,
        "metrics.json cannot be read",
        "ARTIFACT_CORRUPT: the model does not hold together: metrics.json cannot be read",
    ),
    "link": (
        _link,
        "labels.json is a link that leads out of the folder",
        "ARTIFACT_CORRUPT: the archive cannot be unpacked: 'labels.json' is neither",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_model_turns_ping_503_with_the_reason(
    start_server: Callable[..., Server], model_root: Path, name: str
) -> None:
    """Its hashes are right, and the server lives to tell what is wrong."""
    change, reason, _ = HOSTILE[name]
    change(model_root / "model")
    reseal(model_root / "model")
    server = start_server(ready=False)
    error = ping_when_loaded(server)
    assert error["code"] == "MODEL_NOT_READY"
    assert reason in error["message"]
    assert error["remedy"]
    assert str(model_root) not in json.dumps(error)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_model_ends_a_job_with_the_reason(
    training: TrainingEnvironment, tmp_path: Path, name: str
) -> None:
    """A job that is to go on from one leaves the reason and no model, and exits with 1."""
    change, _, reason = HOSTILE[name]
    artifact.save(random_artifact(), tmp_path / "earlier")
    change(tmp_path / "earlier")
    reseal(tmp_path / "earlier")
    training.write_csv("train/a.csv", [("bad", "a bad bill"), ("good", "a good policy")] * 20)
    with tarfile.open(training.write("model/model.tar.gz", ""), "w:gz") as archive:
        archive.add(tmp_path / "earlier", "")
    job = training.run()
    assert job.code == 1
    assert job.failure.startswith(reason)
    assert not list(training.model.glob("*"))
