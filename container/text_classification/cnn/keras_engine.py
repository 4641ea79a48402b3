"""The engine ``keras``: training steps as Keras computes them on TensorFlow."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from text_classification.cnn import keras_model
from text_classification.cnn.base_configuration import Configuration, Weights
from text_classification.cnn.initial_weights import initial_weights
from text_classification.cnn.keras_adversarial import AdversarialStep
from text_classification.cnn.learning_rate import LearningRate
from text_classification.contract.hyperparameters.engine_options import PLAIN, EngineOptions
from text_classification.corpus.encoded import Batch
from text_classification.kernels.arrays import Floats, Ids, State

# It holds the convolutions of all of their tokens in memory.
EVALUATION_BATCH = 256
# Of each document, float32 [B], from labels, int32 [B], and probabilities, float32 [B, C].
LOSS = keras.losses.sparse_categorical_crossentropy


class KerasEngine:
    """An ``Engine`` around the Keras definition, Adam and cross-entropy."""

    def __init__(  # noqa: PLR0913 - options by name
        self,
        configuration: Configuration,
        *,
        learning_rate: LearningRate,
        seed: int,
        class_weights: Floats | None = None,
        options: EngineOptions = PLAIN,
        steps_an_epoch: int = 1,
    ) -> None:
        self.padding = configuration.sequence_length
        self.evaluation_batch = EVALUATION_BATCH
        # The same seed gives the same weights, bit for bit: scatter sums in a fixed order too.
        keras.utils.set_random_seed(seed)
        tf.config.experimental.enable_op_determinism()
        self._configuration = configuration
        self._class_weights = class_weights
        self._options = options
        self._frozen_steps = options.frozen_epochs * steps_an_epoch
        self._model = keras_model.build(configuration, options)
        schedule = keras.optimizers.schedules.ExponentialDecay(
            learning_rate.first, learning_rate.decay_steps, learning_rate.decay_rate
        )
        self._model.compile(optimizer=SummedAdam(schedule), loss=LOSS)
        self._model.optimizer.build(self._model.trainable_variables)
        self._adversarial = AdversarialStep(self._model, LOSS, options.adversarial)
        self.set_weights(initial_weights(configuration, seed))

    def train_batch(self, batch: Batch, labels: Ids) -> float:
        """Take one step and return the mean loss of B documents; labels: int32 [B]."""
        self._freeze_or_thaw()
        importance = None if self._class_weights is None else self._class_weights[labels]
        if self._options.adversarial:
            return self._adversarial.step(self._tokens(batch), labels, importance)
        return float(
            self._model.train_on_batch(self._tokens(batch), labels, sample_weight=importance)
        )

    def probabilities(self, batch: Batch) -> Floats:
        """Return the scores of B documents: float32 [B, C]."""
        return np.asarray(self._model.predict_on_batch(self._tokens(batch)), dtype=np.float32)

    def get_weights(self) -> Weights:
        """Return copies of the weights as they are now."""
        return keras_model.get_weights(self._model, self._configuration)

    def set_weights(self, weights: Weights) -> None:
        """Go on from these weights."""
        keras_model.set_weights(self._model, self._configuration, weights)

    def get_state(self) -> State:
        """Return the values of all variables: weights, seeds of dropout, moments, steps."""
        return {
            str(number): np.array(variable.numpy())
            for number, variable in enumerate(self._variables())
        }

    def set_state(self, state: State) -> None:
        """Go on from a state that ``get_state`` returned."""
        for number, variable in enumerate(self._variables()):
            variable.assign(state[str(number)])

    def _freeze_or_thaw(self) -> None:
        """Let the embedding stay as it is in the first steps, if that was asked for."""
        embedding, steps = self._model.get_layer("embedding"), self._frozen_steps
        is_trained = not steps or int(self._model.optimizer.iterations) >= steps
        if embedding.trainable != is_trained:
            embedding.trainable = is_trained
            self._model.make_train_function(force=True)
            self._adversarial.compile()

    def _variables(self) -> list[Any]:
        return [*self._model.variables, *self._model.optimizer.variables]

    def _tokens(self, batch: Batch) -> Ids:
        """Return documents that are padded to the full length as one array: int32 [B, T]."""
        return batch.ids.reshape(len(batch), self._configuration.sequence_length)


class SummedAdam(keras.optimizers.Adam):
    """Adam on the gradient of the whole batch.

    A token that occurs several times in a batch has several gradients. Keras' own Adam adds up
    the squares of the parts where Adam's rule wants the square of their sum.
    """

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Update one variable; a sparse gradient is summed up first."""
        super().update_step(tf.convert_to_tensor(gradient), variable, learning_rate)


def save_keras(configuration: Configuration, weights: Weights, path: Path) -> None:
    """Write the model as a ``.keras`` file for Keras users; serving never reads it."""
    model = keras_model.build(configuration)
    keras_model.set_weights(model, configuration, weights)
    model.save(path)
