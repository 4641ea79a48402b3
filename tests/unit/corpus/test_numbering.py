"""corpus/numbering.py."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from text_classification.corpus.encoded import EncodedCorpus
from text_classification.corpus.interning import Interner
from text_classification.corpus.numbering import Numbering, number_tokens
from text_classification.corpus.readers.row import Document
from text_classification.corpus.tokenizer import whitespace


def numbered(
    path: Path,
    texts: Sequence[str],
    chosen: Sequence[int] | None = None,
    *,
    max_tokens: int = 100,
    min_count: int = 1,
) -> tuple[Numbering, EncodedCorpus]:
    """Return the numbering by the chosen texts, all by default, and the corpus read by it."""
    interner = Interner(whitespace)
    corpus = interner.intern((Document("x", text) for text in texts), path / "ids").corpus
    documents = np.array(range(len(texts)) if chosen is None else chosen, np.int64)
    numbering = number_tokens(
        interner.tokens, corpus, documents, max_tokens=max_tokens, min_count=min_count
    )
    return numbering, corpus.renumbered(numbering.numbers)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.lists(st.sampled_from("abcdefg")).map(" ".join)),
    min_count=st.integers(1, 3),
    max_tokens=st.integers(1, 8),
)
def test_final_ids_are_those_of_a_naive_encoding(
    tmp_path: Path, texts: list[str], min_count: int, max_tokens: int
) -> None:
    """Renumbering gives what encoding each text with the vocabulary gives."""
    numbering, corpus = numbered(tmp_path, texts, min_count=min_count, max_tokens=max_tokens)
    naive = [
        numbering.vocabulary.encode([whitespace(text)], longest=len(text) + 1).ids.tolist()
        for text in texts
    ]
    assert [corpus.document(index).tolist() for index in range(len(corpus))] == naive


def test_vocabulary_is_in_order_of_frequency(tmp_path: Path) -> None:
    """The most frequent token first; equal ones in order of appearance; rare ones left out."""

    def tokens(max_tokens: int, min_count: int) -> str:
        texts = ["c b b a a d d d e"]
        numbering, _ = numbered(tmp_path, texts, max_tokens=max_tokens, min_count=min_count)
        return b"".join(numbering.vocabulary.tokens).decode()

    assert tokens(100, 1) == "dbace"
    assert tokens(100, 2) == "dba"
    assert tokens(2, 1) == "db"
    assert tokens(100, 4) == ""


def test_tokens_of_an_earlier_vocabulary_come_first(tmp_path: Path) -> None:
    """In their order, whether they occur or not; others follow as far as there is room."""
    interner = Interner(whitespace)
    documents = [Document("x", "c b b a a d d d e")]
    corpus = interner.intern(documents, tmp_path / "ids").corpus

    def read(max_tokens: int) -> tuple[str, list[int]]:
        first, one = [b"z", b"a", b"e"], np.arange(1)
        numbering = number_tokens(
            interner.tokens, corpus, one, max_tokens=max_tokens, min_count=2, first=first
        )
        tokens = b"".join(numbering.vocabulary.tokens).decode()
        return tokens, corpus.renumbered(numbering.numbers).document(0).tolist()

    assert read(100) == ("zaedb", [1, 6, 6, 3, 3, 5, 5, 5, 4])
    assert read(4) == ("zaed", [1, 1, 1, 3, 3, 5, 5, 5, 4])
    assert read(2) == ("za", [1, 1, 1, 3, 3, 1, 1, 1, 1])


def test_tokens_that_come_next_are_beyond_the_vocabulary(tmp_path: Path) -> None:
    """They have no id, in the order of their frequency; rare ones are left out there too."""
    interner = Interner(whitespace)
    corpus = interner.intern([Document("x", "c b b a a d d d e e")], tmp_path / "ids").corpus
    found = number_tokens(
        interner.tokens, corpus, np.arange(1), max_tokens=2, min_count=2, most_beyond=9
    )
    assert (found.vocabulary.tokens, found.beyond) == ((b"d", b"b"), (b"a", b"e"))
    assert corpus.renumbered(found.numbers).document(0).tolist() == [1, 3, 3, 1, 1, 2, 2, 2, 1, 1]


def test_vocabulary_is_drawn_from_the_chosen_documents_alone(tmp_path: Path) -> None:
    """Words of other documents have no say, however frequent, and are unknown where they stand."""
    numbering, corpus = numbered(tmp_path, ["a b", "c c b", "b"], chosen=[0, 2])
    assert numbering.vocabulary.tokens == (b"b", b"a")
    assert corpus.document(1).tolist() == [1, 1, 2]


def test_one_corpus_is_read_by_several_numberings(tmp_path: Path) -> None:
    """What is on disk stays as it is: each fold reads it in its own ids."""
    interner = Interner(whitespace)
    path = tmp_path / "ids"
    corpus = interner.intern([Document("x", "a b b"), Document("x", "b a a")], path).corpus
    before = path.read_bytes()
    first, second = (
        corpus.renumbered(
            number_tokens(
                interner.tokens, corpus, np.array([chosen]), max_tokens=9, min_count=1
            ).numbers
        )
        for chosen in (0, 1)
    )
    assert first.document(0).tolist() == second.document(1).tolist() == [3, 2, 2]
    assert path.read_bytes() == before


def test_half_a_surrogate_pair_is_no_word(tmp_path: Path) -> None:
    """A token that no file can hold is left to the unknown ones."""
    numbering, corpus = numbered(tmp_path, ["\ud800 good \ud800"])
    assert numbering.vocabulary.tokens == (b"good",)
    assert corpus.document(0).tolist() == [1, 2, 1]
