"""fastText (Joulin et al. 2016): averaged vectors of words and bigrams."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import fasttext

from benchmarks.inference_data import Job
from benchmarks.peers.timing import Labeller

PREFIX = "__label__"
# Documents that are learnt from in all: few documents need more epochs.
STEPS = 100_000


class Peer(Labeller):
    """A model of the same training documents; the most accurate of a few settings."""

    def _prepare(self, job: Job) -> None:
        documents = job.read("training")
        names = sorted(set(documents.labels))
        numbers = {name: index for index, name in enumerate(names)}
        # Labels may hold spaces, which end a label in fastText's files: numbers do not.
        self._labels = {f"{PREFIX}{index}": name for index, name in enumerate(names)}
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "training.txt"
            with path.open("w", encoding="utf-8") as file:
                for label, text in zip(documents.labels, documents.texts, strict=True):
                    file.write(f"{PREFIX}{numbers[label]} {one_line(text)}\n")
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


def one_line(text: str) -> str:
    """Return a text in lower case on one line: the file and ``predict`` end it at a line break."""
    return text.lower().replace("\n", " ")
