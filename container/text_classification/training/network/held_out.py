"""What a model answers to documents that it was not trained on: it is judged by that."""

from dataclasses import dataclass, replace

import numpy as np

from text_classification.evaluation.calibration import tempered
from text_classification.inference.served_network import int8_scales
from text_classification.kernels.arrays import Floats
from text_classification.machine.signals import StopRequest
from text_classification.training.inputs.part import Part
from text_classification.training.network.further_words import FurtherReader, is_better
from text_classification.training.network.network_training import TrainedModel
from text_classification.training.network.quantization import served_probabilities
from text_classification.training.network.training_loop import predict, predict_part_or_sample


@dataclass(frozen=True)
class HeldOut:
    """Documents held out of training, and the answers to them.

    probabilities: float32 [documents, classes]; quantized: the same from int8 tables, None for an
    architecture that has none. with_further: whether words that training lacks have their vectors
    in these answers.
    """

    part: Part
    probabilities: Floats
    quantized: Floats | None
    with_further: bool = False

    def thinned(self, count: int) -> "HeldOut":
        """Return the answers to at most ``count`` of the documents, evenly spaced."""
        places = self.part.evenly_spaced(count)
        return replace(
            self,
            part=self.part.chosen(places),
            probabilities=self.probabilities[places],
            quantized=None if self.quantized is None else self.quantized[places],
        )

    def at_temperature(self, temperature: float) -> "HeldOut":
        """Return the answers at another temperature."""
        return replace(
            self,
            probabilities=tempered(self.probabilities, temperature),
            quantized=None if self.quantized is None else tempered(self.quantized, temperature),
        )


def held_out_predictions(
    trained: TrainedModel, stop: StopRequest, *, may_have_further: bool = False
) -> HeldOut:
    """Return what a model's best weights answer to its validation part; stopped, to some of it.

    may_have_further: whether words that training lacks may have their pretrained vectors; they do
    where the answers are better for it.
    Raises ``ValueError`` for a model that was trained on everything.
    """
    reader = FurtherReader.of(trained.prepared) if may_have_further else None

    def answer(part: Part, stop: StopRequest) -> HeldOut:
        plain = HeldOut(part, *_probabilities(trained, part, stop))
        return _better(plain, trained, reader, stop) if reader else plain

    return predict_part_or_sample(trained.prepared.held_out, stop, answer)[1]


def _better(
    plain: HeldOut, trained: TrainedModel, reader: FurtherReader, stop: StopRequest
) -> HeldOut:
    """Return the answers with the vectors of further words where their loss is smaller."""
    weights, part = trained.progress.weights, plain.part
    probabilities = reader.answered(weights, part, plain.probabilities, stop)
    with stop.interrupts():
        better = is_better(part.labels, plain.probabilities, probabilities)
    if not better:
        return plain
    quantized = None if plain.quantized is None else reader.quantized(weights, part, stop)
    return HeldOut(part, probabilities, quantized, with_further=True)


def _probabilities(
    trained: TrainedModel, part: Part, stop: StopRequest
) -> tuple[Floats, Floats | None]:
    """Return the answers in float32, and those from int8 tables where there are such."""
    configuration, weights = trained.prepared.configuration, trained.progress.weights
    probabilities = _known(trained, part)
    if probabilities is None:
        trained.engine.set_weights(weights)
        probabilities = predict(trained.engine, part, configuration.sequence_length, stop)
    if not configuration.has_int8_tables:
        return probabilities, None
    scales = int8_scales(configuration, weights)
    return probabilities, served_probabilities(configuration, weights, scales, part, stop)


def _known(trained: TrainedModel, part: Part) -> Floats | None:
    """Return what was answered in the best epoch's validation: nothing is asked twice."""
    answers, whole = trained.progress.answers, trained.prepared.validation
    if answers is None or whole is None:
        return None
    return answers if part is whole else answers[np.searchsorted(whole.documents, part.documents)]
