"""predict.py, with Flask's test client and a model of random weights."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.unit.helpers import random_artifact
from text_classification import artifact, predict
from text_classification.contract.limits import TABLES_MB
from text_classification.contract.settings import Settings
from text_classification.inference.classifier import Classifier
from text_classification.predict import create_app
from text_classification.serving.loaded_model import LoadedModel

TEXTS = ["good policy", "", "awful bill, not paid"]
BODIES = {
    "application/json": json.dumps({"instances": TEXTS}),
    "application/jsonlines": "\n".join(json.dumps({"text": text}) for text in TEXTS),
    "application/x-ndjson": "\n".join(json.dumps(text) for text in TEXTS),
    "text/csv": 'text,n\ngood policy,1\n"",2\n"awful bill, not paid",3\n',
}


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A client of the application, with a model and a limit of 1 MB."""
    artifact.save(random_artifact(), tmp_path / "model")
    return create_app(Settings(root=tmp_path, max_body_mb=1)).test_client()


@pytest.fixture
def broken(tmp_path: Path) -> FlaskClient:
    """A client of an application whose model is missing."""
    return create_app(Settings(root=tmp_path)).test_client()


@pytest.mark.parametrize(
    ("own", "setting", "expected"),
    [
        (None, None, None),
        (1.0, None, False),
        (0.0, None, True),
        (None, 1.0, False),
        (1.0, 0.01, True),
        (1.0, 0.0, None),
    ],
)
def test_setting_goes_before_the_models_own_floor(
    tmp_path: Path, own: float | None, setting: float | None, *, expected: bool | None
) -> None:
    """The model's counts where there is no setting; a setting of 0 takes the mark away."""
    artifact.save(replace(random_artifact(), confidence_floor=own), tmp_path / "model")
    client = create_app(Settings(root=tmp_path, confidence_floor=setting)).test_client()
    (prediction,) = json.loads(ask(client, "good", "text/plain").data)["predictions"]
    assert prediction.get("sure") == expected
    assert (prediction["label"], prediction["score"]) == tuple(prediction["top"][0].values())


def ask(client: FlaskClient, body: str | bytes, content_type: str, **headers: str) -> TestResponse:
    """Ask for predictions."""
    return client.post("/invocations", data=body, content_type=content_type, headers=headers)


def error(answer: TestResponse, status: int) -> dict[str, str]:
    """Assert that an answer is an error of the one form, and return the error."""
    assert answer.status_code == status
    assert answer.mimetype == "application/json"
    assert len(answer.data) < 2048
    value: dict[str, Any] = json.loads(answer.data)
    assert set(value) == {"error"}
    assert {"code", "message"} <= set(value["error"]) <= {"code", "message", "where", "remedy"}
    return dict(value["error"])


def labels() -> list[str]:
    """Return the right answers, from the classifier itself."""
    model = random_artifact()
    scores = Classifier(model).classify(TEXTS)
    return [model.labels[index] for index in scores.probabilities.argmax(axis=1)]


def test_ping_says_ready(client: FlaskClient) -> None:
    """A model that answers is healthy."""
    answer = client.get("/ping")
    assert (answer.status_code, answer.json) == (200, {"status": "ready"})


@pytest.mark.parametrize("content_type", BODIES)
@pytest.mark.parametrize("parameters", ["", "; charset=utf-8", ';Charset="UTF-8"'])
def test_every_content_type_is_answered(
    client: FlaskClient, content_type: str, parameters: str
) -> None:
    """All of them, with the parameters that clients and pipelines add, give the same answers."""
    answer = ask(client, BODIES[content_type], content_type + parameters)
    assert answer.status_code == 200
    assert answer.json is not None
    assert [each["label"] for each in answer.json["predictions"]] == labels()


def test_memory_for_tables_is_that_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TABLES_MB reaches the model; the default is the classifier's own."""
    asked: list[int] = []

    def noted(folder: Path, tables_mb: int) -> LoadedModel:
        asked.append(tables_mb)
        return LoadedModel(folder, tables_mb)

    monkeypatch.setattr(predict, "LoadedModel", noted)
    create_app(Settings(root=tmp_path, tables_mb=3))
    create_app(Settings(root=tmp_path))
    assert asked == [3, TABLES_MB]


