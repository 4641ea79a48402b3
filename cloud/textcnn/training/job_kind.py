"""What training jobs and tuning jobs have in common: `train` knows no more of them."""

from pathlib import Path
from typing import Any, Protocol

from textcnn.aws import Aws
from textcnn.options import Context
from textcnn.results import Trained
from textcnn.training.attempts import Attempts
from textcnn.training.job_options import JobOptions
from textcnn.training.request import JobSpecification


class JobKind(Protocol):
    """Makes, finds, follows and stops jobs of one kind."""

    @property
    def longest_name(self) -> int:
        """How many characters a name may have."""

    def describe(self, aws: Aws, name: str) -> dict[str, Any] | None:
        """Return the service's description of a job, None where it is not there."""

    def request(self, specification: JobSpecification, options: JobOptions) -> dict[str, Any]:
        """Return what the job is created with, but for its name and tags."""

    def create(
        self,
        context: Context,
        options: JobOptions,
        specification: JobSpecification,
        tried: Attempts,
    ) -> None:
        """Create the job of the next name; no error where it is there already."""

    def follow(self, context: Context, name: str, folder: Path | None) -> Trained:
        """Follow a job to its end and return what became of it."""

    def stop(self, aws: Aws, name: str) -> None:
        """Ask a job to end."""
