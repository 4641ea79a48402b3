"""artifact.py."""

import errno
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from tests.support.exhaustive import examples
from tests.unit.helpers import (
    pooled_artifact,
    random_artifact,
    random_further,
    random_ngrams,
    stacked_artifact,
)
from tests.unit.hostile import MODELS, reseal
from text_classification import artifact, model_files
from text_classification.artifact import Artifact
from text_classification.cnn.base_configuration import Weights
from text_classification.corpus.further_words import FURTHER
from text_classification.errors import ArtifactError, Code, ResourceError
from text_classification.inference.classifier import Classifier
from text_classification.kernels.arrays import Floats

STACKED = stacked_artifact().configuration.as_dict()
POOLED = pooled_artifact().configuration.as_dict()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=5,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model folder as training writes it."""
    artifact.save(random_artifact(), tmp_path / "model")
    return tmp_path / "model"


def same(one: Artifact, other: Artifact) -> bool:
    """Tell whether two artifacts are equal in everything, bit for bit."""
    bare = replace(one, vocabulary=other.vocabulary, weights={}, scales=None)
    return (
        bare == replace(other, weights={}, scales=None)
        and one.vocabulary.tokens == other.vocabulary.tokens
        and _bytes(one.scales) == _bytes(other.scales)
        and list(one.weights) == sorted(other.weights)
        and all(np.array_equal(one.weights[name], other.weights[name]) for name in one.weights)
    )


def _bytes(scales: Floats | None) -> bytes | None:
    return None if scales is None else scales.tobytes()


def change_json(path: Path, change: Callable[[Any], Any]) -> None:
    """Replace the value in a JSON file by what ``change`` makes of it."""
    path.write_text(json.dumps(change(json.loads(path.read_bytes()))))


def refused(folder: Path, code: Code = Code.ARTIFACT_CORRUPT) -> str:
    """Assert that the folder is refused, with its place and a remedy; return the message."""
    with pytest.raises(ArtifactError) as raised:
        artifact.load(folder)
    assert (raised.value.code, raised.value.where) == (code, str(folder))
    assert raised.value.remedy
    return raised.value.message


def test_what_is_saved_is_loaded(folder: Path) -> None:
    """Every part of the artifact comes back, bit for bit."""
    assert same(artifact.load(folder), random_artifact())


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize("tables_mb", [0, 1])
def test_nothing_of_a_file_is_mapped_once_it_is_loaded(
    tmp_path: Path, model: Artifact, tables_mb: int
) -> None:
    """So a file may be replaced while its model answers."""
    artifact.save(model, tmp_path)
    texts = ["a good policy", "", "bad"]
    classifier = Classifier(artifact.load(tmp_path), tables_mb=tables_mb)
    found = classifier.classify(texts).probabilities
    assert str(tmp_path) not in Path("/proc/self/maps").read_text()
    expected = Classifier(model, tables_mb=tables_mb).classify(texts).probabilities
    np.testing.assert_array_equal(found, expected)


def test_scales_of_int8_tables_are_saved_and_loaded(folder: Path) -> None:
    """They lie beside the weights under a name of their own, and are none of them when loaded."""
    original = random_artifact(int8=True)
    artifact.save(original, folder)
    assert set(load_file(folder / artifact.WEIGHTS)) == {*original.weights, "tables.scales"}
    loaded = artifact.load(folder)
    assert same(loaded, original)
    assert set(loaded.weights) == set(original.weights)
    artifact.save(random_artifact(), folder)
    assert artifact.load(folder).scales is None


@pytest.mark.parametrize("further", [b"", b"goody\nbills\n"])
def test_ngrams_are_saved_and_loaded(tmp_path: Path, further: bytes) -> None:
    """The model answers as before; one without them, saved in its place, leaves nothing of them."""
    original = replace(random_artifact(), ngrams=random_ngrams(further=further))
    artifact.save(original, tmp_path)
    loaded = artifact.load(tmp_path)
    texts = ["good bill", "goody bad bill bad", ""]
    before, after = (Classifier(each).classify(texts) for each in (original, loaded))
    assert np.array_equal(before.probabilities, after.probabilities)
    assert not np.array_equal(
        before.probabilities, Classifier(random_artifact()).classify(texts).probabilities
    )
    artifact.save(random_artifact(), tmp_path)
    assert artifact.load(tmp_path).ngrams is None
    left = {path.name for path in tmp_path.iterdir()}
    assert not {artifact.NGRAMS, artifact.CHARACTERS, artifact.WORDS} & left


def _without_a_word(arrays: dict[str, Any]) -> dict[str, Any]:
    shorter = {name: arrays[name][:-1] for name in ("words.rows", "words.squares")}
    kept = (arrays["pairs"] < len(arrays["words.rows"]) - 1).all(axis=1)
    pairs = {name: arrays[name][kept] for name in ("pairs", "pairs.rows", "pairs.squares")}
    return {**arrays, **shorter, **pairs}


def _with_another_word(arrays: dict[str, Any]) -> dict[str, Any]:
    names = "words.rows", "words.squares"
    return {**arrays, **{name: np.concatenate([arrays[name], arrays[name][-1:]]) for name in names}}


@pytest.mark.parametrize(
    "change",
    [
        lambda arrays: {name: each for name, each in arrays.items() if name != "strange"},
        lambda arrays: {**arrays, "words.rows": arrays["words.rows"] * np.float32(np.nan)},
        lambda arrays: {**arrays, "pairs": arrays["pairs"] + 1000},
        lambda arrays: {
            name: each[:, :2] if "rows" in name else each for name, each in arrays.items()
        },
        _with_another_word,
    ],
)
def test_ngrams_that_do_not_fit_are_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    """Arrays that are missing, no numbers, out of reach or of other classes or words."""
    artifact.save(replace(random_artifact(), ngrams=random_ngrams()), tmp_path)
    changed = change(load_file(tmp_path / artifact.NGRAMS))
    arrays = {name: np.ascontiguousarray(each) for name, each in changed.items()}
    save_file(arrays, tmp_path / artifact.NGRAMS)
    reseal(tmp_path)
    refused(tmp_path)


def test_ngrams_of_the_most_frequent_words_are_loaded(tmp_path: Path) -> None:
    """Where there are many classes, the others have no rows."""
    artifact.save(replace(random_artifact(), ngrams=random_ngrams()), tmp_path)
    save_file(_without_a_word(load_file(tmp_path / artifact.NGRAMS)), tmp_path / artifact.NGRAMS)
    reseal(tmp_path)
    loaded = artifact.load(tmp_path)
    assert loaded.ngrams is not None
    assert len(loaded.ngrams.words.rows) == len(loaded.vocabulary) - 1
    scores = Classifier(loaded).classify([" ".join(map(bytes.decode, loaded.vocabulary.tokens))])
    assert np.isfinite(scores.probabilities).all()


@pytest.mark.parametrize("model", [random_artifact(), stacked_artifact(), pooled_artifact()])
def test_vectors_of_further_words_are_saved_and_loaded(tmp_path: Path, model: Artifact) -> None:
    """In 4 bits a number; a model without them, saved in its place, leaves nothing of them."""
    original = replace(model, further=random_further())
    artifact.save(original, tmp_path)
    loaded = artifact.load(tmp_path)
    assert loaded.further is not None
    assert loaded.words.tokens == (*model.vocabulary.tokens, b"goody", b"bills")
    assert loaded.further.vectors.packed.nbytes == 2 * 3
    texts = ["good bills goody bill", "unheard bad goody"]
    before, after = (Classifier(each).classify(texts) for each in (original, loaded))
    assert np.array_equal(before.probabilities, after.probabilities)
    assert not np.array_equal(before.probabilities, Classifier(model).classify(texts).probabilities)
    artifact.save(model, tmp_path)
    assert artifact.load(tmp_path).further is None
    assert not (tmp_path / artifact.WORDS).exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda arrays: {"further.scales": arrays["further.scales"]},
        lambda arrays: {**arrays, "further.scales": arrays["further.scales"].astype(np.float32)},
        lambda arrays: {**arrays, "further.scales": arrays["further.scales"] * np.float16(np.inf)},
        lambda arrays: {**arrays, "further.scales": arrays["further.scales"][:1]},
        lambda arrays: {**arrays, "further.packed": arrays["further.packed"].astype(np.int8)},
        lambda arrays: {**arrays, "further.packed": arrays["further.packed"].ravel()},
        lambda arrays: {**arrays, "further.packed": arrays["further.packed"][:, :2]},
        lambda arrays: {**arrays, "further.packed": arrays["further.packed"][:, :0]},
        lambda arrays: {name: each[:1] for name, each in arrays.items()},
        lambda arrays: {name: each[:0] for name, each in arrays.items()},
    ],
)
def test_vectors_of_further_words_that_do_not_fit_are_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    """Arrays that are missing, of other kinds, shapes or sizes, or fewer than the words."""
    artifact.save(replace(random_artifact(), further=random_further()), tmp_path)
    arrays = load_file(tmp_path / artifact.WEIGHTS)
    vectors = change({name: arrays.pop(name) for name in FURTHER})
    arrays |= {name: np.ascontiguousarray(each) for name, each in vectors.items()}
    save_file(arrays, tmp_path / artifact.WEIGHTS)
    reseal(tmp_path)
    refused(tmp_path)


@pytest.mark.parametrize("words", [b"goody\n", b"goody\nbad\n", b"goody\n\xff\n", None])
def test_vectors_of_other_words_are_refused(tmp_path: Path, words: bytes | None) -> None:
    """Too few for the vectors, one of the vocabulary, one that is no text, no list of words."""
    artifact.save(replace(random_artifact(), further=random_further()), tmp_path)
    if words is None:
        (tmp_path / artifact.WORDS).unlink()
        change_json(tmp_path / artifact.MANIFEST, without_words)
    else:
        (tmp_path / artifact.WORDS).write_bytes(words)
    reseal(tmp_path)
    assert artifact.WORDS in refused(tmp_path)


def without_words(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest that does not list the words."""
    del manifest["files"][artifact.WORDS]
    return manifest


