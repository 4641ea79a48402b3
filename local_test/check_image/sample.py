"""What the image is given: documents to train on, hyperparameters, requests."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from letters import letters, write_channel

HERE = Path(__file__).parents[1]
LETTERS = 300
# By the names of files; in the order in which requests of each are tried.
CONTENT_TYPES = {
    ".json": "application/json",
    ".jsonl": "application/jsonlines",
    ".csv": "text/csv",
    ".txt": "text/plain",
}


class SampleError(Exception):
    """A file of the user's cannot be used; the message says which and why."""


@dataclass(frozen=True)
class Request:
    """One body for /invocations."""

    body: bytes
    content_type: str

    @property
    def media_type(self) -> str:
        """The content type without parameters."""
        return self.content_type.partition(";")[0].strip().lower()

    @property
    def is_text(self) -> bool:
        """Whether the body is text by its type."""
        return self.media_type.startswith("text/") or "json" in self.media_type


@dataclass(frozen=True)
class Sample:
    """The user's own files, or the sample letters and the payloads beside them.

    data: a folder with one folder a channel; None for the sample letters.
    requests: the first that is answered is used; given: there is but the user's own.
    """

    hyperparameters: Mapping[str, str]
    data: Path | None
    requests: tuple[Request, ...]
    given: bool

    @property
    def channels(self) -> list[str]:
        """The names of the channels."""
        return ["training"] if self.data is None else channel_names(self.data)

    def write_data(self, folder: Path, *, empty: bool) -> None:
        """Write the channels into a new folder; ``empty`` leaves out all that they hold."""
        if empty:
            for name in self.channels:
                (folder / name).mkdir(parents=True)
        elif self.data is None:
            sample = list(letters(LETTERS, seed=1))
            write_channel(folder / "training/letters.csv", sample, as_hashes=False)
        else:
            shutil.copytree(self.data, folder)


def read_sample(
    hyperparameters: Path | None, data: Path | None, request: Path | None, content_type: str | None
) -> Sample:
    """Read the user's files; where one is not given, the built-in one takes its place.

    The content type of a request follows from its file's name where it is None.

    Raises ``SampleError`` that names the file and says what is wrong with it.
    """
    if data is not None and not (data.is_dir() and channel_names(data)):
        raise SampleError(f"{data} must be a folder that holds one folder for each channel")
    if request is None:
        bodies = ((HERE / f"payload{suffix}", kind) for suffix, kind in CONTENT_TYPES.items())
        requests = tuple(Request(path.read_bytes(), kind) for path, kind in bodies)
    else:
        requests = (Request(_read(request), content_type or _content_type(request)),)
    given = request is not None
    return Sample(_hyperparameters(hyperparameters), data, requests, given)


def channel_names(data: Path) -> list[str]:
    """Return the names of the channels of a data folder."""
    return sorted(path.name for path in data.iterdir() if path.is_dir())


def _hyperparameters(path: Path | None) -> dict[str, str]:
    """Return hyperparameters as the service hands them over: every value is a string."""
    if path is None:
        return {}
    try:
        values = json.loads(_read(path))
    except ValueError:
        raise SampleError(f"{path} is not JSON") from None
    if not isinstance(values, dict):
        raise SampleError(f"{path} must hold one JSON object")
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
    }


def _content_type(path: Path) -> str:
    """Return the content type that a file's name tells."""
    if path.suffix.lower() not in CONTENT_TYPES:
        raise SampleError(f"the content type of {path} is not known: name it with --content-type")
    return CONTENT_TYPES[path.suffix.lower()]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SampleError(f"{path} cannot be read: {error.strerror}") from None
