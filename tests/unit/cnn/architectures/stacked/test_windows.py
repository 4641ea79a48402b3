"""cnn/architectures/stacked/windows.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text_classification.cnn.architectures.stacked.windows import Padding, Windows, shortest_length

SIZES = st.integers(1, 9)
PADDINGS = st.sampled_from(["valid", "same"])


@given(st.integers(0, 40), SIZES, SIZES)
def test_valid_windows_lie_in_the_sequence(length: int, size: int, strides: int) -> None:
    """All of them do, and there is no room for another."""
    windows = Windows.over(length, size, strides, "valid")
    starts = [start for start in range(length) if start % strides == 0 and start + size <= length]
    assert (windows.count, windows.before) == (len(starts), 0)
    assert not starts or windows.span == starts[-1] + size


@pytest.mark.parametrize(
    ("length", "size", "strides", "expected"),
    [
        (5, 3, 1, Windows(5, 3, 1, 1)),
        (5, 2, 1, Windows(5, 2, 1, 0)),
        (5, 2, 2, Windows(3, 2, 2, 0)),
        (6, 5, 3, Windows(2, 5, 3, 1)),
        (7, 1, 3, Windows(3, 1, 3, 0)),
        (1, 4, 9, Windows(1, 4, 9, 1)),
    ],
)
def test_same_windows_share_what_is_missing(
    length: int, size: int, strides: int, expected: Windows
) -> None:
    """One for each stride; half of what is missing lies before, the odd position behind."""
    assert Windows.over(length, size, strides, "same") == expected


@given(st.integers(1, 9), SIZES, SIZES, PADDINGS)
def test_shortest_length_is_the_shortest(
    count: int, size: int, strides: int, padding: Padding
) -> None:
    """It has so many windows, and with one position less there are fewer."""
    length = shortest_length(count, size, strides, padding)
    assert Windows.over(length, size, strides, padding).count == count
    assert Windows.over(length - 1, size, strides, padding).count < count
