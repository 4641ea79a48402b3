"""The phrases that speak most for each class, by attribution."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from text_classification.corpus.vocabulary import FIRST_TOKEN
from text_classification.evaluation.report.content import Phrase
from text_classification.kernels.arrays import Ids, Indices
from text_classification.training.inputs.part import Part
from text_classification.training.results.attribution import Explainer, Shares

# Documents that are asked for phrases, in all; each class has a few of them at least.
MOST_DOCUMENTS = 1000
FEWEST_OF_A_CLASS = 10
LONGEST_PHRASE = 4
MOST_PHRASES = 8
# A phrase is as strong as this part of the strongest or more.
FAINTEST = 0.1
# A phrase begins and ends with a word that adds this part of its mean word or more.
EDGE = 0.5
# What one document alone says is no phrase of the class, and may be private.
FEWEST_DOCUMENTS = 2


class _Candidate(NamedTuple):
    """A phrase, in how many of the documents asked it stands, and what it adds to one of them."""

    ids: Ids
    documents: int
    added: float

    @property
    def strength(self) -> float:
        """What the order goes by: neither a rare phrase nor a weak one that is everywhere wins."""
        return self.added * math.sqrt(self.documents)


def indicative_phrases(
    explainer: Explainer, part: Part, label: int, classes: int
) -> tuple[Phrase, ...]:
    """Return the phrases that add most to the logit of a class in its documents of ``part``.

    They share no word, so that each tells something new. classes: how many are asked in all.
    """
    documents = _thinned(np.flatnonzero(part.labels == label), classes)
    if not len(documents):
        return ()
    ids, shares, numbers = _laid_out(explainer, part, documents, label)
    candidates = [
        candidate
        for width in range(1, LONGEST_PHRASE + 1)
        for candidate in _candidates(ids, shares, numbers, width)
    ]
    return tuple(
        Phrase(explainer.text(each.ids), each.documents, each.added)
        for each in _distinct(candidates)
    )


def _thinned(documents: Indices, classes: int) -> Indices:
    """Return as many documents of a class as it may ask, evenly spaced."""
    most = max(FEWEST_OF_A_CLASS, MOST_DOCUMENTS // classes)
    chosen = np.linspace(0, len(documents) - 1, min(most, len(documents))).astype(np.int64)
    return documents[chosen]


def _laid_out(
    explainer: Explainer, part: Part, documents: Indices, label: int
) -> tuple[Ids, Shares, Indices]:
    """Return all tokens of documents, what each adds, and the number of its document: [n] each."""
    ids = [explainer.read(part, index) for index in documents]
    shares = [explainer.contributions(part, index, label) for index in documents]
    numbers = np.repeat(np.arange(len(ids)), [len(each) for each in ids])
    return np.concatenate(ids), np.concatenate(shares), numbers


def _candidates(ids: Ids, shares: Shares, numbers: Indices, width: int) -> list[_Candidate]:
    """Return the phrases of ``width`` known words in one document that speak for the class."""
    if len(ids) < width:
        return []
    windows = sliding_window_view(ids, width)
    sums = sliding_window_view(shares, width).sum(axis=1)
    ends = slice(None, len(windows)), slice(width - 1, None)
    weakest = np.minimum(*(shares[end] for end in ends))
    within = np.equal(*(numbers[end] for end in ends))
    telling = (sums > 0) & (weakest >= EDGE * sums / width)
    kept = np.flatnonzero(within & telling & (windows >= FIRST_TOKEN).all(axis=1))
    if not len(kept):
        return []
    phrases, places = np.unique(windows[kept], axis=0, return_inverse=True)
    totals = np.bincount(places, sums[kept])
    pairs = np.unique(np.stack([places, numbers[kept]], axis=1), axis=0)
    documents = np.bincount(pairs[:, 0])
    return [
        _Candidate(phrase, int(count), float(total / count))
        for phrase, count, total in zip(phrases, documents, totals, strict=True)
        if count >= FEWEST_DOCUMENTS
    ]


def _distinct(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """Return the strongest candidates, each without a word of those before."""
    chosen: list[_Candidate] = []
    told: set[int] = set()
    for candidate in sorted(candidates, key=lambda each: -each.strength):
        faint = chosen and candidate.strength < FAINTEST * chosen[0].strength
        if faint or len(chosen) == MOST_PHRASES:
            break
        if told.isdisjoint(candidate.ids.tolist()):
            told.update(candidate.ids.tolist())
            chosen.append(candidate)
    return chosen
