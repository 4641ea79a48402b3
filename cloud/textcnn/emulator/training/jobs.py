"""The account's training jobs."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import ResourceInUse, ServiceError, ValidationException
from textcnn.emulator.store import Store
from textcnn.emulator.training.checks import DEFAULT_SECONDS, check
from textcnn.emulator.training.run import TrainingRun
from textcnn.emulator.training.state import ENDED, TrainingJob


class TrainingJobs:
    """Starts, stops and forgets training jobs."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._runs: Store[TrainingRun] = Store(_missing, self._taken)

    def create(
        self,
        request: dict[str, Any],
        tuning_job_arn: str | None = None,
        when_ended: Callable[[TrainingJob], None] = lambda _: None,
    ) -> TrainingJob:
        """Check a request of CreateTrainingJob and start the job."""
        check(self._account, request)
        request = {"StoppingCondition": {"MaxRuntimeInSeconds": DEFAULT_SECONDS}} | request
        job = TrainingJob(self._account, request, tuning_job_arn, when_ended)
        run = TrainingRun(job, self._account.folder / f"training/{uuid.uuid4().hex}")
        self._runs.add(job.name, run)
        self._account.tags.add(job.arn, request.get("Tags", []))
        run.start()
        return job

    def get(self, name: str) -> TrainingJob:
        """Return a job; raises what the service says where there is none."""
        return self._runs.get(name).job

    def stop(self, name: str) -> None:
        """Begin to stop a job; raises ``ValidationException`` where it has ended."""
        run = self._runs.get(name)
        if not run.job.stop() and run.job.status in ENDED:
            # awslabs/benchmark-ai#928
            raise ValidationException(
                f"The request was rejected because the training job is in status {run.job.status}."
            )
        run.wake()

    def kill(self, name: str) -> None:
        """End a job at once, as the emulator stops, and wait for its end."""
        self._runs.get(name).close()

    def delete(self, name: str) -> None:
        """Forget a job that has ended."""
        job = self.get(name)
        if job.status not in ENDED:
            raise ResourceInUse(
                f"The request was rejected because the training job is in status {job.status}."
            )
        self._runs.remove(name)
        self._account.tags.forget(job.arn)

    def close(self) -> None:
        """Kill all jobs and wait for their ends."""
        for run in self._runs:
            run.close()

    def __iter__(self) -> Iterator[TrainingJob]:
        return (run.job for run in self._runs)

    def _taken(self, name: str) -> ServiceError:
        # SuperCowPowers/workbench#384
        arn = self._account.arn("training-job", name)
        return ResourceInUse(
            "Training job names must be unique within an AWS account and region, and a training "
            f"job with this name already exists ({arn})"
        )


def _missing(_: str) -> ServiceError:
    # aws/aws-sdk#165: it is no ResourceNotFound.
    return ValidationException("Requested resource not found.")
