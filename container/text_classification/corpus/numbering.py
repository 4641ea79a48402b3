"""From provisional ids to final ones: the vocabulary of what a model is trained on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from text_classification.corpus.encoded import EncodedCorpus
from text_classification.corpus.vocabulary import FIRST_TOKEN, UNKNOWN, Vocabulary
from text_classification.kernels.arrays import Ids, Numbers


@dataclass(frozen=True)
class Numbering:
    """A vocabulary, and the final id of each provisional one: int32 [provisional ids].

    beyond: the next most frequent tokens, which have no id.
    """

    vocabulary: Vocabulary
    numbers: Ids
    beyond: tuple[bytes, ...] = ()


def number_tokens(  # noqa: PLR0913 - options by name
    tokens: Sequence[bytes],
    corpus: EncodedCorpus,
    documents: Numbers,
    *,
    max_tokens: int,
    min_count: int,
    first: Sequence[bytes] = (),
    most_beyond: int = 0,
) -> Numbering:
    """Return the vocabulary of some documents of a corpus in provisional ids.

    At most ``max_tokens`` tokens: those of ``first`` in their order, whether they occur or not;
    then others that occur at least ``min_count`` times, by falling frequency; equal ones in order
    of appearance. Up to ``most_beyond`` of these that come next are beyond the vocabulary. tokens:
    those of the provisional ids, in order.
    """
    counts = corpus.token_counts(documents, len(tokens))
    order = np.argsort(-counts, kind="stable")[: max_tokens + most_beyond + len(first)]
    frequent = order[counts[order] >= min_count].tolist()
    already = set(first)
    new = (tokens[index] for index in frequent if tokens[index] not in already)
    found = [*first, *filter(_writable, new)]
    kept, beyond = found[:max_tokens], found[max_tokens : max_tokens + most_beyond]
    numbers = {token: number for number, token in enumerate(kept, FIRST_TOKEN)}
    ids = [numbers.get(token, UNKNOWN) for token in tokens]
    return Numbering(Vocabulary.of(kept), np.array(ids, np.int32), tuple(beyond))


def _writable(token: bytes) -> bool:
    """Tell whether a token is text: JSON can smuggle in half a surrogate pair, which is not."""
    try:
        token.decode()
    except UnicodeDecodeError:
        return False
    return True
