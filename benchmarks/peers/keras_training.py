"""Keras on TensorFlow: the project's definition of the model, trained by ``fit``."""

import time
from functools import cache
from pathlib import Path

import keras

from benchmarks.training_data import SEED, load
from text_classification.cnn import keras_model
from text_classification.kernels.arrays import Ids


class Peer:
    """``fit`` with Keras' own Adam on arrays of padded documents."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._prepared = cache(self._prepare)

    def seconds(self, case: str, batch_size: int, documents: int = 0) -> float:
        """Return the time of training on the first ``documents``, or on all of them."""
        model, tokens, labels = self._prepared(case)
        count = documents or len(tokens)
        started = time.perf_counter()
        model.fit(tokens[:count], labels[:count], batch_size=batch_size, shuffle=False, verbose=0)
        return time.perf_counter() - started

    def _prepare(self, case: str) -> tuple[keras.Model, Ids, Ids]:
        data = load(case, self._data)
        keras.utils.set_random_seed(SEED)
        model = keras_model.build(data.configuration)
        model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
        return model, data.padded(), data.labels
