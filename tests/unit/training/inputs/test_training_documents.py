"""training/inputs/training_documents.py."""

from pathlib import Path

import pytest

from text_classification.contract.channels import Channel, Channels
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.errors import Code, DataError
from text_classification.training.inputs import training_documents
from text_classification.training.inputs.part import Part
from text_classification.training.inputs.training_documents import TrainingData, read_documents

PARAMETERS = Hyperparameters(
    recipe="kim", min_count=1, kernel_widths=(2,), validation_fraction=0.25
)
ROWS = "".join(f"{label},common {label} word{n}\n" for n in range(8) for label in ("x", "y"))


def channel(root: Path, name: str, rows: str) -> Channel:
    """Write a channel of one CSV file."""
    (root / name).mkdir()
    (root / name / "a.csv").write_text(rows)
    return Channel(name, root / name)


def prepared(
    root: Path, train: str, parameters: Hyperparameters = PARAMETERS, **others: str
) -> TrainingData:
    """Prepare the channels train and, where they are given, validation and test."""
    scratch = root / "scratch"
    scratch.mkdir()
    found = {name: channel(root, name, rows) for name, rows in others.items()}
    channels = Channels(channel(root, "train", train), found.get("validation"), found.get("test"))
    documents = read_documents(channels, parameters, scratch)
    return documents.prepare(*documents.split(parameters), parameters)


def held_out(prepared: TrainingData) -> Part:
    """Return the validation part, which is there."""
    assert prepared.validation is not None
    return prepared.validation


def texts(prepared: TrainingData, part: Part) -> list[str]:
    """Return the documents of a part as words again."""
    tokens = (token.decode() for token in prepared.vocabulary.tokens)
    words = ("<padding>", "<unknown>", *tokens)
    documents = (part.corpus.document(int(index)) for index in part.documents)
    return [" ".join(words[token] for token in document) for document in documents]


def test_documents_are_split_by_class(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A quarter of each class is held out, labels stay with their documents, nothing is odd."""
    result = prepared(tmp_path, ROWS)
    assert not caplog.records
    assert result.labels == ("x", "y")
    assert (len(result.training), len(held_out(result)), result.test) == (12, 4, None)
    for part in (result.training, held_out(result)):
        for label, text in zip(part.labels, texts(result, part), strict=True):
            assert text.split()[:2] == ["common", result.labels[label]]


def test_vocabulary_knows_no_validation_words(tmp_path: Path) -> None:
    """Words that only held-out documents have are unknown: nothing leaks from validation."""
    result = prepared(tmp_path, ROWS)
    seen = {word for text in texts(result, result.training) for word in text.split()}
    assert {token.decode() for token in result.vocabulary.tokens} == seen
    assert result.configuration.vocabulary_size == len(seen) + 2
    unseen = {f"word{n}" for n in range(8)} - seen
    words = " ".join(texts(result, held_out(result))).split()
    assert words.count("<unknown>") >= len(unseen)


def test_validation_channel_is_used_as_it_is(tmp_path: Path) -> None:
    """With a channel of its own nothing is held out, and its words are not learned."""
    result = prepared(tmp_path, ROWS, validation="y,common unheard\n", test="x,word1 x\n")
    assert len(result.training) == 16
    assert texts(result, held_out(result)) == ["common <unknown>"]
    assert held_out(result).labels.tolist() == [1]
    assert result.test is not None
    assert texts(result, result.test) == ["word1 x"]


def test_unknown_labels_of_other_channels_are_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A label that training never saw cannot be scored; the log counts such documents."""
    rows = "a,common\ny,common\nz,common\nxx,common\n"
    result = prepared(tmp_path, ROWS, test=rows)
    assert result.test is not None
    assert result.test.documents.tolist() == [1]
    assert "3 documents of 'test' are left out" in caplog.text


def test_channel_without_a_known_label_is_refused(tmp_path: Path) -> None:
    """Validating on nothing is an error that shows both sets of labels."""
    with pytest.raises(DataError, match="no document of the channel 'validation'") as raised:
        prepared(tmp_path, ROWS, validation="z,common\n")
    assert raised.value.code == Code.LABELS_INVALID
    assert "'z'" in raised.value.remedy
    assert "'x', 'y'" in raised.value.remedy


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("x,one\nx,two\n", "all 2 training documents have the label 'x'"),
        ("a,one\nb,two\nc,three\n", "the 3 training documents have 3 labels"),
        (
            "".join(f"{'even' if n % 2 else n},text {n}\n" for n in range(22)) + "new,text\n",
            "the 23 training documents have 13 labels",
        ),
    ],
)
def test_labels_that_teach_nothing_are_refused(tmp_path: Path, rows: str, reason: str) -> None:
    """One class, or as many as documents, means that the wrong column was read."""
    with pytest.raises(DataError, match=reason) as raised:
        prepared(tmp_path, rows)
    assert raised.value.code == Code.LABELS_INVALID


