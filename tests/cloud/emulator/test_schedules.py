"""Schedules that delete endpoints are carried out when their time comes, and not otherwise."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from textcnn.emulator.schedules.due import once

ROLE = "arn:aws:iam::123456789012:role/scheduler"
TARGET = "arn:aws:scheduler:::aws-sdk:sagemaker:deleteEndpoint"
MADE = datetime(2026, 1, 1, tzinfo=UTC)


def described(**members: Any) -> dict[str, Any]:
    return {
        "Arn": "arn:aws:scheduler:us-east-1:123456789012:schedule/default/ends",
        "Name": "ends",
        "GroupName": "default",
        "ScheduleExpression": "at(2026-01-01T10:00:00)",
        "ScheduleExpressionTimezone": "UTC",
        "State": "ENABLED",
        "LastModificationDate": MADE.timestamp(),
        "Target": {"Arn": TARGET, "RoleArn": ROLE, "Input": '{"EndpointName": "a"}'},
        **members,
    }


@pytest.mark.parametrize(
    ("zone", "hour"), [("UTC", 10), ("Europe/Berlin", 9), ("America/New_York", 15)]
)
def test_the_time_is_that_of_its_zone(zone: str, hour: int) -> None:
    """It is due from that moment on."""
    schedule = once(described(ScheduleExpressionTimezone=zone))
    assert schedule is not None
    time = MADE.replace(hour=hour)
    assert schedule.is_due(time)
    assert not schedule.is_due(time - timedelta(seconds=1))


@pytest.mark.parametrize(
    "members",
    [
        {"State": "DISABLED"},
        {"ScheduleExpression": "rate(1 day)"},
        {"ScheduleExpression": "at(2025-12-31T00:00:00)"},
        {"ScheduleExpressionTimezone": "Nowhere/Land"},
    ],
)
def test_what_never_happens(members: dict[str, Any]) -> None:
    """Disabled, repeated, past or nonsensical: nothing is deleted by it."""
    assert once(described(**members)) is None
