"""The calls of clients since the emulator started."""

import threading
from collections import Counter
from typing import Any, Literal

from textcnn.emulator.recording.actions import action_of, actions_of

# A caller asks in person, or through CloudFormation, which acts by the caller's permissions; what a
# function asks is by those of its role.
By = Literal["caller", "stacks", "functions"]


class Recorded:
    """Counts of operations by service (its signing name), operation and caller."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, By]] = Counter()
        self._lock = threading.Lock()

    def add(self, service: str, operation: str, by: By) -> None:
        """Count a request."""
        with self._lock:
            self._counts[service, operation, by] += 1

    def clear(self) -> None:
        """Forget all requests."""
        with self._lock:
            self._counts.clear()

    def actions(self) -> list[str]:
        """Return the IAM actions that the caller needs."""
        with self._lock:
            needed = [
                actions_of(service, name, by_stacks=by == "stacks")
                for service, name, by in self._counts
                if by != "functions"
            ]
        return sorted(set().union(*needed))

    def page(self) -> dict[str, Any]:
        """Return the requests and their actions, as the emulator's own page shows them."""
        with self._lock:
            counts = sorted(self._counts.items())
        requests = [
            {
                "service": service,
                "operation": operation,
                "action": action_of(service, operation),
                "by": by,
                "times": times,
            }
            for (service, operation, by), times in counts
        ]
        return {"requests": requests, "actions": self.actions()}
