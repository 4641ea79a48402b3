"""contract/channels.py."""

from typing import Any

import pytest

from tests.unit.helpers import write_configuration
from text_classification.contract.channels import (
    Channel,
    Channels,
    check_attributes,
    read_channels,
)
from text_classification.contract.hosts import Hosts
from text_classification.contract.paths import Paths
from text_classification.errors import Code, ConfigurationError

ALONE = Hosts("algo-1", ("algo-1",))
TWO = Hosts("algo-1", ("algo-1", "algo-2"))
FILE = {
    "TrainingInputMode": "File",
    "S3DistributionType": "FullyReplicated",
    "RecordWrapperType": "None",
}


def configured(paths: Paths, channels: dict[str, Any], hosts: Hosts = ALONE) -> Channels:
    """Return what is read from an inputdataconfig.json."""
    write_configuration(paths.input_data_config, channels)
    return read_channels(paths, hosts)


@pytest.mark.parametrize("name", ["train", "training"])
def test_training_channel_has_two_names(paths: Paths, name: str) -> None:
    """The channel is called train or training; the others may be left out."""
    training = Channel(name, paths.data / name)
    assert configured(paths, {name: FILE}) == Channels(training, None, None)


def test_all_channels_and_content_types_are_read(paths: Paths) -> None:
    """Others than training are found, and each keeps the content type it was declared with."""
    channels = configured(
        paths,
        {
            "test": {"ContentType": None},
            "train": {"ContentType": "text/csv"},
            "validation": FILE,
            "model": {"ContentType": "application/x-sagemaker-model"},
            "embeddings": FILE,
        },
    )
    assert channels.embeddings == Channel("embeddings", paths.data / "embeddings")
    assert channels.model == Channel("model", paths.data / "model", "application/x-sagemaker-model")
    assert channels.training.content_type == "text/csv"
    assert channels.validation == Channel("validation", paths.data / "validation")
    assert channels.test == Channel("test", paths.data / "test")


def test_both_training_names_are_refused(paths: Paths) -> None:
    """Two training channels leave open which is meant."""
    with pytest.raises(ConfigurationError, match="both a channel 'training' and") as raised:
        configured(paths, {"train": FILE, "training": FILE})
    assert raised.value.code == Code.CHANNEL_UNSUPPORTED


@pytest.mark.parametrize("channels", [{}, {"validation": FILE}, {"Train": FILE}])
def test_missing_training_channel_is_told(paths: Paths, channels: dict[str, Any]) -> None:
    """The error says which channel is missing, and where it was looked for."""
    with pytest.raises(ConfigurationError, match="no channel 'training'") as raised:
        configured(paths, channels)
    assert raised.value.code == Code.CHANNEL_MISSING
    assert raised.value.where == str(paths.data)


