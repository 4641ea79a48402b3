"""Asynchronous requests: read from S3, invoked in turn, responses and failures to S3 and SNS."""

import json
import logging
import queue
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from textcnn.emulator.account import Account
from textcnn.emulator.hosting.invocation import Invocation, validation_error
from textcnn.emulator.hosting.serving_container import ContainerResponse
from textcnn.emulator.objects import Location, Objects, encryption
from textcnn.emulator.protocol.errors import ServiceError

# The service chooses the number where the configuration has none.
DEFAULT_CONCURRENCY = 2
INVOCATION_SECONDS = 900
REQUEST_SECONDS = 21_600
LARGEST_BODY = 1 << 30

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AsyncRequest:
    """One request in the queue; members are those of InvokeEndpointAsync."""

    identifier: str
    body: bytes
    members: Mapping[str, Any]
    received: datetime
    began: float
    output: Location
    failure: Location | None


class AsyncFailure(Exception):
    """A request came to no answer; body is what the container said, if it did."""

    def __init__(self, message: str, body: bytes | None = None) -> None:
        super().__init__(message)
        self.body = message.encode() if body is None else body


class AsyncQueue:
    """The requests of one asynchronous endpoint, and the threads that carry them out.

    ask: sends an invocation with a time limit in seconds; raises ``AsyncFailure``.
    """

    def __init__(
        self,
        account: Account,
        endpoint: str,
        configuration: Mapping[str, Any],
        send: Callable[[Invocation, float], ContainerResponse],
    ) -> None:
        self._account = account
        self._endpoint = endpoint
        self._output = configuration["OutputConfig"]
        self._send = send
        self._ended = threading.Event()
        self._requests: queue.SimpleQueue[AsyncRequest | None] = queue.SimpleQueue()
        client = configuration.get("ClientConfig", {})
        count = client.get("MaxConcurrentInvocationsPerInstance", DEFAULT_CONCURRENCY)
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def put(self, body: bytes, members: Mapping[str, Any]) -> AsyncRequest:
        """Take a request into the queue and say where its answer will be."""
        if bool(body) == ("InputLocation" in members):
            raise validation_error("a request has either an InputLocation or a Body")
        if "InputLocation" in members:
            Location.parse(members["InputLocation"])
        identifier = str(uuid.uuid4())
        output = Location.parse(self._output["S3OutputPath"])
        if "S3OutputPathExtension" in members:
            output = output.below(members["S3OutputPathExtension"].strip("/"))
        failures = self._output.get("S3FailurePath")
        request = AsyncRequest(
            identifier=identifier,
            body=body,
            members=members,
            received=self._account.now(),
            began=time.monotonic(),
            output=output.below(members.get("Filename", f"{identifier}.out")),
            failure=Location.parse(failures).below(f"{identifier}-error.out") if failures else None,
        )
        self._requests.put(request)
        return request

    def close(self) -> None:
        """End when the requests under way have; those in the queue are dropped."""
        self._ended.set()
        for _ in self._threads:
            self._requests.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (request := self._requests.get()) is not None and not self._ended.is_set():
            try:
                self._carry_out(request)
            except (BotoCoreError, ClientError) as error:
                log.warning("an answer of %s cannot be written: %s", self._endpoint, error)

    def _carry_out(self, request: AsyncRequest) -> None:
        try:
            response = self._invoke(request)
        except AsyncFailure as failure:
            if request.failure is not None:
                self._store(request.failure, failure.body, "text/plain")
            self._notify(request, "ErrorTopic", {"failureReason": str(failure)})
        else:
            self._store(request.output, response.body, response.content_type)
            self._notify(request, "SuccessTopic", {})

    def _invoke(self, request: AsyncRequest) -> ContainerResponse:
        allowed = request.members.get("RequestTTLSeconds", REQUEST_SECONDS)
        if time.monotonic() - request.began > allowed:
            raise AsyncFailure("ClientError: the request has expired in the queue")
        body = request.body or self._read(request.members["InputLocation"])
        members = {"InferenceId": request.identifier, **request.members}
        seconds = request.members.get("InvocationTimeoutSeconds", INVOCATION_SECONDS)
        try:
            return self._send(Invocation(request.identifier, body, members), seconds)
        except ServiceError as error:
            raise AsyncFailure(error.message) from None

    def _read(self, uri: str) -> bytes:
        place = Location.parse(uri)
        try:
            head = self._account.client("s3").head_object(Bucket=place.bucket, Key=place.key)
            if head["ContentLength"] > LARGEST_BODY:
                raise AsyncFailure("ClientError: the payload is larger than 1 GB")
            return Objects(self._account).read(place)
        except ClientError as error:
            raise AsyncFailure(f"ClientError: {uri} cannot be read: {error}") from None

    def _store(self, place: Location, body: bytes, content_type: str) -> None:
        self._account.client("s3").put_object(
            Bucket=place.bucket,
            Key=place.key,
            Body=body,
            ContentType=content_type or "application/octet-stream",
            **encryption(self._output.get("KmsKeyId")),
        )

    def _notify(self, request: AsyncRequest, topic: str, more: Mapping[str, str]) -> None:
        arn = self._output.get("NotificationConfig", {}).get(topic)
        if arn is None:
            return
        failed = topic == "ErrorTopic"
        message = {
            "awsRegion": self._account.region,
            "eventTime": self._account.now().isoformat(),
            "receivedTime": request.received.isoformat(),
            "invocationStatus": "Failed" if failed else "Completed",
            "requestParameters": {
                "endpointName": self._endpoint,
                "inputLocation": request.members.get("InputLocation"),
            },
            "inferenceId": request.members.get("InferenceId", request.identifier),
            "eventVersion": "1.0",
            "eventSource": "aws:sagemaker",
            "eventName": "InferenceResult",
            **more,
        }
        if not failed:
            message["responseParameters"] = {"outputLocation": str(request.output)}
        self._account.client("sns").publish(TopicArn=arn, Message=json.dumps(message))
