"""Count requests in plain numbers, fast enough for thousands of them each second."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from typing import Any

# Seconds, from what one short document takes to what the longest request may.
LIMITS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 600)

# The routes that give predictions, as nginx calls them.
PREDICTIONS = frozenset({"/invocations", "/models/NAME/invoke"})
# What nginx tells of a request; the documents and times only where there was a response.
Request = Mapping[str, Any]


class Counts:
    """Counts all requests, nginx's own responses included, for all workers at one place.

    requests: by route and status; within: requests for predictions by the least of LIMITS that they
    kept to, the last for those that kept to none; dropped: lines of the log that nobody read.
    """

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, int]] = Counter()
        self.received = self.sent = 0
        self.within = [0] * (len(LIMITS) + 1)
        self.seconds = 0.0
        self.documents = 0
        self.waiting = self.reading = self.computing = 0.0
        self.dropped = 0

    def add(self, request: Request) -> None:
        """Count a request."""
        self.requests[request["route"], request["status"]] += 1
        self.received += request["bytes_in"]
        self.sent += request["bytes_out"]
        if request["route"] in PREDICTIONS:
            self.seconds += request["seconds"]
            self.within[bisect_left(LIMITS, request["seconds"])] += 1
        if "documents" in request:
            self.documents += request["documents"]
            self.waiting += request["waiting_ms"] / 1e3
            self.reading += request["reading_ms"] / 1e3
            self.computing += request["computing_ms"] / 1e3
