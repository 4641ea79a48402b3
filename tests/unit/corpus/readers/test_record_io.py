"""corpus/readers/record_io.py."""

import io

import pytest

from tests.support.piping import FIRST, LAST, MAGIC, MIDDLE, record
from text_classification.corpus.readers.record_io import records

CONTENTS = (b"label,text\nx,one\n", b"", b"abc", b"x" * 200_000)


def contents(stream: bytes) -> list[bytes]:
    """Return what each record of a stream holds."""
    return [each.read() for each in records(io.BytesIO(stream))]


def test_records_are_told_apart() -> None:
    """Whatever their lengths, which are filled up to a multiple of four."""
    assert contents(b"".join(map(record, CONTENTS))) == [*CONTENTS]


def test_a_record_that_is_not_read_to_its_end_is_passed_over() -> None:
    """The next one begins where it begins."""
    stream = io.BytesIO(record(b"x" * 200_000) + record(b"second"))
    assert [each.read(3) for each in records(stream)] == [b"xxx", b"sec"]


def test_parts_are_one_record_with_the_magic_number_between_them() -> None:
    """It is what a writer has taken out, so that nobody finds it inside a record."""
    parts = record(b"one", FIRST) + record(b"", MIDDLE) + record(b"two", LAST)
    magic = MAGIC.to_bytes(4, "little")
    assert contents(parts + record(b"next")) == [b"one" + magic + magic + b"two", b"next"]


@pytest.mark.parametrize("size", [3, 6, 10, 200_000])
def test_a_stream_that_is_cut_off_is_told(size: int) -> None:
    """Within the magic number, the length, or the content of a record."""
    with pytest.raises(EOFError, match=r"record 2 .*cut off"):
        contents(record(b"whole") + record(b"x" * 300_000)[:size])


@pytest.mark.parametrize(
    ("stream", "problem"),
    [
        (b"label,text\nx,one\n", "record 1 does not begin"),
        (record(b"a") + b"more than a head", "record 2 does not begin"),
        (record(b"a", LAST), "begins in its middle"),
        (record(b"a", FIRST) + record(b"b"), "has no end"),
    ],
)
def test_what_is_no_record_is_told(stream: bytes, problem: str) -> None:
    with pytest.raises(OSError, match=problem):
        contents(stream)
