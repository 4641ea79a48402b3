"""The variants of one endpoint configuration, which start, serve and end together."""

import contextlib
import random
import threading
from collections.abc import Mapping
from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.hosting.asynchronous import AsyncFailure, AsyncQueue
from textcnn.emulator.hosting.capture import Capture
from textcnn.emulator.hosting.forwarding import Forwarder, received_error
from textcnn.emulator.hosting.invocation import Invocation, validation_error
from textcnn.emulator.hosting.serving_container import ContainerResponse, NoResponse
from textcnn.emulator.hosting.variant import ServedModel, Variant
from textcnn.emulator.logs import LogSender


class Fleet:
    """What serves one configuration of an endpoint; models by the names of variants."""

    def __init__(
        self,
        account: Account,
        endpoint: str,
        configuration: Mapping[str, Any],
        models: Mapping[str, ServedModel],
        logs: LogSender,
    ) -> None:
        self.configuration = dict(configuration)
        self.name: str = configuration["EndpointConfigName"]
        self.variants = [
            Variant(account, endpoint, request, models[request["VariantName"]], logs)
            for request in configuration["ProductionVariants"]
        ]
        self.capture = Capture.of(account, endpoint, configuration.get("DataCaptureConfig"))
        self.forwarder = Forwarder(account, endpoint)
        self.queue: AsyncQueue | None = None
        if self.asynchronous is not None:
            self.queue = AsyncQueue(account, endpoint, self.asynchronous, self._send)

    @property
    def asynchronous(self) -> dict[str, Any] | None:
        """The configuration of an asynchronous endpoint."""
        configuration: dict[str, Any] | None = self.configuration.get("AsyncInferenceConfig")
        return configuration

    @property
    def instances(self) -> int:
        """The requested number of instances, in all variants."""
        return sum(variant.desired_count for variant in self.variants)

    def start(self, abandoned: threading.Event) -> None:
        """Return when all variants are in service; raises ``DeploymentFailed``."""
        for variant in self.variants:
            variant.start()
        for variant in self.variants:
            variant.wait_until_in_service(abandoned)

    def choose(self, invocation: Invocation) -> Variant:
        """Return the target variant, or one by the weights."""
        target = invocation.members.get("TargetVariant")
        if target is not None:
            return self._named(target, invocation.identifier)
        weights = [variant.weight for variant in self.variants]
        if not any(weights):
            raise validation_error("all production variants have the weight 0")
        return random.choices(self.variants, weights)[0]  # noqa: S311 - traffic, no secret

    def keep_in_service(self) -> None:
        """Replace what has been lost."""
        for variant in self.variants:
            variant.keep_in_service()

    def stop(self) -> None:
        """End all variants and write what was captured; requests in the queue are dropped."""
        if self.queue:
            self.queue.close()
        for variant in self.variants:
            variant.stop()
        if self.capture:
            self.capture.close()

    def kill(self) -> None:
        """End all containers at once, since the emulator ends."""
        for variant in self.variants:
            variant.kill()
        if self.queue:
            self.queue.close()
        if self.capture:
            self.capture.close()

    def _send(self, invocation: Invocation, seconds: float) -> ContainerResponse:
        """Carry out an asynchronous request; raises ``AsyncFailure``."""
        variant = self.choose(invocation)
        response: ContainerResponse | None = None
        with contextlib.suppress(NoResponse):
            response = self.forwarder.forward(variant, invocation, seconds, self.capture)
        if response is not None and response.is_success:
            return response
        told = received_error(response)
        variant.log_data(f"[{invocation.identifier}] {told}")
        raise AsyncFailure(told, None if response is None else response.body)

    def _named(self, name: str, request: str) -> Variant:
        for variant in self.variants:
            if variant.name == name:
                return variant
        raise validation_error(f"Variant {name} not found for Request {request}.")