def test_half_as_many_labels_as_documents_may_be_classes(tmp_path: Path) -> None:
    """Twenty documents of ten classes are few and no mistake."""
    half = "".join(f"class {n % 10},text {n}\n" for n in range(20))
    assert len(prepared(tmp_path, half).labels) == 10


def test_few_documents_may_have_many_labels(tmp_path: Path) -> None:
    """Of a dozen documents nobody could say that their labels are texts."""
    assert len(prepared(tmp_path, "".join(f"{n % 8},text\n" for n in range(12))).labels) == 8


def test_single_document_of_a_class_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is trained on, and the log says that it cannot be validated."""
    result = prepared(tmp_path, f"{ROWS}rare,one of a kind\n")
    assert result.labels == ("rare", "x", "y")
    assert 0 in result.training.labels
    assert "1 of 3 classes have one document" in caplog.text


@pytest.mark.parametrize(
    ("change", "length"),
    [({}, 3), ({"sequence_length": "7"}, 7), ({"kernel_widths": (2, 5)}, 5)],
)
def test_sequence_length_follows_the_training_part(
    tmp_path: Path, change: dict[str, object], length: int
) -> None:
    """The rule is applied to the documents trained on, and kernels fit into it."""
    parameters = PARAMETERS.model_copy(update=change)
    result = prepared(tmp_path, ROWS, parameters, validation=f"x,{'long ' * 50}\n")
    assert result.configuration.sequence_length == length
    assert result.configuration.classes == 2


def test_everything_can_be_trained_on(tmp_path: Path) -> None:
    """The vocabulary knows all words then, and there is nothing to validate on."""
    channels = Channels(
        channel(tmp_path, "train", ROWS), None, channel(tmp_path, "test", "x,common")
    )
    documents = read_documents(channels, PARAMETERS, tmp_path)
    result = documents.prepare(documents.training, None, PARAMETERS)
    assert texts(result, result.training)[:2] == ["common x word0", "common y word0"]
    assert (len(result.training), result.validation) == (16, None)
    assert str(result).startswith("16 documents to train on, 0 to validate on, 2 labels, 13 tokens")


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"id,body\n1,x\n", "no column"), (b"PK\x03\x04", "zip"), (b"label,text\n,x\n", "empty")],
)
def test_every_file_is_looked_at_before_any_channel_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, problem: str
) -> None:
    """A bad one in the last channel is told at once, not after the hours of the first."""
    channels = Channels(
        channel(tmp_path, "train", ROWS), None, channel(tmp_path, "test", "x,common\n")
    )
    (tmp_path / "test" / "b.csv").write_bytes(content)
    monkeypatch.setattr(training_documents, "intern_channel", None)
    with pytest.raises(DataError, match=problem) as error:
        read_documents(channels, PARAMETERS, tmp_path)
    assert "test/b.csv" in str(error.value.where)


def test_what_is_warned_of_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The first look is silent."""
    parameters = PARAMETERS.model_copy(update={"bad_rows": "skip"})
    prepared(tmp_path, ",no label\n" + ROWS, parameters)
    assert sum("skipped train/a.csv, line 1" in message for message in caplog.messages) == 1
