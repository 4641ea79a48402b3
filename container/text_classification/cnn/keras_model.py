"""A model of any architecture in Keras, and its weights by name."""

from typing import assert_never

import keras

from text_classification.cnn import keras_kim, keras_stacked
from text_classification.cnn.architectures import Configuration
from text_classification.cnn.configuration import KimConfiguration, Weights
from text_classification.cnn.stacked_configuration import StackedConfiguration


def build(configuration: Configuration) -> keras.Model:
    """Return the untrained model: token ids, int32 [B, T], to probabilities, float32 [B, C]."""
    match configuration:
        case KimConfiguration():
            return keras_kim.build(configuration)
        case StackedConfiguration():
            return keras_stacked.build(configuration)
        case _:
            assert_never(configuration)


def get_weights(model: keras.Model, configuration: Configuration) -> Weights:
    """Return copies of the model's weights by name, float32."""
    return {
        name: variable.numpy().copy() for name, variable in _variables(model, configuration).items()
    }


def set_weights(model: keras.Model, configuration: Configuration, weights: Weights) -> None:
    """Give the model these weights."""
    for name, variable in _variables(model, configuration).items():
        variable.assign(weights[name])


def _variables(model: keras.Model, configuration: Configuration) -> dict[str, keras.Variable]:
    """Return the model's variables by the names of ``shapes``: a layer, and what of it."""
    variables = {}
    for name in configuration.shapes():
        layer, _, part = name.partition(".")
        variables[name] = getattr(model.get_layer(layer), part or "embeddings")
    return variables
