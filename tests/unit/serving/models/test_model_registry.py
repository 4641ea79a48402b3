"""serving/models/model_registry.py: which models are loaded, and what refuses to be."""

import errno
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.support.waiting import wait_until
from tests.unit.helpers import random_artifact
from text_classification import artifact, model_files
from text_classification.artifact import Artifact
from text_classification.contract.settings import Settings
from text_classification.errors import Code, RequestError, ResourceError
from text_classification.serving.models import model_registry as module
from text_classification.serving.models.model_registry import Registry
from text_classification.serving.models.shared_file import (
    Description,
    open_shared,
    read_description,
)

NAMES = ["a", "a/b", "../a", "/", "é", "x" * 5000, " ", "a%2Fb", ".", "line\nbreak", "\U0001f600"]
LOTS = 1 << 30


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A folder with a model."""
    artifact.save(random_artifact(), tmp_path / "letters")
    return str(tmp_path / "letters")


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """An empty registry with room."""
    return Registry(tmp_path / "models", budget=LOTS, tables_mb=1)


def size_of_one(registry: Registry, folder: str) -> int:
    """Return the bytes that the model in a folder takes."""
    registry.load("measured", folder)
    size = registry.path("measured").stat().st_size
    registry.unload("measured")
    return size


def refused(status: int, code: Code, action: Callable[[], object]) -> RequestError:
    """Assert that an action is refused, and return the error."""
    with pytest.raises(RequestError) as raised:
        action()
    assert (raised.value.status, raised.value.code) == (status, code)
    assert raised.value.remedy
    return raised.value


@pytest.mark.parametrize("name", NAMES)
def test_names_may_be_anything(registry: Registry, folder: str, name: str) -> None:
    """Each is a model of its own, and its file stays in the folder."""
    registry.load(name, folder)
    assert registry.describe(name) == Description(name, folder)
    assert registry.path(name).parent == registry.path("a").parent
    assert len({registry.path(each) for each in NAMES}) == len(NAMES)
    assert open_shared(registry.path(name))[0].labels == ("bad", "good", "ugly")
    registry.unload(name)
    refused(404, Code.MODEL_NOT_LOADED, lambda: registry.describe(name))
    refused(404, Code.MODEL_NOT_LOADED, lambda: registry.unload(name))


def test_files_are_the_servers_alone(registry: Registry) -> None:
    """Nobody else may look into them or put any there."""
    assert registry.path("a").parent.stat().st_mode & 0o777 == 0o700


def test_name_that_is_taken_is_409(registry: Registry, folder: str) -> None:
    """Whatever it would be loaded from."""
    registry.load("a", folder)
    for url in (folder, "/nowhere"):
        refused(409, Code.MODEL_LOADED_ALREADY, partial(registry.load, "a", url))


def test_one_of_many_that_load_a_name_wins(
    registry: Registry, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others wait for it, and are told that the name is taken: then the model is there."""
    read = artifact.load

    def when_all_wait(path: Path) -> Artifact:
        wait_until(lambda: _waiting_for_a_lock() == 7)
        return read(path)

    def load(_: int) -> int:
        try:
            registry.load("a", folder)
        except RequestError as error:
            assert registry.path("a").exists()
            return error.status
        return 200

    monkeypatch.setattr(artifact, "load", when_all_wait)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(load, range(8)))
    assert sorted(statuses) == [200] + [409] * 7


def _waiting_for_a_lock() -> int:
    """Return how many threads of this process wait for a lock of a file, as the kernel knows."""
    waiting = rf"-> FLOCK +ADVISORY +WRITE {os.getpid()} "
    return len(re.findall(waiting, Path("/proc/locks").read_text("ascii")))


@pytest.mark.parametrize("url", ["nowhere", "/nowhere", "letters", ".", f"/{'x' * 5000}", "/a\0b"])
def test_url_that_is_no_folder_is_404(registry: Registry, url: str) -> None:
    """A relative one too: relative to what, nobody knows."""
    found = refused(404, Code.ARTIFACT_MISSING, lambda: registry.load("a", url))
    assert found.where == "url"


def test_file_is_no_folder(registry: Registry, folder: str) -> None:
    """An archive that was not extracted, say."""
    path = f"{folder}/{artifact.LABELS}"
    refused(404, Code.ARTIFACT_MISSING, lambda: registry.load("a", path))


