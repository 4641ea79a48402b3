"""Classify texts with a trained model, as its Keras definition would, without Keras."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from text_classification.artifact import Artifact
from text_classification.contract.limits import TABLES_MB
from text_classification.contract.processors import processor_count
from text_classification.corpus.tokenizer import TOKENIZERS
from text_classification.inference.network import create_network
from text_classification.kernels.arrays import Floats, Indices
from text_classification.kernels.parallel import each_part
from text_classification.kernels.tokens import EncodedDocuments

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
        self, artifact: Artifact, *, tables_mb: int = TABLES_MB, threads: int | None = None
    ) -> None:
        self.labels = artifact.labels
        self._threads = threads or processor_count()
        self._tokenize = TOKENIZERS[artifact.tokenizer]
        self._vocabulary = artifact.vocabulary
        self._network = create_network(artifact, tables_mb=tables_mb)

    def classify(self, texts: Sequence[str]) -> Scores:
        """Return the scores of all texts, in order; many texts share all processors."""
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

    def explain(self, text: str, label: str) -> Attribution:
        """Return what each token of a text adds to the logit of a class.

        Raises ``ValueError`` where the model has no such label.
        """
        encoded = self._encode([text])
        values, constant = self._network.contributions(encoded.ids, self.labels.index(label))
        longest = self._network.longest
        tokens = self._tokenize(text).split(maxsplit=longest)[:longest]
        return Attribution(
            label,
            tuple(token.decode("utf-8", "replace") for token in tokens),
            values[: len(tokens)],
            constant + float(values[len(tokens) :].sum()),  # padding is no token of the text
        )

    def _classify(self, texts: Sequence[str]) -> Scores:
        """Return the scores of texts, in this thread and at once."""
        encoded = self._encode(texts)
        probabilities = self._network.probabilities(encoded.ids, encoded.offsets)
        return Scores(probabilities, encoded.tokens, encoded.unknown_tokens)

    def _encode(self, texts: Sequence[str]) -> EncodedDocuments:
        documents = [self._tokenize(text) for text in texts]
        network = self._network
        return self._vocabulary.encode(documents, longest=network.longest, padding=network.padding)


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
