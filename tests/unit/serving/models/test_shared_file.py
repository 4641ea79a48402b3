"""serving/models/shared_file.py: a classifier that processes share."""

import errno
import gc
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.helpers import (
    kim_of,
    pooled_artifact,
    random_artifact,
    random_ngrams,
    random_weights,
    stacked_artifact,
    without_compiled_kernels,
)
from text_classification.artifact import Artifact
from text_classification.inference.classifier import Classifier
from text_classification.serving.models.shared_file import (
    Description,
    Identity,
    open_shared,
    read_description,
    write_shared,
)

TEXTS = ["good policy, bad bill", "", "the lender paid " * 40]
LETTERS = Description("letters / Briefe", "/opt/ml/models/é/model")
MODELS: dict[str, Callable[[], Artifact]] = {
    "float32": random_artifact,
    "int8": lambda: random_artifact(int8=True),
    "ngrams": lambda: replace(random_artifact(), ngrams=random_ngrams()),
    "attention": pooled_artifact,
    "stacked": stacked_artifact,
    "floor": lambda: replace(random_artifact(), confidence_floor=0.7),
}


def large_artifact() -> Artifact:
    """Return a model of which some tokens do not fit a table of a mebibyte."""
    configuration = replace(kim_of(random_artifact()), filters=5000)
    weights = random_weights(configuration, np.random.default_rng(0))
    return replace(random_artifact(), configuration=configuration, weights=weights)


def mapped(path: Path) -> bool:
    """Tell whether this process has a file mapped, be it there or gone."""
    return str(path) in Path("/proc/self/maps").read_text("utf-8")


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("name", MODELS)
def test_answers_are_those_of_the_original(name: str, tmp_path: Path, *, compiled: bool) -> None:
    """Scores, explanations, labels and floor, with the compiled kernels and without."""
    path = tmp_path / "shared"
    if compiled:
        _compare(MODELS[name](), path)
    else:
        with without_compiled_kernels():
            _compare(MODELS[name](), path)


def _compare(artifact: Artifact, path: Path) -> None:
    original = Classifier(artifact)
    write_shared(original, LETTERS, path)
    shared, _ = open_shared(path)
    assert (shared.labels, shared.confidence_floor) == (original.labels, original.confidence_floor)
    expected, found = original.classify(TEXTS), shared.classify(TEXTS)
    np.testing.assert_array_equal(found.probabilities, expected.probabilities)
    np.testing.assert_array_equal(found.unknown_tokens, expected.unknown_tokens)
    for text in TEXTS:
        one, other = (each.explain(text, shared.labels[0]) for each in (original, shared))
        np.testing.assert_array_equal(one.values, other.values)
        assert (one.tokens, one.constant) == (other.tokens, other.constant)


def test_tokens_beyond_the_tables_are_shared_too(tmp_path: Path) -> None:
    """What is projected as it occurs comes out alike."""
    original = Classifier(large_artifact(), tables_mb=1)
    write_shared(original, LETTERS, tmp_path / "shared")
    shared, _ = open_shared(tmp_path / "shared")
    np.testing.assert_array_equal(
        shared.classify(TEXTS).probabilities, original.classify(TEXTS).probabilities
    )


def test_numbers_are_in_memory_once(tmp_path: Path) -> None:
    """What each process has for itself is a few kilobytes, however large the model is."""
    path = tmp_path / "shared"
    write_shared(Classifier(replace(large_artifact(), ngrams=random_ngrams())), LETTERS, path)
    own, *shared = json.loads(path.read_bytes().partition(b"\n")[0])["sizes"]
    assert own < 10_000 < sum(shared) / 100


def test_file_says_what_it_holds(tmp_path: Path) -> None:
    """Without anything else being read."""
    write_shared(Classifier(random_artifact()), LETTERS, tmp_path / "shared")
    assert read_description(tmp_path / "shared") == LETTERS


def test_file_that_is_gone_is_there_while_it_is_asked(tmp_path: Path) -> None:
    """Its memory goes with the last classifier, and not before."""
    path = tmp_path / "shared"
    write_shared(Classifier(random_artifact()), LETTERS, path)
    shared, _ = open_shared(path)
    path.unlink()
    assert mapped(path)
    assert len(shared.classify(TEXTS)) == len(TEXTS)
    del shared
    gc.collect()
    assert not mapped(path)


def test_another_file_has_another_identity(tmp_path: Path) -> None:
    """Even of the same content, in the same place."""
    identities = set()
    opened = []
    for _ in range(3):
        path = tmp_path / "shared"
        path.unlink(missing_ok=True)
        write_shared(Classifier(random_artifact()), LETTERS, path)
        shared, identity = open_shared(path)
        assert identity == Identity.of(path.stat())
        opened.append(shared)
        identities.add(identity)
    assert len(identities) == len(opened)


def test_full_disk_is_told() -> None:
    """The error is the system's."""
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        write_shared(Classifier(random_artifact()), LETTERS, Path("/dev/full"))
