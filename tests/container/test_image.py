"""The image itself: size, labels, entry point, what is inside and what is not."""

import json

import pytest

from tests.support.docker import Docker
from tests.support.training import TrainingEnvironment

pytestmark = pytest.mark.engine

MEGABYTE = 1_000_000


def _inspect(docker: Docker, image: str) -> dict[str, object]:
    described: dict[str, object] = json.loads(docker("image", "inspect", image))[0]
    return described


def test_inference_image_is_small(docker: Docker, base: str, inference: str) -> None:
    """At most 160 MB come on top of the base."""
    sizes = [int(str(_inspect(docker, image)["Size"])) for image in (inference, base)]
    assert sizes[0] - sizes[1] <= 160 * MEGABYTE


@pytest.mark.parametrize(
    "module", ["tensorflow", "keras", "pandas", "sklearn", "pip", "pyarrow", "matplotlib"]
)
def test_inference_image_lacks_what_serving_does_not_need(
    docker: Docker, inference: str, module: str
) -> None:
    """No training stack and no installer."""
    code, output = docker.run("--entrypoint", "python3", inference, "-c", f"import {module}")
    assert code == 1
    assert "ModuleNotFoundError" in output


def test_images_have_no_compiler_and_no_pip_cache(docker: Docker, full: str) -> None:
    """What builds stays in the build stages."""
    look = "command -v gcc cc pip pip3; ls -A /root/.cache /var/lib/apt/lists 2>/dev/null"
    _, output = docker.run("--entrypoint", "sh", full, "-c", look)
    assert output.replace("/var/lib/apt/lists:", "").strip() == ""


def test_labels(docker: Docker, full: str) -> None:
    """SageMaker reads the one, people read the others."""
    configuration = _inspect(docker, full)["Config"]
    assert isinstance(configuration, dict)
    labels = configuration["Labels"]
    for capability in ("accept-bind-to-port", "multi-models"):
        assert labels[f"com.amazonaws.sagemaker.capabilities.{capability}"] == "true"
    assert {
        f"org.opencontainers.image.{name}" for name in ("title", "licenses", "revision")
    } <= set(labels)
    assert isinstance(configuration["Entrypoint"], list), "the entry point is not in exec form"


def test_commands_are_on_the_path(docker: Docker, full: str) -> None:
    """Where the entry point is replaced, programs of these names must be found."""
    _, output = docker.run("--entrypoint", "sh", full, "-c", "command -v train; command -v serve")
    assert output.split() == [
        f"/opt/program/text_classification/{name}" for name in ("train", "serve")
    ]


def test_everything_is_byte_compiled(docker: Docker, full: str) -> None:
    """The root may be read-only at run time, and starts shall be quick."""
    look = 'for kind in py pyc; do find /opt/program /opt/venv -name "*.$kind" | wc -l; done'
    _, output = docker.run("--entrypoint", "sh", full, "-c", look)
    sources, compiled = map(int, output.split())
    assert compiled > 0.98 * sources


@pytest.mark.parametrize(
    ("arguments", "code"), [((), 2), (("--help",), 0), (("deploy",), 2), (("train", "now"), 2)]
)
def test_usage(docker: Docker, full: str, arguments: tuple[str, ...], code: int) -> None:
    """Without a command and without input there is nothing to do but to say what there is."""
    result, output = docker.run(full, *arguments)
    assert result == code
    assert output.startswith("usage: docker run IMAGE [train | serve]")


def test_inference_image_says_that_it_cannot_train(
    docker: Docker, inference: str, job_folder: TrainingEnvironment
) -> None:
    """One line instead of an import error."""
    code, output = docker.run("--volume", f"{job_folder.root}:/opt/ml", inference, "train")
    assert code == 1
    assert "this image only serves" in output
    assert "Traceback" not in output
