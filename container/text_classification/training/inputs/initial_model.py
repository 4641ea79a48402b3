"""What training starts from besides chance: an earlier model, pretrained vectors of tokens."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path

import numpy as np

from text_classification.artifact import Artifact
from text_classification.cnn.base_configuration import Configuration, Weights
from text_classification.cnn.initial_weights import EMBEDDING_RANGE, initial_weights
from text_classification.contract.channels import Channels
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.corpus.label import shown
from text_classification.corpus.pretrained_vectors import EnglishVectors
from text_classification.corpus.tokenizer import recorded_name
from text_classification.corpus.vector_coverage import Coverage
from text_classification.corpus.vectors import VectorFile, Vectors, find_vectors
from text_classification.corpus.vocabulary import FIRST_TOKEN, PADDING, UNKNOWN, Vocabulary
from text_classification.errors import Code, ConfigurationError
from text_classification.kernels.arrays import Floats, Indices
from text_classification.training.hyperparameters.parse import resolve
from text_classification.training.inputs.earlier_model import of_the_same_shape, read_earlier_model

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class InitialModel:
    """Where a job starts; nothing given, from weights drawn by its seed.

    vectors: of the documents' tokens; source: where words that they lack have theirs, if anywhere;
    an earlier model's further words are not carried over but taken from there anew.
    """

    earlier: Artifact | None = None
    vectors: Vectors | None = None
    source: EnglishVectors | None = None

    @property
    def tokens(self) -> tuple[bytes, ...]:
        """The tokens that the vocabulary is to have in any case, by falling importance."""
        return self.earlier.vocabulary.tokens if self.earlier else ()

    def tokenizer(self, kind: str) -> str:
        """Return the name of the tokenizer of a kind: an earlier model keeps its version."""
        return self.earlier.tokenizer if self.earlier else recorded_name(kind)

    @property
    def digest(self) -> bytes:
        """A few bytes that differ where the start does."""
        digest = hashlib.sha256()
        for arrays in (self.earlier.weights if self.earlier else {}, self.vectors or {}):
            for name, array in arrays.items():
                digest.update(repr(name).encode() + array.tobytes())
        return digest.digest()

    def weights(
        self,
        configuration: Configuration,
        labels: Sequence[str],
        vocabulary: Vocabulary,
        seed: int,
    ) -> Weights | None:
        """Return the weights to start from; None where they are those that any engine starts from.

        configuration: of the same shape as the earlier model's, but for vocabulary and classes. A
        token's vector is the earlier model's, else the pretrained one, else drawn.
        """
        if self.earlier is None and self.vectors is None:
            return None
        weights = initial_weights(configuration, seed)
        if self.vectors is not None:
            _put_vectors(weights["embedding"], self.vectors, vocabulary)
        if self.earlier is not None:
            weights = _carried_over(self.earlier, weights, labels, vocabulary)
        return weights


@dataclass(frozen=True)
class InitialModelSource:
    """What a job starts from, before its documents are read.

    is_optional: whether the vectors are only taken where most words of the documents have one.
    """

    earlier: Artifact | None = None
    vectors: VectorFile | EnglishVectors | None = None
    is_optional: bool = False

    def start(self, tokens: Sequence[bytes], counts: Indices) -> InitialModel:
        """Return where to start with documents of these tokens; their vectors are read once.

        counts: int64 [tokens], how often each occurs in the documents to train on. Raises
        ``DataError`` for vectors that cannot be read, and for a file that has none for them.
        """
        if self.vectors is None:
            has_further = self.earlier is not None and self.earlier.further is not None
            return InitialModel(self.earlier, source=EnglishVectors() if has_further else None)
        vectors = self.vectors.read(tokens)
        coverage = Coverage.of(vectors, tokens, counts)
        log.info("%s: %s", self.vectors.where, coverage)
        source = self.vectors if isinstance(self.vectors, EnglishVectors) else None
        if coverage.is_enough:
            return InitialModel(self.earlier, vectors, source)
        if self.is_optional:
            log.info(
                "the vectors are not taken: the documents are not English; those of another "
                "language can be given in a channel named embeddings"
            )
            return InitialModel(self.earlier)
        log.warning("check that the vectors are of the documents' language, and cut as they are")
        return InitialModel(self.earlier, vectors, source)


RANDOM_WEIGHTS = InitialModelSource()


def read_initial_model(
    channels: Channels, hyperparameters: Hyperparameters, scratch: Path
) -> tuple[InitialModelSource, Hyperparameters]:
    """Return what the job starts from, and its hyperparameters as that decides them.

    Raises ``ConfigurationError`` where they do not fit together; ``scratch`` holds what is
    unpacked.
    """
    earlier: Artifact | None = None
    if channels.model:
        earlier = read_earlier_model(channels.model, scratch)
        hyperparameters = of_the_same_shape(hyperparameters, earlier)
    vectors = _vectors(channels, hyperparameters)
    if vectors:
        hyperparameters = _of_the_same_size(hyperparameters, vectors)
    elif earlier is None and _may_take_vectors(hyperparameters):
        return InitialModelSource(vectors=EnglishVectors(), is_optional=True), hyperparameters
    return InitialModelSource(earlier, vectors), hyperparameters


def with_vectors_settled(hyperparameters: Hyperparameters, start: InitialModel) -> Hyperparameters:
    """Return the hyperparameters once it is known whether ``auto`` takes the image's vectors.

    Warns where there are no vectors that it would be of use to keep for some epochs.
    """
    if hyperparameters.frozen_epochs and start.vectors is None and start.earlier is None:
        log.warning(
            "frozen_epochs is %d, and keeps vectors that were drawn at random: there are none from "
            "pretrained, a channel embeddings or a channel model",
            hyperparameters.frozen_epochs,
        )
    if hyperparameters.pretrained != "auto":
        return hyperparameters
    if start.vectors is None or "embedding_size" in hyperparameters.asked:
        return hyperparameters
    return resolve({**hyperparameters.asked, "embedding_size": EnglishVectors.size})


def _vectors(
    channels: Channels, hyperparameters: Hyperparameters
) -> VectorFile | EnglishVectors | None:
    """Return the vectors that the job was given or asked for by name."""
    is_english = hyperparameters.pretrained == "english"
    if not channels.embeddings:
        return EnglishVectors() if is_english else None
    if is_english:
        raise ConfigurationError(
            Code.HYPERPARAMETER_INVALID,
            "pretrained is english, and there is a channel embeddings with other vectors",
            remedy="Leave out one of them.",
        )
    return find_vectors(channels.embeddings)


def _may_take_vectors(hyperparameters: Hyperparameters) -> bool:
    """Tell whether nothing that was asked for keeps ``auto`` from vectors of their size."""
    return (
        hyperparameters.pretrained == "auto"
        and hyperparameters.asked.get("embedding_size", EnglishVectors.size) == EnglishVectors.size
        and "embedding_size" not in hyperparameters.search_space
    )


def _of_the_same_size(
    hyperparameters: Hyperparameters, vectors: VectorFile | EnglishVectors
) -> Hyperparameters:
    asked = hyperparameters.asked
    if asked.get("embedding_size", vectors.size) != vectors.size:
        raise ConfigurationError(
            Code.HYPERPARAMETER_INVALID,
            f"the vectors have {vectors.size} numbers and embedding_size is "
            f"{hyperparameters.embedding_size}",
            where=vectors.where,
            remedy="Leave embedding_size out to take that of the vectors.",
        )
    return resolve({**asked, "embedding_size": vectors.size})


def _put_vectors(embedding: Floats, vectors: Vectors, vocabulary: Vocabulary) -> None:
    """Give tokens their pretrained vectors, and all others the same variance, as Kim 2014 does."""
    known = [token in vectors for token in vocabulary.tokens]
    if not any(known):
        return
    rows = np.stack([vectors[token] for token in compress(vocabulary.tokens, known)])
    embedding *= np.sqrt(3 * rows.var()) / EMBEDDING_RANGE  # a uniform range is sqrt(3) deviations
    # Each of several networks side by side has them.
    embedding[FIRST_TOKEN:][known] = np.tile(rows, embedding.shape[1] // rows.shape[1])


def _carried_over(
    earlier: Artifact, fresh: Weights, labels: Sequence[str], vocabulary: Vocabulary
) -> Weights:
    """Return the earlier model's weights, with fresh ones for tokens and labels new to it.

    They are taken as they are served, calibrated: the temperature stays in the last layer, since
    validation found those the better probabilities.
    """
    weights = {**fresh, **earlier.weights}
    _tell_labels(earlier.labels, labels)
    to, at = _shared(_ids(vocabulary), _ids(earlier.vocabulary))
    log.info(
        "%d ids of tokens go on from the model, %d are new", len(to), len(vocabulary) - len(to)
    )
    weights["embedding"] = fresh["embedding"]
    weights["embedding"][to] = earlier.weights["embedding"][at]
    to, at = _shared(labels, earlier.labels)
    for name in ("dense.kernel", "dense.bias"):
        weights[name] = fresh[name]
        weights[name][..., to] = earlier.weights[name][..., at]
    return weights


def _ids(vocabulary: Vocabulary) -> tuple[object, ...]:
    """Return what stands for each id: padding and unknown are the same in all vocabularies."""
    return (PADDING, UNKNOWN, *vocabulary.tokens)


def _shared(names: Sequence[object], others: Sequence[object]) -> tuple[Indices, Indices]:
    """Return where the names that both have lie in each: int64 [shared] twice."""
    places = {name: place for place, name in enumerate(others)}
    pairs = [(place, places[name]) for place, name in enumerate(names) if name in places]
    to, at = np.array(pairs, np.int64).reshape(-1, 2).T
    return to, at


def _tell_labels(before: Sequence[str], after: Sequence[str]) -> None:
    for names, fate in (
        (set(after) - set(before), "new to the model, and start from chance"),
        (set(before) - set(after), "without a training document, and are dropped"),
    ):
        if names:
            log.warning("%d labels are %s: %s", len(names), fate, shown(sorted(names)))
