"""linear_svm.c: held to its reference and to scikit-learn's LinearSVC."""

from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sklearn.svm import LinearSVC

from tests.unit.helpers import without_compiled_kernels
from tests.unit.kernels.cases import SvmCase
from text_classification.kernels import linear_svm_reference
from text_classification.kernels.arrays import Ids, Reals
from text_classification.kernels.linear_svm import MOST_CLASSES, SvmSlice, count_classes, rows


@pytest.mark.parametrize("seed", range(60))
def test_a_pass_is_that_of_the_reference(seed: int) -> None:
    """For any number of classes of a slice, with scales and without."""
    case = SvmCase(seed)
    compiled, expected = case.slice(), case.slice()
    for turn in range(3):
        moved, worst = compiled.descend(case.order(turn))
        wanted, largest = linear_svm_reference.descend(expected, case.order(turn))
        assert set(moved.tolist()) <= set(range(case.documents))
        assert moved.tolist() == wanted.tolist()
        assert worst == pytest.approx(largest, rel=1e-3, abs=1e-4)
    for name in ("weights", "biases", "duals"):
        found, other = getattr(compiled, name), getattr(expected, name)
        np.testing.assert_allclose(found, other, rtol=1e-3, atol=1e-4)


def separable(classes: int, seed: int) -> tuple[sparse.csr_array, Ids]:
    """Return 200 documents of 50 features each, and labels that some of these tell."""
    generator = np.random.default_rng(seed)
    labels: Ids = generator.integers(0, classes, 200).astype(np.int32)
    dense = generator.random((200, 50)) * (generator.random((200, 50)) < 0.2)
    dense[np.arange(200), labels % 50] += 0.5
    return sparse.csr_array(dense / np.linalg.norm(dense, axis=1, keepdims=True)), labels


@pytest.mark.parametrize("classes", [1, 3, 16])
@pytest.mark.parametrize("cost", [0.1, 1.0])
def test_the_weights_are_those_of_linear_svc(classes: int, cost: float) -> None:
    """Of each class against the others, however many are trained together."""
    features, labels = separable(max(classes, 2), classes)
    machines = slice_of(features, labels, classes, cost=cost)
    settle(machines)
    for index in range(classes):
        model = LinearSVC(C=cost, tol=1e-6, max_iter=10_000, dual=True)
        model.fit(features.toarray(), labels == index)
        np.testing.assert_allclose(machines.weights[:, index], model.coef_[0], atol=1e-3)
        assert machines.biases[index] == pytest.approx(model.intercept_[0], abs=1e-3)


def test_scales_are_those_of_the_features() -> None:
    """Weights of scaled features, taken back to the features as they are."""
    features, labels = separable(2, 0)
    scales: Reals = np.random.default_rng(0).uniform(0.5, 2, 50)
    squares = rows(50, 1)
    squares[:, 0] = scales**2
    machines = SvmSlice(
        *parts(features),
        (labels == 1).astype(np.int32) - 1,
        (50, 1),
        cost=1.0,
        scales=squares,
    )
    settle(machines)
    model = LinearSVC(C=1.0, tol=1e-6, max_iter=10_000, dual=True)
    model.fit(features.toarray() * scales, labels == 1)
    np.testing.assert_allclose(machines.weights[:, 0], model.coef_[0] * scales, atol=1e-3)


