"""Application Auto Scaling, which moto keeps: held against our endpoints, which moto does not know.

Targets and policies are recorded; nothing is scaled, since one instance is run.
"""

import io
import json
import re

from werkzeug.wrappers import Request

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import ValidationException
from textcnn.emulator.sagemaker.endpoints import Endpoints

CHECKED = frozenset({"RegisterScalableTarget", "PutScalingPolicy"})
RESOURCE = re.compile(r"endpoint/(?P<endpoint>[^/]+)/variant/(?P<variant>[^/]+)")


def check_scaling(account: Account, request: Request) -> None:
    """Raise ``ValidationException`` for a target that is no variant of an endpoint in service.

    The body is left for moto to read.
    """
    if request.headers.get("X-Amz-Target", "").rpartition(".")[2] not in CHECKED:
        return
    body = request.get_data()
    request.environ["wsgi.input"] = io.BytesIO(body)
    values = json.loads(body)
    if values.get("ServiceNamespace") != "sagemaker":
        return
    resource = str(values.get("ResourceId", ""))
    match = RESOURCE.fullmatch(resource)
    if match is None:
        raise ValidationException(
            f"the ResourceId {resource!r} must look like endpoint/NAME/variant/VARIANT"
        )
    endpoint = account.part(Endpoints).store.get(match["endpoint"])
    variants = endpoint.fleet.variants if endpoint.fleet else []
    serving = {variant.name: variant for variant in variants}
    variant = serving.get(match["variant"])
    if variant is None:
        raise ValidationException(f"no variant {match['variant']} of {endpoint.name} is in service")
    if variant.serverless:
        raise ValidationException(f"the variant {variant.name} is serverless: it has no instances")
