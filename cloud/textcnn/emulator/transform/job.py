"""A transform job: its container, its objects one after another, and how it ends.

One instance is run, whatever count was asked for.
"""

import logging
import secrets
import shutil
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.hosting.model_files import ModelDataError, fetch_model
from textcnn.emulator.hosting.serving_container import ServingContainer
from textcnn.emulator.hosting.variant import STARTUP_SECONDS, ServedModel
from textcnn.emulator.logs import LogSender
from textcnn.emulator.objects import Location, encryption
from textcnn.emulator.runtime.container import ContainerSpecification, ImageError
from textcnn.emulator.transform.carrier import Carrier, ObjectFailed
from textcnn.emulator.transform.inputs import InputError, InputObject, input_objects, read_object
from textcnn.emulator.transform.parameters import parameters_of

LOG_GROUP = "/aws/sagemaker/TransformJobs"
CLIENT_REASON = "ClientError: See job logs for more information"
ALGORITHM_REASON = "AlgorithmError: See job logs for more information"

log = logging.getLogger(__name__)


class JobFailed(Exception):
    """The job cannot go on; the message becomes the FailureReason."""


class TransformJob:
    """One job, in a thread of its own; values are the members of CreateTransformJob."""

    def __init__(self, account: Account, values: Mapping[str, Any], model: ServedModel) -> None:
        self.values = dict(values)
        self.name: str = values["TransformJobName"]
        self.arn = account.arn("transform-job", self.name)
        self.status = "InProgress"
        self.failure_reason: str | None = None
        self.created = self.modified = account.now()
        self.started: datetime | None = None
        self.ended: datetime | None = None
        self._account = account
        self._model = model
        self._root = account.folder / "transform" / f"{self.name}-{secrets.token_hex(4)}"
        self._stream = f"{self.name}/i-{secrets.token_hex(8)}"
        self._logs = LogSender(account, LOG_GROUP)
        self._stopped = threading.Event()
        self._container: ServingContainer | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End before all is done; without effect on a job that has ended."""
        if self.status == "InProgress":
            self._enter("Stopping")
            self._stopped.set()
            if self._container is not None:
                threading.Thread(target=self._container.stop, daemon=True).start()

    def close(self) -> None:
        """End at once, since the emulator does."""
        self._stopped.set()
        if self._container is not None:
            self._container.kill()
        self._thread.join()

    def _run(self) -> None:
        try:
            reason = self._transform()
        except JobFailed as error:
            reason = str(error)
        except Exception:
            log.exception("the transform job %s failed", self.name)
            reason = "InternalServerError: We encountered an internal error. Please try again."
        if self._container is not None:
            self._container.stop()
        self._logs.close()
        shutil.rmtree(self._root, ignore_errors=True)
        self.ended = self._account.now()
        if self._stopped.is_set():
            self._enter("Stopped")
        else:
            self.failure_reason = reason
            self._enter("Failed" if reason else "Completed")

    def _transform(self) -> str | None:
        """Transform all objects; return why the job fails, or None where it does not."""
        if self._account.faults.take(self.name, "fail-job"):
            return ALGORITHM_REASON
        try:
            sources = input_objects(
                self._account, self.values["TransformInput"]["DataSource"]["S3DataSource"]
            )
        except InputError as error:
            raise JobFailed(f"ClientError: {error}") from None
        container = self._started_container()
        self.started = self._account.now()
        parameters = parameters_of(self.values, container)
        self._log(str(parameters))
        carrier = Carrier(container, self.values, parameters)
        reasons = [self._carry(carrier, source) for source in sources]
        # Those that could be transformed have their output all the same.
        return next((reason for reason in reasons if reason), None)

    def _started_container(self) -> ServingContainer:
        try:
            fetch_model(self._account, self._model.definition, self._root / "model")
            container = ServingContainer(
                self._account,
                self._specification(),
                lambda line: self._logs.send(self._stream, line),
            )
        except (ModelDataError, ImageError) as error:
            raise JobFailed(f"ClientError: {error}") from None
        self._container = container
        seconds = min(STARTUP_SECONDS, self._account.timing.startup_seconds)
        if not container.wait_until_healthy(seconds, self._stopped):
            raise JobFailed(ALGORITHM_REASON)
        return container

    def _specification(self) -> ContainerSpecification:
        definition = self._model.definition
        own = {"AWS_REGION": self._account.region, "SAGEMAKER_BATCH": "true"}
        for variable, member in (
            ("SAGEMAKER_MAX_PAYLOAD_IN_MB", "MaxPayloadInMB"),
            ("SAGEMAKER_MAX_CONCURRENT_TRANSFORMS", "MaxConcurrentTransforms"),
            ("SAGEMAKER_BATCH_STRATEGY", "BatchStrategy"),
        ):
            if member in self.values:
                own[variable] = str(self.values[member])
        return ContainerSpecification(
            name=self._stream.replace("/", "-"),
            image=definition["Image"],
            command="serve",
            root=self._root,
            environment={
                **own,
                **definition.get("Environment", {}),
                **self.values.get("Environment", {}),
            },
            network=not self._model.isolated,
        )

    def _carry(self, carrier: Carrier, source: InputObject) -> str | None:
        """Transform one object; return why that fails the job, or None."""
        if self._stopped.is_set():
            return None
        compression = self.values["TransformInput"].get("CompressionType", "None")
        try:
            output = carrier.carry(read_object(self._account, source.place, compression))
        except (ObjectFailed, InputError) as error:
            for line in str(error).split("\n"):
                self._log(f"{source.place.bucket}/{source.place.key}: {line}")
            is_client = not isinstance(error, ObjectFailed) or error.is_client
            return CLIENT_REASON if is_client else ALGORITHM_REASON
        self._store(source.output, output)
        return None

    def _store(self, name: str, output: bytes) -> None:
        wanted = self.values["TransformOutput"]
        place = Location.parse(wanted["S3OutputPath"]).below(name)
        self._account.client("s3").put_object(
            Bucket=place.bucket,
            Key=place.key,
            Body=output,
            **({"ContentType": wanted["Accept"]} if "Accept" in wanted else {}),
            **encryption(wanted.get("KmsKeyId")),
        )

    def _log(self, text: str) -> None:
        stamp = self._account.now().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
        self._logs.send(f"{self._stream}/data-log", f"{stamp}:[sagemaker logs]: {text}")

    def _enter(self, status: str) -> None:
        self.status = status
        self.modified = self._account.now()
