"""What a job must bear: as much as can be in one job, and one by one only if that job fails."""

import json

from check_image.conditions import Conditions
from check_image.job import CHANNEL, Job, run_job, usual_job
from check_image.outcome import Skipped, require
from check_image.rule import Severity, Source
from check_image.runs import good_job
from check_image.subject import Subject

ANY_USER = ("--user", "12345:12345")
READ_ONLY_ROOT = ("--read-only", "--tmpfs", "/tmp:rw,exec,mode=1777")  # noqa: S108 - as it is there
MANIFEST = json.dumps([{"prefix": "s3://bucket/documents/"}, "part-1"])


def _usual(subject: Subject) -> Job:
    good_job(subject)
    return usual_job(subject)


def _attempt(subject: Subject, job: Job) -> str:
    ended = run_job(subject, job)
    require(ended.succeeded, ended.trouble)
    return ended.summary


condition = Conditions(_usual, _attempt)
# Files cannot be odd and missing at once: these are tried in a job of their own.
missing = Conditions(_usual, _attempt)


@condition("training.offline", Source.DOCUMENTED)
def offline(_subject: Subject, job: Job) -> None:
    """With network isolation there is no network: nothing can be downloaded."""
    job.options += ["--network", "none"]


@condition("training.any-user", Source.OBSERVED, Severity.SHOULD)
def any_user(_subject: Subject, job: Job) -> None:
    """The platform trains as root; local runs may use the caller's number, which has no name."""
    job.options += ANY_USER


@condition("training.read-only-root", Source.INFERRED, Severity.SHOULD)
def read_only_root(_subject: Subject, job: Job) -> None:
    """Only /opt/ml and /tmp are promised to be writable."""
    job.options += READ_ONLY_ROOT


@condition("training.small-shared-memory", Source.OBSERVED)
def small_shared_memory(_subject: Subject, job: Job) -> None:
    """Shared memory, /dev/shm, is small and cannot be sized."""
    job.options += ["--shm-size", "1m"]


@condition("training.read-only-input", Source.DOCUMENTED)
def read_only_input(_subject: Subject, job: Job) -> None:
    """Input that is streamed (FastFile) cannot be written to."""
    job.input_mode = "ro"


@condition("training.no-current-host", Source.OBSERVED)
def no_current_host(_subject: Subject, job: Job) -> None:
    """Local runners may leave current_host out of resourceconfig.json."""
    if job.hosts:
        del job.hosts["current_host"]


@condition("training.more-fields", Source.OBSERVED)
def more_fields(_subject: Subject, job: Job) -> None:
    """The service adds fields to resourceconfig.json, and files beside it, as it grows."""
    job.hosts = {
        **(job.hosts or {}),
        "current_instance_type": "ml.m5.large",
        "current_group_name": "homogeneousCluster",
        "instance_groups": [{"instance_group_name": "homogeneousCluster", "hosts": ["algo-1"]}],
    }
    for name in ("trainingjobconfig", "debughookconfig", "upstreamoutputdataconfig"):
        job.files[f"input/config/{name}.json"] = "{}"
    job.files["input/config/init-config.json"] = json.dumps({"inputMode": "FILE"})


@condition("training.foreign-hyperparameters", Source.OBSERVED)
def foreign_hyperparameters(_subject: Subject, job: Job) -> None:
    """Tuning jobs and the SDK add hyperparameters that begin with _ or sagemaker_."""
    job.hyperparameters = {
        **(job.hyperparameters or {}),
        "_tuning_objective_metric": "validation:accuracy",
        "sagemaker_job_name": '"check-1"',
        "sagemaker_region": '"us-east-1"',
    }


@condition("training.quoted-hyperparameters", Source.OBSERVED)
def quoted_hyperparameters(_subject: Subject, job: Job) -> None:
    """Every value is a string, and some clients put JSON into it: "adam" comes with its quotes."""
    given = job.hyperparameters or {}
    quoted = {name: json.dumps(value) for name, value in given.items() if not _is_json(value)}
    if not quoted:
        raise Skipped("no hyperparameter is a word: give some with --hyperparameters")
    job.hyperparameters = {**given, **quoted}


@condition("training.foreign-channels", Source.OBSERVED)
def foreign_channels(_subject: Subject, job: Job) -> None:
    """The SDK adds channels called code and sm_drivers, which hold programs, not data."""
    job.channels = {**(job.channels or {}), "code": dict(CHANNEL), "sm_drivers": dict(CHANNEL)}
    job.files["input/data/code/train.py"] = "print('not data')\n"
    job.files["input/data/sm_drivers/sm_train.sh"] = "#!/bin/bash\n"


@condition("training.manifest-beside-channel", Source.OBSERVED)
def manifest_beside_channel(_subject: Subject, job: Job) -> None:
    """Manifests lie beside the channels' folders, in files called CHANNEL-manifest."""
    for name in job.channels or {}:
        job.files[f"input/data/{name}-manifest"] = MANIFEST


@condition("training.uploader-marks", Source.OBSERVED)
def uploader_marks(_subject: Subject, job: Job) -> None:
    """A job that starts again may find the marks of the uploader among the checkpoints."""
    for mark in ("uploading", "uploaded"):
        job.files[f"checkpoints/checkpoint-1.sagemaker-{mark}"] = ""


@missing("training.no-hyperparameters-file", Source.OBSERVED, Severity.SHOULD)
def no_hyperparameters_file(subject: Subject, job: Job) -> None:
    """Local runners may write no hyperparameters.json."""
    if subject.sample.hyperparameters:
        raise Skipped("the job needs the hyperparameters that were given")
    job.hyperparameters = None


@missing("training.no-channels-file", Source.OBSERVED, Severity.SHOULD)
def no_channels_file(_subject: Subject, job: Job) -> None:
    """Local runners may write no inputdataconfig.json: the folders are the channels then."""
    job.channels = None


@missing("training.no-hosts-file", Source.OBSERVED, Severity.SHOULD)
def no_hosts_file(_subject: Subject, job: Job) -> None:
    """Local runners may write no resourceconfig.json: there is one host then."""
    job.hosts = None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
