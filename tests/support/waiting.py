"""Wait for a condition, and fail when it does not come true."""

import time
from collections.abc import Callable

LIMIT_SECONDS = 180
PAUSE_SECONDS = 0.02


def wait_until(
    condition: Callable[[], bool],
    problem: Callable[[], str] = lambda: "",
    seconds: float = LIMIT_SECONDS,
) -> None:
    """Look again and again until ``condition`` holds; fail with ``problem`` after three minutes."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"it did not come true: {problem()}"
        time.sleep(PAUSE_SECONDS)
