"""The artifact: what model.tar.gz holds.

::

    manifest.json         format version, library versions, size and SHA-256 of every file
    configuration.json    architecture and its numbers, tokenizer, floor, hyperparameters
    labels.json           the labels in the order of the scores
    vocabulary.txt        one token a line, from id 2 on
    weights.safetensors   float32 arrays by name, the scales of int8 tables, and the packed vectors
                          of further words
    ngrams.safetensors    rows of numbers for words, word pairs and character n-grams, where the
    ngrams.txt            model has them, and the character n-grams, one a line
    words.txt             further words, with ids behind the vocabulary's, that n-grams have rows of
                          or the network vectors
    metrics.json          how good the model was when it was trained
    model.keras           the same model for Keras users; serving never reads it

An artifact is data: nothing in it is executed or unpickled (arrays are safetensors), and all of
it is checked before use: where a file lies, its size, hash, syntax, shapes, numbers, and at last
an answer. So an untrusted one can do no harm but be refused; a forger's hashes are right, and
tests fuzz what is checked after them.
"""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save as serialize

import text_classification
from text_classification.cnn.architectures.registry import read_configuration
from text_classification.cnn.base_configuration import Configuration, Weights
from text_classification.corpus.further_words import FURTHER, FurtherWords
from text_classification.corpus.label import label_problem
from text_classification.corpus.tokenizer import TOKENIZERS
from text_classification.corpus.vocabulary import FIRST_TOKEN, Vocabulary
from text_classification.errors import ArtifactError, Code
from text_classification.kernels.arrays import Floats, State
from text_classification.kernels.ngrams import NgramTables
from text_classification.model_files import (
    check_memory,
    check_room,
    digest,
    is_inside,
    read_arrays,
    read_json,
    read_lines,
    read_object,
)

FORMAT_VERSION = 1
MANIFEST = "manifest.json"
CONFIGURATION = "configuration.json"
LABELS = "labels.json"
VOCABULARY = "vocabulary.txt"
WEIGHTS = "weights.safetensors"
SCALES = "tables.scales"
METRICS = "metrics.json"
KERAS = "model.keras"
SERVED = (CONFIGURATION, LABELS, VOCABULARY, WEIGHTS, METRICS)
NGRAMS = "ngrams.safetensors"
CHARACTERS = "ngrams.txt"
WORDS = "words.txt"
# What only some models have: for serving, and besides.
NGRAM_FILES = (NGRAMS, CHARACTERS, WORDS)
OPTIONAL = (KERAS, *NGRAM_FILES)
STAGING = ".incomplete"
# What CONFIGURATION holds.
_DESCRIPTION = ("architecture", "configuration", "tokenizer", "confidence_floor", "hyperparameters")
# What reading values of any kind and size, nested to any depth, may raise.
_MALFORMED = (
    *(OSError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError),
    *(RecursionError, MemoryError),
)


@dataclass(frozen=True)
class Artifact:
    """A trained model with everything that is needed to answer from it.

    scales: float32 [features], those of int8 tables; None for a model that is served from float32.
    further: words beyond the vocabulary that the network reads. ngrams: what is added to the
    network's logits, if anything; its further words are the same where both have some.
    confidence_floor: the score below which an answer is not sure; None for no such mark.
    """

    configuration: Configuration
    tokenizer: str
    labels: tuple[str, ...]
    vocabulary: Vocabulary
    weights: Weights
    scales: Floats | None = None
    further: FurtherWords | None = None
    ngrams: NgramTables | None = None
    confidence_floor: float | None = None
    metrics: Mapping[str, Any] = field(default_factory=dict)
    hyperparameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> Vocabulary:
        """All words that the network reads, by their ids."""
        return self.vocabulary.followed_by(self.further.lines if self.further else b"")


