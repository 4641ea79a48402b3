"""What the words of encoded documents add to the logits of a trained model."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from text_classification.artifact import Artifact
from text_classification.contract.limits import TABLES_MB
from text_classification.corpus.vocabulary import UNKNOWN
from text_classification.inference.served_network import Network, create_network
from text_classification.kernels.arrays import Ids
from text_classification.kernels.ngram_reference import contributions
from text_classification.kernels.ngrams import NgramTables
from text_classification.training.inputs.part import Part

# What stands for padding, which no document holds, and for a word outside the vocabulary.
NO_WORDS = ("", "□")

Shares = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Explainer:
    """A trained network; words: what stands for each id; labels: those of the logits.

    ngrams: what is added to its logits; of words outside the vocabulary nothing is known here.
    """

    network: Network
    words: tuple[str, ...]
    labels: tuple[str, ...]
    ngrams: NgramTables | None = None

    @classmethod
    def of(cls, artifact: Artifact) -> "Explainer":
        """Return the explainer of a model, with logits that are 0 in the mean of the classes.

        Its answers are the same. What a word adds to all classes alike speaks for none of them, and
        is nothing here.
        """
        weights = {
            name: array - array.mean(axis=-1, keepdims=True) if name.startswith("dense.") else array
            for name, array in artifact.weights.items()
        }
        network = create_network(replace(artifact, weights=weights), tables_mb=TABLES_MB)
        words = (*NO_WORDS, *(token.decode() for token in artifact.words.tokens))
        return cls(network, words, artifact.labels, _centred(artifact.ngrams))

    def read(self, part: Part, index: int) -> Ids:
        """Return the ids that the model reads of a part's document: int32 [tokens]."""
        ids = part.corpus.document(int(part.documents[index]))
        return ids if self.ngrams else ids[: self.network.longest]

    def contributions(self, part: Part, index: int, label: int) -> Shares:
        """Return what each of those ids adds to the logit of a class: float64 [tokens]."""
        document = part.documents[index : index + 1]
        batch = part.corpus.batch(document, self.network.longest, self.network.padding)
        values, _ = self.network.contributions(batch.ids, label)
        ids = self.read(part, index)
        values = values[: len(ids)]
        if self.ngrams is None:
            return values
        tokens = [self.words[token].encode() if token != UNKNOWN else b"" for token in ids]
        added = contributions(self.ngrams, tokens, ids.tolist(), label)
        added[: len(values)] += values
        return added

    def text(self, ids: Ids) -> str:
        """Return the words of some ids."""
        return " ".join(self.words[token] for token in ids)


def _centred(ngrams: NgramTables | None) -> NgramTables | None:
    if ngrams is None:
        return None
    arrays = {
        name: array - array.mean(axis=1, keepdims=True) if name.endswith(".rows") else array
        for name, array in ngrams.arrays.items()
    }
    return NgramTables.of(arrays, ngrams.lines, ngrams.further)
