"""A production variant: its model in a container, its weight, and its replacement when it is lost.

One instance is run, whatever count was asked for.
"""

import secrets
import shutil
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from textcnn.emulator.account import Account
from textcnn.emulator.hosting.invocation import Invocation, validation_error
from textcnn.emulator.hosting.many_models import ManyModels
from textcnn.emulator.hosting.model_definition import is_multi_model
from textcnn.emulator.hosting.model_files import ModelDataError, fetch_model
from textcnn.emulator.hosting.serving_container import (
    ContainerResponse,
    NoResponse,
    ServingContainer,
)
from textcnn.emulator.logs import LogSender
from textcnn.emulator.protocol.errors import ServiceError
from textcnn.emulator.runtime.container import ContainerSpecification, ImageError

STARTUP_SECONDS = 480
SERVERLESS_STARTUP_SECONDS = 180
# An instance in service is pinged so often, and replaced after so many failures.
BETWEEN_PINGS = 5.0
MOST_FAILED_PINGS = 3


class ServedModel(Protocol):
    """What a variant needs to know of a model."""

    @property
    def definition(self) -> dict[str, Any]:
        """The definition of its container."""

    @property
    def isolated(self) -> bool:
        """Whether it has no network."""


class DeploymentFailed(Exception):
    """A variant did not come into service; the message becomes the FailureReason."""


class Variant:
    """A variant of an endpoint; request holds its members in CreateEndpointConfig."""

    def __init__(
        self,
        account: Account,
        endpoint: str,
        request: Mapping[str, Any],
        model: ServedModel,
        logs: LogSender,
    ) -> None:
        self.request = dict(request)
        self.name: str = request["VariantName"]
        self.model = model
        self.weight = float(request.get("InitialVariantWeight", 1.0))
        self.desired_count = int(request.get("InitialInstanceCount", 0))
        self.serverless: dict[str, Any] | None = request.get("ServerlessConfig")
        self.created: datetime = account.now()
        self._account = account
        self._endpoint = endpoint
        self._logs = logs
        self._root = account.folder / "endpoints" / f"{endpoint}-{self.name}-{secrets.token_hex(4)}"
        self._container: ServingContainer | None = None
        self._many: ManyModels | None = None
        self._stopped = False
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(self._most_at_once())
        self._next_ping = 0.0
        self._failed_pings = 0
        self._new_instance()

    def start(self) -> None:
        """Fetch the model and start the container; raises ``DeploymentFailed``."""
        try:
            fetch_model(self._account, self.model.definition, self._root / "model")
            self._start_container()
        except (ModelDataError, ImageError) as error:
            raise DeploymentFailed(str(error)) from None

    def wait_until_in_service(self, abandoned: threading.Event) -> None:
        """Return when /ping says 200; raises ``DeploymentFailed`` where it does not in time."""
        default = SERVERLESS_STARTUP_SECONDS if self.serverless else STARTUP_SECONDS
        seconds = self.request.get("ContainerStartupHealthCheckTimeoutInSeconds", default)
        seconds = min(seconds, self._account.timing.startup_seconds)
        container = self._container
        if container is None or not container.wait_until_healthy(seconds, abandoned):
            raise DeploymentFailed(
                f"The primary container for production variant {self.name} did not pass the ping "
                "health check. Please check CloudWatch logs for this endpoint."
            )

    def invoke(self, invocation: Invocation, seconds: float) -> ContainerResponse:
        """Forward a request; raises ``NoResponse`` or what the service answers instead."""
        if not self._places.acquire(blocking=False):
            raise ServiceError("ThrottlingException", "Rate exceeded", 429)
        try:
            return self._invoke(invocation, seconds)
        finally:
            self._places.release()

    def keep_in_service(self) -> None:
        """Replace a container that has ended, or that fails its health checks."""
        container = self._container
        if self._stopped or container is None:
            return
        if container.is_running() and not self._fails_pings(container):
            return
        container.kill()
        with self._lock:
            if not self._stopped:
                self._new_instance()
                self._start_container()

    def lose_instance(self) -> None:
        """Kill the container, as when its instance fails."""
        if self._container is not None:
            self._container.kill()

    def stop(self) -> None:
        """End the container and remove its files."""
        with self._lock:
            self._stopped = True
        if self._container is not None:
            self._container.stop()
        shutil.rmtree(self._root, ignore_errors=True)

    def kill(self) -> None:
        """End the container at once."""
        with self._lock:  # so that no other one is being started
            self._stopped = True
        self.lose_instance()

    def log_data(self, text: str) -> None:
        """Write a line of the platform's own, beside those of the container."""
        stamp = self._account.now().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
        self._logs.send(f"{self._stream}/data-log", f"{stamp}:[sagemaker logs] {text}")

    def _invoke(self, invocation: Invocation, seconds: float) -> ContainerResponse:
        container = self._container
        if container is None:
            raise NoResponse(timed_out=False)
        if self._many is None:
            body, headers = invocation.body, invocation.headers
            return container.send("POST", "/invocations", body, headers, seconds)
        try:
            return self._many.invoke(invocation, seconds)
        except ModelDataError as error:
            raise validation_error(str(error)) from None

    def _fails_pings(self, container: ServingContainer) -> bool:
        now = time.monotonic()
        if now < self._next_ping:
            return False
        self._next_ping = now + BETWEEN_PINGS
        self._failed_pings = 0 if container.is_healthy() else self._failed_pings + 1
        return self._failed_pings >= MOST_FAILED_PINGS

    def _new_instance(self) -> None:
        self.instance = f"i-{secrets.token_hex(8)}{secrets.token_hex(1)[0]}"
        self._stream = f"{self.name}/{self.instance}"

    def _start_container(self) -> None:
        definition = self.model.definition
        stream = self._stream
        # A new instance has time to come up before it is called unhealthy.
        self._next_ping = time.monotonic() + STARTUP_SECONDS
        self._failed_pings = 0
        self._container = ServingContainer(
            self._account,
            ContainerSpecification(
                name=f"{self._endpoint}-{stream.replace('/', '-')}",
                image=definition["Image"],
                command="serve",
                root=self._root,
                environment=self._environment(),
                memory_mb=self.serverless["MemorySizeInMB"] if self.serverless else None,
                read_only=self.serverless is not None,
                network=not self.model.isolated,
            ),
            lambda line: self._logs.send(stream, line),
        )
        if is_multi_model(definition):
            self._many = ManyModels(self._account, definition, self._root, self._container)

    def _environment(self) -> dict[str, str]:
        own = {"AWS_REGION": self._account.region}
        if is_multi_model(self.model.definition):
            own["SAGEMAKER_MULTI_MODEL"] = "true"
        if self.serverless:
            # Serverless endpoints run on AWS Lambda, which sets these.
            own["AWS_LAMBDA_FUNCTION_NAME"] = f"{self._endpoint}-{self.name}"
            own["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = str(self.serverless["MemorySizeInMB"])
        return own | dict(self.model.definition.get("Environment", {}))

    def _most_at_once(self) -> int:
        return int(self.serverless["MaxConcurrency"]) if self.serverless else 1000
