"""kernels/token_table.py: tokens are cut by rules and numbered in order of appearance."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.helpers import without_compiled_kernels
from tests.unit.kernels.cases import TableCase
from text_classification.kernels.arrays import Rules
from text_classification.kernels.token_table import TokenTable
from text_classification.kernels.token_table_reference import ALONE, GAP, GONE

# Few kinds of bytes, so that tokens meet, and all of those that rules treat in a way of their own.
ALIKE = st.text("abA '!\t\n\0é", max_size=12).map(str.encode)
ANY = st.binary(max_size=30)
DOCUMENTS = st.lists(st.tuples(ALIKE | ANY, st.integers(0, 1)), max_size=12)


def rules() -> Rules:
    """Return rules of each kind: A is a, spaces part, apostrophes go, ! stands alone; or none."""
    made = np.tile(np.arange(256, dtype=np.uint16), (2, 1))
    made[:, list(b" \t\n")] = GAP
    made[0, ord("A")], made[0, ord("'")], made[0, ord("!")] = ord("a"), GONE, ALONE | ord("!")
    return made


def numbered(
    documents: list[tuple[bytes, int]], calls: int
) -> tuple[list[int], list[int], tuple[bytes, ...]]:
    """Number documents in some calls; return ids and lengths of all, and the tokens."""
    table = TokenTable(rules())
    ids, lengths = [], []
    for call in range(calls):
        part = documents[call::calls]
        found, counts = table.number([text for text, _ in part], [rule for _, rule in part])
        ids += found.tolist()
        lengths += counts.tolist()
    assert len(table) == len(table.tokens)
    return ids, lengths, table.tokens


@given(DOCUMENTS, st.integers(1, 4))
@example([], 1)
@example([(b"", 0), (b"  '", 0), (b"!!", 0), (b"a'", 0), (b"'a", 1)], 1)
def test_documents_get_the_numbers_that_the_twin_gives(
    documents: list[tuple[bytes, int]], calls: int
) -> None:
    """Any bytes, by either of the rules, in one call or several."""
    with without_compiled_kernels():
        expected = numbered(documents, calls)
    assert numbered(documents, calls) == expected


@given(st.integers(0, 2**32 - 1))
def test_any_rules_give_the_numbers_that_the_twin_gives(seed: int) -> None:
    """Rules that were drawn, as no tokenizer has them, and documents of several batches."""
    case = TableCase(seed)
    table = TokenTable(case.rules)
    ids, lengths = table.number(case.documents, case.chosen)
    expected, known = case.expected()
    assert ids.tolist() == [number for row in expected for number in row]
    assert lengths.tolist() == [len(row) for row in expected]
    assert table.tokens == tuple(known)


def test_table_grows_in_the_middle_of_a_document() -> None:
    """100,000 tokens, more than there is room for at first, are numbered one after the other."""
    tokens = [b"%x" % (number * 7919) for number in range(100_000)]
    table = TokenTable(rules())
    ids, lengths = table.number([b" ".join(tokens), b" ".join(reversed(tokens))], [1, 1])
    assert np.array_equal(ids, [*range(100_000), *range(99_999, -1, -1)])
    assert lengths.tolist() == [100_000, 100_000]
    assert table.tokens == tuple(tokens)


def test_long_tokens_find_room() -> None:
    """A token of a megabyte is one token, and so is one that differs in its last byte."""
    long = b"a" * (1 << 20)
    table = TokenTable(rules())
    ids, _ = table.number([long + b" b " + long + b"c", b"b " + long], [0, 1])
    assert ids.tolist() == [0, 1, 2, 1, 0]
    assert table.tokens == (long, b"b", long + b"c")


@pytest.mark.parametrize("chosen", [[0], [0, 2], [0, 0, 0]])
def test_wrong_choice_of_rules_is_refused(chosen: list[int]) -> None:
    """C would read rules that are not there, or documents that are not."""
    with pytest.raises(ValueError, match="rule 0 or 1"):
        TokenTable(rules()).number([b"a", b"b"], chosen)


def test_rules_that_keep_a_line_break_are_refused() -> None:
    """The tokens are kept a line each."""
    keeping = rules()
    keeping[1, ord("\n")] = ord("\n")
    with pytest.raises(ValueError, match="line break"):
        TokenTable(keeping)
    with pytest.raises(ValueError, match="two rows"):
        TokenTable(rules()[:1])
