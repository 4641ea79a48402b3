"""From records to predictions: labels by falling score, and what else was asked for."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import numpy as np

from text_classification.errors import Code, RequestError
from text_classification.inference.classifier import Classifier, Scores
from text_classification.serving.predictions.format.negotiation import RequestFormat
from text_classification.serving.predictions.requests.records import Records

if TYPE_CHECKING:
    from text_classification.serving.predictions.responses.response_schemas import (
        Best,
        Explanation,
        Prediction,
        Refusal,
    )

# NumPy takes longer to begin with so few than Python to be done, and hands the interpreter over.
FEW_SCORES = 32


class Predictor:
    """Answers the records of one request.

    floor: the score from which a prediction is sure; None for no such mark. listed: how many
    labels a prediction lists, unless its record asks for another number itself. Raises
    ``RequestError`` 400 where a label is to be explained that the model does not have.
    """

    def __init__(
        self, classifier: Classifier, request_format: RequestFormat, floor: float | None
    ) -> None:
        self.request_format = request_format
        self.floor = floor
        self.listed = min(
            request_format.options.listed or len(classifier.labels), len(classifier.labels)
        )
        self._classifier = classifier
        self._explained = request_format.options.explain_label
        if self._explained and self._explained not in classifier.labels:
            raise RequestError(
                400,
                Code.OPTION_INVALID,
                "the model has no such label as explain_label gives",
                remedy="Ask with top_k=all: the answer lists all labels.",
            )

    def __call__(self, records: Records) -> "Iterator[Prediction | Refusal]":
        """Yield the answer to each record, in their order."""
        if not records.texts:
            return
        scores = self._classifier.classify(records.texts)
        tops = self._tops(scores, max(self.listed, *records.listed.values(), 1))
        counts = zip(scores.tokens.tolist(), scores.unknown_tokens.tolist(), strict=True)
        longest = self._classifier.longest
        for index, (top, (tokens, unknown)) in enumerate(zip(tops, counts, strict=True)):
            if index in records.problems:
                yield cast("Refusal", records.problems[index].body())
                continue
            prediction: Prediction = {
                "label": top[0]["label"],
                "score": top[0]["score"],
                "top": top[: records.listed.get(index, self.listed)],
                "unknown_share": round(unknown / tokens, 4) if tokens else 0.0,
                "truncated": tokens > longest,
            }
            if self.floor is not None:
                prediction["sure"] = prediction["score"] >= self.floor
            if self.request_format.options.scores:
                prediction["labels"] = list(self._classifier.labels)
                prediction["scores"] = scores.probabilities[index].tolist()
            if self.request_format.options.explain:
                prediction["explanation"] = self._explanation(
                    records.texts[index], self._explained or prediction["label"]
                )
            if self.request_format.options.fields:
                prediction["fields"] = dict(records.fields[index])
            yield prediction

    def _tops(self, scores: Scores, count: int) -> "Iterator[list[Best]]":
        """Yield the best labels of each document; equal scores in the order of the labels."""
        labels = self._classifier.labels
        if scores.probabilities.size <= FEW_SCORES:
            for row in scores.probabilities.tolist():
                places = sorted(range(len(row)), key=row.__getitem__, reverse=True)[:count]
                yield [{"label": labels[place], "score": row[place]} for place in places]
            return
        order = (-scores.probabilities).argsort(axis=1, kind="stable")[:, :count]
        best = scores.probabilities[np.arange(len(order))[:, None], order]
        for indices, values in zip(order.tolist(), best.tolist(), strict=True):
            yield [
                {"label": labels[index], "score": value}
                for index, value in zip(indices, values, strict=True)
            ]

    def _explanation(self, text: str, label: str) -> "Explanation":
        found = self._classifier.explain(text, label)
        return {
            "tokens": list(found.tokens),
            "values": found.values.tolist(),
            "constant": found.constant,
        }
