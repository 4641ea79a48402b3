"""training/network/training_loop.py, with an engine that does as it is told."""

import logging
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from text_classification.cnn.base_configuration import Weights
from text_classification.contract.metric_lines import metric_definitions
from text_classification.corpus.encoded import Batch, EncodedCorpus
from text_classification.errors import Code, ConfigurationError
from text_classification.evaluation.epoch import Epoch
from text_classification.evaluation.metrics import Summary
from text_classification.kernels.arrays import Floats, Ids, State
from text_classification.machine.signals import StopRequest
from text_classification.training.inputs.part import Part
from text_classification.training.network.checkpoints import Checkpoints
from text_classification.training.network.training_loop import (
    STOPPED_VALIDATION,
    Loop,
    TrainingSchedule,
    predict,
)
from text_classification.training.network.training_progress import Progress

# An epoch of ScriptedEngine on validation: the part answered rightly, and how surely.
Script = Sequence[tuple[float, float]]
PLAN = TrainingSchedule(epochs=10, patience=3, batch_size=4, sequence_length=2, seed=5)


class ScriptedEngine:
    """An engine whose weight is the number of its steps and whose validation is written down."""

    padding = 3
    evaluation_batch = 256

    def __init__(self, script: Script, at_step: Callable[[int], None] = lambda _step: None) -> None:
        self.script = script
        self.batches: list[list[int]] = []
        self.evaluations = 0
        self._at_step = at_step

    def train_batch(self, batch: Batch, labels: Ids) -> float:
        """Note the documents; the loss is the number of the step."""
        # Documents of one token have room for one id of padding, whatever the engine asks for.
        tokens = batch.ids.reshape(len(labels), 2)
        assert not tokens[:, 1].any()
        self.batches.append(tokens[:, 0].tolist())
        self._at_step(len(self.batches))
        return float(len(self.batches))

    def probabilities(self, batch: Batch) -> Floats:
        """Answer 0 (which is right) for the first of the documents, 1 for the others."""
        accuracy, certainty = self.script[self.evaluations]
        self.evaluations += 1
        right = np.arange(len(batch)) < accuracy * len(batch)
        first = np.where(right, certainty, 1 - certainty)
        return np.stack([first, 1 - first], axis=1).astype(np.float32)

    def get_weights(self) -> Weights:
        """Return the number of steps."""
        return {"steps": np.array([len(self.batches)], dtype=np.float32)}

    def set_weights(self, weights: Weights) -> None:
        """Nothing to do: training never asks for it."""
        raise AssertionError(weights)

    def get_state(self) -> State:
        """Nothing to do: there is nowhere to write a checkpoint to."""
        raise AssertionError

    def set_state(self, state: State) -> None:
        """Nothing to do: there is no checkpoint to go on from."""
        raise AssertionError(state)


def part(count: int) -> Part:
    """Return documents of one token, its own number, all of class 0."""
    ids = np.arange(count, dtype=np.int32)
    corpus = EncodedCorpus(ids, np.arange(count + 1))
    return Part(corpus, np.arange(count), np.zeros(count, dtype=np.int32))


def run(
    engine: ScriptedEngine, plan: TrainingSchedule = PLAN, stop: StopRequest | None = None
) -> Progress:
    """Train on 10 documents, in 3 steps an epoch, and validate on 8."""
    return loop(engine, plan, stop).train(part(10), part(8))


def loop(
    engine: ScriptedEngine, plan: TrainingSchedule = PLAN, stop: StopRequest | None = None
) -> Loop:
    """Return a loop that writes no checkpoints."""
    nowhere = Checkpoints(Path("/nowhere"), "", 1)
    return Loop(engine, plan, StopRequest() if stop is None else stop, nowhere)


def validated(epoch: Epoch) -> Summary:
    """Return the scores of an epoch that was validated."""
    assert epoch.validation is not None
    return epoch.validation


def steps(outcome: Progress) -> int:
    """Return after how many steps the kept weights were taken."""
    return int(outcome.weights["steps"][0])


def test_weights_of_the_most_accurate_epoch_are_kept() -> None:
    """Later epochs do not replace better weights, even where their loss is smaller."""
    outcome = run(ScriptedEngine([(0.5, 0.6), (1, 0.6), (0.75, 0.9), (0.5, 0.6), (0.5, 0.6)]))
    assert outcome.best is not None
    assert (outcome.best.number, steps(outcome)) == (2, 6)


def test_answers_of_the_best_epoch_are_kept() -> None:
    """They judge the model: its validation documents are not answered once more."""
    outcome = run(ScriptedEngine([(0.5, 0.6), (1, 0.7), (0.75, 0.9), (0.5, 0.6), (0.5, 0.6)]))
    assert outcome.answers is not None
    np.testing.assert_allclose(outcome.answers, [[0.7, 0.3]] * 8)


