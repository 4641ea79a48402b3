"""__main__.py."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.helpers import write_configuration
from text_classification.__main__ import USAGE, main
from text_classification.contract.paths import Paths
from text_classification.serving.server import command
from text_classification.training import job


@pytest.fixture(autouse=True)
def _empty_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The root of the contract is an empty folder."""
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))


@pytest.mark.parametrize("arguments", ["--help", "-h", "help", "train --help", "serve -h"])
def test_help_is_printed(arguments: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Help goes to standard output and is a success; no job begins."""
    assert main(arguments.split()) == 0
    assert capsys.readouterr() == (USAGE, "")


@pytest.mark.parametrize(
    "arguments", [[], ["fit"], ["train", "now"], ["serve", "--port=1"], ["--version"], [""]]
)
def test_usage_is_the_answer_to_anything_else(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """No command, an unknown one or too many words: usage on standard error, exit code 2."""
    assert main(arguments) == 2
    said = f"there is no command '{' '.join(arguments)}'\n" if arguments else ""
    assert capsys.readouterr() == ("", said + USAGE)


def exits_with(code: int) -> Callable[[], int]:
    """Return a program that does nothing but end."""
    return lambda: code


def test_commands_end_with_the_code_of_their_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command train trains, and serve serves."""
    monkeypatch.setattr(job, "main", exits_with(11))
    monkeypatch.setattr(command, "main", exits_with(12))
    assert (main(["train"]), main(["serve"])) == (11, 12)


@pytest.mark.usefixtures("signal_handlers")
def test_bare_start_trains_where_there_is_training_input(paths: Paths) -> None:
    """Without a command a real job runs: here it ends with its cause in the failure file."""
    write_configuration(paths.hyperparameters, {"epoch": "3"})
    assert main([]) == 1
    reason = paths.failure.read_text(encoding="utf-8")
    assert reason.startswith("HYPERPARAMETER_UNKNOWN: there is no hyperparameter 'epoch'.")
    assert "Did you mean epochs?" in reason


def test_bare_start_with_a_model_alone_does_not_train(paths: Paths) -> None:
    """A hosting container without a command is told the usage."""
    paths.model.mkdir()
    assert main([]) == 2
