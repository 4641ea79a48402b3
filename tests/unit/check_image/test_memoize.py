"""What several rules look at is done once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from check_image.memoize import memoize
from tests.unit.check_image.engine import subject_of


def test_threads_share_one_value(tmp_path: Path) -> None:
    """Whoever comes second waits for the first."""
    made: list[object] = []

    @memoize
    def value(_key: object) -> object:
        made.append(object())
        return made[-1]

    subject = subject_of(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(value, [subject] * 100))
    assert found == set(made)
    assert len(made) == 1
    assert value(subject_of(tmp_path)) is not made[0]


def test_exceptions_are_not_remembered(tmp_path: Path) -> None:
    """What failed once may be tried again."""
    responses = iter([ValueError(), None])

    @memoize
    def value(_key: object) -> str:
        error = next(responses)
        if error:
            raise error
        return "made"

    subject = subject_of(tmp_path)
    with pytest.raises(ValueError):  # noqa: PT011 - it has no message
        value(subject)
    assert value(subject) == "made"
