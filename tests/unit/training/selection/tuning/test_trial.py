"""training/selection/tuning/trial.py: what a process does with a trial."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from tests.unit.training.documents import ROWS, documents_of
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.selection.tuning.trial import (
    EpochValue,
    TrialResult,
    TrialState,
    TrialTask,
    TrialTraining,
    load_model,
)

PARAMETERS = Hyperparameters(
    recipe="kim",
    embedding_size=8,
    filters=8,
    epochs=3,
    learning_rate=0.01,
    min_count=1,
    engine="fast",
)


class Asked:
    """Answers that a trial goes on, up to an epoch, and notes what was told."""

    def __init__(self, hopeless_from: int = 1000) -> None:
        self.told: list[EpochValue] = []
        self._hopeless_from = hopeless_from

    def __call__(self, told: EpochValue) -> bool:
        self.told.append(told)
        return told.epoch >= self._hopeless_from


def run(
    folder: Path,
    ask: Asked,
    stop: StopRequest,
    **changes: Any,
) -> TrialResult:
    """Train trial 7."""
    parameters = PARAMETERS.model_copy(update=changes)
    training = TrialTraining(documents_of(folder, parameters, ROWS), "study", "accuracy", folder)
    return training(TrialTask(7, parameters), stop, ask)


def test_value_is_that_of_the_weights_that_are_kept(tmp_path: Path) -> None:
    """Each epoch is told; the best one's weights lie in the file, with its number."""
    asked = Asked()
    result = run(tmp_path, asked, StopRequest())
    assert [told.epoch for told in asked.told] == [1, 2, 3]
    assert (result.state, result.epochs) == (TrialState.COMPLETE, 3)
    assert result.model is not None
    stored = load_model(result.model)
    assert stored is not None
    assert (stored.study, stored.number) == ("study", 7)
    progress = stored.progress
    assert progress.best is not None
    assert result.value == asked.told[progress.best.number - 1].value
    assert progress.best.validation is not None
    assert result.value == pytest.approx(progress.best.validation.accuracy)
    assert progress.weights["dense.kernel"].shape == (24, 2)
    assert np.isfinite(progress.weights["embedding"]).all()


def test_hopeless_trial_ends_after_the_epoch(tmp_path: Path) -> None:
    """It leaves nothing but the number of its epochs."""
    asked = Asked(hopeless_from=2)
    assert run(tmp_path, asked, StopRequest()) == TrialResult(TrialState.PRUNED, 2)
    assert len(asked.told) == 2
    assert not list(tmp_path.glob("*.safetensors"))


def test_hyperparameters_that_make_no_model_fail_the_trial(tmp_path: Path) -> None:
    """The study learns of it, and the job goes on."""
    unfit = {"recipe": "stacked", "sequence_length": "7", "engine": "auto"}
    result = run(tmp_path, Asked(), StopRequest(), **unfit)
    assert (result.state, result.epochs) == (TrialState.FAILED, 0)
    assert "sequence_length=7 gives 7 tokens" in result.error


def test_trial_without_a_score_fails(tmp_path: Path) -> None:
    """Validation documents of one class have no area under a curve."""
    rows = [("good", "great fine"), ("good", "great day"), ("bad", "awful day")]
    parameters = PARAMETERS.model_copy(update={"kernel_widths": (1,)})
    training = TrialTraining(documents_of(tmp_path, parameters, rows), "study", "pr_auc", tmp_path)
    result = training(TrialTask(0, parameters), StopRequest(), Asked())
    assert (result.state, result.epochs) == (TrialState.FAILED, 3)
    assert "there is no pr_auc" in result.error


@pytest.mark.parametrize("epoch", [1, 2])
def test_stopped_trial_has_no_result(tmp_path: Path, epoch: int) -> None:
    """Half a trial is worth nothing; another takes its place when the job goes on."""
    stop = StopRequest()

    class Stopping(Asked):
        def __call__(self, told: EpochValue) -> bool:
            if told.epoch == epoch:
                stop.set()
            return super().__call__(told)

    with pytest.raises(Stopped):
        run(tmp_path, Stopping(), stop)


def test_file_that_is_no_model_is_none(tmp_path: Path) -> None:
    """Missing, cut off, or another's."""
    (tmp_path / "half").write_bytes(b"{}")
    save_file({"x": np.zeros(1, np.float32)}, tmp_path / "other")
    assert [load_model(tmp_path / name) for name in ("missing", "half", "other")] == [None] * 3
