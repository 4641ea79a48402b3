"""corpus/parallel/plain.py: what the kernel takes apart is what the reader reads."""

import csv
import io
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.helpers import without_compiled_kernels
from text_classification.corpus.interning import PlainDocuments
from text_classification.corpus.parallel import plain
from text_classification.corpus.parallel.plain import plain_documents
from text_classification.corpus.readers.channel import read_file
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.readers.row import Columns, Document
from text_classification.corpus.readers.source import Source
from text_classification.errors import DataError

HEADER = "label,text\n"
GOOD = "x,one\ny,two\n" * 3
# What a field or a line may hold that means something, and what means nothing.
PIECES = ('"', '""', ",", "\t", "\n", "\r\n", "\r", "\\", " ", "a", "é", "x,y\n", "\x00", ";")


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take small files apart too."""
    monkeypatch.setattr(plain, "ENOUGH_BYTES", 1)


def taken_apart(path: Path, content: bytes, **how: Any) -> list[Document] | None:
    """Return the documents that the kernel finds, None where it leaves the file to its reader."""
    path.write_bytes(content)
    found = plain_documents(Source(path, "a.csv", Reading(**how)), None)
    return None if found is None else documents(found)


def documents(found: PlainDocuments) -> list[Document]:
    """Return documents as the readers do."""
    starts = [0, *found.ends.tolist()]
    texts = [found.texts[a:b].tobytes() for a, b in pairwise(starts)]
    assert [text.isascii() for text in texts] == found.ascii.tolist()
    return [Document(label, text.decode()) for label, text in zip(found.labels, texts, strict=True)]


def read(path: Path, **how: Any) -> list[Document]:
    """Return the documents of the same file as its reader reads them."""
    return list(read_file(Source(path, "a.csv", Reading(**how)), None, set()))


def as_csv(rows: Sequence[Sequence[str]], **how: Any) -> str:
    """Return rows as a spreadsheet program saves them."""
    text = io.StringIO(newline="")
    csv.writer(text, **how).writerows(rows)
    return text.getvalue()


ORDINARY = {
    "marks and breaks": as_csv([("label", "text"), *[("x", 'a "b", c\nd'), ("y", "")] * 3]),
    "all quoted": as_csv([("label", "text"), ("x", "a"), ("y", "é")], quoting=csv.QUOTE_ALL),
    "blank lines": "label,text\n\nx,one\r\n\r\n\ny,two",
    "no header": GOOD,
    "byte order mark": "\ufefflabel,text\n" + GOOD,
    "line for Excel": "sep=;\nlabel;text\nx;a,b\ny;c,d\n",
    "other columns": "id,text,more,label\n1,one,,x\n2,two,,y\n",
    "tabs": 'label\ttext\nx\tsaid "so" to\ny\t"wrapped"\n',
    "semicolons": "label;text\nx;one, two\ny;three\n",
    "mark within": 'label,text\nx,5" wide\ny,two\n',
    "header of two lines": '"label","text\n"\nx,one\ny,two\n',
}


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_files_are_taken_apart(tmp_path: Path, name: str) -> None:
    """What most files hold needs no reader, and gives what it would."""
    path = tmp_path / "a.csv"
    found = taken_apart(path, ORDINARY[name].encode())
    assert found
    assert found == read(path)


@pytest.mark.parametrize(
    "content",
    [
        HEADER + GOOD + "x,one,two\n",
        HEADER + GOOD + "x\n",
        HEADER + GOOD + ",no label\n",
        HEADER + GOOD + 'x,"open\n',
        HEADER + GOOD + 'x,"closed" early\n',
        HEADER + GOOD + "x,a\rb\n",
        HEADER + GOOD + "x,a\x00b\n",
        HEADER + GOOD + 'x,"' + "line\n" * 25 + '"\n',
        HEADER + GOOD + 'x,"a\nb,c\nd,e\nf,g"\n',
        HEADER + GOOD + '"a ""b""",text\n',
        "label\ttext\n" + 'x\t"open\n' * 4,
        HEADER + 'x, "one"\n' * 4,
    ],
)
def test_what_is_odd_is_left_to_the_reader(tmp_path: Path, content: str) -> None:
    """What it would tell, or read in a way of its own."""
    assert taken_apart(tmp_path / "a.csv", content.encode()) is None


def test_other_encodings_and_bytes_are_left_to_the_reader(tmp_path: Path) -> None:
    """As are several columns of text, and other formats."""
    path, rows = tmp_path / "a.csv", HEADER + GOOD + "x,é\n"
    assert taken_apart(path, rows.encode())
    assert taken_apart(path, rows.encode("latin-1")) is None
    assert taken_apart(path, rows.encode("utf-16")) is None
    assert taken_apart(path, rows.encode("latin-1"), encoding="latin-1") is None
    assert taken_apart(path, b"label,a,b\nx,1,2\n", columns=Columns(text="a,b")) is None
    assert taken_apart(tmp_path / "a", b'{"label": "x", "text": "y"}\n' * 4) is None


@given(
    st.sampled_from([HEADER, HEADER + GOOD, "label\ttext\nx\tone\n", 'label;text\n"x";"a"\n']),
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
    st.sampled_from(["", "x,", 'x,"', "x\t", "x;"]),
    st.sampled_from(["auto", "none"]),
)
@example(HEADER + GOOD, '"', "x,", "auto")
@example(HEADER + GOOD, 'a"\n', 'x,"', "auto")
def test_whatever_is_taken_apart_is_what_the_reader_reads(
    tmp_path_factory: pytest.TempPathFactory, start: str, odd: str, before: str, quoting: Any
) -> None:
    """Behind good rows anything may come: the kernel finds the same, or leaves it to the reader."""
    path = tmp_path_factory.mktemp("plain") / "a.csv"
    found = taken_apart(path, (start + before + odd).encode(), quoting=quoting)
    if found is None:
        return
    try:
        assert found == read(path, quoting=quoting)
    except DataError as error:
        pytest.fail(f"the reader refuses what was taken apart: {error}")


def test_nothing_is_taken_apart_without_kernels(tmp_path: Path) -> None:
    """The readers read all where no compiler was found."""
    with without_compiled_kernels():
        assert taken_apart(tmp_path / "a.csv", (HEADER + GOOD).encode()) is None


def test_names_that_come_again_are_left_to_the_reader(tmp_path: Path) -> None:
    """It leaves them out and says so."""
    content = (HEADER + GOOD + HEADER + GOOD).encode()
    assert taken_apart(tmp_path / "a.csv", content) is None
    assert len(read(tmp_path / "a.csv")) == 2 * GOOD.count("\n")
