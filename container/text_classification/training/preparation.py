"""From the channels to numbers: labels, split, vocabulary, the encoded corpora."""

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from text_classification.cnn.architectures import Configuration
from text_classification.contract.channels import Channel, Channels
from text_classification.contract.hyperparameters import Hyperparameters
from text_classification.contract.signals import StopRequest
from text_classification.corpus.interning import Interner, LabelledCorpus
from text_classification.corpus.readers.channel import Reading, read_channel
from text_classification.corpus.split import stratified_split
from text_classification.corpus.tokenizer import TOKENIZERS
from text_classification.corpus.vocabulary import Vocabulary
from text_classification.errors import Code, DataError
from text_classification.kernels.arrays import Ids, Indices
from text_classification.training.loop import Part
from text_classification.training.recipes import configure

SHOWN_LABELS = 10

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """Everything a model learns from."""

    configuration: Configuration
    labels: tuple[str, ...]
    vocabulary: Vocabulary
    training: Part
    validation: Part
    test: Part | None

    def __str__(self) -> str:
        """Return the line that the log shows."""
        return (
            f"{len(self.training)} documents to train on, {len(self.validation)} to validate on, "
            f"{len(self.labels)} labels, {len(self.vocabulary)} tokens, "
            f"sequence length {self.configuration.sequence_length}"
        )


def prepare(
    channels: Channels, hyperparameters: Hyperparameters, scratch: Path, stop: StopRequest
) -> Prepared:
    """Read every channel once, and return the parts in final ids; ``scratch`` holds the corpora.

    The vocabulary, the labels and the sequence length come from the training part alone.
    Raises ``DataError`` for documents that cannot be learned from, ``ConfigurationError`` for
    lengths that the recipe cannot read, ``Stopped`` on a stop request.
    """
    interner = Interner(TOKENIZERS[hyperparameters.tokenizer])
    reading = Reading.of(hyperparameters)

    def intern(channel: Channel) -> LabelledCorpus:
        documents = stop.checked(read_channel(channel, reading))
        return interner.intern(documents, scratch / f"{channel.name}.ids")

    corpus = intern(channels.training)
    names = tuple(sorted(corpus.names))
    numbers = _renumbered(corpus, names)
    _check_labels(names, np.bincount(numbers))
    everything = Part(corpus.corpus, np.arange(len(numbers)), numbers)
    others = {
        channel.name: _known(intern(channel), names, channel.name)
        for channel in (channels.validation, channels.test)
        if channel
    }
    if "validation" in others:
        training, validation = everything, others["validation"]
    else:
        training, validation = _split(everything, hyperparameters)
    vocabulary = interner.vocabulary(
        training.corpus,
        training.documents,
        max_tokens=hyperparameters.max_tokens,
        min_count=hyperparameters.min_count,
    )
    test = others.get("test")
    for part in (everything, *others.values()):
        interner.renumber(part.corpus, vocabulary)
    configuration = configure(
        hyperparameters,
        training.corpus.lengths[training.documents],
        vocabulary_size=len(vocabulary),
        classes=len(names),
    )
    return Prepared(configuration, names, vocabulary, training, validation, test)


def _renumbered(corpus: LabelledCorpus, names: tuple[str, ...]) -> Ids:
    """Return the label of each document as its place in ``names``, -1 where it is not there."""
    places = {name: place for place, name in enumerate(names)}
    return np.array([places.get(name, -1) for name in corpus.names], np.int32)[corpus.labels]


def _check_labels(names: tuple[str, ...], counts: Indices) -> None:
    if len(names) < 2:  # noqa: PLR2004 - a choice needs two
        raise DataError(
            Code.LABELS_INVALID,
            f"all {counts.sum()} training documents have the label '{names[0]}'",
            remedy="Give documents of at least two classes; check which column is the label.",
        )
    if len(names) == counts.sum():
        raise DataError(
            Code.LABELS_INVALID,
            f"each of the {len(names)} training documents has a label of its own",
            remedy="Check which column is the label: set label_column and text_column.",
        )
    alone = [name for name, count in zip(names, counts, strict=True) if count == 1]
    if alone:
        log.warning(
            "%d of %d classes have one document, which is trained on and cannot be validated: %s",
            len(alone),
            len(names),
            _shown(alone),
        )


def _known(corpus: LabelledCorpus, names: tuple[str, ...], channel: str) -> Part:
    """Return the documents whose label training knows; the others are told and left out."""
    labels = _renumbered(corpus, names)
    known = labels >= 0
    unknown = sorted(set(corpus.names) - set(names))
    if not known.any():
        raise DataError(
            Code.LABELS_INVALID,
            f"no document of the channel '{channel}' has a label that training knows",
            remedy=f"Its labels are {_shown(unknown)}; training has {_shown(list(names))}.",
        )
    if unknown:
        log.warning(
            "%d documents of '%s' are left out: the training documents have no label %s",
            int((~known).sum()),
            channel,
            _shown(unknown),
        )
    return Part(corpus.corpus, np.flatnonzero(known), labels[known])


def _split(everything: Part, hyperparameters: Hyperparameters) -> tuple[Part, Part]:
    def part(documents: Indices) -> Part:
        return Part(everything.corpus, documents, everything.labels[documents])

    training, validation = stratified_split(
        everything.labels, hyperparameters.validation_fraction, hyperparameters.seed
    )
    return part(training), part(validation)


def _shown(names: list[str]) -> str:
    shown = ", ".join(f"'{name:.80}'" for name in names[:SHOWN_LABELS])
    return shown if len(names) <= SHOWN_LABELS else f"{shown} and {len(names) - SHOWN_LABELS} more"
