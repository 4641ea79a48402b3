"""A linear model of scikit-learn in Flask: a pickle, as many bring it."""

from collections.abc import Sequence

import joblib

from benchmarks.applications.flask_routes import application
from benchmarks.applications.labelling import Best
from benchmarks.applications.server_options import PEERS

_MODEL = joblib.load(PEERS / "linear.joblib")


def predict(texts: Sequence[str]) -> list[Best]:
    """Return the best label of each text, with its distance from the others."""
    distances = _MODEL.decision_function(texts)  # float64 [documents, classes], or [documents]
    if distances.ndim == 1:
        labels = _MODEL.classes_[(distances > 0).astype(int)]
        best = abs(distances)
    else:
        labels = _MODEL.classes_[distances.argmax(axis=1)]
        best = distances.max(axis=1)
    return [
        {"label": label, "score": score}
        for label, score in zip(labels.tolist(), best.tolist(), strict=True)
    ]


app = application(predict)
