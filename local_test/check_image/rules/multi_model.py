"""The API of multi-model endpoints, where the image has their label."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from check_image.client import Client, Response
from check_image.memoize import memoize
from check_image.outcome import Failed, Skipped, require
from check_image.rule import Source, rule
from check_image.rules.image import has_capability
from check_image.runs import good_request, usual_volume
from check_image.server import Server, Service, serving
from check_image.subject import Subject

# The platform's names are opaque, and so are the folders that it unpacks models to.
NAME = "5d41402abc4b2a76b9719d911017c592"
FOLDER = f"/opt/ml/models/{NAME}/model"
OTHER = "no-such-model"


@rule("hosting.models-ready", Source.INFERRED)
def models_ready(subject: Subject) -> str:
    """A multi-model server is asked for its health before it is given any model."""
    server = _server(subject)
    require(server.seconds is not None, server.problem)
    return f"200 after {server.seconds or 0:.1f} s"


@rule("hosting.models-load", Source.DOCUMENTED)
def models_load(subject: Subject) -> str:
    """POST /models loads a model, and is answered 409 where it is loaded already."""
    client = _good(subject)
    _unload(client)
    _expect(_load(client), HTTPStatus.OK, "POST /models")
    _expect(_load(client), HTTPStatus.CONFLICT, "POST /models, once more")
    return "200, then 409"


@rule("hosting.models-list", Source.DOCUMENTED)
def models_list(subject: Subject) -> str:
    """GET /models lists names and URLs, GET /models/NAME tells of one or is answered 404."""
    client = _good(subject)
    _load(client)
    listed = _json(client.request("GET", "/models"), "GET /models")
    models: Any = listed.get("models")
    objects = isinstance(models, list) and all(isinstance(model, dict) for model in models)
    require(objects, "GET /models: there is no list of objects called models")
    names = [model.get("modelName") for model in models]
    require(NAME in names, f"GET /models names {names}, and not the model that is loaded")
    require(all("modelUrl" in model for model in models), "GET /models: no modelUrl")
    _expect(client.request("GET", f"/models/{NAME}"), HTTPStatus.OK, "GET /models/NAME")
    _expect(client.request("GET", f"/models/{OTHER}"), HTTPStatus.NOT_FOUND, "an unknown model")
    return f"{len(names)} listed; an unknown one is 404"


@rule("hosting.models-invoke", Source.DOCUMENTED)
def models_invoke(subject: Subject) -> str:
    """POST /models/NAME/invoke answers for one model, or 404 where it is not loaded."""
    client, (request, _) = _good(subject), good_request(subject)
    _load(client)
    headers = {"Content-Type": request.content_type}
    response = client.request("POST", f"/models/{NAME}/invoke", request.body, headers)
    _expect(response, HTTPStatus.OK, "POST /models/NAME/invoke")
    unknown = client.request("POST", f"/models/{OTHER}/invoke", request.body, headers)
    _expect(unknown, HTTPStatus.NOT_FOUND, "an unknown model")
    return "200; an unknown model is 404"


@rule("hosting.models-unload", Source.DOCUMENTED)
def models_unload(subject: Subject) -> str:
    """DELETE /models/NAME unloads a model, or is answered 404 where it is not loaded."""
    client = _good(subject)
    _load(client)
    _expect(_unload(client), HTTPStatus.OK, "DELETE /models/NAME")
    _expect(_unload(client), HTTPStatus.NOT_FOUND, "DELETE /models/NAME, once more")
    return "200, then 404"


@memoize
def _server(subject: Subject) -> Server:
    """Return a multi-model server that lives until the end, and has a model to load."""
    if not has_capability(subject, "multi-models"):
        raise Skipped("the image has no label multi-models")
    good_request(subject)
    service = Service({FOLDER: usual_volume(subject)}, ["--env", "SAGEMAKER_MULTI_MODEL=true"])
    return subject.stack.enter_context(serving(subject, service))


def _good(subject: Subject) -> Client:
    server = _server(subject)
    if server.seconds is None:
        raise Skipped("the server does not become ready, see hosting.models-ready")
    return server.client


def _load(client: Client) -> Response:
    """Load the model; one that is loaded already is left as it is."""
    body = json.dumps({"model_name": NAME, "url": FOLDER}).encode()
    return client.request("POST", "/models", body, {"Content-Type": "application/json"})


def _unload(client: Client) -> Response:
    return client.request("DELETE", f"/models/{NAME}")


def _expect(response: Response, status: HTTPStatus, what: str) -> None:
    require(response.status == status, f"{what}: {response.status}, not {status.value}")


def _json(response: Response, what: str) -> Mapping[str, Any]:
    _expect(response, HTTPStatus.OK, what)
    try:
        content = json.loads(response.body)
    except ValueError:
        raise Failed(f"{what}: the body is no JSON") from None
    require(isinstance(content, dict), f"{what}: the body is no object")
    found: Mapping[str, Any] = content
    return found
