"""The files of a channel."""

import logging
import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from text_classification.contract.channels import Channel
from text_classification.corpus.label import shown
from text_classification.errors import Code, ConfigurationError, DataError

SHOWN_FILES = 10
# What Windows and macOS leave in folders; in those of open documents, Office's names begin with ~$.
_OF_SYSTEMS = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
# What Spark and others leave beside the files that they write.
_MARK = re.compile(
    r"_(success|(common_|spark_)?metadata|temporary|delta_log|(started|committed)_.*)"
)


def channel_files(folder: Path) -> list[Path]:
    """Return the files of a channel in order of name, without hidden files and marks.

    Names that begin with a dot or an underscore (``_SUCCESS``), what systems leave in folders
    (``Thumbs.db``) and empty files, which stand for folders in S3, hold no documents. Links to
    files are followed. Raises ``DataError`` for a folder that cannot be read, and for what can be
    no file: a link to nothing or a folder, a pipe.
    """
    return files_and_left_out(folder)[0]


def files_and_left_out(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the files as ``channel_files`` does, and what someone may miss among them.

    Those are files and folders whose names begin with an underscore and are no known mark.
    """
    files: list[Path] = []
    left_out: list[Path] = []
    for path in _in_order(folder):
        (left_out if may_be_missed(path.name) else files).append(path)
    return files, left_out


def may_be_missed(name: str) -> bool:
    """Tell whether a file or folder is left out by its name and may hold documents all the same.

    >>> may_be_missed("_other"), may_be_missed("_SUCCESS"), may_be_missed("other")
    (True, False, False)
    """
    return name.startswith("_") and not _is_hidden(name)


def warn_of_left_out(paths: Sequence[Path], channel: Channel, log: logging.Logger) -> None:
    """Warn of files and folders of a channel that may hold documents and are left out."""
    if paths:
        log.warning(
            "%s: left out, since names that begin with an underscore are marks of programs: %s; "
            "rename what holds documents",
            channel.name,
            shown([str(path.relative_to(channel.folder)) for path in paths]),
        )


def _in_order(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    try:
        return sorted(_found(folder), key=lambda path: path.parts)
    except OSError as error:
        raise DataError(
            Code.FILE_UNREADABLE,
            f"a folder of the channel cannot be read: {error.strerror}",
            where=str(error.filename),
            remedy="Let the user that the container runs as read and enter it.",
        ) from None


def _found(folder: Path) -> Iterator[Path]:
    """Yield all files below a folder that are neither hidden nor empty.

    Of a folder whose name begins with an underscore, it alone.
    """
    for parent, folders, names in os.walk(folder, onerror=_raise):
        inside = [name for name in folders if not _is_hidden(name)]
        folders[:] = [name for name in inside if not may_be_missed(name)]
        yield from (Path(parent, name) for name in inside if may_be_missed(name))
        for name in folders:
            if Path(parent, name).is_symlink():
                raise _no_file(Path(parent, name), "is a link to a folder, which may lead anywhere")
        for name in names:
            path = Path(parent, name)
            if not _is_hidden(name) and (may_be_missed(name) or _size(path)):
                yield path


def _size(path: Path) -> int:
    try:
        found = path.stat()
    except FileNotFoundError:
        raise _no_file(path, "is a link to nothing") from None
    if not stat.S_ISREG(found.st_mode):
        raise _no_file(path, "is no file but a pipe, a socket or a device")
    return found.st_size


def _no_file(path: Path, problem: str) -> DataError:
    return DataError(
        Code.FILE_UNREADABLE,
        f"'{path.name}' {problem}",
        where=str(path),
        remedy="Put what is meant there itself, or remove this.",
    )


def _is_hidden(name: str) -> bool:
    folded = name.casefold()
    return bool(name.startswith((".", "~$")) or folded in _OF_SYSTEMS or _MARK.fullmatch(folded))


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
