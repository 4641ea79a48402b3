"""An explainer whose words add what a test says, and documents of such words."""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from tests.unit.helpers import corpus_of
from text_classification.corpus.vocabulary import UNKNOWN
from text_classification.kernels.arrays import Floats, Ids, Indices
from text_classification.training.inputs.part import Part
from text_classification.training.results.attribution import NO_WORDS, Explainer

LABELS = ("good", "bad")


class TableNetwork:
    """Each word adds its own number to the logit of each class, wherever it stands."""

    def __init__(self, added: npt.NDArray[np.float64], longest: int) -> None:
        self.longest = longest
        self.padding = 2
        self._added = added  # [classes, ids]

    def logits(self, ids: Ids, offsets: Indices) -> Floats:
        """Not asked for by what explains."""
        raise NotImplementedError

    probabilities = logits

    def contributions(self, ids: Ids, index: int) -> tuple[npt.NDArray[np.float64], float]:
        """Return the numbers of the ids."""
        return self._added[index, ids], 0.0


def explainer(added: Mapping[str, tuple[float, float]], longest: int = 100) -> Explainer:
    """Return an explainer of two classes, from what each word adds to them; the ids follow."""
    words = (*NO_WORDS, *added)
    numbers = np.array([(0.0, 0.0), (9.0, -9.0), *added.values()]).T
    return Explainer(TableNetwork(numbers, longest), words, LABELS)


def part_of(known: Explainer, documents: Iterable[str], labels: Iterable[int]) -> Part:
    """Return documents as a part of a corpus, in the reverse of the order they lie there."""
    ids = [
        [known.words.index(word) if word in known.words else UNKNOWN for word in document.split()]
        for document in documents
    ]
    places = np.arange(len(ids))[::-1].copy()
    return Part(corpus_of(ids[::-1]), places, np.array(list(labels)[::-1], np.int32))
