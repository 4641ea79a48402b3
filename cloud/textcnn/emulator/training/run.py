"""A training job from its start to its end, in a thread of its own."""

import logging
import shutil
import threading
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from textcnn.emulator.archives import LinkError, gather, pack
from textcnn.emulator.logs import LogSender
from textcnn.emulator.objects import Location, Objects, encryption
from textcnn.emulator.runtime.container import ImageError
from textcnn.emulator.training.attempt import Attempt, Outcome
from textcnn.emulator.training.control import Control
from textcnn.emulator.training.failure import (
    FAULT,
    INTERNAL,
    JobFailed,
    algorithm_error,
    failure_text,
)
from textcnn.emulator.training.layout import host_names
from textcnn.emulator.training.metrics import Metrics
from textcnn.emulator.training.state import TrainingJob

GROUP = "/aws/sagemaker/TrainingJobs"
# The secondary status of a job that a limit of time has stopped.
LIMITS = {"runtime": "MaxRuntimeExceeded", "wait": "MaxWaitTimeExceeded"}

log = logging.getLogger(__name__)


class TrainingRun:
    """Runs one job; folder is its own and is removed at the end."""

    def __init__(self, job: TrainingJob, folder: Path) -> None:
        self.job = job
        self._account = job.account
        self._folder = folder
        self._control = Control(job)
        self._thread = threading.Thread(target=self._run, name=job.name, daemon=True)

    def start(self) -> None:
        """Start the job."""
        self._thread.start()

    def wake(self) -> None:
        """Have a request to stop noticed without delay."""
        self._control.wake()

    def close(self) -> None:
        """Kill the job and wait for its end."""
        self._control.close()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._check_image()
            self._finish(self._attempts())
        except JobFailed as error:
            self.job.end("Failed", reason=str(error))
        except Exception:
            log.exception("training job %s failed", self.job.name)
            self.job.end("Failed", reason=INTERNAL)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _check_image(self) -> None:
        try:
            self._account.runtime.check_image(
                self.job.request["AlgorithmSpecification"]["TrainingImage"]
            )
        except ImageError as error:
            raise JobFailed(f"ClientError: {error}") from None

    def _attempts(self) -> Outcome:
        """Run the containers, anew after an interruption, until a last attempt."""
        logs, metrics = LogSender(self._account, GROUP), Metrics(self._account, self.job)
        strategy = self.job.request.get("RetryStrategy", {})
        retries = strategy.get("MaximumRetryAttempts", 0)
        self.job.training_start = self._account.now()
        self._control.begin()
        try:
            while True:
                outcome = Attempt(self.job, self._folder, self._control, logs, metrics).run()
                if outcome.cause == "interrupt":
                    self.job.enter("Interrupted")
                    self.job.enter("Starting")
                elif outcome.cause == "lose-instance" and retries > 0:
                    retries -= 1
                    self.job.enter("Restarting")
                else:
                    return outcome
        finally:
            logs.close()

    def _finish(self, outcome: Outcome) -> None:
        """Upload what the containers left, and end the job by the outcome."""
        if outcome.cause == "closed":
            self.job.end("Stopped")
            return
        if outcome.cause == "lose-instance":
            raise JobFailed(INTERNAL)
        self.job.enter("Uploading")
        self._upload()
        if outcome.cause == "fail-job":
            raise JobFailed(algorithm_error(FAULT, 1))
        if outcome.cause == "ended":
            self._complete(outcome)
        else:
            self.job.end("Stopped", LIMITS.get(outcome.cause))

    def _complete(self, outcome: Outcome) -> None:
        failed = [host for host, code in outcome.codes.items() if code]
        # Hosts that were ended for another's failure have written no failure file.
        failed.sort(key=lambda host: not failure_text(self._folder / host))
        if failed:
            text = failure_text(self._folder / failed[0])
            raise JobFailed(algorithm_error(text, outcome.codes[failed[0]]))
        self.job.end("Completed")

    def _upload(self) -> None:
        """Upload the hosts' folders as one archive each, as the service does after failures too.

        aws/sagemaker-python-sdk#746; what is empty is not uploaded (#3455).
        """
        output = self.job.request["OutputDataConfig"]
        place = Location.parse(output["S3OutputPath"]).below(f"{self.job.name}/output")
        options = encryption(output.get("KmsKeyId"))
        roots = [self._folder / host for host in host_names(self.job.request)]
        try:
            for folder, name in (("model", "model.tar.gz"), ("output/data", "output.tar.gz")):
                files = gather([root / folder for root in roots])
                if files:
                    pack(files, self._folder / name)
                    Objects(self._account).upload(self._folder / name, place.below(name), options)
        except (LinkError, BotoCoreError, ClientError) as error:
            raise JobFailed(f"ClientError: Artifact upload failed:{error}") from None
        self.job.artifacts = str(place.below("model.tar.gz"))
