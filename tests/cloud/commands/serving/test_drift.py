"""``textcnn drift``: captured answers counted, compared by the rule, and shown."""

import base64
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cloud.commands.conftest import Command, Told
from tests.support.waiting import wait_until
from textcnn.drift import tally
from textcnn.drift.captured_body import CapturedPrediction, UnreadableCapture, read_predictions
from textcnn.drift.captures import _event
from textcnn.drift.distances import Estimate, labels, largest_gap, scores, total_variation
from textcnn.drift.tally import Tally
from textcnn.drift.verdict import Verdict, compare, judge
from textcnn.errors import CommandError, Exit
from textcnn.results import Answers, Deployed, Drift

Comparing = Callable[[Tally, Tally], Estimate]
MIX = {"bill": 0.5, "claim": 0.3, "other": 0.2}


def answers(
    count: int, seed: int, *, mix: dict[str, float] = MIX, score: float = 0.9, unknown: float = 0.05
) -> Iterator[CapturedPrediction]:
    """Yield answers as a model gives them, about these means."""
    draw = random.Random(seed)
    for _ in range(count):
        (label,) = draw.choices(list(mix), list(mix.values()))
        yield CapturedPrediction(
            label, _share(draw.gauss(score, 0.05)), _share(draw.gauss(unknown, 0.03))
        )


def _share(value: float) -> float:
    return min(1.0, max(0.0, round(value, 4)))


def verdict(now: Tally, before: Tally | None = None) -> Verdict:
    """Return the verdict beside ordinary times."""
    ordinary = before or tally.counted(answers(400, 1))
    return judge(ordinary, now, compare(ordinary, now))


@pytest.mark.parametrize("seed", range(2, 12))
def test_chance_alone_is_no_drift(seed: int):
    """Other documents of the same kind keep the model, few or many."""
    assert verdict(tally.counted(answers(random.Random(seed).choice([100, 300]), seed))) == "keep"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"unknown": 0.2}, Verdict.RETRAIN),
        ({"score": 0.7}, Verdict.RETRAIN),
        ({"score": 0.98}, Verdict.LOOK),
        ({"mix": {"bill": 0.1, "claim": 0.3, "other": 0.6}}, Verdict.LOOK),
        ({"mix": {"new": 1.0}}, Verdict.LOOK),
        ({"unknown": 0.0}, Verdict.KEEP),
    ],
    ids=["unknown words", "lower scores", "higher scores", "other mix", "new label", "known"],
)
def test_the_rule(changes: dict[str, float], expected: Verdict):
    """What has changed decides, and in which direction."""
    assert verdict(tally.counted(answers(300, 7, **changes))) == expected  # type: ignore[arg-type]


def test_few_documents_say_nothing():
    """However different they are."""
    assert verdict(tally.counted(answers(99, 3, unknown=0.9))) == Verdict.TOO_FEW
    few = tally.counted(answers(99, 3))
    assert verdict(tally.counted(answers(300, 4, unknown=0.9)), before=few) == Verdict.TOO_FEW


@pytest.mark.parametrize("compared", [labels, scores])
def test_intervals_hold_the_value_and_shrink(compared: Comparing):
    """The value lies in its interval, and more documents make that smaller."""
    widths = []
    for count in (200, 5000):
        before = tally.counted(answers(count, 5))
        now = tally.counted(answers(count, 6, score=0.8, mix={"bill": 0.2, "claim": 0.8}))
        found = compared(before, now)
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert compared(before, now) == found, "the same captures, another interval"
        widths.append(found.high - found.low)
    assert widths[1] < widths[0] / 2


def test_distances_of_known_counts():
    """By hand."""
    assert total_variation([1, 1, 0], [0, 1, 1]) == 0.5
    assert largest_gap([4, 0, 0, 0], [0, 0, 0, 4]) == 1.0
    assert largest_gap([2, 2], [4, 4]) == 0.0


PREDICTION = {"label": "bill", "score": 0.9, "top": [], "unknown_share": 0.25, "truncated": False}
REFUSED = {"error": {"code": "ROW_INVALID", "message": "it is empty"}}


