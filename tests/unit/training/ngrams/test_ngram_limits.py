"""training/ngrams/ngram_limits.py."""

import pytest

from text_classification.errors import Code, ResourceError
from text_classification.training.ngrams import ngram_limits as limits
from text_classification.training.ngrams.ngram_limits import (
    BYTES_A_NUMBER,
    BYTES_A_WEIGHT,
    FEWEST_OF_A_KIND,
    MOST_OF_A_KIND,
    MOST_WEIGHTS,
    ngram_limits,
)


@pytest.fixture
def _one_gibibyte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "free_memory", lambda: 1 << 30)


@pytest.mark.usefixtures("_one_gibibyte")
def test_nothing_is_left_out_where_there_is_room(caplog: pytest.LogCaptureFixture) -> None:
    """And nothing is said."""
    caplog.set_level("INFO")
    found = ngram_limits(words=10_000, classes=2)
    assert (found.of_a_kind, found.words) == (MOST_OF_A_KIND, 10_000)
    assert not caplog.text


@pytest.mark.usefixtures("_one_gibibyte")
def test_ngrams_of_many_classes_are_thinned(caplog: pytest.LogCaptureFixture) -> None:
    """So that all fit in memory together; the log has the numbers."""
    caplog.set_level("INFO")
    found = ngram_limits(words=20_000, classes=100)
    assert BYTES_A_WEIGHT * 100 * (found.words + 2 * found.of_a_kind) <= 0.7 * (1 << 30)
    assert found.words == 20_000
    assert found.of_a_kind > 90_000
    assert f"at most 20000 words, and {found.of_a_kind} of each other kind" in caplog.text
    assert "for 100 classes and 1024 MiB of free memory" in caplog.text


@pytest.mark.usefixtures("_one_gibibyte")
def test_vectors_take_their_part_of_the_memory() -> None:
    """What they take n-grams cannot have."""
    plain = ngram_limits(words=200_000, classes=50)
    found = ngram_limits(words=200_000, classes=50, vector_size=100)
    taken = 200_000 * 100 * BYTES_A_NUMBER
    rows = 50 * (found.words + 2 * found.of_a_kind)
    assert BYTES_A_WEIGHT * rows + taken <= 0.7 * (1 << 30)
    assert found.of_a_kind < plain.of_a_kind


def test_words_of_very_many_classes_are_thinned_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The most frequent have half of the rows, however much memory there is."""
    monkeypatch.setattr(limits, "free_memory", lambda: 1 << 40)
    found = ngram_limits(words=200_000, classes=1_000)
    assert 1_000 * (found.words + 2 * found.of_a_kind) <= MOST_WEIGHTS
    assert found.words == MOST_WEIGHTS // 1_000 // 2
    assert ngram_limits(words=200_000, classes=100_000).of_a_kind >= FEWEST_OF_A_KIND / 2


@pytest.mark.usefixtures("_one_gibibyte")
def test_what_no_memory_can_hold_is_refused() -> None:
    """With what it would take, what there is, and what to do."""
    with pytest.raises(ResourceError, match="50000 classes take 3433 MiB") as raised:
        ngram_limits(words=20_000, classes=50_000)
    assert raised.value.code == Code.OUT_OF_MEMORY
    assert "1024 MiB are free" in raised.value.message
    assert "larger instance" in raised.value.remedy
