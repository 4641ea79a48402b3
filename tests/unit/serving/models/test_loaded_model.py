"""serving/models/loaded_model.py."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.helpers import kim_of, random_artifact, random_weights
from text_classification import artifact
from text_classification.cnn.architectures.kim.network import KimNetwork
from text_classification.errors import Code, RequestError
from text_classification.serving.models.loaded_model import LoadedModel


def test_whole_model_answers(tmp_path: Path) -> None:
    """The classifier of the artifact is handed out."""
    artifact.save(random_artifact(labels=("yes", "no")), tmp_path)
    assert LoadedModel(tmp_path, 1).classifier.labels == ("yes", "no")


def test_tables_take_no_more_memory_than_they_may(tmp_path: Path) -> None:
    """The setting reaches the tables: rows of 120,000 bytes, of which 8 are a mebibyte."""
    configuration = replace(kim_of(random_artifact()), filters=5000)
    weights = random_weights(configuration, np.random.default_rng(0))
    large = replace(random_artifact(), configuration=configuration, weights=weights)
    artifact.save(large, tmp_path)
    found = []
    for size in (1, 2, 9):
        network = LoadedModel(tmp_path, size).classifier._network
        assert isinstance(network, KimNetwork)
        found.append(network.tables.rows)
    assert found == [8, 17, configuration.vocabulary_size]


def test_broken_model_says_why_each_time(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The log tells it once, with the place; every caller gets 503 with reason and remedy."""
    artifact.save(random_artifact(), tmp_path)
    (tmp_path / artifact.WEIGHTS).write_bytes(b"")
    model = LoadedModel(tmp_path, 1)
    for _ in range(2):
        with pytest.raises(RequestError, match="safetensors is not the file") as raised:
            _ = model.classifier
        assert (raised.value.status, raised.value.code) == (503, Code.MODEL_NOT_READY)
        assert "model.tar.gz" in raised.value.remedy
    assert [str(tmp_path) in message for message in caplog.messages] == [True]


@pytest.mark.parametrize(
    ("error", "reason"),
    [(MemoryError(), "too little memory"), (OSError(2, "No such file", "/secret"), "with FileNot")],
)
def test_any_failure_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    """A server that dies of its model is started again and again; callers learn no path."""
    artifact.save(random_artifact(), tmp_path)

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(KimNetwork, "probabilities", fail)
    model = LoadedModel(tmp_path, 1)
    with pytest.raises(RequestError, match=reason) as raised:
        _ = model.classifier
    assert raised.value.status == 503
    assert raised.value.remedy
    assert "secret" not in str(raised.value)
