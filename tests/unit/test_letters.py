"""local_test/letters.py: the sample is the same everywhere, and neither trivial nor hopeless."""

import csv
import re
from pathlib import Path

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from letters import CATEGORIES, hashed, letters, main


def test_seed_decides_every_letter() -> None:
    """The same seed writes the same letters, another one others."""
    assert list(letters(50, seed=3)) == list(letters(50, seed=3))
    assert list(letters(50, seed=3)) != list(letters(50, seed=4))


@pytest.mark.parametrize("count", [28, 100, 400])
def test_every_category_is_written_twice_at_least(count: int) -> None:
    """All 14 categories can be trained on and validated, in samples of any size."""
    labels = [letter.label for letter in letters(count, seed=1)]
    assert len(labels) == count
    assert len(CATEGORIES) == 14
    assert all(labels.count(category) >= 2 for category in CATEGORIES)


def test_hashing_is_a_bijection_of_words() -> None:
    """Every word has 12 hexadecimal digits of its own, and the same ones everywhere."""
    pairs: set[tuple[str, str]] = set()
    for letter in letters(200, seed=1):
        words = re.findall(r"\w+", letter.text.lower())
        hashes = hashed(letter.text).split(" ")
        assert all(re.fullmatch("[0-9a-f]{12}", digits) for digits in hashes)
        pairs.update(zip(words, hashes, strict=True))
    assert len({word for word, _ in pairs}) == len({digits for _, digits in pairs}) == len(pairs)


def test_no_slot_is_left_open() -> None:
    """Every date, amount and telephone number is filled in."""
    assert not any(re.search(r"[{}]", letter.text) for letter in letters(300, seed=1))


@pytest.mark.parametrize("as_hashes", [False, True])
def test_channels_are_written(tmp_path: Path, *, as_hashes: bool) -> None:
    """Training and test hold the letters asked for: with a header, or hashed and without."""
    arguments = [str(tmp_path), "--training", "30", "--test", "28", "--seed", "5"]
    assert main(arguments + ["--hashed"] * as_hashes) == 0
    for channel, count, seed in (("training", 30, 5), ("test", 28, 6)):
        with (tmp_path / channel / "letters.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        expected = [[letter.label, letter.text] for letter in letters(count, seed)]
        if as_hashes:
            assert rows == [[label, hashed(text)] for label, text in expected]
        else:
            assert rows == [["label", "text"], *expected]


def test_counting_words_gets_most_but_not_all_letters_right() -> None:
    """A linear model on words and word pairs scores like on real mail: 0.84 to 0.94."""
    training, test = list(letters(1600, seed=2026)), list(letters(400, seed=2027))
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LinearSVC(random_state=0))
    model.fit([letter.text for letter in training], [letter.label for letter in training])
    accuracy = model.score([letter.text for letter in test], [letter.label for letter in test])
    assert 0.84 < accuracy < 0.94
