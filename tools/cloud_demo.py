"""The whole life of a model on the emulator, by the commands that run on AWS.

Neither an account nor Docker is needed.
Every command is shown as a person would type it. Everything happens in ``.cloud-demo/`` and on the
loopback address; at the end nothing is left.
"""

import argparse
import io
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
DEMO = ROOT / ".cloud-demo"
EXPORT = re.compile(r"(\w+)=(\S+)")
WIDTH = 100
SUBJECT = "Please find enclosed the insurance binder for the loan named above"


@dataclass(frozen=True)
class Step:
    """What a person types behind ./textcnn, and what it is for; the picture has room for some."""

    title: str
    command: str
    is_pictured: bool = False


STEPS = (
    Step("Bucket, roles and repository: one CloudFormation stack", "setup --yes"),
    Step("What could stand in the way, told before it costs anything", "doctor"),
    Step(
        "A training job, followed to its end",
        f"train {DEMO.name}/input/data --name letters --yes",
    ),
    Step("A serverless endpoint", "deploy letters --yes", is_pictured=True),
    Step("A question, and why it is answered so", f'ask "{SUBJECT}" --why', is_pictured=True),
    Step("A page for others, without a server", "page deploy letters --yes"),
    Step(
        "A file of documents, each line with its answer",
        f"batch {DEMO.name}/documents.jsonl --model letters --download {DEMO.name} --yes",
    ),
    Step("What is there, and what it costs", "ls", is_pictured=True),
    Step("All of it away again", "rm --all --yes"),
    Step("What is left", "ls"),
)


def main() -> int:
    """Walk through the life of a model and return the exit code of the step that failed, or 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--picture", type=Path, help="write what the terminal shows as an SVG")
    picture: Path | None = parser.parse_args().picture
    shutil.rmtree(DEMO, ignore_errors=True)
    letters = [sys.executable, str(ROOT / "local_test/letters.py"), str(DEMO / "input/data")]
    subprocess.run(letters, check=True)
    _write_documents(DEMO / "documents.jsonl")
    recording = Console(record=True, width=WIDTH, highlight=False, file=io.StringIO())
    started = time.monotonic()
    emulator = subprocess.Popen(
        [ROOT / "textcnn", "emulator", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        environment = {**os.environ, **_exports(emulator)}
        for step in STEPS:
            code = _give(step, environment, recording if picture else None)
            if code:
                return code
    finally:
        emulator.send_signal(signal.SIGTERM)
        emulator.wait()
    print(f"\nThe whole life took {time.monotonic() - started:.0f} s on this machine.")
    if picture:
        recording.save_svg(str(picture), title="make cloud-demo")
    return 0


def _write_documents(path: Path) -> None:
    lines = (ROOT / "local_test/payload.jsonl").read_text(encoding="utf-8")
    path.write_text(lines, encoding="utf-8")


def _exports(emulator: subprocess.Popen[str]) -> dict[str, str]:
    """Read the two export lines that the emulator prints when it answers."""
    assert emulator.stdout is not None  # noqa: S101 - it was asked for
    lines = [emulator.stdout.readline() for _ in range(2)]
    return {name: value for line in lines for name, value in EXPORT.findall(line)}


def _give(step: Step, environment: dict[str, str], recording: Console | None) -> int:
    """Give a command and return its exit code; where it is recorded, its output comes at once."""
    shown = f"[bold]{step.title}[/]\n[green]$ ./textcnn {step.command}[/]"
    print()
    Console(highlight=False).print(shown)
    words = [str(ROOT / "textcnn"), *shlex.split(step.command)]
    if recording is None or not step.is_pictured:
        return subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode
    # Colours, and lines instead of what moves.
    plain = {"FORCE_COLOR": "1", "TTY_INTERACTIVE": "0", "COLUMNS": str(WIDTH)}
    result = subprocess.run(
        words,
        cwd=ROOT,
        env=environment | plain,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(result.stdout)
    recording.print(shown)
    recording.print(Text.from_ansi(result.stdout.rstrip("\n")), "\n", sep="")
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
