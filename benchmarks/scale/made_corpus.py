"""A corpus of any size, made from a seed: what the benchmarks of large jobs train on.

Words are drawn as often as in natural text (Zipf's law). A class has words of its own, and phrases
whose words are common ones that tell of it only side by side; some labels are wrong. Documents
are made block by block, each block from the seed and its own number alone: so the first documents
of a large corpus are those of a small one, and test documents are in none of them.
"""

import csv
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np
import numpy.typing as npt

SEED = 2026
BLOCK = 1_000
# Blocks of test documents are numbered from here on.
FIRST_TEST_BLOCK = 1 << 20
WORDS = 200_000
TOPIC_WORDS, PHRASES, PHRASE_LENGTH = 600, 100, 3
MEAN_LENGTH = 133
# Of 1,000 places so many begin a phrase of the class, and so many hold a word of a topic: mostly of
# the class's own, else of the topic of the next class, which is the harder to tell from it, or any.
PHRASE_SHARE, TOPIC_SHARE = 6, 180
NEXT_TOPIC, ANY_TOPIC = 0.35, 0.25
WRONG_LABELS = 0.02
QUOTED_END = ', "so it said"'
CONSONANTS, VOWELS = "bcdfghjklmnprstvz", "aeiou"

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class MadeCorpus:
    """The words of a language and what its classes speak of."""

    classes: int = 20
    seed: int = SEED

    def write_channels(self, folder: Path, documents: int, test_documents: int) -> Path:
        """Write the channels training and test below a folder, a file each; return it."""
        self.write(folder / "training", documents)
        self.write(folder / "test", test_documents, test=True)
        return folder

    def write(
        self,
        folder: Path,
        documents: int,
        *,
        files: int = 1,
        test: bool = False,
        packed: bool = False,
    ) -> int:
        """Write the columns label and text into CSV files in a folder, which is made.

        packed: by gzip. Returns the bytes of all texts.
        """
        folder.mkdir(parents=True)
        rows, size = self.documents(documents, test=test), 0
        for number in range(files):
            first, last = (documents * part // files for part in (number, number + 1))
            with _text_file(folder / f"part-{number:05}.csv", packed=packed) as file:
                writer = csv.writer(file)
                writer.writerow(("label", "text"))
                for label, text in islice(rows, last - first):
                    size += len(text)
                    writer.writerow((label, text))
        return size

    def documents(self, count: int, *, test: bool = False) -> Iterator[tuple[str, str]]:
        """Yield labels with texts in lower case; every third has what CSV must quote."""
        first = FIRST_TEST_BLOCK if test else 0
        for block in range(-(-count // BLOCK)):
            left = count - block * BLOCK
            yield from self._block(first + block, min(left, BLOCK))

    def _block(self, number: int, count: int) -> Iterator[tuple[str, str]]:
        generator = np.random.default_rng((self.seed, self.classes, number))
        about = generator.integers(0, self.classes, BLOCK)
        told = np.where(
            generator.random(BLOCK) < WRONG_LABELS,
            generator.integers(0, self.classes, BLOCK),
            about,
        )
        lengths = np.clip(generator.gamma(3, MEAN_LENGTH / 3, BLOCK), 5, 2000).astype(np.int64)
        ranks = self._ranks(generator, lengths, about)
        ends = np.cumsum(lengths)
        for index in range(count):
            chosen = ranks[ends[index] - lengths[index] : ends[index]]
            text = " ".join([self.words[rank] for rank in chosen.tolist()])
            yield f"class{told[index]}", text + ("" if index % 3 else QUOTED_END)

    def _ranks(self, generator: np.random.Generator, lengths: Numbers, about: Numbers) -> Numbers:
        """Return the ranks of all words of a block: int64 [words]."""
        total = int(lengths.sum())
        ranks = np.searchsorted(self._cumulated, generator.random(total)).astype(np.int64)
        class_of = np.repeat(about, lengths)
        kind = generator.integers(0, 1000, total)
        topical = np.flatnonzero(kind < TOPIC_SHARE)
        # The first words of a topic are the most frequent, as in the language.
        own = (TOPIC_WORDS * generator.random(len(topical)) ** 2).astype(np.int64)
        drawn = generator.random(len(topical))
        of = class_of[topical] + (drawn < NEXT_TOPIC)
        of += (drawn > 1 - ANY_TOPIC) * generator.integers(0, self.classes, len(topical))
        ranks[topical] = self._topics[of % self.classes, own]
        begun = np.flatnonzero(kind >= 1000 - PHRASE_SHARE)
        begun = begun[begun < total - PHRASE_LENGTH]
        phrase = generator.integers(0, PHRASES, len(begun))
        for place in range(PHRASE_LENGTH):
            ranks[begun + place] = self._phrases[class_of[begun], phrase, place]
        return ranks

    @cached_property
    def words(self) -> Sequence[str]:
        """The words, the most frequent first, which is the shortest."""
        return [_word(rank) for rank in range(WORDS)]

    @cached_property
    def _cumulated(self) -> npt.NDArray[np.float64]:
        frequencies = 1 / (np.arange(WORDS) + 2.7)
        return np.cumsum(frequencies / frequencies.sum())

    @cached_property
    def _topics(self) -> Numbers:
        """The words of each class's topic: int64 [classes, words]; classes may share some."""
        generator = np.random.default_rng((self.seed, self.classes, 1))
        return generator.integers(200, 30_000, (self.classes, TOPIC_WORDS))

    @cached_property
    def _phrases(self) -> Numbers:
        """The phrases of each class, of frequent words: int64 [classes, phrases, length]."""
        generator = np.random.default_rng((self.seed, self.classes, 2))
        return generator.integers(20, 1000, (self.classes, PHRASES, PHRASE_LENGTH))


def _text_file(path: Path, *, packed: bool) -> TextIO:
    if packed:
        return gzip.open(f"{path}.gz", "wt", compresslevel=6, encoding="ascii", newline="")
    return path.open("w", encoding="ascii", newline="")


def _word(rank: int) -> str:
    """Return the word of a rank: syllables, as the digits of a number.

    >>> _word(0), _word(84), _word(85)
    ('ba', 'zu', 'baba')
    """
    syllables, size = "", len(CONSONANTS) * len(VOWELS)
    while rank >= 0:
        rank, digit = divmod(rank, size)
        syllables = CONSONANTS[digit // len(VOWELS)] + VOWELS[digit % len(VOWELS)] + syllables
        rank -= 1
    return syllables
