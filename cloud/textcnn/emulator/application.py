"""The WSGI application: each request to the service that its signature names.

SageMaker, its runtime and CloudFormation are the emulator's own; all else is moto's.
"""

import json
import logging
import re
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Request, Response

from textcnn.emulator.account import OWN_ACCESS_KEY, Account
from textcnn.emulator.content_delivery.domains import rename_domains
from textcnn.emulator.content_delivery.edge import respond_to_browser
from textcnn.emulator.content_delivery.header_policies import handle_header_policies
from textcnn.emulator.functions.functions import FUNCTIONS_ACCESS_KEY, Functions
from textcnn.emulator.log_filters import name_streams
from textcnn.emulator.protocol import json_protocol
from textcnn.emulator.protocol.errors import NotEmulated, ServiceError, ValidationException
from textcnn.emulator.recording.operations import operation_of
from textcnn.emulator.recording.recorded import By
from textcnn.emulator.sagemaker import OPERATIONS as SAGEMAKER
from textcnn.emulator.sagemaker.runtime import handle_runtime
from textcnn.emulator.sagemaker.scaling import check_scaling
from textcnn.emulator.stacks.application import handle_stacks
from textcnn.emulator.stacks.stacks import STACKS_ACCESS_KEY

SCOPE = re.compile(r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/")
# The services whose own interface is the emulator's.
REGIONAL = frozenset({"sagemaker", "cloudformation"})
# Their errors are XML.
XML_SERVICES = frozenset({"cloudformation", "cloudfront", "iam", "monitoring", "s3", "sns", "sts"})

log = logging.getLogger(__name__)


class Application:
    """Answers what boto3, the AWS CLI and the sagemaker SDK ask."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        scope = SCOPE.search(request.headers.get("Authorization", ""))
        try:
            response = self._respond(request, scope) if scope else self._own_page(request)
        except ServiceError as error:
            response = _error(error, scope["service"] if scope else "")
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            response = _error(
                ServiceError("InternalFailure", "the emulator failed: see its log", 500)
            )
        if response is not None:
            return response(environ, start_response)
        service = scope["service"] if scope else ""
        try:
            if service in {"cloudfront", "lambda"}:
                return self._with_its_consequences(service, environ)(environ, start_response)
            answered: Iterable[bytes] = self._moto(environ, start_response)
        except NotImplementedError as error:
            refused = NotEmulated(f"{service or 'this'}: {error}")
            return _error(refused, service)(environ, start_response)
        return answered

    def _with_its_consequences(self, service: str, environ: dict[str, Any]) -> Response:
        """Return moto's answer where the emulator itself does something by what it says."""
        response = Response.from_app(self._moto, environ)
        if service == "cloudfront":
            rename_domains(self._account, response)
        else:
            self._account.part(Functions).end_stale()
        return response

    def _respond(self, request: Request, scope: re.Match[str]) -> Response | None:
        """Return the answer, or None where it is for moto to give."""
        service, region = scope["service"], scope["region"]
        self._note(scope["key"], service, request)
        if service in REGIONAL and region != self._account.region:
            raise ValidationException(
                f"this emulator is the region {self._account.region}; {region} was asked"
            )
        if service == "sagemaker":
            return self._sagemaker(request)
        if service == "cloudformation":
            return handle_stacks(self._account, request)
        if service == "application-autoscaling":
            check_scaling(self._account, request)
        if service == "cloudfront":
            return handle_header_policies(self._account, request)
        if service == "logs":
            return name_streams(self._account, request)
        if not self._moto_has(request):
            raise NotEmulated(f"the service {service}")
        return None

    def _moto_has(self, request: Request) -> bool:
        """Whether moto has the service; it would fail with a traceback."""
        environ = request.environ
        host = self._moto.infer_service_region_host(environ, environ["PATH_INFO"])
        patterns = (pattern for _, pattern in self._moto.backend_url_patterns)
        # moto's own names for parts of a service are no hosts.
        return (
            host is None
            or "." not in host
            or any(pattern.match(f"http://{host}") for pattern in patterns)
        )

    def _note(self, key: str, service: str, request: Request) -> None:
        """Record the calls of clients, and return a fault that was requested."""
        if key == OWN_ACCESS_KEY:
            return
        operation = operation_of(service, request)
        if key == STACKS_ACCESS_KEY:
            self._account.recorded.add(service, operation, "stacks")
            return
        by: By = "functions" if key == FUNCTIONS_ACCESS_KEY else "caller"
        self._account.recorded.add(service, operation, by)
        self._account.faults.raise_for(f"{service}:{operation}")

    def _sagemaker(self, request: Request) -> Response:
        target = request.headers.get("X-Amz-Target", "")
        if not target.startswith("SageMaker."):
            answered = handle_runtime(self._account, request)
            if answered is not None:
                return answered
            raise NotEmulated(f"{request.method} {request.path}")
        name = target.removeprefix("SageMaker.")
        if name not in SAGEMAKER.model.operation_names:
            raise ServiceError("UnknownOperationException", f"there is no operation {name}")
        operation = SAGEMAKER.model.operation_model(name)
        values = json_protocol.read_body(operation.input_shape, request.get_data())
        response = SAGEMAKER.carry_out(self._account, name, values)
        body = json_protocol.write_body(operation.output_shape, response)
        return Response(body, content_type="application/x-amz-json-1.1")

    def _own_page(self, request: Request) -> Response | None:
        """Answer what is no AWS request: a browser, requested faults, the recorded calls."""
        if request.path == "/emulator/requests":
            return self._requests(request)
        if request.path != "/emulator/faults":
            return respond_to_browser(self._account, request)
        faults = self._account.faults
        if request.method == "DELETE":
            faults.clear()
        else:
            fault = request.get_json()
            faults.add(fault["kind"], fault.get("target", "*"), fault.get("times", 1))
        return Response(status=204)

    def _requests(self, request: Request) -> Response:
        recorded = self._account.recorded
        if request.method == "DELETE":
            recorded.clear()
            return Response(status=204)
        return Response(json.dumps(recorded.page()), content_type="application/json")


def _error(error: ServiceError, service: str = "") -> Response:
    """Write an error in the service's protocol: XML for S3 and the query services, else JSON."""
    if service in XML_SERVICES:
        inner = f"<Code>{error.code}</Code><Message>{escape(error.message)}</Message>"
        wrapped = f"<Error>{inner}</Error>"
        body = wrapped if service == "s3" else f"<ErrorResponse>{wrapped}</ErrorResponse>"
        return Response(body, status=error.status, content_type="text/xml")
    body = json.dumps({"__type": error.code, "message": error.message, "Message": error.message})
    return Response(
        body,
        status=error.status,
        content_type="application/x-amz-json-1.1",
        headers={"x-amzn-ErrorType": error.code},
    )
