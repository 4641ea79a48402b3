"""Inject faults: errors of the services, failing jobs, lost instances."""

import fnmatch
import threading
from dataclasses import dataclass, replace
from typing import Literal, get_args

from textcnn.emulator.protocol.errors import ServiceError, ValidationException

Kind = Literal[
    "throttling",
    "quota",
    "expired-token",
    "internal-error",
    "fail-job",
    "lose-instance",
    "interrupt",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
QUOTA = (
    "The account-level service limit of this instance type is 0 Instances, with current "
    "utilization of 0 Instances and a request delta of 1 Instances. Please use AWS Service "
    "Quotas to request an increase for this quota."
)
# The error responses; the other faults happen to a job or an endpoint.
ERRORS: dict[Kind, tuple[str, str, int]] = {
    "throttling": ("ThrottlingException", "Rate exceeded", 400),
    "quota": (
        "ResourceLimitExceeded",
        QUOTA,
        400,
    ),
    "expired-token": (
        "ExpiredTokenException",
        "The security token included in the request is expired",
        400,
    ),
    "internal-error": ("InternalFailure", "The request processing has failed", 500),
}


@dataclass(frozen=True)
class Fault:
    """One fault: what happens, to which operation or resource, and how many times more.

    target is a pattern: ``sagemaker:CreateTrainingJob``, ``s3:*`` or the name of a job.
    """

    kind: Kind
    target: str = "*"
    times: int = 1


class Faults:
    """The faults that were requested and have not happened yet."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, kind: str, target: str = "*", times: int = 1) -> None:
        """Ask for a fault; raises ``ValidationException`` for an unknown kind."""
        known = {each: each for each in KINDS}
        if kind not in known:
            raise ValidationException(
                f"there is no fault {kind!r:.80}; there are {', '.join(KINDS)}"
            )
        if times < 1:
            raise ValidationException("a fault happens once or more: times must be at least 1")
        with self._lock:
            self._faults.append(Fault(known[kind], target, times))

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._faults.clear()

    def take(self, target: str, *kinds: Kind) -> Kind | None:
        """Return a fault of these kinds that hits the target now, and count it down."""
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.kind in kinds and fnmatch.fnmatch(target, fault.target):
                    if fault.times == 1:
                        del self._faults[index]
                    else:
                        self._faults[index] = replace(fault, times=fault.times - 1)
                    return fault.kind
        return None

    def raise_for(self, operation: str) -> None:
        """Raise the error that an operation, such as ``s3:PutObject``, is to return."""
        kind = self.take(operation, *ERRORS)
        if kind is not None:
            raise ServiceError(*ERRORS[kind])
