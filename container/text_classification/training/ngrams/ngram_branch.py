"""Join linear models of n-grams with a network: their logits are weighed and added."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from text_classification.cnn.base_configuration import Weights
from text_classification.evaluation.calibration import fit_shares, logits_of, softmax
from text_classification.kernels.arrays import Floats, Reals
from text_classification.kernels.ngrams import NgramTables
from text_classification.machine.signals import StopRequest
from text_classification.training.inputs.training_documents import TrainingData
from text_classification.training.network.held_out import HeldOut
from text_classification.training.ngrams.forked import forked
from text_classification.training.ngrams.ngram_limits import NgramLimits
from text_classification.training.ngrams.ngram_models import names_of_models
from text_classification.training.ngrams.ngram_settings import Trials, is_large
from text_classification.training.ngrams.ngram_training import NgramModels, Setting, fit_ngrams
from text_classification.training.selection.final_model import FinalModel

# The shares are weighed by so many answers, of at least so many documents.
MOST_ANSWERS = 2_000_000
FEWEST_DOCUMENTS = 2_000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NgramBranch:
    """What n-grams add to the logits of a network.

    share: by which the network's logits are multiplied; biases, float64 [classes], are added to
    them, and tables to those. decisions: float32 [documents, classes], what is added to the logits
    of the documents held out.
    """

    share: float
    biases: Reals
    tables: NgramTables
    decisions: Floats


def make_branch(final: FinalModel, limits: NgramLimits, stop: StopRequest) -> NgramBranch:
    """Return n-grams of the documents that a network was trained on.

    They are made in a process of their own: whatever becomes of that, the network stays. Raises
    ``Stopped`` when a stop was asked for, and a ``TextClassificationError`` that says why there are
    no n-grams.
    """
    return forked(partial(fit_branch, final, limits, stop), stop)


def fit_branch(final: FinalModel, limits: NgramLimits, stop: StopRequest) -> NgramBranch:
    """Return n-grams of the documents that a network was trained on.

    How they are made is chosen on the documents that it held out. Many documents are learned from
    once, if the network was trained on them as well: their models then give the answers that the
    shares are weighed by.
    """
    prepared = final.trained.prepared
    setting, answers = Trials(final.splits, stop, limits).best()
    fitted = None
    if any(map(is_large, final.splits)):
        fitted, answers = _answered(final, setting, limits, stop)
    decisions = [final.gathered(each) for each in answers]
    (network_share, *shares), offsets = _shares(final.held_out, decisions)
    names = names_of_models(characters=setting.characters, vectors=bool(prepared.start.vectors))
    _tell(dict(zip(("network", *names), (network_share, *shares), strict=True)))
    if fitted is None or prepared is not final.splits[0]:
        fitted = _fitted(prepared, setting, limits, stop)
    weights, biases = fitted.summed(shares)
    added = sum(np.float32(share) * each for share, each in zip(shares, decisions, strict=True))
    decided = added + offsets.astype(np.float32)
    return NgramBranch(network_share, biases + offsets, fitted.ngrams.tables(weights), decided)


def _tell(shares: Mapping[str, float]) -> None:
    told = ", ".join(f"{name} {share:.3f}" for name, share in shares.items())
    log.info("shares in the logits, fitted on the documents held out: %s", told)


def _fitted(
    prepared: TrainingData, setting: Setting, limits: NgramLimits, stop: StopRequest
) -> NgramModels:
    return fit_ngrams(prepared, prepared.training, setting, limits=limits, stop=stop)


def _answered(
    final: FinalModel, setting: Setting, limits: NgramLimits, stop: StopRequest
) -> tuple[NgramModels, list[list[Floats]]]:
    """Return the models of the last split, and for each model its answers to each of the splits."""
    answers = []
    for split in final.splits:
        fitted = _fitted(split, setting, limits, stop)
        # Where there is but one split, those that the network has answered.
        part = final.held_out.part if len(final.splits) == 1 else split.held_out
        answers.append(fitted.decide(part))
    return fitted, [list(each) for each in zip(*answers, strict=True)]


def _shares(held_out: HeldOut, decisions: Sequence[Floats]) -> tuple[list[float], Reals]:
    """Return the shares of the network and of each model, and what is added for each class."""
    part, classes = held_out.part, held_out.probabilities.shape[1]
    places = part.evenly_spaced(max(MOST_ANSWERS // classes, FEWEST_DOCUMENTS))
    network = logits_of(held_out.probabilities[places])
    parts = [network, *(each[places].astype(float) for each in decisions)]
    return fit_shares(part.labels[places], parts)


def joined(final: FinalModel, branch: NgramBranch) -> FinalModel:
    """Return a model with n-grams that were made for it."""

    def answers(probabilities: Floats) -> Floats:
        return softmax(branch.share * logits_of(probabilities) + branch.decisions)

    network = with_shares(final.trained.progress.weights, branch.share, branch.biases)
    trained = replace(
        final.trained,
        progress=replace(final.trained.progress, weights=network),
        ngrams=branch.tables,
    )
    held_out = replace(
        final.held_out,
        probabilities=answers(final.held_out.probabilities),
        quantized=None if final.held_out.quantized is None else answers(final.held_out.quantized),
    )
    return replace(final, trained=trained, held_out=held_out)


def with_shares(weights: Weights, share: float, biases: Reals) -> Weights:
    """Return weights whose logits are multiplied by ``share``, with ``biases`` added."""
    scaled = {
        name: array * np.float32(share) if name.startswith("dense.") else array
        for name, array in weights.items()
    }
    return {**scaled, "dense.bias": scaled["dense.bias"] + biases.astype(np.float32)}
