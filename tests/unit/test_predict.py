"""predict.py, with Flask's test client and a model of random weights."""

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.training import environment
from tests.unit.helpers import random_artifact
from text_classification import artifact, predict
from text_classification.contract.limits import TABLES_MB
from text_classification.contract.settings import Settings
from text_classification.inference.classifier import Classifier
from text_classification.predict import create_app
from text_classification.serving.models.loaded_model import LoadedModel
from text_classification.serving.predictions import invocation
from text_classification.serving.predictions.format.negotiation import ATTRIBUTES_HEADER
from text_classification.serving.predictions.limits.admission import Admission, overloaded

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


def test_status_without_nginx(client: FlaskClient) -> None:
    """The model, this process, and nobody who asks beside."""
    status = client.get("/status").json
    assert status is not None
    assert (status["status"], status["requests"]) == ("ready", 0)
    assert status["model"]["labels"] == len(random_artifact().labels)
    assert [worker["process"] for worker in status["workers"]] == [os.getpid()]
    assert status["versions"]["numpy"] == np.__version__


def test_status_of_a_broken_model_is_told(broken: FlaskClient) -> None:
    """Whoever asks how the server is has an answer, which says why it is not ready."""
    answer = broken.get("/status")
    assert answer.status_code == 200
    assert answer.json is not None
    assert (answer.json["status"], answer.json["model"]) == ("failed", None)
    assert "manifest.json is missing" in answer.json["reason"]


def test_overloaded_server_is_healthy(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reason, so that nobody wonders about refusals."""

    def refuse(*_: object) -> None:
        raise overloaded(7)

    monkeypatch.setattr(Admission, "check", refuse)
    for path in ("/ping", "/status"):
        answer = client.get(path)
        assert (answer.status_code, answer.json and answer.json["status"]) == (200, "overloaded")
        assert overloaded(7).message in answer.text


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
    ("body", "content_type", "headers"),
    [
        ('{"text": "good", "parameters": {"top_k": 1}}', "application/json", {}),
        ('"good"', "application/json; top_k=1", {}),
        ('"good"', "application/json", {"Accept": "application/json; top_k=1"}),
        ('"good"', "application/json", {ATTRIBUTES_HEADER: "top_k=1"}),
    ],
)
def test_options_have_many_places(
    client: FlaskClient, body: str, content_type: str, headers: dict[str, str]
) -> None:
    """Each does the same."""
    answer = ask(client, body, content_type, **headers)
    assert answer.json is not None
    assert [len(each["top"]) for each in answer.json["predictions"]] == [1]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [('"good"', "application/json", 200), ("{", "application/json", 400), ("", "image/png", 415)],
)
def test_custom_attributes_come_back(
    client: FlaskClient, body: str, content_type: str, status: int
) -> None:
    """Whatever the answer is."""
    answer = ask(client, body, content_type, **{ATTRIBUTES_HEADER: "request 7"})
    assert (answer.status_code, answer.headers[ATTRIBUTES_HEADER]) == (status, "request 7")
    assert ATTRIBUTES_HEADER not in ask(client, body, content_type).headers


def test_settings_of_answers_count(tmp_path: Path) -> None:
    """The default form of an answer and the confidence floor."""
    artifact.save(random_artifact(), tmp_path / "model")
    settings = Settings(root=tmp_path, default_accept="application/jsonlines", confidence_floor=1)
    answer = ask(create_app(settings).test_client(), '"good"', "application/json")
    assert answer.mimetype == "application/jsonlines"
    assert json.loads(answer.text)["sure"] is False


def test_batch_transform_answers_line_for_line(tmp_path: Path) -> None:
    """In the form of the body, with a line for an empty one and for a bad one."""
    artifact.save(random_artifact(), tmp_path / "model")
    client = create_app(Settings(root=tmp_path, batch=True)).test_client()
    lines = ask(client, '"good"\n\n7\n', "application/jsonlines").text.splitlines()
    assert ["error" in json.loads(line) for line in lines] == [False, True, True]
    rows = ask(client, "id,text\n1,good\n2\n", "text/csv").text.splitlines()
    assert [row.split(",")[0] for row in rows] == ["label", labels()[0], ""]
    assert ask(client, "7", "application/jsonlines").status_code == 200


def test_large_answer_comes_from_a_file(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has its length, and is the same."""
    body = BODIES["application/jsonlines"]
    small = ask(client, body, "application/jsonlines")
    monkeypatch.setattr(invocation, "HELD_BYTES", 10)
    large = ask(client, body, "application/jsonlines")
    assert large.content_length == small.content_length
    assert large.data == small.data
    large.close()


def test_execution_parameters(client: FlaskClient) -> None:
    """What batch transform asks first; no payload is larger than a body may be."""
    answer = client.get("/execution-parameters")
    assert answer.json is not None
    assert answer.json["BatchStrategy"] == "MULTI_RECORD"
    assert answer.json["MaxPayloadInMB"] == 1
    assert 1 <= answer.json["MaxConcurrentTransforms"] <= 100


def test_body_of_any_size_where_batch_transform_sends_whole_files(tmp_path: Path) -> None:
    """A payload of 0 lifts the limit."""
    artifact.save(random_artifact(), tmp_path / "model")
    settings = Settings(root=tmp_path, max_body_mb=1, payload_mb=0)
    answer = ask(create_app(settings).test_client(), b" " * (2 << 20) + b"good", "text/plain")
    assert answer.status_code == 200


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
    described = client.get("/openapi.json").json
    assert described is not None
    assert all(known in found["remedy"] for known in described["paths"])


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/models"), ("DELETE", "/models/a"), ("POST", "/models/a/invoke")]
)
def test_routes_for_many_models_are_404(client: FlaskClient, method: str, path: str) -> None:
    """The answer says what would make them there."""
    assert "SAGEMAKER_MULTI_MODEL" in error(client.open(path, method=method), 404)["remedy"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/invocations", "POST"), ("PUT", "/invocations", "POST"), ("POST", "/ping", "GET")],
)
def test_other_methods_are_405(client: FlaskClient, method: str, path: str, allowed: str) -> None:
    """The answer says which methods are allowed, in its remedy and in the header."""
    answer = client.open(path, method=method)
    found = error(answer, 405)
    assert found["code"] == "METHOD_NOT_ALLOWED"
    assert allowed in found["remedy"]
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
    for content_type in ("text/plain", "text/csv"):
        assert ask(client, b" " * (limit - 4) + b"good", content_type).status_code == 200
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
    for answer in (
        broken.get("/ping"),
        broken.get("/execution-parameters"),
        ask(broken, '"good"', "application/json"),
    ):
        found = error(answer, 503)
        assert found["code"] == "MODEL_NOT_READY"
        assert "manifest.json is missing" in found["message"]
        assert "model.tar.gz" in found["remedy"]


