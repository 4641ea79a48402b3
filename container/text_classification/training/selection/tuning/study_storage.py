"""Where a study lives: in SQLite, kept among the checkpoints, or in a database by URL."""

import logging
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from optuna.storages import RDBStorage
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from text_classification.errors import Code, ConfigurationError
from text_classification.training.network.durable_files import INCOMPLETE, put_in_place

STUDY_FILE = "study.sqlite3"
DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}

# How often the tables of a new database are asked for.
TRIES = 4

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SqliteFile:
    """A database in a scratch folder, of which a copy is kept in the folder for checkpoints.

    SageMaker uploads that folder at any moment: a database that is being written would arrive in
    halves. So a copy goes there under another name and is renamed when whole.
    """

    scratch: Path
    checkpoints: Path

    @property
    def url(self) -> str:
        """The URL of the database that is worked on."""
        return f"sqlite:///{self._file}"

    def restore(self) -> None:
        """Go on from the copy, if there is one that can be read."""
        kept = self.checkpoints / STUDY_FILE
        if not kept.is_file():
            return
        shutil.copyfile(kept, self._file)
        try:
            with closing(sqlite3.connect(self._file)) as database:
                (problem,) = database.execute("PRAGMA quick_check").fetchone()
        except sqlite3.DatabaseError as error:
            problem = str(error)
        if problem != "ok":
            log.warning("%s cannot be read (%s): the study begins anew", STUDY_FILE, problem)
            self._file.unlink()

    def keep(self) -> None:
        """Write the copy anew; where that fails, the study goes on and the log says why."""
        if not self.checkpoints.is_dir():
            return
        kept = self.checkpoints / STUDY_FILE
        incomplete = kept.with_name(kept.name + INCOMPLETE)
        try:
            with (
                closing(sqlite3.connect(self._file)) as database,
                closing(sqlite3.connect(incomplete)) as copy,
            ):
                database.backup(copy)
            put_in_place(incomplete, kept)
        except (OSError, sqlite3.Error) as error:
            incomplete.unlink(missing_ok=True)
            log.warning("the study was not kept: %s", error)

    @property
    def _file(self) -> Path:
        return self.scratch / STUDY_FILE


def parse_url(text: str) -> URL:
    """Return the URL of a database, with the driver that this image has.

    Raises ``ConfigurationError``, which never holds the URL: a password may be part of it.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ConfigurationError(
            Code.HYPERPARAMETER_INVALID,
            "study_storage is no URL of a database",
            remedy="Write postgresql://user:password@host/name or mysql://user:password@host/name.",
        ) from None
    return url.set(drivername=DRIVERS[url.get_backend_name()])


def shared_storage(url: URL) -> RDBStorage:
    """Return the storage in a database that several machines share.

    Machines that begin at once all find it empty and make the same tables; those that come second
    fail, and find them there when they try again.
    """
    text = url.render_as_string(hide_password=False)
    for _ in range(TRIES - 1):
        with suppress(DBAPIError):
            return RDBStorage(text, engine_kwargs={"pool_pre_ping": True})
    return RDBStorage(text, engine_kwargs={"pool_pre_ping": True})
