"""Data capture: requests and answers as JSON Lines in S3, in the service's format."""

import base64
import json
import random
import threading
import uuid
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Self

from textcnn.emulator.account import Account
from textcnn.emulator.hosting.invocation import Invocation
from textcnn.emulator.hosting.serving_container import ContainerResponse
from textcnn.emulator.objects import Location, encryption

FLUSH_SECONDS = 1.0
HUNDRED = 100


class Capture:
    """What an endpoint captures, written every second into one file a variant."""

    def __init__(self, account: Account, endpoint: str, configuration: Mapping[str, Any]) -> None:
        self._account = account
        self._endpoint = endpoint
        self._configuration = configuration
        modes = {option["CaptureMode"] for option in configuration["CaptureOptions"]}
        self._takes_input = bool(modes & {"Input", "InputAndOutput"})
        self._takes_output = bool(modes & {"Output", "InputAndOutput"})
        self._waiting: defaultdict[str, list[str]] = defaultdict(list)
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._write_until_end, daemon=True)
        self._thread.start()

    @classmethod
    def of(
        cls, account: Account, endpoint: str, configuration: Mapping[str, Any] | None
    ) -> Self | None:
        """Return what captures, or None where nothing is to be captured."""
        if configuration is None or not configuration.get("EnableCapture", True):
            return None
        return cls(account, endpoint, configuration)

    def record(self, variant: str, invocation: Invocation, response: ContainerResponse) -> None:
        """Keep a request and its answer, or neither, as the share that is sampled says."""
        share = self._configuration["InitialSamplingPercentage"]
        if random.random() * HUNDRED >= share:  # noqa: S311 - sampling, no secret
            return
        data = {}
        if self._takes_input:
            data["endpointInput"] = self._piece("INPUT", invocation.content_type, invocation.body)
        if self._takes_output:
            data["endpointOutput"] = self._piece("OUTPUT", response.content_type, response.body)
        line = {"captureData": data, "eventMetadata": _metadata(invocation), "eventVersion": "0"}
        with self._lock:
            self._waiting[variant].append(json.dumps(line))

    def close(self) -> None:
        """Write what is left and end."""
        self._end.set()
        self._thread.join()
        self._write()

    def _piece(self, mode: str, content_type: str, body: bytes) -> dict[str, str]:
        encoding = self._encoding(content_type)
        # What claims to be text and is none is kept as it is.
        try:
            text = body.decode() if encoding != "BASE64" else None
        except UnicodeDecodeError:
            text, encoding = None, "BASE64"
        return {
            "observedContentType": content_type,
            "mode": mode,
            "data": base64.b64encode(body).decode() if text is None else text,
            "encoding": encoding,
        }

    def _encoding(self, content_type: str) -> str:
        headers = self._configuration.get("CaptureContentTypeHeader", {})
        media_type = content_type.partition(";")[0].strip().lower()
        for encoding, member in (("CSV", "CsvContentTypes"), ("JSON", "JsonContentTypes")):
            if media_type in {each.lower() for each in headers.get(member, [])}:
                return encoding
        return "BASE64"

    def _write_until_end(self) -> None:
        while not self._end.wait(FLUSH_SECONDS):
            self._write()

    def _write(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, defaultdict(list)
        now = datetime.now(UTC)
        root = Location.parse(self._configuration["DestinationS3Uri"])
        for variant, lines in waiting.items():
            name = f"{now:%M-%S}-{now.microsecond // 1000:03d}-{uuid.uuid4()}.jsonl"
            place = root.below(f"{self._endpoint}/{variant}/{now:%Y/%m/%d/%H}/{name}")
            self._account.client("s3").put_object(
                Bucket=place.bucket,
                Key=place.key,
                Body="".join(f"{line}\n" for line in lines).encode(),
                ContentType="application/jsonlines",
                **encryption(self._configuration.get("KmsKeyId")),
            )


def _metadata(invocation: Invocation) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "eventId": invocation.identifier,
        "inferenceTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if "InferenceId" in invocation.members:
        metadata["inferenceId"] = invocation.members["InferenceId"]
    if "CustomAttributes" in invocation.members:
        metadata["customAttributes"] = [invocation.members["CustomAttributes"]]
    return metadata
