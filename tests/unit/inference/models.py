"""Models of any shape with random weights, and what they are by definition."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from tests.unit.helpers import VOCABULARY, WORDS, kim_of, random_weights
from text_classification.artifact import Artifact
from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.kim.network import KimNetwork
from text_classification.cnn.architectures.kim.tables import Tables, int8_scales
from text_classification.cnn.architectures.pooled.configuration import POOLINGS, PooledConfiguration
from text_classification.cnn.architectures.stacked.configuration import StackedConfiguration
from text_classification.cnn.base_configuration import Configuration, Weights
from text_classification.inference.classifier import Classifier

CONFIGURATIONS = st.builds(
    lambda widths, longer, **numbers: KimConfiguration(
        vocabulary_size=len(VOCABULARY),
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
POOLED = st.builds(
    lambda shape, pooling: PooledConfiguration(**vars(shape), pooling=pooling),
    CONFIGURATIONS,
    st.sampled_from(POOLINGS),
)
STACKED = st.builds(
    lambda longer, **numbers: replace(
        (shape := StackedConfiguration(len(VOCABULARY), 1, dropout=0.2, **numbers)),
        sequence_length=shape.shortest + longer,
    ),
    longer=st.integers(0, 60),
    classes=st.integers(1, 4),
    embedding_size=st.integers(1, 5),
    filters=st.integers(1, 5),
    kernel_size=st.integers(1, 6),
    strides=st.integers(1, 7),
    padding=st.sampled_from(["valid", "same"]),
    pool_size=st.integers(1, 4),
    pool_padding=st.sampled_from(["valid", "same"]),
    dense_units=st.integers(1, 6),
)
DOCUMENTS = st.lists(st.sampled_from([*WORDS, "unheard"]), max_size=25)
SEEDS = st.integers(0, 2**32 - 1)


def artifact_of(configuration: Configuration, seed: int, *, int8: bool = False) -> Artifact:
    """Return a model of this shape with random weights."""
    weights = random_weights(configuration, np.random.default_rng(seed))
    return Artifact(
        configuration,
        "words",
        tuple(f"label {number}" for number in range(configuration.classes)),
        VOCABULARY,
        weights,
        int8_scales(configuration, weights)
        if int8 and isinstance(configuration, KimConfiguration)
        else None,
    )


def exact_weights(configuration: KimConfiguration, seed: int) -> Weights:
    """Return random weights that are whole eighths: no sum of their products is ever rounded."""
    generator = np.random.default_rng(seed)
    return {
        name: (generator.integers(-16, 17, shape) / 8).astype(np.float32)
        for name, shape in configuration.shapes().items()
    }


def classifier_of(
    artifact: Artifact, *, rows: int | None = None, threads: int | None = None
) -> Classifier:
    """Return a classifier whose table has only so many rows, or all."""
    classifier = Classifier(artifact, threads=threads)
    if rows is not None:
        configuration, scales = kim_of(artifact), artifact.scales
        columns = sum(configuration.kernel_widths) * configuration.filters
        budget = rows * columns * (4 if scales is None else 1)
        further, weights = artifact.further, artifact.weights
        tables = Tables(
            configuration, further.added_to(weights) if further else weights, scales, budget=budget
        )
        assert tables.rows == rows
        assert isinstance(classifier._network, KimNetwork)
        classifier._network.tables = tables
    return classifier


def dense_logits(
    configuration: KimConfiguration, weights: Weights, ids: Sequence[int]
) -> npt.NDArray[np.float64]:
    """Compute the network as it is drawn, one multiplication at a time, in double precision."""
    length = configuration.sequence_length
    embedded = weights["embedding"].astype(float)[[*ids, *[0] * length][:length]]
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
    return logits