def test_vectors_that_unpacked_are_larger_than_the_memory_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are eight times as large then."""
    words = [f"word{number}" for number in range(20_000)]
    artifact.save(replace(random_artifact(), further=random_further(words)), tmp_path)
    monkeypatch.setattr(model_files, "memory_limit", lambda: 450_000)
    with pytest.raises(ResourceError, match=r"the model has"):
        artifact.load(tmp_path)
    monkeypatch.setattr(model_files, "memory_limit", lambda: 500_000)
    assert artifact.load(tmp_path).further is not None


@pytest.mark.parametrize(
    "words", [b"goody\n", b"goody\nbad\n", b"goody\ngoody\n", b"goody\n\xff\n"]
)
def test_further_words_that_do_not_fit_are_refused(tmp_path: Path, words: bytes) -> None:
    """Too few for the rows, one of the vocabulary, one twice, one that is no text."""
    original = replace(random_artifact(), ngrams=random_ngrams(further=b"goody\nbills\n"))
    artifact.save(original, tmp_path)
    (tmp_path / artifact.WORDS).write_bytes(words)
    reseal(tmp_path)
    refused(tmp_path)


def test_damaged_ngrams_are_refused(tmp_path: Path) -> None:
    """Their files are sealed like the others."""
    artifact.save(replace(random_artifact(), ngrams=random_ngrams()), tmp_path)
    (tmp_path / artifact.CHARACTERS).write_bytes(b"<go\n")
    assert artifact.CHARACTERS in refused(tmp_path)
    (tmp_path / artifact.NGRAMS).unlink()
    assert artifact.NGRAMS in refused(tmp_path)


@pytest.mark.parametrize("floor", [None, 0.0, 0.25, 1.0])
def test_confidence_floor_is_saved_and_loaded(tmp_path: Path, floor: float | None) -> None:
    """Or that there is none, which is not the same as 0."""
    artifact.save(replace(random_artifact(), confidence_floor=floor), tmp_path)
    assert artifact.load(tmp_path).confidence_floor == floor
    assert Classifier(artifact.load(tmp_path)).confidence_floor == floor


@pytest.mark.parametrize("floor", ["0.5", -0.1, 1.5, True, [0.5], {}])
def test_forged_confidence_floor_is_refused(folder: Path, floor: Any) -> None:
    """It is a number in [0, 1] or null."""
    changed = {"confidence_floor": floor}
    change_json(folder / artifact.CONFIGURATION, lambda described: {**described, **changed})
    reseal(folder)
    assert "the confidence floor is not in [0, 1]" in refused(folder)


@pytest.mark.parametrize("original", [stacked_artifact(), pooled_artifact()])
def test_other_architectures_are_saved_and_loaded(tmp_path: Path, original: Artifact) -> None:
    """The name of the architecture tells how to read its numbers; it answers as before."""
    artifact.save(original, tmp_path)
    described = json.loads((tmp_path / artifact.CONFIGURATION).read_bytes())
    assert described["architecture"] == original.configuration.architecture
    loaded = artifact.load(tmp_path)
    assert same(loaded, original)
    before, after = (Classifier(each).classify(["good bill", ""]) for each in (original, loaded))
    assert np.array_equal(before.probabilities, after.probabilities)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"architecture": "kim.v1"}, "not those of kim.v1"),
        ({"configuration": random_artifact().configuration.as_dict()}, "not those of stacked.v1"),
        ({"configuration": {**STACKED, "sequence_length": 8}}, "no window"),
        ({"configuration": {**STACKED, "sequence_length": 10**9}}, "longer than"),
        ({"configuration": {**STACKED, "strides": 10**9}}, "wider than"),
        ({"configuration": {**STACKED, "padding": "causal"}}, "padding"),
        ({"configuration": {**STACKED, "dense_units": 6}}, "not float32 (6, 3)"),
        ({"configuration": {**STACKED, "kernel_size": 2}}, "not float32 (2, "),
    ],
    ids=str,
)
def test_forged_stacked_model_is_refused(
    tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    """Numbers that no weight has the shape of are held within reason too."""
    artifact.save(stacked_artifact(), tmp_path)
    change_json(tmp_path / artifact.CONFIGURATION, lambda described: {**described, **change})
    reseal(tmp_path)
    assert reason in refused(tmp_path)


@pytest.mark.parametrize("original", [stacked_artifact(), pooled_artifact()])
def test_other_architectures_have_no_int8_tables(tmp_path: Path, original: Artifact) -> None:
    """Scales among their weights are arrays of another model."""
    artifact.save(replace(original, scales=np.ones(4, np.float32)), tmp_path)
    assert f"the arrays of {original.configuration.architecture}" in refused(tmp_path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"pooling": "max"}, "neither attention nor average"),
        ({"pooling": ["attention"]}, "neither attention nor average"),
        ({"pooling": "average"}, "does not hold the arrays of pooled.v1"),
        ({"kernel_widths": [65]}, "wider than"),
        ({"filters": 5}, "not float32 "),
        ({"more": 1}, "its fields are not those of pooled.v1"),
    ],
    ids=str,
)
def test_forged_pooled_model_is_refused(
    tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    """Its pooling decides which weights there are."""
    artifact.save(pooled_artifact(), tmp_path)
    changed = {"configuration": {**POOLED, **change}}
    change_json(tmp_path / artifact.CONFIGURATION, lambda described: {**described, **changed})
    reseal(tmp_path)
    assert reason in refused(tmp_path)


def test_labels_of_any_script_survive(tmp_path: Path) -> None:
    """Labels and metrics keep their characters and their order."""
    original = random_artifact(labels=("東京", 'quote "', "Grüße"))
    artifact.save(original, tmp_path)
    assert artifact.load(tmp_path).labels == original.labels


def test_manifest_says_what_it_was_made_with(folder: Path) -> None:
    """Versions of the libraries, size and SHA-256 of every file, in UTC."""
    manifest = json.loads((folder / artifact.MANIFEST).read_bytes())
    assert manifest["format_version"] == 1
    assert manifest["created"].endswith("+00:00")
    assert manifest["versions"]["numpy"] == np.__version__
    assert set(manifest["files"]) == set(artifact.SERVED)
    sizes = {name: (folder / name).stat().st_size for name in artifact.SERVED}
    assert {name: entry["bytes"] for name, entry in manifest["files"].items()} == sizes


def test_keras_file_lies_beside(tmp_path: Path) -> None:
    """What the Keras writer writes is kept and listed, and serving does not need it."""
    artifact.save(random_artifact(), tmp_path)
    artifact.add_keras(tmp_path, lambda path: write(path, "keras"))
    assert (tmp_path / artifact.KERAS).read_text() == "keras"
    assert artifact.KERAS in json.loads((tmp_path / artifact.MANIFEST).read_bytes())["files"]
    (tmp_path / artifact.KERAS).unlink()
    assert same(artifact.load(tmp_path), random_artifact())


def write(path: Path, text: str) -> None:
    """Write a file and return nothing, as a Keras writer does."""
    path.write_text(text)


def test_files_can_be_read_by_everyone(tmp_path: Path) -> None:
    """A strict umask does not hide the model from the user that serves it."""
    before = os.umask(0o077)
    try:
        artifact.save(random_artifact(), tmp_path)
        artifact.add_keras(tmp_path, lambda path: write(path, "keras"))
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == dict.fromkeys((*artifact.SERVED, artifact.KERAS, artifact.MANIFEST), 0o644)


def test_new_model_replaces_the_earlier_one(folder: Path) -> None:
    """A folder that holds a model takes another."""
    artifact.save(random_artifact(seed=1), folder)
    assert same(artifact.load(folder), random_artifact(seed=1))


def test_remains_of_a_kill_do_no_harm(folder: Path) -> None:
    """Half a model left by a killed process is cleared away by the next one."""
    (folder / artifact.STAGING).mkdir()
    (folder / artifact.STAGING / "model.keras").write_text("half")
    assert same(artifact.load(folder), random_artifact())
    artifact.save(random_artifact(seed=1), folder)
    assert {path.name for path in folder.iterdir()} == {*artifact.SERVED, artifact.MANIFEST}


def fill_disk(path: Path, *_: object) -> None:
    """Write half a file, as on a disk that gets full."""
    path.write_text("half")
    raise OSError(errno.ENOSPC, "No space left on device")


def test_full_disk_leaves_the_earlier_model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says so; the earlier model is untouched, and nothing of the new one is left."""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr(Path, "write_bytes", fill_disk)
    with pytest.raises(OSError, match="No space left"):
        artifact.save(random_artifact(seed=1), folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_keras_file_that_does_not_fit_leaves_the_model(folder: Path) -> None:
    """It was saved before, and stays as it was."""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(OSError, match="No space left"):
        artifact.add_keras(folder, fill_disk)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_metrics_that_json_cannot_hold_leave_no_model(tmp_path: Path) -> None:
    """NaN in the metrics is an error at the writer's side, not at each reader's."""
    with pytest.raises(ValueError, match="JSON"):
        artifact.save(replace(random_artifact(), metrics={"loss": float("nan")}), tmp_path)
    assert not list(tmp_path.iterdir())


def test_empty_folder_is_no_model(tmp_path: Path) -> None:
    """Without a manifest there is no model, and the error says what to give."""
    assert "manifest.json is missing" in refused(tmp_path, Code.ARTIFACT_MISSING)
    assert refused(tmp_path / "nowhere", Code.ARTIFACT_MISSING)


@pytest.mark.parametrize("name", artifact.SERVED)
def test_flipped_byte_is_refused(folder: Path, name: str) -> None:
    """A single damaged bit in any file is found before the file is parsed."""
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    assert refused(folder) == f"{name} is not the file that training wrote"


@pytest.mark.parametrize("name", artifact.SERVED)
def test_cut_off_file_is_refused(folder: Path, name: str) -> None:
    """So is a file without its last byte."""
    (folder / name).write_bytes((folder / name).read_bytes()[:-1])
    assert refused(folder) == f"{name} is not the file that training wrote"


@pytest.mark.parametrize("name", artifact.SERVED)
def test_missing_file_is_refused(folder: Path, name: str) -> None:
    """The error names the file that is not there."""
    (folder / name).unlink()
    assert refused(folder) == f"{name} is missing"


@pytest.mark.parametrize("name", artifact.SERVED)
def test_unlisted_file_is_refused(folder: Path, name: str) -> None:
    """A file that the manifest does not vouch for is not read."""

    def forget(manifest: Any) -> Any:
        del manifest["files"][name]
        return manifest

    change_json(folder / artifact.MANIFEST, forget)
    assert refused(folder) == f"manifest.json does not list {name}"


def test_unreadable_file_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that the serving user may not read is refused like a damaged one."""

    def deny(_path: Path) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(artifact, "digest", deny)
    assert "Permission denied" in refused(folder)


@pytest.mark.parametrize("version", [0, 2, "1", None, [1]], ids=repr)
def test_other_version_is_incompatible(folder: Path, version: Any) -> None:
    """A model of another format version is named as such, before anything else is read."""
    change_json(folder / artifact.MANIFEST, lambda value: {**value, "format_version": version})
    assert "format version" in refused(folder, Code.ARTIFACT_INCOMPATIBLE)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"{}",
        b'{"format_version": 1}',
        b'{"format_version": 1, "files": null}',
        b'{"format_version": 1, "files": []}',
        b'{"format_version": 1, "files": [["labels.json", {}]]}',
        b'{"format_version": 1, "files": {"labels.json": 3}}',
        b"[" * 100_000,
    ],
    ids=lambda content: repr(content[:60]),
)
def test_hostile_manifest_is_refused(folder: Path, content: bytes) -> None:
    """A manifest from a stranger can do no more than be refused."""
    (folder / artifact.MANIFEST).write_bytes(content)
    assert "manifest.json" in refused(folder)


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("labels.json", lambda _: ["bad", "good", "good"], "3 distinct labels"),
        ("labels.json", lambda _: ["bad", "good"], "3 distinct labels"),
        ("labels.json", lambda _: ["a", "b", "c", "d"], "3 distinct labels"),
        ("labels.json", lambda _: ["bad", "good", 3], "list of labels"),
        ("labels.json", lambda _: ["bad", "good", "\ud800"], "list of labels"),
        ("labels.json", lambda _: {"bad": 1, "good": 2, "ugly": 3}, "list of labels"),
        ("configuration.json", lambda value: {**value, "architecture": "kim.v2"}, "kim.v2"),
        ("configuration.json", lambda value: {**value, "tokenizer": "eval"}, "tokenizer 'eval'"),
        ("configuration.json", lambda value: {**value, "tokenizer": ["words"]}, "['words']"),
        ("configuration.json", lambda value: {**value, "configuration": None}, "its fields"),
        ("configuration.json", lambda value: value["configuration"], "lacks architecture, "),
        ("configuration.json", lambda _: [], "configuration.json is not an object"),
        ("configuration.json", lambda value: {**value, "hyperparameters": []}, "are not an object"),
        ("metrics.json", lambda _: 0.5, "metrics.json is not an object"),
    ],
)
def test_forged_description_is_refused(
    folder: Path, name: str, change: Callable[[Any], Any], reason: str
) -> None:
    """Files that are whole but do not fit together are refused with the reason."""
    change_json(folder / name, change)
    reseal(folder)
    message = refused(folder)
    assert message.startswith("the model does not hold together: ")
    assert reason in message


@pytest.mark.parametrize("name", ["classes", "vocabulary_size", "embedding_size", "filters"])
def test_numbers_that_do_not_fit_the_weights_are_refused(folder: Path, name: str) -> None:
    """A configuration of another model is not served with these weights."""

    def grow(described: Any) -> Any:
        described["configuration"][name] += 1
        return described

    change_json(folder / artifact.CONFIGURATION, grow)
    reseal(folder)
    assert "does not hold together" in refused(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"good\n",
        b"good\n" * 32,
        b"good\n" * 34,
        b"".join(b"%d\n" % number for number in range(31)),
        b"\n".join(b"%d" % number for number in range(32)),
        b"".join(b"%d\n" % number for number in range(31)) + b"\xff\n",
        b"".join(b"%d\n" % number for number in range(31)) + b"\n",
        b"\xff\n",
        b"no end",
    ],
)
def test_forged_vocabulary_is_refused(folder: Path, content: bytes) -> None:
    """Tokens that do not match the embedding, row for row, are refused."""
    (folder / artifact.VOCABULARY).write_bytes(content)
    reseal(folder)
    assert "does not hold together" in refused(folder)


def without_bias(weights: Weights) -> dict[str, Any]:
    """Leave an array out."""
    return {name: array for name, array in weights.items() if name != "dense.bias"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda w: {**w, "dense.bias": w["dense.bias"][:-1]}, "dense.bias is float32 (2,)"),
        (lambda w: {**w, "embedding": w["embedding"].T.copy()}, "embedding is float32 (6, "),
        (lambda w: {**w, "dense.bias": w["dense.bias"].astype(np.float64)}, "is float64"),
        (lambda w: {**w, "dense.bias": w["dense.bias"] * np.nan}, "not finite"),
        (lambda w: {**w, "dense.kernel": w["dense.kernel"] + np.inf}, "not finite"),
        (lambda w: {**w, "more": w["dense.bias"]}, "the arrays of kim.v1"),
        (without_bias, "the arrays of kim.v1"),
    ],
)
def test_forged_weights_are_refused(
    folder: Path, change: Callable[[Weights], Any], reason: str
) -> None:
    """Arrays of another shape, kind or name, or with NaN, never reach a caller."""
    path = folder / artifact.WEIGHTS
    save_file(change(load_file(path)), path)
    reseal(folder)
    assert reason in refused(folder)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda scales: scales[:-1], "tables.scales is float32 (11,), not float32 (12,)"),
        (lambda scales: scales[:, None], "tables.scales is float32 (12, 1)"),
        (lambda _: np.float32(1), "tables.scales is float32 ()"),
        (lambda _: np.zeros(0, np.float32), "tables.scales is float32 (0,)"),
        (lambda scales: scales.astype(np.float64), "tables.scales is float64"),
        (lambda scales: scales.astype(np.int32) + 1, "tables.scales is int32"),
        (lambda scales: _with_last(scales, 0), "not above 0"),
        (lambda scales: _with_last(scales, -0.0), "not above 0"),
        (lambda scales: _with_last(scales, -1), "not above 0"),
        (lambda scales: _with_last(scales, np.nan), "not finite"),
        (lambda scales: _with_last(scales, np.inf), "not finite"),
    ],
)
def test_forged_scales_are_refused(
    tmp_path: Path, change: Callable[[Floats], Any], reason: str
) -> None:
    """Scales that are not a number above 0 for each filter never divide anything."""
    artifact.save(random_artifact(int8=True), tmp_path)
    path = tmp_path / artifact.WEIGHTS
    weights = load_file(path)
    save_file({**weights, artifact.SCALES: np.asarray(change(weights[artifact.SCALES]))}, path)
    reseal(tmp_path)
    assert reason in refused(tmp_path)


def _with_last(scales: Floats, value: float) -> Floats:
    """Replace the last scale."""
    return np.append(scales[:-1], np.float32(value))


def test_scales_do_not_stand_in_for_a_weight(tmp_path: Path) -> None:
    """A file with scales and without an array of the model is refused as one without it is."""
    artifact.save(random_artifact(int8=True), tmp_path)
    path = tmp_path / artifact.WEIGHTS
    save_file(without_bias(load_file(path)), path)
    reseal(tmp_path)
    assert "the arrays of kim.v1" in refused(tmp_path)


def test_kernel_that_is_wider_than_the_compiled_ones_take_is_refused(folder: Path) -> None:
    """A width above 64 would write past the end of an array in C."""

    def widen(described: Any) -> Any:
        described["configuration"].update(kernel_widths=[65], sequence_length=70)
        return described

    change_json(folder / artifact.CONFIGURATION, widen)
    reseal(folder)
    assert "wider than 64" in refused(folder)


def stretch(folder: Path, length: int) -> None:
    """Forge the length of the sequences, of which no weight has the shape."""

    def change(described: Any) -> Any:
        described["configuration"]["sequence_length"] = length
        return described

    change_json(folder / artifact.CONFIGURATION, change)
    reseal(folder)


@pytest.mark.parametrize("length", [0, -1, 2**31, 2**63, 2**64 + 1, 10**4000])
def test_sequence_beyond_reason_is_refused(folder: Path, length: int) -> None:
    """Whatever is computed with it fits its type."""
    stretch(folder, length)
    assert "is not a whole number in [1, 2147483647]" in refused(folder)


def test_sequence_of_any_length_is_loaded_and_answers(folder: Path) -> None:
    """No number in the configuration makes an address that C should not have."""
    stretch(folder, 2**31 - 1)
    scores = Classifier(artifact.load(folder)).classify(["good bad", ""])
    expected = Classifier(random_artifact(sequence_length=50)).classify(["good bad", ""])
    np.testing.assert_allclose(scores.probabilities, expected.probabilities, atol=1e-6)


@pytest.mark.parametrize("content", [b"", b"\xff" * 64, b"\x08" + bytes(7) + b"{}      "], ids=repr)
def test_weights_that_are_no_safetensors_are_refused(folder: Path, content: bytes) -> None:
    """Whatever the bytes, the answer is a sentence."""
    (folder / artifact.WEIGHTS).write_bytes(content)
    reseal(folder)
    assert "does not hold together" in refused(folder)


@pytest.mark.parametrize("name", [artifact.CONFIGURATION, artifact.LABELS, artifact.METRICS])
def test_json_that_is_nested_without_end_is_refused(folder: Path, name: str) -> None:
    """Depth exhausts the parser, not the server."""
    (folder / name).write_bytes(b"[" * 100_000)
    reseal(folder)
    assert "does not hold together" in refused(folder)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(50))
@given(value=JSON, name=st.sampled_from(["architecture", "tokenizer", "configuration", None]))
def test_any_value_in_the_description_is_refused(
    folder: Path, value: Any, name: str | None
) -> None:
    """No JSON value in the wrong place raises anything but the one error."""
    described = {
        "architecture": "kim.v1",
        "configuration": random_artifact().configuration.as_dict(),
        "tokenizer": "words",
        "hyperparameters": {},
    }
    forged = {**described, name: value} if name else value
    (folder / artifact.CONFIGURATION).write_text(json.dumps(forged))
    reseal(folder)
    refused(folder)


def test_an_earlier_keras_file_does_not_stay(tmp_path: Path) -> None:
    """A model saved without model.keras is not accompanied by another model's."""
    artifact.save(random_artifact(1), tmp_path)
    artifact.add_keras(tmp_path, lambda path: write(path, "keras"))
    artifact.save(random_artifact(2), tmp_path)
    assert not (tmp_path / artifact.KERAS).exists()
