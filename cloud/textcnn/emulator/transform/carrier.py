"""One object through the container: its records are sent, and its answers put together."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from textcnn.emulator.hosting.serving_container import (
    ContainerAnswer,
    NoAnswer,
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
                parts = list(threads.map(self._answered, requests))
            return assembled([part for answer in parts for part in answer], self._assemble)
        except (NotJoinable, TooLarge) as error:
            raise ObjectFailed(f"ClientError: {error}", is_client=True) from None

    def _answered(self, batch: Batch) -> list[bytes]:
        answer = self._ask(batch.body)
        if self._processing is None:
            return [answer.body]
        self._processing.check_answer(answer.content_type)
        answers = records_of(answer.body, self._split)
        if len(answers) != len(batch.records):
            raise NotJoinable(
                f"{len(batch.records)} records were answered by {len(answers)} records"
            )
        pairs = zip(batch.records, answers, strict=True)
        return [self._processing.answer(record, answered) for record, answered in pairs]

    def _ask(self, body: bytes) -> ContainerAnswer:
        """Send one request, again where the container fails; raises ``ObjectFailed``."""
        failed: ObjectFailed | None = None
        for _ in range(self._retries + 1):
            try:
                answer = self._container.ask(
                    "POST", "/invocations", self._sent(body), self._headers, self._seconds
                )
            except NoAnswer as error:
                failed = ObjectFailed(f"AlgorithmError: no answer: {error}", is_client=False)
                continue
            if answer.is_success:
                return answer
            failed = _failed(answer)
            if failed.is_client:
                break
        assert failed is not None  # noqa: S101 - there is one try at least
        raise failed

    def _sent(self, body: bytes) -> bytes | Iterator[bytes]:
        """Return a body, in pieces without a length where payloads have no limit."""
        if self._parameters.payload_bytes:
            return body
        return (body[start : start + PIECE] for start in range(0, len(body), PIECE))


def _failed(answer: ContainerAnswer) -> ObjectFailed:
    is_client = answer.status < SERVER_ERROR
    kind = "ClientError" if is_client else "AlgorithmError"
    said = answer.body.decode(errors="replace")
    return ObjectFailed(f"{kind}: {answer.status}\n\nMessage:\n{said}", is_client=is_client)
