"""SageMaker's runtime: InvokeEndpoint and InvokeEndpointAsync.

Bodies have at most 6 MB, as the service's model has it (its documentation has come to say 25 MB:
what passes here passes there), and 4 MB on serverless endpoints.
"""

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Request, Response

from textcnn.emulator.account import Account
from textcnn.emulator.hosting.endpoint import LOG_GROUP, Endpoint, not_found
from textcnn.emulator.hosting.fleet import Fleet
from textcnn.emulator.hosting.forwarding import original_message, received_error
from textcnn.emulator.hosting.invocation import Invocation, validation_error
from textcnn.emulator.hosting.model_definition import is_multi_model
from textcnn.emulator.hosting.serving_container import ContainerResponse, NoResponse
from textcnn.emulator.hosting.variant import Variant
from textcnn.emulator.protocol.errors import NotEmulated, ServiceError
from textcnn.emulator.protocol.models import service_model
from textcnn.emulator.protocol.rest_json import read_members, write_headers
from textcnn.emulator.protocol.validation import validate
from textcnn.emulator.sagemaker.endpoints import Endpoints

PATH = re.compile(r"/endpoints/(?P<EndpointName>[^/]+)/(?P<verb>[a-z-]+)")
LARGEST_BODY = 6_291_456
LARGEST_SERVERLESS_BODY = 4_194_304
LARGEST_LATER_BODY = 128_000
INVOCATION_SECONDS = 60.0
UNKNOWN_MEMBERS = (
    "EnableExplanations",
    "InferenceComponentName",
    "PrefixAwareId",
    "SessionId",
    "TargetContainerHostname",
)
RUNTIME = service_model("sagemaker-runtime")


def handle_runtime(account: Account, request: Request) -> Response | None:
    """Answer a request to the runtime; None where the path is none of its."""
    match = PATH.fullmatch(request.path)
    if match is None or request.method != "POST":
        return None
    verbs: dict[str, tuple[str, Callable[..., Response]]] = {
        "invocations": ("InvokeEndpoint", _invoke),
        "async-invocations": ("InvokeEndpointAsync", _invoke_later),
    }
    if match["verb"] not in verbs:
        raise NotEmulated(f"InvokeEndpointWithResponseStream ({request.path})")
    operation, carry_out = verbs[match["verb"]]
    values = _members(operation, {"EndpointName": match["EndpointName"]}, request)
    endpoints = account.part(Endpoints).store
    if values["EndpointName"] not in endpoints:
        raise not_found(account, values["EndpointName"])
    return carry_out(account, endpoints.get(values["EndpointName"]), values, request)


def _members(operation: str, path: dict[str, str], request: Request) -> dict[str, Any]:
    shape = RUNTIME.operation_model(operation).input_shape
    values = read_members(shape, path, request.headers.get)
    try:
        # The body is the container's to judge; its size is looked at by the kind of endpoint.
        validate(shape, {**values, "Body": b""})
    except ServiceError as error:
        raise validation_error(error.message) from None
    for member in UNKNOWN_MEMBERS:
        if member in values:
            raise NotEmulated(f"the member {member} of {operation}")
    return values


def _invoke(
    account: Account, endpoint: Endpoint, values: dict[str, Any], request: Request
) -> Response:
    identifier = str(uuid.uuid4())
    # The body is read in any case: a connection that is closed before would be reset.
    invocation = Invocation(identifier, request.get_data(), values)
    if len(invocation.body) > LARGEST_BODY:
        return Response(f"HTTP content length exceeded {LARGEST_BODY} bytes.", status=413)
    fleet, variant = endpoint.choose(invocation)
    _refuse(endpoint, fleet, variant, invocation)
    try:
        response = fleet.forwarder.forward(variant, invocation, INVOCATION_SECONDS, fleet.capture)
    except NoResponse as error:
        if error.timed_out:
            return _model_error(account, endpoint, None)
        raise ServiceError(
            "ServiceUnavailable", f"no instance of {endpoint.name} answers now", 503
        ) from None
    if not response.is_success:
        return _model_error(account, endpoint, response)
    shape = RUNTIME.operation_model("InvokeEndpoint").output_shape
    headers = write_headers(
        shape,
        {
            "ContentType": response.content_type or None,
            "InvokedProductionVariant": variant.name,
            "CustomAttributes": response.headers.get("x-amzn-sagemaker-custom-attributes"),
        },
    )
    return Response(response.body, headers={**headers, "x-amzn-RequestId": identifier})


def _refuse(endpoint: Endpoint, fleet: Fleet, variant: Variant, invocation: Invocation) -> None:
    """Raise the runtime's error for what this kind of endpoint does not take."""
    if fleet.asynchronous is not None:
        raise validation_error(
            f"Endpoint {endpoint.name} is asynchronous and takes InvokeEndpointAsync alone."
        )
    if variant.serverless and len(invocation.body) > LARGEST_SERVERLESS_BODY:
        raise validation_error(f"Request {invocation.identifier} has oversize body.")
    if "TargetModel" in invocation.members and not is_multi_model(variant.model.definition):
        raise validation_error(
            f"Endpoint {endpoint.name} is not a multi-model endpoint and does not support target "
            "model header."
        )


def _invoke_later(
    _: Account, endpoint: Endpoint, values: dict[str, Any], request: Request
) -> Response:
    body = request.get_data()
    if len(body) > LARGEST_LATER_BODY:
        raise validation_error(f"a Body has at most {LARGEST_LATER_BODY} bytes: use InputLocation")
    fleet, _variant = endpoint.choose(Invocation("", b""))
    if fleet.queue is None:
        raise validation_error(
            f"Endpoint {endpoint.name} is not asynchronous and takes InvokeEndpoint alone."
        )
    queued = fleet.queue.put(body, values)
    shape = RUNTIME.operation_model("InvokeEndpointAsync").output_shape
    headers = write_headers(
        shape,
        {
            "OutputLocation": queued.output,
            "FailureLocation": queued.failure,
        },
    )
    response = {"InferenceId": values.get("InferenceId", queued.identifier)}
    return Response(
        json.dumps(response), status=202, headers=headers, content_type="application/json"
    )


def _model_error(
    account: Account, endpoint: Endpoint, response: ContainerResponse | None
) -> Response:
    """Answer that the container failed: its status and words, and where its log is."""
    group = f"{LOG_GROUP}{endpoint.name}"
    message = (
        f"{received_error(response)}. See https://{account.region}.console.aws.amazon.com/cloudwatch"
        f"/home?region={account.region}#logEventViewer:group={group} in account "
        f"{account.identifier} for more information."
    )
    told = {
        "Message": message,
        "OriginalStatusCode": 0 if response is None else response.status,
        "OriginalMessage": original_message(response),
        "LogStreamArn": f"arn:aws:logs:{account.region}:{account.identifier}:log-group:{group}",
    }
    headers = {"x-amzn-ErrorType": "ModelError"}
    return Response(json.dumps(told), status=424, headers=headers, content_type="application/json")
