"""corpus/readers/changed.py, through the reading of a channel."""

from pathlib import Path

import pytest

from text_classification.contract.channels import Channel
from text_classification.corpus.readers.channel import read_channel
from text_classification.corpus.readers.reading import Reading
from text_classification.errors import Code, DataError


def test_a_file_that_grows_while_it_is_read_is_told(tmp_path: Path) -> None:
    """What was read of it is neither what it was nor what it becomes."""
    path = tmp_path / "a.csv"
    path.write_text("label,text\n" + "x,one two\n" * 50_000)
    documents = read_channel(Channel("training", tmp_path), Reading())
    next(documents)
    with path.open("a") as file:
        file.write("x,three\n")
    with pytest.raises(DataError, match="has changed while it was read") as error:
        list(documents)
    assert (error.value.code, error.value.where) == (Code.FILE_UNREADABLE, "training/a.csv")


def test_a_file_that_is_cut_while_it_is_read_is_told_to_have_changed(tmp_path: Path) -> None:
    """Not that its last row is a bad one, which it was not."""
    path = tmp_path / "a.csv"
    path.write_text("label,text\n" + "x,one two\n" * 50_000)
    documents = read_channel(Channel("training", tmp_path), Reading())
    next(documents)
    with path.open("r+") as file:
        file.truncate(300_001)
    with pytest.raises(DataError, match="has changed while it was read"):
        list(documents)
