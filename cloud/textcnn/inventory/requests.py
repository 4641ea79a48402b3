"""When an endpoint was last asked, from CloudWatch."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from textcnn import durations
from textcnn.aws import Aws
from textcnn.endpoints import Endpoint

LOOKED_BACK = timedelta(days=14)
PERIOD = timedelta(hours=1)


@dataclass(frozen=True)
class LastRequest:
    """The hour in which an endpoint was last asked; None where it was not as far as was looked."""

    hour: datetime | None
    since: datetime

    def idle(self, now: datetime) -> timedelta:
        """Return for how long at least nobody has asked."""
        asked = self.hour + PERIOD if self.hour else self.since
        return max(timedelta(), now - asked)

    def tell(self, now: datetime) -> str:
        """Return it for a person."""
        if self.hour is None:
            return "none" if now - self.since < LOOKED_BACK else "none in 14 days"
        idle = self.idle(now)
        if not idle:
            return "< 1 h ago"
        return f"{durations.write(idle.total_seconds())} ago"


def last_request(aws: Aws, endpoint: Endpoint, now: datetime) -> LastRequest:
    """Return when an endpoint was last asked, to the hour, in the last 14 days."""
    since = max(endpoint.created, now - LOOKED_BACK)
    hours = [
        hour
        for variant in endpoint.variants
        for hour in _hours(aws, endpoint.name, variant["VariantName"], since, now)
    ]
    return LastRequest(max(hours, default=None), since)


def _hours(aws: Aws, endpoint: str, variant: str, since: datetime, now: datetime) -> list[datetime]:
    answer = aws.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SageMaker",
        MetricName="Invocations",
        Dimensions=[
            {"Name": "EndpointName", "Value": endpoint},
            {"Name": "VariantName", "Value": variant},
        ],
        StartTime=since - PERIOD,
        EndTime=now + timedelta(minutes=1),
        Period=int(PERIOD.total_seconds()),
        Statistics=["Sum"],
    )
    return [
        point["Timestamp"].astimezone(UTC) for point in answer["Datapoints"] if point["Sum"] > 0
    ]
