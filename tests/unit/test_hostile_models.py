"""Models from a stranger are refused with a reason, or answer; see ``hostile``."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from tests.support.exhaustive import examples
from tests.unit.helpers import random_artifact, random_ngrams
from tests.unit.hostile import MODELS, forge, is_answered, reseal
from text_classification import artifact, model_files
from text_classification.errors import ArtifactError, Code, ResourceError
from text_classification.inference.classifier import Classifier


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model with n-grams, as training writes it."""
    artifact.save(replace(random_artifact(), ngrams=random_ngrams()), tmp_path / "model")
    return tmp_path / "model"


def refused(folder: Path) -> str:
    """Seal a folder, assert that it is refused, and return the reason."""
    reseal(folder)
    with pytest.raises(ArtifactError) as raised:
        artifact.load(folder)
    assert raised.value.code == Code.ARTIFACT_CORRUPT
    return raised.value.message


@settings(max_examples=examples(250))
@given(name=st.sampled_from(sorted(MODELS)), seed=st.integers(0, 2**32))
def test_any_change_is_refused_or_harmless(name: str, seed: int) -> None:
    """Whatever is changed in a model of any kind, one error comes of it or sound answers."""
    with TemporaryDirectory() as folder:
        artifact.save(MODELS[name], Path(folder))
        forge(Path(folder), Random(seed))
        is_answered(Path(folder), Random(seed))


@pytest.mark.parametrize("name", sorted(MODELS))
def test_models_answer_as_long_as_nothing_is_changed(tmp_path: Path, name: str) -> None:
    """So that the test before has something to tell apart."""
    artifact.save(MODELS[name], tmp_path)
    reseal(tmp_path)
    assert is_answered(tmp_path, Random(0))


@pytest.mark.parametrize("name", [artifact.MANIFEST, *artifact.SERVED])
def test_link_that_leads_out_is_refused(folder: Path, name: str) -> None:
    """Nothing is read for a model that lies elsewhere on the machine."""
    (folder / name).rename(folder.parent / name)
    (folder / name).symlink_to(folder.parent / name)
    with pytest.raises(ArtifactError, match=f"{name} is a link that leads out of the folder"):
        artifact.load(folder)


def test_link_within_the_folder_is_followed(folder: Path) -> None:
    """That is how some mounts have their files; the folder itself may be a link as well."""
    (folder / artifact.LABELS).rename(folder / "..data")
    (folder / artifact.LABELS).symlink_to("..data")
    (folder.parent / "link").symlink_to(folder)
    assert artifact.load(folder.parent / "link").labels == random_artifact().labels


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to(path)])
@pytest.mark.parametrize("name", [artifact.MANIFEST, *artifact.SERVED])
def test_what_is_no_file_is_missing(folder: Path, name: str, make: Callable[[Path], None]) -> None:
    """A pipe would be waited for without end, a link to itself followed."""
    (folder / name).unlink()
    make(folder / name)
    with pytest.raises(ArtifactError, match=f"{name} is missing"):
        artifact.load(folder)


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": 1, "a": 1}',
        b"[NaN]",
        b"[-Infinity]",
        b"[1e999]",
        b"[" + b"9" * 5000 + b"]",
        b'["\xff"]',
        "[1]".encode("utf-16"),
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=lambda content: repr(content[:20]),
)
@pytest.mark.parametrize("name", [artifact.CONFIGURATION, artifact.LABELS, artifact.METRICS])
def test_json_beyond_the_standard_is_refused(folder: Path, name: str, content: bytes) -> None:
    """The reason names the file."""
    (folder / name).write_bytes(content)
    assert f"{name} cannot be read: " in refused(folder)


@pytest.mark.parametrize("name", [artifact.CONFIGURATION, artifact.LABELS, artifact.METRICS])
def test_enormous_json_is_refused_unread(folder: Path, name: str) -> None:
    """Parsed, it would take gigabytes."""
    (folder / name).write_bytes(b"[" + b"[]," * (model_files.MOST_JSON_BYTES // 3) + b"[]]")
    assert refused(folder).endswith(f"{name} is larger than 16 MiB")


def test_enormous_header_is_refused_unread(folder: Path) -> None:
    """Arrays may say as much of themselves as some hundreds of them have to say."""
    header = b"{" + b" " * model_files.MOST_HEADER_BYTES + b"}"
    (folder / artifact.WEIGHTS).write_bytes(len(header).to_bytes(8, "little") + header)
    assert refused(folder).endswith(f"{artifact.WEIGHTS} has a header of more than 1 MiB")


def test_model_larger_than_the_memory_is_refused_unread(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file may be all holes and of any size."""
    monkeypatch.setattr(model_files, "memory_limit", lambda: 1 << 30)
    os.truncate(folder / artifact.WEIGHTS, 1 << 40)
    with pytest.raises(ResourceError, match=r"has 1048576 MiB and the container 1024 MiB"):
        artifact.load(folder)


def test_vocabulary_is_not_indexed_beyond_the_embedding(folder: Path) -> None:
    """Lines are counted first."""
    (folder / artifact.VOCABULARY).write_bytes(b"a\n" * (1 << 22))
    assert refused(folder).endswith(f"{artifact.VOCABULARY} does not have 32 lines")


@pytest.mark.parametrize(
    ("name", "value"),
    [("strange", -1), ("words.squares", -1), ("characters.squares", -1e-30), ("pairs", 34)],
)
def test_ngrams_without_a_length_are_refused(folder: Path, name: str, value: float) -> None:
    """Squares and their roots are of numbers from 0 on."""
    arrays = load_file(folder / artifact.NGRAMS)
    arrays[name].flat[-1] = value
    save_file(arrays, folder / artifact.NGRAMS)
    assert f"{artifact.NGRAMS} and {artifact.CHARACTERS} are no n-grams" in refused(folder)


@pytest.mark.parametrize("model", [MODELS["kim"], MODELS["stacked"], MODELS["pooled"]])
def test_weights_too_large_for_scores_are_told(model: Any) -> None:
    """Each of them is finite, what comes of them is not: an error that says so, and no NaN."""
    weights = {name: np.full_like(array, 3e38) for name, array in model.weights.items()}
    with np.errstate(all="ignore"):
        classifier = Classifier(replace(model, weights=weights))
        for ask in (
            lambda: classifier.classify(["good"]),
            lambda: classifier.explain("good", model.labels[0]),
        ):
            with pytest.raises(ArtifactError, match="so large that a document has no scores"):
                ask()


@pytest.mark.parametrize("files", [None, [], [["labels.json", {}]], "labels.json"])
def test_manifest_without_files_is_refused(folder: Path, files: Any) -> None:
    """They are listed by their names."""
    path = folder / artifact.MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "files": files}))
    with pytest.raises(ArtifactError, match="does not list files by their names"):
        artifact.load(folder)
