"""The operation that a request is, whatever the service's protocol."""

import io
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from botocore.model import OperationModel
from werkzeug.wrappers import Request

from textcnn.emulator.protocol.models import service_model

FORM = "application/x-www-form-urlencoded"
# The models of the services whose operations are identified by method and path, by signing name.
REST = {
    "apigateway": "apigatewayv2",
    "cloudfront": "cloudfront",
    "lambda": "lambda",
    "s3": "s3",
    "sagemaker": "sagemaker-runtime",
    "scheduler": "scheduler",
}


def operation_of(service: str, request: Request) -> str:
    """Return the operation that a request to a service, by its signing name, asks for.

    One that cannot be told is the method and the path.
    """
    target = request.headers.get("X-Amz-Target", "")
    if target:
        return str(target.rpartition(".")[2])
    if "/operation/" in request.path:
        return str(request.path.rpartition("/")[2])
    action = request.args.get("Action") or _form(request).get("Action", "")
    if action:
        return str(action)
    found = _by_path(REST[service], request) if service in REST else None
    return found or f"{request.method} {request.path}"


def _form(request: Request) -> dict[str, str]:
    """Return the form in a body, and leave the body for who reads it next."""
    if not request.headers.get("Content-Type", "").startswith(FORM):
        return {}
    body = request.get_data()
    request.environ["wsgi.input"] = io.BytesIO(body)
    parsed = parse_qs(body.decode(errors="replace"), keep_blank_values=True)
    return {name: values[0] for name, values in parsed.items()}


def _by_path(service: str, request: Request) -> str | None:
    """Return the operation of which most is found in the request."""
    path = [part for part in request.path.split("/") if part]
    best: tuple[int, str] | None = None
    for operation in _operations(service, request.method):
        found = _specificity(operation, path, request.args, request.headers)
        if found is not None and (best is None or found > best[0]):
            best = (found, operation.name)
    return best[1] if best else None


@cache
def _operations(service: str, method: str) -> list[OperationModel]:
    model = service_model(service)
    every = [model.operation_model(name) for name in model.operation_names]
    return [each for each in every if each.http["method"] == method and not each.deprecated]


def _specificity(
    operation: OperationModel, path: list[str], arguments: Mapping[str, Any], headers: Any
) -> int | None:
    """Return how many parts of the operation a request has, or None where it is another one."""
    template, _, query = operation.http["requestUri"].partition("?")
    wanted = [part for part in template.split("/") if part]
    if not _fits(wanted, path):
        return None
    literals = parse_qs(query, keep_blank_values=True)
    # Clients send x-id for the operations that nothing else identifies.
    literals.pop("x-id", None)
    if any(arguments.get(name) != values[0] for name, values in literals.items()):
        return None
    count = len(wanted) + len(literals)
    for name in operation.input_shape.required_members if operation.input_shape else ():
        serialization = operation.input_shape.members[name].serialization
        place, written = serialization.get("location"), serialization.get("name", name)
        if place == "querystring":
            if written not in arguments:
                return None
            count += 1
        if place == "header":
            if written not in headers:
                return None
            count += 1
    return count


def _fits(wanted: list[str], path: list[str]) -> bool:
    greedy = bool(wanted) and wanted[-1].endswith("+}")
    if len(path) < len(wanted) or (len(path) > len(wanted) and not greedy):
        return False
    return all(
        part.startswith("{") or part == given for part, given in zip(wanted, path, strict=False)
    )
