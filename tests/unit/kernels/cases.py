"""Random arguments for the kernels, the same for the same seed."""

from collections.abc import Sequence

import numpy as np

from text_classification.kernels.arrays import Floats, Ids, Indices, Numbers, Rules
from text_classification.kernels.document_ngrams import Documents, Features, FeatureWeights
from text_classification.kernels.linear_svm import SvmSlice, rows
from text_classification.kernels.look_up import Cells, LookUp
from text_classification.kernels.ngram_reference import character_ngrams
from text_classification.kernels.ngrams import NgramTables, Rows
from text_classification.kernels.pair_index import PairIndex
from text_classification.kernels.token_ids import TokenIndex
from text_classification.kernels.token_table_reference import (
    ALONE,
    GAP,
    GONE,
    number_tokens,
)


class Case:
    """A random batch in training: any widths, filters, embedding size and lengths."""

    def __init__(self, seed: int) -> None:
        generator = np.random.default_rng(seed)
        self.widths = _widths(generator, 12)
        self.filters = int(generator.integers(1, 70))
        self.size = int(generator.integers(1, 70))
        self.distinct = int(generator.integers(1, 40))
        self.offsets = _offsets(generator, self.widths)
        self.positions: Ids = generator.integers(0, self.distinct, self.offsets[-1]).astype(
            np.int32
        )
        rows = sum(self.widths) * self.filters
        self.kernels: Floats = generator.normal(size=(rows, self.size)).astype(np.float32)
        self.embedded: Floats = generator.normal(size=(self.distinct, self.size)).astype(np.float32)
        shape = (len(self.offsets) - 1, len(self.widths) * self.filters)
        kept = generator.random(shape) < 0.5
        self.gradient: Floats = (generator.normal(size=shape) * kept).astype(np.float32)

    @property
    def projected(self) -> Floats:
        return self.embedded @ self.kernels.T

    @property
    def forward(self) -> tuple[Floats, Ids, Indices, tuple[int, ...], int]:
        """The arguments of ``pool_forward``."""
        return self.projected, self.positions, self.offsets, self.widths, self.filters


class LookUpCase:
    """A random batch in serving: any widths that C takes, some of the rows in the rest."""

    def __init__(self, seed: int, *, int8: bool) -> None:
        generator = np.random.default_rng(seed)
        # One case in four has more filters than C takes together, and no wide windows.
        many = generator.integers(4) == 0
        self.widths = _widths(generator, 8 if many else 64)
        self.filters = int(generator.integers(250, 600) if many else generator.integers(1, 70))
        rows, others = int(generator.integers(1, 30)), int(generator.integers(0, 10))
        self.offsets = _offsets(generator, self.widths)
        self.ids: Ids = generator.integers(0, rows + others, self.offsets[-1]).astype(np.int32)
        shape = rows + others, sum(self.widths) * self.filters
        cells: Cells
        if int8:
            # One case in four holds nothing but the numbers that make the largest sums.
            extreme = generator.choice(np.array([-127, 127], np.int8), shape)
            random = generator.integers(-127, 128, shape).astype(np.int8)
            cells = extreme if generator.integers(4) == 0 else random
        else:
            cells = generator.normal(size=shape).astype(np.float32)
        # Copies: a sanitizer then sees where each of them ends.
        self.table, self.rest = cells[:rows].copy(), cells[rows:].copy()
        features = len(self.widths) * self.filters
        self.scales: Floats = generator.uniform(0.5, 2, features).astype(np.float32)
        # As large as the sums, so that ReLU turns off some features and not others.
        size = 500 if int8 else 5
        self.biases: Floats = (generator.normal(size=features) * size).astype(np.float32)

        classes = int(generator.integers(1, 20))
        # Small enough for logits that the exponential function tells apart.
        reach = 1 / np.maximum(1, np.abs(self.biases).max() * features)
        self.dense: Floats = (generator.normal(size=(features, classes)) * reach).astype(np.float32)
        self.bias: Floats = generator.normal(size=classes).astype(np.float32)

    def look_up(self) -> LookUp:
        """Return the tables as they are served."""
        return LookUp(
            self.table, self.widths, self.scales, self.biases, dense=self.dense, bias=self.bias
        )

    @property
    def documents(self) -> tuple[Cells, Ids, Indices]:
        """The arguments of ``LookUp.features`` and ``LookUp.scores``."""
        return self.rest, self.ids, self.offsets

    @property
    def arguments(self) -> tuple[Cells, Cells, Ids, Indices, tuple[int, ...], Floats, Floats]:
        """The arguments of ``reference.look_up``."""
        return self.table, *self.documents, self.widths, self.scales, self.biases