def test_smaller_loss_decides_between_equally_accurate_epochs() -> None:
    """Accuracy first, then the loss."""
    outcome = run(ScriptedEngine([(1, 0.6), (1, 0.9), (1, 0.8), (1, 0.7), (1, 0.6)]))
    assert outcome.best is not None
    assert outcome.best.number == 2


def test_first_of_equal_epochs_is_kept() -> None:
    """An epoch that is no better replaces nothing, and standing still is no progress."""
    outcome = run(ScriptedEngine([(1, 0.9)] * 10))
    assert steps(outcome) == 3
    assert len(outcome.epochs) == 1 + PLAN.patience


@pytest.mark.parametrize("patience", [1, 2, 3])
def test_patience_ends_training(patience: int) -> None:
    """After the best epoch, the second, training goes on for exactly so many epochs."""
    script = [(0.5, 0.6), (1, 0.9), *[(0.5, 0.6)] * 8]
    outcome = run(ScriptedEngine(script), replace(PLAN, patience=patience))
    assert len(outcome.epochs) == 2 + patience
    assert outcome.epochs_without_progress == patience
    assert not outcome.stopped


def test_progress_of_the_loss_alone_keeps_training_alive() -> None:
    """As long as the loss falls, standing accuracy is no reason to end."""
    script = [(0.5, 0.9 - 0.01 * number) for number in range(10)]  # right and wrong: less sure
    assert len(run(ScriptedEngine(script), replace(PLAN, patience=1)).epochs) == 10


def test_progress_of_the_accuracy_alone_keeps_training_alive() -> None:
    """As long as accuracy rises, a rising loss is no reason to end."""
    script = [(0.5, 0.6), (0.625, 0.8), (0.75, 0.95), (0.875, 0.9999), (0.875, 0.9999)]
    outcome = run(ScriptedEngine(script), replace(PLAN, patience=1))
    losses = [validated(epoch).loss for epoch in outcome.epochs[:4]]
    assert losses == sorted(losses)
    assert len(outcome.epochs) == 5


def test_epochs_end_training() -> None:
    """Not an epoch more than planned."""
    outcome = run(ScriptedEngine([(0.5, 0.6), (1, 0.9)]), replace(PLAN, epochs=2))
    assert [epoch.number for epoch in outcome.epochs] == [1, 2]


def test_stop_after_the_first_step_leaves_weights() -> None:
    """A stop ends the epoch after the step under way; its weights are validated and kept."""
    stop = StopRequest()
    engine = ScriptedEngine([(0.5, 0.6)], at_step=lambda _step: stop.set())
    outcome = run(engine, stop=stop)
    assert outcome.stopped
    assert (len(outcome.epochs), steps(outcome), engine.evaluations) == (1, 1, 1)
    assert outcome.epochs[0].train_loss == 1


def test_stop_later_keeps_the_best_weights() -> None:
    """An epoch that was cut short is not validated: there is a better one, and little time."""
    stop = StopRequest()
    engine = ScriptedEngine(
        [(1, 0.9), (0.5, 0.6)], at_step=lambda step: stop.set() if step == 5 else None
    )
    outcome = run(engine, stop=stop)
    assert outcome.stopped
    assert (len(outcome.epochs), steps(outcome), engine.evaluations) == (1, 3, 1)


def test_stop_in_the_first_epoch_validates_on_a_part() -> None:
    """However large the validation part, a job that is being stopped takes seconds for it."""
    stop = StopRequest()
    engine = ScriptedEngine([(1, 0.9)] * 100, at_step=lambda _: stop.set())
    outcome = loop(engine, stop=stop).train(part(10), part(20_000))
    assert outcome.best is not None
    assert validated(outcome.best).documents == STOPPED_VALIDATION
    assert outcome.answers is None


def test_thinned_part_is_spread_evenly() -> None:
    """Files may be in order of class, so the first documents alone would not do."""
    assert part(9).thinned(3).documents.tolist() == [0, 4, 8]
    assert part(3).thinned(9).documents.tolist() == [0, 1, 2]


def test_every_document_is_seen_once_an_epoch() -> None:
    """Each epoch has an order of its own; the last batch is smaller."""
    engine = ScriptedEngine([(1, 0.6), (1, 0.7)])
    run(engine, replace(PLAN, epochs=2))
    assert [len(batch) for batch in engine.batches] == [4, 4, 2] * 2
    first, second = ([*a, *b, *c] for a, b, c in (engine.batches[:3], engine.batches[3:]))
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second


