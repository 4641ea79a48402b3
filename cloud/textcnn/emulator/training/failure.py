"""Why a job fails, in the service's words."""

from pathlib import Path

from textcnn.emulator.training.state import LONGEST_REASON

# What the service says of its own mistakes, lost instances among them; RetryStrategy is for these.
INTERNAL = "InternalServerError: We encountered an internal error. Please try again."
FAULT = "the emulator's fault fail-job was asked for"


class JobFailed(Exception):
    """The job has failed; the message is its FailureReason."""


def algorithm_error(text: str, code: int) -> str:
    """Return the reason for a container that ended with another code than 0.

    aws-samples/amazon-sagemaker-ml-pipeline-deploy-with-terraform#12 shows the form.

    >>> algorithm_error("no channel", 1)
    'AlgorithmError: no channel, exit code: 1'
    """
    end = f", exit code: {code}"
    return f"AlgorithmError: {text}"[: LONGEST_REASON - len(end)] + end


def failure_text(root: Path) -> str:
    """Return what a container wrote into its failure file, or nothing."""
    path = root / "output/failure"
    return path.read_text("utf-8", errors="replace").strip() if path.is_file() else ""
