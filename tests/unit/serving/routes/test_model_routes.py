"""serving/routes/model_routes.py, with Flask's test client and models of random weights."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.unit.helpers import random_artifact
from tests.unit.test_predict import error
from text_classification import artifact
from text_classification.contract.settings import Settings
from text_classification.predict import create_app
from text_classification.serving.routes.model_schemas import LONGEST_NAME

# fmt: off
NAMES = [
    "letters", "a/b", "/a", "a//b", "a/", "invoke", "a/invoke", "invoke/invoke", "/invoke", "é字",
    "..", "../../ping", ".", " ", "%2F", "%", "a?b#c&d=e", "line\nbreak", "\U0001f600", ";", "+",
    "x" * LONGEST_NAME, "é" * (LONGEST_NAME // 6),
]
# fmt: on


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The folder of a model."""
    artifact.save(random_artifact(), tmp_path / "letters")
    return str(tmp_path / "letters")


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A client of a server that has no model."""
    return create_app(Settings(root=tmp_path, scratch=tmp_path, multi_model=True)).test_client()


def load(client: FlaskClient, name: str, url: str) -> TestResponse:
    """Load a model."""
    return client.post("/models", json={"model_name": name, "url": url})


def address(name: str) -> str:
    """Return the address of a model."""
    return f"/models/{quote(name, safe='')}"


def invoke(client: FlaskClient, name: str, **arguments: Any) -> TestResponse:
    """Ask a model."""
    return client.post(f"{address(name)}/invoke", **{"json": ["good", "bad"], **arguments})


def test_server_is_ready_without_a_model(client: FlaskClient) -> None:
    """The platform loads models only afterwards."""
    answer = client.get("/ping")
    assert (answer.status_code, answer.json) == (200, {"status": "ready"})
    assert client.get("/models").json == {"models": []}


@pytest.mark.parametrize("name", NAMES)
def test_life_of_a_model(client: FlaskClient, url: str, name: str) -> None:
    """Loaded, listed, described, asked, unloaded: by any name."""
    known = {"modelName": name, "modelUrl": url}
    assert error(invoke(client, name), 404)["code"] == "MODEL_NOT_LOADED"
    loaded = load(client, name, url)
    assert (loaded.status_code, loaded.json) == (200, {"status": f'Model "{name}" registered'})
    assert error(load(client, name, url), 409)["code"] == "MODEL_LOADED_ALREADY"
    assert client.get("/models").json == {"models": [known]}
    assert client.get(address(name)).json == known
    answer = invoke(client, name)
    assert answer.json is not None
    assert len(answer.json["predictions"]) == 2
    unloaded = client.delete(address(name))
    assert (unloaded.status_code, unloaded.json) == (
        200,
        {"status": f'Model "{name}" unregistered'},
    )
    for gone in (invoke(client, name), client.get(address(name)), client.delete(address(name))):
        assert error(gone, 404)["code"] == "MODEL_NOT_LOADED"
    assert client.get("/models").json == {"models": []}


def test_models_are_asked_as_the_one_model_is(tmp_path: Path, url: str) -> None:
    """In every form, with every option, and line for line in batch transform."""
    settings = Settings(root=tmp_path / "letters", scratch=tmp_path, multi_model=True, batch=True)
    client = create_app(settings).test_client()
    artifact.save(random_artifact(), tmp_path / "one/model")
    one = create_app(Settings(root=tmp_path / "one", batch=True)).test_client()
    load(client, "letters", url)
    arguments: dict[str, Any] = {
        "data": '"good bad"\n\n7\n',
        "content_type": "application/jsonlines; explain=true",
    }
    answers = [invoke(client, "letters", json=None, **arguments)]
    answers.append(one.post("/invocations", **arguments))
    assert answers[0].data == answers[1].data
    assert [answer.mimetype for answer in answers] == ["application/jsonlines"] * 2
    refused = invoke(client, "letters", headers={"Accept": "image/png"})
    assert error(refused, 406)["code"] == "NOT_ACCEPTABLE"


def test_each_model_says_which_it_is(client: FlaskClient, tmp_path: Path) -> None:
    """Its job's name, whatever it was loaded by; no two are mixed up."""
    for name in ("letters-1", "letters-2"):
        model = replace(random_artifact(), metrics={"job_name": name})
        artifact.save(model, tmp_path / name)
        load(client, f"as {name}", str(tmp_path / name))
    body = {"inputs": "good", "parameters": {"model": True}}
    answers = [invoke(client, f"as {name}", json=body).json for name in ("letters-1", "letters-2")]
    assert [answer and answer["model"]["name"] for answer in answers] == ["letters-1", "letters-2"]


