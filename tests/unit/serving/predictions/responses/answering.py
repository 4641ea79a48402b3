"""Answers to records, made by a model of random weights."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.unit.helpers import random_artifact
from text_classification.errors import RequestError
from text_classification.inference.classifier import Classifier
from text_classification.serving.predictions.format.negotiation import Negotiation
from text_classification.serving.predictions.requests.records import Document, Records, invalid
from text_classification.serving.predictions.responses.predictor import Predictor

LABELS = ("bad", "good, too", '東京 "ugly"')
# The model reads eight tokens, and knows neither Paris nor Rome.
TEXTS = ("good policy", "", "the policy of the house in paris is not paid in rome")


def classifier(labels: Sequence[str] = LABELS) -> Classifier:
    """Return the model."""
    return Classifier(random_artifact(labels=labels))


def predictor(
    *,
    floor: float | None = None,
    batch: bool = False,
    labels: Sequence[str] = LABELS,
    **options: Any,
) -> Predictor:
    """Return what answers a request with such options."""
    request_format = (
        Negotiation(batch=batch)
        .request_format("application/json", "", "")
        .with_options(options, {})
    )
    return Predictor(classifier(labels), request_format, floor)


def records(*texts: str | RequestError | Document) -> Records:
    """Return records, some of them perhaps bad."""
    found = Records()
    for text in texts:
        if isinstance(text, RequestError):
            found.refuse(text)
        else:
            found.add(text if isinstance(text, Document) else Document(text))
    return found


def bad_record() -> RequestError:
    """Return why a record is bad."""
    return invalid("it is not good", "Make it good.", "line 2")


def pieces() -> Iterator[Records]:
    """Yield three records in two pieces, the second of them bad."""
    yield records(TEXTS[0], bad_record())
    yield records(TEXTS[2])
