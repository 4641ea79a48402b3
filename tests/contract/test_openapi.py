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
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi import checks as openapi_checks

from tests.unit.helpers import random_artifact
from text_classification import artifact
from text_classification.contract.settings import Settings
from text_classification.predict import create_app
from text_classification.serving.media_types import READ
from text_classification.serving.negotiation import ATTRIBUTES_HEADER
from text_classification.serving.openapi import openapi_document

EXAMPLES = 100
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


def test_document_is_valid(application: Flask) -> None:
    """It is OpenAPI 3.1, and it is served."""
    served = application.test_client().get("/openapi.json").json
    assert served == openapi_document()
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
    schema = schemathesis.openapi.from_wsgi("/openapi.json", application)
    seen: Counter[tuple[str | None, int]] = Counter()

    @given(case=schema["/invocations"]["POST"].as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    def ask(case: Case[Any]) -> None:
        response = case.call()
        seen[case.media_type, response.status_code] += 1
        case.validate_response(
            response,
            excluded_checks=[
                openapi_checks.positive_data_acceptance,
                openapi_checks.negative_data_rejection,
            ],
        )
        if mode is GenerationMode.POSITIVE and not _asks_for_what_is_not_there(case):
            assert response.status_code == 200, response.text

    ask()
    if mode is GenerationMode.NEGATIVE:
        assert seen["application/json", 400]
    else:
        assert all(seen[media_type, 200] for media_type in READ.values())


def _asks_for_what_is_not_there(case: Case[Any]) -> bool:
    """Tell whether a request names an option or a text column at random."""
    attributes = dict(case.headers or {}).get(ATTRIBUTES_HEADER, "")
    return "=" in attributes or "text_column" in str(case.body)
