"""evaluation/tuning_result.py."""

import csv
import json
from pathlib import Path

from text_classification.evaluation.tuning_result import TrialRecord, TuningResult

RESULT = TuningResult(
    objective="accuracy",
    sampler="tpe",
    pruner="median",
    trials=(
        TrialRecord(0, "pruned", None, 1, 1.0, {"filters": 8, "dropout": 0.5}),
        TrialRecord(1, "complete", 0.5, 3, 2.25, {"filters": 16, "dropout": 0.1}),
        TrialRecord(2, "complete", 0.75, 3, 3.0, {"filters": 8, "dropout": 0.2}),
        TrialRecord(4, "complete", 0.25, 2, 4.0, {"filters": 8}),
    ),
    best_number=2,
    importances={"filters": 0.75, "dropout": 0.25},
)


def test_history_is_the_best_so_far() -> None:
    """None before the first complete trial."""
    assert RESULT.numbers == (0, 1, 2, 4)
    assert RESULT.values == (None, 0.5, 0.75, 0.25)
    assert RESULT.history == (None, 0.5, 0.75, 0.75)
    assert RESULT.best is RESULT.trials[2]


def test_json_holds_it_all() -> None:
    """What metrics.json keeps is enough to draw the study again."""
    found = json.loads(json.dumps(RESULT.as_dict(), allow_nan=False))
    assert [trial["value"] for trial in found["trials"]] == [None, 0.5, 0.75, 0.25]
    assert found["history"] == [None, 0.5, 0.75, 0.75]
    assert found["best"]["hyperparameters"] == {"filters": 8, "dropout": 0.2}
    assert found["importances"] == {"filters": 0.75, "dropout": 0.25}


def test_trials_are_written_line_by_line(tmp_path: Path) -> None:
    """A column for each hyperparameter; what is not known is empty."""
    RESULT.write(tmp_path)
    with (tmp_path / "trials.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0] == {
        "number": "0",
        "state": "pruned",
        "accuracy": "",
        "best_so_far": "",
        "epochs": "1",
        "seconds": "1.0",
        "dropout": "0.5",
        "filters": "8",
    }
    assert [row["best_so_far"] for row in rows] == ["", "0.5", "0.75", "0.75"]
    assert rows[3]["dropout"] == ""