@pytest.mark.parametrize(
    ("media_type", "data"),
    [
        ("application/json", json.dumps({"predictions": [PREDICTION, REFUSED]})),
        ("application/jsonlines", f"{json.dumps(PREDICTION)}\n{json.dumps(REFUSED)}\n"),
        ("text/csv", "bill,0.9,0.25,false,\n,,,,ROW_INVALID: it is empty\n"),
        ("text/csv; charset=utf-8", "bill,0.9,other,0.1,0.25,false,\n"),
        ("text/csv", "label,score,sure,unknown_share,truncated\nbill,0.9,true,0.25,false\n"),
        ("text/csv", "bill,0.9,other,0.05,true,0.25,true,\n"),
    ],
)
@pytest.mark.parametrize("encoding", ["JSON", "BASE64"])
def test_answers_are_read_in_each_format(media_type: str, data: str, encoding: str):
    """JSON, JSON Lines and CSV with any columns, as text or as base64."""
    if encoding == "BASE64":
        data = base64.b64encode(data.encode()).decode()
    captured = {"observedContentType": media_type, "data": data, "encoding": encoding}
    assert list(read_predictions(captured)) == [CapturedPrediction("bill", 0.9, 0.25)]


def test_blazingtext_tells_no_unknown_words():
    """Its shape has labels and probabilities alone."""
    captured = {"data": '[{"label": ["bill", "claim"], "prob": [0.8, 0.2]}]', "encoding": "JSON"}
    assert list(read_predictions(captured)) == [CapturedPrediction("bill", 0.8, None)]


@pytest.mark.parametrize("data", ["no JSON", "{}", '{"predictions": [{"label": 1}]}', "[3]"])
def test_other_answers_are_told(data: str):
    """Those of another image are no answers."""
    with pytest.raises(UnreadableCapture):
        list(read_predictions({"data": data, "encoding": "JSON"}))


def as_baseline(counted: Tally) -> dict[str, object]:
    """Return a tally as metrics.json holds it."""
    unknown = {"mean": counted.unknown_mean, "bins": counted.unknown}
    return {
        "documents": counted.documents,
        "labels": dict(counted.labels),
        "scores": counted.scores,
        "unknown_share": unknown,
    }


@pytest.mark.parametrize("line", [b"{", b"[]", b'{"eventMetadata": {}}', b"1"])
def test_a_line_that_is_no_event_is_told(line: bytes):
    """With the file that holds it."""
    with pytest.raises(CommandError, match=r"hour\.jsonl holds a line that is no captured event"):
        _event(line, "hour.jsonl")


def test_a_baseline_is_read_as_training_writes_it():
    """And a model without one is told, with what to do."""
    counted = tally.counted(answers(50, 1))
    assert tally.of_baseline({"baseline": as_baseline(counted)}, "model") == counted
    with pytest.raises(CommandError, match="has no baseline"):
        tally.of_baseline({"validation": {}}, "model")


def test_captured_answers_are_compared(ask: Command, textcnn: Command, tmp_path: Path):
    """What was asked is counted exactly, and the page shows it without a script."""
    lines = [json.dumps({"text": f"the policy is good {number}"}) for number in range(120)]
    (tmp_path / "letters.jsonl").write_text("\n".join(lines))
    asked = ask("-f", "letters.jsonl", "--output", "json").read(Answers)
    (tmp_path / "metrics.json").write_text(
        json.dumps({"baseline": as_baseline(tally.counted(answers(400, 1)))})
    )
    arguments = ("drift", "served", "--baseline", "metrics.json")

    def compared() -> Told:
        return textcnn(*arguments, "--page", "drift.html", "--output", "json")

    # The service writes what it captures some moments later.
    wait_until(lambda: compared().read(Drift).now.documents >= 120)
    found: Drift = compared().read(Drift)
    assert found.verdict in {"retrain", "look"}, "three other labels than those at training"
    for label, count in found.now.labels.items():
        assert count >= sum(each["label"] == label for each in asked.predictions)
    page = (tmp_path / "drift.html").read_text()
    assert "<script" not in page
    assert page.count("<svg") == 3
    told = textcnn(*arguments)
    assert told.code == 0
    assert "unknown words" in told.out


def test_a_model_without_a_baseline_is_told(served: Deployed, textcnn: Command):
    """The endpoint's own archive is read, and has none here."""
    told = textcnn("drift", served.endpoint)
    assert told.code == Exit.FAILED
    assert "no baseline" in told.err
    assert "--baseline" in told.err
