"""How a check is written: it yields what it finds; what it cannot find out is unknown."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from textcnn.aws import Aws
from textcnn.errors import CommandError
from textcnn.explain import explain
from textcnn.foundation import Foundation
from textcnn.results import Check

OK = "ok"
PROBLEM = "problem"
UNKNOWN = "unknown"
# An answer that is no service's own may be a whole page.
LONGEST = 160


@dataclass(frozen=True)
class ExaminedAccount:
    """What is looked at: the session, the stack where there is one, and the instance type."""

    aws: Aws
    foundation: Foundation | None
    instance_type: str


Examination = Callable[[ExaminedAccount], Iterator[Check]]


def ok(subject: str, finding: str, remedy: str = "") -> Check:
    """Return a check that found nothing wrong."""
    return Check(subject, OK, finding, remedy)


def problem(subject: str, finding: str, remedy: str) -> Check:
    """Return a check that found what has to be mended."""
    return Check(subject, PROBLEM, finding, remedy)


def unknown(subject: str, finding: str, remedy: str = "") -> Check:
    """Return a check that could not find out."""
    return Check(subject, UNKNOWN, finding, remedy)


def examine(subject: str, examination: Examination, patient: ExaminedAccount) -> Iterator[Check]:
    """Yield what an examination finds; an error of AWS is told as unknown."""
    try:
        yield from examination(patient)
    except CommandError as error:
        yield unknown(subject, _short(error.message), error.remedy)
    except (BotoCoreError, ClientError) as error:
        told = explain(error)
        yield unknown(subject, _short(told.message), told.remedy)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[:LONGEST] + " ..."
