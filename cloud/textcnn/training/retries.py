"""Retry calls to AWS while the credentials have expired or the network is unreachable.

The job continues meanwhile. A person at a terminal is asked to log in again, without a time limit;
a program gives up after a few minutes.
"""

import math
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's own
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    SSOError,
    TokenRetrievalError,
)

from textcnn.aws import Aws
from textcnn.errors import CommandError, Exit
from textcnn.explain import EXPIRED
from textcnn.output import Output
from textcnn.polling import pauses

Result = TypeVar("Result")

LOGGED_OUT = (CredentialRetrievalError, NoCredentialsError, SSOError, TokenRetrievalError)
OFFLINE = (ConnectionError, HTTPClientError)
# What is waited for where nobody sits at a terminal, in seconds.
UNATTENDED = 300.0
# A program cannot change its own environment's credentials: one more try, and that is all.
HOPELESS = 1.0


@dataclass(frozen=True)
class Retries:
    """Retries calls after temporary errors; remedy is part of the error when it gives up."""

    aws: Aws
    output: Output
    remedy: str

    def run(self, call: Callable[[], Result]) -> Result:
        """Return the call's result; raises ``CommandError`` (exit code 3) when time is up."""
        told = False
        for passed in pauses(15):
            try:
                return call()
            except (ClientError, BotoCoreError) as error:
                trouble = _trouble(error)
                if trouble is None:
                    raise
                self.aws.renew()
                if passed >= _longest(trouble):
                    raise CommandError(trouble, self.remedy, Exit.REFUSED) from error
                if not told and passed > 0:
                    self.output.warn(f"{trouble}: {ADVICE[trouble]}; the job goes on")
                    told = True
        raise AssertionError  # pauses have no end


EXPIRED_CREDENTIALS = "the AWS credentials have expired"
NO_NETWORK = "AWS cannot be reached"
ADVICE = {
    EXPIRED_CREDENTIALS: "log in again in another terminal (`aws sso login`)",
    NO_NETWORK: "trying again",
}


def _trouble(error: ClientError | BotoCoreError) -> str | None:
    """Return what will pass, None for everything else."""
    if isinstance(error, ClientError):
        return EXPIRED_CREDENTIALS if error.response["Error"]["Code"] in EXPIRED else None
    if isinstance(error, LOGGED_OUT):
        return EXPIRED_CREDENTIALS
    return NO_NETWORK if isinstance(error, OFFLINE) else None


def _longest(trouble: str) -> float:
    if trouble == EXPIRED_CREDENTIALS and "AWS_ACCESS_KEY_ID" in os.environ:
        return HOPELESS
    return math.inf if sys.stderr.isatty() else UNATTENDED
