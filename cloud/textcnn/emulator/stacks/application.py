"""CloudFormation's requests: forms in, XML out."""

import uuid

from werkzeug.wrappers import Request, Response

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import ServiceError, ValidationException
from textcnn.emulator.protocol.query_protocol import read_form, write_xml
from textcnn.emulator.stacks.operations import OPERATIONS
from textcnn.emulator.stacks.service import ValidationError


def handle_stacks(account: Account, request: Request) -> Response:
    """Answer one request; raises ``ServiceError``."""
    form = request.values.to_dict()
    name = form.get("Action", "")
    if name not in OPERATIONS.model.operation_names:
        raise ServiceError("InvalidAction", f"Could not find operation {name}")
    operation = OPERATIONS.model.operation_model(name)
    try:
        values = OPERATIONS.carry_out(account, name, read_form(operation.input_shape, form))
    except ValidationException as error:
        # This service calls it so.
        raise ValidationError(error.message) from None
    body = write_xml(operation, values, str(uuid.uuid4()))
    return Response(body, content_type="text/xml")
