"""How the windows of a convolution are pooled, in Keras."""

import keras
from keras import layers

from text_classification.cnn.configuration import KimConfiguration
from text_classification.cnn.pooled_configuration import PooledConfiguration
from text_classification.corpus.vocabulary import PADDING

# The score of a window that does not count.
LEAST = -1e9


def pool(
    configuration: KimConfiguration | PooledConfiguration,
    width: int,
    convolved: keras.KerasTensor,
    tokens: keras.KerasTensor,
) -> keras.KerasTensor:
    """Return the features of a width, [B, F], from its windows, [B, n, F], and the ids, [B, T]."""
    if isinstance(configuration, KimConfiguration):
        return layers.GlobalMaxPooling1D(name=f"max_{width}")(convolved)
    begins_with_token = keras.ops.not_equal(tokens, PADDING)[:, : convolved.shape[1]]
    if configuration.pooling == "attention":
        scores = layers.Dense(1, use_bias=False, name=f"attention_{width}")(convolved)  # [B, n, 1]
    else:
        scores = keras.ops.zeros_like(convolved[:, :, :1])
    # Where no window begins with a token, all are equal, and so are their weights.
    scores = keras.ops.where(begins_with_token[:, :, None], scores, LEAST)
    powers = keras.ops.exp(scores - keras.ops.max(scores, axis=1, keepdims=True))
    weights = powers / keras.ops.sum(powers, axis=1, keepdims=True)  # [B, n, 1]
    return keras.ops.sum(weights * convolved, axis=1)
