"""When a schedule is due, and what it is to do."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ONCE = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
TARGET = re.compile(r"arn:aws:scheduler:::aws-sdk:(?P<service>\w+):(?P<action>\w+)")


@dataclass(frozen=True)
class Schedule:
    """A schedule that happens once: its time, its target, and whether it is removed then."""

    arn: str
    name: str
    group: str
    time: datetime
    target: str
    role: str
    input: str
    removed_then: bool

    def is_due(self, now: datetime) -> bool:
        """Return whether its time has come."""
        return self.time <= now


def once(described: dict[str, Any]) -> Schedule | None:
    """Return a schedule as GetSchedule describes it, or None where it will never happen here.

    Repeated ones do not happen here; those that are disabled, or were made after their time, never
    happen with the service either.
    """
    expression = ONCE.fullmatch(described["ScheduleExpression"])
    # moto forgets the state of one that is updated without it.
    if expression is None or described["State"] not in {"ENABLED", None}:
        return None
    try:
        zone = ZoneInfo(described.get("ScheduleExpressionTimezone") or "UTC")
        time = datetime.fromisoformat(expression[1]).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, ZoneInfoNotFoundError):
        return None
    changed = datetime.fromtimestamp(float(described["LastModificationDate"]), UTC)
    if time < changed.replace(microsecond=0):
        return None
    target = described["Target"]
    return Schedule(
        described["Arn"],
        described["Name"],
        described["GroupName"],
        time,
        target["Arn"],
        target["RoleArn"],
        target.get("Input") or "{}",
        described.get("ActionAfterCompletion") == "DELETE",
    )
