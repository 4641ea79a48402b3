"""The most confident mistakes, each with the words that led to it.

The text of a document is not kept, so the words are those that the model reads, out of the
vocabulary: the channel is not read again, the excerpt shows what the answer was made of, and what
stands in too few documents to be in the vocabulary, such as a name, is not quoted.
"""

from itertools import groupby

import numpy as np

from text_classification.evaluation.report.content import Mistake, Passage
from text_classification.kernels.arrays import Floats, Ids
from text_classification.training.inputs.part import Part
from text_classification.training.results.attribution import Explainer, Shares

MOST_MISTAKES = 15
EXCERPT_TOKENS = 60
MOST_MARKED = 6
# A marked word adds this part of what the strongest does or more.
MARKED = 0.25
ELLIPSIS = "…"


def confident_mistakes(
    explainer: Explainer, part: Part, probabilities: Floats, channel: str
) -> tuple[Mistake, ...]:
    """Return the wrong answers with the highest probabilities, the highest first.

    probabilities: float32 [documents, classes], the answers for ``part``; channel: where its
    documents came from.
    """
    labels, answers = part.labels, probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    wrong = np.flatnonzero(answers != labels)
    chosen = wrong[np.argsort(-confidence[wrong], kind="stable")[:MOST_MISTAKES]]

    def mistake(index: int) -> Mistake:
        truth, answer = int(labels[index]), int(answers[index])
        towards, away = (explainer.contributions(part, index, label) for label in (answer, truth))
        return Mistake(
            where=f"document {part.documents[index] + 1} of {channel}",
            truth=explainer.labels[truth],
            answer=explainer.labels[answer],
            confidence=float(confidence[index]),
            excerpt=_excerpt(explainer, explainer.read(part, index), towards - away),
        )

    return tuple(mistake(int(index)) for index in chosen)


def _excerpt(explainer: Explainer, ids: Ids, shares: Shares) -> tuple[Passage, ...]:
    """Return the part of a document that speaks most for the answer, its strongest words marked."""
    first = _strongest_start(shares)
    last = min(first + EXCERPT_TOKENS, len(ids))
    strongest = np.argsort(-shares)[:MOST_MARKED]
    marked = np.zeros(len(ids), bool)
    marked[strongest] = shares[strongest] > max(0, MARKED * shares.max(initial=0))
    passages = [
        Passage(explainer.text(ids[list(places)]), mark)
        for mark, places in groupby(range(first, last), marked.__getitem__)
    ]
    before = [Passage(ELLIPSIS, marked=False)] if first else []
    after = [Passage(ELLIPSIS, marked=False)] if last < len(ids) else []
    return (*before, *passages, *after)


def _strongest_start(shares: Shares) -> int:
    """Return where the ``EXCERPT_TOKENS`` tokens begin that add most; 0 in a short document."""
    sums = np.concatenate([[0.0], np.cumsum(shares)])
    windows = sums[EXCERPT_TOKENS:] - sums[:-EXCERPT_TOKENS]
    return int(windows.argmax()) if len(windows) else 0
