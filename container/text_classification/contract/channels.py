"""The channels of a training job: named folders of documents, or of what training starts from."""

import logging
from collections.abc import Iterable
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
# What these hold is one file or the files of one model.
ONE_FILE_NAMES = ("model", "embeddings")
KNOWN_NAMES = (*TRAINING_NAMES, "validation", "test", *ONE_FILE_NAMES)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Channel:
    """One channel: its folder and the content type its creator declared, if any.

    is_piped: its files come through pipes that lie beside where the folder would be. is_record_io:
    each of them as a record. is_sharded: this is one of several hosts that each have some files,
    perhaps none.
    """

    name: str
    folder: Path
    content_type: str = ""
    is_piped: bool = False
    is_record_io: bool = False
    is_sharded: bool = False


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
    _refuse_shares(found.values())
    _tell_ignored(set(configured).difference(KNOWN_NAMES, FOREIGN_NAMES))
    training = [found[name] for name in TRAINING_NAMES if name in found]
    if len(training) != 1:
        raise _training_channel_error(training, paths)
    others = (found.get(name) for name in KNOWN_NAMES[len(TRAINING_NAMES) :])
    return Channels(training[0], *others)


def check_attributes(channels: Channels, attributes: str) -> None:
    """Raise ``ConfigurationError`` where attributes are named and no channel has any."""
    read = (channels.training, channels.validation, channels.test)
    if attributes and not any(channel and channel.is_piped for channel in read):
        raise ConfigurationError(
            Code.HYPERPARAMETER_INVALID,
            "manifest_attributes names what an augmented manifest sends through a pipe, and no "
            "channel is delivered in Pipe mode",
            remedy="Leave it out, or set the channel's InputMode to Pipe.",
        )


def _listed(data: Path) -> dict[str, Any]:
    folders = sorted(data.iterdir()) if data.is_dir() else []
    return {folder.name: {} for folder in folders if folder.is_dir()}


def _channel(name: str, options: dict[str, Any], paths: Paths, hosts: Hosts) -> Channel:
    is_piped = str(options.get("TrainingInputMode", "File")) == "Pipe"
    if is_piped and name in ONE_FILE_NAMES:
        raise ConfigurationError(
            Code.CHANNEL_UNSUPPORTED,
            f"the channel '{name}' is delivered in Pipe mode, and its file is read by its name",
            remedy="Set the InputMode of this channel to File, whatever the others have.",
        )
    is_record_io = str(options.get("RecordWrapperType", "None")) == "RecordIO"
    if is_record_io and not is_piped:
        raise ConfigurationError(
            Code.CHANNEL_UNSUPPORTED,
            f"the channel '{name}' is wrapped in RecordIO, which only the input mode Pipe has",
            remedy="Leave RecordWrapperType out, or set the InputMode of the channel to Pipe.",
        )
    sharded = options.get("S3DistributionType") == "ShardedByS3Key" and len(hosts.names) > 1
    content_type = str(options.get("ContentType") or "")
    return Channel(name, paths.data / name, content_type, is_piped, is_record_io, sharded)


def _refuse_shares(channels: Iterable[Channel]) -> None:
    """Raise ``ConfigurationError`` where one of several hosts would have the one file alone."""
    for channel in channels:
        if channel.is_sharded and channel.name in ONE_FILE_NAMES:
            raise ConfigurationError(
                Code.CHANNEL_UNSUPPORTED,
                f"the channel '{channel.name}' is to be whole on every host, and each gets a share",
                remedy="Set S3DataDistributionType of this channel to FullyReplicated, whatever "
                "the others have.",
            )


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
        remedy="Create the job with a channel named training that holds labelled documents; "
        "without SageMaker, put them into a folder training there.",
    )
