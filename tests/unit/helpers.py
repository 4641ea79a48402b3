"""Parts that several tests need: a small model with random weights, files of a job."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from text_classification.artifact import Artifact
from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.kim.tables import int8_scales
from text_classification.cnn.architectures.pooled.configuration import PooledConfiguration
from text_classification.cnn.architectures.stacked.configuration import StackedConfiguration
from text_classification.cnn.base_configuration import Configuration, Weights
from text_classification.corpus.encoded import EncodedCorpus
from text_classification.corpus.further_words import FurtherWords
from text_classification.corpus.packed_vectors import PackedVectors
from text_classification.corpus.vocabulary import Vocabulary
from text_classification.kernels import library
from text_classification.kernels.ngrams import NgramTables, Rows

# fmt: off
WORDS = (
    "the", "policy", "bill", "good", "bad", "fine", "awful", "paid", "due", "is", "not", "a",
    "letter", "premium", "of", "coverage", "and", "lender", "insurer", "home", "loan", "late",
    "early", "notice", "cancelled", "renewed", "great", "poor", "ugly", "service", "money", "house",
)
# fmt: on
WIDTHS = (1, 2, 3)
VOCABULARY = Vocabulary.of(word.encode() for word in WORDS)


@contextmanager
def without_compiled_kernels() -> Iterator[None]:
    """Let the reference do all work, as where no compiler was found."""
    try:
        with patch.object(library, "library_paths", list):
            library.library.cache_clear()
            yield
    finally:
        library.library.cache_clear()


def corpus_of(documents: Iterable[Sequence[int]]) -> EncodedCorpus:
    """Return documents of token ids as a corpus in memory."""
    rows = [list(document) for document in documents]
    offsets = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return EncodedCorpus(np.array([token for row in rows for token in row], np.int32), offsets)


def random_weights(configuration: Configuration, generator: np.random.Generator) -> Weights:
    """Return weights of the right shapes, large enough that every one of them matters."""
    return {
        name: generator.normal(0, 0.7, shape).astype(np.float32)
        for name, shape in configuration.shapes().items()
    }


def stacked_artifact(seed: int = 0, **changes: Any) -> Artifact:
    """Return a small ``stacked.v1`` model with random weights."""
    values = {
        "vocabulary_size": len(VOCABULARY),
        "sequence_length": 20,
        "classes": 3,
        "embedding_size": 6,
        "filters": 4,
        "kernel_size": 3,
        "strides": 2,
        "padding": "valid",
        "pool_size": 2,
        "pool_padding": "same",
        "dense_units": 5,
        "dropout": 0.2,
    }
    configuration = StackedConfiguration.from_dict({**values, **changes})
    return Artifact(
        configuration=configuration,
        tokenizer="words",
        labels=tuple("abcdefgh"[: configuration.classes]),
        vocabulary=VOCABULARY,
        weights=random_weights(configuration, np.random.default_rng(seed)),
        hyperparameters={"recipe": "stacked"},
    )


def pooled_artifact(seed: int = 0, **changes: Any) -> Artifact:
    """Return a small ``pooled.v1`` model with random weights."""
    shape = random_artifact().configuration.as_dict()
    configuration = PooledConfiguration.from_dict({**shape, "pooling": "attention", **changes})
    return Artifact(
        configuration=configuration,
        tokenizer="words",
        labels=tuple("abcdefgh"[: configuration.classes]),
        vocabulary=VOCABULARY,
        weights=random_weights(configuration, np.random.default_rng(seed)),
        hyperparameters={"recipe": "kim"},
    )


def pooled_of(artifact: Artifact) -> PooledConfiguration:
    """Return the configuration of a model that is known to be ``pooled.v1``."""
    assert isinstance(artifact.configuration, PooledConfiguration)
    return artifact.configuration


def stacked_of(artifact: Artifact) -> StackedConfiguration:
    """Return the configuration of a model that is known to be ``stacked.v1``."""
    assert isinstance(artifact.configuration, StackedConfiguration)
    return artifact.configuration


def kim_of(artifact: Artifact) -> KimConfiguration:
    """Return the configuration of a model that is known to be ``kim.v1``."""
    assert isinstance(artifact.configuration, KimConfiguration)
    return artifact.configuration


def random_artifact(
    seed: int = 0,
    *,
    labels: Sequence[str] = ("bad", "good", "ugly"),
    sequence_length: int = 8,
    int8: bool = False,
) -> Artifact:
    """Return a small model that answers at random, but always the same for the same seed."""
    configuration = KimConfiguration(
        vocabulary_size=len(VOCABULARY),
        sequence_length=sequence_length,
        classes=len(labels),
        embedding_size=6,
        kernel_widths=tuple(width for width in WIDTHS if width <= sequence_length),
        filters=4,
        dropout=0.5,
    )
    weights = random_weights(configuration, np.random.default_rng(seed))
    return Artifact(
        configuration=configuration,
        tokenizer="words",
        labels=tuple(labels),
        vocabulary=VOCABULARY,
        weights=weights,
        scales=int8_scales(configuration, weights) if int8 else None,
        metrics={"validation": {"accuracy": 0.5}},
        hyperparameters={"epochs": 1},
    )


def random_ngrams(seed: int = 0, *, classes: int = 3, further: bytes = b"") -> NgramTables:
    """Return n-grams of ``VOCABULARY`` with random rows: three pairs, four character n-grams.

    further: words beyond the vocabulary that have rows too.
    """
    generator = np.random.default_rng(seed)

    def rows(count: int) -> Rows:
        values = generator.normal(size=(count, classes)).astype(np.float32)
        return Rows(values, generator.uniform(0.5, 2, count).astype(np.float32))

    return NgramTables(
        rows(len(VOCABULARY) + further.count(b"\n")),
        pairs=np.array([[5, 4], [4, 6], [6, 4]], np.int32),
        pair_rows=rows(3),
        lines=b"<go\nood\nbad>\n<bi\n",
        character_rows=rows(4),
        strange=1.5,
        further=further,
    )


def random_further(
    words: Sequence[str] = ("goody", "bills"), *, size: int = 6, seed: int = 0
) -> FurtherWords:
    """Return words beyond ``VOCABULARY`` with random vectors."""
    vectors = np.random.default_rng(seed).normal(0, 0.7, (len(words), size)).astype(np.float32)
    return FurtherWords("".join(f"{word}\n" for word in words).encode(), PackedVectors.of(vectors))


def write_configuration(path: Path, value: Mapping[str, Any]) -> None:
    """Write one of the JSON files below input/config."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
