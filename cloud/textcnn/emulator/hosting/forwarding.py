"""Forward a request to the container of a variant; count it, capture it, map its errors."""

import time

from textcnn.emulator.account import Account
from textcnn.emulator.hosting.capture import Capture
from textcnn.emulator.hosting.invocation import Invocation
from textcnn.emulator.hosting.metrics import EndpointMetrics
from textcnn.emulator.hosting.serving_container import ContainerResponse, NoResponse
from textcnn.emulator.hosting.variant import Variant

CLIENT_ERRORS = range(400, 500)
# The most of an error's body that the caller gets.
LONGEST_MESSAGE = 2048
TIMED_OUT = (
    "Your invocation timed out while waiting for a response from container primary. Review the "
    "latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again."
)


class Forwarder:
    """Forwards requests to the variants of one endpoint."""

    def __init__(self, account: Account, endpoint: str) -> None:
        self._account = account
        self._endpoint = endpoint

    def forward(
        self, variant: Variant, invocation: Invocation, seconds: float, capture: Capture | None
    ) -> ContainerResponse:
        """Return the container's answer, whatever its status; raises ``NoResponse``."""
        metrics = self._account.part(EndpointMetrics)
        began = time.monotonic()
        try:
            response = variant.invoke(invocation, seconds)
        except NoResponse:
            metrics.count(self._endpoint, variant.name, 0, time.monotonic() - began)
            raise
        metrics.count(self._endpoint, variant.name, response.status, time.monotonic() - began)
        if capture is not None and response.is_success:
            capture.record(variant.name, invocation, response)
        return response


def original_message(response: ContainerResponse | None) -> str:
    """Return the response to the caller for a container's error; None stands for a timeout."""
    if response is None:
        return TIMED_OUT
    return response.body.decode(errors="replace")[:LONGEST_MESSAGE]


def received_error(response: ContainerResponse | None) -> str:
    """Return the sentence that the service begins its message with."""
    status = 0 if response is None else response.status
    kind = "client" if status in CLIENT_ERRORS else "server"
    return (
        f'Received {kind} error ({status}) from primary with message "{original_message(response)}"'
    )