def logits(seed: int) -> tuple[Floats, Floats]:
    """Return random logits, [documents, classes], and biases; some far beyond what exp takes."""
    generator = np.random.default_rng(seed)
    documents, classes = (int(number) for number in generator.integers((0, 1), (20, 60)))
    reach = 10.0 ** generator.integers(-3, 5)
    values: Floats = (generator.normal(size=(documents, classes)) * reach).astype(np.float32)
    return values, generator.normal(size=classes).astype(np.float32)


class TextCase:
    """A random vocabulary, and documents that hold its tokens and others."""

    def __init__(self, seed: int) -> None:
        generator = np.random.default_rng(seed)

        def token() -> bytes:
            # Any bytes but those that end a token; few kinds, so that many have equal prefixes.
            kinds = np.array([0, 9, 13, 65, 66, 195, 255], np.uint8)
            return generator.choice(kinds, int(generator.integers(1, 12))).tobytes()

        tokens = list(dict.fromkeys(token() for _ in range(generator.integers(0, 60))))
        self.lines = b"".join(each + b"\n" for each in tokens)
        words = [*tokens, *(token() for _ in range(5))]

        def document() -> bytes:
            chosen = generator.integers(0, len(words), generator.integers(0, 20))
            before, *behind = generator.integers(1, 3, 1 + len(chosen)).tolist()
            parts = zip(chosen, behind, strict=True)
            text = b"".join(words[index] + b" " * spaces for index, spaces in parts)
            return bytes(b" " * (before - 1) + text)

        self.documents = [document() for _ in range(generator.integers(0, 8))]
        self.longest, self.padding = (int(number) for number in generator.integers(1, 25, 2))


class TableCase:
    """Random rules for bytes, and documents to be cut by one or the other."""

    def __init__(self, seed: int) -> None:
        generator = np.random.default_rng(seed)
        kinds = np.array([ord("a"), ord("b"), 255, GAP, GONE, ALONE | ord("!")], np.uint16)
        self.rules: Rules = generator.choice(kinds, (2, 256))
        count = int(generator.integers(0, 6))
        # Some of more tokens than are looked up together.
        sizes = generator.integers(0, 400, count)
        self.documents = [
            generator.integers(0, 256, size).astype(np.uint8).tobytes() for size in sizes
        ]
        self.chosen: list[int] = generator.integers(0, 2, count).tolist()

    def expected(self) -> tuple[list[list[int]], dict[bytes, int]]:
        """Return the reference's numbers of each document, and the tokens that it has found."""
        known: dict[bytes, int] = {}
        return number_tokens(self.documents, self.chosen, self.rules, known), known


class NgramCase:
    """A random model of n-grams, and documents that hold its words and others."""

    def __init__(self, seed: int) -> None:
        generator = np.random.default_rng(seed)
        self.classes = int(generator.integers(1, 40))

        def token() -> bytes:
            # Characters of one, two and three bytes; few, so that many n-grams are known.
            letters = generator.choice(["a", "b", "<", "é", "字"], generator.integers(1, 9))
            return "".join(letters).encode()

        def rows(count: int) -> Rows:
            values = generator.normal(size=(count, self.classes)).astype(np.float32)
            return Rows(values, generator.random(count).astype(np.float32))

        tokens = list(dict.fromkeys(token() for _ in range(generator.integers(0, 30))))
        self.vocabulary = TokenIndex(b"".join(each + b"\n" for each in tokens))
        found = {ngram for each in tokens for ngram in character_ngrams(each)}
        known = [ngram for ngram in sorted(found) if generator.random() < 0.7]
        drawn = generator.integers(2, len(tokens) + 2, (30, 2)) if tokens else np.zeros((0, 2))
        pairs = np.unique(drawn.astype(np.int32), axis=0)
        self.tables = NgramTables(
            rows(len(tokens) + 2),
            pairs=pairs,
            pair_rows=rows(len(pairs)),
            lines=b"".join(each + b"\n" for each in known),
            character_rows=rows(len(known)),
            strange=float(generator.uniform(0.5, 5)),
        )
        words = [*tokens, *(token() for _ in range(5))]

        def document() -> bytes:
            chosen = generator.integers(0, len(words), generator.integers(0, 40))
            spaces = generator.integers(1, 3, len(chosen)).tolist()
            parts = zip(chosen, spaces, strict=True)
            return b"".join(words[index] + b" " * count for index, count in parts)

        self.documents = [document() for _ in range(generator.integers(0, 8))]

    @property
    def arguments(self) -> tuple[list[bytes], Ids, Indices]:
        """The arguments of ``NgramTables.logits``."""
        encoded = self.vocabulary.encode(self.documents, longest=1000, padding=0)
        return self.documents, encoded.ids, encoded.offsets


