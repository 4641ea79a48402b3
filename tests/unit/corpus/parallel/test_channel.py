"""corpus/parallel/channel.py: any number of processes makes the same corpus."""

import csv
import errno
import gzip
import io
import json
import logging
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from text_classification.contract.channels import Channel
from text_classification.corpus import interning
from text_classification.corpus.interning import CorpusWriter, Interner, Part
from text_classification.corpus.parallel import channel as parallel
from text_classification.corpus.parallel import cutting, files, plain
from text_classification.corpus.parallel.channel import intern_channel
from text_classification.corpus.parallel.files import Files, Step
from text_classification.corpus.parallel.reading import Outcome, Task, Work
from text_classification.corpus.readers import source
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.tokenizer import words
from text_classification.errors import Code, DataError, ResourceError
from text_classification.machine.signals import Stopped

PIECE = 300
ROWS = [
    (f"label {number % 7}", f"Text {number}, with “marks” and\nlines {'x' * (number % 40)} of it")
    for number in range(200)
]
QUOTED = ('say ""yes""', "\n", "line\r\nline", "a,b", "plain", "", "\u2028", '"')


class Inline:
    """Does tasks at once, in this process; done: those that came to a part."""

    done: list[Task]

    def __init__(self, work: Callable[[Task], Outcome], _count: int) -> None:
        self._work = work
        Inline.done = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @classmethod
    def __class_getitem__(cls, _: object) -> type:
        return cls

    def submit(self, task: Task) -> "Future[Outcome]":
        future: Future[Outcome] = Future()
        try:
            outcome = self._work(task)
        except DataError as error:
            future.set_exception(error)
        else:
            if outcome.part:
                Inline.done.append(task)
            future.set_result(outcome)
        return future


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut files of a few hundred bytes, so that small ones have many pieces."""
    monkeypatch.setattr(parallel, "ENOUGH_BYTES", 1)
    for module in (cutting, files):
        monkeypatch.setattr(module, "PIECE_BYTES", PIECE)
    monkeypatch.setattr(cutting, "FIRST_BYTES", 1)
    monkeypatch.setattr(plain, "ENOUGH_BYTES", 1)


@pytest.fixture
def inline(monkeypatch: pytest.MonkeyPatch) -> type[Inline]:
    """Let this process do the tasks."""
    monkeypatch.setattr(parallel, "Processes", Inline)
    return Inline


def as_csv(rows: Sequence[tuple[str, str]] = ROWS, **how: Any) -> bytes:
    """Return rows as a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, **how).writerows([("label", "text"), *rows])
    return text.getvalue().encode()


def read(
    folder: Path, processes: int, reading: Reading | None = None
) -> tuple[list[tuple[str, list[bytes]]], bytes, bytes]:
    """Return the documents as their labels and tokens, and everything that makes the corpus."""
    interner = Interner(words)
    path = folder.parent / f"{folder.name}.{processes}.ids"
    channel = Channel("training", folder)
    found = intern_channel(channel, reading or Reading(), interner, path, processes)
    tokens = interner.tokens
    documents = [
        (found.names[label], [tokens[token] for token in found.corpus.document(number)])
        for number, label in enumerate(found.labels)
    ]
    arrays = b"".join(each.tobytes() for each in (found.labels, *found.corpus.arrays))
    return documents, arrays, interner.lines


def expected(rows: Sequence[tuple[str, str]]) -> list[tuple[str, list[bytes]]]:
    """Return rows as ``read`` does documents."""
    return [(label, words(text).split()) for label, text in rows]


def write(folder: Path, **contents: bytes) -> Path:
    """Write files into a new folder; an underscore in a name is a dot."""
    folder.mkdir()
    for name, content in contents.items():
        (folder / name.replace("_", ".")).write_bytes(content)
    return folder


