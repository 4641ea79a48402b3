"""The definition of ``kim.v1``, in Keras; whatever else computes it is held against this."""

import keras
from keras import layers

from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.keras_convolutions import build_convolutions
from text_classification.contract.hyperparameters.engine_options import PLAIN, EngineOptions


def build(configuration: KimConfiguration, options: EngineOptions = PLAIN) -> keras.Model:
    """Return the untrained model: token ids, int32 [B, T], to probabilities, float32 [B, C]."""
    return build_convolutions(configuration, options, _largest)


def _largest(width: int, convolved: keras.KerasTensor, _: keras.KerasTensor) -> keras.KerasTensor:
    return layers.GlobalMaxPooling1D(name=f"max_{width}")(convolved)