def test_channels_of_the_sdk_are_passed_over(
    paths: Paths, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither code nor sm_drivers is read or worth a word, in whatever mode it comes."""
    pipe = {"TrainingInputMode": "Pipe"}
    configured(paths, {"code": pipe, "sm_drivers": FILE, "train": FILE})
    assert not caplog.records


@pytest.mark.parametrize("name", ["my-channel", "v1.2", "models", "eval_1"])
def test_other_channels_are_told_and_left_out(
    paths: Paths, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A name with - or . harms nobody, and the log says that it is not read."""
    channels = configured(paths, {"train": FILE, name: FILE})
    assert (channels.validation, channels.test) == (None, None)
    assert [record.getMessage().split(";")[0] for record in caplog.records] == [
        f"channel '{name}' is not read"
    ]


@pytest.mark.parametrize("name", ["train", "validation", "test", "model", "embeddings"])
def test_delivery_that_is_not_read_is_refused(paths: Paths, name: str) -> None:
    """RecordIO files end the job with the channel's name."""
    option = {"RecordWrapperType": "RecordIO"}
    with pytest.raises(ConfigurationError, match=f"'{name}' .*only the input mode Pipe") as raised:
        configured(paths, {"train": FILE, name: {**FILE, **option}}, TWO)
    assert raised.value.code == Code.CHANNEL_UNSUPPORTED


@pytest.mark.parametrize("name", ["model", "embeddings"])
def test_shares_of_one_file_are_refused(paths: Paths, name: str) -> None:
    """Of two hosts one would have the model and the other none."""
    sharded = {**FILE, "S3DistributionType": "ShardedByS3Key"}
    with pytest.raises(ConfigurationError, match=f"'{name}' is to be whole on every") as raised:
        configured(paths, {"train": FILE, name: sharded}, TWO)
    assert raised.value.code == Code.CHANNEL_UNSUPPORTED
    assert configured(paths, {"train": sharded, name: FILE}, TWO).training.is_sharded


@pytest.mark.parametrize("wrapper", ["RecordIO", "None", None])
def test_documents_may_come_through_pipes(paths: Paths, wrapper: str | None) -> None:
    """Each channel has its own mode, and files may be wrapped."""
    options = {"TrainingInputMode": "Pipe", "RecordWrapperType": wrapper}
    channels = configured(paths, {"train": options, "test": FILE})
    is_wrapped = wrapper == "RecordIO"
    expected = Channel("train", paths.data / "train", is_piped=True, is_record_io=is_wrapped)
    assert channels.training == expected
    assert channels.test == Channel("test", paths.data / "test")


@pytest.mark.parametrize("name", ["model", "embeddings"])
def test_a_model_and_vectors_are_files(paths: Paths, name: str) -> None:
    """Their names tell what they are, which no pipe does."""
    with pytest.raises(ConfigurationError, match=f"'{name}' is delivered in Pipe mode") as raised:
        configured(paths, {"train": FILE, name: {"TrainingInputMode": "Pipe"}})
    assert "InputMode of this channel to File" in raised.value.remedy


def test_attributes_of_manifests_come_through_pipes(paths: Paths) -> None:
    """Naming some does nothing for files, and is refused there."""
    pipe = {"TrainingInputMode": "Pipe", "RecordWrapperType": "RecordIO"}
    check_attributes(configured(paths, {"train": FILE, "test": pipe}), "source,label")
    files = configured(paths, {"train": FILE})
    check_attributes(files, "")
    with pytest.raises(ConfigurationError, match="no channel is delivered in Pipe mode"):
        check_attributes(files, "source,label")


@pytest.mark.parametrize(
    "options",
    [
        {"S3DistributionType": "ShardedByS3Key"},
        {"TrainingInputMode": "FastFile"},
        {"RecordWrapperType": None},
        {},
        None,
    ],
)
def test_harmless_options_are_taken(paths: Paths, options: Any) -> None:
    """Sharding to one host, FastFile and missing fields are all plain files."""
    channels = configured(paths, {"train": options})
    assert channels.training == Channel("train", paths.data / "train")


def test_manifest_beside_a_channel_is_no_channel(
    paths: Paths, caplog: pytest.LogCaptureFixture
) -> None:
    """Files such as train-manifest in the data folder are not mistaken for channels."""
    (paths.data / "train").mkdir(parents=True)
    (paths.data / "train-manifest").write_text("s3://bucket/key")
    for channels in (read_channels(paths, ALONE), configured(paths, {"train": FILE})):
        assert channels.training.name == "train"
    assert not caplog.records


def test_folders_serve_where_nothing_is_configured(paths: Paths) -> None:
    """Without inputdataconfig.json every folder of the data folder is a channel."""
    for name in ("training", "test", "code"):
        (paths.data / name).mkdir(parents=True)
    channels = read_channels(paths, ALONE)
    assert channels.training == Channel("training", paths.data / "training")
    assert channels.test == Channel("test", paths.data / "test")


def test_configuration_goes_before_folders(paths: Paths) -> None:
    """A folder that the job did not configure is not read."""
    (paths.data / "validation").mkdir(parents=True)
    assert configured(paths, {"train": FILE}).validation is None
