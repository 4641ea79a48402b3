"""Choose an engine; TensorFlow is imported only where it is needed, since that takes seconds."""

import logging
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from text_classification.cnn.architectures.registry import file_of
from text_classification.cnn.base_configuration import Configuration, Weights
from text_classification.cnn.engine import Engine
from text_classification.cnn.exchange import Exchange
from text_classification.cnn.learning_rate import LearningRate
from text_classification.contract.hyperparameters.engine_options import PLAIN, EngineOptions
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
    options: EngineOptions = PLAIN,
    steps_an_epoch: int = 1,
    exchange: Exchange | None = None,
) -> Engine:
    """Return the engine ``fast`` or ``keras``; with hosts to share its steps with, ``fast``.

    ``auto`` takes keras where it can use a GPU and where fast does not know the architecture;
    asked for by name, fast then raises ``ValueError``. class_weights: float32 [C], how much a
    document of each class counts; None for 1 each. Networks side by side have the seeds from
    ``seed`` on.
    """
    chosen = _choose(configuration, exchange) if name == "auto" else name
    log.info("engine %s", chosen)
    create = partial(
        _create,
        chosen,
        learning_rate=learning_rate,
        class_weights=class_weights,
        options=options,
        steps_an_epoch=steps_an_epoch,
        exchange=exchange,
    )
    if options.networks == 1:
        return create(configuration, seed=seed)
    if not configuration.can_be_joined:
        raise ValueError(f"several networks of {configuration.architecture} do not make one")
    seeds = [(seed + index) % SEEDS for index in range(options.networks)]
    engine: Engine = file_of(configuration, "ensemble").create_ensemble(
        configuration, create, seeds
    )
    return engine


def _create(  # noqa: PLR0913 - options by name
    chosen: str,
    configuration: Configuration,
    *,
    learning_rate: LearningRate,
    seed: int,
    class_weights: Floats | None,
    options: EngineOptions,
    steps_an_epoch: int,
    exchange: Exchange | None,
) -> Engine:
    if chosen not in configuration.engines:
        raise ValueError(f"the engine {chosen} does not know {configuration.architecture}")
    make = _class_of(chosen, configuration)
    if exchange:
        if chosen != "fast":
            raise ValueError(f"the engine {chosen} does not train on several hosts")
        make = partial(file_of(configuration, "shared_engine").ENGINE, exchange=exchange)
    engine: Engine = make(
        configuration,
        learning_rate=learning_rate,
        seed=seed,
        class_weights=class_weights,
        options=options,
        steps_an_epoch=steps_an_epoch,
    )
    return engine


def _class_of(chosen: str, configuration: Configuration) -> Any:
    """Return the class of an engine: that of Keras trains anything, ``fast`` one architecture."""
    if chosen == "fast":
        return file_of(configuration, "fast_engine").ENGINE
    _quiet_tensorflow()
    from text_classification.cnn.keras_engine import KerasEngine  # noqa: PLC0415

    return KerasEngine


def _choose(configuration: Configuration, exchange: Exchange | None) -> str:
    if "fast" not in configuration.engines:
        return "keras"
    return "fast" if exchange or not uses_gpu("auto") else "keras"


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
