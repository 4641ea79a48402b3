"""The definition of ``kim.v1``, in Keras; whatever else computes it is held against this."""

import keras
from keras import layers

from text_classification.cnn.configuration import KimConfiguration


def build(configuration: KimConfiguration) -> keras.Model:
    """Return the untrained model: token ids, int32 [B, T], to probabilities, float32 [B, C]."""
    tokens = keras.Input((configuration.sequence_length,), dtype="int32", name="tokens")
    embedded = layers.Embedding(
        configuration.vocabulary_size, configuration.embedding_size, name="embedding"
    )(tokens)  # [B, T, D]
    pooled = [
        layers.GlobalMaxPooling1D(name=f"max_{width}")(
            layers.Conv1D(
                configuration.filters, width, activation="relu", name=f"convolution_{width}"
            )(embedded)  # [B, T - width + 1, F]
        )
        for width in configuration.kernel_widths
    ]
    features = layers.Concatenate(name="features")(pooled) if len(pooled) > 1 else pooled[0]
    kept = layers.Dropout(configuration.dropout, name="dropout")(features)  # [B, features]
    scores = layers.Dense(configuration.classes, activation="softmax", name="dense")(kept)
    return keras.Model(tokens, scores, name="kim")
