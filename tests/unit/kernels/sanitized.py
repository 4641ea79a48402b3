"""Run kernels of a library named on the command line against the reference, 200 times."""

import sys
from pathlib import Path

import numpy as np

from tests.unit.kernels.cases import (
    Case,
    DocumentCase,
    LookUpCase,
    NgramCase,
    SvmCase,
    TableCase,
    TextCase,
    dense,
    logits,
)
from text_classification.kernels import (
    convolution,
    document_ngrams,
    document_ngrams_reference,
    library,
    linear_svm_reference,
    ngram_reference,
    reference,
)
from text_classification.kernels.arrays import Floats
from text_classification.kernels.records import split_records
from text_classification.kernels.token_ids import TokenIndex
from text_classification.kernels.token_table import TokenTable


def main() -> None:
    """Compare all kernels on random cases; a sanitizer ends the process at a fault."""
    library.library.cache_clear()
    library.library_paths = lambda: [Path(sys.argv[1])]
    compiled = library.library()
    assert compiled is not None
    assert compiled._name == sys.argv[1]
    for seed in range(200):
        _train(Case(seed))
        _serve(LookUpCase(seed, int8=seed % 2 == 0), *logits(seed))
        _encode(TextCase(seed))
        _number(TableCase(seed))
        _split(seed)
        _add_ngrams(NgramCase(seed))
        _separate(SvmCase(seed))
        _count(DocumentCase(seed))
    print("compared 200 cases")  # noqa: T201 - the test reads it


def _train(case: Case) -> None:
    best, where = convolution.pool_forward(*case.forward, threads=2)
    np.testing.assert_array_equal(best, reference.pool_forward(*case.forward)[0])
    back = (case.gradient, where, case.positions, case.offsets, case.widths)
    convolution.pool_backward(*back, case.embedded, case.kernels, threads=2)
    table = np.full(case.distinct, -1, np.int32)
    found, _ = convolution.distinct_ids(case.positions, table)
    mean, square = (np.ones_like(case.embedded) for _ in range(2))
    gradient = case.embedded[found].copy()
    constants = 0.1, 0.1, 0.1, 1e-7
    convolution.adam_rows(case.embedded, mean, square, gradient, found, *constants, threads=2)


def _serve(case: LookUpCase, scores: Floats, bias: Floats) -> None:
    features = case.look_up().features(*case.documents)
    np.testing.assert_array_equal(features, reference.look_up(*case.arguments))
    expected = reference.softmax(features @ case.dense, case.bias)
    found = case.look_up().scores(*case.documents)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-6)
    expected = reference.softmax(scores.copy(), bias)
    np.testing.assert_allclose(convolution.softmax(scores, bias), expected, rtol=1e-4, atol=1e-6)


def _encode(case: TextCase) -> None:
    encoded = TokenIndex(case.lines).encode(case.documents, case.longest, case.padding)
    text = b"".join(document + b"\n" for document in case.documents)
    expected = reference.encode_documents(
        text, reference.index_tokens(case.lines), case.longest, case.padding
    )
    found = encoded.ids, encoded.offsets, encoded.tokens, encoded.unknown_tokens
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def _number(case: TableCase) -> None:
    table = TokenTable(case.rules)
    ids, lengths = table.number(case.documents, case.chosen)
    expected, known = case.expected()
    np.testing.assert_array_equal(ids, [number for row in expected for number in row])
    np.testing.assert_array_equal(lengths, [len(row) for row in expected])
    assert table.tokens == tuple(known)
    # Such as it has no room for.
    others = b" ".join(b"%x" % number for number in range(6000))
    table.number([others, *case.documents], [0, *case.chosen])


def _split(seed: int) -> None:
    generator = np.random.default_rng(seed)
    # The record at the end is cut anywhere.
    pieces = generator.choice(['"', '""', ",", "\n", "\r\n", "\r", "\0", "a", "x,y\n"], 20)
    content = ("x,one\n" + 'y,"two"\n' + "".join(pieces)).encode()
    marks = str(generator.choice(["none", "standard", "loose"]))
    for size in range(len(content) + 1):
        # A copy: a sanitizer then sees where it ends.
        part = bytes(bytearray(content[:size]))
        places = {"width": 2, "label": 0, "text": 1}
        found = split_records(part, delimiter=",", quoting=marks, **places)
        if found and len(found.ends):
            assert found.ends[-1] == len(found.texts)
            assert found.labels.max() <= size


def _add_ngrams(case: NgramCase) -> None:
    found = case.tables.logits(*case.arguments)
    expected = ngram_reference.logits(case.tables, *case.arguments)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def _separate(case: SvmCase) -> None:
    compiled, expected = case.slice(), case.slice()
    compiled.descend(case.order(0))
    linear_svm_reference.descend(expected, case.order(0))
    np.testing.assert_allclose(compiled.weights, expected.weights, rtol=1e-3, atol=1e-4)


def _count(case: DocumentCase) -> None:
    documents, weights = case.documents, case.weights
    room = document_ngrams.room_of_a_part(documents, case.room)
    pairs = document_ngrams_reference.pair_frequencies(documents, room, document_ngrams.PARTS)
    for one, other in (
        (document_ngrams.token_frequencies, document_ngrams_reference.token_frequencies(documents)),
        (lambda each: document_ngrams.pair_frequencies(each, case.room), pairs),
    ):
        np.testing.assert_array_equal(one(documents), other)
    found = document_ngrams.features_of(documents, weights)
    expected = document_ngrams_reference.features_of(documents, weights)
    columns = weights.columns
    np.testing.assert_allclose(dense(found, columns), dense(expected, columns), rtol=1e-5)
