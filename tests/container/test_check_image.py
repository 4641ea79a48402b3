"""local_test/check_image.sh: our image keeps to all rules, and each rule can be broken.

The images that break them are one small program which keeps the contract (``sample_image/``), but
for the faults that it is told to have.
"""

import itertools
import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from check_image import limits
from check_image.command import main
from check_image.rules import RULES
from tests.support.docker import Docker
from tests.support.training import ROOT, SMALL
from tests.support.waiting import wait_until

pytestmark = pytest.mark.engine

PROGRAM = Path(__file__).parent / "sample_image"
ENTRY_POINT = 'ENTRYPOINT ["python3", "-m", "sample_image"]'
BIND = "LABEL com.amazonaws.sagemaker.capabilities.accept-bind-to-port=true"
MANY = "LABEL com.amazonaws.sagemaker.capabilities.multi-models=true"

# Broken images that are checked at a time.
SIDE_BY_SIDE = 4
# Containers at a time, where one image is checked alone; most of the time they wait.
SEVERAL = ("--jobs", "3")

# What the image is -> the rules that it breaks.
BROKEN_IMAGES: dict[tuple[str, ...], set[str]] = {
    ("ENTRYPOINT python3 -m sample_image", "USER 1000"): {"image.entry-point", "image.user"},
    (
        'ENTRYPOINT ["/usr/bin/tini", "--", "python3", "-m", "sample_image"]',
        "LABEL com.amazonaws.sagemaker.capabilities.multi-models=yes",
    ): {"image.no-init", "image.labels"},
    ("ENTRYPOINT []", "LABEL com.amazonaws.sagemaker.capabilities.multi-model=true"): {
        "image.commands",
        "image.labels",
    },
}
# No image of another architecture or of more than 10 GB is made, nor one with attestations: the
# tests of the unit break these.
BROKEN_IN_UNIT_TESTS = {"image.platform", "image.size", "image.manifest"}
# The faults of a job -> the rules that they break. One image has as many as do not disturb each
# other: a condition is tried by itself, and breaks what no other fault does.
BROKEN_JOBS = {
    "needs-network needs-current-host knows-all-files reads-all-channels reads-marks": {
        "training.offline",
        "training.no-current-host",
        "training.no-hosts-file",
        "training.more-fields",
        "training.foreign-channels",
        "training.uploader-marks",
    },
    "needs-shared-memory knows-all-hyperparameters keeps-quotes lists-channels": {
        "training.small-shared-memory",
        "training.foreign-hyperparameters",
        "training.quoted-hyperparameters",
        "training.manifest-beside-channel",
    },
    "writes-anywhere writes-input needs-all-files": {
        "training.any-user",
        "training.read-only-root",
        "training.read-only-input",
        "training.no-hyperparameters-file",
        "training.no-channels-file",
        "training.no-hosts-file",
    },
    "needs-root": {"training.any-user"},
    "links carriage-returns unfinished-checkpoint": {
        "training.plain-files",
        "training.log-lines",
        "training.checkpoints",
    },
    "hard-links": {"training.plain-files"},
    "fails-with-0": {"training.failure-exit", "training.bare-start"},
    "no-failure-file": {"training.failure-file", "training.failure-cause-first"},
    "binary-failure-file needs-verb": {
        "training.failure-file",
        "training.failure-cause-first",
        "training.bare-start",
    },
    "traceback-first serves-without-verb": {
        "training.failure-cause-first",
        "training.bare-start",
    },
    "ignores-sigterm at-length": {"training.stop"},
    "stops-with-143 stops-without-model at-length": {
        "training.stop",
        "training.stop-leaves-model",
    },
}
# The faults of a server -> the rules that they break.
BROKEN_SERVERS = {
    "writes-model": {"hosting.ready"},
    "slow-ping": {"hosting.ping-quick", "hosting.ping-when-busy"},
    "one-at-a-time": {"hosting.ping-when-busy", "hosting.connection-quick"},
    "never-answers-well": {"hosting.invocations"},
    "any-route exact-type exact-accept knows-all-headers needs-length small-bodies long-errors "
    "loses-records much": {
        "hosting.unknown-route",
        "hosting.type-parameters",
        "hosting.accept",
        "hosting.platform-headers",
        "hosting.chunked",
        "hosting.body-6-mb",
        "hosting.body-25-mb",
        "hosting.error-length",
        "hosting.records",
        "hosting.execution-parameters",
    },
    "no-type mistakes-are-500 html-errors odd-parameters": {
        "hosting.answer-type",
        "hosting.empty-body",
        "hosting.half-a-body",
        "hosting.invalid-utf-8",
        "hosting.unknown-type",
        "hosting.unknown-route",
        "hosting.error-json",
        "hosting.execution-parameters",
    },
    "no-json traceback-in-errors drops-requests outlives-its-workers": {
        "hosting.answer-type",
        "hosting.error-no-traceback",
        "hosting.stop-finishes-requests",
        "hosting.lost-workers",
    },
    "reads-csv-only small-bodies loses-records": {
        "hosting.body-6-mb",
        "hosting.body-25-mb",
        "hosting.records",
    },
    "reads-csv-only loses-records-of-long-bodies": {"hosting.body-6-mb", "hosting.body-25-mb"},
    "constant-ping ignores-sigterm": {
        "hosting.no-model",
        "hosting.broken-model",
        "hosting.stop",
    },
    "writes-anywhere needs-shared-memory ignores-port knows-true-only": {
        "hosting.any-user",
        "hosting.read-only-root",
        "hosting.small-shared-memory",
        "hosting.bind-to-port",
        "hosting.batch-environment",
    },
    "needs-a-model": {"hosting.models-ready"},
    "loads-twice no-urls unloads-anything": {
        "hosting.models-load",
        "hosting.models-list",
        "hosting.models-unload",
    },
    "invokes-anything": {"hosting.models-invoke", "hosting.models-list"},
}

