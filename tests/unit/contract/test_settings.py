"""contract/settings.py."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from text_classification.contract.settings import (
    SETTINGS,
    Settings,
    read_settings,
)
from text_classification.errors import Code, ConfigurationError

# Words that a text or a path is taken from, where any would do.
TEXTS = {
    "SAGEMAKER_SAFE_PORT_RANGE": "9001-9002",
    "BIND_ADDRESS": "::1",
    "FIRST_HOST_ADDRESS": "10.0.0.1",
}
EVERY = pytest.mark.parametrize("name", SETTINGS)


def right_values(name: str) -> dict[str, Any]:
    """Return values of a variable, at both ends of its range, and what each means."""
    schema, variable = SETTINGS[name].schema, SETTINGS[name].variable
    if schema["type"] == "boolean":
        return {"True": True, "off": False}
    if schema["type"] in {"integer", "number"}:
        ends = (schema["minimum"], schema.get("maximum", schema["minimum"] + 12))
        return {str(end): end for end in ends}
    if "enum" in schema:
        return {f" {word.upper()} ": word for word in schema["enum"]}
    word = TEXTS.get(variable, "/somewhere")
    return {word: Path(word) if isinstance(SETTINGS[name].default, Path) else word}


def wrong_values(name: str) -> list[str]:
    """Return values that no variable of this kind takes."""
    schema = SETTINGS[name].schema
    if schema["type"] == "boolean" or "enum" in schema:
        return ["perhaps"]
    if schema["type"] in {"integer", "number"}:
        ends = [schema["minimum"] - 1, *([schema["maximum"] + 1] if "maximum" in schema else [])]
        return [*map(str, ends), "nan", "half"]
    return ["localhost; include /etc/passwd"] if name in {"host", "first_host"} else []


@EVERY
def test_every_variable_is_read(name: str) -> None:
    """Each field comes from its variable and no other, at both ends of its range."""
    for value, meaning in right_values(name).items():
        found = asdict(read_settings({SETTINGS[name].variable: value, "PATH": "/bin"}))
        assert found.pop(name) == meaning
        if name != "endpoint":  # which has other defaults for some
            assert found.items() <= asdict(Settings()).items()


@EVERY
def test_wrong_value_names_its_variable(name: str) -> None:
    """A value out of range is refused, and the message says which variable holds it."""
    variable = SETTINGS[name].variable
    for value in wrong_values(name):
        with pytest.raises(ConfigurationError, match=f"variable {variable} is wrong") as raised:
            read_settings({variable: value})
        assert raised.value.code == Code.SETTING_INVALID


def test_each_variable_belongs_to_one_setting() -> None:
    """A name that is used twice would set two things."""
    variables = [each.variable for each in SETTINGS.values()]
    assert len(set(variables)) == len(variables)


def test_empty_variables_count_as_unset() -> None:
    """``docker run -e NAME=`` gives the default."""
    names = [each.variable for each in SETTINGS.values()]
    assert read_settings(dict.fromkeys(names, "")) == read_settings({}) == Settings()


@pytest.mark.parametrize(("payload", "limit"), [("", 6), ("4", 6), ("12", 12), ("0", 0)])
def test_body_may_be_as_large_as_batch_transform_makes_it(payload: str, limit: int) -> None:
    """A job's payload of 0 means whole files, of any size."""
    settings = read_settings({"MAX_BODY_MB": "6", "SAGEMAKER_MAX_PAYLOAD_IN_MB": payload})
    assert settings.body_limit_mb == limit


def test_own_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an argument the process's environment is read."""
    monkeypatch.setenv("MAX_BODY_MB", "7")
    assert read_settings().max_body_mb == 7


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, (100, 60, 0)),
        ({"ENDPOINT_KIND": "real-time"}, (100, 60, 0)),
        ({"ENDPOINT_KIND": "asynchronous"}, (1024, 3600, 0)),
        ({"ENDPOINT_KIND": " Asynchronous "}, (1024, 3600, 0)),
        ({"ENDPOINT_KIND": "serverless"}, (100, 60, 1)),
        ({"AWS_LAMBDA_FUNCTION_NAME": "x"}, (100, 60, 1)),
        ({"AWS_LAMBDA_FUNCTION_NAME": "x", "ENDPOINT_KIND": "real-time"}, (100, 60, 0)),
        ({"ENDPOINT_KIND": "asynchronous", "REQUEST_SECONDS": "900"}, (1024, 900, 0)),
        ({"ENDPOINT_KIND": "serverless", "MODEL_SERVER_WORKERS": "2"}, (100, 60, 2)),
    ],
)
def test_kind_of_endpoint_is_a_set_of_defaults(
    variables: dict[str, str], expected: tuple[int, int, int]
) -> None:
    """What is set by name counts more; a serverless endpoint is known by where it runs."""
    settings = read_settings(variables)
    assert (settings.max_body_mb, settings.request_seconds, settings.workers) == expected


@pytest.mark.parametrize(
    ("variables", "allowed"),
    [
        ({}, True),
        ({"SAGEMAKER_SAFE_PORT_RANGE": "9000-9010"}, True),
        ({"SAGEMAKER_SAFE_PORT_RANGE": "9001-9001"}, True),
        ({"SAGEMAKER_SAFE_PORT_RANGE": "21000-21999"}, False),
        ({"SAGEMAKER_SAFE_PORT_RANGE": "9001"}, False),
        ({"SAGEMAKER_SAFE_PORT_RANGE": "21000-21999", "SAGEMAKER_BIND_TO_PORT": "9001"}, True),
    ],
)
def test_second_port_is_one_of_the_platforms(variables: dict[str, str], *, allowed: bool) -> None:
    """The server's own port is no second one."""
    if allowed:
        assert read_settings({**variables, "METRICS_PORT": "9001"}).metrics_port == 9001
        return
    with pytest.raises(ConfigurationError, match=r"METRICS_PORT is wrong: .*SAFE_PORT_RANGE"):
        read_settings({**variables, "METRICS_PORT": "9001"})


def test_range_that_nobody_needs_is_not_looked_at() -> None:
    """Whatever the platform may call a range, the server starts."""
    assert read_settings({"SAGEMAKER_SAFE_PORT_RANGE": "none"}).metrics_port is None
