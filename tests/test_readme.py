"""The commands that the README shows do what it says."""

import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.cloud.life import remains
from tests.support.emulated import own_emulator
from tests.support.markdown import Page
from tests.support.training import ROOT

pytestmark = pytest.mark.long
README = Page(ROOT / "README.md")
STEP_SECONDS = 300
# What a person types where a command asks: yes, and for all of it the account too.
ANSWERS = b"y\n123456789012\n"
# What the steps to an endpoint begin with; the emulator has an image already.
STEPS = ("./textcnn ", "python3 local_test/")
# The other commands, and what runs them.
ELSEWHERE = {
    "make demo": ".ci/run",
    "make cloud-demo": ".ci/run",
    "./build_and_push.sh text-classification": "tests/container/test_build_and_push.py",
    "make image": "tests/container/conftest.py",
    "local_test/train_local.sh text-classification": "tests/container/conftest.py",
    "local_test/serve_local.sh text-classification": "tests/container/test_local_scripts.py",
    "local_test/predict.sh local_test/payload.json": "tests/container/test_local_scripts.py",
}


def shown() -> list[str]:
    """Return the commands of the README's blocks, without what is said of them behind ``#``."""
    blocks = [block.content for block in README.blocks if block.language == "sh"]
    lines = [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def test_every_command_is_run_by_a_test() -> None:
    """Those that are not run below are named in what runs them."""
    others = [command for command in shown() if not command.startswith(STEPS)]
    assert sorted(others) == sorted(ELSEWHERE)
    for command, place in ELSEWHERE.items():
        program = Path(command.split()[0]).name
        words = command if program == "make" else program
        assert words.split()[-1] in (ROOT / place).read_text(encoding="utf-8"), command


@pytest.mark.exhaustive
def test_the_steps_to_an_endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the page, as a person types them, questions answered; nothing is left."""
    monkeypatch.chdir(tmp_path)
    steps = [command for command in shown() if command.startswith(STEPS)]
    assert {command.split()[1] for command in steps} >= {"setup", "train", "deploy", "ask", "rm"}
    with own_emulator() as emulator:
        for command in steps:
            said = type_in(command, emulator.environment)
            if " ask " in command:
                assert "%" in said
        assert not remains(emulator.client)


def type_in(command: str, variables: dict[str, str]) -> str:
    """Run a command at a terminal, with an answer to all that it asks; return what it printed."""
    terminal, its_side = pty.openpty()
    try:
        os.write(terminal, ANSWERS)
        result = subprocess.run(
            command.replace("./textcnn", str(ROOT / "textcnn")).replace(
                "local_test/", f"{ROOT / 'local_test'}/"
            ),
            shell=True,
            env={**os.environ, **variables},
            stdin=its_side,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=STEP_SECONDS,
            check=False,
        )
    finally:
        os.close(terminal)
        os.close(its_side)
    assert result.returncode == 0, f"{command}: {result.stdout}"
    return result.stdout
