"""contract/settings.py."""

from dataclasses import asdict
from pathlib import Path

import pytest

from text_classification.contract.settings import (
    SETTINGS,
    Settings,
    read_settings,
)
from text_classification.errors import Code, ConfigurationError


def test_every_variable_is_read() -> None:
    """Each field comes from its variable."""
    settings = read_settings(
        {
            "SAGEMAKER_BASE_DIR": "/somewhere",
            "TRAINING_JOB_NAME": "letters-1",
            "SAGEMAKER_BIND_TO_PORT": "9000",
            "BIND_ADDRESS": "::1",
            "MODEL_SERVER_WORKERS": "3",
            "MAX_BODY_MB": "6",
            "REQUEST_SECONDS": "30",
            "TABLES_MB": "64",
            "SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT": "text/csv",
            "CONFIDENCE_FLOOR": "0.6",
            "REQUEST_LOG": "errors",
            "PAGE": "off",
            "METRICS_PORT": "9001",
            "SAGEMAKER_SAFE_PORT_RANGE": "9001-9002",
            "IMAGE_REVISION": "0123abc",
            "ENDPOINT_KIND": "serverless",
            "SAGEMAKER_BATCH": "True",
            "SAGEMAKER_MAX_PAYLOAD_IN_MB": "12",
            "SAGEMAKER_MULTI_MODEL": "true",
            "MODELS_MB": "900",
            "LOAD_SECONDS": "70",
            "TMPDIR": "/scratch",
            "PATH": "/bin",
        }
    )
    assert settings.paths.model == Path("/somewhere/model")
    assert (settings.job_name, settings.port, settings.host) == ("letters-1", 9000, "::1")
    assert (settings.workers, settings.max_body_mb, settings.request_seconds) == (3, 6, 30)
    assert (settings.tables_mb, settings.scratch) == (64, Path("/scratch"))
    assert (settings.default_accept, settings.confidence_floor) == ("text/csv", 0.6)
    assert (settings.batch, settings.payload_mb) == (True, 12)
    assert (settings.multi_model, settings.models_mb, settings.load_seconds) == (True, 900, 70)
    assert (settings.request_log, settings.metrics_port) == ("errors", 9001)
    assert settings.page is False
    assert (settings.revision, settings.endpoint) == ("0123abc", "serverless")


def test_empty_variables_count_as_unset() -> None:
    """``docker run -e NAME=`` gives the default."""
    names = [each.variable for each in SETTINGS.values()]
    assert read_settings(dict.fromkeys(names, "")) == read_settings({}) == Settings()


@pytest.mark.parametrize(("payload", "limit"), [("", 6), ("4", 6), ("12", 12), ("0", 0)])
def test_body_may_be_as_large_as_batch_transform_makes_it(payload: str, limit: int) -> None:
    """A job's payload of 0 means whole files, of any size."""
    settings = read_settings({"MAX_BODY_MB": "6", "SAGEMAKER_MAX_PAYLOAD_IN_MB": payload})
    assert settings.body_limit_mb == limit


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SAGEMAKER_BIND_TO_PORT", "0"),
        ("SAGEMAKER_BIND_TO_PORT", "65536"),
        ("SAGEMAKER_BIND_TO_PORT", "http"),
        ("MODEL_SERVER_WORKERS", "-1"),
        ("MODEL_SERVER_WORKERS", "257"),
        ("MAX_BODY_MB", "0"),
        ("MAX_BODY_MB", "1025"),
        ("MAX_BODY_MB", "1.5"),
        ("REQUEST_SECONDS", "0"),
        ("REQUEST_SECONDS", "3601"),
        ("TABLES_MB", "0"),
        ("TABLES_MB", "1048577"),
        ("TABLES_MB", "half"),
        ("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", "image/png"),
        ("CONFIDENCE_FLOOR", "-0.1"),
        ("CONFIDENCE_FLOOR", "1.1"),
        ("SAGEMAKER_BATCH", "perhaps"),
        ("CONFIDENCE_FLOOR", "nan"),
        ("SAGEMAKER_MAX_PAYLOAD_IN_MB", "-1"),
        ("BIND_ADDRESS", "localhost; include /etc/passwd"),
        ("ENDPOINT_KIND", "batch"),
        ("REQUEST_LOG", "some"),
        ("METRICS_PORT", "0"),
    ],
)
def test_wrong_value_names_its_variable(variable: str, value: str) -> None:
    """A value out of range is refused, and the message says which variable holds it."""
    with pytest.raises(ConfigurationError, match=f"variable {variable} is wrong") as raised:
        read_settings({variable: value})
    assert raised.value.code == Code.SETTING_INVALID


@pytest.mark.parametrize(
    ("variable", "values"),
    [
        ("SAGEMAKER_BIND_TO_PORT", ("1", "65535")),
        ("MODEL_SERVER_WORKERS", ("0", "256")),
        ("MAX_BODY_MB", ("1", "1024")),
        ("REQUEST_SECONDS", ("1", "3600")),
        ("TABLES_MB", ("1", "1048576")),
        ("CONFIDENCE_FLOOR", ("0.0", "1.0")),
        ("BIND_ADDRESS", ("127.0.0.1", "::", "fe80::1")),
    ],
)
def test_limits_belong_to_the_range(variable: str, values: tuple[str, ...]) -> None:
    """The smallest and the largest value that the documentation names are taken."""
    for value in values:
        assert value in map(str, asdict(read_settings({variable: value})).values())


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
