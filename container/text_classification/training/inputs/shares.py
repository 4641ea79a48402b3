"""Channels of which each host has read a share, put together on every host.

The corpora are copied once, at a few bytes a token, rather than shared out for good, and their
files brought into order of their names: whatever follows is then the same as on one host that has
read them all.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path, PurePosixPath

import numpy as np

from text_classification.contract.channels import Channel
from text_classification.corpus.encoded import CHUNK_IDS, EncodedCorpus
from text_classification.corpus.interning import Interner, LabelledCorpus
from text_classification.corpus.readers.channel import check_count
from text_classification.kernels.arrays import Ids, Indices
from text_classification.training.hosts.group import HostGroup


@dataclass(frozen=True)
class Share:
    """What this host has read of a channel.

    tokens: those known behind this channel, one a line, in the order of their provisional ids.
    """

    channel: Channel
    corpus: LabelledCorpus
    tokens: bytes


@dataclass(frozen=True)
class _File:
    """A file that one host has read: its documents, and how many tokens the host knew after it."""

    name: PurePosixPath
    rank: int
    documents: slice
    known: int

    @property
    def place(self) -> tuple[PurePosixPath, int]:
        """Where it stands among the files of all hosts, as among those of one."""
        return self.name, self.rank


@dataclass(frozen=True)
class _Told:
    """What a host has told of its share; tokens: all that it knows, in the order of its ids."""

    files: list[_File]
    names: list[str]
    labels: Ids
    lengths: Indices
    tokens: list[bytes]


def put_together(
    shares: Sequence[Share], interner: Interner, hosts: HostGroup, scratch: Path
) -> dict[str, LabelledCorpus]:
    """Return the whole corpora by the names of their channels, with ids of a fresh interner.

    A channel that all hosts have whole is taken from the first. scratch: where they are written.
    Raises ``DataError`` for a channel of which no host has a document.
    """
    joining = _Joining(interner, hosts)
    return {
        share.channel.name: joining.join(share, scratch / f"{share.channel.name}.whole.ids")
        for share in shares
    }


class _Joining:
    """Puts channels together one after the other; numbers: the ids of each host's tokens so far."""

    def __init__(self, interner: Interner, hosts: HostGroup) -> None:
        self._interner = interner
        self._hosts = hosts
        self._numbers = [np.zeros(0, np.int32)] * hosts.size

    def join(self, share: Share, path: Path) -> LabelledCorpus:
        """Return the whole corpus of a channel, its ids at ``path``."""
        told = self._told(share)
        files = sorted((file for each in told for file in each.files), key=lambda file: file.place)
        for file in files:
            self._number(file, told[file.rank].tokens)
        names = sorted({name for each in told for name in each.names})
        places = {name: place for place, name in enumerate(names)}
        numbers = [np.array([places[name] for name in each.names], np.int32) for each in told]
        labels, lengths = [np.zeros(0, np.int32)], [np.zeros(0, np.int64)]
        for file in files:
            own = told[file.rank]
            labels.append(numbers[file.rank][own.labels[file.documents]])
            lengths.append(own.lengths[file.documents])
        check_count(replace(share.channel, is_sharded=False), sum(map(len, labels)))
        self._copy(share.corpus.corpus, files, [int(each.sum()) for each in lengths[1:]], path)
        offsets = np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int64)
        corpus = EncodedCorpus.map(path, offsets)
        return LabelledCorpus(corpus, np.concatenate(labels), tuple(names))

    def _told(self, share: Share) -> list[_Told]:
        """Return what each host has read of a channel: nothing where the first has it whole."""
        is_read_here = share.channel.is_sharded or self._hosts.is_first
        own = share.corpus
        described = (
            json.dumps([own.names, _noted(share)] if is_read_here else [[], []]).encode(),
            own.labels.tobytes() if is_read_here else b"",
            own.corpus.lengths.astype(np.int64).tobytes() if is_read_here else b"",
            share.tokens if is_read_here else b"",
        )
        gathered = [self._hosts.gather_bytes(each) for each in described]
        found = []
        for rank, (told, labels, lengths, tokens) in enumerate(zip(*gathered, strict=True)):
            names, noted = json.loads(told)
            files = [
                _File(PurePosixPath(name), rank, slice(first, last), known)
                for name, first, last, known in noted
            ]
            found.append(
                _Told(
                    files,
                    names,
                    np.frombuffer(labels, np.int32),
                    np.frombuffer(lengths, np.int64),
                    tokens.split(b"\n")[:-1],
                )
            )
        return found

    def _number(self, file: _File, tokens: list[bytes]) -> None:
        """Give the tokens that a host has first seen in a file the next ids, if they have none."""
        known = self._numbers[file.rank]
        new = tokens[len(known) : file.known]
        if new:
            ids = self._interner.number_lines(b"".join([token + b"\n" for token in new]))
            self._numbers[file.rank] = np.concatenate([known, ids])

    def _copy(
        self, own: EncodedCorpus, files: Sequence[_File], sizes: Sequence[int], path: Path
    ) -> None:
        """Write the ids of all files, of which each host has some, into one file on every host."""
        numbers, rank = self._numbers[self._hosts.rank], self._hosts.rank
        ends = np.cumsum(sizes, dtype=np.int64)
        total = int(ends[-1]) if len(ends) else 0
        with path.open("wb") as written:
            for start in range(0, total, CHUNK_IDS):
                block = np.zeros(min(CHUNK_IDS, total - start), np.int32)
                first = int(np.searchsorted(ends, start, side="right"))
                for file, end, size in zip(files[first:], ends[first:], sizes[first:], strict=True):
                    begin = int(end) - size
                    if begin >= start + len(block):
                        break
                    if file.rank == rank:
                        low, high = max(begin, start), min(int(end), start + len(block))
                        at = int(own.offsets[file.documents.start]) - begin
                        block[low - start : high - start] = numbers[own.ids[low + at : high + at]]
                self._hosts.sum(block).tofile(written)


def _noted(share: Share) -> list[tuple[str, int, int, int]]:
    """Return each file of a share, its first document, that behind its last, and the tokens known.

    A file that is not noted by name stands for all.
    """
    corpus = share.corpus.corpus
    files = share.corpus.files or ((share.channel.name, 0),)
    bounds = [*(first for _, first in files), len(corpus)]
    known, noted = 0, []
    for (name, _), (first, last) in zip(files, pairwise(bounds), strict=True):
        ids = corpus.ids[corpus.offsets[first] : corpus.offsets[last]]
        # Ids are given in order of appearance.
        known = max(known, int(ids.max(initial=-1)) + 1)
        noted.append((name, first, last, known))
    return noted