@pytest.mark.parametrize("name", [artifact.WEIGHTS, artifact.LABELS, artifact.MANIFEST])
def test_broken_model_is_400(
    registry: Registry, folder: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With the reason, and the place in the log alone; nothing of it stays."""
    (Path(folder) / name).write_bytes(b"{}")
    found = refused(400, Code.ARTIFACT_CORRUPT, lambda: registry.load("a", folder))
    assert folder not in str(found)
    assert folder in caplog.text
    assert registry.page("", 10) == ([], "")


def test_folder_without_a_model_is_400(registry: Registry, tmp_path: Path) -> None:
    """It says what is missing."""
    found = refused(400, Code.ARTIFACT_MISSING, lambda: registry.load("a", str(tmp_path)))
    assert "manifest.json is missing" in found.message


def test_model_beyond_the_budget_is_507(registry: Registry, folder: str, tmp_path: Path) -> None:
    """As many fit as the budget has room for; unloading one makes room for one."""
    size = size_of_one(registry, folder)
    small = Registry(tmp_path / "small", budget=3 * size - 1, tables_mb=1)
    small.load("a", folder)
    small.load("b", folder)
    found = refused(507, Code.OUT_OF_MEMORY, lambda: small.load("c", folder))
    assert "MiB are free" in found.message
    assert {each.name for each in small.page("", 10)[0]} == {"a", "b"}
    small.unload("a")
    small.load("c", folder)
    assert {each.name for each in small.page("", 10)[0]} == {"b", "c"}


def test_model_that_is_too_large_to_be_read_is_507(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files alone take more than there is: none of them is read."""
    monkeypatch.setattr(artifact, "load", None)
    none = Registry(tmp_path / "none", budget=100, tables_mb=1)
    refused(507, Code.OUT_OF_MEMORY, lambda: none.load("a", folder))


def test_tables_are_as_large_as_they_may_be(folder: str, tmp_path: Path) -> None:
    """The setting reaches the models."""
    settings = Settings(root=tmp_path, scratch=tmp_path, models_mb=3, tables_mb=7)
    of_settings = Registry.of(settings)
    assert (of_settings._budget, of_settings._tables_mb) == (3 << 20, 7)
    of_settings.load("a", folder)
    assert of_settings.path("a").parent == tmp_path / "models"


def test_budget_is_half_of_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the container's, where nothing is set."""
    monkeypatch.setattr(module, "memory_limit", lambda: 1000)
    assert Registry.of(Settings(scratch=tmp_path))._budget == 500


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), Code.OUT_OF_MEMORY),
        (OSError(errno.ENOSPC, "full"), Code.DISK_FULL),
        (OSError(errno.EDQUOT, "full"), Code.DISK_FULL),
    ],
)
def test_machine_that_is_full_is_507(
    registry: Registry, folder: str, error: Exception, code: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has been written goes again, and the next model can be loaded."""

    def fail(*arguments: object) -> None:
        assert isinstance(arguments[-1], Path)
        arguments[-1].write_bytes(b"half of it")
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(module, "write_shared", fail)
        refused(507, code, lambda: registry.load("a", folder))
        assert not list(registry.path("a").parent.glob("part*"))
    registry.load("a", folder)


def test_other_faults_are_told_as_they_are(
    registry: Registry, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are faults of ours: the log shall have them."""

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(module, "write_shared", fail)
    with pytest.raises(OSError, match="broken"):
        registry.load("a", folder)


def test_half_a_file_is_no_model(registry: Registry, folder: str, tmp_path: Path) -> None:
    """What a worker that was killed leaves behind neither counts nor blocks."""
    size = size_of_one(registry, folder)
    tight = Registry(tmp_path / "tight", budget=size, tables_mb=1)
    (tmp_path / "tight/part").write_bytes(bytes(10 * size))
    assert tight.page("", 10) == ([], "")
    tight.load("a", folder)
    assert not (tmp_path / "tight/part").exists()


def test_pages_hold_each_model_once(registry: Registry, folder: str) -> None:
    """Also while others come and go."""
    for number in range(7):
        registry.load(f"model {number}", folder)
    assert {each.name for page in _pages(registry, 3) for each in page} == {
        f"model {number}" for number in range(7)
    }
    assert [len(page) for page in _pages(registry, 3)] == [3, 3, 1]
    assert [len(page) for page in _pages(registry, 7)] == [7]
    first, token = registry.page("", 3)
    for each in first:
        registry.unload(each.name)
    rest, last = registry.page(token, 10)
    assert {each.name for each in (*first, *rest)} == {f"model {number}" for number in range(7)}
    assert last == ""


def _pages(registry: Registry, limit: int) -> Iterator[list[Description]]:
    page, token = registry.page("", limit)
    yield page
    while token:
        page, token = registry.page(token, limit)
        yield page


def test_model_unloaded_while_it_is_listed_is_left_out(
    registry: Registry, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are listed."""
    for name in ("a", "b"):
        registry.load(name, folder)

    def unload_first(path: Path) -> Description:
        registry.path("a").unlink(missing_ok=True)
        return read_description(path)

    monkeypatch.setattr(module, "read_description", unload_first)
    assert [each.name for each in registry.page("", 10)[0]] == ["b"]


def _replace_by_a_link(folder: Path) -> None:
    folder.rename(folder.with_name("others"))
    folder.symlink_to("others")


def test_model_without_scores_is_400(registry: Registry, tmp_path: Path) -> None:
    """Its files are sound, its numbers are not."""
    weights = {name: np.full_like(each, 3e38) for name, each in random_artifact().weights.items()}
    artifact.save(replace(random_artifact(), weights=weights), tmp_path / "huge")
    with np.errstate(all="ignore"):
        load = partial(registry.load, "a", str(tmp_path / "huge"))
        assert "no scores" in refused(400, Code.ARTIFACT_CORRUPT, load).message
    assert registry.page("", 9) == ([], "")


def test_model_larger_than_the_memory_is_507(
    registry: Registry, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one is that does not fit beside the others."""
    monkeypatch.setattr(model_files, "memory_limit", lambda: 10)
    refused(507, Code.OUT_OF_MEMORY, lambda: registry.load("a", folder))


@pytest.mark.parametrize("spoil", [lambda path: path.chmod(0o770), _replace_by_a_link])
def test_folder_that_is_open_to_others_is_not_trusted(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    """What lies there is unpickled, so nobody else may put anything there."""
    folder = tmp_path / "models"
    folder.mkdir(mode=0o700)
    spoil(folder)
    with pytest.raises(ResourceError, match="open to other users"):
        Registry(folder, budget=1, tables_mb=1)