def test_attributes_that_are_none_do_not_come_back(client: FlaskClient) -> None:
    """The platform would take them no more than we do."""
    answer = ask(client, '"good"', "application/json", **{ATTRIBUTES_HEADER: "x" * 1025})
    assert error(answer, 400)["code"] == "OPTION_INVALID"
    assert ATTRIBUTES_HEADER not in answer.headers


def test_fault_of_ours_is_500_without_details(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has the traceback, the caller has none of it."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(Classifier, "classify", fail)
    answer = ask(client, '"good"', "application/json", **{"X-Request-Id": "request-7"})
    assert error(answer, 500) == {"code": "INTERNAL", "message": "the request failed"}
    assert b"secret" not in answer.data
    assert "ZeroDivisionError: secret detail" in caplog.text
    assert "the request request-7 failed" in caplog.messages


def test_server_starts_without_pydantic(model_root: Path) -> None:
    """It takes long to be imported, and only a few routes need it."""
    source = (
        "import sys\n"
        "import text_classification.serving.server.supervisor\n"
        "import text_classification.serving.server.gunicorn_application\n"
        "from text_classification.predict import create_app\n"
        "client = create_app().test_client()\n"
        "answer = client.post('/invocations', json={'inputs': 'x', 'parameters': {'k': 1}})\n"
        "assert answer.status_code == 200, answer.text\n"
        "assert client.get('/status').status_code == 200\n"
        "assert 'pydantic' not in sys.modules\n"
        "assert client.get('/openapi.json').status_code == 200\n"
        "assert 'pydantic' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", source], env=environment(model_root), check=True)


def test_packed_bodies_are_read(client: FlaskClient) -> None:
    """Small or large, up to the limit that others have; what is not read is named."""
    small = json.dumps({"text": "good policy"}).encode()
    plain = ask(client, small, "application/json")
    packed = gzip.compress(small)
    answer = ask(client, packed, "application/json", **{"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json) == (200, plain.json)
    bomb = gzip.compress(b" " * ((1 << 20) + 1))
    found = error(ask(client, bomb, "text/plain", **{"Content-Encoding": "gzip"}), 413)
    assert found["code"] == "BODY_TOO_LARGE"
    found = error(ask(client, packed, "application/json", **{"Content-Encoding": "br"}), 415)
    assert (found["code"], "'br'" in found["message"]) == ("CONTENT_ENCODING_UNSUPPORTED", True)


def test_answer_has_the_name_of_json_lines_that_was_accepted(client: FlaskClient) -> None:
    """Clients look for the one that they know."""
    for name in ("application/x-ndjson", "application/jsonl", "application/x-jsonlines"):
        answer = ask(client, '"good"\n"bad"\n', name, Accept=name)
        assert answer.content_type == f"{name}; charset=utf-8"
        assert [json.loads(line)["label"] for line in answer.text.splitlines()][:1] == labels()[:1]
