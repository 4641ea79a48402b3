"""The step of adversarial training in Keras; see ``adversarial``."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from text_classification.cnn.adversarial import TINY
from text_classification.kernels.arrays import Floats, Ids


class AdversarialStep:
    """Trains a compiled model on batches, each as it is and with its tokens' vectors moved.

    losses: returns that of each document. size: see ``adversarial.moved``.
    """

    def __init__(self, model: keras.Model, losses: Callable[..., Any], size: float) -> None:
        self._model, self._losses, self._size = model, losses, size
        self.compile()

    def compile(self) -> None:
        """Compile the step anew: it updates the variables that are trained when it is compiled."""
        self._compiled = tf.function(self._step, reduce_retracing=True)

    def step(self, tokens: Ids, labels: Ids, importance: Floats | None) -> float:
        """Take one step and return the mean loss of documents: int32 [B, T] and [B]."""
        counts = np.ones(len(labels), np.float32) if importance is None else importance
        return float(self._compiled(tokens, labels, counts))

    def _step(self, tokens: Any, labels: Any, importance: Any) -> Any:
        embedding = self._model.get_layer("embedding").embeddings.value
        loss, gradients, of_vectors = self._gradients(tokens, labels, importance, embedding)
        before = tf.identity(embedding)
        embedding.assign_add(self._move(before, of_vectors, tokens))
        _, others, _ = self._gradients(tokens, labels, importance, embedding)
        embedding.assign(before)
        means = [(one + other) / 2 for one, other in zip(gradients, others, strict=True)]
        self._model.optimizer.apply_gradients(
            zip(means, self._model.trainable_variables, strict=True)
        )
        return loss

    def _gradients(self, tokens: Any, labels: Any, importance: Any, embedding: Any) -> Any:
        """Return the mean loss, its gradients of all variables, and that of the embedding."""
        variables = [variable.value for variable in self._model.trainable_variables]
        with tf.GradientTape() as tape:
            tape.watch(embedding)
            losses = self._losses(labels, self._model(tokens, training=True))
            loss = tf.reduce_mean(losses * importance)
        found = [
            tf.convert_to_tensor(each) for each in tape.gradient(loss, [*variables, embedding])
        ]
        return loss, found[:-1], found[-1]

    def _move(self, embedding: Any, gradient: Any, tokens: Any) -> Any:
        distinct, _ = tf.unique(tf.reshape(tokens, [-1]))
        squares = tf.reduce_sum(tf.gather(embedding, distinct) ** 2, axis=1)
        documents = tf.cast(tf.shape(tokens)[0], tf.float32)
        length = tf.sqrt(tf.reduce_mean(squares) * documents)
        return self._size * length / tf.maximum(tf.norm(gradient), TINY) * gradient
