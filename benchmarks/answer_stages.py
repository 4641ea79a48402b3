"""How long each stage of a prediction takes, and the least that the hardware needs for it."""

import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import TypeVar

import numpy as np

from text_classification.cnn.architectures.kim.network import KimNetwork
from text_classification.inference.classifier import Classifier
from text_classification.kernels.token_ids import EncodedDocuments

Piece = TypeVar("Piece")


def stages(classifier: Classifier, texts: Sequence[str]) -> dict[str, float]:
    """Return the microseconds that each part of an answer takes: medians over texts alone.

    ``calls``: the part of them that does not depend on the text. ``copying the rows``: what the
    hardware needs to copy the rows of a document out of the tables, and nothing else.
    """
    network = classifier._network
    assert isinstance(network, KimNetwork)
    table = network.tables._table

    def encode(document: bytes) -> EncodedDocuments:
        return classifier._encode([document])

    def score(encoded: EncodedDocuments) -> None:
        network.probabilities(encoded.ids, encoded.offsets)

    documents = [classifier._tokenize(text) for text in texts]
    encoded = [encode(document) for document in documents]
    rows = np.empty((max(len(each.ids) for each in encoded), table.shape[1]), table.dtype)

    def copy(document: EncodedDocuments) -> None:
        ids = document.ids
        table.take(ids, axis=0, out=rows[: len(ids)], mode="clip")

    nothing = [b""] * len(texts)
    return {
        "text to tokens": _microseconds(classifier._tokenize, texts),
        "tokens to ids": _microseconds(encode, documents),
        "ids to scores": _microseconds(score, encoded),
        "calls": _microseconds(encode, nothing) + _microseconds(score, list(map(encode, nothing))),
        "copying the rows": _microseconds(copy, encoded),
    }


def _microseconds(work: Callable[[Piece], object], pieces: Sequence[Piece]) -> float:
    """Return the median time of some work on a piece; each is worked on once, in turn."""
    times = []
    for piece in pieces:
        started = time.perf_counter()
        work(piece)
        times.append(time.perf_counter() - started)
    return 1e6 * median(times)
