"""training/selection/tuning/study_storage.py."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from optuna.storages import RDBStorage
from optuna.study import StudyDirection

from text_classification.errors import Code, ConfigurationError
from text_classification.training.selection.tuning.study_storage import (
    STUDY_FILE,
    SqliteFile,
    parse_url,
)


@pytest.fixture
def file(tmp_path: Path) -> SqliteFile:
    """A database that is to be kept among checkpoints."""
    for name in ("scratch", "checkpoints"):
        (tmp_path / name).mkdir()
    return SqliteFile(tmp_path / "scratch", tmp_path / "checkpoints")


def studies(file: SqliteFile) -> list[str]:
    """Return the names of the studies in a database."""
    return [study.study_name for study in RDBStorage(file.url).get_all_studies()]


def with_study(file: SqliteFile) -> None:
    """Write a study into a database."""
    RDBStorage(file.url).create_new_study([StudyDirection.MAXIMIZE], "one")


def test_copy_among_the_checkpoints_is_gone_on_with(file: SqliteFile, tmp_path: Path) -> None:
    """On another machine, say, with nothing but that folder."""
    with_study(file)
    file.keep()
    assert [path.name for path in file.checkpoints.iterdir()] == [STUDY_FILE]
    (tmp_path / "other").mkdir()
    other = SqliteFile(tmp_path / "other", file.checkpoints)
    other.restore()
    assert studies(other) == ["one"]


def test_copy_is_written_anew(file: SqliteFile) -> None:
    """The newest one counts, and while it is written the earlier stays."""
    with_study(file)
    file.keep()
    RDBStorage(file.url).create_new_study([StudyDirection.MAXIMIZE], "two")
    file.keep()
    with closing(sqlite3.connect(file.checkpoints / STUDY_FILE)) as database:
        names = database.execute("SELECT study_name FROM studies").fetchall()
    assert sorted(names) == [("one",), ("two",)]


def test_nothing_is_kept_where_nobody_asked(tmp_path: Path) -> None:
    """A job without a folder for checkpoints has a study all the same."""
    file = SqliteFile(tmp_path, tmp_path / "nowhere")
    file.restore()
    with_study(file)
    file.keep()
    assert [path.name for path in tmp_path.iterdir()] == [STUDY_FILE]


@pytest.mark.parametrize("part", [slice(0, 100), slice(0, 6000), slice(50, None)])
def test_damaged_copy_is_told_and_passed_over(
    file: SqliteFile, caplog: pytest.LogCaptureFixture, part: slice
) -> None:
    """Half of a file, or another file of that name: the study begins anew."""
    with_study(file)
    file.keep()
    kept = file.checkpoints / STUDY_FILE
    kept.write_bytes(kept.read_bytes()[part])
    file.restore()
    assert "study.sqlite3 cannot be read" in caplog.text
    assert studies(file) == []


def test_full_disk_does_not_end_the_study(
    file: SqliteFile, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says that it was not kept, and no half copy is left."""

    def refuse(_path: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with_study(file)
    monkeypatch.setattr(Path, "replace", refuse)
    file.keep()
    assert "the study was not kept" in caplog.text
    assert not list(file.checkpoints.iterdir())


@pytest.mark.parametrize(
    ("text", "driver"),
    [
        ("postgresql://u:p@h/n", "postgresql+psycopg"),
        ("postgresql+psycopg2://u:p@h/n", "postgresql+psycopg"),
        ("mysql://u:p@h/n", "mysql+pymysql"),
        ("mariadb://u:p@h/n", "mariadb+pymysql"),
    ],
)
def test_driver_is_one_that_the_image_has(text: str, driver: str) -> None:
    """Whatever the URL names; the rest of it stays."""
    url = parse_url(text)
    assert (url.drivername, url.password, url.host, url.database) == (driver, "p", "h", "n")


@pytest.mark.parametrize("text", ["mysql://user:secret@host:port/name"])
def test_url_that_is_none_is_not_repeated(text: str) -> None:
    """It may hold a password."""
    with pytest.raises(ConfigurationError, match="is no URL of a database") as raised:
        parse_url(text)
    assert raised.value.code == Code.HYPERPARAMETER_INVALID
    assert "secret" not in str(raised.value)
