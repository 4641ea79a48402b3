"""What n-grams make of documents, read as serving reads them."""

import numpy as np

from text_classification.kernels.arrays import Floats
from text_classification.kernels.ngrams import NgramTables
from text_classification.machine.signals import StopRequest
from text_classification.training.inputs.part import Part
from text_classification.training.inputs.training_documents import TrainingData

# Documents read at a time.
BATCH = 256


def ngram_logits(
    prepared: TrainingData, tables: NgramTables, part: Part, stop: StopRequest
) -> Floats:
    """Return what n-grams add to the logits of a part: float32 [documents, classes].

    Raises ``Stopped`` on a stop request.
    """
    stored, tokens = part.corpus.renumbered(None), prepared.tokens
    vocabulary = prepared.vocabulary.followed_by(tables.further)
    logits = np.empty((len(part), tables.classes), np.float32)
    for first in stop.checked(range(0, len(part), BATCH)):
        chosen = part.documents[first : first + BATCH]
        texts = [
            b" ".join([tokens[token] for token in stored.document(index).tolist()])
            for index in chosen.tolist()
        ]
        # Longer than any document: all of its tokens are read.
        encoded = vocabulary.encode(texts, longest=max(map(len, texts)) + 1)
        logits[first : first + BATCH] = tables.logits(texts, encoded.ids, encoded.offsets)
    return logits
