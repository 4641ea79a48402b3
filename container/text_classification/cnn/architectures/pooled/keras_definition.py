"""The definition of ``pooled.v1``, in Keras; whatever else computes it is held against this."""

from functools import partial

import keras
from keras import layers

from text_classification.cnn.architectures.pooled.configuration import PooledConfiguration
from text_classification.cnn.keras_convolutions import build_convolutions
from text_classification.contract.hyperparameters.engine_options import PLAIN, EngineOptions
from text_classification.corpus.vocabulary import PADDING

# The score of a window that does not count.
LEAST = -1e9


def build(configuration: PooledConfiguration, options: EngineOptions = PLAIN) -> keras.Model:
    """Return the untrained model: token ids, int32 [B, T], to probabilities, float32 [B, C]."""
    pool = partial(_weighted_mean, configuration.pooling == "attention")
    return build_convolutions(configuration, options, pool)


def _weighted_mean(
    attends: bool,  # noqa: FBT001 - bound by its place
    width: int,
    convolved: keras.KerasTensor,
    tokens: keras.KerasTensor,
) -> keras.KerasTensor:
    """Return the features of a width, [B, F], from its windows, [B, n, F], and the ids, [B, T]."""
    begins_with_token = keras.ops.not_equal(tokens, PADDING)[:, : convolved.shape[1]]
    if attends:
        scores = layers.Dense(1, use_bias=False, name=f"attention_{width}")(convolved)  # [B, n, 1]
    else:
        scores = keras.ops.zeros_like(convolved[:, :, :1])
    # Where no window begins with a token, all are equal, and so are their weights.
    scores = keras.ops.where(begins_with_token[:, :, None], scores, LEAST)
    powers = keras.ops.exp(scores - keras.ops.max(scores, axis=1, keepdims=True))
    weights = powers / keras.ops.sum(powers, axis=1, keepdims=True)  # [B, n, 1]
    return keras.ops.sum(weights * convolved, axis=1)
