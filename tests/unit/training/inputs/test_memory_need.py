"""training/inputs/memory_need.py."""

from pathlib import Path

import pytest

from text_classification.contract.channels import Channel, Channels
from text_classification.training.inputs import memory_need
from text_classification.training.inputs.memory_need import (
    UNPACKED,
    _bytes_of,
    needed_bytes,
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


@pytest.mark.parametrize("ngrams", [False, True])
def test_documents_too_large_for_the_container_are_told(
    channels: Channels,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    *,
    ngrams: bool,
) -> None:
    """With what they have, what training takes and what there is; else nothing is said."""
    needed = needed_bytes((1 << 20) + (1 << 19), ngrams=ngrams)
    monkeypatch.setattr(memory_need, "memory_limit", lambda: needed)
    warn_of_memory(channels, ngrams=ngrams)
    assert not caplog.text
    monkeypatch.setattr(memory_need, "memory_limit", lambda: needed - 1)
    warn_of_memory(channels, ngrams=ngrams)
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
    needed = needed_bytes((1 << 20) + (1 << 19), ngrams=False)
    monkeypatch.setattr(memory_need, "memory_limit", lambda: needed)
    warn_of_memory(channels, ngrams=False)
    assert not caplog.text
