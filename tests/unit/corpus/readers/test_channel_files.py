"""corpus/readers/channel_files.py."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from text_classification.corpus.readers.channel_files import channel_files
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
    for name in ("a/b.csv", "_temporary/c.csv", ".git/d.csv", "a/_SUCCESS", "a/.e.crc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "empty.csv").touch()
    assert channel_files(tmp_path) == [tmp_path / "a/b.csv"]
    assert channel_files(tmp_path / "nowhere") == []
