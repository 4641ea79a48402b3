"""The environment, read here and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from text_classification.contract.limits import TABLES_MB
from text_classification.contract.paths import DEFAULT_ROOT, Paths
from text_classification.contract.values import (
    Declared,
    choice,
    declarations,
    declared,
    flag,
    folder,
    share,
    text,
    whole,
)
from text_classification.errors import Code, ConfigurationError

# What a kind of endpoint has as defaults in place of those of a real-time endpoint: the platform
# hands over bodies of 1 GB and waits an hour; or it advises one worker.
ENDPOINTS: Mapping[str, Mapping[str, int]] = {
    "asynchronous": {"MAX_BODY_MB": 1024, "REQUEST_SECONDS": 3600},
    "serverless": {"MODEL_SERVER_WORKERS": 1},
}
# Serverless endpoints run on AWS Lambda, which sets this.
LAMBDA = "AWS_LAMBDA_FUNCTION_NAME"


@dataclass(frozen=True)
class Settings:
    """What the environment may say: a field a variable."""

    root: Path = declared(
        folder(),
        "The folder that holds input, model and output.",
        default=DEFAULT_ROOT,
        variable="SAGEMAKER_BASE_DIR",
    )
    job_name: str = declared(
        text(),
        "The name of the training job; it is written into the artifact.",
        default="",
        variable="TRAINING_JOB_NAME",
    )
    endpoint: Literal["real-time", "asynchronous", "serverless"] = declared(
        choice("real-time", "asynchronous", "serverless"),
        "The kind of endpoint, which decides on some defaults; on AWS Lambda, where serverless "
        "endpoints run, it is serverless unless this says otherwise.",
        default="real-time",
        variable="ENDPOINT_KIND",
    )
    port: int = declared(
        whole(1, 65535),
        "The TCP port that the server listens on.",
        default=8080,
        variable="SAGEMAKER_BIND_TO_PORT",
    )
    safe_ports: str = declared(
        text(),
        "Set by the platform: the TCP ports that the container may use besides, from the first "
        "to the last; only METRICS_PORT can ask for one.",
        default="1-65535",
        variable="SAGEMAKER_SAFE_PORT_RANGE",
    )
    metrics_port: int | None = declared(
        whole(1, 65535),
        "The TCP port that answers GET /metrics: the server's own, or another one within "
        "SAGEMAKER_SAFE_PORT_RANGE. Unset, only the unix socket does.",
        default=None,
        variable="METRICS_PORT",
    )
    host: str = declared(
        text(pattern=r"[0-9A-Fa-f.:]+", words="an IP address"),
        "The address that the server listens on; 127.0.0.1 keeps it on this machine.",
        default="0.0.0.0",  # noqa: S104 - a container is reached from outside
        variable="BIND_ADDRESS",
    )
    workers: int = declared(
        whole(0, 256),
        "Worker processes; 0 means one for each processor the container may use.",
        default=0,
        variable="MODEL_SERVER_WORKERS",
    )
    max_body_mb: int = declared(
        whole(1, 1024),
        "The largest request body, in mebibytes; a larger one is answered 413.",
        default=100,
        variable="MAX_BODY_MB",
    )
    request_seconds: int = declared(
        whole(1, 3600),
        "The longest a request may take, in seconds; it is answered 504 then.",
        default=60,
        variable="REQUEST_SECONDS",
    )
    max_records: int = declared(
        whole(0, 1 << 30),
        "The most records of a request, bad ones included; more are answered 413. 0 means no "
        "limit, and in batch transform there is none.",
        default=0,
        variable="MAX_RECORDS",
    )
    max_tokens: int = declared(
        whole(0, 1 << 30),
        "The most tokens of a document; a longer one is a bad record, and by itself answered "
        "413. 0 means no limit.",
        default=0,
        variable="MAX_TOKENS",
    )
    worker_requests: int = declared(
        whole(0, 1 << 30),
        "The requests after which a worker process is replaced by a fresh one, up to half as "
        "many more so that not all are replaced at once; there are two workers at least then. 0 "
        "means never.",
        default=0,
        variable="WORKER_REQUESTS",
    )
    tables_mb: int = declared(
        whole(1, 1 << 20),
        "The most memory for a model's look-up tables, in mebibytes, shared by all workers; "
        "tokens beyond it are computed when they occur: slower, to the same scores but for "
        "rounding.",
        default=TABLES_MB,
        variable="TABLES_MB",
    )
    default_accept: Literal["", "application/json", "application/jsonlines", "text/csv"] = declared(
        choice("application/json", "application/jsonlines", "text/csv"),
        "The form of answers to callers that accept any; unset it is application/json, and in "
        "batch transform the form of the body.",
        default="",
        variable="SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT",
    )
    confidence_floor: float | None = declared(
        share(),
        "The score below which an answer is marked as not sure, in place of the model's own "
        "floor; 0 means no mark.",
        default=None,
        variable="CONFIDENCE_FLOOR",
    )
    page: bool = declared(
        flag(),
        "Whether GET / answers with the page on which people try the model; a multi-model endpoint "
        "has none.",
        default=True,
        variable="PAGE",
    )
    request_log: Literal["all", "errors", "off"] = declared(
        choice("all", "errors", "off"),
        "Which requests have a line in the log; those that GET /ping and GET /metrics answer "
        "with 200 never have one.",
        default="all",
        variable="REQUEST_LOG",
    )
    revision: str = declared(
        text(),
        "Set in the image: the git hash that it was built from.",
        default="unknown",
        variable="IMAGE_REVISION",
    )
    batch: bool = declared(
        flag(),
        "Set by batch transform: every line of a body has its line in the answer, be it empty "
        "or broken.",
        default=False,
        variable="SAGEMAKER_BATCH",
    )
    quoted_line_breaks: bool = declared(
        flag(),
        "Whether a field of CSV may have quoted line breaks in batch transform, for jobs that do "
        "not split files: a row is one record then, of however many lines. By default each line "
        "is one.",
        default=False,
        variable="BATCH_CSV_LINE_BREAKS",
    )
    payload_mb: int | None = declared(
        whole(0),
        "Set by batch transform where the job names its largest payload: MAX_BODY_MB is at "
        "least so much then, and 0 sends whole files, for which there is no limit.",
        default=None,
        variable="SAGEMAKER_MAX_PAYLOAD_IN_MB",
    )
    multi_model: bool = declared(
        flag(),
        "Set by multi-model endpoints: the server starts without a model, and the routes below "
        "/models load, list, ask and unload any number of them.",
        default=False,
        variable="SAGEMAKER_MULTI_MODEL",
    )
    models_mb: int = declared(
        whole(0, 1 << 24),
        "The most memory for the models of a multi-model endpoint, in mebibytes, shared by all "
        "workers; loading one beyond it is answered 507. 0 means half of the container's "
        "memory.",
        default=0,
        variable="MODELS_MB",
    )
    load_seconds: int = declared(
        whole(1, 3600),
        "The longest a multi-model endpoint may take to load a model, in seconds; it is "
        "answered 504 then, and the loading goes on.",
        default=360,
        variable="LOAD_SECONDS",
    )
    hosts_port: int = declared(
        whole(1, 65534),
        "The TCP port of the first host at which the hosts of a training job meet; for training "
        "they meet again at the one after it.",
        default=9099,
        variable="HOSTS_PORT",
    )
    hosts_seconds: int = declared(
        whole(1, 86400),
        "The longest that the hosts of a training job wait for each other until training starts, "
        "in seconds: for one that starts late, or reads for longer.",
        default=1800,
        variable="HOSTS_SECONDS",
    )
    host_step_seconds: int = declared(
        whole(1, 3600),
        "The longest that the hosts of a training job wait for each other in a step, in seconds: "
        "one that does not answer for so long is lost.",
        default=120,
        variable="HOST_STEP_SECONDS",
    )
    first_host: str = declared(
        text(pattern=r"[0-9.]+", words="an IPv4 address"),
        "The address of the first host of a training job; unset, its name is looked up, as those "
        "of all hosts are.",
        default="",
        variable="FIRST_HOST_ADDRESS",
    )
    scratch: Path = declared(
        folder(),
        "The folder for temporary files; nothing else is ever written by the server.",
        default=Path("/tmp"),  # noqa: S108 - a fresh private folder is made below it
        variable="TMPDIR",
    )

    @property
    def body_limit_mb(self) -> int:
        """The largest request body, in mebibytes; 0 for no limit."""
        if self.payload_mb is None:
            return self.max_body_mb
        return max(self.payload_mb, self.max_body_mb) if self.payload_mb else 0

    @property
    def paths(self) -> Paths:
        """The contract's folders below the root."""
        return Paths(self.root)


