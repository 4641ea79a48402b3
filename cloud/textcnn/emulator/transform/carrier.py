"""One object through the container: its records are sent, and its answers put together."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from textcnn.emulator.hosting.serving_container import (
    ContainerResponse,
    NoResponse,
    ServingContainer,
)
from textcnn.emulator.transform.data_processing import DataProcessing, NotJoinable
from textcnn.emulator.transform.parameters import Parameters
from textcnn.emulator.transform.records import Batch, TooLarge, assembled, batches, records_of

SECONDS = 600
RETRIES = 3
SERVER_ERROR = 500
PIECE = 1 << 16


class ObjectFailed(Exception):
    """An object has no output; is_client says whose fault it was, the message what to log."""

    def __init__(self, message: str, *, is_client: bool) -> None:
        super().__init__(message)
        self.is_client = is_client


class Carrier:
    """Carries objects through a container; values are the members of CreateTransformJob."""

    def __init__(
        self, container: ServingContainer, values: Mapping[str, Any], parameters: Parameters
    ) -> None:
        self._container = container
        self._parameters = parameters
        self._processing = DataProcessing.of(values)
        self._split: str = values["TransformInput"].get("SplitType", "None")
        self._assemble: str = values["TransformOutput"].get("AssembleWith", "None")
        self._headers = {
            name: value
            for name, value in (
                ("Content-Type", values["TransformInput"].get("ContentType")),
                ("Accept", values["TransformOutput"].get("Accept")),
            )
            if value
        }
        client = values.get("ModelClientConfig", {})
        self._seconds = client.get("InvocationsTimeoutInSeconds", SECONDS)
        self._retries = client.get("InvocationsMaxRetries", RETRIES)

    def carry(self, content: bytes) -> bytes:
        """Return the output of an object; raises ``ObjectFailed``."""
        records = records_of(content, self._split)
        try:
            requests = batches(records, self._split, self._parameters, self._processing)
            with ThreadPoolExecutor(self._parameters.concurrency) as threads:
                parts = list(threads.map(self._responses, requests))
            return assembled([part for response in parts for part in response], self._assemble)
        except (NotJoinable, TooLarge) as error:
            raise ObjectFailed(f"ClientError: {error}", is_client=True) from None

    def _responses(self, batch: Batch) -> list[bytes]:
        response = self._send(batch.body)
        if self._processing is None:
            return [response.body]
        self._processing.check_response(response.content_type)
        responses = records_of(response.body, self._split)
        if len(responses) != len(batch.records):
            raise NotJoinable(
                f"{len(batch.records)} records were answered by {len(responses)} records"
            )
        pairs = zip(batch.records, responses, strict=True)
        return [self._processing.output(record, answered) for record, answered in pairs]

    def _send(self, body: bytes) -> ContainerResponse:
        """Send one request, again where the container fails; raises ``ObjectFailed``."""
        failed: ObjectFailed | None = None
        for _ in range(self._retries + 1):
            try:
                response = self._container.send(
                    "POST", "/invocations", self._sent(body), self._headers, self._seconds
                )
            except NoResponse as error:
                failed = ObjectFailed(f"AlgorithmError: no answer: {error}", is_client=False)
                continue
            if response.is_success:
                return response
            failed = _failed(response)
            if failed.is_client:
                break
        assert failed is not None  # noqa: S101 - there is one try at least
        raise failed

    def _sent(self, body: bytes) -> bytes | Iterator[bytes]:
        """Return a body, in pieces without a length where payloads have no limit."""
        if self._parameters.payload_bytes:
            return body
        return (body[start : start + PIECE] for start in range(0, len(body), PIECE))


def _failed(response: ContainerResponse) -> ObjectFailed:
    is_client = response.status < SERVER_ERROR
    kind = "ClientError" if is_client else "AlgorithmError"
    said = response.body.decode(errors="replace")
    return ObjectFailed(f"{kind}: {response.status}\n\nMessage:\n{said}", is_client=is_client)
