"""How updates take traffic over, and what they keep of the variants in service."""

from typing import Any

import pytest

from tests.cloud.emulator.hosting import IMAGE
from textcnn.emulator.hosting.fleet import Fleet
from textcnn.emulator.hosting.retained import retain
from textcnn.emulator.hosting.traffic import Step, check_alarms, check_deployment, steps
from textcnn.emulator.logs import LogSender
from textcnn.emulator.protocol.errors import ValidationException
from textcnn.emulator.server import Emulator


def blue_green(kind: str, wait: int, baking: int, **sizes: tuple[str, int]) -> dict[str, Any]:
    """A BlueGreenUpdatePolicy."""
    routing: dict[str, Any] = {"Type": kind, "WaitIntervalInSeconds": wait}
    for name, (unit, value) in sizes.items():
        routing[name] = {"Type": unit, "Value": value}
    policy = {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": baking}
    return {"BlueGreenUpdatePolicy": policy}


@pytest.mark.parametrize(
    ("deployment", "instances", "wanted"),
    [
        ({}, 1, [Step(1, 0)]),
        (blue_green("ALL_AT_ONCE", 5, 9), 1, [Step(1, 5), Step(1, 9)]),
        (
            blue_green("CANARY", 5, 9, CanarySize=("INSTANCE_COUNT", 1)),
            4,
            [Step(0.25, 5), Step(1, 9)],
        ),
        (
            blue_green("LINEAR", 5, 9, LinearStepSize=("CAPACITY_PERCENT", 50)),
            1,
            [Step(0.5, 5), Step(1, 5), Step(1, 9)],
        ),
        (
            {
                "RollingUpdatePolicy": {
                    "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 50},
                    "WaitIntervalInSeconds": 5,
                }
            },
            1,
            [Step(0.5, 5), Step(1, 5)],
        ),
    ],
)
def test_a_deployment_takes_these_steps(
    deployment: dict[str, Any], instances: int, wanted: list[Step]
) -> None:
    assert steps(deployment, instances) == wanted


@pytest.mark.parametrize(
    ("deployment", "told"),
    [
        (blue_green("CANARY", 5, 9), "needs CanarySize"),
        (blue_green("CANARY", 5, 9, CanarySize=("CAPACITY_PERCENT", 60)), "at most 50%"),
        (blue_green("LINEAR", 5, 9, LinearStepSize=("CAPACITY_PERCENT", 5)), "10% to 50%"),
    ],
)
def test_a_step_of_a_wrong_size_is_refused(deployment: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationException, match=told):
        steps(deployment, 1)


def configuration(*names: str, **members: Any) -> dict[str, Any]:
    """The members of CreateEndpointConfig."""
    variants = [{"VariantName": name, "InitialInstanceCount": 1} for name in names]
    return {"EndpointConfigName": "c", "ProductionVariants": variants, **members}


def test_a_rolling_update_takes_one_variant() -> None:
    size = {"Type": "CAPACITY_PERCENT", "Value": 50}
    rolling = {"RollingUpdatePolicy": {"MaximumBatchSize": size, "WaitIntervalInSeconds": 0}}
    one, two = configuration("a"), configuration("a", "b")
    check_deployment(rolling, one, one)
    with pytest.raises(ValidationException, match="one production variant of instances"):
        check_deployment(rolling, two, two)


def test_an_alarm_must_be_there(emulator: Emulator) -> None:
    watched = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "nowhere"}]}}
    with pytest.raises(ValidationException, match="there is no CloudWatch alarm 'nowhere'"):
        check_alarms(emulator.account, watched)


class Model:
    """A model as a variant knows it."""

    definition = {"Image": IMAGE}  # noqa: RUF012 - nobody changes it
    isolated = False


@pytest.mark.parametrize(
    ("members", "weight", "count"),
    [
        ({}, None, 1),
        ({"RetainAllVariantProperties": True}, 0.5, 3),
        (
            {
                "RetainAllVariantProperties": True,
                "ExcludeRetainedVariantProperties": [{"VariantPropertyType": "DesiredWeight"}],
            },
            None,
            3,
        ),
    ],
)
def test_weights_and_counts_are_kept_if_that_is_asked_for(
    emulator: Emulator, members: dict[str, Any], weight: float | None, count: int
) -> None:
    logs = LogSender(emulator.account, "/retained")
    fleet = Fleet(emulator.account, "retained", configuration("a"), {"a": Model()}, logs)
    fleet.variants[0].weight, fleet.variants[0].desired_count = 0.5, 3
    kept = retain(members, fleet, configuration("a", "b"))["ProductionVariants"]
    logs.close()
    assert kept[0].get("InitialVariantWeight") == weight
    assert kept[0]["InitialInstanceCount"] == count
    assert kept[1] == {"VariantName": "b", "InitialInstanceCount": 1}
