"""Unpack model.tar.gz, which may come from anyone: the artifact's files and nothing else.

A file is written under its own bare name into a fresh folder, so no name leads out of it; links,
devices and sparse files are refused, and so is an archive that swells beyond reason or has more to
say of its files than a memory may hold.
"""

import io
import shutil
import tarfile
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Self

from text_classification.artifact import MANIFEST, NGRAM_FILES, SERVED
from text_classification.corpus.readers.packed import DAMAGED, open_binary
from text_classification.errors import ArtifactError, Code

WANTED = frozenset({MANIFEST, *SERVED, *NGRAM_FILES})
# Trained numbers hardly shrink. What unpacks to more than this many times its size is no model,
# but for the padding of a small archive.
SWELLING = 100
PADDING_BYTES = 1 << 20
# tarfile keeps all it hears of members: of so many, and of each no more than this.
MOST_MEMBERS = 1000
MOST_HEADER_BYTES = 1 << 16
# Members that are no files but say something of the next one.
_TELLING = frozenset(
    {
        *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
        *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
    }
)
# tarfile believes what headers say, so that any of its own computations may fail.
_DAMAGED = (
    *(tarfile.TarError, ValueError, TypeError, AttributeError, LookupError),
    *(ArithmeticError, RecursionError),
)


def unpack(archive: Path, folder: Path, where: str) -> None:
    """Write the artifact's files of a tar archive, plain or packed, into a new folder.

    They may lie in a folder of the archive; model.keras and whatever else is there stays behind.
    Raises ``ArtifactError`` that names the archive, ``where``, and what is wrong with it;
    ``OSError`` when the disk is full.
    """
    folder.mkdir()
    largest = SWELLING * archive.stat().st_size + PADDING_BYTES
    try:
        with (
            open_binary(archive) as file,
            tarfile.open(fileobj=_Bounded(file, largest), mode="r|", tarinfo=_Member) as members,
        ):
            for number, member in enumerate(members):
                _check(member, number)
                name = PurePosixPath(member.name).name
                if member.isreg() and name in WANTED:
                    _write(members, member, folder / name)
    except _DAMAGED as error:
        raise ArtifactError(
            Code.ARTIFACT_CORRUPT,
            f"the archive cannot be unpacked: {error}",
            where=where,
            remedy="Give the channel the model.tar.gz of a training job, as the job left it.",
        ) from None


class _Bounded(io.RawIOBase):
    """A file that ends in an error where it is damaged, or longer than it may be."""

    def __init__(self, file: BinaryIO, largest: int) -> None:
        super().__init__()
        self._file = file
        self._largest = largest
        self._read = 0

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes."""
        try:
            content = self._file.read(size)
        except DAMAGED as error:  # told from what writing raises, where the disk is full
            raise tarfile.ReadError(str(error)) from None
        self._read += len(content)
        if self._read > self._largest:
            raise tarfile.TarError(f"it unpacks to more than {self._largest} bytes")
        return content


class _Member(tarfile.TarInfo):
    """What a header says, checked before tarfile reads on as far as it says."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """Return what 512 bytes say."""
        member = super().frombuf(buf, encoding, errors)
        if member.size < 0:
            raise tarfile.ReadError("a member has a size below 0")
        if member.type in _TELLING and member.size > MOST_HEADER_BYTES:
            raise tarfile.ReadError(f"a header is longer than {MOST_HEADER_BYTES} bytes")
        return member


def _check(member: tarfile.TarInfo, number: int) -> None:
    if number == MOST_MEMBERS:
        raise tarfile.TarError(f"it holds more than {MOST_MEMBERS} files")
    if not (member.isreg() or member.isdir()) or member.issparse():
        raise tarfile.TarError(f"{member.name!r:.80} is neither a plain file nor a folder")
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts:
        raise tarfile.TarError(f"{member.name!r:.80} leads out of the archive")


def _write(members: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> None:
    if path.exists():
        raise tarfile.TarError(f"it holds {path.name} twice")
    source = members.extractfile(member)
    assert source is not None  # noqa: S101 - it is a plain file
    with source, path.open("wb") as file:
        shutil.copyfileobj(source, file)
