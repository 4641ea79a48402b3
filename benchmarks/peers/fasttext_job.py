"""fastText's whole job, in a process of its own: read a CSV file, train, save; then the test.

``python -m benchmarks.peers.fasttext_job TRAIN TEST MODEL EPOCHS``; the last line is JSON with the
seconds of the job without the test, and the accuracy on it.
"""

import csv
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import fasttext

from benchmarks.peers.fasttext_inference import PREFIX, one_line
from text_classification.machine.processors import processor_count

RATE = 0.5


def rows(path: Path) -> Iterator[list[str]]:
    """Yield label and text of each document of a file with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        yield from reader


def main() -> None:
    """Do the job."""
    training, test, model = map(Path, sys.argv[1:4])
    started = time.perf_counter()
    lines = model.with_suffix(".txt")
    with lines.open("w", encoding="utf-8") as file:
        for label, text in rows(training):
            file.write(f"{PREFIX}{label} {one_line(text)}\n")
    trained = fasttext.train_supervised(
        str(lines),
        wordNgrams=2,
        epoch=int(sys.argv[4]),
        lr=RATE,
        thread=processor_count(),
        verbose=0,
    )
    trained.save_model(str(model))
    seconds = time.perf_counter() - started
    labels, texts = zip(*rows(test), strict=True)
    answers, _ = trained.predict([one_line(text) for text in texts])
    right = sum(
        given[0] == f"{PREFIX}{label}" for label, given in zip(labels, answers, strict=True)
    )
    print(json.dumps({"seconds": seconds, "accuracy": right / len(labels)}))


if __name__ == "__main__":
    main()
