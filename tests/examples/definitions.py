"""The pipeline's definition, as the service reads it: steps, references, arguments without them."""

from collections.abc import Iterator
from typing import Any

# A published schema of definitions asks for these names:
# https://github.com/aws-sagemaker-mlops/sagemaker-model-building-pipeline-definition-JSON-schema
STEP_NAME = r"[A-Za-z0-9\-_]{1,64}"
STEP_TYPES = {"Training", "Condition", "RegisterModel", "Fail"}
PARAMETER_TYPES = {"String": str, "Integer": int, "Float": float, "Boolean": bool}
# The operation whose answer the properties of a step come from, and the one its arguments go to.
OPERATIONS = {
    "Training": ("CreateTrainingJob", "DescribeTrainingJob"),
    "RegisterModel": ("CreateModelPackage", "DescribeModelPackage"),
}


def all_steps(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield steps and those inside of conditions."""
    for step in steps:
        yield step
        for branch in ("IfSteps", "ElseSteps"):
            yield from all_steps(step["Arguments"].get(branch, []))


def references(value: Any) -> Iterator[str]:
    """Yield what is got from elsewhere, anywhere in a value."""
    if isinstance(value, dict):
        if set(value) == {"Get"}:
            yield value["Get"]
        else:
            for each in value.values():
                yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def resolved(value: Any, values: dict[str, Any]) -> Any:
    """Return a value as the step that runs would send it."""
    if isinstance(value, list):
        return [resolved(each, values) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Get"}:
        return values[value["Get"]]
    if set(value) == {"Std:Join"}:
        join = value["Std:Join"]
        return join["On"].join(str(resolved(each, values)) for each in join["Values"])
    return {name: resolved(each, values) for name, each in value.items()}