def test_order_depends_on_the_seed_alone() -> None:
    """The same seed gives the same batches, another one others."""

    def batches(seed: int) -> list[list[int]]:
        engine = ScriptedEngine([(1, 0.6)])
        run(engine, replace(PLAN, epochs=1, seed=seed))
        return engine.batches

    assert batches(1) == batches(1) != batches(2)


def test_loss_of_an_epoch_is_the_mean_of_its_documents() -> None:
    """The smaller last batch counts by its documents: steps 1, 2 and 3 of 4, 4 and 2."""
    outcome = run(ScriptedEngine([(1, 0.6)]), replace(PLAN, epochs=1))
    assert outcome.epochs[0].train_loss == pytest.approx((4 * 1 + 4 * 2 + 2 * 3) / 10)


def test_each_epoch_prints_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """The line holds the metrics that the definitions look for."""
    caplog.set_level(logging.INFO)
    outcome = run(ScriptedEngine([(0.5, 0.75), (1, 0.75)]), replace(PLAN, epochs=2))
    assert all(0 < epoch.seconds < 10 for epoch in outcome.epochs)
    lines = [line for line in caplog.messages if line.startswith("epoch ")]
    assert len(lines) == 2
    assert lines[1].startswith(
        "epoch 2: train_loss=4.8000 validation_loss=0.2877 validation_accuracy=1.0000 "
        "validation_macro_f1=1.0000 epoch_seconds="
    )


def test_one_of_several_trainings_prints_no_metrics(caplog: pytest.LogCaptureFixture) -> None:
    """Epochs are told in words: SageMaker would draw one curve through those of all."""
    caplog.set_level(logging.INFO)
    told: list[float] = []

    def watch(labels: Ids, probabilities: Floats) -> None:
        told.append(float((probabilities.argmax(axis=1) == labels).mean()))

    engine = ScriptedEngine([(0.5, 0.75), (1, 0.75)])
    replace(loop(engine, replace(PLAN, epochs=2)), watch=watch).train(part(10), part(8))
    assert told == [0.5, 1]
    assert (
        "epoch 1: loss 1.8000 in training; on validation accuracy 0.5000, macro F1 0.3333, "
        "loss 0.8370"
    ) in caplog.messages
    assert not any(re.search(each["Regex"], caplog.text) for each in metric_definitions())


def test_without_validation_all_epochs_are_trained(caplog: pytest.LogCaptureFixture) -> None:
    """Patience is of no use then, and the last weights are the best."""
    caplog.set_level(logging.INFO)
    outcome = loop(ScriptedEngine([]), replace(PLAN, epochs=5, patience=1)).train(part(10), None)
    assert [epoch.validation for epoch in outcome.epochs] == [None] * 5
    assert steps(outcome) == 15
    assert outcome.best is outcome.epochs[-1]
    assert any(
        re.fullmatch(r"epoch 5: train_loss=13\.8000 epoch_seconds=[0-9.]+", line)
        for line in caplog.messages
    )


@pytest.mark.parametrize(("at", "epochs", "weights"), [(2, 1, 2), (5, 1, 3)])
def test_stop_without_validation_keeps_the_last_whole_epoch(
    at: int, epochs: int, weights: int
) -> None:
    """In the first epoch the weights of that moment."""
    stop = StopRequest()
    engine = ScriptedEngine([], at_step=lambda step: stop.set() if step == at else None)
    outcome = loop(engine, stop=stop).train(part(10), None)
    assert outcome.stopped
    assert (len(outcome.epochs), steps(outcome)) == (epochs, weights)


def test_prediction_covers_parts_of_any_size() -> None:
    """More documents than one batch holds are scored in order."""
    engine = ScriptedEngine([(1, 0.6), (0, 0.6)])
    validation = part(300)
    assert (
        predict(engine, validation, 2, StopRequest()).argmax(axis=1).tolist()
        == [0] * 256 + [1] * 44
    )


@pytest.mark.parametrize("at", [1, 5])
def test_divergence_is_told(at: int, caplog: pytest.LogCaptureFixture) -> None:
    """A loss that is no number ends training: with the best epoch before it, or an error."""

    class Diverging(ScriptedEngine):
        def train_batch(self, batch: Batch, labels: Ids) -> float:
            return math.nan if len(self.batches) + 1 >= at else super().train_batch(batch, labels)

    engine = Diverging([(1, 0.9)] * 10)
    if at == 1:
        with pytest.raises(ConfigurationError, match="no number") as raised:
            run(engine)
        assert raised.value.code == Code.TRAINING_DIVERGED
    else:
        assert len(run(engine).epochs) == 1
        assert "TRAINING_DIVERGED" in caplog.text
