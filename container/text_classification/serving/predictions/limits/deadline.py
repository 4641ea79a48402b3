"""The deadline of a request, checked repeatedly by the code that works on it."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self, TypeVar

from text_classification.errors import Code, RequestError

Item = TypeVar("Item")


@dataclass(frozen=True)
class Deadline:
    """The moment by which a request has to be answered.

    at: that moment, in seconds of ``time.monotonic``; seconds: how long the request has in all.
    """

    at: float
    seconds: int

    @classmethod
    def after(cls, seconds: int, *, began: float | None = None) -> Self:
        """Return the deadline of a request that began at a time of the clock, or just now.

        The clock may have been set meanwhile: no more than the whole time is ever given or taken.
        """
        passed = 0.0 if began is None else min(max(0.0, time.time() - began), seconds)
        return cls(time.monotonic() + seconds - passed, seconds)

    @property
    def left(self) -> float:
        """The seconds that are left; 0 when the time is up."""
        return max(0.0, self.at - time.monotonic())

    def check(self) -> None:
        """Raise ``RequestError`` 504 when the time is up."""
        if not self.left:
            raise timed_out(self.seconds)

    def checked(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield ``items`` until the time is up; then raise ``RequestError`` 504."""
        for item in items:
            self.check()
            yield item


def timed_out(seconds: int) -> RequestError:
    """Return the error of a request that takes longer than so many seconds."""
    return RequestError(
        504,
        Code.TIMED_OUT,
        f"the answer took longer than {seconds} s",
        remedy="Send fewer documents a request, or set REQUEST_SECONDS.",
    )
