"""Join linear models of n-grams with a network: their logits are weighed and added."""

import logging
from dataclasses import replace

import numpy as np

from text_classification.cnn.configuration import Weights
from text_classification.evaluation.calibration import fit_shares, logits_of, softmax
from text_classification.kernels.arrays import Floats, Reals
from text_classification.machine.signals import StopRequest
from text_classification.training.final import Final
from text_classification.training.ngrams.choice import Trials, fit_ngrams

log = logging.getLogger(__name__)


def add_ngrams(final: Final, stop: StopRequest) -> Final:
    """Return a model with n-grams beside its network; held-out answers give the share of each.

    How they are made is chosen on the documents that the network held out; then they are made of
    all that it was trained on. Raises ``Stopped`` when a stop was asked for.
    """
    setting, decisions = Trials(final.splits, stop).best()
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
    fitted = fit_ngrams(final.trained.prepared, setting, stop)
    weights, biases = fitted.summed(shares)
    added = sum(share * each for share, each in zip(shares, answers, strict=True)) + offsets

    def joined(probabilities: Floats) -> Floats:
        return softmax(network_share * logits_of(probabilities) + added)

    network = with_shares(final.trained.progress.weights, network_share, biases + offsets)
    trained = replace(
        final.trained,
        progress=replace(final.trained.progress, weights=network),
        ngrams=fitted.ngrams.tables(weights),
    )
    held_out = replace(
        held_out,
        probabilities=joined(held_out.probabilities),
        quantized=None if held_out.quantized is None else joined(held_out.quantized),
    )
    return replace(final, trained=trained, held_out=held_out)


def with_shares(weights: Weights, share: float, biases: Reals) -> Weights:
    """Return weights whose logits are multiplied by ``share``, with ``biases`` added."""
    scaled = {
        name: array * np.float32(share) if name.startswith("dense.") else array
        for name, array in weights.items()
    }
    return {**scaled, "dense.bias": scaled["dense.bias"] + biases.astype(np.float32)}
