"""The model that a job goes on from: the artifact of an earlier job, in the channel ``model``."""

import logging
from pathlib import Path
from typing import Any

from text_classification import artifact
from text_classification.artifact import CONFIGURATION, MANIFEST, Artifact
from text_classification.contract.channels import Channel
from text_classification.contract.hyperparameters import Hyperparameters, parse_hyperparameters
from text_classification.corpus.readers.files import channel_files, only_one
from text_classification.corpus.tokenizer import kind_of
from text_classification.errors import ArtifactError, Code, ConfigurationError
from text_classification.training.inputs.model_archive import unpack
from text_classification.training.recipes import hyperparameters_of

ARCHIVE = "model.tar.gz"
ARCHIVE_SUFFIXES = (".tar.gz", ".tgz", ".tar")
# The archive that a job leaves beside its model, where the channel is all of its output.
OTHER_OUTPUT = "output.tar.gz"
# What may be set anew: no weight has the shape of these.
FREE = frozenset({"sequence_length", "dropout"})

log = logging.getLogger(__name__)


def read_earlier_model(channel: Channel, scratch: Path) -> Artifact:
    """Return the artifact in a channel: model.tar.gz as a job left it, or its files unpacked.

    Raises ``ConfigurationError`` where there is none or more than one, ``ArtifactError`` where it
    cannot be trusted.
    """
    models = [path for path in channel_files(channel.folder) if _is_model(path)]
    found = only_one(channel, models, "model.tar.gz, or the files of one,")
    where = f"{channel.name}/{found.relative_to(channel.folder)}"
    folder = found.parent
    if found.name != MANIFEST:
        folder = scratch / "earlier model"
        unpack(found, folder, where)
    try:
        earlier = artifact.load(folder)
    except ArtifactError as error:
        remedy = "Give the channel the model.tar.gz that a training job of this image wrote."
        raise ArtifactError(error.code, error.message, where=where, remedy=remedy) from None
    log.info(
        "going on from the model in %s: %d labels, %d tokens",
        where,
        len(earlier.labels),
        len(earlier.vocabulary),
    )
    return earlier


def of_the_same_shape(asked: Hyperparameters, earlier: Artifact) -> Hyperparameters:
    """Return hyperparameters with those that fix a model's shape as the earlier model has them.

    N-grams are no part of it: they are fitted anew, so they may also come or go.
    Raises ``ConfigurationError`` that names those which were asked for otherwise.
    """
    own = {**hyperparameters_of(earlier.configuration), "tokenizer": kind_of(earlier.tokenizer)}
    if earlier.ngrams:
        own["recipe"] = "wide"
    its = parse_hyperparameters(own)
    differing = [
        name
        for name, value in asked.asked.items()
        if name in own and name not in FREE and _differs(name, value, getattr(its, name))
    ]
    if differing:
        raise ConfigurationError(
            Code.HYPERPARAMETER_INVALID,
            f"the model to go on from has {_listed(its, differing)}; "
            f"the job asks for {_listed(asked, differing)}",
            where="channel 'model'",
            remedy="Leave them out to take the model's, or train without the channel model.",
        )
    return parse_hyperparameters({**own, **asked.asked})


def _differs(name: str, one: Any, other: Any) -> bool:
    """Tell whether two values lead to other shapes; kim and wide have the same network."""
    return one != other and not (name == "recipe" and {one, other} == {"kim", "wide"})


def _is_model(path: Path) -> bool:
    """Tell whether a path is the manifest of an unpacked model, or an archive.

    The archive that was unpacked may still lie beside its files, and is no other model.
    """
    unpacked = all((path.parent / name).is_file() for name in (MANIFEST, CONFIGURATION))
    if path.name in {MANIFEST, ARCHIVE}:
        return unpacked == (path.name == MANIFEST)
    return path.name.endswith(ARCHIVE_SUFFIXES) and path.name != OTHER_OUTPUT


def _listed(hyperparameters: Hyperparameters, names: list[str]) -> str:
    def shown(value: Any) -> str:
        return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)

    return ", ".join(f"{name}={shown(getattr(hyperparameters, name))}" for name in names)
