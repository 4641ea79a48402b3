"""The definition of ``stacked.v1``, in Keras; whatever else computes it is held against this."""

import keras
from keras import layers

from text_classification.cnn.architectures.stacked.configuration import StackedConfiguration
from text_classification.contract.hyperparameters.engine_options import PLAIN, EngineOptions


def build(
    configuration: StackedConfiguration,
    options: EngineOptions = PLAIN,  # noqa: ARG001 - none of them is for it
) -> keras.Model:
    """Return the untrained model: token ids, int32 [B, T], to probabilities, float32 [B, C]."""
    tokens = keras.Input((configuration.sequence_length,), dtype="int32", name="tokens")
    embedded = layers.Embedding(
        configuration.vocabulary_size, configuration.embedding_size, name="embedding"
    )(tokens)  # [B, T, D]
    first = _convolution(configuration, "convolution_1")(embedded)  # [B, windows, F]
    pooled = layers.MaxPooling1D(
        configuration.pool_size, padding=configuration.pool_padding, name="pool"
    )(first)
    second = _convolution(configuration, "convolution_2")(pooled)
    features = layers.GlobalMaxPooling1D(name="max")(second)  # [B, F]
    hidden = layers.Dense(configuration.dense_units, activation="relu", name="hidden")(features)
    kept = layers.Dropout(configuration.dropout, name="dropout")(hidden)  # [B, units]
    scores = layers.Dense(configuration.classes, activation="softmax", name="dense")(kept)
    return keras.Model(tokens, scores, name="stacked")


def _convolution(configuration: StackedConfiguration, name: str) -> layers.Layer:
    return layers.Conv1D(
        configuration.filters,
        configuration.kernel_size,
        strides=configuration.strides,
        padding=configuration.padding,
        activation="relu",
        name=name,
    )
