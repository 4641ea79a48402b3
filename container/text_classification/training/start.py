"""What training starts from besides chance: the weights of an earlier model."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from text_classification.artifact import Artifact
from text_classification.cnn.architectures import Configuration
from text_classification.cnn.configuration import Weights
from text_classification.cnn.initial_weights import initial_weights
from text_classification.contract.channels import Channels
from text_classification.contract.hyperparameters import Hyperparameters
from text_classification.corpus.label import shown
from text_classification.corpus.vocabulary import PADDING, UNKNOWN, Vocabulary
from text_classification.kernels.arrays import Indices
from text_classification.training.earlier_model import of_the_same_shape, read_earlier_model

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Start:
    """Where a job starts; nothing given, from weights drawn by its seed."""

    earlier: Artifact | None = None

    @property
    def tokens(self) -> tuple[bytes, ...]:
        """The tokens that the vocabulary is to have in any case, by falling importance."""
        return self.earlier.vocabulary.tokens if self.earlier else ()

    def weights(
        self,
        configuration: Configuration,
        labels: Sequence[str],
        vocabulary: Vocabulary,
        seed: int,
    ) -> Weights | None:
        """Return the weights to start from; None where they are those that any engine starts from.

        configuration: of the same shape as the earlier model's, but for vocabulary and classes.
        """
        if self.earlier is None:
            return None
        fresh = initial_weights(configuration, seed)
        return _carried_over(self.earlier, fresh, labels, vocabulary)


FROM_CHANCE = Start()


def read_start(
    channels: Channels, hyperparameters: Hyperparameters, scratch: Path
) -> tuple[Start, Hyperparameters]:
    """Return where the job starts, and its hyperparameters as that decides them.

    Raises ``ConfigurationError`` where they do not fit together; ``scratch`` holds what is
    unpacked.
    """
    if channels.model is None:
        return FROM_CHANCE, hyperparameters
    earlier = read_earlier_model(channels.model, scratch)
    return Start(earlier), of_the_same_shape(hyperparameters, earlier)


def _carried_over(
    earlier: Artifact, fresh: Weights, labels: Sequence[str], vocabulary: Vocabulary
) -> Weights:
    """Return the earlier model's weights, with fresh ones for tokens and labels new to it.

    They are taken as they are served, calibrated: the temperature stays in the last layer, since
    validation found those the better probabilities.
    """
    weights = {**fresh, **earlier.weights}
    _tell_labels(earlier.labels, labels)
    to, at = _shared(_ids(vocabulary), _ids(earlier.vocabulary))
    log.info(
        "%d ids of tokens go on from the model, %d are new", len(to), len(vocabulary) - len(to)
    )
    weights["embedding"] = fresh["embedding"]
    weights["embedding"][to] = earlier.weights["embedding"][at]
    to, at = _shared(labels, earlier.labels)
    for name in ("dense.kernel", "dense.bias"):
        weights[name] = fresh[name]
        weights[name][..., to] = earlier.weights[name][..., at]
    return weights


def _ids(vocabulary: Vocabulary) -> tuple[object, ...]:
    """Return what stands for each id: padding and unknown are the same in all vocabularies."""
    return (PADDING, UNKNOWN, *vocabulary.tokens)


def _shared(names: Sequence[object], others: Sequence[object]) -> tuple[Indices, Indices]:
    """Return where the names that both have lie in each: int64 [shared] twice."""
    places = {name: place for place, name in enumerate(others)}
    pairs = [(place, places[name]) for place, name in enumerate(names) if name in places]
    to, at = np.array(pairs, np.int64).reshape(-1, 2).T
    return to, at


def _tell_labels(before: Sequence[str], after: Sequence[str]) -> None:
    for names, fate in (
        (set(after) - set(before), "new to the model, and start from chance"),
        (set(before) - set(after), "without a training document, and are dropped"),
    ):
        if names:
            log.warning("%d labels are %s: %s", len(names), fate, shown(sorted(names)))
