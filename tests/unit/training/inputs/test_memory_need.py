"""training/inputs/memory_need.py."""

from pathlib import Path

import pytest

from text_classification.contract.channels import Channel, Channels
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.training.inputs import memory_need
from text_classification.training.inputs.memory_need import (
    NEEDS,
    UNPACKED,
    MemoryNeed,
    _bytes_of,
    warn_of_memory,
)


@pytest.mark.parametrize("suffix", [".gzip", ".zstd", ".sz", ".parquet", ".GZ"])
def test_every_suffix_of_a_packed_file_counts_as_packed(tmp_path: Path, suffix: str) -> None:
    """Those that the readers know, and Parquet, which packs its columns itself."""
    path = tmp_path / f"a{suffix}"
    path.write_bytes(bytes(10))
    assert _bytes_of(path) == 10 * UNPACKED


@pytest.fixture
def channels(tmp_path: Path) -> Channels:
    """A channel with a mebibyte of documents, and one with half of it, packed."""
    for name, file, size in (("training", "a/a.csv", 1 << 20), ("test", "a.csv.gz", 1 << 17)):
        path = tmp_path / name / file
        path.parent.mkdir(parents=True)
        path.write_bytes(bytes(size))
    training, test = (Channel(name, tmp_path / name) for name in ("training", "test"))
    return Channels(training, None, test)


@pytest.mark.parametrize("kind", NEEDS)
def test_documents_too_large_for_the_container_are_told(
    channels: Channels,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    """With what they have, what training takes and what there is; else nothing is said."""
    parameters = Hyperparameters(recipe=kind, ngrams=kind == "wide")
    needed = NEEDS[kind].bytes((1 << 20) + (1 << 19))
    monkeypatch.setattr(memory_need, "memory_limit", lambda: needed)
    warn_of_memory(channels, parameters)
    assert not caplog.text
    monkeypatch.setattr(memory_need, "memory_limit", lambda: needed - 1)
    warn_of_memory(channels, parameters)
    assert f"about 1 MiB, for which training takes some {needed >> 20} MiB" in caplog.text
    assert "137" in caplog.text


def test_what_is_not_read_takes_no_memory(
    channels: Channels, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Hidden files."""
    folder = channels.training.folder
    for path in (folder / ".git/pack", folder / "_SUCCESS"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(bytes(1 << 20))
    needed = NEEDS["kim"].bytes((1 << 20) + (1 << 19))
    monkeypatch.setattr(memory_need, "memory_limit", lambda: needed)
    warn_of_memory(channels, Hyperparameters(recipe="kim"))
    assert not caplog.text


def test_what_has_a_size_at_most_grows_no_further() -> None:
    """A vocabulary, or n-grams; the rest grows with the documents."""
    need = MemoryNeed(100, 1.5, growing=10, at_most=50)
    assert [need.bytes(size) for size in (0, 2, 5, 10)] == [100, 123, 157, 165]
