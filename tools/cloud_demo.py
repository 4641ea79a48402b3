"""The whole life of a model on the emulator, by the commands that run on AWS.

Neither an account nor Docker is needed.
Every command is shown as a person would type it. Everything happens in ``.cloud-demo/`` and on the
loopback address; at the end nothing is left.
"""

import argparse
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
DEMO = ROOT / ".cloud-demo"
EXPORT = re.compile(r"(\w+)=(\S+)")
SUBJECT = "Please find enclosed the insurance binder for the loan named above"
# Each is what a person types behind ./textcnn, with what it is for.
STEPS: tuple[tuple[str, str], ...] = (
    ("Bucket, role, repository and budget: one CloudFormation stack", "setup --yes"),
    ("What could stand in the way, told before it costs anything", "doctor"),
    (
        "A training job, followed to its end",
        f"train {DEMO.name}/input/data --name letters --set recipe=wide --yes",
    ),
    ("A serverless endpoint: it costs nothing while nobody asks", "deploy letters --yes"),
    ("A question, and the words that led to the answer", f'ask "{SUBJECT}" --why'),
    (
        "A file of documents, answered line by line",
        f"batch {DEMO.name}/documents.jsonl --model letters --download {DEMO.name} --yes",
    ),
    ("What is there, and what it costs", "ls"),
    ("All of it away again", "rm --all --yes"),
    ("Nothing is left", "ls"),
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
    screen = Console(record=picture is not None, width=100, highlight=False)
    started = time.monotonic()
    emulator = subprocess.Popen(
        [ROOT / "textcnn", "emulator", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        environment = {**os.environ, **_exports(emulator), "FORCE_COLOR": "1", "COLUMNS": "100"}
        for title, command in STEPS:
            code = _step(screen, title, command, environment)
            if code:
                return code
    finally:
        emulator.send_signal(signal.SIGTERM)
        emulator.wait()
    screen.print(f"\nThe whole life took {time.monotonic() - started:.0f} s on this machine.")
    if picture:
        screen.save_svg(str(picture), title="make cloud-demo")
    return 0


def _write_documents(path: Path) -> None:
    lines = (ROOT / "local_test/payload.jsonl").read_text(encoding="utf-8")
    path.write_text(lines, encoding="utf-8")


def _exports(emulator: subprocess.Popen[str]) -> dict[str, str]:
    """Read the two export lines that the emulator prints when it answers."""
    assert emulator.stdout is not None  # noqa: S101 - it was asked for
    lines = [emulator.stdout.readline() for _ in range(2)]
    return {name: value for line in lines for name, value in EXPORT.findall(line)}


def _step(screen: Console, title: str, command: str, environment: dict[str, str]) -> int:
    screen.print(f"\n[bold]{title}[/]\n[green]$ ./textcnn {command}[/]")
    process = subprocess.Popen(
        [ROOT / "textcnn", *shlex.split(command)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None  # noqa: S101 - it was asked for
    for line in process.stdout:
        screen.print(Text.from_ansi(line.rstrip("\n")))
    return process.wait()


if __name__ == "__main__":
    sys.exit(main())
