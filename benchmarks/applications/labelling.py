"""What the peers' models have in common: from texts to the best labels and their scores."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from typing_extensions import TypedDict

from benchmarks.peers.padded import BATCH, Padder
from text_classification.kernels.arrays import Floats, Ids


class Best(TypedDict):
    """A label and its score."""

    label: str
    score: float


class Labels:
    """The labels of a model, in the order of its scores."""

    def __init__(self, model: Path) -> None:
        self._names: list[str] = json.loads((model / "labels.json").read_bytes())

    def best(self, scores: Floats) -> list[Best]:
        """Return the best label of each document; scores: float32 [documents, classes]."""
        indices = scores.argmax(axis=1)
        values = scores[np.arange(len(indices)), indices]
        return [
            {"label": self._names[index], "score": value}
            for index, value in zip(indices.tolist(), values.tolist(), strict=True)
        ]


def padder(model: Path) -> Padder:
    """Return what makes a network's input of texts, by the files of our model."""
    described: dict[str, Any] = json.loads((model / "configuration.json").read_bytes())
    tokens = (model / "vocabulary.txt").read_bytes().split(b"\n")[:-1]
    return Padder(described["tokenizer"], tokens, described["configuration"]["sequence_length"])


def batches(padder: Padder, texts: Sequence[str]) -> Iterator[Ids]:
    """Yield the input of a manageable number of texts at a time: int32 [n, T]."""
    for start in range(0, len(texts), BATCH):
        yield padder.pad(texts[start : start + BATCH])
