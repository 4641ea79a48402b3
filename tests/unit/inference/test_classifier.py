"""inference/classifier.py: from texts to scores, and to the reasons for them."""

import multiprocessing
import os
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.exhaustive import examples
from tests.unit.helpers import (
    VOCABULARY,
    WORDS,
    kim_of,
    pooled_artifact,
    random_artifact,
    random_further,
    random_ngrams,
    stacked_artifact,
    without_compiled_kernels,
)
from tests.unit.inference.models import (
    CONFIGURATIONS,
    DOCUMENTS,
    SEEDS,
    artifact_of,
    classifier_of,
    dense_logits,
    exact_weights,
)
from text_classification.artifact import Artifact
from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.kim.network import KimNetwork
from text_classification.corpus.tokenizer import TOKENIZERS
from text_classification.inference import classifier as module
from text_classification.inference.classifier import Classifier, Scores, _slices
from text_classification.kernels.arrays import Floats, Ids, Indices

TEXTS = [" ".join((WORDS * 3)[number : 2 * number + number % 7]) for number in range(60)] * 4


def dense_reference(artifact: Artifact, text: str) -> npt.NDArray[np.float64]:
    """Return the scores of a text by the definition of the network."""
    tokens = TOKENIZERS[artifact.tokenizer](text).split()
    known = {token: number for number, token in enumerate(artifact.vocabulary.tokens, 2)}
    ids = [known.get(token, 1) for token in tokens]
    logits = dense_logits(kim_of(artifact), artifact.weights, ids)
    exponents = np.exp(logits - logits.max())
    return np.asarray(exponents / exponents.sum())


def logits_of(classifier: Classifier, text: str) -> Floats:
    """Return the logits of a text as the classifier's own network has them."""
    encoded = classifier._encode([TOKENIZERS["words"](text)])
    logits: Floats = classifier._network.logits(encoded.ids, encoded.offsets)[0]
    return logits


def equal(one: Scores, other: Scores, *, rounding: float = 0) -> bool:
    """Tell whether two results agree, their probabilities to rounding."""
    assert one.probabilities.shape == other.probabilities.shape
    return (
        bool((np.abs(one.probabilities - other.probabilities) <= rounding).all())
        and one.tokens.tolist() == other.tokens.tolist()
        and one.unknown_tokens.tolist() == other.unknown_tokens.tolist()
    )


@settings(max_examples=examples(300))
@given(CONFIGURATIONS, DOCUMENTS, SEEDS)
def test_scores_are_those_of_the_drawn_network(
    configuration: KimConfiguration, tokens: list[str], seed: int
) -> None:
    """Documents longer and shorter than the sequence and the kernels: the same to 1e-5."""
    artifact = artifact_of(configuration, seed)
    text = " ".join(tokens)
    scores = Classifier(artifact).classify([text])
    np.testing.assert_allclose(
        scores.probabilities, [dense_reference(artifact, text)], rtol=0, atol=1e-5
    )
    assert scores.probabilities.dtype == np.float32
    assert scores.tokens.tolist() == [len(tokens)]
    assert scores.unknown_tokens.tolist() == [tokens.count("unheard")]


@given(CONFIGURATIONS, DOCUMENTS, SEEDS)
def test_int8_tables_answer_nearly_as_float32(
    configuration: KimConfiguration, tokens: list[str], seed: int
) -> None:
    """No logit is farther off than half a step for each token of each window allows.

    So a class that leads by more than twice that stays in the lead.
    """
    plain, quantized = (artifact_of(configuration, seed, int8=int8) for int8 in (False, True))
    assert quantized.scales is not None
    steps = np.repeat(configuration.kernel_widths, configuration.filters) * quantized.scales / 2
    reach = steps @ np.abs(plain.weights["dense.kernel"]) * 1.001 + 1e-4
    before, after = (logits_of(Classifier(each), " ".join(tokens)) for each in (plain, quantized))
    assert (np.abs(after - before) <= reach).all()
    if (np.delete(before + reach, before.argmax()) < (before - reach).max()).all():
        assert after.argmax() == before.argmax()


