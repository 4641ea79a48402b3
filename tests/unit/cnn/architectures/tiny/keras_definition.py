"""The model in Keras."""

import keras
from keras import layers

from tests.unit.cnn.architectures.tiny.configuration import TinyConfiguration
from text_classification.contract.hyperparameters.engine_options import PLAIN, EngineOptions


def build(
    configuration: TinyConfiguration,
    options: EngineOptions = PLAIN,  # noqa: ARG001 - none of them is for it
) -> keras.Model:
    """Return the untrained model: token ids, int32 [B, T], to probabilities, float32 [B, C]."""
    tokens = keras.Input((configuration.sequence_length,), dtype="int32", name="tokens")
    embedding = layers.Embedding(
        configuration.vocabulary_size, configuration.embedding_size, name="embedding"
    )
    mean = layers.GlobalAveragePooling1D(name="mean")(embedding(tokens))
    scores = layers.Dense(configuration.classes, activation="softmax", name="dense")(mean)
    return keras.Model(tokens, scores, name="tiny")
