"""Warn where documents that judge a model are trained on: their scores tell nothing of new ones.

As where a file lies in a channel twice, or that of the test is part of that of the training.
"""

import logging

from text_classification.training.inputs.part import Part
from text_classification.training.inputs.training_documents import TrainingData

# So many documents are looked at, and for so many.
_MOST_TRAINED_ON = 50_000
_MOST_JUDGING = 1_000
# The part of them that is no longer chance: short messages recur.
_MANY = 0.3

log = logging.getLogger(__name__)


def warn_of_seen_documents(prepared: TrainingData) -> None:
    """Warn where many documents to validate or to test on have the tokens of a trained one."""
    judging = {"validate": prepared.validation, "test": prepared.test}
    parts = {name: part.thinned(_MOST_JUDGING) for name, part in judging.items() if part}
    if not parts:
        return
    trained_on = prepared.training.thinned(_MOST_TRAINED_ON)
    seen = set(_tokens(trained_on))
    looked_at = len(trained_on) / len(prepared.training)
    for name, part in parts.items():
        tokens = _tokens(part)
        count = sum(each in seen for each in tokens)
        if count > _MANY * looked_at * len(part):
            log.warning(
                "%d of %d documents to %s on have the same tokens as one of %d that are trained "
                "on: the scores tell little of new documents; remove copies from the channels",
                count,
                len(part),
                name,
                len(trained_on),
            )


def _tokens(part: Part) -> list[bytes]:
    """Return the tokens of each document, in vocabulary or not, but for those without any."""
    corpus = part.renumbered(None).corpus
    documents = map(corpus.document, part.documents.tolist())
    return [ids.tobytes() for ids in documents if len(ids)]
