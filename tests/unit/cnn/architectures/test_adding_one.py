"""An architecture is a folder and a line in the registry: all else is the ordinary code."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.unit.helpers import write_configuration
from text_classification import artifact
from text_classification.cnn.architectures import registry
from text_classification.contract.paths import Paths
from text_classification.contract.settings import Settings
from text_classification.errors import ConfigurationError
from text_classification.inference.classifier import Classifier
from text_classification.machine.signals import StopRequest
from text_classification.predict import create_app
from text_classification.training.hyperparameters.parse import parse_hyperparameters
from text_classification.training.job import run

TEXTS = {"good": "great fine service thanks", "bad": "awful poor ugly service"}


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the registry have one line more."""
    folders = (*registry.FOLDERS, "tests.unit.cnn.architectures.tiny")
    monkeypatch.setattr(registry, "FOLDERS", folders)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:keras")
def test_another_architecture_trains_is_saved_served_and_explained(
    tmp_path: Path, paths: Paths
) -> None:
    """By the job and the server of all others."""
    rows = [f"{label},{text} {number}\n" for number in range(30) for label, text in TEXTS.items()]
    (paths.data / "train").mkdir(parents=True)
    (paths.data / "train/a.csv").write_text("".join(rows))
    write_configuration(paths.hyperparameters, {"recipe": "tiny", "report": "false"})
    settings = Settings(root=tmp_path, scratch=tmp_path)
    run(settings, StopRequest())

    model = artifact.load(paths.model)
    assert model.configuration.architecture == "tiny.v1"
    assert model.metrics["validation"]["accuracy"] > 0.9
    assert (paths.model / artifact.KERAS).is_file()

    client = create_app(settings).test_client()
    body, header = json.dumps("a great service"), "application/json; explain=true"
    answer = client.post("/invocations", data=body, headers={"Content-Type": header})
    (prediction,) = answer.get_json()["predictions"]
    assert prediction["label"] == "good"

    classifier = Classifier(model)
    explained = classifier.explain("a great service", "good")
    ids = classifier._encode([b"a great service"])
    logits = classifier._network.logits(ids.ids, ids.offsets)
    expected = logits[0, model.labels.index("good")]
    np.testing.assert_allclose(explained.values.sum() + explained.constant, expected, rtol=1e-5)


def test_its_hyperparameters_are_those_that_it_names() -> None:
    """Its recipe brings its defaults, and what it does not know is refused."""
    assert parse_hyperparameters({"recipe": "tiny"}).embedding_size == 8
    with pytest.raises(ConfigurationError, match="the recipe tiny does not know filters"):
        parse_hyperparameters({"recipe": "tiny", "filters": "8"})
