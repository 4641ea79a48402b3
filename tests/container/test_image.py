"""The image itself: size, labels, entry point, what is inside and what is not."""

import itertools
import json
import shutil
from pathlib import Path

import pytest

from tests.support.docker import Docker
from tests.support.training import ROOT, TrainingEnvironment

pytestmark = pytest.mark.engine

MEGABYTE = 1_000_000


def _inspect(docker: Docker, image: str) -> dict[str, object]:
    described: dict[str, object] = json.loads(docker("image", "inspect", image))[0]
    return described


def test_inference_image_is_small(docker: Docker, base: str, inference: str) -> None:
    """At most 160 MB come on top of the base."""
    sizes = [int(str(_inspect(docker, image)["Size"])) for image in (inference, base)]
    assert sizes[0] - sizes[1] <= 160 * MEGABYTE


def test_full_image_is_not_larger_than_it_must_be(docker: Docker, full: str) -> None:
    """Symbols for debuggers and libraries that nothing loads are left out."""
    assert int(str(_inspect(docker, full)["Size"])) <= 1550 * MEGABYTE


def test_libraries_lie_below_the_program(docker: Docker, full: str) -> None:
    """What a changed line of the program rebuilds, pushes and pulls is small."""
    sizes = docker("history", "--human=false", "--format", "{{.Size}}", full).split()
    newest = list(itertools.takewhile(lambda size: size < 100 * MEGABYTE, map(int, sizes)))
    assert len(newest) < len(sizes), "no layer holds the libraries"
    assert sum(newest) < 10 * MEGABYTE


def test_changed_line_changes_one_layer(docker: Docker, inference: str, tmp_path: Path) -> None:
    """All layers below are found where they are: in the engine, in a registry."""
    for name in ("container", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("Dockerfile", ".dockerignore", "setup.py", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    with (tmp_path / "container/text_classification/errors.py").open("a") as file:
        file.write("# another line\n")
    changed = f"{inference}-changed"
    docker("build", "--target", "inference", "--tag", changed, tmp_path)
    before, after = (_layers(docker, image) for image in (inference, changed))
    docker("rmi", changed)
    assert after[:-1] == before[:-1]
    assert after[-1] != before[-1]


def _layers(docker: Docker, image: str) -> list[str]:
    return list(
        json.loads(docker("image", "inspect", "--format", "{{json .RootFS.Layers}}", image))
    )


def test_inference_image_lacks_what_serving_does_not_need(docker: Docker, inference: str) -> None:
    """No training stack and no installer."""
    unwanted = ["tensorflow", "keras", "pandas", "sklearn", "pip", "pyarrow", "matplotlib"]
    look = f"import importlib.util as u; print([m for m in {unwanted} if u.find_spec(m)])"
    assert docker.run("--entrypoint", "python3", inference, "-c", look) == (0, "[]\n")


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
    """Without a command that is known, and without input, there is nothing to do but say so."""
    result, output = docker.run(full, *arguments)
    assert result == code
    assert "usage: docker run IMAGE [train | serve]" in output
    assert output.startswith("there is no command" if arguments and code else "usage:")


def test_inference_image_says_that_it_cannot_train(
    docker: Docker, inference: str, job_folder: TrainingEnvironment
) -> None:
    """One line instead of an import error."""
    code, output = docker.run("--volume", f"{job_folder.root}:/opt/ml", inference, "train")
    assert code == 1
    assert "this image only serves" in output
    assert "Traceback" not in output
