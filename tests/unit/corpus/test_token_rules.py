"""corpus/token_rules.py: the kernel cuts as the tokenizers do, bit for bit."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from text_classification.corpus.interning import Interner
from text_classification.corpus.readers.row import Document
from text_classification.corpus.tokenizer import TOKENIZERS

# What tokenizers look for, more often than chance would have it.
CHARACTERS = "aB3'\u2019!-# \t\n\x1c\x00é字ก😀\u200d\u0301\ufe0f\u20e3"
TEXTS = st.text(st.sampled_from(CHARACTERS)) | st.text()


@pytest.mark.parametrize("name", TOKENIZERS)
@given(texts=st.lists(TEXTS, max_size=6))
@example(texts=["".join(map(chr, range(128))), "".join(f"a{chr(code)}a " for code in range(128))])
@example(texts=["\ud800", "", "It's 3,5 % of the bill -- PAID!"])
def test_ids_are_those_of_the_tokenizer(
    tmp_path_factory: pytest.TempPathFactory, name: str, texts: list[str]
) -> None:
    """Every tokenizer, ASCII and not: the same tokens in the same order, and their ids."""
    path = tmp_path_factory.mktemp("ids") / "ids"
    interner = Interner(TOKENIZERS[name])
    corpus = interner.intern([Document("x", text) for text in texts], path).corpus
    known: dict[bytes, int] = {}
    for number, text in enumerate(texts):
        expected = [known.setdefault(token, len(known)) for token in TOKENIZERS[name](text).split()]
        assert corpus.document(number).tolist() == expected
    assert interner.tokens == tuple(known)
