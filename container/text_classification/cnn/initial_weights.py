"""The weights that training starts from: Keras' own initializers, drawn from our seed.

Both engines start here, so the same seed means the same start whichever computes the steps.
"""

import numpy as np

from text_classification.cnn.base_configuration import Configuration, Weights
from text_classification.kernels.arrays import Floats

# The range of Keras' RandomUniform, which its Embedding uses.
EMBEDDING_RANGE = 0.05


def initial_weights(configuration: Configuration, seed: int) -> Weights:
    """Return new weights: uniform embeddings, Glorot-uniform kernels, biases 0.

    Glorot and Bengio 2010: uniform in +-sqrt(6 / (inputs + outputs)), where a convolution counts
    its width times for each.
    """
    generator = np.random.default_rng(seed)

    def draw(name: str, shape: tuple[int, ...]) -> Floats:
        if len(shape) == 1:
            return np.zeros(shape, np.float32)
        *window, inputs, outputs = shape
        limit = np.sqrt(6 / (np.prod(window) * (inputs + outputs)))
        reach = EMBEDDING_RANGE if name == "embedding" else limit
        return generator.uniform(-reach, reach, shape).astype(np.float32)

    return {name: draw(name, shape) for name, shape in configuration.shapes().items()}
