"""The models that are loaded, the same for all workers: a folder with a file for each.

A model is loaded as long as its file is there. Files appear whole, by a rename, and go at once;
whoever has mapped one that is gone can still finish with it. Locks belong to the kernel, which
releases them when a worker dies, so there is nothing to be put right after it.
"""

import fcntl
import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from text_classification import artifact
from text_classification.contract.failure import DISK_FULL_NUMBERS
from text_classification.contract.settings import Settings
from text_classification.errors import ArtifactError, Code, RequestError, ResourceError
from text_classification.inference.classifier import Classifier
from text_classification.machine.memory import memory_limit
from text_classification.serving.models.model_description import describe
from text_classification.serving.models.shared_file import (
    Description,
    open_shared,
    read_description,
    write_shared,
)

SUFFIX = ".model"
# The rest is for the workers themselves, for requests, and for what loading takes meanwhile.
SHARE_OF_MEMORY = 0.5

log = logging.getLogger(__name__)


class Registry:
    """The loaded models. Workers that are forked from one process share it.

    folder: where their files are, private to the server; budget: the bytes that they may take
    together; tables_mb: the mebibytes that the look-up tables of each may take.
    """

    def __init__(self, folder: Path, *, budget: int, tables_mb: int) -> None:
        self._folder = folder
        self._budget = budget
        self._tables_mb = tables_mb
        folder.mkdir(mode=0o700, exist_ok=True)
        _check_private(folder)

    @classmethod
    def of(cls, settings: Settings) -> "Registry":
        """Return the registry that the settings ask for."""
        budget = settings.models_mb << 20 or int(memory_limit() * SHARE_OF_MEMORY)
        return cls(settings.scratch / "models", budget=budget, tables_mb=settings.tables_mb)

    def path(self, name: str) -> Path:
        """Return where the file of a model is, if it is loaded; names may hold anything."""
        return self._folder / f"{sha256(name.encode()).hexdigest()}{SUFFIX}"

    def load(self, name: str, url: str) -> None:
        """Load the model in the folder ``url``, for all workers.

        One is loaded at a time, so that loading takes one processor and the memory for one. Raises
        ``RequestError``: 409 for a name that is taken, 404 where there is no such folder, 400 for
        a model that cannot be trusted, 507 for one that does not fit.
        """
        self._refuse_twice(name)
        with self._alone():
            self._refuse_twice(name)
            try:
                self._load(Description(name, url))
            except (ArtifactError, ResourceError) as error:
                log.error("a model cannot be loaded: %s", error)
                status = 400 if isinstance(error, ArtifactError) else 507
                raise RequestError(status, error.code, error.message, remedy=error.remedy) from None
            except MemoryError:
                raise _too_large("the machine has too little memory to load the model") from None
            except OSError as error:
                if error.errno not in DISK_FULL_NUMBERS:
                    raise
                raise _too_large("the disk is full", Code.DISK_FULL) from None

    def unload(self, name: str) -> None:
        """Forget a model; requests under way are finished. Raises ``RequestError`` 404."""
        try:
            self.path(name).unlink()
        except FileNotFoundError:
            raise not_loaded() from None

    def describe(self, name: str) -> Description:
        """Return what is known of a model. Raises ``RequestError`` 404."""
        try:
            return read_description(self.path(name))
        except FileNotFoundError:
            raise not_loaded() from None

    def page(self, after: str, limit: int) -> tuple[list[Description], str]:
        """Return up to ``limit`` models, and what to give as ``after`` for those that follow.

        after: empty for the first page; so is the second result on the last one. The order has no
        meaning, but a model that stays loaded is on one page whatever comes and goes meanwhile.
        """
        keys = sorted(path.stem for path in self._files() if path.stem > after)
        found = []
        for key in keys[:limit]:
            try:
                found.append(read_description(self._folder / f"{key}{SUFFIX}"))
            except FileNotFoundError:  # unloaded since
                continue
        return found, keys[limit - 1] if len(keys) > limit else ""

    def _load(self, description: Description) -> None:
        folder = Path(description.url)
        if not _is_folder(folder):
            raise RequestError(
                404,
                Code.ARTIFACT_MISSING,
                "the url is not that of a folder",
                where="url",
                remedy="Give the folder that holds the files of the model.tar.gz.",
            )
        free = self._budget - sum(map(_size, self._files()))
        # While it is being loaded, its files are in memory.
        self._check_fits(sum(map(_size, _served(folder))), free)
        part = self._folder / "part"
        try:
            classifier = self._read(folder)
            write_shared(classifier, description, part)
            self._check_fits(_size(part), free)
            open_shared(part)[0].classify(["warm up"])
            part.rename(self.path(description.name))
        finally:
            part.unlink(missing_ok=True)

    def _read(self, folder: Path) -> Classifier:
        loaded = artifact.load(folder)
        return Classifier(loaded, tables_mb=self._tables_mb, description=describe(loaded))

    def _check_fits(self, needed: int, free: int) -> None:
        if needed > free:
            raise _too_large(
                f"the model takes {_mebibytes(needed)} of memory, and {_mebibytes(max(0, free))} "
                f"of {_mebibytes(self._budget)} are free"
            )

    def _refuse_twice(self, name: str) -> None:
        if self.path(name).exists():
            raise RequestError(
                409,
                Code.MODEL_LOADED_ALREADY,
                "a model of this name is loaded already",
                where="model_name",
                remedy="Unload it first: DELETE /models/{model_name}.",
            )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait until no other worker or thread is loading a model, and let none begin."""
        with (self._folder / "loading").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _files(self) -> Iterator[Path]:
        return self._folder.glob(f"*{SUFFIX}")


def _check_private(folder: Path) -> None:
    """Raise ``ResourceError`` where others can put files that the workers would trust."""
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_mode & 0o077 or status.st_uid != os.geteuid():
        raise ResourceError(
            Code.SETTING_INVALID,
            "the folder for loaded models is open to other users",
            where=str(folder),
            remedy="Set TMPDIR to a folder in which it can be made anew.",
        )


def not_loaded() -> RequestError:
    """Return the error for a model that is not loaded."""
    return RequestError(
        404,
        Code.MODEL_NOT_LOADED,
        "no model of this name is loaded",
        remedy="Load it first: POST /models; GET /models lists those that are.",
    )


def _too_large(message: str, code: Code = Code.OUT_OF_MEMORY) -> RequestError:
    return RequestError(
        507, code, message, remedy="Unload other models, set MODELS_MB, or use a larger instance."
    )


def _is_folder(path: Path) -> bool:
    try:
        return path.is_absolute() and path.is_dir()
    except OSError:  # a name that is too long, say
        return False


def _served(folder: Path) -> list[Path]:
    """Return the files of an artifact that serving reads."""
    return [folder / name for name in (*artifact.SERVED, *artifact.NGRAM_FILES)]


def _size(path: Path) -> int:
    """Return the bytes of a file, 0 for one that is gone."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _mebibytes(count: int) -> str:
    return f"{count / (1 << 20):.1f} MiB"
