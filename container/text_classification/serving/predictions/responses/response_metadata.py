"""The metadata of a JSON response beside its predictions: the model, and how long it took.

The platform passes on the body of an answer and few of its headers, and nothing that other routes
tell: so callers ask for it with their documents.
"""

from typing import TYPE_CHECKING, Any, cast

from text_classification.contract.settings import Settings
from text_classification.errors import Code, RequestError
from text_classification.inference.classifier import Classifier
from text_classification.serving.predictions.format.media_types import JSON
from text_classification.serving.predictions.format.negotiation import RequestFormat
from text_classification.serving.predictions.format.options import Options
from text_classification.serving.predictions.requests.request_timing import RequestTiming

if TYPE_CHECKING:
    from text_classification.serving.models.description_schemas import ModelDescription
    from text_classification.serving.predictions.responses.response_schemas import (
        RequestLimits,
        RespondingModel,
    )


class ResponseMetadata:
    """Returns what was asked for beside predictions, by name; it is called as the last is written.

    limits: those of a request, as callers are told of them.
    """

    def __init__(
        self,
        options: Options,
        classifier: Classifier,
        limits: "RequestLimits",
        timing: RequestTiming,
    ) -> None:
        self._options = options
        self._classifier = classifier
        self._limits = limits
        self._timing = timing

    def __call__(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        found: dict[str, Any] = {}
        if self._options.model:
            found["model"] = self._model()
        if self._options.timing:
            found["timing"] = self._timing.so_far()
        return found

    def _model(self) -> "RespondingModel":
        description = cast("ModelDescription", self._classifier.description)
        limits = {**self._limits, "sequence_length": self._classifier.longest}
        return cast("RespondingModel", {**description, "limits": limits})


def check_place_beside(request_format: RequestFormat) -> None:
    """Raise ``RequestError`` 400 where an answer has no place for anything beside predictions."""
    if request_format.response_type == JSON and request_format.options.shape == "own":
        return
    names = " and ".join(
        name for name in ("model", "timing") if getattr(request_format.options, name)
    )
    place = (
        "BlazingText's shape"
        if request_format.response_type == JSON
        else request_format.response_type
    )
    raise RequestError(
        400,
        Code.OPTION_INVALID,
        f"an answer in {place} has no place for {names}",
        remedy=f"Accept {JSON} in the shape own, or leave {names} out.",
    )


def request_limits(settings: Settings) -> "RequestLimits":
    """Return the limits that the settings set."""
    return {
        "body_mb": settings.body_limit_mb or None,
        "records": settings.max_records or None,
        "tokens": settings.max_tokens or None,
        "seconds": settings.request_seconds,
    }
