"""What a job knows of its model in the end: as much as there is time for, and nothing lost."""

from contextlib import suppress
from dataclasses import replace

from text_classification.contract.failure import warn_of
from text_classification.evaluation.calibration import reliability
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.network.further_words import further_words
from text_classification.training.network.held_out import HeldOut
from text_classification.training.network.training_loop import STOPPED_VALIDATION
from text_classification.training.results.assessment import Assessment, assess
from text_classification.training.results.drift_baseline import held_out_baseline
from text_classification.training.selection.final_model import FinalModel


def assess_or_warn(final: FinalModel, stop: StopRequest) -> Assessment:
    """Calibrate and score a model; where that fails, return it as it is and warn.

    A stop request ends that on a sample of the documents, whenever it comes.
    """
    try:
        return _assess_in_time(final, stop)
    except Exception as error:  # noqa: BLE001 - the model counts, whatever fails
        warn_of("the model is not calibrated, and nothing is known of how good it is", error)
        return _unassessed(final)


def _assess_in_time(final: FinalModel, stop: StopRequest) -> Assessment:
    trained, target = final.trained, final.hyperparameters.target_precision

    def assessed(held_out: HeldOut, stop: StopRequest) -> Assessment:
        found = assess(trained, held_out, stop, target)
        with stop.interrupts():
            baseline = held_out_baseline(final, found)
        return replace(found, metrics=found.metrics and replace(found.metrics, baseline=baseline))

    if not stop:
        with suppress(Stopped):
            return assessed(final.held_out, stop)
    return assessed(final.held_out.thinned(STOPPED_VALIDATION), stop)


def _unassessed(final: FinalModel) -> Assessment:
    trained, held_out = final.trained, final.held_out
    nothing = reliability(held_out.part.labels[:0], held_out.probabilities[:0])
    return Assessment(
        weights=trained.progress.weights,
        further=further_words(trained.prepared) if held_out.with_further else None,
        ngrams=trained.ngrams,
        scales=None,
        metrics=None,
        classes={},
        answers={},
        served=held_out.probabilities,
        reliability=(nothing, nothing),
    )
