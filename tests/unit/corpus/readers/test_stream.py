"""corpus/readers/stream.py."""

import io
from contextlib import closing

import pytest

from text_classification.corpus.readers.stream import KEPT_BYTES, Stream

LONG = bytes(range(256)) * (2 * KEPT_BYTES // 256)


def test_its_beginning_comes_again() -> None:
    """At each opening, and what follows comes once."""
    with closing(Stream(io.BytesIO(LONG))) as stream:
        for size in (10, 5_000, 70_000):
            with stream.open() as file:
                assert file.read(size) == LONG[:size]
        with stream.open() as file:
            assert file.read() == LONG


def test_what_is_kept_can_be_read_again_and_out_of_order() -> None:
    """Also what was read before it was kept."""
    with closing(Stream(io.BytesIO(LONG))) as stream:
        with stream.open() as file:
            file.read(5_000)
        stream.keep()
        for _ in range(2):
            with stream.open() as file:
                file.seek(-9, io.SEEK_END)
                assert file.read() == LONG[-9:]
                file.seek(0)
                assert file.read() == LONG


def test_opening_it_again_without_its_beginning_is_a_fault() -> None:
    """A reader that does so would take the rest for the whole."""
    with closing(Stream(io.BytesIO(LONG))) as stream:
        with stream.open() as file:
            file.read()
        with pytest.raises(RuntimeError, match="beginning is gone"):
            stream.open()
