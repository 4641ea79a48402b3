"""TF-IDF of words and bigrams with a linear support vector machine, in scikit-learn."""

import io
from collections.abc import Sequence

import joblib
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

from benchmarks.inference_data import Job, LabelledTexts
from benchmarks.peers.timing import Labeller


class Peer(Labeller):
    """A model of the same training documents; what occurs once is left out, as in ours."""

    def _prepare(self, job: Job) -> None:
        self._model = fitted(job.read("training"))

    def predict(self, texts: Sequence[str]) -> list[str]:
        """Return the label of each text."""
        return list(self._model.predict(texts))

    def model_bytes(self) -> int:
        """Return the size of the file that joblib writes."""
        file = io.BytesIO()
        joblib.dump(self._model, file)
        return len(file.getvalue())


def fitted(documents: LabelledTexts) -> Pipeline:
    """Return the pipeline from texts to labels, trained on some documents."""
    model: Pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2), LinearSVC(C=0.3)
    )
    model.fit(documents.texts, documents.labels)
    return model
