"""The resource types that stacks may have, a module for each service."""

from textcnn.emulator.stacks.resources import (
    alarms,
    apis,
    buckets,
    budgets,
    content_delivery,
    endpoints,
    functions,
    log_groups,
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
        apis.Api(),
        apis.Integration(),
        apis.Route(),
        apis.Stage(),
        buckets.Bucket(),
        buckets.BucketPolicy(),
        budgets.Budget(),
        content_delivery.Distribution(),
        content_delivery.OriginAccessControl(),
        content_delivery.ResponseHeadersPolicy(),
        endpoints.Endpoint(),
        functions.Function(),
        functions.Permission(),
        log_groups.LogGroup(),
        models.EndpointConfig(),
        models.Model(),
        repositories.Repository(),
        roles.Role(),
        scaling.ScalableTarget(),
        scaling.ScalingPolicy(),
        schedules.Schedule(),
    )
}
