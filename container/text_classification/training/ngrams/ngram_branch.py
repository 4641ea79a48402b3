"""Join linear models of n-grams with a network: their logits are weighed and added."""

import logging
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from text_classification.cnn.base_configuration import Weights
from text_classification.evaluation.calibration import fit_shares, logits_of, softmax
from text_classification.kernels.arrays import Floats, Reals
from text_classification.kernels.ngrams import NgramTables
from text_classification.machine.signals import StopRequest
from text_classification.training.ngrams.forked import forked
from text_classification.training.ngrams.ngram_limits import NgramLimits
from text_classification.training.ngrams.ngram_settings import Trials, fit_ngrams
from text_classification.training.selection.final_model import FinalModel

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NgramBranch:
    """What n-grams add to the logits of a network.

    share: by which the network's logits are multiplied; biases, float64 [classes], are added to
    them, and tables to those. decisions: float64 [documents, classes], what is added to the logits
    of the documents held out.
    """

    share: float
    biases: Reals
    tables: NgramTables
    decisions: Reals


def add_ngrams(final: FinalModel, limits: NgramLimits, stop: StopRequest) -> FinalModel:
    """Return a model with n-grams beside its network; held-out answers give the share of each.

    They are made in a process of their own: whatever becomes of that, the network stays. Raises
    ``Stopped`` when a stop was asked for, and a ``TextClassificationError`` that says why there are
    no n-grams.
    """
    return _joined(final, forked(partial(fit_branch, final, limits, stop), stop))


def fit_branch(final: FinalModel, limits: NgramLimits, stop: StopRequest) -> NgramBranch:
    """Return n-grams of the documents that a network was trained on.

    How they are made is chosen on the documents that it held out.
    """
    setting, decisions = Trials(final.splits, stop, limits).best()
    answers = [final.gathered(each) for each in decisions]
    held_out = final.held_out
    (network_share, *shares), offsets = fit_shares(
        held_out.part.labels, [logits_of(held_out.probabilities), *answers]
    )
    log.info(
        "shares in the logits: network %.3f, n-grams %s",
        network_share,
        ", ".join(f"{share:.3f}" for share in shares),
    )
    fitted = fit_ngrams(final.trained.prepared, setting, stop, limits)
    weights, biases = fitted.summed(shares)
    added = sum(share * each for share, each in zip(shares, answers, strict=True)) + offsets
    return NgramBranch(network_share, biases + offsets, fitted.ngrams.tables(weights), added)


def _joined(final: FinalModel, branch: NgramBranch) -> FinalModel:
    def joined(probabilities: Floats) -> Floats:
        return softmax(branch.share * logits_of(probabilities) + branch.decisions)

    network = with_shares(final.trained.progress.weights, branch.share, branch.biases)
    trained = replace(
        final.trained,
        progress=replace(final.trained.progress, weights=network),
        ngrams=branch.tables,
    )
    held_out = replace(
        final.held_out,
        probabilities=joined(final.held_out.probabilities),
        quantized=None if final.held_out.quantized is None else joined(final.held_out.quantized),
    )
    return replace(final, trained=trained, held_out=held_out)


def with_shares(weights: Weights, share: float, biases: Reals) -> Weights:
    """Return weights whose logits are multiplied by ``share``, with ``biases`` added."""
    scaled = {
        name: array * np.float32(share) if name.startswith("dense.") else array
        for name, array in weights.items()
    }
    return {**scaled, "dense.bias": scaled["dense.bias"] + biases.astype(np.float32)}
