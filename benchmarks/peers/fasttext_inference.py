"""fastText (Joulin et al. 2016): averaged vectors of words and bigrams."""

import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import fasttext

from benchmarks.inference_data import Job, LabelledTexts
from benchmarks.peers.timing import Labeller

PREFIX = "__label__"
# Documents that are learnt from in all: few documents need more epochs.
STEPS = 100_000
SEED = 0


class Peer(Labeller):
    """A model of the same training documents; the most accurate of a few settings."""

    def _prepare(self, job: Job) -> None:
        documents = job.read("training")
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "training.txt"
            self._labels = write_training_file(path, documents)
            epochs = max(5, STEPS // len(documents.texts))
            # One thread: the same model every time.
            self._model = fasttext.train_supervised(
                str(path), wordNgrams=2, epoch=epochs, lr=0.5, thread=1, verbose=0
            )
            saved = Path(scratch) / "model.bin"
            self._model.save_model(str(saved))
            self._bytes = saved.stat().st_size

    def predict(self, texts: Sequence[str]) -> list[str]:
        """Return the label of each text."""
        labels, _ = self._model.predict([one_line(text) for text in texts])
        return [self._labels[best] for (best,) in labels]

    def model_bytes(self) -> int:
        """Return the size of the file that fastText writes."""
        return self._bytes


def write_training_file(path: Path, documents: LabelledTexts) -> dict[str, str]:
    """Write what fastText learns from; return the label of each name that it is given there.

    Labels may hold spaces, which end a label in such a file: they are numbered. And fastText takes
    documents as they come: sorted by label, the first labels would be forgotten.
    """
    labels = sorted(set(documents.labels))
    names = {label: f"{PREFIX}{index}" for index, label in enumerate(labels)}
    lines = [
        f"{names[label]} {one_line(text)}\n"
        for label, text in zip(documents.labels, documents.texts, strict=True)
    ]
    random.Random(SEED).shuffle(lines)  # noqa: S311 - an order, no secret
    path.write_text("".join(lines), encoding="utf-8")
    return {name: label for label, name in names.items()}


def one_line(text: str) -> str:
    """Return a text in lower case on one line: the file and ``predict`` end it at a line break."""
    return text.lower().replace("\n", " ")
