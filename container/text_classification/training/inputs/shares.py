"""Channels of which each host has read a share, put together on every host.

The corpora are copied once, at a few bytes a token, rather than shared out for good: whatever
follows is then the same as on one host that has read the shares one after the other.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from text_classification.contract.channels import Channel
from text_classification.corpus.encoded import CHUNK_IDS
from text_classification.corpus.interning import CorpusWriter, Interner, LabelledCorpus, Part
from text_classification.corpus.readers.channel import check_count
from text_classification.kernels.arrays import Ids
from text_classification.training.hosts.group import HostGroup


@dataclass(frozen=True)
class Share:
    """What this host has read of a channel.

    tokens: those known behind this channel, one a line, in the order of their provisional ids.
    """

    channel: Channel
    corpus: LabelledCorpus
    tokens: bytes


def put_together(
    shares: Sequence[Share], interner: Interner, hosts: HostGroup, scratch: Path
) -> dict[str, LabelledCorpus]:
    """Return the whole corpora by the names of their channels, with ids of a fresh interner.

    A channel that all hosts have whole is taken from the first. scratch: where they are written.
    Raises ``DataError`` for a channel of which no host has a document.
    """
    found = {}
    for share in shares:
        name = share.channel.name
        with CorpusWriter(interner, scratch / f"{name}.whole.ids") as writer:
            for part in _parts(share, hosts, scratch / f"{name}.part.ids"):
                writer.merge(part)
            check_count(replace(share.channel, is_sharded=False), len(writer))
        found[name] = writer.corpus()
    return found


def _parts(share: Share, hosts: HostGroup, path: Path) -> Iterator[Part]:
    """Yield the part of a channel that each host has read, its ids in the file at ``path``."""
    own = share.corpus
    is_read_here = share.channel.is_sharded or hosts.is_first
    described = (
        json.dumps(own.names).encode(),
        own.labels.tobytes(),
        own.corpus.lengths.astype(np.int64).tobytes(),
        share.tokens,
    )
    told = [hosts.gather_bytes(each if is_read_here else b"") for each in described]
    for rank, (names, labels, lengths, tokens) in enumerate(zip(*told, strict=True)):
        counts = np.frombuffer(lengths, np.int64)
        _copy(own.corpus.ids if hosts.rank == rank else None, int(counts.sum()), hosts, path)
        yield Part(
            tuple(json.loads(names or b"[]")),
            np.frombuffer(labels, np.int32),
            counts,
            tokens,
            path,
        )
        path.unlink()


def _copy(ids: Ids | None, total: int, hosts: HostGroup, path: Path) -> None:
    """Write the ids that one host has into a file on every host."""
    with path.open("wb") as file:
        for start in range(0, total, CHUNK_IDS):
            block = np.zeros(min(CHUNK_IDS, total - start), np.int32)
            if ids is not None:
                block[:] = ids[start : start + len(block)]
            hosts.sum(block).tofile(file)
