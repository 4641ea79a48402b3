"""corpus/vector_coverage.py."""

import numpy as np
import pytest

from text_classification.corpus.vector_coverage import Coverage

TOKENS = [b"the", b"qtly", b"bill", b"shrs"]


@pytest.mark.parametrize(
    ("counts", "share", "told"),
    [
        ([6, 1, 1, 2], 0.7, "70.0% of the words in the training documents have a vector; "),
        ([9, 0, 1, 0], 1.0, "100.0% of the words in the training documents have a vector"),
        ([0, 0, 0, 0], 0.0, "0.0% of the words"),
    ],
)
def test_words_count_as_often_as_they_occur(counts: list[int], share: float, told: str) -> None:
    """Not by types; the most frequent without a vector are named."""
    found = Coverage.of({b"the", b"bill"}, TOKENS, np.array(counts, np.int64))
    assert found.share == pytest.approx(share)
    assert str(found).startswith(told)
    assert found.lacking == tuple(
        token for token, count in (("shrs", counts[3]), ("qtly", counts[1])) if count
    )
    assert found.is_enough is (share > 0.65)
