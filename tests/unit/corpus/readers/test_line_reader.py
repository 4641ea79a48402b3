"""corpus/readers/line_reader.py."""

import csv

import pytest

from text_classification.corpus.readers import line_reader as module
from text_classification.corpus.readers import source
from text_classification.corpus.readers.line_reader import SAMPLED_LINES, Lines

NUMBERED = [f"{number}\n" for number in range(1, 6)]


def test_records_stand_on_their_first_line() -> None:
    """Lines are counted from 1, whatever records they make."""
    lines = Lines(NUMBERED)
    content = iter(lines)
    firsts = []
    for size in (1, 3, 1):
        for _ in range(size):
            next(content)
        firsts.append(lines.first)
        lines.next_record()
    assert firsts == [1, 2, 5]
    assert next(content, None) is None


def test_lines_that_make_no_record_come_again() -> None:
    """All but the first of those that were taken, in their order and with their numbers."""
    lines = Lines(NUMBERED)
    content = iter(lines)
    assert [next(content) for _ in range(3)] == ["1\n", "2\n", "3\n"]
    lines.give_back()
    assert lines.taken == ["1\n"]
    lines.next_record()
    assert lines.first == 2
    assert list(lines) == ["2\n", "3\n", "4\n", "5\n"]


def test_sample_is_still_to_come() -> None:
    """The first lines are looked at and not taken."""
    lines = Lines(f"{number}\n" for number in range(SAMPLED_LINES + 5))
    assert len(lines.sample()) == SAMPLED_LINES
    assert lines.first == 1
    assert len(list(lines)) == SAMPLED_LINES + 5


def test_sample_of_long_lines_is_small() -> None:
    """A few long lines tell as much as many short ones."""
    assert len(Lines(["x" * source.SNIFFED_BYTES + "\n"] * 10).sample()) == 1


def test_record_has_a_longest_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that never make a record do not fill the memory."""
    monkeypatch.setattr(source, "LONGEST_LINE", 10)
    with pytest.raises(csv.Error, match="10 characters or more"):
        list(Lines(["12345\n"] * 3))


def test_lines_do_not_come_again_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of which each line opens what nothing closes is given up, not read for days."""
    monkeypatch.setattr(module, "SPARE_LINES", 20)
    lines = Lines(["x\n"] * 1000)
    with pytest.raises(ValueError, match="opened and never closed"):  # noqa: PT012 - a loop
        while True:
            list(lines)
            lines.give_back()
            lines.next_record()
