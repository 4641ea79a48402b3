"""Keras in Flask: the exported model and ``predict``, as SageMaker's samples have it."""

from collections.abc import Sequence

import keras
import numpy as np

from benchmarks.applications.flask_routes import application
from benchmarks.applications.labelling import Best, Labels, batches, padder
from benchmarks.applications.server_options import MODEL

_MODEL = keras.saving.load_model(MODEL / "model.keras")
_LABELS, _PADDER = Labels(MODEL), padder(MODEL)


def predict(texts: Sequence[str]) -> list[Best]:
    """Return the best label of each text."""
    scores = [_MODEL.predict(tokens, verbose=0) for tokens in batches(_PADDER, texts)]
    return _LABELS.best(np.concatenate(scores))


app = application(predict)
