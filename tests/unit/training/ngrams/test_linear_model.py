"""training/ngrams/linear_model.py."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.svm import LinearSVC

from text_classification.kernels.arrays import Ids
from text_classification.kernels.linear_svm import SvmSlice
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.ngrams import linear_model as linear
from text_classification.training.ngrams.linear_model import Linear, fit_linear

# A feature for each class, one that says nothing, and one that never occurs.
ROWS = np.array([[1, 0, 0, 1, 0], [0, 1, 0, 1, 0], [0, 0, 1, 1, 0]] * 10, float)


def fit(
    features: sparse.csr_array,
    labels: np.ndarray,
    classes: int,
    *,
    power: float = 1.0,
    stop: StopRequest | None = None,
) -> Linear:
    stop = stop or StopRequest()
    numbers = labels.astype(np.int32)
    return fit_linear(features, numbers, classes, power=power, stop=stop)


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("classes", [2, 3])
def test_classes_are_told_apart(power: float, classes: int) -> None:
    """The model is linear in the features as they are, at any power of the ratios."""
    labels = np.array([0, 1, 2] * 10) % classes
    model = fit(sparse.csr_array(ROWS), labels, classes, power=power)
    weights = np.hstack(model.slices)
    assert (weights.shape, model.biases.shape) == ((5, classes), (classes,))
    decisions = model.decide(sparse.csr_array(ROWS[:3]))
    assert decisions.argmax(axis=1).tolist() == labels[:3].tolist()
    assert np.abs(weights[4]).max() == 0
    if classes == 2:
        np.testing.assert_array_equal(decisions[:, 0], -decisions[:, 1])


def test_class_without_documents_is_never_decided_for() -> None:
    """As when the one document of a class is held out."""
    labels = np.array([0, 1, 1] * 10)
    model = fit(sparse.csr_array(ROWS), labels, 3)
    assert (model.decide(sparse.csr_array(ROWS))[:, 2] == -1).all()


def test_stop_ends_it() -> None:
    """Within the time of a pass over the documents."""
    stop = StopRequest()
    stop.set()
    with pytest.raises(Stopped):
        fit(sparse.csr_array(ROWS), np.zeros(30), 3, stop=stop)


def test_class_that_has_all_documents_is_decided_for() -> None:
    """As where the sample that is learned from holds no document of a rare class."""
    model = fit(sparse.csr_array(ROWS), np.ones(30), 2)
    assert model.decide(sparse.csr_array(ROWS)).argmax(axis=1).tolist() == [1] * 30


def test_weights_are_the_same_however_many_threads_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The classes that are trained together do not depend on it."""
    generator = np.random.default_rng(0)
    features = sparse.csr_array(generator.random((300, 60)) * (generator.random((300, 60)) < 0.3))
    labels = generator.integers(0, 5, 300)
    found = []
    for count in (1, 2, 2):
        monkeypatch.setattr(linear, "processor_count", lambda count=count: count)
        found.append(fit(features, labels, 5, power=0.5))
    for other in found[1:]:
        np.testing.assert_array_equal(np.hstack(found[0].slices), np.hstack(other.slices))
        np.testing.assert_array_equal(found[0].biases, other.biases)


@pytest.mark.parametrize("many", [len(ROWS), len(ROWS) + 1])
def test_many_documents_are_gone_over_a_few_times(
    monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """Fewer are gone over until nothing moves any more, which here takes longer."""
    monkeypatch.setattr(linear, "MANY_DOCUMENTS", many)
    monkeypatch.setattr(linear, "PASSES_OF_MANY", 2)
    seen: list[int] = []
    descend = SvmSlice.descend

    def counting(machines: SvmSlice, order: Ids) -> tuple[Ids, float]:
        seen.append(len(order))
        return descend(machines, order)

    monkeypatch.setattr(SvmSlice, "descend", counting)
    fit(sparse.csr_array(ROWS), np.array([0, 1] * 15), 2)
    assert (len(seen) == 2) == (len(ROWS) >= many)


@pytest.mark.parametrize("classes", [2, 5, 40])
def test_answers_are_those_of_linear_svc(classes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weighted by log-count ratios, one class after the other, as scikit-learn would do it."""
    monkeypatch.setattr(linear, "TOLERANCE", 0.01)
    generator = np.random.default_rng(classes)
    labels = generator.integers(0, classes, 400)
    dense = generator.random((400, 80)) * (generator.random((400, 80)) < 0.2)
    dense[np.arange(400), labels] += 1
    rows = dense / np.linalg.norm(dense, axis=1, keepdims=True)
    found = fit(sparse.csr_array(rows), labels, classes).decide(sparse.csr_array(rows))
    for index in range(classes):
        members = labels == index
        counts = [1 + (rows[part] > 0).sum(axis=0) for part in (members, ~members)]
        inside, outside = (count / count.sum() for count in counts)
        weighted = rows * np.abs(np.log(inside) - np.log(outside))
        weighted /= np.sqrt((weighted**2).sum() / 400)
        model = LinearSVC(C=1.0, tol=1e-6, max_iter=10_000, dual=True).fit(weighted, members)
        np.testing.assert_allclose(found[:, index], model.decision_function(weighted), atol=0.01)