def test_list_comes_in_pages(client: FlaskClient, url: str) -> None:
    """By the names that AWS's server has for them."""
    for number in range(5):
        load(client, str(number), url)
    listed, query = [], "?limit=2"
    for size in (2, 2, 1):
        page = client.get(f"/models{query}").json
        assert page is not None
        assert len(page["models"]) == size
        listed += [each["modelName"] for each in page["models"]]
        query = f"?limit=2&next_page_token={page.get('nextPageToken')}"
    assert sorted(listed) == ["0", "1", "2", "3", "4"]
    assert "None" in query


@pytest.mark.parametrize("query", ["limit=0", "limit=many", "limit=1001", "next_page_token=../x"])
def test_wrong_query_is_400(client: FlaskClient, query: str) -> None:
    """The parameter is named."""
    found = error(client.get(f"/models?{query}"), 400)
    assert (found["code"], found["where"]) == ("OPTION_INVALID", query.partition("=")[0])


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"", None),
        (b"{", None),
        (b"[]", None),
        (b"{}", "model_name"),
        (b'{"model_name": "a"}', "url"),
        (b'{"model_name": "", "url": "/x"}', "model_name"),
        (b'{"model_name": "a", "url": ""}', "url"),
        (b'{"model_name": 7, "url": "/x"}', "model_name"),
        (b'{"model_name": "a\\u0000", "url": "/x"}', "model_name"),
        (b'{"model_name": "\\ud800", "url": "/x"}', None),
        (json.dumps({"model_name": "x" * (LONGEST_NAME + 1), "url": "/x"}).encode(), "model_name"),
        (json.dumps({"model_name": "a", "url": "/" * 5000}).encode(), "url"),
    ],
)
def test_wrong_body_is_400(client: FlaskClient, body: bytes, where: str | None) -> None:
    """What is wrong is named, and how it is done."""
    found = error(client.post("/models", data=body, content_type="application/json"), 400)
    assert (found["code"], found.get("where")) == ("BODY_INVALID", where)
    assert "model_name" in found["remedy"]


def test_endless_body_is_413(client: FlaskClient) -> None:
    """A name and a folder take no megabytes."""
    answer = client.post("/models", data=b" " * (1 << 20), content_type="application/json")
    assert error(answer, 413)["code"] == "BODY_TOO_LARGE"


def test_what_cannot_be_loaded_is_told(client: FlaskClient, url: str) -> None:
    """No folder, or no model in it; the server goes on."""
    assert error(load(client, "a", "/nowhere"), 404)["code"] == "ARTIFACT_MISSING"
    (Path(url) / artifact.WEIGHTS).write_bytes(b"")
    broken = load(client, "a", url)
    assert error(broken, 400)["code"] == "ARTIFACT_CORRUPT"
    assert url not in broken.text
    assert client.get("/ping").status_code == 200


def test_model_that_does_not_fit_is_507(tmp_path: Path, url: str) -> None:
    """Unloading another makes room for it."""
    large = random_artifact(labels=[f"label {number}" for number in range(8000)])
    artifact.save(large, tmp_path / "letters")
    settings = Settings(root=tmp_path, scratch=tmp_path, multi_model=True, models_mb=1)
    client = create_app(settings).test_client()
    assert load(client, "a", url).status_code == 200
    assert error(load(client, "b", url), 507)["code"] == "OUT_OF_MEMORY"
    assert client.delete("/models/a").status_code == 200
    assert load(client, "b", url).status_code == 200


@pytest.mark.parametrize("path", ["/", "/models/", "/invocations", "/execution-parameters"])
def test_other_paths_are_404(client: FlaskClient, path: str) -> None:
    """The answer says which paths there are."""
    found = error(client.get(path), 404)
    described = client.get("/openapi.json").json
    assert described is not None
    assert all(known in found["remedy"] for known in described["paths"])


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/models"), ("PUT", "/models/a"), ("PATCH", "/models/a/invoke")]
)
def test_other_methods_are_405(client: FlaskClient, method: str, path: str) -> None:
    """The answer says which methods are allowed."""
    answer = client.open(path, method=method)
    assert error(answer, 405)["code"] == "METHOD_NOT_ALLOWED"
    assert answer.headers["Allow"]
