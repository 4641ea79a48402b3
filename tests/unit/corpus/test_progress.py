"""corpus/progress.py: documents a second and the time left, once a minute at most."""

import gzip
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from text_classification.contract.channels import Channel
from text_classification.corpus import progress as module
from text_classification.corpus.interning import Interner
from text_classification.corpus.parallel import channel as parallel
from text_classification.corpus.parallel import cutting, files
from text_classification.corpus.parallel.channel import intern_channel
from text_classification.corpus.progress import Progress
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.readers.source import Source
from text_classification.corpus.tokenizer import words

ROWS = "label,text\n" + "x,one two\ny,three\n" * 2000


class Clock:
    """A clock that is put forward by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_progress_is_said_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    """With the documents a second since the start, and the time that is left by the bytes."""
    caplog.set_level(logging.INFO)
    clock = Clock()
    progress = Progress("training", 1000, clock)
    progress.written(10)
    clock.now += 59
    progress.written(20)
    assert not caplog.messages
    clock.now += 61
    progress.read = 250
    progress.written(6000)
    progress.written(6001)
    assert caplog.messages == [
        "training: 6000 documents read, 50 a second; 25% of the files, some 6 minutes left"
    ]


@pytest.mark.parametrize(("total", "read"), [(0, 0), (0, 10), (1000, 0), (1000, 1001)])
def test_no_time_is_guessed_where_nothing_is_known(
    caplog: pytest.LogCaptureFixture, total: int, read: int
) -> None:
    """As of a pipe, of a first file, and of files that have grown meanwhile."""
    caplog.set_level(logging.INFO)
    clock = Clock()
    progress = Progress("training", total, clock)
    progress.read = read
    clock.now += 60
    progress.written(60)
    assert caplog.messages == ["training: 60 documents read, 1 a second"]


def test_files_count_when_they_are_read(tmp_path: Path) -> None:
    """Not before the next is asked for."""
    sources = [Source(tmp_path / name, name) for name in ("a", "b")]
    for source in sources:
        source.path.write_bytes(b"12345")
    progress = Progress("training", 10)
    seen = [progress.read for _ in progress.through((source, None) for source in sources)]
    assert seen == [0, 5]
    assert progress.read == 10


@pytest.mark.parametrize("processes", [1, 2])
def test_reading_tells_how_far_it_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    processes: int,
) -> None:
    """With one process by the files, with several within a file too, packed or not."""
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(module, "SECONDS", 0)
    monkeypatch.setattr(parallel, "ENOUGH_BYTES", 1)
    for each in (cutting, files):
        monkeypatch.setattr(each, "PIECE_BYTES", 4000)
    monkeypatch.setattr(cutting, "FIRST_BYTES", 1)
    folder = tmp_path / "training"
    folder.mkdir()
    (folder / "a.csv").write_text(ROWS)
    (folder / "b.csv.gz").write_bytes(gzip.compress(ROWS.encode()))
    channel = Channel("training", folder)
    intern_channel(channel, Reading(), Interner(words), tmp_path / "ids", processes)
    told = [message for message in caplog.messages if "documents read" in message]
    assert "8000 documents read" in told[-1]
    if processes > 1:
        shares = list(_shares(told))
        assert shares == sorted(shares)
        assert len(set(shares)) > 3


def _shares(told: list[str]) -> Iterator[int]:
    for message in told:
        if "%" in message:
            yield int(message.partition("; ")[2].partition("%")[0])
