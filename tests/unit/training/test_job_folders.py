"""training/job_folders.py."""

import errno
import os
from pathlib import Path

import pytest

from text_classification.contract.paths import Paths
from text_classification.errors import Code, ResourceError
from text_classification.training.job_folders import (
    check_job_folders,
    full_disk_named,
    scratch_folder,
)


@pytest.mark.parametrize("name", ["model", "output/data"])
def test_unwritable_folder_is_told_by_its_name(paths: Paths, name: str) -> None:
    """Before anything is read: with the folder and what to do."""
    blocked = paths.root / name
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("a file where the folder should be")
    with pytest.raises(ResourceError, match="cannot be written to") as raised:
        check_job_folders(paths)
    assert (raised.value.code, raised.value.where) == (Code.FOLDER_UNWRITABLE, str(blocked))
    assert str(blocked) in raised.value.remedy


def test_folder_that_is_full_beyond_the_machine_is_told(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File systems over a network may tell only when a file is synced."""

    def full(_file: int) -> None:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(os, "fsync", full)
    for check, where in (
        (lambda: check_job_folders(paths), paths.model),
        (lambda: scratch_folder(paths.root).__enter__(), paths.root),
    ):
        with pytest.raises(ResourceError) as raised:
            check()
        assert (raised.value.code, raised.value.where) == (Code.DISK_FULL, str(where))


def test_failure_of_an_earlier_run_goes(paths: Paths) -> None:
    """It would be taken for this run's."""
    paths.failure.parent.mkdir(parents=True)
    paths.failure.write_text("an earlier cause")
    check_job_folders(paths)
    assert not paths.failure.exists()
    assert not list(paths.model.iterdir())


def test_scratch_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With the variable that sets another."""
    with (
        pytest.raises(ResourceError, match="cannot be written to") as raised,
        scratch_folder(tmp_path / "nowhere"),
    ):
        pass
    assert raised.value.where == str(tmp_path / "nowhere")
    assert "TMPDIR" in raised.value.remedy


def test_scratch_folder_that_gets_full_is_told(tmp_path: Path) -> None:
    """A write names no file; the error names the folder all the same."""
    with (
        pytest.raises(ResourceError) as raised,
        scratch_folder(tmp_path),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert (raised.value.code, raised.value.where) == (Code.DISK_FULL, str(tmp_path))
    assert not list(tmp_path.iterdir())


def test_other_folders_keep_their_own_names(tmp_path: Path) -> None:
    """What is written elsewhere meanwhile is not the scratch folder's fault."""
    with (
        pytest.raises(OSError, match="No space left") as raised,
        scratch_folder(tmp_path / ""),
        full_disk_named(Path("/model")),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert raised.value.filename == "/model"
