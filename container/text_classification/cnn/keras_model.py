"""The definition of the model, in Keras; whatever else computes it is held against this."""

import keras
from keras import layers

from text_classification.cnn.configuration import KimConfiguration, Weights, bias_name, kernel_name


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


def get_weights(model: keras.Model, configuration: KimConfiguration) -> Weights:
    """Return copies of the model's weights by name, float32."""
    return {
        name: variable.numpy().copy() for name, variable in _variables(model, configuration).items()
    }


def set_weights(model: keras.Model, configuration: KimConfiguration, weights: Weights) -> None:
    """Give the model these weights."""
    for name, variable in _variables(model, configuration).items():
        variable.assign(weights[name])


def _variables(model: keras.Model, configuration: KimConfiguration) -> dict[str, keras.Variable]:
    """Return the model's variables by the names of ``KimConfiguration.shapes``."""
    variables = {"embedding": model.get_layer("embedding").embeddings}
    for width in configuration.kernel_widths:
        layer = model.get_layer(f"convolution_{width}")
        variables[kernel_name(width)] = layer.kernel
        variables[bias_name(width)] = layer.bias
    dense = model.get_layer("dense")
    return {**variables, "dense.kernel": dense.kernel, "dense.bias": dense.bias}
