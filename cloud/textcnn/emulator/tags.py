"""The tags of SageMaker's resources, by ARN."""

import threading
from collections.abc import Iterable, Mapping

# The service's own limit.
MOST_TAGS = 50


class Tags:
    """Key and value pairs by ARN; a resource without tags has an empty list."""

    def __init__(self) -> None:
        self._tags: dict[str, dict[str, str]] = {}
        self._lock = threading.Lock()

    def add(self, arn: str, tags: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
        """Add tags, those of the same key anew, and return all that the resource has."""
        with self._lock:
            kept = self._tags.setdefault(arn, {})
            kept.update({tag["Key"]: tag.get("Value", "") for tag in tags})
        return self.of(arn)

    def remove(self, arn: str, keys: Iterable[str]) -> None:
        """Remove the tags of these keys."""
        with self._lock:
            for key in keys:
                self._tags.get(arn, {}).pop(key, None)

    def forget(self, arn: str) -> None:
        """Remove all tags of a resource that is gone."""
        with self._lock:
            self._tags.pop(arn, None)

    def of(self, arn: str) -> list[dict[str, str]]:
        """Return the tags of a resource."""
        return [{"Key": key, "Value": value} for key, value in self._tags.get(arn, {}).items()]