MakeImage = Callable[..., str]
Check = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def make_image(docker: Docker, base: str) -> Iterator[MakeImage]:
    """Make images of the sample program, with changes as a Dockerfile would write them."""
    python = "text-classification-test-base"
    docker("build", "--target", "base", "--tag", python, "--build-arg", f"BASE_IMAGE={base}", ROOT)
    made: list[str] = []
    numbers = itertools.count()

    def make(*changes: str, faults: str = "", baked_in: Path | None = None) -> str:
        container = docker("create", python, "sample").split()[-1]
        docker("cp", PROGRAM, f"{container}:/")
        if baked_in:
            docker("cp", baked_in, f"{container}:/opt/ml")
        image = f"text-classification-test-sample-{next(numbers)}"
        written = (ENTRY_POINT, f'ENV FAULTS="{faults}"', *changes)
        docker("commit", *(f"--change={change}" for change in written), container, image)
        docker("rm", container)
        made.append(image)
        return image

    yield make
    docker("rmi", *made)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that the sample program serves."""
    folder = tmp_path_factory.mktemp("ml") / "model"
    folder.mkdir()
    (folder / "model.json").write_text('{"lines": 301}')
    return folder


@pytest.fixture(scope="module")
def check(docker: Docker, tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Check an image; return each rule's result and evidence, and the exit code as ``code``."""

    def run(image: str, *options: object) -> dict[str, Any]:
        file = tmp_path_factory.mktemp("check") / "results.json"
        arguments = [image, "--docker", docker.client, "--json", str(file), "--jobs", "1"]
        code = main(arguments + list(map(str, options)))
        rules = json.loads(file.read_text())["rules"]
        return {"code": code} | {each["rule"]: (each["result"], each["evidence"]) for each in rules}

    return run


@pytest.fixture(scope="module")
def broken(
    make_image: MakeImage, check: Check, model: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Future[dict[str, Any]]]:
    """What is found of every broken job and server; most of the time is spent on waiting for them.

    They are checked side by side, and nothing else meanwhile.
    """
    file = tmp_path_factory.mktemp("adam") / "hyperparameters.json"
    file.write_text('{"optimizer": "adam"}')

    def check_job(fault: str) -> dict[str, Any]:
        given = ("--hyperparameters", file) if "keeps-quotes" in fault else ()
        chosen = _chosen(*BROKEN_JOBS[fault], "training.succeeds")
        return check(make_image(faults=fault), *given, *chosen)

    def check_server(fault: str) -> dict[str, Any]:
        image = make_image(BIND, MANY, faults=fault)
        return check(image, "--model", model, *_chosen(*BROKEN_SERVERS[fault]))

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        patch.setattr(limits, "STOP_JOB_SECONDS", 5)
        patch.setattr(limits, "STOP_SERVER_SECONDS", 3)
        patch.setattr(limits, "RECOVERY_SECONDS", 2)
        patch.setattr(limits, "READY_SECONDS", 8)
        patch.setattr(limits, "BARE_START_SECONDS", 1)
        return {
            **{f"job {fault}": pool.submit(check_job, fault) for fault in BROKEN_JOBS},
            **{f"server {fault}": pool.submit(check_server, fault) for fault in BROKEN_SERVERS},
        }


