"""The rule: what counts as changed, and when to train anew.

A comparison has *changed* when its whole interval lies above its limit, so that chance alone does
not make it. Unknown words that have grown, or scores that have fallen, say that the model reads
what it has not learned: *retrain*. Labels in another mix, or higher scores, may be the world's and
not the model's doing: *look* at some answers. Fewer than 100 documents on either side, or 10 for
each label where labels are compared, are too few to tell.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from textcnn.drift import distances
from textcnn.drift.distances import Estimate
from textcnn.drift.tally import Tally

FEWEST = 100
FEWEST_A_LABEL = 10
RULE = (
    "Changed means that the whole interval is above the limit. Retrain where unknown words have "
    "grown or scores have fallen; look at some answers where only labels have changed."
)


class Verdict(StrEnum):
    """What to do."""

    RETRAIN = "retrain"
    LOOK = "look"
    KEEP = "keep"
    TOO_FEW = "too few"


SENTENCES = {
    Verdict.RETRAIN: "Retrain: the documents are no longer like those that the model learned from.",
    Verdict.LOOK: "Look at some answers: what comes in has changed, the model may still be right.",
    Verdict.KEEP: "Keep the model: nothing has changed by more than chance and the limits allow.",
    Verdict.TOO_FEW: "Too few documents to tell.",
}


@dataclass(frozen=True)
class Comparison:
    """One thing compared; estimate is None where there are too few documents for it."""

    name: str
    limit: float
    estimate: Estimate | None
    sentence: str

    @property
    def changed(self) -> bool:
        """Whether the whole interval is above the limit."""
        return self.estimate is not None and self.estimate.low > self.limit


def compare(before: Tally, now: Tally) -> tuple[Comparison, Comparison, Comparison]:
    """Return the comparisons of unknown words, scores and labels."""
    return _unknown_words(before, now), _scores(before, now), _labels(before, now)


def judge(before: Tally, now: Tally, comparisons: tuple[Comparison, ...]) -> Verdict:
    """Return what to do by the rule."""
    unknown, scores, labels = comparisons
    if unknown.changed or (scores.changed and now.mean_score < before.mean_score):
        return Verdict.RETRAIN
    if scores.changed or labels.changed:
        return Verdict.LOOK
    return Verdict.TOO_FEW if unknown.estimate is scores.estimate is None else Verdict.KEEP


def _unknown_words(before: Tally, now: Tally) -> Comparison:
    enough = min(before.unknown_documents, now.unknown_documents) >= FEWEST
    told = (
        f"{before.unknown_mean:.1%} of a document's words at training, {now.unknown_mean:.1%} now"
    )
    if not now.unknown_documents:
        told = "the captured answers do not tell them"
    return _comparison("unknown words", 0.05, enough, distances.unknown_words, before, now, told)


def _scores(before: Tally, now: Tally) -> Comparison:
    enough = min(before.documents, now.documents) >= FEWEST
    told = f"{before.mean_score:.2f} on average at training, {now.mean_score:.2f} now"
    return _comparison("scores", 0.1, enough, distances.scores, before, now, told)


def _labels(before: Tally, now: Tally) -> Comparison:
    seen = len(before.labels.keys() | now.labels.keys())
    enough = min(before.documents, now.documents) >= max(FEWEST, FEWEST_A_LABEL * seen)
    told = _moved(before, now) if now.documents else "none"
    return _comparison("labels", 0.1, enough, distances.labels, before, now, told)


def _moved(before: Tally, now: Tally) -> str:
    """Return the label whose share has moved most, with both shares."""

    def shares(label: str) -> tuple[float, float]:
        return before.labels[label] / before.documents, now.labels[label] / now.documents

    names = before.labels.keys() | now.labels.keys()
    label = max(sorted(names), key=lambda name: abs(shares(name)[0] - shares(name)[1]))
    return f"{label} has moved most, from {shares(label)[0]:.1%} to {shares(label)[1]:.1%}"


def _comparison(  # noqa: PLR0913, PLR0917 - what a comparison is made of
    name: str,
    limit: float,
    enough: bool,  # noqa: FBT001
    distance: Callable[[Tally, Tally], Estimate],
    before: Tally,
    now: Tally,
    told: str,
) -> Comparison:
    estimate = distance(before, now) if enough else None
    return Comparison(name, limit, estimate, told)
