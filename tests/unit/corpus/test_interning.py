"""corpus/interning.py."""

from pathlib import Path

import numpy as np
import pytest

from text_classification.corpus import interning
from text_classification.corpus.interning import Interner
from text_classification.corpus.readers.row import Document
from text_classification.corpus.tokenizer import words

TEXTS = (
    "the bill is due and the bill is paid",
    "",
    "The policy is cancelled!",
    "...",
    "bill bill bill a policy",
    "the end",
    "",
)
DOCUMENTS = [Document(f"label {index % 3}", text) for index, text in enumerate(TEXTS)]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 16, 17])
def test_size_of_the_batches_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    """Read a few characters at a time, the corpus is the same."""

    def run(path: Path) -> tuple[tuple[bytes, ...], list[int]]:
        interner = Interner(words)
        interner.intern(DOCUMENTS, path)
        return interner.tokens, np.fromfile(path, np.int32).tolist()

    whole = run(tmp_path / "whole")
    monkeypatch.setattr(interning, "BATCH_CHARACTERS", limit)
    assert run(tmp_path / "in parts") == whole


def test_labels_and_lengths_are_kept(tmp_path: Path) -> None:
    """Each document keeps its label and its place, the empty ones too."""
    labelled = Interner(words).intern(DOCUMENTS, tmp_path / "ids")
    found = [labelled.names[number] for number in labelled.labels]
    assert found == [document.label for document in DOCUMENTS]
    assert labelled.corpus.lengths.tolist() == [len(words(text).split()) for text in TEXTS]


def test_channels_share_provisional_ids(tmp_path: Path) -> None:
    """A token has one id, in order of its first appearance in any of them."""
    interner = Interner(words)
    first = interner.intern([Document("x", "a b a")], tmp_path / "first").corpus
    second = interner.intern([Document("x", "new a b new")], tmp_path / "second").corpus
    assert first.document(0).tolist() == [0, 1, 0]
    assert second.document(0).tolist() == [2, 0, 1, 2]
    assert interner.tokens == (b"a", b"b", b"new")
