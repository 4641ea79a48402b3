"""training/inputs/initial_model.py."""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.helpers import (
    VOCABULARY,
    kim_of,
    random_artifact,
    random_further,
    stacked_artifact,
)
from text_classification import artifact
from text_classification.artifact import Artifact
from text_classification.cnn.initial_weights import initial_weights
from text_classification.contract.channels import Channel, Channels
from text_classification.corpus.pretrained_vectors import EnglishVectors
from text_classification.corpus.vectors import Vectors
from text_classification.corpus.vocabulary import Vocabulary
from text_classification.errors import ConfigurationError
from text_classification.kernels.arrays import Indices
from text_classification.training.hyperparameters.parse import parse_hyperparameters
from text_classification.training.inputs.initial_model import (
    RANDOM_WEIGHTS,
    InitialModel,
    InitialModelSource,
    read_initial_model,
    with_vectors_settled,
)

KIM = random_artifact()
ENGLISH = [b"the", b"bill", b"was", b"paid"]


def ones(tokens: int) -> Indices:
    """Return counts of tokens that occur once each."""
    return np.ones(tokens, np.int64)


def test_nothing_given_leaves_the_start_to_the_engine() -> None:
    """No weights and no tokens of its own."""
    start = RANDOM_WEIGHTS.start(VOCABULARY.tokens, ones(3))
    weights = start.weights(KIM.configuration, KIM.labels, VOCABULARY, 0)
    assert (weights, start.tokens) == (None, ())


def test_further_words_of_an_earlier_model_are_taken_anew() -> None:
    """From the image, for the new vocabulary; a model that has none gets none."""
    sources = [
        InitialModelSource(earlier).start(VOCABULARY.tokens, ones(3)).source
        for earlier in (KIM, replace(KIM, further=random_further()))
    ]
    assert sources[0] is None
    assert isinstance(sources[1], EnglishVectors)


@pytest.mark.parametrize("earlier", [KIM, stacked_artifact()], ids=["kim", "stacked"])
def test_same_labels_and_vocabulary_start_with_the_very_weights(earlier: Artifact) -> None:
    """Nothing is new, so nothing is drawn, whatever the seed."""
    found = InitialModel(earlier).weights(earlier.configuration, earlier.labels, VOCABULARY, 7)
    assert found
    assert list(found) == list(earlier.configuration.shapes())
    for name, array in earlier.weights.items():
        np.testing.assert_array_equal(found[name], array)


