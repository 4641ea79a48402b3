"""The same seed gives the same model, bit for bit."""

import json
import os
from pathlib import Path

import pytest

from letters import letters
from tests.support.training import SMALL, TrainingEnvironment
from text_classification import artifact

pytestmark = [pytest.mark.long, pytest.mark.exhaustive]

PLAIN = {**SMALL, "epochs": "1"}
# A study, folds and the last model: all that trains, in one job.
EVERYTHING = {
    **PLAIN,
    "folds": "2",
    "tuning_trials": "2",
    "tuning_epochs": "1",
    "processes": "2",
    "search_space": json.dumps({"dropout": [0.2, 0.5]}),
}
RECIPES = {
    # The network is that of kim.
    "wide": EVERYTHING,
    # Each process would load TensorFlow.
    "stacked": {**PLAIN, "sequence_length": "64", "kernel_size": "4", "strides": "2"},
}


def _files(root: Path, recipe: str, processors: set[int]) -> dict[str, bytes]:
    """Train on some processors, and return what the model is made of."""
    root.mkdir()
    job = TrainingEnvironment(root)
    job.write_csv("training/a.csv", [(each.label, each.text) for each in letters(120, seed=1)])
    job.configure("hyperparameters.json", {**RECIPES[recipe], "recipe": recipe})
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, processors)  # the job inherits it
    try:
        result = job.run()
    finally:
        os.sched_setaffinity(0, before)
    assert result.code == 0, result.output
    # The time of the training, and how long it took, are in the others.
    told = {artifact.MANIFEST, artifact.METRICS}
    return {path.name: path.read_bytes() for path in job.model.iterdir() if path.name not in told}


@pytest.mark.parametrize("recipe", RECIPES)
def test_same_seed_same_model(tmp_path: Path, recipe: str) -> None:
    """Twice on two processors; by our engine on one, too: TensorFlow's depends on threads."""
    available = sorted(os.sched_getaffinity(0))
    if len(available) < 2:
        pytest.skip("there is one processor")
    two, one = set(available[:2]), {available[0]}
    first, *others = (
        _files(tmp_path / str(number), recipe, processors)
        for number, processors in enumerate((two, two) if recipe == "stacked" else (two, two, one))
    )
    assert set(first) >= {artifact.WEIGHTS, artifact.CONFIGURATION}
    assert (artifact.NGRAMS in first) == (recipe == "wide")
    for other in others:
        for name, content in first.items():
            assert other[name] == content, name
