"""kernels/parallel.py."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text_classification.kernels.parallel import each_part


@given(st.integers(0, 50), st.integers(1, 8))
def test_parts_make_up_the_whole(total: int, threads: int) -> None:
    """Every number is in one part, no part is empty, and none is much larger than another."""
    parts: list[tuple[int, int]] = []
    each_part(lambda first, last: parts.append((first, last)), total, threads)
    assert sorted(n for first, last in parts for n in range(first, last)) == list(range(total))
    sizes = [last - first for first, last in parts]
    assert len(sizes) == min(total, threads)
    assert max(sizes, default=0) - min(sizes, default=0) <= 1


def test_parts_run_beside_each_other() -> None:
    """Each of two parts waits for the other, on a thread of its own."""
    both = threading.Barrier(2, timeout=30)
    found: set[int] = set()

    def work(_first: int, _last: int) -> None:
        both.wait()
        found.add(threading.get_ident())

    each_part(work, 2, 2)
    assert len(found) == 2
    assert threading.get_ident() in found


@pytest.mark.parametrize("part", [0, 1, 2])
def test_error_in_any_part_is_raised(part: int) -> None:
    """Whichever thread it happened on."""

    def work(first: int, _last: int) -> None:
        if first == part:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        each_part(work, 3, 3)
