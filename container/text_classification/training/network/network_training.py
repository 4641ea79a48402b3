"""Train one model on its parts: what a plain job, a fold and a trial have in common."""

import hashlib
import json
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from text_classification.cnn.engine import Engine
from text_classification.cnn.engines import create_engine
from text_classification.cnn.learning_rate import LearningRate
from text_classification.contract.hyperparameters.declaration import Affects
from text_classification.contract.hyperparameters.schema import Hyperparameters, names_that_affect
from text_classification.kernels.arrays import Floats
from text_classification.kernels.ngrams import NgramTables
from text_classification.machine.signals import StopRequest
from text_classification.training.inputs.training_documents import TrainingData
from text_classification.training.network.checkpoints import Checkpoints
from text_classification.training.network.class_weights import balanced_weights
from text_classification.training.network.shared_checkpoints import SharedCheckpoints
from text_classification.training.network.training_loop import Loop, TrainingSchedule, Watch
from text_classification.training.network.training_progress import Progress

# What decides on the weights of each epoch, whichever of them are kept in the end.
_OF_THE_WEIGHTS = names_that_affect(Affects.DOCUMENTS, Affects.SHAPE, Affects.WEIGHTS)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainedModel:
    """A model as training left it: the weights of the best epoch are in ``progress``.

    ngrams: what is added to the logits of the network.
    """

    prepared: TrainingData
    engine: Engine
    progress: Progress
    ngrams: NgramTables | None = None


def train_model(
    prepared: TrainingData,
    hyperparameters: Hyperparameters,
    checkpoints: Path,
    stop: StopRequest,
    *,
    watch: Watch | None = None,
) -> TrainedModel:
    """Train a model, going on from the newest checkpoint in a folder if there is one.

    watch: see ``Loop``.
    Raises ``Stopped`` when a stop was asked for before the first step.
    """
    stop.check()
    log.info("%s", prepared)
    engine = engine_for(prepared, hyperparameters)
    stop.check()
    plan = TrainingSchedule(
        epochs=hyperparameters.epochs,
        patience=hyperparameters.patience,
        batch_size=hyperparameters.batch_size,
        sequence_length=prepared.configuration.sequence_length,
        seed=hyperparameters.seed,
    )
    with stop.interrupts():
        identity = _identity(engine, prepared, hyperparameters) if checkpoints.is_dir() else ""
    hosts, minutes = prepared.hosts, hyperparameters.checkpoint_minutes
    kept = Checkpoints(checkpoints, identity, minutes)
    if hosts:
        kept = SharedCheckpoints(checkpoints, identity, minutes, hosts)
        # One curve a job: the first host draws it.
        watch = watch or (None if hosts.is_first else lambda *_: None)
    progress = Loop(engine, plan, stop, kept, watch).train(prepared.training, prepared.validation)
    return TrainedModel(prepared, engine, progress)


def engine_for(prepared: TrainingData, hyperparameters: Hyperparameters) -> Engine:
    """Return the engine that trains a model, with its first weights."""
    engine = create_engine(
        hyperparameters.engine,
        prepared.configuration,
        learning_rate=LearningRate(
            hyperparameters.learning_rate, hyperparameters.decay_steps, hyperparameters.decay_rate
        ),
        seed=hyperparameters.seed,
        class_weights=_class_weights(prepared, hyperparameters),
        options=hyperparameters,
        steps_an_epoch=-(-len(prepared.training) // hyperparameters.batch_size),
        exchange=prepared.hosts,
    )
    start = prepared.start.weights(
        prepared.configuration, prepared.labels, prepared.vocabulary, hyperparameters.seed
    )
    if start:
        engine.set_weights(start)
    return engine


def _class_weights(prepared: TrainingData, hyperparameters: Hyperparameters) -> Floats | None:
    if hyperparameters.class_weights == "none":
        return None
    return balanced_weights(prepared.training.labels, prepared.configuration.classes)


def _identity(engine: Engine, prepared: TrainingData, hyperparameters: Hyperparameters) -> str:
    """Return a digest of what the weights depend on, but how long to train.

    The engine is part of it: ``auto`` may choose another on the next machine, and the state of one
    is none of the other.
    """
    chosen = hyperparameters.model_dump(mode="json", include=_OF_THE_WEIGHTS)
    parts = [part for part in (prepared.training, prepared.validation) if part is not None]
    described = [type(engine).__name__, chosen, prepared.labels, len(parts)]
    digest = hashlib.sha256(json.dumps(described, sort_keys=True).encode())
    digest.update(prepared.vocabulary.lines)
    for weights in engine.get_weights().values():
        digest.update(weights.data)
    for part in parts:
        for array in (*part.corpus.arrays, part.documents, part.labels):
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
