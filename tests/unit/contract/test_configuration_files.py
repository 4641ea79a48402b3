"""contract/configuration_files.py."""

from pathlib import Path

import pytest

from text_classification.contract.configuration_files import read_object
from text_classification.errors import Code, ConfigurationError


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"epochs": "3"}', {"epochs": "3"}),
        (b'\xef\xbb\xbf{"epochs": "3"}\r\n', {"epochs": "3"}),
        ('{"name": "Grüße"}'.encode(), {"name": "Grüße"}),
        (b"{}", {}),
        (b"", {}),
        (b" \n", {}),
    ],
)
def test_object_is_read(tmp_path: Path, content: bytes, expected: dict[str, str]) -> None:
    """Objects with or without a byte order mark; an empty file is an empty object."""
    (tmp_path / "file.json").write_bytes(content)
    assert read_object(tmp_path / "file.json") == expected


def test_missing_file_is_an_empty_object(tmp_path: Path) -> None:
    """Local runners write fewer files than the service."""
    assert read_object(tmp_path / "nowhere" / "file.json") == {}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"epochs": ', "Expecting value"),
        (b'{"epochs": "\xff"}', "codec can't decode"),
        (b"[1, 2]", "it holds a list"),
        (b"null", "it holds a NoneType"),
        (b"[" * 100_000, "recursion"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    """The error names the file and says what is wrong with it."""
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=f"file.json cannot be read: .*{reason}") as raised:
        read_object(path)
    assert (raised.value.code, raised.value.where) == (Code.CONFIGURATION_UNREADABLE, str(path))


def test_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    """A wrong mount is told as such."""
    with pytest.raises(ConfigurationError, match="Is a directory"):
        read_object(tmp_path)
