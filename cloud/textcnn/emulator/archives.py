"""model.tar.gz and output.tar.gz: the same files give the same bytes."""

import gzip
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path


class LinkError(Exception):
    """A folder holds a link or something else that is no plain file; the message names it."""


def gather(folders: Sequence[Path]) -> dict[str, Path]:
    """Return the plain files below folders by their names; of one name the first folder's counts.

    Raises ``LinkError`` for anything but files and folders: the service uploads no links.
    """
    files: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise LinkError(f"{name} is no plain file")
            if path.is_file():
                files.setdefault(name, path)
    return files


def pack(files: Mapping[str, Path], archive: Path) -> None:
    """Write files into a .tar.gz, by name; dates, owners and modes are not kept."""
    with (
        archive.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=1, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as tar,
    ):
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size = files[name].stat().st_size
            with files[name].open("rb") as file:
                tar.addfile(entry, file)
