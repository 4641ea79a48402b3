"""training/ngrams/ngram_limits.py."""

import pytest

from text_classification.errors import Code, ResourceError
from text_classification.training.ngrams import ngram_limits as limits
from text_classification.training.ngrams.ngram_limits import (
    BYTES_A_WEIGHT,
    MOST_OF_A_KIND,
    ngram_limits,
)


@pytest.fixture
def _one_gibibyte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "free_memory", lambda: 1 << 30)


@pytest.mark.usefixtures("_one_gibibyte")
def test_nothing_is_left_out_where_there_is_room(caplog: pytest.LogCaptureFixture) -> None:
    """And nothing is said."""
    found = ngram_limits(tokens=10_000, words=10_000, classes=2)
    assert found.of_a_kind == MOST_OF_A_KIND
    assert found.tokens >= 10_000
    assert not caplog.text


@pytest.mark.usefixtures("_one_gibibyte")
def test_ngrams_of_many_classes_are_thinned(caplog: pytest.LogCaptureFixture) -> None:
    """So that all fit in memory together; the log has the numbers."""
    found = ngram_limits(tokens=100_000_000, words=20_000, classes=100)
    assert BYTES_A_WEIGHT * 100 * (20_000 + 2 * found.of_a_kind) <= 0.7 * (1 << 30)
    assert found.of_a_kind > 90_000
    assert f"{found.of_a_kind} of a kind are kept" in caplog.text
    assert "for 100 classes and 1024 MiB of free memory" in caplog.text
    assert f"found in {found.tokens} of the 100000000 tokens" in caplog.text


@pytest.mark.usefixtures("_one_gibibyte")
def test_what_no_memory_can_hold_is_refused() -> None:
    """With what it would take, what there is, and what to do."""
    with pytest.raises(ResourceError, match="5000 classes take 2098 MiB") as raised:
        ngram_limits(tokens=1, words=20_000, classes=5_000)
    assert raised.value.code == Code.OUT_OF_MEMORY
    assert "1024 MiB are free" in raised.value.message
    assert "max_tokens" in raised.value.remedy
