"""cnn/architectures/kim/fast_engine.py; what it learns is held to Keras in test_engine_parity."""

import pytest

from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.kim.fast_engine import (
    EVALUATED_NUMBERS,
    FEWEST_EVALUATED,
    MOST_EVALUATED,
    FastEngine,
)
from text_classification.cnn.learning_rate import LearningRate


@pytest.mark.parametrize(
    ("length", "filters", "expected"),
    [
        (133, 100, EVALUATED_NUMBERS // (133 * 300)),
        (3, 100, MOST_EVALUATED),
        (2000, 100, FEWEST_EVALUATED),
        (133, 4096, FEWEST_EVALUATED),
    ],
)
def test_as_many_documents_are_answered_at_a_time_as_the_memory_may_hold(
    length: int, filters: int, expected: int
) -> None:
    """Fewer long ones, and fewer by many filters, between two bounds."""
    shape = KimConfiguration(
        vocabulary_size=9,
        sequence_length=length,
        classes=2,
        embedding_size=1,
        kernel_widths=(3, 4, 5),
        filters=filters,
        dropout=0.5,
    )
    engine = FastEngine(shape, learning_rate=LearningRate(0.001), seed=0)
    assert engine.evaluation_batch == expected
