"""What memory a training job takes, by its documents: ``python -m benchmarks.training_memory``.

Trains on generated documents, of which each has some words that no other has, and prints the most
memory that the job and the processes that it started have had.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from itertools import accumulate
from pathlib import Path

from benchmarks.scale.whole_job import peak_of

PROGRAM = Path(__file__).parents[1] / "container/text_classification/train"
COUNTS = (10_000, 100_000, 400_000)
RECIPES = ("kim", "wide", "stacked")
WORDS = 60
COMMON = [f"word{number}" for number in range(20_000)]
GIVEN = {"epochs": "1", "keras_export": "false", "report": "false"}


def write_documents(path: Path, count: int) -> int:
    """Write so many documents, and return their size in bytes."""
    generator = random.Random(count)  # noqa: S311 - the same documents each time
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(COMMON))))
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            words = generator.choices(COMMON, cum_weights=weights, k=WORDS)
            file.write(f"class{number % 10},{' '.join(words)} rare{number}\n")
    return path.stat().st_size


def peak_mib(root: Path, recipe: str) -> int:
    """Train on the documents below ``root``; return the most memory of all processes, in MiB."""
    configuration = root / "input/config"
    configuration.mkdir(parents=True, exist_ok=True)
    given = json.dumps({**GIVEN, "recipe": recipe})
    (configuration / "hyperparameters.json").write_text(given, encoding="utf-8")
    environment = {**os.environ, "SAGEMAKER_BASE_DIR": str(root), "TMPDIR": str(root)}
    command = [sys.executable, str(PROGRAM)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as job:
        peak = peak_of(job).whole
    if job.returncode:
        raise subprocess.CalledProcessError(job.returncode, command)
    return peak >> 20


def main() -> None:
    """Print a row for each number of documents."""
    for count in map(int, sys.argv[1:]) if sys.argv[1:] else COUNTS:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "input/data/training").mkdir(parents=True)
            size = write_documents(root / "input/data/training/a.csv", count)
            for recipe in RECIPES:
                print(
                    f"{recipe}: {count} documents, {size >> 20} MiB: {peak_mib(root, recipe)} MiB"
                )


if __name__ == "__main__":
    main()
