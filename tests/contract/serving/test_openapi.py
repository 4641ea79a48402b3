"""The OpenAPI document holds for the application: valid, and fuzzed with what it allows or not."""

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from schemathesis import Case, GenerationMode, Response
from schemathesis.specs.openapi import checks as openapi_checks

from tests.support.exhaustive import examples
from tests.unit.helpers import random_artifact
from text_classification import artifact
from text_classification.contract.settings import Settings
from text_classification.predict import create_app
from text_classification.serving.predictions.format.media_types import READ
from text_classification.serving.predictions.format.negotiation import ATTRIBUTES_HEADER
from text_classification.serving.routes.openapi import openapi_document

EXAMPLES = examples(100)
TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1)


def _csv(texts: list[str]) -> bytes:
    body = io.StringIO(newline="")
    csv.writer(body, quoting=csv.QUOTE_ALL).writerows([["text"], *([text] for text in texts)])
    return body.getvalue().encode()


def _json_lines(texts: list[str]) -> bytes:
    return "\n".join(json.dumps({"text": text}) for text in texts).encode()


# The document cannot say what CSV and JSON Lines are.
schemathesis.openapi.media_type("text/csv", TEXTS.map(_csv))
schemathesis.openapi.media_type("application/jsonlines", TEXTS.map(_json_lines))
schemathesis.openapi.media_type("text/plain", TEXTS.map("".join).filter(str.strip).map(str.encode))


@pytest.fixture
def application(tmp_path: Path) -> Flask:
    """The application, with a model of random weights."""
    artifact.save(random_artifact(), tmp_path / "model")
    return create_app(Settings(root=tmp_path, scratch=tmp_path))


@pytest.fixture
def models_application(tmp_path: Path) -> Flask:
    """The application of a multi-model endpoint, with a model that is called letters."""
    artifact.save(random_artifact(), tmp_path / "model")
    application = create_app(Settings(root=tmp_path, scratch=tmp_path, multi_model=True))
    letters = {"model_name": "letters", "url": str(tmp_path / "model")}
    assert application.test_client().post("/models", json=letters).status_code == 200
    return application


def test_document_is_valid(application: Flask, models_application: Flask) -> None:
    """It is OpenAPI 3.1, and it is served, for one model or for many."""
    for multi_model, each in ((False, application), (True, models_application)):
        served = each.test_client().get("/openapi.json").json
        assert served == openapi_document(multi_model=multi_model)
        validate(served)


def test_examples_are_answered(application: Flask) -> None:
    """Whoever copies an example from the document gets predictions."""
    client = application.test_client()
    bodies = openapi_document()["paths"]["/invocations"]["post"]["requestBody"]["content"]
    for example in bodies["application/json"]["examples"].values():
        assert client.post("/invocations", json=example["value"]).status_code == 200
    blazing = bodies["application/json"]["examples"]["BlazingText"]["value"]
    assert isinstance(client.post("/invocations", json=blazing).json, list)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_application_keeps_to_the_document(application: Flask, mode: GenerationMode) -> None:
    """Whatever is sent, answers are those of the document; what it allows is answered 200."""
    _ask(application, "/invocations", "POST", mode)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_model_is_asked_alike(models_application: Flask, mode: GenerationMode) -> None:
    """A model of a multi-model endpoint answers what the one model of a server does."""
    _ask(models_application, "/models/{model_name}/invoke", "POST", mode, model_name="letters")


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [
        *(("/models", method, mode) for method in ("GET", "POST") for mode in GenerationMode),
        # A name may be anything: there are no wrong ones.
        ("/models/{model_name}", "GET", GenerationMode.POSITIVE),
        ("/models/{model_name}", "DELETE", GenerationMode.POSITIVE),
        *(("/models/{model_name}/invoke", "POST", mode) for mode in GenerationMode),
    ],
)
def test_routes_of_models_keep_to_the_document(
    models_application: Flask, path: str, method: str, mode: GenerationMode
) -> None:
    """Whatever names, folders and pages are asked for."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", models_application)

    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    def ask(case: Case[Any]) -> None:
        _check(case, case.call())

    ask()
    left = models_application.test_client().get("/models").json
    assert left is not None
    assert [each["modelName"] for each in left["models"]] == ["letters"]


def _ask(
    application: Flask, path: str, method: str, mode: GenerationMode, **parameters: str
) -> None:
    """Ask for predictions in every way that the document knows, or in none of them."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", application)
    seen: Counter[tuple[str | None, int]] = Counter()

    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    def ask(case: Case[Any]) -> None:
        case.path_parameters = parameters
        response = case.call()
        seen[case.media_type, response.status_code] += 1
        _check(case, response)
        if mode is GenerationMode.POSITIVE and not _asks_for_what_is_not_there(case):
            assert response.status_code == 200, response.text

    ask()
    if mode is GenerationMode.NEGATIVE:
        assert seen["application/json", 400]
    else:
        assert all(seen[media_type, 200] for media_type in READ.values())


def _check(case: Case[Any], response: Response) -> None:
    """Hold an answer against the document, which does not say all that is refused."""
    case.validate_response(
        response,
        excluded_checks=[
            openapi_checks.positive_data_acceptance,
            openapi_checks.negative_data_rejection,
        ],
    )


def _asks_for_what_is_not_there(case: Case[Any]) -> bool:
    """Tell whether a request names an option, a label or a text column at random.

    Or asks for the model in BlazingText's shape, which has no place for it.
    """
    attributes = dict(case.headers or {}).get(ATTRIBUTES_HEADER, "")
    body = str(case.body)
    blazingtext = "configuration" in body or "blazingtext" in body
    return (
        "=" in attributes
        or "text_column" in body
        or "explain_label" in body
        or (blazingtext and ("'model': True" in body or "'timing': True" in body))
    )
