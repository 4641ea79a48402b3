"""The documents that accuracy is measured on: as a set gives them, or dealt to folds."""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.inference_data import LabelledTexts
from text_classification.contract.channels import Channel
from text_classification.corpus.folds import stratified_folds
from text_classification.corpus.readers.channel import read_channel
from text_classification.corpus.readers.reading import Reading
from text_classification.kernels.arrays import Indices

SEED = 0


@dataclass(frozen=True)
class Parts:
    """What models learn from, are chosen by (None: a part of that) and are tested on."""

    training: LabelledTexts
    validation: LabelledTexts | None
    test: LabelledTexts

    @property
    def channels(self) -> Mapping[str, LabelledTexts]:
        """The parts by the names that a job's channels have."""
        validation = {"validation": self.validation} if self.validation else {}
        return {"training": self.training, **validation, "test": self.test}


def read(folder: Path) -> Parts:
    """Return the documents of a set."""
    training, validation, test = (
        _read(folder, f"{name}.csv.gz") for name in ("train", "validation", "test")
    )
    if training is None or test is None:
        raise ValueError(f"{folder} is no set: it lacks train.csv.gz or test.csv.gz")
    return Parts(training, validation, test)


def in_folds(parts: Parts, count: int) -> Iterator[Parts]:
    """Yield, for each of ``count`` stratified folds of all documents, the others and it.

    The only document of a class is always learned from.
    """
    texts, labels = (
        [each for part in parts.channels.values() for each in getattr(part, name)]
        for name in ("texts", "labels")
    )
    numbers = np.unique(labels, return_inverse=True)[1].astype(np.int32)
    folds = stratified_folds(numbers, count, SEED)

    def chosen(documents: Indices) -> LabelledTexts:
        return LabelledTexts([texts[index] for index in documents], [labels[i] for i in documents])

    for fold in range(count):
        yield Parts(chosen(folds.training(fold)), None, chosen(folds.held_out(fold)))


@contextmanager
def job_of(parts: Parts) -> Iterator[Path]:
    """Write the channels of a job, and give the folder that they are in as SageMaker has them."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for name, documents in parts.channels.items():
            channel = root / "input/data" / name
            channel.mkdir(parents=True)
            _write(channel / "documents.csv", documents)
        yield root


def _read(folder: Path, name: str) -> LabelledTexts | None:
    if not (folder / name).is_file():
        return None
    with tempfile.TemporaryDirectory() as channel:
        (Path(channel) / name).symlink_to((folder / name).resolve())
        rows = list(read_channel(Channel(name, Path(channel)), Reading()))
    return LabelledTexts([row.text for row in rows], [row.label for row in rows])


def _write(path: Path, documents: LabelledTexts) -> None:
    rows: Iterable[tuple[str, str]] = zip(documents.labels, documents.texts, strict=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("label", "text"))
        writer.writerows(rows)