def test_any_number_of_processes_makes_the_same_corpus(tmp_path: Path) -> None:
    """Of files of each format, packed and plain, large and small: bit for bit."""
    lines = [json.dumps({"label": label, "text": text}) for label, text in ROWS]
    marked = [f"__label__{label[-1]} {text}".replace("\n", " ") for label, text in ROWS]
    folder = write(
        tmp_path / "channel",
        a_csv=as_csv(),
        b_csv_gz=gzip.compress(as_csv(ROWS[::-1])),
        c_jsonl="\n".join(lines).encode(),
        d_txt="\n".join(marked).encode(),
        e_json=json.dumps([{"label": label, "text": text} for label, text in ROWS]).encode(),
        f_tsv=as_csv([(a, b.replace("\n", " ")) for a, b in ROWS], delimiter="\t"),
        **{f"g{number}_csv": as_csv(ROWS[number : number + 2]) for number in range(50)},
    )
    one, *others = (read(folder, processes) for processes in (1, 2, 3))
    assert one[0][:200] == expected(ROWS)
    assert len(one[0]) == 6 * 200 + 50 * 2
    assert all(other == one for other in others)


def test_large_file_is_read_in_pieces(tmp_path: Path, inline: type[Inline]) -> None:
    """Most of its tasks are a small part of it, of plain and of packed files."""
    folder = write(tmp_path / "channel", a_csv=as_csv(), b_csv_gz=gzip.compress(as_csv()))
    assert read(folder, 2)[0] == expected([*ROWS, *ROWS])
    pieces = [task.piece for task in inline.done]
    assert len(pieces) > 2 * len(as_csv()) // PIECE // 2
    assert all(piece and len(piece.content) < 2 * PIECE for piece in pieces)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["x", "y", "z"]),
            st.lists(st.sampled_from(QUOTED), max_size=8).map("".join),
        ),
        min_size=1,
        max_size=80,
    ),
    st.integers(20, 400),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONE]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_cuts_never_show(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str]],
    size: int,
    quoting: Any,
    end: str,
) -> None:
    """Whatever is quoted, wherever pieces end, and where marks were never meant as such."""
    if quoting == csv.QUOTE_NONE:
        rows = [(label, text.replace("\n", " ").replace("\r", " ")) for label, text in rows]
        content = ("label\ttext\n" + "".join(f"{a}\t{b}{end}" for a, b in rows)).encode()
    else:
        content = as_csv(rows, quoting=quoting, lineterminator=end)
    folder = write(tmp_path_factory.mktemp("cuts") / "channel", a_csv=content)
    reading = Reading(skip_bad_rows=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parallel, "Processes", Inline)
        for module in (cutting, files):
            patch.setattr(module, "PIECE_BYTES", size)
        assert outcome(folder, 2, reading) == outcome(folder, 1, reading)


@pytest.mark.parametrize("count", [1, 400], ids=["small", "large"])
@pytest.mark.parametrize("processes", [1, 2])
def test_parts_of_a_file_in_another_order_are_refused(
    tmp_path: Path, processes: int, count: int
) -> None:
    """Also where other processes read them, in pieces; one that names a label first hides none."""
    folder = write(
        tmp_path / "channel",
        a_csv=b"label,text\n" + b"x,one\n" * count,
        b_csv=b"text,label\n" + b"one,x\n" * count,
        c_csv=b"two,y\n" * count,
    )
    with pytest.raises(DataError, match="text before its label, and another has no header") as told:
        read(folder, processes)
    assert told.value.where == "training/c.csv"


def outcome(folder: Path, processes: int, reading: Reading) -> object:
    """Return what is read, or what is wrong with it."""
    try:
        return read(folder, processes, reading)
    except DataError as error:
        return str(error)


@pytest.mark.parametrize("processes", [1, 2])
def test_bad_row_is_told_with_its_line(tmp_path: Path, processes: int) -> None:
    """A row in the middle of a large file has the number that it has in the file."""
    rows = as_csv([("x", "one line"), ("y", "two\nlines")] * 300).splitlines(keepends=True)
    rows.insert(700, b"one,two,three\n")
    folder = write(tmp_path / "channel", a_csv=b"".join(rows))
    with pytest.raises(DataError, match=r"it has 3 fields.*a\.csv, line 701\]") as raised:
        read(folder, processes)
    assert raised.value.code is Code.ROW_INVALID


