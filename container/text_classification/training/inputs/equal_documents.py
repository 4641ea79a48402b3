"""Warn where documents of different labels have the same tokens: no model can tell them apart.

As where a smiley alone says which is which, and the tokenizer drops punctuation.
"""

import logging
from collections import Counter, defaultdict

from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.corpus.vocabulary import UNKNOWN
from text_classification.training.inputs.training_documents import TrainingData

# So many documents are looked at.
_MOST_DOCUMENTS = 10_000
# The part of them that is no longer chance, or a few wrong labels.
_MANY = 0.1

log = logging.getLogger(__name__)


def warn_of_equal_documents(prepared: TrainingData, hyperparameters: Hyperparameters) -> None:
    """Warn where many documents to train on equal others whose label is another one.

    Those without a known token do not count: ``warn_of_unknown_tokens`` tells of them.
    """
    part = prepared.training.thinned(_MOST_DOCUMENTS)
    labels: defaultdict[bytes, Counter[int]] = defaultdict(Counter)
    for document, label in zip(part.documents.tolist(), part.labels.tolist(), strict=True):
        ids = part.corpus.document(document)
        if (ids != UNKNOWN).any():
            labels[ids.tobytes()][label] += 1
    equal = sum(counts.total() for counts in labels.values() if len(counts) > 1)
    if equal > _MANY * len(part):
        remedies = ["check the labels, and that the text is the column that was meant"]
        if hyperparameters.tokenizer == "words":
            remedies.append("set tokenizer=words_and_symbols, which keeps punctuation such as :-)")
        log.warning(
            "%d of %d training documents have the same tokens as one with another label, and no "
            "model can tell them apart; %s",
            equal,
            len(part),
            ", or ".join(remedies),
        )
