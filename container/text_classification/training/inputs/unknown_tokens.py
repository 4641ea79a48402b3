"""Warn where the vocabulary knows hardly any token of the documents to validate on."""

import logging

from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.corpus.vocabulary import UNKNOWN
from text_classification.training.inputs.sample import MOST_DOCUMENTS
from text_classification.training.inputs.training_documents import TrainingData

# The unknown part of a document's tokens that leaves a model next to nothing to go by.
_NEARLY_ALL = 0.9
# The part of all documents that is no longer chance.
_MANY = 0.1

log = logging.getLogger(__name__)


def warn_of_unknown_tokens(prepared: TrainingData, hyperparameters: Hyperparameters) -> None:
    """Warn where many documents have no tokens, or hardly one that the model knows.

    They are those to validate on; without any, those to train on, of which some are looked at.
    """
    part = prepared.validation or prepared.training.thinned(MOST_DOCUMENTS)
    name = "validation" if prepared.validation else "training"
    tokens = part.lengths
    unknown = part.corpus.counts_of(UNKNOWN, part.documents)
    none = tokens == 0
    strange = ~none & (unknown >= _NEARLY_ALL * tokens)
    for found, problem, remedies in (
        (none, "have no tokens", _symbols(hyperparameters)),
        (
            strange,
            "have hardly a token that the vocabulary knows",
            [*_larger_vocabulary(hyperparameters), *_symbols(hyperparameters)],
        ),
    ):
        if found.sum() > _MANY * len(part):
            log.warning(
                "%d of %d %s documents %s, and the model can only guess their labels; %s",
                found.sum(),
                len(part),
                name,
                problem,
                ", or ".join(["check that the text column holds the text", *remedies]),
            )


def _symbols(hyperparameters: Hyperparameters) -> list[str]:
    if hyperparameters.tokenizer == "words_and_symbols":
        return []
    return ["set tokenizer=words_and_symbols, which cuts words from punctuation and keeps it"]


def _larger_vocabulary(hyperparameters: Hyperparameters) -> list[str]:
    remedies = ["give more documents"]
    if hyperparameters.min_count > 1:
        remedies.append("set min_count=1")
    if hyperparameters.recipe == "kim":
        remedies.append("set recipe=wide, which reads parts of words too")
    return remedies
