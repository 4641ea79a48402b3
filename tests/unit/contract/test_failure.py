"""contract/failure.py."""

import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text_classification.contract.failure import REASON_BYTES, explain, reason, write_failure
from text_classification.contract.paths import Paths
from text_classification.errors import Code, DataError, ResourceError, TextClassificationError


@given(st.text(), st.integers(0, 600))
def test_reason_is_cut_between_characters(text: str, repeats: int) -> None:
    """At most 1024 bytes, always a beginning of the cause, and no more lost than must be."""
    error = TextClassificationError(Code.INTERNAL, text * repeats)
    short = reason(error)
    assert str(error).startswith(short)
    size, whole = len(short.encode()), len(str(error).encode())
    assert min(whole, REASON_BYTES - 3) <= size <= REASON_BYTES


def test_multibyte_text_fills_the_file_to_1024_bytes(paths: Paths) -> None:
    """The first paragraph of the file is the reason, whole characters only."""
    write_failure(paths, DataError(Code.ROW_INVALID, "\N{GRINNING FACE}é世" * 400))
    first = paths.failure.read_text(encoding="utf-8").split("\n\n")[0]
    assert 1020 < len(first.encode()) <= 1024
    assert first.startswith("ROW_INVALID: \N{GRINNING FACE}é世")


def test_cause_stands_before_the_traceback(paths: Paths) -> None:
    """The service shows the beginning, so the cause comes first and the traceback after it."""
    error = DataError(Code.ROW_INVALID, "no label", where="train/a.csv, line 7", remedy="Do it.")
    with pytest.raises(DataError) as raised:
        raise error
    write_failure(paths, raised.value)
    text = paths.failure.read_text(encoding="utf-8")
    assert text.startswith("ROW_INVALID: no label [train/a.csv, line 7]. Do it.\n\nTraceback ")
    assert "test_failure.py" in text


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_full_disk_is_named(number: int) -> None:
    """A full disk or quota says what to change, and which file did not fit."""
    error = explain(OSError(number, "full", "/opt/ml/model/weights"))
    assert isinstance(error, ResourceError)
    assert (error.code, error.where) == (Code.DISK_FULL, "/opt/ml/model/weights")
    assert "VolumeSizeInGB" in error.remedy


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), Code.OUT_OF_MEMORY),
        (OSError(errno.EIO, "broken"), Code.INTERNAL),
        (OSError("no number"), Code.INTERNAL),
        (ZeroDivisionError("division by zero"), Code.INTERNAL),
    ],
)
def test_other_errors_have_a_code(error: Exception, code: Code) -> None:
    """Memory by name; whatever nobody foresaw is internal, with its type in the message."""
    explained = explain(error)
    assert explained.code == code
    assert code != Code.INTERNAL or type(error).__name__ in explained.message


def test_errors_of_the_family_stay_as_they_are() -> None:
    """What already explains itself is not wrapped."""
    error = DataError(Code.ROW_INVALID, "no label")
    assert explain(error) is error


def test_half_a_surrogate_pair_can_be_written(paths: Paths) -> None:
    """Text that is no Unicode must not hide the failure."""
    write_failure(paths, RuntimeError("\ud800 broke"))
    assert "? broke" in paths.failure.read_text(encoding="utf-8")


@pytest.mark.parametrize("exists", [False, True])
def test_output_folder_may_be_there_or_not(paths: Paths, *, exists: bool) -> None:
    """The service makes the folder, local runners may not; an earlier failure is replaced."""
    if exists:
        paths.failure.parent.mkdir()
        paths.failure.write_text("an earlier failure, which was longer " * 100)
    write_failure(paths, DataError(Code.ROW_INVALID, "no label"))
    text = paths.failure.read_text(encoding="utf-8")
    assert text.startswith("ROW_INVALID: no label.")
    assert "earlier" not in text


def test_unwritable_folder_is_tolerated(paths: Paths) -> None:
    """A failure file that cannot be written raises nothing of its own."""
    (paths.root / "output").write_text("a file where the folder should be")
    write_failure(paths, RuntimeError("cause"))
    assert (paths.root / "output").is_file()
