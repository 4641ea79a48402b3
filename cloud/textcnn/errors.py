"""Errors that end a command: a sentence, what to do, and an exit code."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of ``textcnn``; ``textcnn --help`` lists them."""

    DONE = 0
    FAILED = 1  # a job, an update or a check failed
    USAGE = 2  # the command line or the data cannot be understood
    REFUSED = 3  # AWS refused: credentials, permissions, quotas
    MISSING = 4  # what was named is not there
    INTERRUPTED = 130  # Ctrl+C; the same command goes on


class CommandError(Exception):
    """A command's end: what happened, and what to do about it."""

    def __init__(self, message: str, remedy: str = "", code: Exit = Exit.FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.code = code


def cause(reason: str) -> str:
    r"""Return a FailureReason without the traceback that the image puts behind the cause.

    >>> cause("AlgorithmError: no labels\nTraceback (most recent call last): ...")
    'AlgorithmError: no labels'
    """
    return reason.partition("Traceback (most recent call last)")[0].strip() or reason
