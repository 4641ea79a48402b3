"""A model of any architecture in Keras, and its weights by name."""

import keras

from text_classification.cnn.architectures.registry import file_of
from text_classification.cnn.base_configuration import Configuration, Weights
from text_classification.cnn.normalization import NEUTRAL_VARIANCE, fold
from text_classification.contract.hyperparameters.engine_options import PLAIN, EngineOptions


def build(configuration: Configuration, options: EngineOptions = PLAIN) -> keras.Model:
    """Return the untrained model: token ids, int32 [B, T], to probabilities, float32 [B, C]."""
    return file_of(configuration, "keras_definition").build(configuration, options)


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
