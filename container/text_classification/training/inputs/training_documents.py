"""From the channels to numbers: labels, split, vocabulary, the encoded corpora."""

import logging
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from text_classification.cnn.architectures.recipes import configure
from text_classification.cnn.base_configuration import Configuration
from text_classification.contract.channels import Channel, Channels
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.corpus.encoded import EncodedCorpus
from text_classification.corpus.interning import Interner, LabelledCorpus
from text_classification.corpus.label import shown
from text_classification.corpus.numbering import number_tokens
from text_classification.corpus.parallel.channel import intern_channel
from text_classification.corpus.readers.channel import check_channel
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.split import stratified_split
from text_classification.corpus.tokenizer import TOKENIZERS
from text_classification.corpus.vocabulary import Vocabulary
from text_classification.errors import Code, DataError
from text_classification.kernels.arrays import Ids
from text_classification.machine.processors import processor_count
from text_classification.training.hosts.agreement import SAME_DATA, Digest
from text_classification.training.hosts.group import HostGroup, together
from text_classification.training.inputs.initial_model import (
    RANDOM_WEIGHTS,
    InitialModel,
    InitialModelSource,
)
from text_classification.training.inputs.label_checks import check_labels, check_texts
from text_classification.training.inputs.part import Part
from text_classification.training.inputs.sample import most_judged, sample
from text_classification.training.inputs.shares import Share, put_together

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainingData:
    """Everything a model learns from; validation: None where all documents are trained on.

    tokens: those of the provisional ids, in which the corpora are stored. beyond: tokens of the
    training documents that n-grams read and the network does not. hosts: those that train on the
    same documents, where this host is not alone.
    """

    tokens: tuple[bytes, ...]
    configuration: Configuration
    labels: tuple[str, ...]
    vocabulary: Vocabulary
    training: Part
    validation: Part | None
    test: Part | None
    start: InitialModel
    hosts: HostGroup | None = None
    beyond: tuple[bytes, ...] = ()

    @property
    def held_out(self) -> Part:
        """The documents that are validated on.

        Raises ``ValueError`` where all are trained on.
        """
        if self.validation is None:
            raise ValueError("no document was held out")
        return self.validation

    def __str__(self) -> str:
        """Return the line that the log shows."""
        held_out = len(self.validation) if self.validation else 0
        beyond = f" and {len(self.beyond)} of n-grams alone" if self.beyond else ""
        return (
            f"{len(self.training)} documents to train on, {held_out} to validate on, "
            f"{len(self.labels)} labels, {len(self.vocabulary)} tokens{beyond}, "
            f"sequence length {self.configuration.sequence_length}"
        )


@dataclass(frozen=True)
class Documents:
    """The documents of all channels, read once; from them any number of models can be prepared.

    The ids of their corpora are provisional, places in ``tokens``. corpus: that of the training
    documents; numbers: the label of each, int32 [documents]. hosts: see ``TrainingData``.
    """

    labels: tuple[str, ...]
    tokens: tuple[bytes, ...]
    corpus: EncodedCorpus
    numbers: Ids
    validation: Part | None
    test: Part | None
    start: InitialModel
    hosts: HostGroup | None = None

    @property
    def training(self) -> Part:
        """All training documents, made anew: few ask for them, and there may be many."""
        return Part.whole(self.corpus, self.numbers)

    def split(self, hyperparameters: Hyperparameters) -> tuple[Part, Part]:
        """Return what to train on and to validate on: a held-out part where no channel is it.

        Unless the user says how large it is, no more are held out than are answered.
        """
        whole = self.training
        if self.validation:
            return whole, self.validation
        fraction = hyperparameters.validation_fraction
        if "validation_fraction" not in hyperparameters.model_fields_set:
            fraction = min(fraction, most_judged(len(self.labels)) / len(whole))
        training, validation = stratified_split(self.numbers, fraction, hyperparameters.seed)
        return whole.chosen(training), whole.chosen(validation)

    def prepare(
        self, training: Part, validation: Part | None, hyperparameters: Hyperparameters
    ) -> TrainingData:
        """Return parts in final ids, ready for a model.

        The vocabulary and the sequence length come from the training part alone; an earlier
        model's tokens stay in the vocabulary, before all others. Of a large validation or test part
        a sample stands for it.
        Raises ``ConfigurationError`` for lengths that the recipe cannot read.
        """
        most, read = hyperparameters.max_tokens, self._most_read(hyperparameters)
        numbering = number_tokens(
            self.tokens,
            training.corpus,
            training.documents,
            max_tokens=read,
            min_count=hyperparameters.min_count,
            first=self.start.tokens,
            most_beyond=most - read if hyperparameters.ngrams else 0,
        )
        configuration = configure(
            hyperparameters,
            training.corpus.lengths[training.documents],
            vocabulary_size=len(numbering.vocabulary),
            classes=len(self.labels),
        )
        judged = partial(self._judged, numbers=numbering.numbers, seed=hyperparameters.seed)
        return TrainingData(
            self.tokens,
            configuration,
            self.labels,
            numbering.vocabulary,
            training.renumbered(numbering.numbers),
            validation and judged("validation", validation),
            self.test and judged("test", self.test),
            self.start,
            self.hosts,
            numbering.beyond,
        )

    def _most_read(self, hyperparameters: Hyperparameters) -> int:
        """Return how many tokens the network reads: those of an earlier model in any case."""
        most, read = hyperparameters.max_tokens, hyperparameters.network_tokens
        return min(max(read, len(self.start.tokens)), most) if read else most

    def shared_by(self, hosts: HostGroup) -> "Documents":
        """Return the same documents, to be trained on by hosts that all have them.

        Raises ``ConfigurationError`` where one has others.
        """
        hosts.agree({"documents": str(self._digest())}, SAME_DATA)
        hosts.start_training()
        return replace(self, hosts=hosts)

    def _digest(self) -> Digest:
        digest = Digest()
        for texts in (map(str.encode, self.labels), self.tokens):
            digest.add(b"\n".join(texts))
        for part in (self.training, self.validation, self.test):
            for array in (*part.corpus.arrays, part.documents, part.labels) if part else ():
                digest.add(array)
        digest.add(self.start.digest)
        return digest

    def _judged(self, name: str, part: Part, *, numbers: Ids, seed: int) -> Part:
        """Return the documents of a part that are answered, in final ids."""
        chosen = sample(part, most_judged(len(self.labels)), seed)
        if chosen is not part:
            log.info("%s: %d of %d documents, drawn by the seed", name, len(chosen), len(part))
        return chosen.renumbered(numbers)