def test_new_tokens_and_labels_start_from_chance_and_known_ones_stay(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """By name, wherever they stand; the kernels are the model's; the log tells of the labels."""
    caplog.set_level(logging.INFO)
    vocabulary = Vocabulary.of([b"bill", b"unheard", b"the"])
    labels = ("good", "new", "ugly")
    configuration = replace(kim_of(KIM), vocabulary_size=5)
    found = InitialModel(KIM).weights(configuration, labels, vocabulary, 3)
    assert found
    assert {name: array.shape for name, array in found.items()} == configuration.shapes()
    fresh = initial_weights(configuration, 3)
    expected = KIM.weights["embedding"][[0, 1, 4, 0, 2]]
    expected[3] = fresh["embedding"][3]
    np.testing.assert_array_equal(found["embedding"], expected)
    for name in ("dense.kernel", "dense.bias"):
        columns = KIM.weights[name][..., [1, 0, 2]]
        columns[..., 1] = fresh[name][..., 1]
        np.testing.assert_array_equal(found[name], columns)
    np.testing.assert_array_equal(
        found["convolution_2.kernel"], KIM.weights["convolution_2.kernel"]
    )
    assert "1 labels are new to the model, and start from chance: 'new'" in caplog.text
    assert "1 labels are without a training document, and are dropped: 'bad'" in caplog.text
    assert "4 ids of tokens go on from the model, 1 are new" in caplog.text


def test_model_without_a_label_in_common_lends_what_it_read_with() -> None:
    """Another task: the embedding and the kernels go on, the last layer starts from chance."""
    labels = ("yes", "no")
    configuration = replace(kim_of(KIM), classes=2)
    found = InitialModel(KIM).weights(configuration, labels, VOCABULARY, 3)
    assert found
    fresh = initial_weights(configuration, 3)
    np.testing.assert_array_equal(found["dense.kernel"], fresh["dense.kernel"])
    np.testing.assert_array_equal(found["embedding"], KIM.weights["embedding"])


def vectors_of(*tokens: str, size: int = 6) -> Vectors:
    """Return vectors with a deviation of 3 around 1."""
    generator = np.random.default_rng(1)
    rows = generator.normal(1, 3, (len(tokens), size)).astype(np.float32)
    return {token.encode(): row for token, row in zip(tokens, rows, strict=True)}


def test_tokens_get_their_vectors_and_others_the_same_variance() -> None:
    """Padding and unknown words too are drawn, as wide as the vectors are spread."""
    tokens = [f"token{number}" for number in range(2000)]
    vocabulary = Vocabulary.of(token.encode() for token in tokens)
    vectors = vectors_of(*tokens[:1000:2])
    configuration = replace(kim_of(KIM), vocabulary_size=2002)
    found = InitialModel(vectors=vectors).weights(configuration, KIM.labels, vocabulary, 3)
    assert found
    embedding = found["embedding"]
    for number, token in enumerate(tokens):
        if token.encode() in vectors:
            np.testing.assert_array_equal(embedding[number + 2], vectors[token.encode()])
    others = np.delete(embedding, np.arange(2, 1002, 2), axis=0)
    deviation = np.std([*vectors.values()])
    assert np.std(others) == pytest.approx(deviation, rel=0.02)
    assert np.abs(others).max() <= np.sqrt(3) * deviation
    fresh = initial_weights(configuration, 3)
    for name in fresh.keys() - {"embedding"}:
        np.testing.assert_array_equal(found[name], fresh[name])


def test_each_network_side_by_side_gets_the_vectors() -> None:
    """Their embeddings lie side by side in that of the one."""
    vocabulary, vectors = Vocabulary.of([b"bill"]), vectors_of("bill", size=3)
    configuration = replace(kim_of(KIM), vocabulary_size=3, embedding_size=6)
    found = InitialModel(vectors=vectors).weights(configuration, KIM.labels, vocabulary, 3)
    assert found
    assert found["embedding"][2].tolist() == [*vectors[b"bill"], *vectors[b"bill"]]


def test_vocabulary_without_a_vector_is_drawn_as_ever() -> None:
    """Vectors are read for all tokens of the documents; a fold may know none of those."""
    weights = InitialModel(vectors=vectors_of("other")).weights(
        KIM.configuration, KIM.labels, VOCABULARY, 3
    )
    assert weights
    expected = initial_weights(KIM.configuration, 3)["embedding"]
    np.testing.assert_array_equal(weights["embedding"], expected)


def test_earlier_model_goes_before_pretrained_vectors() -> None:
    """It has learned from them; they are for the tokens new to it."""
    vocabulary = Vocabulary.of([b"bill", b"unheard"])
    vectors = vectors_of("bill", "unheard")
    configuration = replace(kim_of(KIM), vocabulary_size=4)
    found = InitialModel(KIM, vectors).weights(configuration, KIM.labels, vocabulary, 3)
    assert found
    expected = [KIM.weights["embedding"][4], vectors[b"unheard"]]
    np.testing.assert_array_equal(found["embedding"][2:], expected)


def test_starts_are_told_apart_by_a_digest() -> None:
    """A study of trials from one start is none of another's."""
    starts = [
        InitialModel(),
        InitialModel(KIM),
        InitialModel(random_artifact(1)),
        InitialModel(vectors=vectors_of("a")),
    ]
    starts += [InitialModel(vectors=vectors_of("b")), InitialModel(vectors=vectors_of("a", size=5))]
    assert len({start.digest for start in starts}) == len(starts)
    assert InitialModel(random_artifact()).digest == InitialModel(KIM).digest


TRAINING = Channel("training", Path("training"))


def test_earlier_model_is_read_from_its_channel(tmp_path: Path) -> None:
    """It comes with its shape; without channels nothing changes."""
    asked = parse_hyperparameters({"epochs": "3", "pretrained": "none"})
    assert read_initial_model(Channels(TRAINING, None, None), asked, tmp_path) == (
        RANDOM_WEIGHTS,
        asked,
    )
    artifact.save(KIM, tmp_path / "model")
    channels = Channels(TRAINING, None, None, model=Channel("model", tmp_path / "model"))
    initial, found = read_initial_model(channels, asked, tmp_path)
    assert initial.start([], ones(0)).tokens == VOCABULARY.tokens
    assert (found.filters, found.epochs) == (4, 3)


@pytest.mark.parametrize("recipe", ["kim", "stacked"])
def test_vectors_are_read_from_their_channel(tmp_path: Path, recipe: str) -> None:
    """The embedding has their size; all else is as it was asked for."""
    (tmp_path / "vectors.txt").write_text("bill 1 2 3\n")
    channels = Channels(TRAINING, None, None, embeddings=Channel("embeddings", tmp_path))
    for asked in ({}, {"embedding_size": "3"}):
        hyperparameters = parse_hyperparameters({"recipe": recipe, "epochs": "7", **asked})
        initial, found = read_initial_model(channels, hyperparameters, tmp_path)
        assert (found.embedding_size, found.epochs, found.recipe) == (3, 7, recipe)
        assert found.filters == hyperparameters.filters
        vectors = initial.start([b"bill", b"other"], ones(2)).vectors
        assert vectors
        assert vectors[b"bill"].tolist() == [1, 2, 3]


@pytest.mark.parametrize("given", [{"embedding_size": "128"}, {}])
def test_vectors_of_another_size_are_refused(tmp_path: Path, given: dict[str, str]) -> None:
    """Other than asked for by name, or than the earlier model's."""
    (tmp_path / "vectors.txt").write_text("bill 1 2 3\n")
    channels = Channels(TRAINING, None, None, embeddings=Channel("embeddings", tmp_path))
    if not given:
        artifact.save(KIM, tmp_path.parent / "model")
        channels = replace(channels, model=Channel("model", tmp_path.parent / "model"))
    with pytest.raises(ConfigurationError, match="vectors have 3 numbers and") as raised:
        read_initial_model(channels, parse_hyperparameters(given), tmp_path)
    assert raised.value.where == "embeddings/vectors.txt"


def test_vectors_larger_than_any_embedding_are_refused(tmp_path: Path) -> None:
    """By the range that embedding_size has."""
    (tmp_path / "vectors.txt").write_text(f"bill{' 1' * 4097}\n")
    channels = Channels(TRAINING, None, None, embeddings=Channel("embeddings", tmp_path))
    with pytest.raises(ConfigurationError, match="embedding_size is 4097"):
        read_initial_model(channels, parse_hyperparameters({}), tmp_path)


def test_an_earlier_model_keeps_the_version_of_its_tokenizer() -> None:
    """Its vocabulary has the tokens as that version cuts them; a new model has the present one."""
    earlier = random_artifact()
    assert InitialModel(earlier).tokenizer("words") == earlier.tokenizer == "words"
    assert InitialModel().tokenizer("words") == "words.v2"


@pytest.mark.parametrize(
    ("asked", "tokens", "is_taken"),
    [
        ({}, ENGLISH, True),
        ({"recipe": "wide", "embedding_size": "100"}, ENGLISH, True),
        ({"pretrained": "english"}, [b"xqzt", b"vwkx"], True),
        ({}, [b"der", b"xqzt", b"vwkx", b"bill"], False),
        ({"embedding_size": "64"}, ENGLISH, False),
        ({"search_space": '{"embedding_size": [50, 100]}'}, ENGLISH, False),
        ({"pretrained": "none"}, ENGLISH, False),
        ({"recipe": "stacked"}, ENGLISH, False),
    ],
)
def test_vectors_of_the_image_are_taken_for_english(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    asked: dict[str, str],
    tokens: list[bytes],
    *,
    is_taken: bool,
) -> None:
    """Where nothing else was asked for; the embedding has their size then, and the log says why."""
    caplog.set_level(logging.INFO)
    hyperparameters = parse_hyperparameters(asked)
    channels = Channels(TRAINING, None, None)
    initial, found = read_initial_model(channels, hyperparameters, tmp_path)
    start = initial.start(tokens, ones(len(tokens)))
    settled = with_vectors_settled(found, start)
    assert (start.vectors is not None) is is_taken
    if is_taken:
        assert settled.embedding_size == 100
        assert "of the words in the training documents have a vector" in caplog.text
    else:
        assert settled == hyperparameters


@pytest.mark.parametrize(
    ("given", "start", "is_warned"),
    [
        ({"frozen_epochs": "3", "pretrained": "none"}, InitialModel(), True),
        ({"frozen_epochs": "3"}, InitialModel(), True),
        ({"frozen_epochs": "3"}, InitialModel(KIM), False),
        ({"frozen_epochs": "3"}, InitialModel(vectors={}), False),
        ({"pretrained": "none"}, InitialModel(), False),
    ],
)
def test_vectors_by_chance_that_are_kept_are_warned_of(
    caplog: pytest.LogCaptureFixture, given: dict[str, str], start: InitialModel, *, is_warned: bool
) -> None:
    """For some epochs nothing would be learned of words."""
    with_vectors_settled(parse_hyperparameters(given), start)
    assert ("frozen_epochs is 3, and keeps vectors" in caplog.text) == is_warned


def test_auto_leaves_the_channels_alone(tmp_path: Path) -> None:
    """An earlier model and vectors of the user's own decide by themselves."""
    (tmp_path / "vectors.txt").write_text("bill 1 2 3\n")
    embeddings = Channel("embeddings", tmp_path)
    artifact.save(KIM, tmp_path.parent / "model")
    model = Channel("model", tmp_path.parent / "model")
    auto = parse_hyperparameters({})
    for channels, size in (
        (Channels(TRAINING, None, None, embeddings=embeddings), 3),
        (Channels(TRAINING, None, None, model=model), kim_of(KIM).embedding_size),
    ):
        initial, found = read_initial_model(channels, auto, tmp_path)
        settled = with_vectors_settled(found, initial.start([b"bill"], ones(1)))
        assert settled.embedding_size == size
    with pytest.raises(ConfigurationError, match="pretrained is english"):
        read_initial_model(
            Channels(TRAINING, None, None, embeddings=embeddings),
            parse_hyperparameters({"pretrained": "english"}),
            tmp_path,
        )
