"""Channels of which each host reads a share, on hosts that are threads of this process."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.unit.training.documents import ROWS
from tests.unit.training.hosts.groups import on_hosts
from text_classification.contract.channels import Channel, Channels
from text_classification.corpus.encoded import CHUNK_IDS
from text_classification.errors import Code, TextClassificationError
from text_classification.training.hosts.group import HostGroup
from text_classification.training.hyperparameters.parse import resolve
from text_classification.training.inputs.shares import put_together
from text_classification.training.inputs.training_documents import Documents, read_documents

Files = dict[str, Sequence[tuple[str, str]]]

# Each file has labels and words that those before it lack.
SHARES: Files = {
    "a.csv": ROWS[:7],
    "b/1.csv": [("odd", "neither nor"), *ROWS[7:20]],
    "b.csv": ROWS[20:41],
    "c.csv": [*ROWS[41:], ("odd", "neither this nor that")],
}
VALIDATION: Files = {"v.csv": [*ROWS[5:9], ("good", "words unseen so far")]}
CHOSEN = resolve({})


def _channel(folder: Path, name: str, files: Files, *, sharded: bool = False) -> Channel:
    path = folder / name
    path.mkdir(parents=True)
    for file, rows in files.items():
        (path / file).parent.mkdir(exist_ok=True)
        lines = [f"{label},{text}\n" for label, text in [("label", "text"), *rows]]
        (path / file).write_text("".join(lines))
    return Channel(name, path, is_sharded=sharded)


def _read(
    folder: Path, training: Files, validation: Files, group: HostGroup | None = None
) -> Documents:
    """Return what is read of a sharded training channel and one for validation that all have."""
    channels = Channels(
        _channel(folder, "training", training, sharded=group is not None),
        _channel(folder, "validation", validation),
        None,
    )
    return read_documents(channels, CHOSEN, folder, hosts=group)


def _content(documents: Documents) -> list[bytes]:
    arrays = [
        array.tobytes()
        for part in (documents.training, documents.validation)
        for array in ((*part.corpus.arrays, part.documents, part.labels) if part else ())
    ]
    return [*documents.tokens, *map(str.encode, documents.labels), *arrays]


@pytest.mark.parametrize("chunk", [5, CHUNK_IDS])
@pytest.mark.parametrize("hosts", [2, 3, 5])
def test_shares_together_are_what_one_host_would_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hosts: int, chunk: int
) -> None:
    """Labels, tokens, ids and offsets, however files are dealt; of five hosts one has no file."""
    monkeypatch.setattr(f"{put_together.__module__}.CHUNK_IDS", chunk)
    files = list(SHARES.items())
    dealt = [dict(files[rank::hosts]) for rank in range(hosts)]
    alone = _content(_read(tmp_path / "alone", SHARES, VALIDATION))

    def read(group: HostGroup) -> list[bytes]:
        folder = tmp_path / str(group.rank)
        return _content(_read(folder, dealt[group.rank], VALIDATION, group))

    assert on_hosts(hosts, read) == [alone] * hosts


def test_what_is_wrong_with_a_share_is_told_to_all(tmp_path: Path) -> None:
    """A bad row by its host; a channel of which nobody has anything by all."""

    def read(group: HostGroup) -> list[str]:
        codes: list[str] = []
        bad: Files = {"a.csv": [("", "no label")]} if group.rank else SHARES
        for name, files in (("bad", bad), ("empty", Files())):
            with pytest.raises(TextClassificationError) as caught:
                _read(tmp_path / f"{name}{group.rank}", files, VALIDATION, group)
            codes.append(caught.value.code)
        return codes

    first, second = on_hosts(2, read)
    assert first == [Code.HOST_FAILED, Code.CHANNEL_EMPTY]
    assert second == [Code.ROW_INVALID, Code.CHANNEL_EMPTY]
