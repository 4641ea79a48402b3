"""Where documents come from: files of this machine or objects in S3, laid out as channels.

A folder holds documents directly, or in the subfolders ``training``, ``validation`` and ``test``.
"""

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from text_classification.corpus.readers.channel_files import may_be_missed
from textcnn.artifacts import S3Place
from textcnn.aws import Aws
from textcnn.errors import CommandError, Exit

# Folder -> channel.
FOLDERS = {
    "training": "training",
    "train": "training",
    "validation": "validation",
    "test": "test",
}
DOCUMENTS = frozenset(FOLDERS.values())
# People try these; the image reads none of them.
UNREADABLE = frozenset(
    {".zip", ".tar", ".tgz", ".7z", ".rar", ".xls", ".xlsx", ".doc", ".docx", ".pdf", ".pkl"}
)


@dataclass(frozen=True)
class LocalFile:
    """A file of this machine; name is its path in the channel."""

    path: Path
    name: str
    size: int

    @cached_property
    def sha256(self) -> str:
        """The hash of its content, in hexadecimal."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Source:
    """What one channel reads: files, or a place in S3 whose objects identity stands for.

    objects: how many there are at that place.
    """

    channel: str
    files: tuple[LocalFile, ...] = ()
    uri: str = ""
    identity: str = ""
    objects: int = 0

    @property
    def count(self) -> int:
        """How many files or objects there are."""
        return len(self.files) or self.objects

    @property
    def size(self) -> int:
        """The bytes of its files."""
        return sum(file.size for file in self.files)


def read_sources(aws: Aws, data: str, others: Mapping[str, str | None]) -> list[Source]:
    """Return the channels of a job: those of data, and others by the channel's name.

    Raises ``CommandError`` for what is not there, is empty, or no image could read.
    """
    sources = {source.channel: source for source in _laid_out(aws, data)}
    for channel, place in others.items():
        if place is not None:
            sources[channel] = _only(aws, place, channel)
    if "training" not in sources:
        raise CommandError(
            f"{data} has no training documents",
            "Put files into it, or into its subfolder training.",
            Exit.USAGE,
        )
    return list(sources.values())


def _laid_out(aws: Aws, data: str) -> Iterator[Source]:
    if data.startswith("s3://"):
        yield from _of_prefix(aws, S3Place.parse(data))
    else:
        files = local_files(Path(data))
        for channel, members in _by_channel(files, data).items():
            yield Source(channel, tuple(members))


def _only(aws: Aws, place: str, channel: str) -> Source:
    if place.startswith("s3://"):
        found = S3Place.parse(place)
        return _in_s3(found, channel, listing(aws, found))
    return Source(channel, tuple(local_files(Path(place), documents=channel != "model")))


def local_files(place: Path, *, documents: bool = True) -> list[LocalFile]:
    """Return the files of a folder as the image would read them, in order of name, or one file."""
    if place.is_file():
        found = [place]
        root = place.parent
    elif place.is_dir():
        root = place
        found = [path for path in sorted(place.rglob("*")) if path.is_file()]
    else:
        raise CommandError(f"there is no file or folder {place}", "", Exit.MISSING)
    files = [
        LocalFile(path, path.relative_to(root).as_posix(), path.stat().st_size)
        for path in found
        if not _is_passed_over(path.relative_to(root)) and path.stat().st_size
    ]
    if not files:
        raise CommandError(
            f"{place} holds no documents",
            "Put a file into it, whose name does not begin with a dot or an underscore.",
            Exit.USAGE,
        )
    if documents:
        _check_suffixes(files)
    return files


def left_out(place: Path) -> list[str]:
    """Return what of a folder is not uploaded, as no image would read it, and may be missed."""
    found = (path.relative_to(place) for path in place.rglob("_*"))
    return sorted(
        path.as_posix()
        for path in found
        if may_be_missed(path.name) and not _is_passed_over(path.parent)
    )


def listing(aws: Aws, place: S3Place) -> dict[str, str]:
    """Return the keys at a place and what each holds, by its size and ETag.

    A key alone stands for itself; a prefix for what is below it, as for a folder. Raises
    ``CommandError`` where nothing is there, or where other keys begin with a key.
    """
    pages = aws.client("s3").get_paginator("list_objects_v2")
    found = {
        each["Key"]: f"{each['Size']} {each['ETag']}"
        for page in pages.paginate(Bucket=place.bucket, Prefix=place.key)
        for each in page.get("Contents", [])
        if each["Size"]
    }
    if place.key in found:
        _check_alone(place, found)
        return {place.key: found[place.key]}
    below = _folder(place.key)
    inside = {key: held for key, held in found.items() if key.startswith(below)}
    if not inside:
        raise CommandError(f"there is nothing at {place}", "", Exit.MISSING)
    return inside


def _check_alone(place: S3Place, found: Iterable[str]) -> None:
    """Refuse a key that others begin with: SageMaker takes it for a prefix and reads them too."""
    other = next((key for key in found if key != place.key), None)
    if other is not None:
        raise CommandError(
            f"{place} is a file, and the key {other} begins with its key: a job would read both",
            "Move the file into a folder of its own, and give s3://BUCKET/FOLDER/.",
            Exit.USAGE,
        )


def _of_prefix(aws: Aws, place: S3Place) -> Iterator[Source]:
    objects = listing(aws, place)
    if place.key in objects:
        yield _in_s3(place, "training", objects)
        return
    folder = _folder(place.key)
    first = {key.removeprefix(folder).split("/")[0] for key in objects if "/" in key}
    channels = {name: FOLDERS[name] for name in sorted(first & FOLDERS.keys())}
    _check_folders(channels, str(place))
    if not channels:
        yield _in_s3(S3Place(place.bucket, folder), "training", objects)
    for name, channel in channels.items():
        below = f"{folder}{name}/"
        part = {key: held for key, held in objects.items() if key.startswith(below)}
        if part:
            yield _in_s3(S3Place(place.bucket, below), channel, part)


def _in_s3(place: S3Place, channel: str, objects: Mapping[str, str]) -> Source:
    lines = "".join(f"{key} {held}\n" for key, held in sorted(objects.items()))
    is_key = place.key in objects
    prefix = place if is_key else S3Place(place.bucket, _folder(place.key))
    identity = hashlib.sha256(lines.encode()).hexdigest()
    return Source(channel, (), str(prefix), identity, len(objects))


def _by_channel(files: Iterable[LocalFile], data: str) -> dict[str, list[LocalFile]]:
    channels: dict[str, list[LocalFile]] = defaultdict(list)
    used: set[str] = set()
    rest: list[LocalFile] = []
    for file in files:
        folder, _, name = file.name.partition("/")
        if name and folder in FOLDERS:
            used.add(folder)
            channels[FOLDERS[folder]].append(LocalFile(file.path, name, file.size))
        else:
            rest.append(file)
    _check_folders(used, data)
    if rest and "training" in channels:
        raise CommandError(
            f"{data} has the folder training, and {rest[0].name} beside it",
            "Documents lie in the folder itself, or in training, validation and test.",
            Exit.USAGE,
        )
    return channels | ({"training": rest} if rest else {})


def _check_folders(used: Container[str], data: str) -> None:
    if "train" in used and "training" in used:
        raise CommandError(
            f"{data} has a folder train and a folder training", "Keep one of them.", Exit.USAGE
        )


def _check_suffixes(files: Iterable[LocalFile]) -> None:
    for file in files:
        if PurePosixPath(file.name).suffix.lower() in UNREADABLE:
            raise CommandError(
                f"{file.path} cannot be read by the image",
                "It reads CSV, TSV, JSON, JSON Lines, Parquet and BlazingText's lines, "
                "each plain or packed with gzip, bzip2, xz, zstd, lz4 or snappy.",
                Exit.USAGE,
            )


def _is_passed_over(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.parts)


def _folder(key: str) -> str:
    return key if not key or key.endswith("/") else f"{key}/"
