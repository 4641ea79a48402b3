"""What is known of a training job: its states and times, as DescribeTrainingJob tells them."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from textcnn.emulator.account import Account

# aws/sagemaker-python-sdk#427 and huggingface/blog#96 show what the service says of each status.
MESSAGES = {
    "Starting": "Preparing the instances for training",
    "Downloading": "Downloading input data",
    "Training": "Training image download completed. Training in progress.",
    "Uploading": "Uploading generated training model",
    "Stopping": "Stopping the training job",
    "Interrupted": "Training job interrupted",
    "Restarting": "Restarting the training job",
    "Completed": "Training job completed",
    "Failed": "Training job failed",
    "Stopped": "Training job stopped",
    "MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds provided",
    "MaxWaitTimeExceeded": "Training job wait time exceeded MaxWaitTimeInSeconds provided",
}
ENDED = frozenset({"Completed", "Failed", "Stopped"})
LONGEST_REASON = 1024


@dataclass
class TrainingJob:
    """One training job: the request, and what has become of it.

    when_ended is called once, with the job, in the thread that ran it.
    """

    account: Account
    request: dict[str, Any]
    tuning_job_arn: str | None = None
    when_ended: Callable[["TrainingJob"], None] = lambda _: None
    status: str = "InProgress"
    transitions: list[dict[str, Any]] = field(default_factory=list)
    failure_reason: str | None = None
    training_start: datetime | None = None
    training_end: datetime | None = None
    artifacts: str | None = None
    metrics: dict[str, dict[str, Any]] = field(default_factory=dict)
    created: datetime = field(init=False)
    changed: datetime = field(init=False)
    has_ended: threading.Event = field(default_factory=threading.Event)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.created = self.changed = self.account.now()
        self.enter("Starting")

    @property
    def name(self) -> str:
        """The job's name."""
        name: str = self.request["TrainingJobName"]
        return name

    @property
    def arn(self) -> str:
        """The job's ARN."""
        return self.account.arn("training-job", self.name)

    @property
    def secondary_status(self) -> str:
        """The latest secondary status."""
        status: str = self.transitions[-1]["Status"]
        return status

    def enter(self, secondary: str) -> None:
        """Enter a secondary status; a job that is being stopped keeps Stopping until it ends."""
        with self._lock:
            if self.status == "Stopping" and secondary not in {"Stopping", *ENDED}:
                return
            self.changed = self.account.now()
            if self.transitions:
                self.transitions[-1]["EndTime"] = self.changed
            self.transitions.append(
                {
                    "Status": secondary,
                    "StartTime": self.changed,
                    "StatusMessage": MESSAGES[secondary],
                }
            )

    def stop(self) -> bool:
        """Begin to stop; False where the job is ending or being stopped already."""
        with self._lock:
            if self.status != "InProgress":
                return False
            self.status = "Stopping"
            self.enter("Stopping")
        return True

    def end(self, status: str, secondary: str | None = None, reason: str | None = None) -> None:
        """End as Completed, Failed or Stopped; a job that was being stopped is Stopped."""
        with self._lock:
            if self.status == "Stopping" and status == "Completed":
                status = "Stopped"
            self.failure_reason = reason[:LONGEST_REASON] if reason else None
            self.training_end = self.account.now()
            self.status = status
            self.enter(secondary or status)
            self.transitions[-1]["EndTime"] = self.changed
        self.has_ended.set()
        self.when_ended(self)
