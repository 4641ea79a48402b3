"""Artifacts with random weights: enough for everything but the quality of answers."""

import numpy as np

from text_classification.artifact import Artifact
from text_classification.cnn.configuration import KimConfiguration
from text_classification.corpus.vocabulary import Vocabulary

WORDS = [
    "a",
    "an",
    "and",
    "awful",
    "bad",
    "bill",
    "binder",
    "check",
    "fine",
    "good",
    "great",
    "letter",
    "of",
    "policy",
    "the",
    "this",
    "was",
]


def random_artifact(
    seed: int = 0, *, labels: tuple[str, ...] = ("bad", "good", "ugly"), sequence_length: int = 8
) -> Artifact:
    """Return a small model whose weights are drawn from a normal distribution."""
    vocabulary = Vocabulary(WORDS)
    configuration = KimConfiguration(
        vocabulary_size=len(vocabulary),
        sequence_length=sequence_length,
        classes=len(labels),
        embedding_size=6,
        kernel_widths=(2, 3),
        filters=4,
        dropout=0.5,
    )
    generator = np.random.default_rng(seed)
    weights = {
        name: generator.normal(size=shape).astype(np.float32)
        for name, shape in configuration.shapes().items()
    }
    return Artifact(configuration, "words", labels, vocabulary, weights, {"seed": seed})
