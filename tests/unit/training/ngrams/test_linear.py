"""training/ngrams/linear.py."""

import numpy as np
import pytest
from scipy import sparse

from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.ngrams import linear
from text_classification.training.ngrams.linear import fit_linear

# A feature for each class, one that says nothing, and one that never occurs.
ROWS = np.array([[1, 0, 0, 1, 0], [0, 1, 0, 1, 0], [0, 0, 1, 1, 0]] * 10, float)


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("classes", [2, 3])
def test_classes_are_told_apart(power: float, classes: int) -> None:
    """The model is linear in the features as they are, at any power of the ratios."""
    labels = np.array([0, 1, 2] * 10) % classes
    of_class = [labels == index for index in range(classes)]
    model = fit_linear(sparse.csr_array(ROWS), of_class, power=power, cost=1.0, stop=StopRequest())
    assert (model.weights.shape, model.biases.shape) == ((5, classes), (classes,))
    decisions = model.decide(sparse.csr_array(ROWS[:3]))
    assert decisions.argmax(axis=1).tolist() == labels[:3].tolist()
    assert np.abs(model.weights[4]).max() == 0
    if classes == 2:
        np.testing.assert_array_equal(decisions[:, 0], -decisions[:, 1])


def test_class_without_documents_is_never_decided_for() -> None:
    """As when the one document of a class is held out."""
    labels = np.array([0, 1, 1] * 10)
    of_class = [labels == index for index in range(3)]
    model = fit_linear(sparse.csr_array(ROWS), of_class, power=1, cost=1, stop=StopRequest())
    assert (model.decide(sparse.csr_array(ROWS))[:, 2] == -1).all()


def test_stop_ends_it() -> None:
    """Within the time that one class takes."""
    stop = StopRequest()
    stop.set()
    with pytest.raises(Stopped):
        fit_linear(sparse.csr_array(ROWS), [ROWS[:, 0] > 0] * 3, power=1, cost=1, stop=stop)


def test_class_that_has_all_documents_is_decided_for() -> None:
    """As where the sample that is learned from holds no document of a rare class."""
    everything = [np.zeros(30, bool), np.ones(30, bool)]
    model = fit_linear(sparse.csr_array(ROWS), everything, power=1, cost=1, stop=StopRequest())
    assert model.decide(sparse.csr_array(ROWS)).argmax(axis=1).tolist() == [1] * 30


def test_weights_are_the_same_however_many_processes_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver draws from one generator a process: no two fits may draw by turns."""
    generator = np.random.default_rng(0)
    features = sparse.csr_array(generator.random((300, 60)) * (generator.random((300, 60)) < 0.3))
    of_class = [generator.integers(0, 5, 300) == index for index in range(5)]
    found = []
    for count in (1, 2, 2):
        monkeypatch.setattr(linear, "processor_count", lambda count=count: count)
        found.append(fit_linear(features, of_class, power=0.5, cost=1.0, stop=StopRequest()))
    for other in found[1:]:
        np.testing.assert_array_equal(found[0].weights, other.weights)
        np.testing.assert_array_equal(found[0].biases, other.biases)
