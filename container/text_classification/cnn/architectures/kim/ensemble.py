"""Networks side by side, trained from different first weights and made one.

The embedding of the one holds theirs side by side, its kernels are zero but where the numbers of a
network meet its filters, and its last layer is the mean of theirs. So its logits are the mean of
theirs, and it is a network like any other: whatever reads the weights knows nothing of it. Networks
that start elsewhere err elsewhere, so their mean is right more often than each of them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.base_configuration import Weights
from text_classification.cnn.convolutions import bias_name, kernel_name
from text_classification.cnn.engine import Engine
from text_classification.corpus.encoded import Batch
from text_classification.kernels import convolution
from text_classification.kernels.arrays import Floats, Ids, State


def one_of(configuration: KimConfiguration, count: int) -> KimConfiguration:
    """Return the shape of each of ``count`` networks that make one of this shape.

    Raises ``ValueError`` where it cannot be dealt out evenly.
    """
    sizes = configuration.embedding_size, configuration.filters
    if any(size % count for size in sizes):
        raise ValueError(f"{sizes} numbers and filters are not those of {count} networks")
    embedding_size, filters = (size // count for size in sizes)
    return replace(configuration, embedding_size=embedding_size, filters=filters)


def join(configuration: KimConfiguration, networks: Sequence[Weights]) -> Weights:
    """Return the weights of one network, of this shape, whose logits are the mean of several's."""
    joined = {name: np.zeros(shape, np.float32) for name, shape in configuration.shapes().items()}
    for weights, views in zip(networks, _views(configuration, joined, len(networks)), strict=True):
        for name, view in views.items():
            view[...] = weights[name].reshape(view.shape)
    joined["dense.kernel"] /= np.float32(len(networks))
    joined["dense.bias"] = np.mean([weights["dense.bias"] for weights in networks], axis=0)
    return joined


def part(configuration: KimConfiguration, joined: Weights, count: int) -> list[Weights]:
    """Return the weights of ``count`` networks whose logits have the mean that these give.

    What ties them to each other is left out: there is none in what ``join`` returned.
    """
    parts, shapes = [], one_of(configuration, count).shapes()
    for views in _views(configuration, joined, count):
        weights = {name: view.copy().reshape(shapes[name]) for name, view in views.items()}
        weights["dense.kernel"] *= np.float32(count)
        parts.append({**weights, "dense.bias": joined["dense.bias"].copy()})
    return parts


def _views(
    configuration: KimConfiguration, joined: Weights, count: int
) -> Iterator[dict[str, Floats]]:
    """Yield where the arrays of each network lie in those of the one, all but ``dense.bias``."""
    own = one_of(configuration, count)
    for index in range(count):
        numbers = _range(index, own.embedding_size)
        filters = _range(index, own.filters)
        views = {"embedding": joined["embedding"][:, numbers]}
        for width in own.kernel_widths:
            views[kernel_name(width)] = joined[kernel_name(width)][:, numbers, filters]
            views[bias_name(width)] = joined[bias_name(width)][filters]
        # The features of a width stand together: [widths, filters, classes] of all networks.
        dense = joined["dense.kernel"].reshape(len(own.kernel_widths), -1, own.classes)
        yield {**views, "dense.kernel": dense[:, filters]}


def _range(index: int, size: int) -> slice:
    return slice(index * size, (index + 1) * size)


class Ensemble:
    """An ``Engine`` of engines, which train on the same batches, each by itself.

    networks: of the shapes that ``one_of`` returns; seen from outside they are one of the
    configuration's shape.
    """

    def __init__(self, configuration: KimConfiguration, networks: Sequence[Engine]) -> None:
        self._configuration = configuration
        self._networks = networks
        self.padding = networks[0].padding
        self.evaluation_batch = networks[0].evaluation_batch

    def train_batch(self, batch: Batch, labels: Ids) -> float:
        """Take a step with each network and return the mean of their losses on B documents."""
        return float(np.mean([each.train_batch(batch, labels) for each in self._networks]))

    def probabilities(self, batch: Batch) -> Floats:
        """Return the scores by the mean of the networks' logits: float32 [B, C]."""
        scores = [each.probabilities(batch) for each in self._networks]
        # Logits but for a constant in each row; so small a score as 0 stands for has none.
        logits = np.log(np.maximum(scores, np.finfo(np.float32).tiny)).mean(axis=0)
        return convolution.softmax(logits, np.zeros(logits.shape[1], np.float32))

    def get_weights(self) -> Weights:
        """Return the weights of the one network."""
        return join(self._configuration, [each.get_weights() for each in self._networks])

    def set_weights(self, weights: Weights) -> None:
        """Go on from weights of the one network."""
        parts = part(self._configuration, weights, len(self._networks))
        for each, own in zip(self._networks, parts, strict=True):
            each.set_weights(own)

    def get_state(self) -> State:
        """Return copies of all that the networks' next steps depend on."""
        return {
            f"{index}/{name}": array
            for index, each in enumerate(self._networks)
            for name, array in each.get_state().items()
        }

    def set_state(self, state: State) -> None:
        """Go on from a state that ``get_state`` returned."""
        for index, each in enumerate(self._networks):
            start = f"{index}/"
            each.set_state(
                {
                    name.removeprefix(start): array
                    for name, array in state.items()
                    if name.startswith(start)
                }
            )


def create_ensemble(
    configuration: KimConfiguration,
    create: Callable[..., Engine],
    seeds: Sequence[int],
) -> Ensemble:
    """Return networks that make one of this shape; ``create`` makes an engine from shape and seed.

    Raises ``ValueError`` where the shape cannot be dealt out evenly.
    """
    shape = one_of(configuration, len(seeds))
    return Ensemble(configuration, [create(shape, seed=seed) for seed in seeds])
