"""predictions/responses/response_metadata.py: the model and the times beside predictions."""

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from tests.unit.helpers import random_artifact
from tests.unit.serving.predictions.requests.bodies import CSV, JSON, LINES
from tests.unit.serving.predictions.responses.answering import LABELS, pieces, predictor
from text_classification.contract.settings import Settings, read_settings
from text_classification.errors import Code, RequestError
from text_classification.inference.classifier import Classifier
from text_classification.serving.models.model_description import describe
from text_classification.serving.predictions.format.negotiation import Negotiation
from text_classification.serving.predictions.limits.deadline import Deadline
from text_classification.serving.predictions.requests.request_timing import RequestTiming
from text_classification.serving.predictions.responses.json_responses import write_json
from text_classification.serving.predictions.responses.response_metadata import (
    ResponseMetadata,
    check_place_beside,
    request_limits,
)
from text_classification.serving.predictions.responses.response_schemas import JsonAnswer

MODEL = replace(
    random_artifact(labels=LABELS),
    metrics={
        "job_name": "letters-7",
        "trained": "2026-11-21T13:28:18+00:00",
        "validation": {"documents": 60, "accuracy": 0.95, "loss": 0.2},
    },
)
CLASSIFIER = Classifier(MODEL, description=describe(MODEL))


def beside(**options: Any) -> ResponseMetadata:
    """Return what such options ask for, of a server with default settings."""
    request_format = Negotiation().request_format(JSON, "", "").with_options(options, {})
    return ResponseMetadata(
        request_format.options,
        CLASSIFIER,
        request_limits(Settings()),
        RequestTiming(Deadline.after(60)),
    )


def test_model_says_name_date_scores_and_limits() -> None:
    """All that a caller who only sees the body of an answer may want to know."""
    found = beside(model=True)()
    assert list(found) == ["model"]
    model = found["model"]
    assert (model["name"], model["labels"]) == ("letters-7", 3)
    assert model["trained"] == "2026-11-21T13:28:18+00:00"
    assert model["scores"] == {"validation": {"documents": 60, "accuracy": 0.95}}
    settings = Settings()
    assert model["limits"] == {
        "body_mb": settings.body_limit_mb,
        "records": None,
        "tokens": None,
        "seconds": settings.request_seconds,
        "sequence_length": MODEL.configuration.sequence_length,
    }


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"MAX_RECORDS": "7", "MAX_TOKENS": "9"}, {"records": 7, "tokens": 9}),
        ({"ENDPOINT_KIND": "asynchronous"}, {"body_mb": 1024, "seconds": 3600}),
        ({"SAGEMAKER_MAX_PAYLOAD_IN_MB": "0"}, {"body_mb": None}),
    ],
)
def test_limits_are_those_in_force(environment: dict[str, str], expected: dict[str, Any]) -> None:
    """Set one by one or by the kind of endpoint; null where there is none."""
    assert expected.items() <= request_limits(read_settings(environment)).items()


def test_times_are_those_until_now() -> None:
    """In milliseconds, of a turn that has not ended."""
    with RequestTiming(Deadline.after(60)) as timing:
        request_format = Negotiation().request_format(JSON, "", "timing=true")
        found = ResponseMetadata(
            request_format.options, CLASSIFIER, request_limits(Settings()), timing
        )()
    assert list(found) == ["timing"]
    assert set(found["timing"]) == {"waiting_ms", "reading_ms", "computing_ms"}
    assert 0 < found["timing"]["computing_ms"] <= timing.computing * 1e3
    assert found["timing"]["waiting_ms"] == round(timing.waiting * 1e3, 3)


def test_answer_is_as_documented() -> None:
    """The predictions as without them, then the model and the times."""
    answering = predictor(model=True, timing=True)
    text = "".join(write_json(answering, pieces(), beside(model=True, timing=True)))
    TypeAdapter(JsonAnswer).validate_json(text, strict=True)
    found, plain = json.loads(text), json.loads("".join(write_json(predictor(), pieces())))
    assert list(found) == ["predictions", "model", "timing"]
    assert found["predictions"] == plain["predictions"]
    assert text.endswith("}\n")


@pytest.mark.parametrize(
    ("accept", "options", "place"),
    [
        (LINES, {"model": True}, LINES),
        (CSV, {"timing": True}, CSV),
        (JSON, {"model": True, "shape": "blazingtext"}, "BlazingText's shape"),
    ],
)
def test_no_place_is_told(accept: str, options: dict[str, Any], place: str) -> None:
    """With 400, by the option's name, rather than that the answer lacks it."""
    request_format = Negotiation().request_format(JSON, accept, "").with_options(options, {})
    with pytest.raises(RequestError, match=place) as raised:
        check_place_beside(request_format)
    assert (raised.value.status, raised.value.code) == (400, Code.OPTION_INVALID)
    assert next(iter(options)) in raised.value.message
    assert "Accept application/json" in raised.value.remedy
