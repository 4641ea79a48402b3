"""The protocol of CloudFront, rest-xml: read and written by moto's own parts, from the models."""

from typing import Any

from moto.core.parse import RestXMLParser
from moto.core.serialize import RestXMLSerializer
from moto.core.utils import get_service_model
from werkzeug.wrappers import Request, Response

Values = dict[str, Any]


def read_request(service: str, operation: str, request: Request, path: dict[str, str]) -> Values:
    """Return a request's members: those of its path, its headers and its body."""
    model = get_service_model(service).operation_model(operation)
    read: Values = RestXMLParser(model).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.get_data(),
            "url_path": request.path,
            "url_params": path,
        }
    )
    return read


def write_response(service: str, operation: str, values: Values) -> Response:
    """Return an answer with these members."""
    model = get_service_model(service).operation_model(operation)
    written = RestXMLSerializer(model).serialize(values)
    return Response(written["body"], status=written["status_code"], headers=written["headers"])
