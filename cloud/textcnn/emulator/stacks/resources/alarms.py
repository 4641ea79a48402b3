"""AWS::CloudWatch::Alarm."""

from textcnn.emulator.stacks.resources.kind import Kind, Properties, Work
from textcnn.emulator.stacks.resources.requests import members, request
from textcnn.emulator.stacks.return_values import ReturnValues

LONGEST_NAME = 255


class Alarm(Kind):
    """An alarm on a metric; ``Ref`` is its name."""

    type = "AWS::CloudWatch::Alarm"
    properties = members("cloudwatch", "PutMetricAlarm")
    replacing = frozenset({"AlarmName"})
    system_tags = True

    def create(self, work: Work, properties: Properties) -> str:
        """Put the alarm, by a generated name where the template gives none."""
        name = str(properties.get("AlarmName") or work.name(LONGEST_NAME))
        self._put(work, name, properties)
        return name

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Ask for its ARN."""
        response = work.client("cloudwatch").describe_alarms(AlarmNames=[identifier])
        return ReturnValues(identifier, {"Arn": response["MetricAlarms"][0]["AlarmArn"]})

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Put the alarm anew."""
        self._put(work, identifier, after)

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Delete it."""
        work.client("cloudwatch").delete_alarms(AlarmNames=[identifier])

    def _put(self, work: Work, name: str, properties: Properties) -> None:
        values = request("cloudwatch", "PutMetricAlarm", {**properties, "AlarmName": name})
        work.client("cloudwatch").put_metric_alarm(**values)
