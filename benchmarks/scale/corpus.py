"""Made documents in any number, the same for the same seed: words by Zipf's law, in classes."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from text_classification.kernels.arrays import Indices

SEED = 2026
CLASSES = 20
WORDS = 200_000
# Tokens of a document, from and up to: 133 on average.
LENGTHS = 67, 200
# The words of a class that its documents have beside those of all; and the share of them.
OF_A_CLASS = 500
CLASS_SHARE = 0.08
# Documents that are drawn together.
_TOGETHER = 10_000


def write_corpus(
    folder: Path, documents: int, *, files: int = 1, classes: int = CLASSES, seed: int = SEED
) -> int:
    """Write documents into ``part-N.csv.gz`` in a folder, and return the bytes of their text."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = made_rows(documents, classes=classes, seed=seed)
    size = 0
    for number in range(files):
        path = folder / f"part-{number:05}.csv.gz"
        with gzip.open(path, "wt", compresslevel=6, encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("label", "text"))
            first, last = (documents * part // files for part in (number, number + 1))
            for _, row in zip(range(first, last), rows, strict=False):
                size += len(row[1])
                writer.writerow(row)
    return size


def made_rows(
    documents: int, *, classes: int = CLASSES, seed: int = SEED
) -> Iterator[tuple[str, str]]:
    """Yield the label and the text of each document."""
    generator = np.random.default_rng(seed)
    words = _words(generator, WORDS)
    shares = np.cumsum(1 / np.arange(1, WORDS + 1))
    shares /= shares[-1]
    for start in range(0, documents, _TOGETHER):
        count = min(_TOGETHER, documents - start)
        labels = generator.integers(0, classes, count)
        lengths = generator.integers(*LENGTHS, count)
        found = np.searchsorted(shares, generator.random(lengths.sum())).clip(0, WORDS - 1)
        own = generator.random(len(found)) < CLASS_SHARE
        offsets = (np.repeat(labels, lengths)[own] * 7919 + found[own] % OF_A_CLASS) % WORDS
        found[own] = offsets
        texts = words[found]
        ends = np.cumsum(lengths)
        for label, first, last in zip(labels, ends - lengths, ends, strict=True):
            # Every third text has what must be quoted.
            end = ', "so it said".' if last % 3 == 0 else "."
            yield f"class {label}", " ".join(texts[first:last]) + end


def _words(generator: np.random.Generator, count: int) -> "np.typing.NDArray[np.object_]":
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    sizes: Indices = generator.integers(2, 11, count)
    drawn = letters[generator.integers(0, len(letters), sizes.sum())]
    ends = np.cumsum(sizes)
    return np.array(
        ["".join(drawn[end - size : end]) for size, end in zip(sizes, ends, strict=True)], object
    )
