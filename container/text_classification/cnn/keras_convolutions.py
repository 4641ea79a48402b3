"""Convolutions side by side in Keras, whatever their windows are pooled by."""

from collections.abc import Callable

import keras
from keras import layers

from text_classification.cnn.convolutions import ConvolutionsConfiguration
from text_classification.cnn.normalization import EPSILON, MOMENTUM
from text_classification.contract.hyperparameters.engine_options import EngineOptions

# Gives the features of a width, [B, F], from its windows, [B, T - width + 1, F], and the token
# ids, [B, T].
Pool = Callable[[int, keras.KerasTensor, keras.KerasTensor], keras.KerasTensor]


def build_convolutions(
    configuration: ConvolutionsConfiguration, options: EngineOptions, pool: Pool
) -> keras.Model:
    """Return the untrained model: token ids, int32 [B, T], to probabilities, float32 [B, C]."""
    tokens = keras.Input((configuration.sequence_length,), dtype="int32", name="tokens")
    embedded = layers.Embedding(
        configuration.vocabulary_size, configuration.embedding_size, name="embedding"
    )(tokens)  # [B, T, D]
    convolutions = [
        layers.Conv1D(configuration.filters, width, activation="relu", name=f"convolution_{width}")
        for width in configuration.kernel_widths
    ]
    pooled = [
        pool(width, convolution(embedded), tokens)
        for width, convolution in zip(configuration.kernel_widths, convolutions, strict=True)
    ]
    features = layers.Concatenate(name="features")(pooled) if len(pooled) > 1 else pooled[0]
    if options.batch_normalization:
        normalization = layers.BatchNormalization(
            momentum=MOMENTUM, epsilon=EPSILON, name="normalization"
        )
        features = normalization(features)
        # What a bias adds, the normalisation takes away: its gradient would be rounding errors.
        for convolution in convolutions:
            convolution.bias.trainable = False
    kept = layers.Dropout(configuration.dropout, name="dropout")(features)  # [B, features]
    scores = layers.Dense(configuration.classes, activation="softmax", name="dense")(kept)
    return keras.Model(tokens, scores, name="kim")