def read_documents(
    channels: Channels,
    hyperparameters: Hyperparameters,
    scratch: Path,
    initial: InitialModelSource = RANDOM_WEIGHTS,
    hosts: HostGroup | None = None,
) -> Documents:
    """Read every channel once; ``scratch`` holds the corpora for as long as they are used.

    The labels come from the training channel alone. hosts: those that read at the same time; what
    each has a share of comes from all of them.
    Raises ``DataError`` for documents that cannot be learned from.
    """
    tokenizer = TOKENIZERS[InitialModel(initial.earlier).tokenizer(hyperparameters.tokenizer)]
    interner, reading = Interner(tokenizer), Reading.of(hyperparameters)
    read = [each for each in (channels.training, channels.validation, channels.test) if each]

    def intern(channel: Channel) -> LabelledCorpus:
        path = scratch / f"{channel.name}.ids"
        return intern_channel(channel, reading, interner, path, processor_count())

    whole: dict[str, LabelledCorpus] = {}
    with together(hosts):
        for each in read:
            check_channel(each, reading)
        is_shared = hosts is not None and any(each.is_sharded for each in read)
        shares = [Share(each, intern(each), interner.lines) for each in read if is_shared]
    if hosts and is_shared:
        interner = Interner(tokenizer)
        with hosts.uninterrupted():
            whole = put_together(shares, interner, hosts, scratch)
    with together(hosts):
        corpus = whole.get(channels.training.name) or intern(channels.training)
        names = tuple(sorted(corpus.names))
        numbers = _renumbered(corpus, names)
        check_labels(names, np.bincount(numbers))
        training = Part.whole(corpus.corpus, numbers)
        check_texts(training)
        validation, test = (
            _known(whole.get(channel.name) or intern(channel), names, channel.name)
            if channel
            else None
            for channel in (channels.validation, channels.test)
        )
        tokens = interner.tokens
        counts = training.corpus.token_counts(training.documents, len(tokens))
        start = initial.start(tokens, counts)
        return Documents(names, tokens, corpus.corpus, numbers, validation, test, start)


def _renumbered(corpus: LabelledCorpus, names: tuple[str, ...]) -> Ids:
    """Return the label of each document as its place in ``names``, -1 where it is not there."""
    places = {name: place for place, name in enumerate(names)}
    return np.array([places.get(name, -1) for name in corpus.names], np.int32)[corpus.labels]


def _known(corpus: LabelledCorpus, names: tuple[str, ...], channel: str) -> Part:
    """Return the documents whose label training knows; the others are told and left out."""
    labels = _renumbered(corpus, names)
    known = labels >= 0
    unknown = sorted(set(corpus.names) - set(names))
    if not known.any():
        raise DataError(
            Code.LABELS_INVALID,
            f"no document of the channel '{channel}' has a label that training knows",
            remedy=f"Its labels are {shown(unknown)}; training has {shown(list(names))}.",
        )
    if unknown:
        log.warning(
            "%d documents of '%s' are left out: the training documents have no label %s",
            int((~known).sum()),
            channel,
            shown(unknown),
        )
    return Part(corpus.corpus, np.flatnonzero(known).astype(np.uint32), labels)
