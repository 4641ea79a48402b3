"""The model that a job goes on from: the artifact of an earlier job, in the channel ``model``."""

import logging
from pathlib import Path
from typing import Any

from text_classification import artifact
from text_classification.artifact import CONFIGURATION, MANIFEST, Artifact
from text_classification.cnn.architectures.recipes import (
    have_the_same_network,
    hyperparameters_of,
    recipes,
)
from text_classification.contract.channels import Channel
from text_classification.contract.hyperparameters.declaration import Affects
from text_classification.contract.hyperparameters.schema import Hyperparameters, names_that_affect
from text_classification.corpus.readers.channel_files import channel_files, only_one
from text_classification.corpus.tokenizer import kind_of
from text_classification.errors import ArtifactError, Code, ConfigurationError
from text_classification.training.hyperparameters.parse import resolve
from text_classification.training.inputs.model_archive import unpack

ARCHIVE = "model.tar.gz"
ARCHIVE_SUFFIXES = (".tar.gz", ".tgz", ".tar")
# The archive that a job leaves beside its model, where the channel is all of its output.
OTHER_OUTPUT = "output.tar.gz"
# What may not be set anew: the weights have the shape that these give, and stand for it.
FIXED = names_that_affect(Affects.SHAPE)

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
        own |= _with_ngrams(own["recipe"])
    its = resolve(own)
    differing = [
        name
        for name, value in asked.asked.items()
        if name in own and name in FIXED and _differs(name, value, getattr(its, name))
    ]
    if differing:
        raise ConfigurationError(
            Code.HYPERPARAMETER_INVALID,
            f"the model to go on from has {_listed(its, differing)}; "
            f"the job asks for {_listed(asked, differing)}",
            where="channel 'model'",
            remedy="Leave them out to take the model's, or train without the channel model.",
        )
    return resolve({**own, **asked.asked})


def _differs(name: str, one: Any, other: Any) -> bool:
    """Tell whether two values lead to other shapes; recipes may have the same network."""
    return one != other and not (name == "recipe" and have_the_same_network(one, other))


def _with_ngrams(recipe: str) -> dict[str, Any]:
    """Return the recipe that has n-grams beside the network of another, or what asks for them."""
    for each in recipes().values():
        if each.defaults.get("ngrams") and have_the_same_network(each.name, recipe):
            return {"recipe": each.name}
    return {"ngrams": True}


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
