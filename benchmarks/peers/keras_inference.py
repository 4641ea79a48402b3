"""Keras on TensorFlow: ``predict`` of the project's definition, with one thread."""

from collections.abc import Sequence

import tensorflow as tf

from benchmarks.inference_data import Job
from benchmarks.peers.padded import BATCH, Padder
from benchmarks.peers.timing import Labeller
from text_classification import artifact
from text_classification.cnn import keras_model


class Peer(Labeller):
    """The weights of our model in Keras."""

    def _prepare(self, job: Job) -> None:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
        model = artifact.load(job.model)
        self._labels, self._padder = (
            model.labels,
            Padder(model.tokenizer, model.vocabulary.tokens, model.configuration.sequence_length),
        )
        self._model = keras_model.build(model.configuration)
        keras_model.set_weights(self._model, model.configuration, model.weights)

    def predict(self, texts: Sequence[str]) -> list[str]:
        """Return the label of each text."""
        scores = self._model.predict(self._padder.pad(texts), batch_size=BATCH, verbose=0)
        return [self._labels[index] for index in scores.argmax(axis=1)]

    def model_bytes(self) -> int:
        """Return the size of the weights."""
        return 4 * int(self._model.count_params())
