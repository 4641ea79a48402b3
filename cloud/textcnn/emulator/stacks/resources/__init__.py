"""The resource types that stacks may have, a module for each service."""

from textcnn.emulator.stacks.resources import (
    alarms,
    buckets,
    budgets,
    endpoints,
    models,
    repositories,
    roles,
    scaling,
    schedules,
)
from textcnn.emulator.stacks.resources.kind import Kind

KINDS: dict[str, Kind] = {
    kind.type: kind
    for kind in (
        alarms.Alarm(),
        buckets.Bucket(),
        buckets.BucketPolicy(),
        budgets.Budget(),
        endpoints.Endpoint(),
        models.EndpointConfig(),
        models.Model(),
        repositories.Repository(),
        roles.Role(),
        scaling.ScalableTarget(),
        scaling.ScalingPolicy(),
        schedules.Schedule(),
    )
}
