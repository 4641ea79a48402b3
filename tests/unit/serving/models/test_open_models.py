"""serving/models/open_models.py: what one worker has mapped."""

import errno
from functools import partial
from pathlib import Path

import pytest

from tests.support.waiting import wait_until
from tests.unit.helpers import random_artifact
from tests.unit.serving.models.test_shared_file import mapped
from text_classification import artifact
from text_classification.errors import Code, RequestError
from text_classification.serving.models import open_models as module
from text_classification.serving.models.model_registry import Registry
from text_classification.serving.models.open_models import OpenModels


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """A registry of the models a and b; b has other labels."""
    artifact.save(random_artifact(), tmp_path / "a")
    artifact.save(random_artifact(labels=("yes", "no")), tmp_path / "b")
    found = Registry(tmp_path / "models", budget=1 << 30, tables_mb=1)
    for name in ("a", "b"):
        found.load(name, str(tmp_path / name))
    return found


def status_of(models: OpenModels, name: str) -> tuple[int, Code]:
    """Return why a model cannot be asked."""
    with pytest.raises(RequestError) as raised:
        models.classifier(name)
    return raised.value.status, raised.value.code


def test_file_is_mapped_once(registry: Registry) -> None:
    """The next request gets the same classifier."""
    models = OpenModels(registry)
    first = models.classifier("a")
    assert models.classifier("b").labels == ("yes", "no")
    assert models.classifier("a") is first


def test_unloaded_model_is_404_at_once(registry: Registry) -> None:
    """In workers that had it open, and in those that had not; what is under way goes on."""
    workers = [OpenModels(registry), OpenModels(registry)]
    held = workers[0].classifier("a")
    registry.unload("a")
    for each in workers:
        assert status_of(each, "a") == (404, Code.MODEL_NOT_LOADED)
    assert len(held.classify(["good"])) == 1


def test_model_loaded_anew_is_the_new_one(registry: Registry, tmp_path: Path) -> None:
    """Under the name of another."""
    models = OpenModels(registry)
    assert len(models.classifier("a").labels) == 3
    registry.unload("a")
    registry.load("a", str(tmp_path / "b"))
    assert models.classifier("a").labels == ("yes", "no")


def test_memory_of_unloaded_models_is_given_back(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a worker that nobody asks any more; it goes on looking as long as anything is open."""
    monkeypatch.setattr(module, "WATCH_SECONDS", 0.01)
    models = OpenModels(registry)
    for name in ("a", "b"):
        models.classifier(name)
        registry.path(name).unlink()
        wait_until(partial(_let_go, registry.path(name)))
    wait_until(lambda: not models._watched)


def _let_go(path: Path) -> bool:
    return not mapped(path)


def test_few_are_kept_open(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that was not asked for longest is let go, and mapped again when it is."""
    monkeypatch.setattr(module, "MOST", 1)
    models = OpenModels(registry)
    models.classifier("a")
    models.classifier("b")
    assert not mapped(registry.path("a"))
    assert len(models.classifier("a").labels) == 3
    assert not mapped(registry.path("b"))


@pytest.mark.parametrize("error", [MemoryError(), OSError(errno.ENOMEM, "no memory")])
def test_model_that_cannot_be_mapped_is_507(
    registry: Registry, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform then unloads others."""

    def fail(_: Path) -> None:
        raise error

    monkeypatch.setattr(module, "open_shared", fail)
    assert status_of(OpenModels(registry), "a") == (507, Code.OUT_OF_MEMORY)