def test_bad_rows_are_skipped_and_told_as_by_one_process(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, inline: type[Inline]
) -> None:
    """The log is the same too: columns once, the lines of bad rows, how many there were."""
    caplog.set_level(logging.INFO)
    rows = as_csv(ROWS).splitlines(keepends=True)
    bad = b"".join([*rows[:301], b"one,two,three\n", *rows[301:], b"four\n"])
    folder = write(tmp_path / "channel", a_csv=as_csv(), b_csv=bad, c_csv=as_csv())
    logs = []
    for processes in (1, 2):
        caplog.clear()
        found = read(folder, processes, Reading(skip_bad_rows=True))
        assert found[0] == expected([*ROWS, *ROWS, *ROWS])
        logs.append([record.getMessage() for record in caplog.records])
    assert logs[0] == logs[1]
    assert [message.partition(":")[0] for message in logs[0]] == [
        "training/a.csv",
        "skipped training/b.csv, line 302",
        f"skipped training/b.csv, line {len(rows) + 2}",
        "skipped 2 bad rows of training/b.csv",
    ]
    # Pieces behind a bad row are read beside the others.
    assert sum(task.files[0][0].where == "training/b.csv" for task in inline.done) > 10


def test_records_of_many_lines_are_told_once_a_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, inline: type[Inline]
) -> None:
    """With the line of the first, as by one process, wherever the others are."""
    rows = [(f"label {number % 3}", "line\n" * (number % 50)) for number in range(200)]
    folder = write(tmp_path / "channel", a_csv=as_csv(rows), b_csv=as_csv(rows))
    logs = []
    for processes in (1, 2):
        caplog.clear()
        assert read(folder, processes)[0] == expected(rows) * 2
        logs.append(caplog.messages[:])
    assert logs[0] == logs[1]
    assert sum("a record of 21 lines" in message for message in logs[0]) == 2
    assert len(inline.done) > 20


def test_more_bad_rows_than_are_shown_are_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, inline: type[Inline]
) -> None:
    """The first are told with their lines, all are counted, whatever pieces they are in."""
    rows = [row for number in range(100) for row in (f"x,{number}\n", f"y,two,{number}\n")]
    rows.append('x,"open\n')
    folder = write(tmp_path / "channel", a_csv=("label,text\n" + "".join(rows)).encode())
    logs = []
    for processes in (1, 2):
        caplog.clear()
        assert len(read(folder, processes, Reading(skip_bad_rows=True))[0]) == 100
        logs.append(caplog.messages[:])
    assert logs[0] == logs[1]
    assert logs[0][-1] == "skipped 101 bad rows of training/a.csv"
    assert len(logs[0]) == 6
    assert inline.done