def test_plain_text_is_one_document(client: FlaskClient) -> None:
    """The whole body, line breaks included."""
    answer = ask(client, "good\npolicy", "text/plain; charset=UTF-8")
    assert answer.json is not None
    assert [each["label"] for each in answer.json["predictions"]] == labels()[:1]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/csv"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("application/jsonlines", "application/jsonlines"),
        ("application/json; charset=utf-8", "application/json"),
        ("text/csv;header=absent", "text/csv"),
        ("text/html, text/csv;q=0.5, */*;q=0.1", "text/csv"),
        ("application/json;q=0.2, application/jsonlines;q=0.9", "application/jsonlines"),
        ("application/json;q=0, */*", "application/jsonlines"),
        ("text/html, */*", "application/json"),
    ],
)
def test_accept_decides_about_the_answer(
    client: FlaskClient, accept: str | None, media_type: str
) -> None:
    """The best of what a caller accepts, parameters or not; JSON where nothing is said."""
    headers = {} if accept is None else {"Accept": accept}
    answer = ask(client, '["good"]', "application/json", **headers)
    assert answer.status_code == 200
    assert answer.content_type == f"{media_type}; charset=utf-8"


def test_one_record_out_for_each_record_in(client: FlaskClient) -> None:
    """Lines and rows keep number and order, as batch transform wants them."""
    body = BODIES["application/jsonlines"]
    lines = ask(client, body, "application/jsonlines", Accept="application/jsonlines")
    assert [json.loads(line)["label"] for line in lines.text.splitlines()] == labels()
    rows = ask(client, body, "application/jsonlines", Accept="text/csv")
    assert [row[0] for row in csv.reader(io.StringIO(rows.text))] == labels()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[1]", "application/json"),
        (b"caf\xe9", "text/plain"),
        (b"secret, secret", "text/csv"),
        (b"good", "text/plain; charset=utf-16"),
    ],
)
def test_callers_mistake_is_400(client: FlaskClient, body: bytes, content_type: str) -> None:
    """A body that is not what its type says is told, without a word of it."""
    answer = ask(client, body, content_type)
    assert error(answer, 400)["code"] == "BODY_INVALID"
    assert b"secret" not in answer.data


@pytest.mark.parametrize("path", ["/", "/models", "/invocations/", "/static/x", "/Ping"])
def test_other_paths_are_404(client: FlaskClient, path: str) -> None:
    """The answer says which paths there are."""
    found = error(client.get(path), 404)
    assert found["code"] == "NOT_FOUND"
    assert "/invocations" in found["remedy"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/invocations", "POST"), ("PUT", "/invocations", "POST"), ("POST", "/ping", "GET")],
)
def test_other_methods_are_405(client: FlaskClient, method: str, path: str, allowed: str) -> None:
    """The answer says which methods are allowed, in the header too."""
    answer = client.open(path, method=method)
    assert error(answer, 405)["code"] == "METHOD_NOT_ALLOWED"
    assert allowed in answer.headers["Allow"]


@pytest.mark.parametrize("accept", ["text/html", "application/xml;q=0.9", "*/*;q=0"])
def test_nothing_acceptable_is_406(client: FlaskClient, accept: str) -> None:
    """The answer says what could be accepted."""
    found = error(ask(client, '"good"', "application/json", Accept=accept), 406)
    assert found["code"] == "NOT_ACCEPTABLE"
    assert "text/csv" in found["remedy"]


def test_large_body_is_413(client: FlaskClient) -> None:
    """A byte above the limit is refused; the limit itself is answered."""
    limit = 1 << 20
    assert ask(client, b" " * (limit - 4) + b"good", "text/plain").status_code == 200
    found = error(ask(client, b" " * (limit - 3) + b"good", "text/plain"), 413)
    assert found["code"] == "BODY_TOO_LARGE"


@pytest.mark.parametrize("content_type", ["", "image/png", "application/x-www-form-urlencoded"])
def test_other_content_types_are_415(client: FlaskClient, content_type: str) -> None:
    """The answer says what is read."""
    found = error(ask(client, "good", content_type), 415)
    assert found["code"] == "CONTENT_TYPE_UNSUPPORTED"
    assert "text/plain" in found["remedy"]


def test_missing_model_is_503(broken: FlaskClient) -> None:
    """Neither ping nor predictions pretend; both say why and what to do."""
    for answer in (broken.get("/ping"), ask(broken, '"good"', "application/json")):
        found = error(answer, 503)
        assert found["code"] == "MODEL_NOT_READY"
        assert "manifest.json is missing" in found["message"]
        assert "model.tar.gz" in found["remedy"]


def test_fault_of_ours_is_500_without_details(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has the traceback, the caller has none of it."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(Classifier, "classify", fail)
    answer = ask(client, '"good"', "application/json")
    assert error(answer, 500) == {"code": "INTERNAL", "message": "the request failed"}
    assert b"secret" not in answer.data
    assert "ZeroDivisionError: secret detail" in caplog.text
