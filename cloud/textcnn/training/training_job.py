"""Training jobs: created, followed, stopped."""

from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from textcnn.aws import Aws
from textcnn.errors import CommandError, Exit
from textcnn.options import Context
from textcnn.results import Trained
from textcnn.training import attempts, request, result
from textcnn.training.attempts import Attempts, status
from textcnn.training.follow import follow, tell_tail
from textcnn.training.job_options import JobOptions
from textcnn.training.preparation import on_demand
from textcnn.training.request import JobSpecification

# What goes on from a checkpoint.
UNFINISHED = frozenset({"Stopped", "Failed"})


class TrainingJobs:
    """The kind of job that trains one model, or tunes by itself."""

    longest_name = attempts.LONGEST

    def describe(self, aws: Aws, name: str) -> dict[str, Any] | None:
        """Return DescribeTrainingJob's answer."""
        return attempts.describe_training_job(aws, name)

    def request(self, specification: JobSpecification, options: JobOptions) -> dict[str, Any]:  # noqa: ARG002 - of all kinds
        """Return CreateTrainingJob's members."""
        return request.training_request(specification)

    def create(
        self,
        context: Context,
        options: JobOptions,
        specification: JobSpecification,
        tried: Attempts,
    ) -> None:
        """Create the job; on demand where nobody asked for spot and there is no quota for it."""
        members = {
            "TrainingJobName": tried.next_name,
            **self.request(specification, options),
            "CheckpointConfig": {"S3Uri": _checkpoints(specification, tried)},
            "Tags": request.tags(specification.guards),
        }
        try:
            context.aws.change("sagemaker", "create_training_job", **members)
        except ClientError as error:
            if attempts.is_taken(error):
                return
            code = error.response["Error"]["Code"]
            if code != "ResourceLimitExceeded" or options.spot or not specification.machine.spot:
                raise
            context.output.warn("no quota for spot instances of this type: taken on demand")
            self.create(context, options, on_demand(specification), tried)

    def follow(self, context: Context, name: str, folder: Path | None) -> Trained:
        """Follow a job, then fetch its report and scores."""
        described = self.describe(context.aws, name)
        if described is None:
            raise missing(name)
        if status(described) in attempts.RUNNING:
            described = follow(context.aws, context.output, name)
        else:
            _tell_earlier(context, described)
        return result.collect(context.aws, described, folder or default_folder(name))

    def stop(self, aws: Aws, name: str) -> None:
        """Send SIGTERM to the container, which keeps its best model so far."""
        aws.change("sagemaker", "stop_training_job", TrainingJobName=name)


def missing(name: str) -> CommandError:
    """Return the error for a job that is not there."""
    return CommandError(f"there is no job {name}", "`textcnn ls` shows the jobs.", Exit.MISSING)


def default_folder(name: str) -> Path:
    """Return where a job's report goes."""
    return Path(name if name.startswith("textcnn-") else f"textcnn-{name}")


def _checkpoints(specification: JobSpecification, tried: Attempts) -> str:
    """Return a folder of the job's own, or that of an earlier try to go on from."""
    if tried.last and status(tried.last) in UNFINISHED:
        earlier: str = tried.last.get("CheckpointConfig", {}).get("S3Uri", "")
        if earlier:
            return earlier
    return f"s3://{specification.foundation.bucket}/checkpoints/{tried.next_name}/"


def _tell_earlier(context: Context, described: dict[str, Any]) -> None:
    state = status(described)
    name = described["TrainingJobName"]
    context.output.say(f"the job {name} has ended before: {state}; DATA with --again trains anew")
    if state == "Failed":
        tell_tail(context.aws, context.output, name)
