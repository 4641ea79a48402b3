"""A soak of seconds: what ``make soak`` does for minutes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.soak.checked_requests import requests
from benchmarks.soak.load_clients import Tally
from tests.support.training import ROOT, environment
from tests.unit.helpers import random_artifact
from text_classification.inference.classifier import Classifier


@pytest.mark.exhaustive
def test_nothing_is_lost_in_seconds_of_faults(model_root: Path) -> None:
    """Workers are killed, nginx is reloaded, others misbehave; every answer is right."""
    result = subprocess.run(
        [sys.executable, "-m", "benchmarks.soak", "--minutes", "0.3", "--root", model_root],
        env=environment(model_root, PYTHONPATH=f"{ROOT / 'container'}:{ROOT}"),
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(result.stdout.rpartition("RESULT ")[2])
    assert result.returncode == 0, result.stdout
    assert found["right"] == found["accepted"] > 0
    assert found["lost"] == found["wrong"] == found["pings_failed"] == 0
    assert found["workers_killed"] >= 2
    assert found["nginx_reloaded"] >= 1
    assert found["malformed_clients"] > 10
    assert found["slow_clients"] >= 20


def test_soak_knows_a_wrong_answer() -> None:
    """Another label, another score, one answer less or none at all are not right."""
    for request in requests(Classifier(random_artifact()), ["good", "bad"]):
        assert not request.accepts(b"")
        assert not request.accepts(b'{"predictions": []}')
        assert not request.accepts(b'[{"label": ["__label__x"], "prob": [0.5]}]')


@pytest.mark.parametrize("outcome", ["lost", "wrong"])
def test_soak_remembers_what_went_wrong(outcome: str) -> None:
    """The first problems are shown, and all of them are counted."""
    tally = Tally()
    for turn in range(100):
        tally.count(outcome, f"problem {turn}")
    assert getattr(tally, outcome) == 100
    assert tally.problems[0] == f"{outcome}: problem 0"
    assert len(tally.problems) < 100
