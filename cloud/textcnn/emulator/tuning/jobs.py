"""The account's tuning jobs."""

from collections.abc import Iterator
from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import (
    ResourceInUse,
    ResourceNotFound,
    ServiceError,
    ValidationException,
)
from textcnn.emulator.roles import check_role
from textcnn.emulator.store import Store
from textcnn.emulator.training.jobs import TrainingJobs
from textcnn.emulator.tuning.checks import check
from textcnn.emulator.tuning.job import ENDED, TuningJob


class TuningJobs:
    """Starts, stops and forgets tuning jobs."""

    def __init__(self, account: Account) -> None:
        self._account = account
        account.part(TrainingJobs)  # made before, ended after
        self._jobs: Store[TuningJob] = Store(_missing, _taken)

    def create(self, request: dict[str, Any]) -> TuningJob:
        """Check a request of CreateHyperParameterTuningJob and start the job."""
        check(request)
        check_role(self._account, request["TrainingJobDefinition"]["RoleArn"])
        job = TuningJob(self._account, request)
        self._jobs.add(job.name, job)
        try:
            job.start()
        except ServiceError:
            self._jobs.remove(job.name)
            raise
        self._account.tags.add(job.arn, request.get("Tags", []))
        return job

    def get(self, name: str) -> TuningJob:
        """Return a job; raises ``ResourceNotFound`` where there is none."""
        return self._jobs.get(name)

    def stop(self, name: str) -> None:
        """Begin to stop a job and its training jobs."""
        job = self.get(name)
        if not job.stop():
            raise ValidationException(
                f"The request was rejected because the tuning job is in status {job.status}."
            )

    def delete(self, name: str) -> None:
        """Forget a job that has ended; its training jobs stay."""
        job = self.get(name)
        if job.status not in ENDED:
            raise ResourceInUse(
                f"The request was rejected because the tuning job is in status {job.status}."
            )
        self._jobs.remove(name)
        self._account.tags.forget(job.arn)

    def close(self) -> None:
        """Stop all jobs and wait for their ends."""
        for job in self._jobs:
            job.close()

    def __iter__(self) -> Iterator[TuningJob]:
        return iter(self._jobs)


def _missing(name: str) -> ServiceError:
    # aws/amazon-sagemaker-examples#1540
    return ResourceNotFound(
        f"Amazon SageMaker can't find a tuning job called {name}. Type another name."
    )


def _taken(name: str) -> ServiceError:
    # aws/amazon-sagemaker-examples#3353
    return ResourceInUse(
        f"A hyperparameter tuning job with the name, {name}, already exists. Choose a different "
        "name."
    )
