"""Jobs that start from pretrained word vectors in the channel ``embeddings``."""

import gzip
import struct
from collections.abc import Callable

import numpy as np
import pytest

from letters import letters
from tests.support.server import Server
from tests.support.training import SMALL, TrainingEnvironment
from text_classification import artifact
from text_classification.corpus.tokenizer import words

SAMPLE = [(letter.label, letter.text) for letter in letters(200, seed=1)]
HYPERPARAMETERS = {name: value for name, value in SMALL.items() if name != "embedding_size"}
SIZE = 5


def _vectors() -> dict[str, np.ndarray]:
    """Return a vector for every other word of the sample."""
    found = sorted({word.decode() for _, text in SAMPLE for word in words(text).split()})
    generator = np.random.default_rng(0)
    return {word: generator.normal(0, 0.4, SIZE).astype(np.float32) for word in found[::2]}


def _glove(vectors: dict[str, np.ndarray]) -> bytes:
    lines = (f"{word} {' '.join(map(str, row.tolist()))}\n" for word, row in vectors.items())
    return "".join(lines).encode()


def _word2vec(vectors: dict[str, np.ndarray]) -> bytes:
    rows = (
        word.encode() + b" " + struct.pack(f"<{SIZE}f", *row) + b"\n"
        for word, row in vectors.items()
    )
    return f"{len(vectors)} {SIZE}\n".encode() + b"".join(rows)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vectors.bin", _word2vec(_vectors())),
        ("glove/glove.5d.txt.gz", gzip.compress(_glove(_vectors()), mtime=0)),
    ],
)
def test_frozen_vectors_are_those_of_the_file(
    training: TrainingEnvironment,
    start_server: Callable[..., Server],
    name: str,
    content: bytes,
) -> None:
    """Never trained, they are in the model as they were given; it is served as any other."""
    training.write_csv("training/a.csv", SAMPLE)
    training.write(f"embeddings/{name}", content)
    training.configure("hyperparameters.json", {**HYPERPARAMETERS, "frozen_epochs": "50"})
    job = training.run()
    assert job.code == 0, job.output
    model, vectors = artifact.load(training.model), _vectors()
    assert model.configuration.embedding_size == model.hyperparameters["embedding_size"] == SIZE
    rows = {token.decode(): row for row, token in enumerate(model.vocabulary.tokens, 2)}
    shared = rows.keys() & vectors.keys()
    assert f"embeddings/{name}: " in job.output
    assert "% of the words in the training documents have a vector" in job.output
    assert 0.3 < len(shared) / len(rows) < 0.7
    for word in shared:
        np.testing.assert_array_equal(model.weights["embedding"][rows[word]], vectors[word])
    answer = start_server(root=training.root).invocations(SAMPLE[0][1], "text/plain")
    assert answer.status == 200


def test_vectors_are_trained_when_they_have_thawed(training: TrainingEnvironment) -> None:
    """After one epoch of two, tokens that occur have moved, and no vector is far from its start."""
    training.write_csv("training/a.csv", SAMPLE)
    training.write("embeddings/vectors.txt", _glove(_vectors()))
    training.configure("hyperparameters.json", {**HYPERPARAMETERS, "frozen_epochs": "1"})
    job = training.run()
    assert job.code == 0, job.output
    model = artifact.load(training.model)
    assert model.metrics["best_epoch"] == 2
    moved = [
        np.abs(model.weights["embedding"][row] - _vectors()[token.decode()]).max()
        for row, token in enumerate(model.vocabulary.tokens, 2)
        if token.decode() in _vectors()
    ]
    # Adam's step is no longer than the learning rate; 160 documents give 5 steps of 32.
    assert 1e-4 < np.max(moved) < 5e-3 + 1e-6


@pytest.mark.parametrize(
    ("files", "given", "code", "hint"),
    [
        (
            {"a.txt": b"the 1 2\nof 1\n"},
            {},
            "FILE_UNREADABLE",
            "line 2 has 1 numbers, not 2 [embeddings/a.txt]",
        ),
        (
            {"a.txt": b"the 1 2\n"},
            {"embedding_size": "50"},
            "HYPERPARAMETER_INVALID",
            "the vectors have 2 numbers and embedding_size is 50",
        ),
        ({}, {}, "CHANNEL_EMPTY", "one file of word vectors and holds none"),
        (
            {"a.txt": b"the 1\n", "b.txt": b"the 1\n"},
            {},
            "CHANNEL_UNSUPPORTED",
            "and holds 2: a.txt, b.txt",
        ),
    ],
)
def test_bad_vectors_are_told(
    training: TrainingEnvironment,
    files: dict[str, bytes],
    given: dict[str, str],
    code: str,
    hint: str,
) -> None:
    """With the file and the line, or what there is in the channel."""
    training.write_csv("training/a.csv", SAMPLE)
    training.configure("inputdataconfig.json", {"training": {}, "embeddings": {}})
    for name, content in files.items():
        training.write(f"embeddings/{name}", content)
    training.configure("hyperparameters.json", given)
    job = training.run()
    assert job.code == 1
    assert job.failure.startswith(code)
    assert hint in job.failure[:1024]
    assert "Traceback" not in job.output
