"""corpus/readers/piped.py: channels whose files come through pipes."""

import bz2
import gzip
import io
import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.support.piping import Writer, piped, record
from tests.support.waiting import wait_until
from text_classification.contract.channels import Channel
from text_classification.corpus.readers import pipe
from text_classification.corpus.readers.channel import check_channel, read_channel
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.readers.row import Document
from text_classification.errors import Code, ConfigurationError, DataError

FIRST = b"label,text\nx,one\ny,two\n"
SECOND = b"label,text\nx,three\n"
JSON_LINES = b'{"text": "four", "label": "y"}\n'
PLAIN = Reading()
DOCUMENTS = [Document("x", "one"), Document("y", "two"), Document("x", "three")]


@pytest.fixture
def channel(tmp_path: Path) -> Channel:
    """A channel in Pipe mode."""
    return Channel("training", tmp_path / "training", is_piped=True)


def read(channel: Channel, *parts: bytes, reading: Reading = PLAIN) -> list[Document]:
    """Return the documents that come of a pipe."""
    with piped(pipe.pipe_path(channel), *parts):
        return list(read_channel(channel, reading))


def as_parquet(labels: list[str], texts: list[str]) -> bytes:
    file = io.BytesIO()
    parquet.write_table(pa.table({"label": labels, "text": texts}), file)
    return file.getvalue()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress])
def test_files_that_come_as_one_are_read(channel: Channel, pack: Callable[[bytes], bytes]) -> None:
    """Plain or packed; the headers of the further ones are no documents."""
    assert read(channel, pack(FIRST), pack(SECOND)) == DOCUMENTS


def test_marks_of_utf_8_between_files_are_no_text(channel: Channel) -> None:
    """Each file begins with one, as Excel writes them."""
    mark = b"\xef\xbb\xbf"
    assert read(channel, mark + FIRST, mark + SECOND) == DOCUMENTS
    lines = replace(channel, name="test")
    assert read(lines, mark + JSON_LINES, mark + JSON_LINES) == [Document("y", "four")] * 2


def test_columns_in_another_order_are_refused(channel: Channel) -> None:
    """What comes behind such a header would be read the wrong way round."""
    with pytest.raises(DataError, match="in another order") as error:
        read(channel, FIRST, b"text,label\none,x\n")
    assert error.value.where == "training_0, line 4"


@pytest.mark.parametrize("is_told", [True, False])
def test_records_are_files_of_their_own(channel: Channel, *, is_told: bool) -> None:
    """Each in its own format, header and packing; empty ones, as of folders, are none.

    Where the files are RecordIO themselves, nobody tells of it.
    """
    wrapped = replace(channel, is_record_io=is_told)
    files = (FIRST, b"", gzip.compress(b"text,label\nthree,x\n"), JSON_LINES)
    parts = (*map(record, files), record(as_parquet(["z"], ["five"])))
    expected = [*DOCUMENTS, Document("y", "four"), Document("z", "five")]
    assert read(wrapped, *parts) == expected


def test_a_large_file_in_a_record_is_streamed(channel: Channel) -> None:
    """Its first bytes tell its format and come again, the others come once."""
    rows = b"".join(b"x,number %d\n" % number for number in range(400_000))
    found = read(replace(channel, is_record_io=True), record(rows))
    assert (len(found), found[-1]) == (400_000, Document("x", "number 399999"))


@pytest.mark.parametrize(
    "content", ['[{"label": "x", "text": "one"}]', '{"label": {"0": "x"}, "text": {"0": "one"}}']
)
def test_json_comes_through_a_pipe(channel: Channel, content: str) -> None:
    """Also by columns, which is read more than once."""
    assert read(channel, content.encode()) == [Document("x", "one")]


def test_an_error_names_the_pipe_and_the_record(channel: Channel) -> None:
    with pytest.raises(DataError) as error:
        read(replace(channel, is_record_io=True), record(FIRST), record(b"label,text\nx\n"))
    assert error.value.where == "training_0, record 2, line 2"


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ((record(FIRST)[:-6],), "record 1 of the RecordIO is cut off"),
        ((record(FIRST), record(SECOND)[:5]), "record 2 of the RecordIO is cut off"),
        ((record(FIRST), SECOND), "record 2 does not begin as RecordIO does"),
        ((as_parquet(["x"], ["one"]),), "RecordWrapperType to RecordIO"),
        ((gzip.compress(FIRST, mtime=0)[:-9],), "end-of-stream"),
    ],
)
def test_what_cannot_be_read_is_told(
    channel: Channel, parts: tuple[bytes, ...], problem: str
) -> None:
    """A cut record or packed file, what is no record, and Parquet files without borders."""
    with pytest.raises(DataError, match=problem) as error:
        read(channel, *parts)
    assert error.value.code is Code.FILE_UNREADABLE
    assert "training_0" in error.value.where


