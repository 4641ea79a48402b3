"""Words that no training document has and pretrained vectors know, in a trained network.

A network that starts from vectors of words has learned what to make of them, so it can make as much
of the vector of another word. That helps where documents are short and few; where training has
changed its words' vectors much it may do harm, so the documents held out decide.
"""

import logging
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from text_classification.cnn.base_configuration import Weights
from text_classification.corpus.further_words import (
    GROWTH,
    FurtherWords,
    numbered,
    places_of_further,
)
from text_classification.evaluation.calibration import fit_temperature, tempered
from text_classification.evaluation.metrics import summarize
from text_classification.inference.served_network import int8_scales
from text_classification.kernels.arrays import Floats, Ids, Indices
from text_classification.machine.signals import StopRequest
from text_classification.training.inputs.part import Part
from text_classification.training.inputs.training_documents import TrainingData
from text_classification.training.network.quantization import served_probabilities

# Beside a word's packed vector: its scale, and itself in the list.
BYTES_A_NAME = 12
# The memory for tables of float32, which a few documents are answered from.
FLOAT_TABLES_MB = 64

log = logging.getLogger(__name__)


def further_words(prepared: TrainingData) -> FurtherWords | None:
    """Return the words that a model of these documents may have besides; None for none.

    The most frequent that the image's vectors have, as many as the size of the model allows:
    whether documents of another channel hold them decides nothing.
    """
    source, configuration = prepared.start.source, prepared.configuration
    if source is None or configuration.embedding_size % source.size:
        return None
    numbers = sum(int(np.prod(shape)) for shape in configuration.shapes().values())
    most = int(GROWTH * 4 * numbers) // (source.size // 2 + BYTES_A_NAME)
    places = places_of_further(source.words, prepared.vocabulary.tokens, most)
    lines = b"".join([source.words[place] + b"\n" for place in places])
    return FurtherWords(lines, source.packed(places)) if places else None


def is_better(labels: Ids, before: Floats, after: Floats) -> bool:
    """Tell, and log, whether answers with the vectors of further words have a smaller loss.

    Each is calibrated for itself, as the model will be. before, after: float32 [documents,
    classes], the answers to the documents held out.
    """
    losses = [
        summarize(labels, tempered(each, fit_temperature(labels, each))).loss
        for each in (before, after)
    ]
    better = losses[1] < losses[0]
    log.info(
        "words that training lacks %s their pretrained vectors: the loss on the documents held out "
        "is %.4f with them and %.4f without",
        "keep" if better else "do not keep",
        losses[1],
        losses[0],
    )
    return better


@dataclass(frozen=True)
class FurtherReader:
    """Reads documents with further words, and answers them by a trained network."""

    prepared: TrainingData
    words: FurtherWords

    @classmethod
    def of(cls, prepared: TrainingData) -> "FurtherReader | None":
        """Return the reader of a model's documents; None where there are no further words."""
        words = further_words(prepared)
        return cls(prepared, words) if words else None

    def read(self, part: Part) -> Part:
        """Return the same documents, in which further words have their ids."""
        return part.renumbered(self._numbers)

    def answered(
        self, weights: Weights, part: Part, probabilities: Floats, stop: StopRequest
    ) -> Floats:
        """Return answers to a part, float32 [documents, classes].

        probabilities: those without further words, which stand where a document has none.
        Raises ``Stopped`` on a stop request.
        """
        is_further = (self._numbers >= self._first).astype(np.int32)
        marked = part.renumbered(is_further).corpus
        places = np.flatnonzero(marked.counts_of(1, part.documents))
        answers = probabilities.copy()
        if len(places):
            answers[places] = served_probabilities(
                self.prepared.configuration,
                self._with_heard(weights),
                None,
                self._heard_part(part.chosen(places)),
                stop,
                tables_mb=FLOAT_TABLES_MB,
            )
        return answers

    def quantized(self, weights: Weights, part: Part, stop: StopRequest) -> Floats:
        """Return what int8 tables answer: float32 [documents, classes].

        Raises ``Stopped`` on a stop request.
        """
        configuration = self.prepared.configuration
        scales = int8_scales(configuration, self.words.added_to(weights))
        heard = self._heard_part(part)
        return served_probabilities(configuration, self._with_heard(weights), scales, heard, stop)

    @property
    def _first(self) -> int:
        return len(self.prepared.vocabulary)

    @cached_property
    def _numbers(self) -> Ids:
        """The ids of the provisional ones, with those of further words."""
        prepared = self.prepared
        known = prepared.training.corpus.numbers
        assert known is not None  # noqa: S101 - a model's documents are in its vocabulary's ids
        return numbered(self.words.tokens, self._first, prepared.tokens, known)

    @cached_property
    def _heard(self) -> Indices:
        """The places of the further words that some document holds: others need no row here."""
        found = self._numbers[self._numbers >= self._first]
        return np.unique(found).astype(np.int64) - self._first

    def _with_heard(self, weights: Weights) -> Weights:
        return self.words.chosen(self._heard.tolist()).added_to(weights)

    def _heard_part(self, part: Part) -> Part:
        places = np.searchsorted(self._heard, self._numbers - self._first).astype(np.int32)
        is_further = self._numbers >= self._first
        return part.renumbered(np.where(is_further, self._first + places, self._numbers))
