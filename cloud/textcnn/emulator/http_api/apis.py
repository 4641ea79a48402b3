"""An HTTP API's answers: its route, its stage's throttle, its function within the time-out."""

import fnmatch
import json
from typing import Any

from botocore.exceptions import ClientError
from werkzeug.wrappers import Request, Response

from textcnn.emulator.account import Account
from textcnn.emulator.functions.functions import FunctionFailed, Functions, FunctionTimeout
from textcnn.emulator.http_api.payload import event_of, response_of
from textcnn.emulator.http_api.throttle import Throttle

STAGE = "$default"
LARGEST_BODY = 10 * 1024 * 1024
SERVICE = "apigateway.amazonaws.com"


class HttpApis:
    """The APIs of the account; what they are is moto's, what they do is here."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._throttles: dict[str, Throttle] = {}

    def close(self) -> None:
        """Have nothing to end."""

    def respond(self, api: str, domain: str, request: Request) -> Response:
        """Answer a request to an API in the service's words."""
        client = self._account.client("apigatewayv2")
        key = f"{request.method} {request.path}"
        try:
            routes = {each["RouteKey"]: each for each in client.get_routes(ApiId=api)["Items"]}
            stage = client.get_stage(ApiId=api, StageName=STAGE)
        except ClientError:
            return _says("Not Found", 404)
        if key not in routes:
            return _says("Not Found", 404)
        if not self._throttle(api, stage.get("DefaultRouteSettings", {})).lets_through():
            return _says("Too Many Requests", 429)
        if len(request.get_data()) > LARGEST_BODY:
            return _says("Request Entity Too Large", 413)
        identifier = routes[key]["Target"].removeprefix("integrations/")
        integration = client.get_integration(ApiId=api, IntegrationId=identifier)
        return self._send(
            integration, event_of(request, api, domain, key, self._account.identifier)
        )

    def _send(self, integration: dict[str, Any], event: dict[str, Any]) -> Response:
        arn, seconds = integration["IntegrationUri"], integration["TimeoutInMillis"] / 1000
        context = event["requestContext"]
        source = f"{context['apiId']}/{STAGE}/{context['routeKey'].replace(' ', '')}"
        if not self._may_invoke(arn, source):
            return _says("Internal Server Error", 500)
        try:
            return response_of(self._account.part(Functions).invoke(arn, event, seconds))
        except FunctionFailed:
            return _says("Internal Server Error", 500)
        except FunctionTimeout:
            return _says("Service Unavailable", 503)

    def _may_invoke(self, arn: str, source: str) -> bool:
        """Whether the function's policy lets this API in; source is of API, stage and route."""
        place = f"{self._account.region}:{self._account.identifier}"
        wanted = f"arn:aws:execute-api:{place}:{source}"
        try:
            policy = json.loads(
                self._account.client("lambda").get_policy(FunctionName=arn)["Policy"]
            )
        except ClientError:
            return False
        return any(
            statement["Principal"] == {"Service": SERVICE}
            and fnmatch.fnmatchcase(
                wanted, statement.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn", "*")
            )
            for statement in policy["Statement"]
        )

    def _throttle(self, api: str, settings: dict[str, Any]) -> Throttle:
        """Return the API's throttle, anew where its limits have changed."""
        limits = (
            float(settings.get("ThrottlingRateLimit", 10_000)),
            float(settings.get("ThrottlingBurstLimit", 5_000)),
        )
        throttle = self._throttles.get(api)
        if throttle is None or throttle.limits != limits:
            throttle = self._throttles[api] = Throttle(*limits)
        return throttle


def _says(message: str, status: int) -> Response:
    return Response(
        json.dumps({"message": message}), status=status, content_type="application/json"
    )
