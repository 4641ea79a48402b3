"""What train_local.sh trains on, and what it clears; a few lines of shell stand in for docker."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.training import ROOT

CLIENT = """#!/bin/sh
case $1 in run) echo "runs $*"; ls "$FOLDER/model" "$FOLDER/output" ;; esac
"""


class Repository:
    """A copy of the scripts, whose own test_dir has no documents yet."""

    def __init__(self, folder: Path) -> None:
        self.scripts = folder / "local_test"
        self.own = self.scripts / "test_dir"
        self.own.mkdir(parents=True)
        for name in ("common.sh", "train_local.sh", "letters.py"):
            shutil.copy(ROOT / "local_test" / name, self.scripts)
        self._client = folder / "docker"
        self._client.write_text(CLIENT)
        self._client.chmod(0o755)

    def train(self, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run train_local.sh, on a folder of one's own or on the repository's."""
        own = {} if folder is None else {"TEST_DIR": str(folder)}
        named = {"DOCKER": str(self._client), "FOLDER": str(folder or self.own)}
        return subprocess.run(
            [self.scripts / "train_local.sh", "image"],
            env={**os.environ, **named, **own},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def _write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("label,text\n")
    return path


def test_letters_are_written_where_they_belong(repository: Repository) -> None:
    """They are the repository's own sample, written once."""
    first, again = repository.train(), repository.train()
    assert first.returncode == 0, first.stderr
    assert "writing sample letters" in first.stderr
    assert (repository.own / "input/data/training/letters.csv").is_file()
    assert f"--volume {repository.own}:/opt/ml image train" in first.stdout
    assert again.stderr == ""


@pytest.mark.parametrize("channel", ["training", "train"])
def test_own_documents_are_trained_on(repository: Repository, tmp_path: Path, channel: str) -> None:
    """Both names of the channel are known, and files may lie deeper: a folder a class."""
    _write(tmp_path / "mine/input/data" / channel / "BILL/0.txt")
    result = repository.train(tmp_path / "mine")
    assert result.returncode == 0, result.stderr
    assert f"--volume {tmp_path}/mine:/opt/ml image train" in result.stdout
    assert not list((tmp_path / "mine").rglob("letters.csv"))


@pytest.mark.parametrize(
    "place",
    ["mine.csv", "input/data/mine.csv", "input/data/mine/0.csv", "data/training/mine.csv"],
)
@pytest.mark.parametrize("own", [True, False])
def test_documents_in_a_wrong_folder(
    repository: Repository, tmp_path: Path, place: str, *, own: bool
) -> None:
    """The right one is named; nothing is written, cleared or trained."""
    folder = repository.own if own else tmp_path / "mine"
    document, model = _write(folder / place), _write(folder / "model/weights")
    result = repository.train(None if own else folder)
    assert result.returncode == 2
    assert result.stdout == ""
    assert str(document) in result.stderr
    assert f"move documents to {folder}/input/data/training" in result.stderr
    assert {path for path in folder.rglob("*") if path.is_file()} == {document, model}


def test_letters_of_an_earlier_run_are_not_taken_for_own_documents(repository: Repository) -> None:
    """Documents beside them that no channel holds are named, as they are without letters."""
    assert repository.train().returncode == 0
    document = _write(repository.own / "input/mine.csv")
    result = repository.train()
    assert result.returncode == 2
    assert str(document) in result.stderr


def test_no_documents_in_a_folder_of_ones_own(repository: Repository, tmp_path: Path) -> None:
    """What nobody asked for is not trained on; hidden files are no documents."""
    _write(tmp_path / "mine/.DS_Store")
    result = repository.train(tmp_path / "mine")
    assert result.returncode == 2
    assert f"put yours there, or write sample letters with: python3 {repository.scripts}" in (
        result.stderr
    )
    assert repository.train(tmp_path / "no").stderr == f"there is no folder {tmp_path}/no\n"


def test_what_is_cleared_is_told(repository: Repository, tmp_path: Path) -> None:
    """By its names, before it is gone."""
    folder = tmp_path / "mine"
    _write(folder / "input/data/training/mine.csv")
    for name in ("model/manifest.json", "model/labels.json", "output/failure"):
        _write(folder / name)
    result = repository.train(folder)
    assert result.stderr.splitlines() == [
        f"clearing {folder}/model: labels.json manifest.json",
        f"clearing {folder}/output: failure",
    ]
    assert "json" not in result.stdout
