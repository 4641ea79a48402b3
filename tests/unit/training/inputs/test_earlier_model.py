"""training/inputs/earlier_model.py."""

import shutil
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.unit.helpers import random_artifact, random_ngrams, stacked_artifact
from text_classification import artifact
from text_classification.artifact import Artifact
from text_classification.contract.channels import Channel
from text_classification.errors import ArtifactError, Code, ConfigurationError
from text_classification.training.hyperparameters.parse import parse_hyperparameters
from text_classification.training.inputs.earlier_model import of_the_same_shape, read_earlier_model

KIM = random_artifact()


@pytest.fixture
def channel(tmp_path: Path) -> Channel:
    """An empty channel; the scratch folder lies beside it."""
    (tmp_path / "model").mkdir()
    return Channel("model", tmp_path / "model")


def read(channel: Channel) -> Artifact:
    """Read the model of a channel, which is left as it is."""
    before = sorted(channel.folder.rglob("*"))
    scratch = channel.folder.parent / "scratch"
    scratch.mkdir()
    try:
        return read_earlier_model(channel, scratch)
    finally:
        assert sorted(channel.folder.rglob("*")) == before


def pack(path: Path) -> None:
    """Write model.tar.gz as SageMaker packs what a job leaves."""
    artifact.save(KIM, path.parent / "files")
    path.parent.mkdir(exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        archive.add(path.parent / "files", "")
    shutil.rmtree(path.parent / "files")


@pytest.mark.parametrize("name", ["model.tar.gz", "job-1/output/model.tar.gz", "my.tgz", "a.tar"])
def test_archive_is_found_and_read(channel: Channel, name: str) -> None:
    """As the channel of one object or of a job's whole output, under any name of an archive."""
    (channel.folder / name).parent.mkdir(parents=True, exist_ok=True)
    pack(channel.folder / name)
    (channel.folder / "output.tar.gz").write_bytes(b"what else the job left")
    (channel.folder / "profiler").mkdir()
    (channel.folder / "profiler/manifest.json").write_text("{}")
    assert read(channel).vocabulary.tokens == KIM.vocabulary.tokens


@pytest.mark.parametrize("below", ["", "model"])
def test_unpacked_files_are_read_where_they_lie(channel: Channel, below: str) -> None:
    """Local runs and uncompressed models are folders."""
    artifact.save(KIM, channel.folder / below)
    assert read(channel).labels == KIM.labels
    # The SDK's local session unpacks an archive where it lies, and leaves it there.
    for name in ("model.tar.gz", "output.tar.gz"):
        (channel.folder / below / name).write_bytes(b"what was unpacked")
    shutil.rmtree(channel.folder.parent / "scratch")
    assert read(channel).labels == KIM.labels


@pytest.mark.parametrize(
    ("names", "code", "message"),
    [
        ([], Code.CHANNEL_EMPTY, "hold one model.tar.gz, or the files of one, and holds none"),
        (["a.csv", "output.tar.gz"], Code.CHANNEL_EMPTY, "and holds none: a.csv, output.tar.gz"),
        (
            ["1/model.tar.gz", "2/model.tar.gz"],
            Code.CHANNEL_UNSUPPORTED,
            "holds 2: 1/model.tar.gz, 2/model.tar.gz",
        ),
    ],
)
def test_none_or_several_are_told(
    channel: Channel, names: list[str], code: Code, message: str
) -> None:
    """Nothing is guessed; the error names what is there."""
    for name in names:
        (channel.folder / name).parent.mkdir(exist_ok=True)
        (channel.folder / name).write_bytes(b"content")
    with pytest.raises(ConfigurationError, match=message) as raised:
        read(channel)
    assert raised.value.code == code


def test_damaged_model_is_told_by_its_place_in_the_channel(channel: Channel) -> None:
    """The loader's reason stays, the folder for scratch is nobody's business."""
    pack(channel.folder / "model.tar.gz")
    with tarfile.open(channel.folder / "model.tar.gz") as archive:
        archive.extractall(channel.folder / "files", filter="data")
    (channel.folder / "files" / artifact.VOCABULARY).write_text("other\n")
    with tarfile.open(channel.folder / "model.tar.gz", "w:gz") as archive:
        archive.add(channel.folder / "files", "")
    shutil.rmtree(channel.folder / "files")
    with pytest.raises(ArtifactError, match=r"vocabulary\.txt is not the file") as raised:
        read(channel)
    assert raised.value.code == Code.ARTIFACT_CORRUPT
    assert raised.value.where == "model/model.tar.gz"
    assert "training job of this image" in raised.value.remedy


@pytest.mark.parametrize("earlier", [KIM, stacked_artifact()], ids=lambda each: each.labels[0])
def test_shape_is_the_models_where_nothing_is_asked_for(earlier: Artifact) -> None:
    """Recipe, sizes, length and tokenizer; all else is as the recipe has it."""
    found = of_the_same_shape(
        parse_hyperparameters({"epochs": "7"}), replace(earlier, tokenizer="whitespace")
    )
    shape = earlier.configuration.as_dict()
    assert found.recipe == ("kim" if earlier is KIM else "stacked")
    assert found.tokenizer == "whitespace"
    assert (found.embedding_size, found.filters) == (shape["embedding_size"], shape["filters"])
    assert found.sequence_length == str(shape["sequence_length"])
    assert found.dropout == shape["dropout"]
    assert found.epochs == 7
    assert found.patience == parse_hyperparameters({"recipe": found.recipe}).patience
    if earlier is not KIM:
        assert (found.strides, found.pool_padding) == (2, "same")


@pytest.mark.parametrize(
    ("ngrams", "asked", "recipe"),
    [(True, "", "wide"), (True, "kim", "kim"), (False, "", "kim"), (False, "wide", "wide")],
)
def test_ngrams_may_come_and_go(*, ngrams: bool, asked: str, recipe: str) -> None:
    """They are fitted anew and no part of the shape; the recipe is the model's unless asked for."""
    earlier = replace(KIM, ngrams=random_ngrams() if ngrams else None)
    given = parse_hyperparameters({"recipe": asked} if asked else {})
    found = of_the_same_shape(given, earlier)
    assert (found.recipe, found.ngrams) == (recipe, recipe == "wide")
    assert found.tokenizer == "words"


def test_length_and_dropout_can_be_set_anew() -> None:
    """No weight depends on them; what equals the model's may be said again."""
    asked = {"sequence_length": "p95", "dropout": "0.1", "kernel_widths": "[1, 2, 3]"}
    found = of_the_same_shape(parse_hyperparameters({**asked, "tokenizer": "words"}), KIM)
    assert (found.sequence_length, found.dropout) == ("p95", 0.1)
    assert found.kernel_widths == (1, 2, 3)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            {"filters": "100", "kernel_widths": "3,4,5"},
            "has kernel_widths=1,2,3, filters=4; the job asks for kernel_widths=3,4,5, filters=100",
        ),
        ({"recipe": "stacked"}, "from has recipe=kim; the job asks for recipe=stacked"),
        (
            {"pooling": "attention", "batch_normalization": "1"},
            "has pooling=max, batch_normalization=False; the job asks for pooling=attention, batch",
        ),
        ({"tokenizer": "whitespace"}, "has tokenizer=words; the job asks for tokenizer=whitespace"),
    ],
)
def test_other_shapes_are_refused_by_name(asked: dict[str, Any], message: str) -> None:
    """All that differ are named with both values."""
    with pytest.raises(ConfigurationError) as raised:
        of_the_same_shape(parse_hyperparameters(asked), KIM)
    assert message in raised.value.message
    assert raised.value.code == Code.HYPERPARAMETER_INVALID
    assert "without the channel model" in raised.value.remedy


def test_engine_must_know_the_models_recipe() -> None:
    """The recipe is the model's, and what it cannot be trained with is told as ever."""
    with pytest.raises(ConfigurationError, match="fast does not train stacked"):
        of_the_same_shape(parse_hyperparameters({"engine": "fast"}), stacked_artifact())
