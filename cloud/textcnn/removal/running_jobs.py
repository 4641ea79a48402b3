"""Jobs that run are stopped, and waited for: they still write to the bucket."""

from collections.abc import Iterable, Iterator

from botocore.exceptions import ClientError

from textcnn.aws import Aws
from textcnn.endpoints import is_missing
from textcnn.inventory.jobs import RUNNING, Job, JobKind
from textcnn.polling import pauses
from textcnn.removal.step import Step


def steps(aws: Aws, jobs: Iterable[Job]) -> Iterator[Step]:
    """Yield a step for each job that runs; tuning jobs first, since they start others."""
    running = sorted((each for each in jobs if each.is_running), key=_rank)
    for job in running:
        yield Step(f"stop the {job.kind.name} job", job.name, _stopper(aws, job))


def _rank(job: Job) -> tuple[bool, str]:
    return job.kind.name != "tuning", job.name


def _stopper(aws: Aws, job: Job) -> "_Stop":
    return _Stop(aws, job.kind, job.name)


class _Stop:
    def __init__(self, aws: Aws, kind: JobKind, name: str) -> None:
        self._aws = aws
        self._kind = kind
        self._name = {kind.name_member: name}

    def __call__(self) -> None:
        if self._status() == "InProgress":
            try:
                self._aws.change("sagemaker", self._kind.stop, **self._name)
            except ClientError:
                if self._status() in RUNNING:  # it has not ended by itself meanwhile
                    raise
        if not self._aws.dry_run:
            for _ in pauses():
                if self._status() not in RUNNING:
                    break

    def _status(self) -> str:
        describe = getattr(self._aws.client("sagemaker"), f"describe_{self._kind.noun}_job")
        try:
            return str(describe(**self._name)[f"{self._kind.prefix}JobStatus"])
        except ClientError as error:
            if is_missing(error):
                return ""
            raise
