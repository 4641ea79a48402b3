"""Folders and files that are named as the parts of a split are."""

import logging
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from text_classification.contract.channels import Channel
from text_classification.contract.column_names import LABEL_NAMES, plain
from text_classification.corpus.label import shown
from text_classification.corpus.readers.source import Source

_SPLITS = frozenset({"train", "training", "valid", "validation", "val", "dev", "test"})
_WORD = re.compile("[a-z]+")


def is_split(folder: str) -> bool:
    """Tell whether a folder is named as a part of a split is; classes have other names.

    >>> is_split("Train"), is_split("split=test"), is_split("BILL")
    (True, True, False)
    """
    return folder.casefold().rpartition("=")[2] in _SPLITS


def warn_of_split(sources: Sequence[Source], channel: Channel, log: logging.Logger) -> None:
    """Warn where one channel holds several parts of a split, all of which are its documents."""
    names = (name for source in sources for name in _names(source, channel.folder))
    words = (_WORD.match(name.casefold()) for name in names)
    parts = sorted(_SPLITS.intersection(word[0] for word in words if word))
    if len(parts) > 1:
        log.warning(
            "%s: by their names, its files or folders are %s; all of them are documents of this "
            "channel: give each part as a channel of its own",
            channel.name,
            shown(parts),
        )


def _names(source: Source, folder: Path) -> Iterator[str]:
    """Yield the names of a file and its folders; of ``split=train``, as Hive has it, the value.

    What is the label of its documents is no part of a split.
    """
    labels = {plain(source.reading.columns.label), *LABEL_NAMES} - {""}
    for part in source.path.relative_to(folder).parts:
        field, _, value = part.rpartition("=")
        if plain(field) not in labels:
            yield value