@pytest.mark.parametrize("length", [3, 8])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7, 8, 9, 30])
def test_every_length_of_document_is_scored(length: int, count: int) -> None:
    """Around the widths of the kernels (1 to 3) and the sequence length nothing is off by one."""
    artifact = random_artifact(sequence_length=length)
    text = " ".join((WORDS * 2)[:count])
    scores = Classifier(artifact).classify([text])
    expected = [dense_reference(artifact, text)]
    np.testing.assert_allclose(scores.probabilities, expected, rtol=0, atol=1e-5)


def test_sequence_much_longer_than_the_document_is_scored() -> None:
    """Windows of padding alone count, though only one of them is computed."""
    artifact = random_artifact(sequence_length=200)
    scores = Classifier(artifact).classify(["bad bill"])
    expected = [dense_reference(artifact, "bad bill")]
    np.testing.assert_allclose(scores.probabilities, expected, rtol=0, atol=1e-5)


def test_words_behind_the_sequence_length_change_nothing() -> None:
    """They are counted, but not read."""
    scores = Classifier(random_artifact(sequence_length=3)).classify(
        ["the bill good", "the bill good bad awful never"]
    )
    assert np.array_equal(scores.probabilities[0], scores.probabilities[1])
    assert (scores.tokens.tolist(), scores.unknown_tokens.tolist()) == ([3, 6], [0, 1])


@pytest.mark.parametrize("int8", [True, False])
@pytest.mark.parametrize("rows", [None, 3])
def test_documents_are_scored_each_for_itself(rows: int | None, *, int8: bool) -> None:
    """A batch gives the scores that its documents get alone, in its order, to rounding."""
    classifier = classifier_of(random_artifact(int8=int8), rows=rows)
    together = classifier.classify(TEXTS)
    assert len(together) == len(TEXTS)
    alone = [classifier.classify([text]) for text in TEXTS]
    one_by_one = Scores(
        np.concatenate([each.probabilities for each in alone]),
        np.concatenate([each.tokens for each in alone]),
        np.concatenate([each.unknown_tokens for each in alone]),
    )
    assert equal(together, one_by_one, rounding=1e-6)


def test_no_documents_have_no_scores() -> None:
    """An empty batch is answered with an empty result of the right width."""
    scores = Classifier(random_artifact(), threads=3).classify([])
    assert len(scores) == 0
    assert scores.probabilities.shape == (0, 3)


@pytest.mark.parametrize("int8", [True, False])
def test_threads_do_not_change_the_scores(monkeypatch: pytest.MonkeyPatch, *, int8: bool) -> None:
    """Three threads share 240 documents, and come to what one thread comes to, to rounding."""
    shared: list[int] = []
    probabilities = KimNetwork.probabilities

    def noted(self: KimNetwork, ids: Ids, offsets: Indices) -> Floats:
        shared.append(len(offsets) - 1)
        return probabilities(self, ids, offsets)

    monkeypatch.setattr(KimNetwork, "probabilities", noted)
    one, three = (
        classifier_of(random_artifact(int8=int8), threads=count).classify(TEXTS) for count in (1, 3)
    )
    assert equal(one, three, rounding=1e-6)
    assert sorted(shared) == [80, 80, 80, 240]


def test_few_documents_are_not_worth_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """A single request stays on its own thread; more documents get more threads."""
    asked: list[int] = []

    def noted(_work: object, _total: int, threads: int) -> None:
        asked.append(threads)

    monkeypatch.setattr(module, "each_part", noted)
    classifier = Classifier(random_artifact(), threads=4)
    for count in (0, 1, 2, 32, 33, 64, 65, 1000):
        classifier.classify([""] * count)
    # One document alone is not even shared out.
    assert asked == [1, 1, 1, 2, 2, 3, 4]


@pytest.mark.parametrize("characters", [1, 20, 100, 10**9])
def test_slices_do_not_change_the_scores(monkeypatch: pytest.MonkeyPatch, characters: int) -> None:
    """However few characters are classified at a time."""
    classifier = Classifier(random_artifact(int8=True), threads=2)
    whole = classifier.classify(TEXTS)
    monkeypatch.setattr(module, "SLICE_CHARACTERS", characters)
    assert equal(classifier.classify(TEXTS), whole, rounding=1e-6)


