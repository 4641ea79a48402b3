"""corpus/pretrained_vectors.py: the English vectors that the image has."""

from pathlib import Path

import numpy as np
import pytest

from text_classification.corpus import pretrained_vectors
from text_classification.corpus.packed_vectors import LARGEST, REACH
from text_classification.corpus.pretrained_vectors import EnglishVectors, pack
from text_classification.kernels.arrays import Floats


def likeness(one: Floats, other: Floats) -> float:
    """Return the cosine of two vectors."""
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_words_that_mean_alike_have_vectors_alike() -> None:
    """As in GloVe, though each number has 4 bits."""
    words = ("good", "great", "tuesday", "wednesday", "parliament")
    found = EnglishVectors().read([word.encode() for word in words])
    good, great, tuesday, wednesday, parliament = (found[word.encode()] for word in words)
    assert min(likeness(good, great), likeness(tuesday, wednesday)) > 0.6
    assert max(likeness(good, parliament), likeness(great, tuesday)) < 0.4


def test_words_as_our_tokenizers_cut_them_are_there() -> None:
    """Without apostrophes, which GloVe has as tokens of their own."""
    found = EnglishVectors().read([b"i", b"a", b"dont", b"doesn", b"youre", b"countrys", b"xqzt"])
    assert sorted(found) == [b"a", b"countrys", b"doesn", b"dont", b"i", b"youre"]
    assert all(row.dtype == np.float32 and row.shape == (100,) for row in found.values())
    np.testing.assert_array_equal(
        found[b"countrys"], EnglishVectors().read([b"country"])[b"country"]
    )


def test_no_token_has_no_vector() -> None:
    """None of another language, none at all."""
    assert EnglishVectors().read([]) == EnglishVectors().read(["東京".encode()]) == {}


def test_vectors_are_packed_within_half_a_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for the few numbers beyond two and a half deviations, which are cut there."""
    vectors = np.random.default_rng(1).normal(size=(50, 100)).astype(np.float32)
    pack(tmp_path / "packed.npz", [f"word{number}" for number in range(50)], vectors)
    monkeypatch.setattr(pretrained_vectors, "FILE", tmp_path / "packed.npz")
    found = np.array(
        list(EnglishVectors().read([b"word%d" % number for number in range(50)]).values())
    )
    reach = REACH * vectors.std(axis=1, keepdims=True)
    step = reach / LARGEST
    errors = np.abs(found - np.clip(vectors, -reach, reach))
    assert (errors <= 0.501 * step).all()
    assert np.abs(found).max() == pytest.approx(reach.max(), rel=0.2)