def _failed(results: dict[str, Any]) -> set[str]:
    return {rule for rule in set(results) & set(RULES) if results[rule][0] == "fail"}


def _chosen(*rules: str) -> list[str]:
    return [option for rule in rules for option in ("--rule", rule)]


def test_our_image_keeps_to_all_rules(docker: Docker, full: str, tmp_path: Path) -> None:
    """Every rule that applies passes; what is skipped is known."""
    file, hyperparameters = tmp_path / "results.json", tmp_path / "hyperparameters.json"
    # One is a word, as clients put into quotes.
    hyperparameters.write_text(json.dumps({**SMALL, "epochs": "30", "sequence_length": "mean"}))
    result = subprocess.run(
        [
            ROOT / "local_test/check_image.sh",
            full,
            "--json",
            file,
            "--hyperparameters",
            hyperparameters,
        ],
        env={**os.environ, "DOCKER": docker.client},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    rules = {each["rule"]: each for each in json.loads(file.read_text())["rules"]}
    assert set(rules) == set(RULES)
    skipped = {name for name in rules if rules[name]["result"] != "pass"}
    assert skipped <= {
        "image.commands",
        "image.manifest",
        "training.no-hyperparameters-file",
        *(name for name in RULES if name.startswith("hosting.models-")),
    }


@pytest.mark.exhaustive
def test_sample_keeps_to_all_rules(make_image: MakeImage, check: Check, tmp_path: Path) -> None:
    """So what the broken ones are told is their fault's doing; nothing is left behind."""
    file = tmp_path / "hyperparameters.json"
    file.write_text('{"optimizer": "adam"}')
    results = check(make_image(BIND, MANY), "--hyperparameters", file, *SEVERAL)
    assert results["code"] == 0
    skipped = {name for name in RULES if results[name][0] == "skip"}
    assert skipped <= {"image.commands", "image.manifest", "training.no-hyperparameters-file"}


@pytest.mark.exhaustive
@pytest.mark.parametrize("changes", BROKEN_IMAGES)
def test_broken_image(make_image: MakeImage, check: Check, changes: tuple[str, ...]) -> None:
    """Every rule on the image is broken by an image of its own."""
    results = check(make_image(*changes), "--only", "image")
    assert results["code"] == 1
    assert _failed(results) == BROKEN_IMAGES[changes]


def test_model_in_the_image(make_image: MakeImage, check: Check, model: Path) -> None:
    """What is mounted over would hide it."""
    image = make_image(baked_in=model.parent)
    results = check(image, "--only", "image")
    assert _failed(results) == {"image.nothing-baked-in"}
    assert "/opt/ml/model/model.json" in results["image.nothing-baked-in"][1]


@pytest.mark.exhaustive
@pytest.mark.parametrize("fault", BROKEN_JOBS)
def test_broken_job(broken: dict[str, Future[dict[str, Any]]], fault: str) -> None:
    """Every rule on training is broken by a fault; an ordinary job succeeds all the same."""
    results = broken[f"job {fault}"].result()
    assert results["code"] == 1
    assert _failed(results) == BROKEN_JOBS[fault], results


@pytest.mark.exhaustive
@pytest.mark.parametrize("fault", BROKEN_SERVERS)
def test_broken_server(broken: dict[str, Future[dict[str, Any]]], fault: str) -> None:
    """Every rule on hosting is broken by a fault."""
    results = broken[f"server {fault}"].result()
    assert results["code"] == 1
    assert _failed(results) == BROKEN_SERVERS[fault], results


@pytest.mark.exhaustive
def test_image_that_can_do_nothing(make_image: MakeImage, check: Check, model: Path) -> None:
    """Rules that look at a job or a server are skipped: one failure each tells what is wrong."""
    results = check(make_image("ENTRYPOINT []"), "--model", model)
    assert _failed(results) == {"image.commands", "training.succeeds", "hosting.ready"}
    assert "it did not start" in results["hosting.ready"][1]
    assert "see training.succeeds" in results["training.stop"][1]


def test_image_without_a_model(make_image: MakeImage, check: Check) -> None:
    """Hosting is skipped where training leaves no model and none is given."""
    results = check(make_image(faults="never-trains"), *_chosen("hosting.ready"))
    assert results["code"] == 2
    assert results["hosting.ready"][0] == "skip"
    assert "give one with --model" in results["hosting.ready"][1]


def test_image_that_reads_no_letters(make_image: MakeImage, check: Check, model: Path) -> None:
    """It may be good for other data: the user is asked for a request."""
    chosen = _chosen("hosting.ready", "hosting.invocations", "hosting.accept", "hosting.stop")
    results = check(make_image(faults="reads-nothing"), "--model", model, *chosen)
    assert results["code"] == 0
    assert {rule: results[rule][0] for rule in results if rule != "code"} == {
        "hosting.ready": "pass",
        "hosting.invocations": "skip",
        "hosting.accept": "skip",
        "hosting.stop": "skip",
    }
    assert "give a --request (application/json: 415" in results["hosting.invocations"][1]


@pytest.mark.exhaustive
def test_request_of_the_users_own(
    make_image: MakeImage, check: Check, model: Path, tmp_path: Path
) -> None:
    """What is only known of text is skipped for other types."""
    request = tmp_path / "request"
    request.write_bytes(bytes(range(256)))
    given = ("--request", request, "--content-type", "application/x-numbers", "--model", model)
    image = make_image(faults="reads-anything no-parameters")
    results = check(image, *given, "--only", "hosting", *SEVERAL)
    assert _failed(results) == {"hosting.empty-body"}, results
    assert results["hosting.execution-parameters"] == ("pass", "404: not offered")
    assert results["hosting.unknown-type"] == ("pass", "200: the type is not looked at")
    skipped = {rule for rule in RULES if results.get(rule, ("",))[0] == "skip"}
    assert skipped == {
        "hosting.bind-to-port",
        "hosting.body-25-mb",
        "hosting.body-6-mb",
        "hosting.error-json",
        "hosting.error-length",
        "hosting.error-no-traceback",
        "hosting.half-a-body",
        "hosting.invalid-utf-8",
        "hosting.records",
        "hosting.type-parameters",
        *(rule for rule in RULES if rule.startswith("hosting.models-")),
    }


def test_every_rule_is_broken_by_a_test() -> None:
    """A new rule needs an image that breaks it."""
    by_images = set().union(*BROKEN_IMAGES.values(), {"image.nothing-baked-in"})
    by_jobs = set().union(*BROKEN_JOBS.values(), {"training.succeeds"})
    by_servers = set().union(*BROKEN_SERVERS.values())
    assert by_images | by_jobs | by_servers | BROKEN_IN_UNIT_TESTS == set(RULES)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_of_a_check_that_is_stopped(
    docker: Docker, make_image: MakeImage, number: signal.Signals
) -> None:
    """Whatever runs is removed at once, though Ctrl+C comes twice and for all its processes."""
    others = _left(docker)
    process = subprocess.Popen(
        [ROOT / "local_test/check_image.sh", make_image(faults="never-ends"), "--jobs", "4"],
        env={**os.environ, "DOCKER": docker.client},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_until(lambda: len(_left(docker)) > len(others))
    os.killpg(process.pid, number)
    os.killpg(process.pid, number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert said == "stopped: removing containers and volumes\n"
    assert _left(docker) == others


def test_nothing_is_left(docker: Docker, make_image: MakeImage, check: Check) -> None:
    """Containers and volumes are removed at the end."""
    others = _left(docker)
    check(make_image(), "--rule", "training.offline")
    assert _left(docker) == others


def _left(docker: Docker) -> set[str]:
    """Return what checks have made and not removed, those that were killed long ago included."""
    containers = docker("ps", "--all", "--filter", "name=check-image-", "--quiet")
    return set((containers + docker("volume", "ls", "--filter", "name=check-image-", "-q")).split())