def parts(features: sparse.csr_array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    kinds = np.float32, np.int32, np.int64
    arrays = features.data, features.indices, features.indptr
    one, two, three = (each.astype(kind) for each, kind in zip(arrays, kinds, strict=True))
    return one, two, three


def slice_of(features: sparse.csr_array, labels: Ids, classes: int, *, cost: float) -> SvmSlice:
    return SvmSlice(*parts(features), labels, (features.shape[1], classes), cost=cost)


def settle(machines: SvmSlice) -> None:
    """Take steps until nothing more than rounding is left to gain."""
    everything = np.arange(len(machines.labels), dtype=np.int32)
    generator = np.random.default_rng(0)
    for _ in range(2000):
        if machines.descend(generator.permutation(everything))[1] < 1e-4:
            return
    raise AssertionError("it does not settle")


@pytest.mark.parametrize(
    "change",
    [
        {"offsets": np.array([0, 2], np.int64)},
        {"offsets": np.array([0, 4, 2, 3], np.int64)},
        {"offsets": np.array([], np.int64)},
        {"features": np.array([0, 1, 5], np.int32)},
        {"features": np.array([0, -1, 2], np.int32)},
        {"values": np.ones(2, np.float32)},
        {"values": np.ones(3, np.float64)},
        {"labels": np.zeros(4, np.int32)},
        {"shape": (5, 0)},
        {"shape": (5, MOST_CLASSES + 1)},
        {"scales": rows(5, 3)},
        {"scales": np.ones((5, 3), np.float32)[:, :2]},
        {"start": (rows(4, 2), np.zeros(2, np.float32))},
        {"start": (rows(5, 2), np.zeros(1, np.float32))},
        {"start": (np.zeros((2, 5), np.float32).T, np.zeros(2, np.float32))},
    ],
    ids=str,
)
def test_what_does_not_fit_together_is_refused(change: dict[str, Any]) -> None:
    """Before C reads any of it."""
    given: dict[str, Any] = {
        "values": np.ones(3, np.float32),
        "features": np.array([0, 1, 4], np.int32),
        "offsets": np.array([0, 1, 1, 3], np.int64),
        "labels": np.zeros(3, np.int32),
        "shape": (5, 2),
        "scales": None,
        "cost": 1.0,
    }
    SvmSlice(**given)
    with pytest.raises(ValueError, match=r"fit|not in|classes|contiguous|rows"):
        SvmSlice(**{**given, **change})


@pytest.mark.parametrize("wrong", [[0, 3], [-1]])
def test_a_document_that_is_not_there_is_refused(wrong: list[int]) -> None:
    """An order of documents is checked like all that C goes by."""
    machines = SvmSlice(
        np.ones(3, np.float32),
        np.array([0, 1, 4], np.int32),
        np.array([0, 1, 1, 3], np.int64),
        np.zeros(3, np.int32),
        (5, 2),
        cost=1.0,
    )
    with pytest.raises(ValueError, match="not in"):
        machines.descend(np.array(wrong, np.int32))


def test_documents_go_on_from_the_weights_that_others_led_to() -> None:
    """As a block of documents does after another; the weights that were given are changed."""
    features, labels = separable(3, 0)
    first = slice_of(features[:100], labels[:100], 3, cost=1.0)
    settle(first)
    before = first.weights.copy()
    second = SvmSlice(
        *parts(features[100:]),
        labels[100:],
        (50, 3),
        cost=1.0,
        start=(first.weights, first.biases),
    )
    settle(second)
    assert second.weights is first.weights
    assert np.abs(second.weights - before).max() > 0.01
    right = (features @ second.weights + second.biases).argmax(axis=1) == labels
    alone = (features @ before + first.biases).argmax(axis=1) == labels
    assert right[100:].mean() > alone[100:].mean()


@pytest.mark.parametrize("compiled", [True, False])
def test_documents_of_each_class_are_counted(*, compiled: bool) -> None:
    """Those of other classes are in no column, and what was counted before stays."""
    counts = rows(4, 3)
    counts[0, 0] = 7
    arguments = (
        np.array([0, 1, 0, 3, 2], np.int32),
        np.array([0, 2, 4, 4, 5], np.int64),
        np.array([0, 2, 1, 3], np.int32),
        counts,
    )
    if compiled:
        count_classes(*arguments)
    else:
        with without_compiled_kernels():
            count_classes(*arguments)
    assert counts.tolist() == [[8, 0, 1], [1, 0, 0], [0, 0, 0], [0, 0, 1]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"features": np.array([0, 1, 4], np.int32)},
        {"offsets": np.array([0, 2], np.int64)},
        {"labels": np.zeros(1, np.int32)},
        {"counts": np.zeros((4, 3), np.float32)},
    ],
    ids=str,
)
def test_counts_that_do_not_fit_are_refused(wrong: dict[str, Any]) -> None:
    """Before C writes any of them."""
    given: dict[str, Any] = {
        "features": np.array([0, 1, 3], np.int32),
        "offsets": np.array([0, 2, 3], np.int64),
        "labels": np.zeros(2, np.int32),
        "counts": rows(4, 3),
    }
    count_classes(**given)
    with pytest.raises(ValueError, match=r"fit|not in|rows"):
        count_classes(**{**given, **wrong})
