"""The environment, read here and nowhere else."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from text_classification.contract.limits import TABLES_MB
from text_classification.contract.paths import DEFAULT_ROOT, Paths
from text_classification.errors import Code, ConfigurationError

# What a kind of endpoint has as defaults in place of those of a real-time endpoint: the platform
# hands over bodies of 1 GB and waits an hour; or it advises one worker.
ENDPOINTS: Mapping[str, Mapping[str | None, int]] = {
    "asynchronous": {"MAX_BODY_MB": 1024, "REQUEST_SECONDS": 3600},
    "serverless": {"MODEL_SERVER_WORKERS": 1},
}
# Serverless endpoints run on AWS Lambda, which sets this.
LAMBDA = "AWS_LAMBDA_FUNCTION_NAME"


class Settings(BaseModel):
    """What the environment may say; each field is read from the variable of its alias."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    root: Annotated[Path, Field(alias="SAGEMAKER_BASE_DIR")] = Field(
        DEFAULT_ROOT, description="The folder that holds input, model and output."
    )
    job_name: Annotated[str, Field(alias="TRAINING_JOB_NAME")] = Field(
        "", description="The name of the training job; it is written into the artifact."
    )
    endpoint: Annotated[
        Literal["real-time", "asynchronous", "serverless"], Field(alias="ENDPOINT_KIND")
    ] = Field(
        "real-time",
        description="The kind of endpoint, which decides on some defaults; on AWS Lambda, where "
        "serverless endpoints run, it is serverless unless this says otherwise.",
    )
    port: Annotated[int, Field(alias="SAGEMAKER_BIND_TO_PORT", ge=1, le=65535)] = Field(
        8080, description="The TCP port that the server listens on."
    )
    safe_ports: Annotated[str, Field(alias="SAGEMAKER_SAFE_PORT_RANGE")] = Field(
        "1-65535",
        description="Set by the platform: the TCP ports that the container may use besides, from "
        "the first to the last; only METRICS_PORT can ask for one.",
    )
    metrics_port: Annotated[int | None, Field(alias="METRICS_PORT", ge=1, le=65535)] = Field(
        None,
        description="The TCP port that answers GET /metrics: the server's own, or another one "
        "within SAGEMAKER_SAFE_PORT_RANGE. Unset, only the unix socket does.",
    )
    host: Annotated[str, Field(alias="BIND_ADDRESS", pattern=r"^[0-9A-Fa-f.:]+$")] = Field(
        "0.0.0.0",  # noqa: S104 - a container is reached from outside
        description="The address that the server listens on; 127.0.0.1 keeps it on this machine.",
    )
    workers: Annotated[int, Field(alias="MODEL_SERVER_WORKERS", ge=0, le=256)] = Field(
        0, description="Worker processes; 0 means one for each processor the container may use."
    )
    max_body_mb: Annotated[int, Field(alias="MAX_BODY_MB", ge=1, le=1024)] = Field(
        100, description="The largest request body, in mebibytes; a larger one is answered 413."
    )
    request_seconds: Annotated[int, Field(alias="REQUEST_SECONDS", ge=1, le=3600)] = Field(
        60,
        description="The longest a request may take, in seconds; it is answered 504 then.",
    )
    max_records: Annotated[int, Field(alias="MAX_RECORDS", ge=0, le=1 << 30)] = Field(
        0,
        description="The most records of a request, bad ones included; more are answered 413. 0 "
        "means no limit, and in batch transform there is none.",
    )
    max_tokens: Annotated[int, Field(alias="MAX_TOKENS", ge=0, le=1 << 30)] = Field(
        0,
        description="The most tokens of a document; a longer one is a bad record, and by itself "
        "answered 413. 0 means no limit.",
    )
    worker_requests: Annotated[int, Field(alias="WORKER_REQUESTS", ge=0, le=1 << 30)] = Field(
        0,
        description="The requests after which a worker process is replaced by a fresh one, up to "
        "half as many more so that not all are replaced at once; there are two workers at least "
        "then. 0 means never.",
    )
    tables_mb: Annotated[int, Field(alias="TABLES_MB", ge=1, le=1 << 20)] = Field(
        TABLES_MB,
        description="The most memory for a model's look-up tables, in mebibytes, shared by all "
        "workers; tokens beyond it are computed when they occur: slower, to the same scores but "
        "for rounding.",
    )
    default_accept: Annotated[
        Literal["", "application/json", "application/jsonlines", "text/csv"],
        Field(alias="SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT"),
    ] = Field(
        "",
        description="The form of answers to callers that accept any; unset it is application/json, "
        "and in batch transform the form of the body.",
    )
    confidence_floor: Annotated[float | None, Field(alias="CONFIDENCE_FLOOR", ge=0, le=1)] = Field(
        None,
        description="The score below which an answer is marked as not sure, in place of the "
        "model's own floor; 0 means no mark.",
    )
    request_log: Annotated[Literal["all", "errors", "off"], Field(alias="REQUEST_LOG")] = Field(
        "all",
        description="Which requests have a line in the log; those that GET /ping and GET /metrics "
        "answer with 200 never have one.",
    )
    revision: Annotated[str, Field(alias="IMAGE_REVISION")] = Field(
        "unknown", description="Set in the image: the git hash that it was built from."
    )
    batch: Annotated[bool, Field(alias="SAGEMAKER_BATCH")] = Field(
        default=False,
        description="Set by batch transform: every line of a body has its line in the answer, be "
        "it empty or broken.",
    )
    payload_mb: Annotated[int | None, Field(alias="SAGEMAKER_MAX_PAYLOAD_IN_MB", ge=0)] = Field(
        None,
        description="Set by batch transform where the job names its largest payload: MAX_BODY_MB "
        "is at least so much then, and 0 sends whole files, for which there is no limit.",
    )
    multi_model: Annotated[bool, Field(alias="SAGEMAKER_MULTI_MODEL")] = Field(
        default=False,
        description="Set by multi-model endpoints: the server starts without a model, and the "
        "routes below /models load, list, ask and unload any number of them.",
    )
    models_mb: Annotated[int, Field(alias="MODELS_MB", ge=0, le=1 << 24)] = Field(
        0,
        description="The most memory for the models of a multi-model endpoint, in mebibytes, "
        "shared by all workers; loading one beyond it is answered 507. 0 means half of the "
        "container's memory.",
    )
    load_seconds: Annotated[int, Field(alias="LOAD_SECONDS", ge=1, le=3600)] = Field(
        360,
        description="The longest a multi-model endpoint may take to load a model, in seconds; it "
        "is answered 504 then, and the loading goes on.",
    )
    scratch: Annotated[Path, Field(alias="TMPDIR")] = Field(
        Path("/tmp"),  # noqa: S108 - a fresh private folder is made below it
        description="The folder for temporary files; nothing else is ever written by the server.",
    )

    @field_validator("metrics_port")
    @classmethod
    def _within_the_range(cls, port: int | None, others: ValidationInfo) -> int | None:
        if port is None or port == others.data.get("port"):
            return port
        first, _, last = others.data.get("safe_ports", "").partition("-")
        if not (first.isdecimal() and last.isdecimal() and int(first) <= port <= int(last)):
            raise ValueError("it is not within SAGEMAKER_SAFE_PORT_RANGE")
        return port

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


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings; an empty variable counts as unset.

    Raises ``ConfigurationError`` that names the variable when a value is out of range.
    """
    source = os.environ if environment is None else environment
    known: dict[str, Any] = {
        alias: source[alias]
        for field in Settings.model_fields.values()
        if (alias := field.alias) and source.get(alias)
    }
    if source.get(LAMBDA):
        known.setdefault("ENDPOINT_KIND", "serverless")
    defaults = ENDPOINTS.get(known.get("ENDPOINT_KIND", ""), {})
    try:
        return Settings.model_validate({**defaults, **known})
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigurationError(
            Code.SETTING_INVALID,
            f"the environment variable {first['loc'][0]} is wrong: {first['msg']}",
            remedy="Correct it or leave it out; docs/settings.md lists them all.",
        ) from None
