"""A part of the documents: what is trained on, validated on or tested on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from text_classification.corpus.encoded import Batch, EncodedCorpus
from text_classification.kernels.arrays import Ids, Indices, Numbers


@dataclass(frozen=True)
class Part:
    """Some documents of a corpus by their numbers, [n], and the labels of all: int32 [documents].

    Parts of a corpus share the labels, which large ones would else hold once more each.
    """

    corpus: EncodedCorpus
    documents: Numbers
    all_labels: Ids

    @classmethod
    def whole(cls, corpus: EncodedCorpus, labels: Ids) -> Self:
        """Return all documents of a corpus."""
        return cls(corpus, np.arange(len(labels), dtype=np.uint32), labels)

    @property
    def labels(self) -> Ids:
        """The label of each document: int32 [n], made anew."""
        return self.all_labels[self.documents]

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.documents)

    @property
    def lengths(self) -> Indices:
        """The tokens of each document: int64 [n]."""
        offsets = self.corpus.offsets
        return offsets[self.documents + 1] - offsets[self.documents]

    def chosen(self, places: Numbers) -> "Part":
        """Return those of the documents that stand in some places."""
        return replace(self, documents=self.documents[places])

    def thinned(self, count: int) -> "Part":
        """Return at most ``count`` documents, evenly spaced: files may be in order of class."""
        return self.chosen(self.evenly_spaced(count))

    def evenly_spaced(self, count: int) -> Indices:
        """Return the places of at most ``count`` documents: int64 [n], in rising order."""
        places = np.linspace(0, len(self) - 1, min(count, len(self))).astype(np.int64)
        return np.unique(places)

    def renumbered(self, numbers: Ids | None) -> "Part":
        """Return the same documents, each id of the corpus read as ``numbers[id]``.

        None reads them as they are stored.
        """
        return replace(self, corpus=self.corpus.renumbered(numbers))

    def batches(
        self, order: Numbers, size: int, length: int, padding: int
    ) -> Iterator[tuple[Batch, Ids]]:
        """Yield B documents and their labels, int32 [B], at a time, in this order."""
        for start in range(0, len(order), size):
            chosen = self.documents[order[start : start + size]]
            yield self.corpus.batch(chosen, length, padding), self.all_labels[chosen]