# The settings by the names of their fields.
SETTINGS: Mapping[str, Declared] = declarations(Settings)


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings; an empty variable counts as unset.

    Raises ``ConfigurationError`` that names the variable when a value is out of range.
    """
    source = os.environ if environment is None else environment
    known: dict[str, Any] = {
        each.variable: source[each.variable]
        for each in SETTINGS.values()
        if source.get(each.variable)
    }
    if source.get(LAMBDA):
        known.setdefault("ENDPOINT_KIND", "serverless")
    values = _read(known)
    defaults = ENDPOINTS.get(values.get("endpoint", ""), {})
    settings = Settings(**{**_read(defaults), **values})
    _check_ports(settings)
    return settings


def _read(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of variables, by the names of their fields."""
    values = {}
    for name, setting in SETTINGS.items():
        if setting.variable in variables:
            try:
                values[name] = setting.kind.read(variables[setting.variable])
            except ValueError as error:
                raise _wrong(setting.variable, str(error)) from None
    return values


def _check_ports(settings: Settings) -> None:
    """Raise ``ConfigurationError`` for a second port that the platform does not allow."""
    port = settings.metrics_port
    if port is None or port == settings.port:
        return
    first, _, last = settings.safe_ports.partition("-")
    if not (first.isdecimal() and last.isdecimal() and int(first) <= port <= int(last)):
        raise _wrong("METRICS_PORT", "it is not within SAGEMAKER_SAFE_PORT_RANGE")


def _wrong(variable: str, problem: str) -> ConfigurationError:
    return ConfigurationError(
        Code.SETTING_INVALID,
        f"the environment variable {variable} is wrong: {problem}",
        remedy="Correct it or leave it out; docs/settings.md lists them all.",
    )
