"""examples/step_functions: it takes the right way and sends what services accept."""

import json
from typing import Any

import pytest

from tests.examples.state_machines import TaskError, execute, without_services
from tests.support.training import ROOT
from text_classification.contract.metric_lines import metric_definitions
from textcnn.emulator.protocol.models import service_model
from textcnn.emulator.protocol.validation import validate

FOLDER = ROOT / "examples/step_functions"
DEFINITION = json.loads((FOLDER / "state_machine.json").read_text())
STATES: dict[str, dict[str, Any]] = DEFINITION["States"]
INPUT = json.loads((FOLDER / "input.json").read_text())
PACKAGE = "arn:aws:sagemaker:us-east-1:123456789012:model-package/letters/1"
SENT = {
    "Train": ("sagemaker", "CreateTrainingJob"),
    "ReadScore": ("sagemaker", "DescribeTrainingJob"),
    "Register": ("sagemaker", "CreateModelPackage"),
    "TellRegistered": ("sns", "Publish"),
    "TellTooLow": ("sns", "Publish"),
    "TellFailure": ("sns", "Publish"),
}
GOOD_WAY = ["Train", "ReadScore", "Register", "TellRegistered"]


def described(accuracy: float) -> dict[str, Any]:
    """Return the members of DescribeTrainingJob's answer that the state machine reads."""
    return {
        "FinalMetricDataList": [
            {"MetricName": "validation:macro_f1", "Value": 0.4},
            {"MetricName": "validation:accuracy", "Value": accuracy},
        ],
        "ModelArtifacts": {"S3ModelArtifacts": "s3://bucket/jobs/job/output/model.tar.gz"},
    }


def run(**answers: Any) -> dict[str, Any]:
    """Execute it with the answers of its tasks, and hold what it sent against the services."""
    given = {"ReadScore": described(0.95), "Register": {"ModelPackageArn": PACKAGE}} | answers
    ended = execute(without_services(DEFINITION, given), INPUT, "letters-1")
    for state, request in ended["values"]["Sent"].items():
        service, operation = SENT[state]
        validate(service_model(service).operation_model(operation).input_shape, request)
    return ended


def test_good_model_is_registered_and_told() -> None:
    """The score is picked out of the final metrics, and is kept with the model."""
    ended = run()
    assert ended["status"] == "SUCCEEDED"
    sent = ended["values"]["Sent"]
    assert list(sent) == GOOD_WAY
    assert sent["Train"]["TrainingJobName"] == "letters-1"
    package = sent["Register"]
    assert package["CustomerMetadataProperties"] == {"validation:accuracy": "0.95"}
    assert package["InferenceSpecification"]["Containers"] == [
        {
            "Image": INPUT["Image"],
            "ModelDataUrl": "s3://bucket/jobs/job/output/model.tar.gz",
        }
    ]
    assert sent["TellRegistered"]["Message"] == f"{PACKAGE} has validation accuracy 0.95."


@pytest.mark.parametrize(("accuracy", "good"), [(0.9, True), (0.8999, False)])
def test_score_decides(accuracy: float, good: bool) -> None:  # noqa: FBT001 - a case
    """At the minimum it is good enough, below it is not registered; the execution fails then."""
    ended = run(ReadScore=described(accuracy))
    assert ended["status"] == ("SUCCEEDED" if good else "FAILED")
    assert ended["error"] == (None if good else "ScoreTooLow")
    assert ("Register" in ended["values"]["Sent"]) is good


@pytest.mark.parametrize("state", ["Train", "ReadScore", "Register"])
def test_failure_is_told(state: str) -> None:
    """Whichever task fails, its cause is published and the execution fails."""
    ended = run(**{state: TaskError("States.TaskFailed", "the channel training is empty")})
    assert (ended["status"], ended["error"]) == ("FAILED", "TrainingFailed")
    told = ended["values"]["Sent"]["TellFailure"]["Message"]
    assert told == "letters-1: the channel training is empty"


def test_every_state_is_reached_and_ends() -> None:
    """No state is left over, and each way ends in one that succeeds or fails."""
    reached = set()
    waiting = [DEFINITION["StartAt"]]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += _following(STATES[name])
    assert reached == set(STATES)
    for state in STATES.values():
        assert bool(_following(state)) is (state["Type"] not in {"Succeed", "Fail"})


def _following(state: dict[str, Any]) -> list[str]:
    """Return the states that may follow."""
    branches = [*state.get("Choices", ()), *state.get("Catch", ())]
    names = [state.get("Next"), state.get("Default"), *(each["Next"] for each in branches)]
    return [name for name in names if name]


def test_metrics_are_the_images() -> None:
    """The expressions are those that find the lines that the container prints."""
    algorithm = STATES["Train"]["Parameters"]["AlgorithmSpecification"]
    for each in algorithm["MetricDefinitions"]:
        assert each in metric_definitions()


def test_policy_allows_what_the_tasks_call() -> None:
    """Every operation of a task is allowed to the role, and what waiting for a job needs."""
    statements = json.loads((FOLDER / "policy.json").read_text())["Statement"]
    allowed = {action for each in statements for action in each["Action"]}
    called = {f"{service}:{operation}" for service, operation in SENT.values()}
    waiting = {"sagemaker:StopTrainingJob", "sagemaker:AddTags", "iam:PassRole"}
    rule = {"events:PutTargets", "events:PutRule", "events:DescribeRule"}
    assert allowed == called | waiting | rule