def test_an_empty_pipe_is_an_empty_channel(channel: Channel) -> None:
    """Unless other hosts have the documents."""
    with pytest.raises(DataError, match="holds no documents"):
        read(channel)
    shared_out = replace(channel, name="test", is_sharded=True)
    assert read(shared_out) == []


def test_a_pipe_that_nobody_makes_is_told(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipe, "SECONDS_TO_APPEAR", 0.0)
    with pytest.raises(ConfigurationError, match="there is no pipe") as error:
        list(read_channel(channel, PLAIN))
    assert error.value.where.endswith("training_0")


def test_a_pipe_that_is_late_is_waited_for(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service may make it when the job looks for it already."""
    writer = Writer(pipe.pipe_path(channel), [FIRST])

    def make(_: float) -> None:
        os.mkfifo(pipe.pipe_path(channel))
        writer.start()

    monkeypatch.setattr(pipe, "sleep", make)
    assert list(read_channel(channel, PLAIN)) == DOCUMENTS[:2]
    writer.join()


def test_the_log_says_what_is_waited_for(
    channel: Channel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A pipe into which nobody writes; it is read once somebody does."""
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(pipe, "SECONDS_A_WORD", 0.01)
    word = "waiting for the channel 'training'"

    def once_told() -> Iterator[bytes]:
        wait_until(lambda: word in caplog.text)
        yield FIRST

    path = pipe.pipe_path(channel)
    os.mkfifo(path)
    writer = Writer(path, once_told())
    writer.start()
    assert list(read_channel(channel, PLAIN)) == DOCUMENTS[:2]
    writer.join()


def test_a_pipe_is_left_when_a_row_is_bad(channel: Channel) -> None:
    """Who fills it is told, and does not hang."""
    path = pipe.pipe_path(channel)
    with piped(path, FIRST, b"x\n", *[b"y,more and more\n" * 1000] * 1000) as writer:
        with pytest.raises(DataError, match="1 fields where 2"):
            list(read_channel(channel, PLAIN))
        writer.join()
    assert writer.was_closed


def test_a_pipe_is_not_looked_at_before_it_is_read(channel: Channel) -> None:
    """It comes once: there need not even be one yet."""
    check_channel(channel, PLAIN)


ATTRIBUTES = Reading(attributes=("source", "letters", "letters-metadata"))
CLASS = json.dumps({"class-name": "BILL", "confidence": 0.9}).encode()


def test_attributes_of_a_manifest_are_rows(channel: Channel) -> None:
    """A record for each; the class is that of the labelling job. Texts may be written as JSON."""
    parts = [record(part) for part in (b"one, two", b"0", CLASS, b'"three"', b"0", CLASS)]
    wrapped = replace(channel, is_record_io=True)
    expected = [Document("BILL", "one, two"), Document("BILL", "three")]
    assert read(wrapped, *parts, reading=ATTRIBUTES) == expected


def test_an_object_that_a_manifest_refers_to_is_a_text(channel: Channel) -> None:
    """What comes of source-ref is not its name."""
    reading = Reading(attributes=("source-ref", "label"))
    parts = [record(part) for part in ("Grüße\n".encode(), b"x", b'{"a": 1}', b'"y"')]
    expected = [Document("x", "Grüße\n"), Document("y", '{"a": 1}')]
    assert read(replace(channel, is_record_io=True), *parts, reading=reading) == expected


def test_attributes_without_a_value_are_told(channel: Channel) -> None:
    """Fewer or more than were said: all rows may be shifted against each other."""
    with pytest.raises(DataError, match="line 2 of the manifest has 1 values for the 3"):
        read(
            replace(channel, is_record_io=True),
            *(record(part) for part in (b"one", b"0", CLASS, b"two")),
            reading=ATTRIBUTES,
        )


def test_attributes_that_are_not_wrapped_are_refused(channel: Channel) -> None:
    """Nothing tells them apart."""
    with pytest.raises(ConfigurationError, match="nothing tells them apart"):
        read(channel, b"one0", reading=ATTRIBUTES)
