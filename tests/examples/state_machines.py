"""State machines without their services: what each task would send, and what follows its answer."""

import json
from collections.abc import Mapping
from typing import Any

from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from tests.support.waiting import wait_until

State = dict[str, Any]
ACCOUNT = "123456789012"
# moto takes this key for the one of a task's credentials, and the path in it for a text.
UNREAD = {"RoleArn.$": "_"}


class TaskError(Exception):
    """What a task is to fail with: the error and its cause."""


def without_services(definition: State, answers: Mapping[str, Any]) -> State:
    """Return the state machine with each task as states that note its request and give its answer.

    Requests are found in the output's member ``Sent``, by the states' names.
    """
    states: dict[str, State] = {}
    for name, state in definition["States"].items():
        if state["Type"] == "Task":
            states |= _instead(name, state, answers.get(name, {}))
        else:
            states[name] = state
    return {**definition, "States": states}


def _instead(name: str, task: State, answer: Any) -> dict[str, State]:
    """Return a task's parts as Pass states: its parameters, its answer, what is kept of it."""
    parameters = {f"{UNREAD.get(key, '')}{key}": value for key, value in task["Parameters"].items()}
    sent = {
        "Type": "Pass",
        "Parameters": parameters,
        "ResultPath": f"$.Sent.{name}",
        "Next": f"{name} answered",
    }
    if isinstance(answer, TaskError):
        caught = task["Catch"][0]
        error, cause = answer.args
        failed = {"Type": "Pass", "Result": {"Error": error, "Cause": cause}}
        failed |= {"ResultPath": caught["ResultPath"], "Next": caught["Next"]}
        return {name: sent, f"{name} answered": failed}
    answered = {"Type": "Pass", "Result": answer, "ResultPath": "$.Answer"}
    kept = {"Type": "Pass", "InputPath": "$.Answer", "ResultPath": task.get("ResultPath", "$")}
    if "ResultSelector" in task:
        kept["Parameters"] = task["ResultSelector"]
    return {
        name: sent,
        f"{name} answered": {**answered, "Next": f"{name} kept"},
        f"{name} kept": {**kept, "Next": task["Next"]},
    }


def execute(definition: State, values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Execute a state machine that calls no service, by moto's interpreter; return how it ended.

    The members are status, error, cause and values: what the last state was given.
    """
    backend = StepFunctionsParserBackend("us-east-1", ACCOUNT)
    machine = backend.create_state_machine(
        name="example", definition=json.dumps(definition), roleArn=f"arn:aws:iam::{ACCOUNT}:role/x"
    )
    execution = backend.start_execution(machine.arn, name, json.dumps(values))
    wait_until(lambda: execution.exec_status != ExecutionStatus.RUNNING)
    ended = {each: getattr(execution, each) for each in ("status", "error", "cause")}
    worker: Any = execution.exec_worker
    values = worker.env.states.get_input()
    for request in values["Sent"].values():
        for key in [key for key in request if key.startswith("_")]:
            request[key.removeprefix("_")] = request.pop(key)
    return ended | {"values": values}
