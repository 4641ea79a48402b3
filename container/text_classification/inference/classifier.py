"""Classify texts with a trained model, as its Keras definition would, without Keras."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from text_classification.artifact import Artifact
from text_classification.contract.column_names import plain
from text_classification.contract.limits import TABLES_MB
from text_classification.corpus.tokenizer import TOKENIZERS
from text_classification.errors import ArtifactError, Code
from text_classification.inference.served_network import create_network
from text_classification.kernels.arrays import Floats, Indices
from text_classification.kernels.convolution import softmax
from text_classification.kernels.ngram_reference import contributions
from text_classification.kernels.parallel import each_part
from text_classification.kernels.token_ids import EncodedDocuments
from text_classification.machine.processors import processor_count

# Characters classified at a time: bounds the memory, and keeps what is at hand in the caches.
SLICE_CHARACTERS = 1 << 18
# Documents that are worth a thread of their own.
DOCUMENTS_A_THREAD = 32


@dataclass(frozen=True)
class Scores:
    """What the model makes of some documents, and how much of each it knows.

    probabilities: float32 [documents, classes]; tokens, unknown_tokens: int64 [documents].
    """

    probabilities: Floats
    tokens: Indices
    unknown_tokens: Indices

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.tokens)


@dataclass(frozen=True)
class Attribution:
    """Why a document has the logit of a class: its tokens' numbers and the constant sum to it.

    tokens: those that the model reads, as the tokenizer cuts them; values: float64 [tokens].
    """

    label: str
    tokens: tuple[str, ...]
    values: npt.NDArray[np.float64]
    constant: float


class Classifier:
    """Answers from one artifact; it holds no state besides, so threads may share it."""

    def __init__(
        self,
        artifact: Artifact,
        *,
        tables_mb: int = TABLES_MB,
        threads: int | None = None,
        description: Mapping[str, Any] | None = None,
    ) -> None:
        """Take the parts of an artifact.

        description: what is told of the model to callers, kept for them.
        """
        self.description = description or {}
        self.labels = artifact.labels
        # The score from which an answer is sure, where training found one.
        self.confidence_floor = artifact.confidence_floor
        self.text_names = _text_names(artifact.hyperparameters)
        self._threads = threads or processor_count()
        self._tokenize = TOKENIZERS[artifact.tokenizer]
        self._read = artifact.words
        self._network = create_network(artifact, tables_mb=tables_mb)
        self._ngrams = artifact.ngrams
        # N-grams may know words that the network does not.
        self._words = self._read
        if self._ngrams:
            self._words = artifact.vocabulary.followed_by(self._ngrams.further)
        self._no_bias = np.zeros(len(self.labels), np.float32)

    @property
    def longest(self) -> int:
        """The tokens of a document that the network reads; n-grams are counted in all of them."""
        return self._network.longest

    def classify(self, texts: Sequence[str]) -> Scores:
        """Return the scores of all texts, in order; many texts share all processors.

        Raises ``ArtifactError`` where the model's numbers are too large to give any.
        """
        if len(texts) == 1:  # most requests: nothing to share, nothing to put together
            return self._classify(texts)
        scores = Scores(
            np.empty((len(texts), len(self.labels)), np.float32),
            np.empty(len(texts), np.int64),
            np.empty(len(texts), np.int64),
        )

        def work(first: int, last: int) -> None:
            for part in _slices(texts, first, last):
                found = self._classify(texts[part])
                scores.probabilities[part] = found.probabilities
                scores.tokens[part] = found.tokens
                scores.unknown_tokens[part] = found.unknown_tokens

        threads = min(self._threads, max(1, -(-len(texts) // DOCUMENTS_A_THREAD)))
        each_part(work, len(texts), threads)
        return scores

    def token_count(self, text: str) -> int:
        """Return how many tokens a text has, whether the model knows and reads them or not."""
        return len(self._tokenize(text).split())

    def explain(self, text: str, label: str) -> Attribution:
        """Return what each token of a text adds to the logit of a class.

        Raises ``ValueError`` where the model has no such label, ``ArtifactError`` where its numbers
        are too large to be summed.
        """
        index = self.labels.index(label)
        document = self._tokenize(text)
        tokens = document.split()
        values, constant = self._network.contributions(self._encode([document]).ids, index)
        read = min(len(tokens), self._network.longest)
        constant += float(values[read:].sum())  # padding is no token of the text
        values = values[:read]
        if self._ngrams:
            ids = self._words.encode([document], longest=len(tokens) + 1).ids.tolist()
            added = contributions(self._ngrams, tokens, ids, index)
            added[:read] += values
            values = added
        _check_finite(float(values.sum()) + constant)
        shown = [token.decode("utf-8", "replace") for token in tokens[: len(values)]]
        return Attribution(label, tuple(shown), values, constant)

    def _classify(self, texts: Sequence[str]) -> Scores:
        """Return the scores of texts, in this thread and at once."""
        documents = [self._tokenize(text) for text in texts]
        encoded = self._encode(documents)
        probabilities = self._probabilities(documents, encoded)
        # The softmax divides a document's scores by their sum: none is a number, or all are.
        _check_finite(sum(probabilities[:, 0].tolist()))
        return Scores(probabilities, encoded.tokens, encoded.unknown_tokens)

    def _probabilities(self, documents: Sequence[bytes], encoded: EncodedDocuments) -> Floats:
        if self._ngrams is None:
            return self._network.probabilities(encoded.ids, encoded.offsets)
        logits = self._network.logits(encoded.ids, encoded.offsets)
        # All of their tokens, and no padding.
        longest = int(encoded.tokens.max(initial=0)) + 1
        whole = self._words.encode(documents, longest=longest)
        logits += self._ngrams.logits(documents, whole.ids, whole.offsets)
        return softmax(logits, self._no_bias)

    def _encode(self, documents: Sequence[bytes]) -> EncodedDocuments:
        network = self._network
        return self._read.encode(documents, longest=network.longest, padding=network.padding)


def _text_names(hyperparameters: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names that training was told for the text of documents, in their plain form.

    A number is none: documents that are to be classified have fewer columns.
    """
    column = hyperparameters.get("text_column")
    is_name = isinstance(column, str) and column and not column.isdecimal()
    return (plain(column),) if is_name else ()


def _check_finite(total: float) -> None:
    """Raise ``ArtifactError`` unless a sum is a number, as it is not if one of its parts is none.

    Weights are finite, but what is made of them is not where they are enormous.
    """
    if not math.isfinite(total):
        raise ArtifactError(
            Code.ARTIFACT_CORRUPT,
            "the model's weights are so large that a document has no scores",
            remedy="Train the model again.",
        )


def _slices(texts: Sequence[str], first: int, last: int) -> Iterator[slice]:
    """Cut ``texts[first:last]`` into slices of about ``SLICE_CHARACTERS``, a text at least."""
    start, characters = first, 0
    for index in range(first, last):
        characters += len(texts[index])
        if characters >= SLICE_CHARACTERS:
            yield slice(start, index + 1)
            start, characters = index + 1, 0
    if start < last:
        yield slice(start, last)
