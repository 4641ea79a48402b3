"""Waiting for AWS: ask often at first, then less and less often."""

import time
from collections.abc import Callable, Iterator

SHORTEST = 0.2
# Nobody waits for longer than this part of the time that has passed anyway.
PART = 0.2


def pauses(
    longest: float = 10.0,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[float]:
    """Yield the seconds that have passed, without end, and sleep in between.

    ``for _ in pauses(): ...`` asks at once, then after 0.2 s, and after a minute every 10 s.
    """
    began = clock()
    while True:
        passed = clock() - began
        yield passed
        sleep(min(max(SHORTEST, passed * PART), longest))
