"""inference/classifier.py."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.helpers import WORDS, random_artifact, random_weights
from text_classification.artifact import Artifact
from text_classification.cnn.configuration import KimConfiguration
from text_classification.corpus.tokenizer import TOKENIZERS
from text_classification.corpus.vocabulary import Vocabulary
from text_classification.inference.classifier import Classifier

CONFIGURATIONS = st.builds(
    lambda widths, longer, **numbers: KimConfiguration(
        vocabulary_size=len(WORDS) + 2,
        sequence_length=max(widths) + longer,
        kernel_widths=tuple(widths),
        dropout=0.5,
        **numbers,
    ),
    widths=st.lists(st.integers(1, 7), min_size=1, max_size=4, unique=True),
    longer=st.integers(0, 12),
    classes=st.integers(1, 5),
    embedding_size=st.integers(1, 6),
    filters=st.integers(1, 5),
)
DOCUMENTS = st.lists(st.sampled_from([*WORDS, "unheard"]), max_size=25)


def dense_reference(artifact: Artifact, text: str) -> np.ndarray:
    """Compute the network as it is drawn, one multiplication at a time, in double precision."""
    configuration, weights = artifact.configuration, artifact.weights
    ids = artifact.vocabulary.encode(TOKENIZERS[artifact.tokenizer](text)).tolist()
    length = configuration.sequence_length
    ids = (ids + [0] * length)[:length]
    embedded = weights["embedding"].astype(float)[ids]
    features = []
    for width in configuration.kernel_widths:
        kernel = weights[f"convolution_{width}.kernel"].astype(float)
        bias = weights[f"convolution_{width}.bias"].astype(float)
        for channel in range(configuration.filters):
            values = []
            for start in range(length - width + 1):
                total = bias[channel]
                for offset in range(width):
                    for size in range(configuration.embedding_size):
                        total += embedded[start + offset, size] * kernel[offset, size, channel]
                values.append(max(total, 0.0))
            features.append(max(values))
    logits = weights["dense.bias"].astype(float).copy()
    for row, feature in enumerate(features):
        logits += feature * weights["dense.kernel"][row].astype(float)
    exponents = np.exp(logits - logits.max())
    return np.asarray(exponents / exponents.sum())


def artifact_of(configuration: KimConfiguration, seed: int) -> Artifact:
    """Return a model of this shape with random weights."""
    return Artifact(
        configuration,
        "words",
        tuple(f"label {number}" for number in range(configuration.classes)),
        Vocabulary(WORDS),
        random_weights(configuration, np.random.default_rng(seed)),
    )


@settings(max_examples=300)
@given(CONFIGURATIONS, DOCUMENTS, st.integers(0, 2**32 - 1))
def test_scores_are_those_of_the_drawn_network(
    configuration: KimConfiguration, tokens: list[str], seed: int
) -> None:
    """Documents longer and shorter than the sequence and the kernels: the same to 1e-5."""
    artifact = artifact_of(configuration, seed)
    text = " ".join(tokens)
    (scores,) = Classifier(artifact).classify([text])
    np.testing.assert_allclose(scores.probabilities, dense_reference(artifact, text), atol=1e-5)
    assert scores.probabilities.dtype == np.float32
    assert scores.tokens == len(tokens)
    assert scores.unknown_tokens == tokens.count("unheard")


@pytest.mark.parametrize("length", [3, 8])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7, 8, 9, 30])
def test_every_length_of_document_is_scored(length: int, count: int) -> None:
    """Around the widths of the kernels (1 to 3) and the sequence length nothing is off by one."""
    artifact = random_artifact(sequence_length=length)
    text = " ".join((WORDS * 2)[:count])
    (scores,) = Classifier(artifact).classify([text])
    np.testing.assert_allclose(scores.probabilities, dense_reference(artifact, text), atol=1e-5)


def test_sequence_much_longer_than_the_document_is_scored() -> None:
    """Windows of padding alone count, though only one of them is computed."""
    artifact = random_artifact(sequence_length=200)
    (scores,) = Classifier(artifact).classify(["bad bill"])
    expected = dense_reference(artifact, "bad bill")
    np.testing.assert_allclose(scores.probabilities, expected, atol=1e-5)


def test_words_behind_the_sequence_length_change_nothing() -> None:
    """They are counted, but not read."""
    short, long = Classifier(random_artifact(sequence_length=3)).classify(
        ["the bill good", "the bill good bad awful never"]
    )
    assert np.array_equal(short.probabilities, long.probabilities)
    assert (short.tokens, long.tokens, long.unknown_tokens) == (3, 6, 1)


def test_documents_are_scored_each_for_itself() -> None:
    """A batch gives the scores that its documents get alone, in its order."""
    classifier = Classifier(random_artifact())
    texts = ["good policy", "", "awful bill", "good policy"]
    together = [scores.probabilities.tolist() for scores in classifier.classify(texts)]
    assert together == [classifier.classify([t])[0].probabilities.tolist() for t in texts]
    assert classifier.classify([]) == []


def test_large_weights_do_not_overflow() -> None:
    """Logits beyond the range of the exponential function give certainty, not NaN."""
    artifact = random_artifact()
    weights = {name: array * 1000 for name, array in artifact.weights.items()}
    (scores,) = Classifier(replace(artifact, weights=weights)).classify(["good bad fine"])
    assert scores.probabilities.max() == pytest.approx(1)
    assert scores.probabilities.sum() == pytest.approx(1)


def test_tokenizer_is_the_artifacts() -> None:
    """A model that was trained on tokens as they stand reads them as they stand."""
    artifact = random_artifact()
    words, whitespace = (
        Classifier(replace(artifact, tokenizer=name)).classify(["Good, bad."])[0]
        for name in ("words", "whitespace")
    )
    assert (words.unknown_tokens, whitespace.unknown_tokens) == (0, 2)
