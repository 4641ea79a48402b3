"""The files of a channel."""

import os
from collections.abc import Sequence
from pathlib import Path

from text_classification.contract.channels import Channel
from text_classification.errors import Code, ConfigurationError, DataError

SHOWN_FILES = 10


def channel_files(folder: Path) -> list[Path]:
    """Return the files of a channel in order of name, without hidden files and marks.

    Names that begin with a dot or an underscore (``_SUCCESS``) and empty files, which stand for
    folders in S3, hold no documents. Raises ``DataError`` for a folder that cannot be read.
    """
    if not folder.is_dir():
        return []
    files: list[Path] = []
    try:
        for parent, folders, names in os.walk(folder, onerror=_raise):
            folders[:] = [name for name in folders if not _is_hidden(name)]
            files.extend(Path(parent, name) for name in names if not _is_hidden(name))
        return sorted(path for path in files if path.is_file() and path.stat().st_size)
    except OSError as error:
        raise DataError(
            Code.FILE_UNREADABLE,
            f"a folder of the channel cannot be read: {error.strerror}",
            where=str(error.filename),
            remedy="Let the user that the container runs as read and enter it.",
        ) from None


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "_"))


def _raise(error: OSError) -> None:
    raise error


def only_one(channel: Channel, found: Sequence[Path], what: str) -> Path:
    """Return the one path that was found of what a channel is to hold one of.

    Raises ``ConfigurationError`` where it is not one, and names what is there.
    """
    if len(found) == 1:
        return found[0]
    paths = (found or channel_files(channel.folder))[:SHOWN_FILES]
    names = ", ".join(str(path.relative_to(channel.folder)) for path in paths)
    raise ConfigurationError(
        Code.CHANNEL_UNSUPPORTED if found else Code.CHANNEL_EMPTY,
        f"the channel '{channel.name}' is to hold one {what} and holds {len(found) or 'none'}"
        + (f": {names}" if names else ""),
        where=str(channel.folder),
        remedy="Check the S3 prefix of the channel; it may be that of the one file.",
    )
