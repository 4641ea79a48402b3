"""What cannot be checked ends with exit code 2 and one line."""

from pathlib import Path

import pytest

from check_image.command import main
from check_image.rule import Severity
from check_image.rules import RULES


def _client(tmp_path: Path, script: str) -> str:
    """Return a client that does what a line of shell says."""
    client = tmp_path / "docker"
    client.write_text(f"#!/bin/sh\n{script}\n")
    client.chmod(0o755)
    return str(client)


def test_unknown_image(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is not pulled, but asked for."""
    client = _client(tmp_path, "echo Error: No such image: absent; exit 1")
    assert main(["absent", "--docker", client]) == 2
    assert "there is no image absent here, build or pull it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--rule", "hosting.magic"), "there is no rule hosting.magic"),
        (("--model", "/no/model"), "there is no folder /no/model"),
        (("--only", "image", "--rule", "hosting.ready"), "there is nothing to check"),
        (("--hyperparameters", "/no/file"), "/no/file cannot be read"),
        (("--docker", "/no/docker"), "No such file or directory: '/no/docker'"),
    ],
)
def test_wrong_options(
    options: tuple[str, str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is named."""
    assert main(["image", *options]) == 2
    assert problem in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--jobs", "--timeout"])
def test_numbers_are_positive(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The option is named."""
    with pytest.raises(SystemExit, match="2"):
        main(["image", option, "0"])
    assert f"argument {option}: invalid" in capsys.readouterr().err


def test_engine_that_fails_is_an_error_not_a_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is known of the image then: 2, not 1."""
    describing = 'echo \'[{"Os": "linux", "Architecture": "amd64"}]\''
    client = _client(tmp_path, f'[ "$2" = inspect ] && {describing} || exit 1')
    chosen = ["--rule", "image.platform", "--rule", "image.nothing-baked-in"]
    assert main(["image", "--docker", client, *chosen]) == 2
    assert "1 pass, 1 error" in capsys.readouterr().out


def test_only_one_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rules of the other parts are not told of."""
    description = '[{"Os": "linux", "Architecture": "arm64", "Size": 1}]'
    client = _client(tmp_path, f"[ \"$1\" = image ] && echo '{description}'; true")
    assert main(["image", "--docker", client, "--only", "image"]) == 1
    told = {line.split()[0] for line in capsys.readouterr().out.splitlines() if "." in line[:20]}
    assert told == {name for name in RULES if name.startswith("image.")}


def test_nothing_could_be_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Skips alone are no success."""
    client = _client(tmp_path, """echo '[{"Config": {"Entrypoint": ["python3"]}}]'""")
    assert main(["image", "--docker", client, "--rule", "image.commands"]) == 2
    assert "image: no rule that must hold could be checked" in capsys.readouterr().out


# Its jobs all end with exit code 1, whatever they are given.
FAILING = """case $1:$2 in
    image:*) echo '[{"Os": "linux", "Architecture": "amd64"}]' ;;
    wait:*) echo 1 ;;
    logs:*) echo no pictures ;;
esac"""


def test_image_that_does_not_learn_from_letters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may learn from other data: nothing is known of it, which one line says."""
    assert main(["image", "--docker", _client(tmp_path, FAILING), "--only", "training"]) == 2
    _, skipped, total, unknown = capsys.readouterr().out.splitlines()
    rules = [name for name in RULES if name.startswith("training.")]
    assert skipped.startswith(f"{len(rules)} rules ")
    assert "sample letters were given" in skipped
    assert "--train-data" in skipped
    assert total == f"image: {len(rules)} skip"
    assert unknown.startswith("training: no rule that must hold could be checked")


def test_image_that_does_not_learn_from_its_own_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That is a failure."""
    (tmp_path / "data/training").mkdir(parents=True)
    given = ("--train-data", str(tmp_path / "data"), "--rule", "training.succeeds")
    assert main(["image", "--docker", _client(tmp_path, FAILING), *given]) == 1
    assert "no pictures" in capsys.readouterr().out


@pytest.mark.parametrize(
    "rule", ["hosting.no-model", "hosting.broken-model", "hosting.error-no-traceback"]
)
def test_what_endpoints_live_with(rule: str) -> None:
    """Containers that are widely used break these, and serve."""
    assert RULES[rule].severity is Severity.SHOULD


def test_sources_and_sentences() -> None:
    """Every rule says in one sentence what the platform does."""
    assert all(rule.platform.endswith(".") for rule in RULES.values())
    assert {rule.area for rule in RULES.values()} == {"image", "training", "hosting"}