class SvmCase:
    """Random documents with sparse features, some of none, and labels in a slice or beside it."""

    def __init__(self, seed: int) -> None:
        generator = np.random.default_rng(seed)
        self.documents = int(generator.integers(0, 30))
        self.shape = int(generator.integers(1, 40)), int(generator.integers(1, 17))
        counts = generator.integers(0, min(self.shape[0], 12) + 1, self.documents)
        drawn = [generator.permutation(self.shape[0])[:count] for count in counts]
        self.offsets: Indices = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self.features: Ids = np.concatenate([*drawn, np.zeros(0)]).astype(np.int32)
        self.values: Floats = generator.normal(size=len(self.features)).astype(np.float32)
        labels = generator.integers(-1, self.shape[1] + 1, self.documents)
        self.labels: Ids = labels.astype(np.int32)
        scaled = generator.integers(2)
        self.scales: Floats | None = rows(*self.shape) if scaled else None
        if self.scales is not None:
            self.scales[:] = generator.uniform(0, 2, self.shape)

    def slice(self) -> SvmSlice:
        """Return the machines before the first step."""
        documents = self.values, self.features, self.offsets, self.labels
        return SvmSlice(*documents, self.shape, cost=1.0, scales=self.scales)

    def order(self, seed: int) -> Ids:
        """Return the documents in a random order."""
        return np.random.default_rng(seed).permutation(self.documents).astype(np.int32)


class DocumentCase:
    """A random corpus in token ids, of which some documents are read, and weights of n-grams."""

    def __init__(self, seed: int) -> None:
        generator = np.random.default_rng(seed)
        tokens, count = int(generator.integers(1, 20)), int(generator.integers(0, 12))
        # Some longer than a batch of the kernel.
        lengths = generator.integers(0, generator.choice([8, 200]), count)
        offsets: Indices = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        ids: Ids = generator.integers(0, tokens, offsets[-1]).astype(np.int32)
        chosen: Numbers = np.flatnonzero(generator.random(count) < 0.8).astype(np.uint32)
        # Some tokens are unknown; no two known ones have the same id.
        numbers: Ids = generator.permutation(np.arange(2, tokens + 2)).astype(np.int32)
        numbers[generator.random(tokens) < 0.3] = 1
        self.documents = Documents(ids, offsets, chosen, numbers)
        self.room = int(generator.choice([4, 40, 4000]))
        self.weights = self._weights(generator, numbers)

    def _weights(self, generator: np.random.Generator, numbers: Ids) -> FeatureWeights:
        tokens, characters = len(numbers), int(generator.integers(0, 6))
        drawn = generator.integers(2, tokens + 2, (30, 2)).astype(np.int32)
        index = PairIndex(np.unique(drawn, axis=0)[: int(generator.integers(0, 20))])
        counts = generator.integers(0, 3, tokens) if characters else np.zeros(tokens, int)
        spelled_offsets: Indices = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

        def weights(size: int) -> Floats:
            drawn: Floats = generator.uniform(0.1, 2, size).astype(np.float32)
            return drawn

        spelled: Ids = generator.integers(0, max(characters, 1), counts.sum()).astype(np.int32)
        return FeatureWeights(
            weights(tokens),
            weights(tokens),
            index,
            weights(len(index)),
            spelled_offsets,
            spelled,
            weights(len(spelled)),
            words=tokens + 2,
            characters=characters,
        )


def dense(features: Features, columns: int) -> Floats:
    """Return features as float32 [documents, columns]."""
    values, chosen, offsets = features
    found = np.zeros((len(offsets) - 1, columns), np.float32)
    for row in range(len(found)):
        own = slice(offsets[row], offsets[row + 1])
        assert len(set(chosen[own].tolist())) == len(chosen[own])
        found[row, chosen[own]] = values[own]
    return found


def _widths(generator: np.random.Generator, widest: int) -> tuple[int, ...]:
    count = generator.integers(1, 5)
    widths: list[int] = generator.choice(np.arange(1, widest + 1), count, replace=False).tolist()
    return tuple(widths)


def _offsets(generator: np.random.Generator, widths: Sequence[int]) -> Indices:
    lengths = max(widths) + generator.integers(0, 30, generator.integers(1, 9))
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
