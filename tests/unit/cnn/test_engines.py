"""cnn/engines.py: which engine computes the steps, and what happens without a compiler."""

import logging
from pathlib import Path

import numpy as np
import pytest

from tests.unit.helpers import (
    corpus_of,
    kim_of,
    pooled_artifact,
    random_artifact,
    stacked_artifact,
    without_compiled_kernels,
)
from text_classification.artifact import Artifact
from text_classification.cnn import engines
from text_classification.cnn.architectures.kim.fast_engine import FastEngine
from text_classification.cnn.engines import create_engine, export_keras
from text_classification.cnn.learning_rate import LearningRate

MODEL = random_artifact()
CONFIGURATION = kim_of(MODEL)


@pytest.mark.parametrize(
    ("name", "gpu", "cpu_build", "expected"),
    [
        ("auto", False, False, "FastEngine"),
        ("auto", True, False, "KerasEngine"),
        ("auto", True, True, "FastEngine"),
        ("fast", True, False, "FastEngine"),
        ("keras", False, True, "KerasEngine"),
    ],
)
def test_engine_follows_name_and_machine(
    monkeypatch: pytest.MonkeyPatch, name: str, *, gpu: bool, cpu_build: bool, expected: str
) -> None:
    """Auto is fast on a processor and keras where it can use a GPU."""
    monkeypatch.setattr(engines, "has_gpu", lambda: gpu)
    monkeypatch.setattr(engines, "is_cpu_build", lambda: cpu_build)
    engine = create_engine(name, CONFIGURATION, learning_rate=LearningRate(1e-3), seed=0)
    assert type(engine).__name__ == expected


@pytest.mark.parametrize("model", [stacked_artifact(), pooled_artifact()])
def test_auto_takes_keras_for_what_fast_does_not_know(
    monkeypatch: pytest.MonkeyPatch, model: Artifact
) -> None:
    """Other architectures on a processor; asked for by name, fast refuses them."""
    monkeypatch.setattr(engines, "has_gpu", lambda: False)
    configuration, rate = model.configuration, LearningRate(1e-3)
    engine = create_engine("auto", configuration, learning_rate=rate, seed=0)
    assert type(engine).__name__ == "KerasEngine"
    with pytest.raises(ValueError, match=f"fast does not know {configuration.architecture}"):
        create_engine("fast", configuration, learning_rate=rate, seed=0)


def test_both_engines_start_from_the_same_weights() -> None:
    """The seed decides the start, not the engine."""
    fast, keras = (
        create_engine(name, CONFIGURATION, learning_rate=LearningRate(1e-3), seed=5).get_weights()
        for name in ("fast", "keras")
    )
    for name, array in fast.items():
        np.testing.assert_array_equal(keras[name], array)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:keras")
def test_export_writes_a_keras_file(tmp_path: Path) -> None:
    """Keras' own format, a zip archive."""
    export_keras(CONFIGURATION, MODEL.weights, tmp_path / "model.keras")
    assert (tmp_path / "model.keras").read_bytes().startswith(b"PK")


def test_without_a_compiler_the_reference_trains_and_it_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The same weights but for rounding, slower, with one warning."""
    corpus = corpus_of(np.random.default_rng(1).integers(1, 20, (6, 8)).tolist())
    labels = np.array([0, 1, 2, 0, 1, 2], np.int32)

    def trained() -> FastEngine:
        engine = FastEngine(CONFIGURATION, learning_rate=LearningRate(1e-3), seed=0)
        for _ in range(3):
            engine.train_batch(corpus.batch(np.arange(6), 8, engine.padding), labels)
        return engine

    compiled = trained().get_weights()
    with caplog.at_level(logging.WARNING), without_compiled_kernels():
        by_reference = trained().get_weights()
    assert caplog.text.count("the kernels are not compiled here") == 1
    for name, array in compiled.items():
        np.testing.assert_allclose(by_reference[name], array, atol=1e-6)
