"""The model: configuration, weights, the Keras definition, the engines that train it."""