@pytest.mark.parametrize("processes", [1, 2])
def test_packed_file_that_is_cut_off_is_told(tmp_path: Path, processes: int) -> None:
    """By the line up to which it could be read."""
    packed = gzip.compress(as_csv(ROWS * 20), 1)
    folder = write(tmp_path / "channel", a_csv_gz=packed[: len(packed) // 2])
    with pytest.raises(DataError, match=r"Compressed file ended.*a\.csv\.gz, after line \d+\]"):
        read(folder, processes)


def test_mark_that_is_never_closed_is_told(tmp_path: Path) -> None:
    """Nothing that looks like an end of a record comes behind it, and the file is not held."""
    content = as_csv(ROWS) + b'x,"open\n' + b"x,line\n" * 5000
    folder = write(tmp_path / "channel", a_csv=content)
    with pytest.raises(DataError, match="opened and never closed") as alone:
        read(folder, 1)
    with pytest.raises(DataError) as together:
        read(folder, 2)
    assert str(together.value) == str(alone.value)


def test_channel_without_documents_is_refused(tmp_path: Path) -> None:
    """Files that hold headers alone make no corpus."""
    folder = write(tmp_path / "channel", a_csv=as_csv([]), b_csv=as_csv([]))
    with pytest.raises(DataError, match="holds no documents"):
        read(folder, 2)


def test_process_that_is_killed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where memory runs out: the job ends with an error of its own."""
    monkeypatch.setattr(Work, "__call__", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    folder = write(tmp_path / "channel", a_csv=as_csv())
    with pytest.raises(ResourceError, match="was killed"):
        read(folder, 2)


def test_no_process_outlives_a_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is raised in the middle, as a stop is, ends all of them, and removes their files."""

    def stopped(*_: object) -> None:
        assert len(multiprocessing.active_children()) == 2
        raise Stopped

    monkeypatch.setattr(CorpusWriter, "merge", stopped)
    folder = write(tmp_path / "channel", a_csv=as_csv())
    with pytest.raises(Stopped):
        read(folder, 2)
    assert not multiprocessing.active_children()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["channel", "channel.2.ids"]


def test_file_that_changes_while_it_is_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inline: type[Inline]
) -> None:
    """Its pieces may be of the file before and after."""
    folder = write(tmp_path / "channel", a_csv=as_csv())
    merge = CorpusWriter.merge

    def changed(writer: CorpusWriter, part: Part) -> None:
        merge(writer, part)
        (folder / "a.csv").write_bytes(as_csv(ROWS[:100]))

    monkeypatch.setattr(CorpusWriter, "merge", changed)
    with pytest.raises(DataError, match="changed while it was read"):
        read(folder, 2)
    assert inline.done


def test_full_disk_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process cannot write ends the job with the disk's own error."""

    def full(files: Files, _scratch: Path) -> Iterator[Step]:
        yield Step(Task(tuple(files), Path("/dev/full")))

    monkeypatch.setattr(parallel, "share_out", full)
    folder = write(tmp_path / "channel", a_csv=as_csv())
    with pytest.raises(OSError, match="No space left") as raised:
        read(folder, 2)
    assert raised.value.errno == errno.ENOSPC


@pytest.mark.parametrize("processes", [1, 2])
def test_labels_that_all_differ_are_told_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    """When it can be known, not when all is read: the second file is none that can be read."""
    monkeypatch.setattr(interning, "_MANY_NAMES", 50)
    monkeypatch.setattr(interning, "BATCH_CHARACTERS", 100)
    rows = [(f"label {number}", "text") for number in range(100)]
    folder = write(tmp_path / "channel", a_csv=as_csv(rows), b_csv=as_csv()[:-500] + b"\xff")
    with pytest.raises(DataError, match="nearly each one of its own") as raised:
        read(folder, processes)
    assert raised.value.code is Code.LABELS_INVALID


def test_line_without_end_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the line that it is, and without holding all of it."""
    monkeypatch.setattr(source, "LONGEST_LINE", 50 * PIECE)
    content = as_csv() + b"x," + b"word " * (20 * PIECE)
    folder = write(tmp_path / "channel", a_csv=content)
    with pytest.raises(DataError, match=r"a line has 15000 characters.*after line 40[01]\]"):
        read(folder, 2)


def test_parts_are_removed_as_they_are_merged(tmp_path: Path) -> None:
    """What is left is the corpus: its ids are on disk once."""
    folder = write(tmp_path / "channel", a_csv=as_csv())
    read(folder, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["channel", "channel.2.ids"]


def test_parts_of_a_corpus_are_read_as_int32(tmp_path: Path) -> None:
    """The ids on disk are those of the documents, as one process wrote them."""
    folder = write(tmp_path / "channel", a_csv=as_csv())
    for processes in (1, 2):
        read(folder, processes)
    one, two = (np.fromfile(tmp_path / f"channel.{count}.ids", np.int32) for count in (1, 2))
    assert np.array_equal(one, two)


@pytest.mark.usefixtures("inline")
def test_the_files_of_a_share_are_noted(tmp_path: Path) -> None:
    """Each with its first document, whole or in pieces, by any number of processes."""
    many = [("x", f"word{number} and more") for number in range(60)]
    contents = {"a_csv": as_csv(ROWS), "b_csv": as_csv(many), "c_csv": as_csv(ROWS[:3])}
    channel = Channel("training", write(tmp_path / "files", **contents), is_sharded=True)
    expected = [("a", 0), ("b", len(ROWS)), ("c", len(ROWS) + len(many))]
    for processes in (1, 2):
        found = intern_channel(channel, Reading(), Interner(words), tmp_path / "ids", processes)
        assert found.files == tuple((f"training/{name}.csv", at) for name, at in expected)
