"""A model of any architecture in Keras, and its weights by name."""

from typing import assert_never

import keras

from text_classification.cnn import keras_kim, keras_stacked
from text_classification.cnn.architectures import Configuration
from text_classification.cnn.configuration import KimConfiguration, Weights
from text_classification.cnn.normalization import NEUTRAL_VARIANCE, fold
from text_classification.cnn.pooled_configuration import PooledConfiguration
from text_classification.cnn.stacked_configuration import StackedConfiguration
from text_classification.cnn.variant import PLAIN, Variant


def build(configuration: Configuration, variant: Variant = PLAIN) -> keras.Model:
    """Return the untrained model: token ids, int32 [B, T], to probabilities, float32 [B, C]."""
    match configuration:
        case KimConfiguration() | PooledConfiguration():
            return keras_kim.build(configuration, variant)
        case StackedConfiguration():
            return keras_stacked.build(configuration)
        case _:
            assert_never(configuration)


def get_weights(model: keras.Model, configuration: Configuration) -> Weights:
    """Return copies of the model's weights by name, float32; a normalisation is folded in."""
    weights = {
        name: variable.numpy().copy() for name, variable in _variables(model, configuration).items()
    }
    normalization = [variable.numpy() for variable in _normalization(model)]
    return fold(weights, *normalization) if normalization else weights


def set_weights(model: keras.Model, configuration: Configuration, weights: Weights) -> None:
    """Give the model these weights; a normalisation leaves features as they are."""
    for name, variable in _variables(model, configuration).items():
        variable.assign(weights[name])
    for variable, value in zip(_normalization(model), (1, 0, 0, NEUTRAL_VARIANCE), strict=False):
        variable.assign(keras.ops.full_like(variable, value))


def _variables(model: keras.Model, configuration: Configuration) -> dict[str, keras.Variable]:
    """Return the model's variables by the names of ``shapes``: a layer, and what of it."""
    variables = {}
    for name in configuration.shapes():
        layer, _, part = name.partition(".")
        variables[name] = getattr(model.get_layer(layer), part or "embeddings")
    return variables


def _normalization(model: keras.Model) -> list[keras.Variable]:
    """Return gamma, beta, the moving mean and variance of a normalisation; nothing without one."""
    return [
        getattr(layer, name)
        for layer in model.layers
        if layer.name == "normalization"
        for name in ("gamma", "beta", "moving_mean", "moving_variance")
    ]
