"""Choose an engine; TensorFlow is imported only where it is needed, since that takes seconds."""

import logging
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from text_classification.cnn.architectures import Configuration
from text_classification.cnn.configuration import KimConfiguration, Weights
from text_classification.cnn.engine import Engine
from text_classification.cnn.ensemble import Ensemble, one_of
from text_classification.cnn.fast_engine import FastEngine
from text_classification.cnn.learning_rate import LearningRate
from text_classification.cnn.variant import PLAIN, Variant
from text_classification.kernels.arrays import Floats
from text_classification.machine.environment import preset
from text_classification.machine.processors import has_gpu

# Any library takes seeds below this.
SEEDS = 2**32

log = logging.getLogger(__name__)


def create_engine(  # noqa: PLR0913 - options by name
    name: str,
    configuration: Configuration,
    *,
    learning_rate: LearningRate,
    seed: int,
    class_weights: Floats | None = None,
    variant: Variant = PLAIN,
) -> Engine:
    """Return the engine ``fast`` or ``keras``.

    ``auto`` takes keras where it can use a GPU and where fast does not know the architecture;
    asked for by name, fast then raises ``ValueError``. class_weights: float32 [C], how much a
    document of each class counts; None for 1 each. Networks side by side have the seeds from
    ``seed`` on.
    """
    chosen = _choose(configuration) if name == "auto" else name
    log.info("engine %s", chosen)
    create = partial(
        _create,
        chosen,
        learning_rate=learning_rate,
        class_weights=class_weights,
        variant=variant,
    )
    if variant.networks == 1:
        return create(configuration, seed=seed)
    if not isinstance(configuration, KimConfiguration):
        name = configuration.architecture
        raise ValueError(f"several networks of {name} do not make one")  # noqa: TRY004
    shape = one_of(configuration, variant.networks)
    seeds = [(seed + index) % SEEDS for index in range(variant.networks)]
    return Ensemble(configuration, [create(shape, seed=each) for each in seeds])


def _create(  # noqa: PLR0913 - options by name
    chosen: str,
    configuration: Configuration,
    *,
    learning_rate: LearningRate,
    seed: int,
    class_weights: Floats | None,
    variant: Variant,
) -> Engine:
    if chosen == "fast":
        if not isinstance(configuration, KimConfiguration):
            raise ValueError(f"the engine fast does not know {configuration.architecture}")
        return FastEngine(
            configuration,
            learning_rate=learning_rate,
            seed=seed,
            class_weights=class_weights,
            variant=variant,
        )
    _quiet_tensorflow()
    from text_classification.cnn.keras_engine import KerasEngine  # noqa: PLC0415

    return KerasEngine(
        configuration,
        learning_rate=learning_rate,
        seed=seed,
        class_weights=class_weights,
        variant=variant,
    )


def _choose(configuration: Configuration) -> str:
    return (
        "fast" if isinstance(configuration, KimConfiguration) and not uses_gpu("auto") else "keras"
    )


def uses_gpu(name: str) -> bool:
    """Tell whether the engine asked for computes on a GPU here."""
    return name != "fast" and has_gpu() and not is_cpu_build()


def is_cpu_build() -> bool:
    """Tell whether TensorFlow is the build that cannot use a GPU, as it is in our own image."""
    try:
        version("tensorflow-cpu")
    except PackageNotFoundError:
        return False
    return True


def export_keras(configuration: Configuration, weights: Weights, path: Path) -> None:
    """Write the model as a ``.keras`` file."""
    _quiet_tensorflow()
    from text_classification.cnn.keras_engine import save_keras  # noqa: PLC0415

    save_keras(configuration, weights, path)


def _quiet_tensorflow() -> None:
    """Keep TensorFlow's start-up notes out of the job's log."""
    preset("TF_CPP_MIN_LOG_LEVEL", "2")
