"""A temporary /opt/ml, and the train command run in it as a process."""

import csv
import json
import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROGRAMS = ROOT / "container/text_classification"
TRAIN = (PROGRAMS / "train",)
TIMEOUT = 240

# Small enough to train in a second or two; TensorFlow is not loaded, which takes longer. Another
# recipe than kim takes longer too, and may not know filters, or be trained by Keras alone.
SMALL = {
    "recipe": "kim",
    "embedding_size": "16",
    "filters": "16",
    "epochs": "2",
    "batch_size": "32",
    "report": "false",
    "keras_export": "false",
}


def environment(root: Path, **additions: str) -> dict[str, str]:
    """Return the environment of a command that runs in another root than /opt/ml."""
    scratch = root / "tmp"
    scratch.mkdir(exist_ok=True)
    scratch.chmod(0o755)
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT / "container"),
        "SAGEMAKER_BASE_DIR": str(root),
        "TMPDIR": str(scratch),
        **additions,
    }


@dataclass(frozen=True)
class Job:
    """How a train command ended."""

    code: int
    output: str
    failure: str


class TrainingEnvironment:
    """The folders of a training job; nothing is there until a test puts it there."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.model = root / "model"
        self.output_data = root / "output/data"

    def write(self, relative: str, content: str | bytes) -> Path:
        """Write a file of a channel, ``channel/name``."""
        path = self.root / "input/data" / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def write_csv(self, relative: str, rows: Iterable[tuple[str, str]]) -> None:
        """Write a CSV file with the header label,text."""
        path = self.write(relative, "")
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("label", "text"), *rows])

    def configure(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a file of input/config, such as hyperparameters.json."""
        path = self.root / "input/config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")

    def start(
        self, command: Sequence[str | Path] = TRAIN, **additions: str
    ) -> subprocess.Popen[str]:
        """Start the train command, or another that starts it."""
        return subprocess.Popen(
            command,
            env=environment(self.root, **additions),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finish(self, process: subprocess.Popen[str]) -> Job:
        """Wait for a started command and return how it ended."""
        output, _ = process.communicate(timeout=TIMEOUT)
        failure = self.root / "output/failure"
        return Job(
            process.returncode, output, failure.read_text("utf-8") if failure.is_file() else ""
        )

    def run(self, **additions: str) -> Job:
        """Run the train command to its end."""
        return self.finish(self.start(**additions))