def save(artifact: Artifact, folder: Path) -> None:
    """Write the artifact into ``folder``.

    Everything is written beside its place first and moved when whole, the manifest last: a full
    disk or a kill leaves no half model, and an earlier one stays until the new one is complete.
    Raises ``OSError`` when the disk is full, with nothing of the new model left behind.
    """
    staging = folder / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        _write_files(artifact, staging)
        _write_json(staging / MANIFEST, _manifest(staging))
        names = sorted(path.name for path in staging.iterdir())
        for name in names:
            # Serverless endpoints read the model as another user than the one that wrote it.
            (staging / name).chmod(0o644)
        for name in set(OPTIONAL) - set(names):
            (folder / name).unlink(missing_ok=True)  # an earlier model's
        for name in (*(name for name in names if name != MANIFEST), MANIFEST):
            (staging / name).replace(folder / name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def add_keras(folder: Path, writer: Callable[[Path], None]) -> None:
    """Add model.keras, which ``writer`` writes to a path, to the artifact in ``folder``.

    Whatever goes wrong, the artifact stays as it was. Raises what the writer raises, ``OSError``
    when the disk is full.
    """
    staging = folder / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    try:
        writer(staging / KERAS)
        manifest = read_object(folder / MANIFEST, "files")
        manifest["files"][KERAS] = _seal(staging / KERAS)
        _write_json(staging / MANIFEST, manifest)
        for name in (KERAS, MANIFEST):
            (staging / name).chmod(0o644)
            (staging / name).replace(folder / name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def load(folder: Path) -> Artifact:
    """Return the artifact in ``folder``.

    Raises ``ArtifactError`` that says in one sentence what is missing, damaged, of another version
    or out of shape; ``ResourceError`` where it is larger than the memory.
    """
    try:
        files = _read_manifest(folder)
        names = [NGRAMS, CHARACTERS] if NGRAMS in files else []
        if WORDS in files:
            names.append(WORDS)
        paths = [folder / name for name in (*SERVED, *names)]
        for path in paths:
            _check_there(path, files.get(path.name))
        check_room(paths)
        for path in paths:
            _check_seal(path, files[path.name])
        artifact = _read_files(folder, names)
        ngrams = _ngrams(folder, artifact, names) if NGRAMS in names else None
        return replace(artifact, ngrams=ngrams)
    except _MALFORMED as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        reason = reason or type(error).__name__
        raise _corrupt(f"the model does not hold together: {reason}", folder) from None


def _write_files(artifact: Artifact, folder: Path) -> None:
    values = (
        artifact.configuration.architecture,
        artifact.configuration.as_dict(),
        artifact.tokenizer,
        artifact.confidence_floor,
        dict(artifact.hyperparameters),
    )
    described = dict(zip(_DESCRIPTION, values, strict=True))
    _write_json(folder / CONFIGURATION, described)
    _write_json(folder / LABELS, list(artifact.labels))
    _write_json(folder / METRICS, artifact.metrics)
    artifact.vocabulary.save(folder / VOCABULARY)
    # Not save_file: a full disk must be an OSError.
    scales = {} if artifact.scales is None else {SCALES: artifact.scales}
    further = artifact.further
    vectors = further.arrays if further else {}
    (folder / WEIGHTS).write_bytes(serialize({**artifact.weights, **scales, **vectors}))
    if artifact.ngrams:
        (folder / NGRAMS).write_bytes(serialize(artifact.ngrams.arrays))
        (folder / CHARACTERS).write_bytes(artifact.ngrams.lines)
    words = further.lines if further else artifact.ngrams.further if artifact.ngrams else b""
    if words:
        (folder / WORDS).write_bytes(words)


def _manifest(folder: Path) -> dict[str, Any]:
    from importlib.metadata import version  # noqa: PLC0415 - takes long, and only training writes

    return {
        "format_version": FORMAT_VERSION,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {
            "text_classification": text_classification.__version__,
            "numpy": version("numpy"),
            "safetensors": version("safetensors"),
        },
        "files": {path.name: _seal(path) for path in sorted(folder.iterdir())},
    }


def _seal(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "sha256": digest(path)}


def _read_manifest(folder: Path) -> dict[str, Any]:
    """Return what the manifest says of each file, by name."""
    path = folder / MANIFEST
    if not path.is_file():
        raise ArtifactError(
            Code.ARTIFACT_MISSING,
            f"there is no model: {MANIFEST} is missing",
            where=str(folder),
            remedy="Give the endpoint a model.tar.gz that this image's train command wrote.",
        )
    _check_place(path)
    manifest = read_object(path, "format_version", "files")
    found, files = manifest["format_version"], manifest["files"]
    if found != FORMAT_VERSION:
        raise ArtifactError(
            Code.ARTIFACT_INCOMPATIBLE,
            f"the model has format version {found!r:.40}, this image reads {FORMAT_VERSION}",
            where=str(folder),
            remedy="Serve it with the image that trained it, or train it again.",
        )
    if not isinstance(files, dict):
        raise _corrupt(f"{MANIFEST} does not list files by their names", folder)
    return files


def _check_there(path: Path, entry: Any) -> None:
    if not isinstance(entry, dict):
        raise _corrupt(f"{MANIFEST} does not list {path.name}", path.parent)
    if not path.is_file():
        raise _corrupt(f"{path.name} is missing", path.parent)
    _check_place(path)


def _check_place(path: Path) -> None:
    if not is_inside(path):
        raise _corrupt(f"{path.name} is a link that leads out of the folder", path.parent)


def _check_seal(path: Path, entry: dict[str, Any]) -> None:
    """Check a file's size and hash against its manifest entry, before anything parses it."""
    if path.stat().st_size != entry.get("bytes") or digest(path) != entry.get("sha256"):
        raise _corrupt(f"{path.name} is not the file that training wrote", path.parent)


def _read_files(folder: Path, names: Sequence[str]) -> Artifact:
    """Return all but the n-grams; names: the files that only some models have."""
    described = read_object(folder / CONFIGURATION, *_DESCRIPTION)
    configuration = read_configuration(described["architecture"], described["configuration"])
    tokenizer = described["tokenizer"]
    if not isinstance(tokenizer, str) or tokenizer not in TOKENIZERS:
        raise ValueError(f"the tokenizer {tokenizer!r:.40} is not known here")
    hyperparameters = described["hyperparameters"]
    if type(hyperparameters) is not dict:
        raise ValueError(f"the hyperparameters in {CONFIGURATION} are not an object")
    labels = _labels(read_json(folder / LABELS), configuration.classes)
    # Before the vocabulary: the embedding shows how large that may be.
    arrays = read_arrays(folder / WEIGHTS)
    packed = {name: arrays.pop(name) for name in FURTHER if name in arrays}
    weights = _checked(arrays, configuration)
    artifact = Artifact(
        configuration,
        tokenizer,
        labels,
        _vocabulary(folder / VOCABULARY, configuration.vocabulary_size),
        weights,
        weights.pop(SCALES, None),
        confidence_floor=_confidence_floor(described["confidence_floor"]),
        metrics=read_object(folder / METRICS),
        hyperparameters=hyperparameters,
    )
    further = _further(folder, artifact, packed, names) if packed else None
    return replace(artifact, further=further)


def _vocabulary(path: Path, size: int) -> Vocabulary:
    lines = read_lines(path, size - FIRST_TOKEN)
    try:
        return Vocabulary(lines)
    except ValueError as error:
        raise ValueError(f"{VOCABULARY} is no vocabulary: {error}") from None


def _further(folder: Path, artifact: Artifact, arrays: State, names: Sequence[str]) -> FurtherWords:
    if WORDS not in names:
        raise ValueError(f"there are vectors of further words and no {WORDS}")
    try:
        further = FurtherWords.of(arrays, (folder / WORDS).read_bytes())
        artifact.vocabulary.followed_by(further.lines)
    except ValueError as error:
        raise ValueError(f"{WORDS} and {WEIGHTS} hold no further words: {error}") from None
    size = artifact.configuration.embedding_size
    if size % further.vectors.size:
        raise ValueError("the vectors of further words do not have the embedding's size")
    check_memory(4 * len(further) * size)  # unpacked
    return further


def _ngrams(folder: Path, artifact: Artifact, names: Sequence[str]) -> NgramTables:
    arrays = read_arrays(folder / NGRAMS)
    further = (folder / WORDS).read_bytes() if WORDS in names else b""
    try:
        tables = NgramTables.of(arrays, (folder / CHARACTERS).read_bytes(), further)
        words = artifact.vocabulary.followed_by(further)
    except ValueError as error:
        raise ValueError(f"{' and '.join(names)} are no n-grams: {error}") from None
    # Where there are many classes, only the most frequent words have rows.
    fits = len(tables.words.rows) <= len(words)
    if tables.classes != len(artifact.labels) or not fits:
        raise ValueError(f"{NGRAMS} does not have the sizes of the model")
    return tables


def _confidence_floor(value: Any) -> float | None:
    if value is not None and (type(value) not in (int, float) or not 0 <= value <= 1):
        raise ValueError("the confidence floor is not in [0, 1]")
    return None if value is None else float(value)


def _labels(values: Any, classes: int) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(
        isinstance(value, str) and not label_problem(value) for value in values
    ):
        raise ValueError(f"{LABELS} is not a list of labels")
    if len(values) != classes or len(set(values)) != classes:
        raise ValueError(f"{LABELS} does not hold {classes} distinct labels")
    return tuple(values)


def _checked(weights: Weights, configuration: Configuration) -> Weights:
    needed = configuration.shapes()
    shapes = {**needed, **_scales_shape(configuration)}
    if not set(needed) <= set(weights) <= set(shapes):
        raise ValueError(f"{WEIGHTS} does not hold the arrays of {configuration.architecture}")
    for name, array in weights.items():
        if array.dtype != np.float32 or array.shape != shapes[name]:
            raise ValueError(f"{name} is {array.dtype} {array.shape}, not float32 {shapes[name]}")
        # What is not a number, or infinite, is so in one of these; a mask would take longer.
        if not np.isfinite((array.min(), array.max())).all():
            raise ValueError(f"{name} holds numbers that are not finite")
    if SCALES in weights and weights[SCALES].min() <= 0:
        raise ValueError(f"{SCALES} holds numbers that are not above 0")
    return weights


def _scales_shape(configuration: Configuration) -> dict[str, tuple[int, ...]]:
    """Return the shape of the scales by their name, where the architecture has int8 tables."""
    return {SCALES: configuration.int8_scales_shape} if configuration.has_int8_tables else {}


def _corrupt(message: str, folder: Path) -> ArtifactError:
    return ArtifactError(
        Code.ARTIFACT_CORRUPT,
        message,
        where=str(folder),
        remedy="Upload model.tar.gz again, or train the model again.",
    )


def _write_json(path: Path, value: Any) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(f"{text}\n", encoding="utf-8")
