"""The throttle of a stage: a bucket of tokens, as the service describes its own."""

import threading
import time
from collections.abc import Callable


class Throttle:
    """Lets through ``burst`` requests at once and ``rate`` a second in the long run."""

    def __init__(
        self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limits = (rate, burst)
        self._clock = clock
        self._tokens, self._then = burst, clock()
        self._lock = threading.Lock()

    def lets_through(self) -> bool:
        """Take a token where there is one."""
        rate, burst = self.limits
        with self._lock:
            now = self._clock()
            self._tokens = min(burst, self._tokens + (now - self._then) * rate)
            self._then = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True
