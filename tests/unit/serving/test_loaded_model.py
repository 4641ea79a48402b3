"""serving/loaded_model.py."""

from pathlib import Path

import pytest

from tests.unit.helpers import random_artifact
from text_classification import artifact
from text_classification.errors import Code, RequestError
from text_classification.serving.loaded_model import LoadedModel


def test_whole_model_answers(tmp_path: Path) -> None:
    """The classifier of the artifact is handed out."""
    artifact.save(random_artifact(labels=("yes", "no")), tmp_path)
    assert LoadedModel(tmp_path).classifier.labels == ("yes", "no")


def test_broken_model_says_why_each_time(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The log tells it once, with the place; every caller gets 503 with reason and remedy."""
    artifact.save(random_artifact(), tmp_path)
    (tmp_path / artifact.WEIGHTS).write_bytes(b"")
    model = LoadedModel(tmp_path)
    for _ in range(2):
        with pytest.raises(RequestError, match="safetensors is not the file") as raised:
            _ = model.classifier
        assert (raised.value.status, raised.value.code) == (503, Code.MODEL_NOT_READY)
        assert "model.tar.gz" in raised.value.remedy
    assert [str(tmp_path) in message for message in caplog.messages] == [True]
