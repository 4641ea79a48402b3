"""The scripts of local_test/, as the README tells a person to use them."""

import csv
import io
import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.docker import Docker
from tests.support.server import Endpoint, free_port
from tests.support.training import ROOT

pytestmark = pytest.mark.engine

SCRIPTS = ROOT / "local_test"


def test_train_serve_predict(docker: Docker, full: str, trained_model: Path) -> None:
    """The sample is learned (accuracy is earned, not given), served, and asked in every format."""
    metrics = json.loads((trained_model / "metrics.json").read_text())
    assert 0.88 < metrics["test"]["accuracy"] < 1
    port = free_port()
    variables = {
        **os.environ,
        "TEST_DIR": str(trained_model.parent),
        "DOCKER": docker.client,
        "PORT": str(port),
    }
    server = subprocess.Popen([SCRIPTS / "serve_local.sh", full], env=variables)
    try:
        Endpoint(port).wait_until_ready(server)
        assert _predict("payload.txt", variables) == ["RETURNED CHECK"]
        assert _predict("payload.json", variables) == ["BINDER", "DELETION OF INTEREST"]
        assert _predict("payload.jsonl", variables) == ["CANCELLATION NOTICE", "BILL"]
        assert _predict("payload.csv", variables) == ["REINSTATEMENT NOTICE", "POLICY CHANGE"]
        rows = _run("payload.csv", variables | {"ACCEPT": "text/csv"})
        assert [row[0] for row in csv.reader(io.StringIO(rows))][1] == "POLICY CHANGE"
    finally:
        server.terminate()
        assert server.wait(40) == 0


def _run(name: str, variables: dict[str, str]) -> str:
    command = [SCRIPTS / "predict.sh", SCRIPTS / name]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=True).stdout


def _predict(name: str, variables: dict[str, str]) -> list[str]:
    return [each["label"] for each in json.loads(_run(name, variables))["predictions"]]


@pytest.mark.parametrize("script", ["train_local.sh", "serve_local.sh"])
def test_missing_image_is_told(docker: Docker, script: str) -> None:
    """One line says how to build it."""
    result = subprocess.run(
        [SCRIPTS / script, "no-such-image"],
        env={**os.environ, "DOCKER": docker.client},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "there is no image no-such-image here" in result.stderr
