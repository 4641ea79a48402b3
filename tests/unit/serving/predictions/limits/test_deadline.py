"""serving/predictions/limits/deadline.py: how much time is left, whatever the clocks say."""

import time

import pytest

from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.limits.deadline import Deadline


def test_time_runs_from_the_beginning_of_the_request() -> None:
    """What has passed since is gone; a clock that was set gives and takes no more than all."""
    now = time.time()
    lefts = [Deadline.after(60, began=began).left for began in (None, now - 20, now + 20, now - 99)]
    assert lefts == pytest.approx([60, 40, 60, 0], abs=1)


def test_work_goes_on_until_the_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the error is raised before the next piece, with the setting that would help."""
    deadline = Deadline.after(60)
    items = deadline.checked(range(5))
    assert [next(items), next(items)] == [0, 1]
    monkeypatch.setattr(time, "monotonic", lambda: deadline.at)
    with pytest.raises(RequestError, match="longer than 60 s") as raised:
        next(items)
    assert (raised.value.status, raised.value.code) == (504, Code.TIMED_OUT)
    assert "REQUEST_SECONDS" in raised.value.remedy
