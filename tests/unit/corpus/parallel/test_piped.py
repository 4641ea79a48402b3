"""corpus/parallel/channel.py with channels that come through pipes."""

import csv
import gzip
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.support.piping import piped, record
from text_classification.contract.channels import Channel
from text_classification.corpus.interning import Interner
from text_classification.corpus.parallel import cutting, files, plain
from text_classification.corpus.parallel.channel import intern_channel
from text_classification.corpus.readers import stream
from text_classification.corpus.readers.channel import open_channel
from text_classification.corpus.readers.pipe import pipe_path
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.tokenizer import words
from text_classification.errors import Code, DataError

ROWS = [
    (f"label {number % 7}", f"Text {number},\nof {'x' * (number % 40)}") for number in range(300)
]
PLAIN_ROWS = [(label, text.replace("\n", " ")) for label, text in ROWS]
ATTRIBUTES = Reading(attributes=("text", "label"))


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold a few hundred bytes, and cut what is more."""
    monkeypatch.setattr(stream, "HELD_BYTES", 1000)
    for module in (cutting, files):
        monkeypatch.setattr(module, "PIECE_BYTES", 300)
        monkeypatch.setattr(module, "FIRST_BYTES", 300)
    monkeypatch.setattr(plain, "ENOUGH_BYTES", 1)


def as_csv(rows: Sequence[tuple[str, str]] = ROWS) -> bytes:
    """Return rows as a CSV file with a header."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("label", "text"), *rows])
    return text.getvalue().encode()


def as_parquet(rows: Sequence[tuple[str, str]]) -> bytes:
    """Return rows as a Parquet file."""
    file = io.BytesIO()
    table = pa.table({"text": [text for _, text in rows], "label": [label for label, _ in rows]})
    parquet.write_table(table, file)
    return file.getvalue()


def as_json_lines(rows: Sequence[tuple[str, str]]) -> bytes:
    return "".join(
        f"{json.dumps({'text': text, 'label': label})}\n" for label, text in rows
    ).encode()


def read(
    folder: Path, content: bytes, processes: int, reading: Reading | None = None, *, wrapped: bool
) -> tuple[list[str], bytes, bytes]:
    """Return the labels, and everything else that makes a corpus."""
    folder.mkdir()
    channel = Channel("training", folder / "training", is_piped=True, is_record_io=wrapped)
    interner = Interner(words)
    with piped(pipe_path(channel), content):
        found = intern_channel(channel, reading or Reading(), interner, folder / "ids", processes)
    arrays = b"".join(each.tobytes() for each in (found.labels, *found.corpus.arrays))
    return [found.names[label] for label in found.labels], arrays, interner.lines


RECORDS = (
    *(record(as_csv(ROWS[start : start + 3])) for start in range(0, 90, 3)),
    record(b""),
    record(as_csv(ROWS[90:150])),
    record(as_parquet(ROWS[150:200])),
    record(gzip.compress(as_json_lines(ROWS[200:280]), mtime=0)),
    record(as_csv(ROWS[280:])),
)
FORMS: dict[str, tuple[bytes, bool, Reading | None]] = {
    "files as one": (as_csv(ROWS[:20]) + as_csv(ROWS[20:200]) + as_csv(ROWS[200:]), False, None),
    "files of plain lines as one": (
        as_csv(PLAIN_ROWS[:20]) + as_csv(PLAIN_ROWS[20:200]) + as_csv(PLAIN_ROWS[200:]),
        False,
        None,
    ),
    "packed files as one": (
        gzip.compress(as_csv(ROWS[:20]), mtime=0) + gzip.compress(as_csv(ROWS[20:]), mtime=0),
        False,
        None,
    ),
    "a few bytes": (as_csv(ROWS[:3]), False, None),
    "files in records": (b"".join(RECORDS), True, None),
    "attributes": (
        b"".join(record(text.encode()) + record(label.encode()) for label, text in ROWS),
        True,
        ATTRIBUTES,
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_any_number_of_processes_makes_the_same_corpus(tmp_path: Path, form: str) -> None:
    """What is large and of lines is cut, what is small is shared out, the rest read in order."""
    content, wrapped, reading = FORMS[form]
    one, two = (
        read(tmp_path / str(count), content, count, reading, wrapped=wrapped) for count in (1, 2)
    )
    assert one == two
    count = 3 if form == "a few bytes" else len(ROWS)
    assert one[0] == [label for label, _ in ROWS[:count]]


FAULTS: dict[str, tuple[bytes, bool, str, str]] = {
    "a bad row": (
        as_csv(ROWS[:200]) + b"one field\n" + as_csv(ROWS),
        False,
        "training_0, line 402",
        "1 fields where 2",
    ),
    "a mark that is never closed": (
        record(as_csv() + b'x,"never\n' + as_csv()) + record(as_csv()),
        True,
        "training_0, record 1, line 602",
        "a quotation mark",
    ),
    "a record that is cut off": (
        record(as_csv()) + record(as_csv())[:-9],
        True,
        "training_0, record 2",
        "record 2 of the RecordIO is cut off",
    ),
    "another order": (
        as_csv(PLAIN_ROWS[:150]) + b"text,label\none,x\n",
        False,
        "training_0, line 152",
        "in another order",
    ),
}


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("fault", FAULTS)
def test_an_error_is_told_as_by_one_process(tmp_path: Path, fault: str, processes: int) -> None:
    """With the line and the record, in however many pieces it was read."""
    content, wrapped, where, problem = FAULTS[fault]
    with pytest.raises(DataError, match=problem) as error:
        read(tmp_path / "a", content, processes, wrapped=wrapped)
    # How much was read of what is cut off depends on the sizes of buffers.
    assert error.value.where.partition(", after")[0] == where
    assert error.value.code in {Code.ROW_INVALID, Code.FILE_UNREADABLE, Code.COLUMN_MISSING}


def test_what_comes_through_a_pipe_is_cut(tmp_path: Path) -> None:
    """One stream keeps all processes busy."""
    channel = Channel("training", tmp_path / "training", is_piped=True)
    with piped(pipe_path(channel), as_csv()):
        steps = list(files.share_out(open_channel(channel, Reading()), tmp_path))
    pieces = [step.content for step in steps if step.task]
    assert len(pieces) > 10
    assert b"".join(pieces) == as_csv()
