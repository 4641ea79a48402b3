"""Baselines for the networks: a linear model and fastText, each with its best settings.

What they can be set to is chosen on held-out documents; then they learn from all.
"""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import fasttext
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

from benchmarks.inference_data import LabelledTexts
from benchmarks.peers.fasttext_inference import one_line, write_training_file

Predict = Callable[[Sequence[str]], list[str]]

Setting = TypeVar("Setting")

HELD_OUT = 0.1
# Short words and telling signs too, which scikit-learn leaves out by itself.
TOKENS = r"(?u)\b\w+\b|[!?$£%]"
COSTS = (0.03, 0.1, 0.3, 1.0, 3.0)
RATES_AND_EPOCHS = ((0.3, 10), (1.0, 10), (0.3, 40), (1.0, 40))


def linear_model(training: LabelledTexts, validation: LabelledTexts | None) -> Predict:
    """Return TF-IDF of words and pairs of them with a linear support vector machine."""

    def fit(documents: LabelledTexts, cost: float) -> Predict:
        tfidf = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=TOKENS)
        model: Pipeline = make_pipeline(tfidf, LinearSVC(C=cost))
        model.fit(documents.texts, documents.labels)
        return lambda texts: list(map(str, model.predict(texts)))

    return best_setting(fit, COSTS, training, validation)


def fasttext_model(training: LabelledTexts, validation: LabelledTexts | None) -> Predict:
    """Return fastText of words and pairs of them."""

    def fit(documents: LabelledTexts, setting: tuple[float, int]) -> Predict:
        rate, epochs = setting
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "training.txt"
            labels = write_training_file(path, documents)
            model = fasttext.train_supervised(
                str(path), wordNgrams=2, lr=rate, epoch=epochs, verbose=0
            )

        def predict(texts: Sequence[str]) -> list[str]:
            found, _ = model.predict([one_line(text) for text in texts])
            # A text without a known word has no label.
            return [labels[best[0]] if best else documents.labels[0] for best in found]

        return predict

    return best_setting(fit, RATES_AND_EPOCHS, training, validation)


def best_setting(
    fit: Callable[[LabelledTexts, Setting], Predict],
    settings: Iterable[Setting],
    training: LabelledTexts,
    validation: LabelledTexts | None,
) -> Predict:
    """Return the model of all training documents at the setting that validates best."""
    part, held_out = (training, validation) if validation else _split(training)
    chosen = max(
        settings, key=lambda setting: held_out.accuracy(fit(part, setting)(held_out.texts))
    )
    return fit(training, chosen)


def _split(documents: LabelledTexts) -> tuple[LabelledTexts, LabelledTexts]:
    texts, others, labels, other_labels = train_test_split(
        documents.texts, documents.labels, test_size=HELD_OUT, random_state=0
    )
    return LabelledTexts(texts, labels), LabelledTexts(others, other_labels)
