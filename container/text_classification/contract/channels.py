"""The channels of a training job: named folders of documents, or of what training starts from."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from text_classification.contract.configuration_files import read_object
from text_classification.contract.hosts import Hosts
from text_classification.contract.paths import Paths
from text_classification.errors import Code, ConfigurationError

TRAINING_NAMES = ("training", "train")
# Channels that the SDK adds for itself (code, drivers) are none of our business.
FOREIGN_NAMES = frozenset({"code", "sm_drivers"})
KNOWN_NAMES = (*TRAINING_NAMES, "validation", "test", "model", "embeddings")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Channel:
    """One channel: its folder and the content type its creator declared, if any."""

    name: str
    folder: Path
    content_type: str = ""


@dataclass(frozen=True)
class Channels:
    """The channels that training reads.

    model holds an earlier artifact, embeddings pretrained word vectors.
    """

    training: Channel
    validation: Channel | None
    test: Channel | None
    model: Channel | None = None
    embeddings: Channel | None = None


def read_channels(paths: Paths, hosts: Hosts) -> Channels:
    """Return the job's channels.

    They are taken from inputdataconfig.json, because the data folder also holds manifests; the
    folder listing serves where there is no such file.
    """
    configured = read_object(paths.input_data_config) or _listed(paths.data)
    found = {
        name: _channel(name, options if isinstance(options, dict) else {}, paths, hosts)
        for name, options in configured.items()
        if name in KNOWN_NAMES
    }
    _tell_ignored(set(configured).difference(KNOWN_NAMES, FOREIGN_NAMES))
    training = [found[name] for name in TRAINING_NAMES if name in found]
    if len(training) != 1:
        raise _training_channel_error(training, paths)
    others = (found.get(name) for name in KNOWN_NAMES[len(TRAINING_NAMES) :])
    return Channels(training[0], *others)


def _listed(data: Path) -> dict[str, Any]:
    folders = sorted(data.iterdir()) if data.is_dir() else []
    return {folder.name: {} for folder in folders if folder.is_dir()}


def _channel(name: str, options: dict[str, Any], paths: Paths, hosts: Hosts) -> Channel:
    if str(options.get("TrainingInputMode", "File")) == "Pipe":
        raise ConfigurationError(
            Code.CHANNEL_UNSUPPORTED,
            f"the channel '{name}' is delivered in Pipe mode, which this image does not read",
            remedy="Use the input mode File, or FastFile to stream from S3.",
        )
    if str(options.get("RecordWrapperType", "None")) == "RecordIO":
        raise ConfigurationError(
            Code.CHANNEL_UNSUPPORTED,
            f"the channel '{name}' is wrapped in RecordIO, which this image does not read",
            remedy="Leave RecordWrapperType out.",
        )
    sharded = options.get("S3DistributionType") == "ShardedByS3Key"
    if sharded and len(hosts.names) > 1:
        raise ConfigurationError(
            Code.CHANNEL_UNSUPPORTED,
            f"the channel '{name}' gives each of {len(hosts.names)} hosts only a part of the data",
            remedy="Use FullyReplicated, or one instance: one host trains.",
        )
    return Channel(name, paths.data / name, str(options.get("ContentType") or ""))


def _tell_ignored(names: set[str]) -> None:
    for name in sorted(names):
        log.warning("channel '%s' is not read; there are %s", name, ", ".join(KNOWN_NAMES))


def _training_channel_error(training: list[Channel], paths: Paths) -> ConfigurationError:
    if training:
        return ConfigurationError(
            Code.CHANNEL_UNSUPPORTED,
            "both a channel 'training' and a channel 'train' were given",
            remedy="Give one of them.",
        )
    return ConfigurationError(
        Code.CHANNEL_MISSING,
        "there is no channel 'training' (or 'train')",
        where=str(paths.data),
        remedy="Create the job with a channel named training that holds labelled documents.",
    )
