"""corpus/readers/channel_files.py."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from text_classification.contract.channels import Channel
from text_classification.corpus.readers.channel import read_channel
from text_classification.corpus.readers.channel_files import channel_files
from text_classification.corpus.readers.reading import Reading
from text_classification.errors import Code, DataError


def test_a_folder_that_cannot_be_read_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The documents inside would be missing without a word; the root user can read all folders."""
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.csv").write_text("label,text\n")
    scandir: Callable[[Any], Any] = os.scandir

    def refusing(path: Any) -> Any:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(DataError, match="a folder of the channel cannot be read") as error:
        channel_files(tmp_path)
    assert error.value.code is Code.FILE_UNREADABLE
    assert str(error.value.where).endswith("closed")


def test_marks_and_hidden_folders_hold_no_documents(tmp_path: Path) -> None:
    """Whatever lies in them."""
    for name in (
        "a/b.csv",
        "_temporary/c.csv",
        ".git/d.csv",
        "a/_SUCCESS",
        "a/.e.crc",
        "a/Thumbs.db",
        "~$b.csv",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "empty.csv").touch()
    assert channel_files(tmp_path) == [tmp_path / "a/b.csv"]
    assert channel_files(tmp_path / "nowhere") == []


def test_documents_whose_names_begin_with_an_underscore_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """They are left out as marks are, and someone may miss them; known marks are not told."""
    marks = ("_SUCCESS", "_started_17", "_committed_17", "_common_metadata", "__MACOSX/a.csv")
    for name in ("a/b.csv", "a/_c.csv", "_other/d.csv", "_other/_e.csv", "_temporary/f", *marks):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x,one\n")
    assert len(list(read_channel(Channel("training", tmp_path), Reading()))) == 1
    (told,) = (message for message in caplog.messages if "underscore" in message)
    assert "marks of programs: '_other', 'a/_c.csv'; rename" in told


def test_links_to_files_are_followed(tmp_path: Path) -> None:
    """Caches of data sets have them."""
    (tmp_path / "kept").write_text("x")
    (tmp_path / "channel").mkdir()
    (tmp_path / "channel/a.csv").symlink_to(tmp_path / "kept")
    assert channel_files(tmp_path / "channel") == [tmp_path / "channel/a.csv"]


def linked_to_nothing(place: Path) -> None:
    """Make a link whose file is gone."""
    place.symlink_to("nowhere")


def linked_to_a_folder(place: Path) -> None:
    """Make a link to the folder that it lies in."""
    place.symlink_to(place.parent)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (os.mkfifo, "is no file but a pipe"),
        (linked_to_nothing, "is a link to nothing"),
        (linked_to_a_folder, "is a link to a folder"),
    ],
)
def test_what_can_be_no_file_is_told(
    tmp_path: Path, make: Callable[[Path], None], problem: str
) -> None:
    """It is neither waited for nor left out in silence: it may stand for documents."""
    make(tmp_path / "a.csv")
    with pytest.raises(DataError, match=problem) as error:
        channel_files(tmp_path)
    assert error.value.where.endswith("a.csv")
