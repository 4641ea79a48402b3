"""From provisional ids to final ones: the vocabulary of what a model is trained on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from text_classification.corpus.encoded import EncodedCorpus
from text_classification.corpus.vocabulary import FIRST_TOKEN, UNKNOWN, Vocabulary
from text_classification.kernels.arrays import Ids, Indices


@dataclass(frozen=True)
class Numbering:
    """A vocabulary, and the final id of each provisional one: int32 [provisional ids]."""

    vocabulary: Vocabulary
    numbers: Ids


def number_tokens(
    tokens: Sequence[bytes],
    corpus: EncodedCorpus,
    documents: Indices,
    *,
    max_tokens: int,
    min_count: int,
) -> Numbering:
    """Return the vocabulary of some documents of a corpus in provisional ids.

    Tokens that occur at least ``min_count`` times, at most ``max_tokens`` of them, by falling
    frequency; equal ones in order of appearance. tokens: those of the provisional ids, in order.
    """
    counts = corpus.token_counts(documents, len(tokens))
    order = np.argsort(-counts, kind="stable")[:max_tokens]
    frequent = order[counts[order] >= min_count].tolist()
    kept = [index for index in frequent if _writable(tokens[index])]
    numbers = np.full(len(tokens), UNKNOWN, np.int32)
    numbers[kept] = np.arange(FIRST_TOKEN, FIRST_TOKEN + len(kept))
    return Numbering(Vocabulary.of(tokens[index] for index in kept), numbers)


def _writable(token: bytes) -> bool:
    """Tell whether a token is text: JSON can smuggle in half a surrogate pair, which is not."""
    try:
        token.decode()
    except UnicodeDecodeError:
        return False
    return True
