"""The documents that inference is measured on, and our model that classifies them."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from text_classification.contract.channels import Channel
from text_classification.corpus.readers.channel import read_channel
from text_classification.corpus.readers.reading import Reading

ROOT = Path(__file__).parents[1]
TRAIN = ROOT / "container/text_classification/train"
LETTERS = ROOT / "local_test/letters.py"
ABSTRACTS = "arxiv4_abstracts"
# A good model soon, rather than the best: how fast it answers is the same.
HYPERPARAMETERS = {
    "recipe": "kim",
    "epochs": 12,
    "patience": 2,
    "validation_fraction": 0.05,
    "keras_export": False,
}


@dataclass(frozen=True)
class LabelledTexts:
    """Texts with their labels."""

    texts: list[str]
    labels: list[str]

    def accuracy(self, predictions: list[str]) -> float:
        """Return the share of texts whose label was predicted."""
        hits = sum(map(str.__eq__, predictions, self.labels))
        return hits / len(self.labels)


class Job:
    """A training job's folder in SageMaker's layout: channels ``training`` and ``test``, a model.

    It can be passed to other processes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.model = folder / "model"

    def take_documents(self, data: Path) -> str:
        """Take the abstracts in ``data``, or write letters instead, and return what was taken."""
        channels = self._folder / "input/data"
        if not (data / ABSTRACTS).is_dir():
            subprocess.run([sys.executable, LETTERS, channels], check=True)
            return "generated letters"
        for name, file in (("training", "train.csv.gz"), ("test", "test.csv.gz")):
            (channels / name).mkdir(parents=True)
            (channels / name / file).symlink_to((data / ABSTRACTS / file).resolve())
        return ABSTRACTS

    def train(self, **others: object) -> None:
        """Train our model with the command that the image runs; others: more hyperparameters."""
        configuration = self._folder / "input/config"
        configuration.mkdir(parents=True)
        hyperparameters = configuration / "hyperparameters.json"
        hyperparameters.write_text(json.dumps({**HYPERPARAMETERS, **others}), encoding="utf-8")
        environment = {**os.environ, "SAGEMAKER_BASE_DIR": str(self._folder)}
        subprocess.run([sys.executable, "-P", TRAIN], env=environment, check=True)

    def read(self, channel: str) -> LabelledTexts:
        """Return the documents of a channel."""
        folder = self._folder / "input/data" / channel
        documents = list(read_channel(Channel(channel, folder), Reading()))
        return LabelledTexts([each.text for each in documents], [each.label for each in documents])