@given(st.lists(st.text(max_size=6)), st.integers(1, 12), st.data())
def test_slices_make_up_the_whole(texts: list[str], characters: int, data: st.DataObject) -> None:
    """Each holds a text at least, and no text more than it takes to have so many characters."""
    first = data.draw(st.integers(0, len(texts)))
    last = data.draw(st.integers(first, len(texts)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SLICE_CHARACTERS", characters)
        slices = list(_slices(texts, first, last))
    assert [n for each in slices for n in range(each.start, each.stop)] == list(range(first, last))
    for each in slices:
        sizes = [len(text) for text in texts[each]]
        assert sizes
        assert sum(sizes[:-1]) < characters
    for each in slices[:-1]:
        assert sum(len(text) for text in texts[each]) >= characters


@given(CONFIGURATIONS, st.lists(DOCUMENTS, max_size=4), SEEDS, st.integers(1, 6), st.booleans())
def test_tokens_without_a_row_do_not_change_the_scores(
    configuration: KimConfiguration,
    documents: list[list[str]],
    seed: int,
    rows: int,
    int8: bool,  # noqa: FBT001 - drawn
) -> None:
    """Rows that are computed when tokens occur give the same scores, to the bit."""
    artifact = replace(
        artifact_of(configuration, seed),
        weights=exact_weights(configuration, seed),
        scales=np.full(configuration.features, 0.125, np.float32) if int8 else None,
    )
    texts = [" ".join(tokens) for tokens in documents]
    whole, small = (classifier_of(artifact, rows=each).classify(texts) for each in (None, rows))
    assert equal(whole, small)


@pytest.mark.parametrize("int8", [True, False])
@pytest.mark.parametrize("rows", [None, 3])
def test_without_a_compiler_the_scores_are_the_same(rows: int | None, *, int8: bool) -> None:
    """The reference stands in for every kernel, to rounding; reasons too."""
    model = random_artifact(int8=int8)
    compiled = classifier_of(model, rows=rows)
    with without_compiled_kernels():
        vocabulary = type(VOCABULARY).of(VOCABULARY.tokens)
        by_reference = classifier_of(replace(model, vocabulary=vocabulary), rows=rows)
        scores = by_reference.classify(TEXTS[:70])
        reasons = by_reference.explain(TEXTS[9], "good")
    assert equal(scores, compiled.classify(TEXTS[:70]), rounding=1e-6)
    expected = compiled.explain(TEXTS[9], "good")
    np.testing.assert_allclose(reasons.values, expected.values, atol=1e-5)
    assert reasons.tokens == expected.tokens


def test_large_weights_do_not_overflow() -> None:
    """Logits beyond the range of the exponential function give certainty, not NaN."""
    artifact = random_artifact()
    weights = {name: array * 1000 for name, array in artifact.weights.items()}
    scores = Classifier(replace(artifact, weights=weights)).classify(["good bad fine"])
    assert scores.probabilities.max() == pytest.approx(1)
    assert scores.probabilities.sum() == pytest.approx(1)


def test_tokenizer_is_the_artifacts() -> None:
    """A model that was trained on tokens as they stand reads them as they stand."""
    artifact = random_artifact()
    words, whitespace = (
        Classifier(replace(artifact, tokenizer=name)).classify(["Good, bad."])
        for name in ("words", "whitespace")
    )
    assert (words.unknown_tokens.tolist(), whitespace.unknown_tokens.tolist()) == ([0], [2])


@pytest.mark.parametrize("tokenizer", TOKENIZERS)
def test_any_text_is_scored_and_explained(tokenizer: str) -> None:
    """Half surrogate pairs, line breaks, nothing but spaces: scores that sum to 1, and reasons."""
    classifier = Classifier(replace(random_artifact(), tokenizer=tokenizer))
    texts = ["\ud800 good", "good\nbad\r\n", " \t ", "\0", "東京 bill", "\u2028\x1c\x85"]
    scores = classifier.classify(texts)
    np.testing.assert_allclose(scores.probabilities.sum(axis=1), 1, rtol=1e-6)
    for text, tokens in zip(texts, scores.tokens.tolist(), strict=True):
        assert len(classifier.explain(text, "good").tokens) == tokens


@given(CONFIGURATIONS, DOCUMENTS, SEEDS, st.booleans(), st.sampled_from([None, 1, 5]))
def test_reasons_sum_to_the_logit(
    configuration: KimConfiguration,
    tokens: list[str],
    seed: int,
    int8: bool,  # noqa: FBT001 - drawn
    rows: int | None,
) -> None:
    """For every class: the numbers of the tokens that are read, and the constant."""
    classifier = classifier_of(artifact_of(configuration, seed, int8=int8), rows=rows)
    text = " ".join(tokens)
    for label, logit in zip(classifier.labels, logits_of(classifier, text).tolist(), strict=True):
        reasons = classifier.explain(text, label)
        assert reasons.label == label
        assert reasons.tokens == tuple(tokens[: configuration.sequence_length])
        assert reasons.values.shape == (len(reasons.tokens),)
        assert reasons.values.sum() + reasons.constant == pytest.approx(logit, rel=1e-5, abs=1e-4)


@pytest.mark.parametrize("count", range(15))
def test_reasons_name_the_tokens_that_are_read(count: int) -> None:
    """As the tokenizer cuts them: none, fewer than the sequence of 8, as many, more."""
    words = [f"Wörd{number}!" for number in range(count)]
    reasons = Classifier(random_artifact()).explain("\n".join(words), "bad")
    assert reasons.tokens == tuple(f"wörd{number}" for number in range(min(count, 8)))
    assert len(reasons.values) == len(reasons.tokens)


def test_reasons_of_a_token_are_what_changes_without_it() -> None:
    """By hand: one filter of width 1, so the logit is bias + share * max(embedding + bias)."""
    configuration = KimConfiguration(len(VOCABULARY), 4, 2, 1, (1,), 1, 0.5)
    weights = {
        "embedding": np.arange(len(VOCABULARY), dtype=np.float32)[:, None],
        "convolution_1.kernel": np.ones((1, 1, 1), np.float32),
        "convolution_1.bias": np.array([0.5], np.float32),
        "dense.kernel": np.array([[2, -3]], np.float32),
        "dense.bias": np.array([10, 20], np.float32),
    }
    model = Artifact(configuration, "words", ("for", "against"), VOCABULARY, weights)
    text = f"{WORDS[0]} {WORDS[2]} {WORDS[1]}"  # with the embeddings 2, 4 and 3
    speaks_for, against = (Classifier(model).explain(text, label) for label in model.labels)
    assert (speaks_for.values.tolist(), speaks_for.constant) == ([0, 8, 0], 11)
    assert (against.values.tolist(), against.constant) == ([0, -12, 0], 18.5)


@given(st.lists(st.sampled_from([*WORDS[:6], "goody", "zzz", "rare"]), max_size=20), SEEDS)
@pytest.mark.parametrize("further", [b"", b"rare\nzz\n"])
def test_ngrams_are_added_to_the_logits_and_explained(
    further: bytes, tokens: list[str], seed: int
) -> None:
    """All tokens count, those that the network does not read too; the numbers sum to the logits.

    N-grams may have words of their own, which the network does not know.
    """
    network = random_artifact(seed, sequence_length=4)
    ngrams = random_ngrams(seed, further=further)
    text = " ".join(tokens)
    document = text.encode()
    encoded = VOCABULARY.followed_by(further).encode([document], longest=99)
    assert encoded.unknown_tokens[0] == sum(
        tokens.count(word) for word in ("goody", "zzz", "rare") if word.encode() not in further
    )
    logits = logits_of(Classifier(network), text)
    logits += ngrams.logits([document], encoded.ids, encoded.offsets)[0]
    classifier = Classifier(replace(network, ngrams=ngrams))
    exponents = np.exp(logits - logits.max())
    scores = classifier.classify([text]).probabilities[0]
    np.testing.assert_allclose(scores, exponents / exponents.sum(), atol=1e-6)
    for label, logit in zip(classifier.labels, logits, strict=True):
        found = classifier.explain(text, label)
        assert found.tokens == tuple(tokens)
        assert found.values.sum() + found.constant == pytest.approx(logit, rel=1e-4, abs=1e-4)


def with_vocabulary(model: Artifact) -> Artifact:
    """Return a model whose vocabulary has the further words of another."""
    assert model.further is not None
    words, weights = model.words, model.further.added_to(model.weights)
    shape = replace(model.configuration, vocabulary_size=len(words))
    return replace(model, configuration=shape, vocabulary=words, weights=weights, further=None)


@pytest.mark.parametrize("size", [6, 2])
@pytest.mark.parametrize(
    "model",
    [random_artifact(), random_artifact(int8=True), pooled_artifact(), stacked_artifact()],
    ids=["kim", "int8", "pooled", "stacked"],
)
def test_further_words_are_read_as_those_of_the_vocabulary(model: Artifact, size: int) -> None:
    """Scores, reasons and what is unknown; several networks side by side have the vectors each."""
    model = replace(model, further=random_further(size=size))
    texts = ["good goody bad bills", "bills unheard", "goody goody the policy is late", ""]
    classifier, expected = Classifier(model), Classifier(with_vocabulary(model))
    found = classifier.classify(texts)
    assert equal(found, expected.classify(texts))
    assert found.unknown_tokens.tolist() == [0, 1, 0, 0]
    for text in texts[:3]:
        reasons = classifier.explain(text, model.labels[0])
        logit = logits_of(classifier, text)[0]
        assert reasons.tokens == tuple(text.split())
        assert reasons.values.sum() + reasons.constant == pytest.approx(logit, abs=1e-4)
        assert np.array_equal(reasons.values, expected.explain(text, model.labels[0]).values)


@pytest.mark.parametrize("rows", [1, len(VOCABULARY), len(VOCABULARY) + 1])
def test_further_words_need_no_rows_in_the_tables(rows: int) -> None:
    """Those that the tables have no room for are projected when they occur."""
    model = replace(random_artifact(int8=True), further=random_further())
    classifier = Classifier(model)
    texts = ["good goody bad bills", "bills unheard"]
    expected = classifier.classify(texts)
    whole = with_vocabulary(model)
    classifier._network = classifier_of(whole, rows=rows)._network
    assert equal(classifier.classify(texts), expected, rounding=1e-6)


def test_network_and_ngrams_share_further_words() -> None:
    """One list and one numbering: the logits of both are added."""
    further = random_further()
    model = replace(random_artifact(), further=further)
    ngrams = random_ngrams(further=further.lines)
    both, text = Classifier(replace(model, ngrams=ngrams)), "goody bad bills"
    encoded = model.words.encode([text.encode()], longest=9)
    logits = logits_of(both, text) + ngrams.logits([text.encode()], encoded.ids, encoded.offsets)[0]
    exponents = np.exp(logits - logits.max())
    scores = both.classify([text]).probabilities[0]
    np.testing.assert_allclose(scores, exponents / exponents.sum(), atol=1e-6)
    for label, logit in zip(both.labels, logits.tolist(), strict=True):
        found = both.explain(text, label)
        assert found.values.sum() + found.constant == pytest.approx(logit, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("label", ["", "Good", "good ", "neutral"])
def test_unknown_label_has_no_reasons(label: str) -> None:
    """The caller is told, rather than given those of another class."""
    with pytest.raises(ValueError, match=r"\w"):
        Classifier(random_artifact()).explain("good", label)


def _classify_in_child(classifier: Classifier, expected: Scores) -> None:
    os._exit(0 if equal(classifier.classify(TEXTS), expected) else 1)


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
@pytest.mark.parametrize("int8", [True, False])
def test_forked_child_classifies_after_its_parent_did(*, int8: bool) -> None:
    """As gunicorn's workers do, on the memory of the parent and threads of their own."""
    classifier = Classifier(random_artifact(int8=int8), threads=3)
    scores = classifier.classify(TEXTS)
    child = multiprocessing.get_context("fork").Process(
        target=_classify_in_child, args=(classifier, scores)
    )
    child.start()
    child.join(30)
    assert child.exitcode == 0
