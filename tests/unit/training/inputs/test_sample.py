"""training/inputs/sample.py."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.training.documents import ROWS, documents_of
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.corpus.encoded import EncodedCorpus
from text_classification.training.inputs import training_documents
from text_classification.training.inputs.part import Part
from text_classification.training.inputs.sample import FEWEST_DOCUMENTS, most_judged, sample


def part(count: int) -> Part:
    """Return empty documents, each with its number as the label."""
    corpus = EncodedCorpus(np.zeros(0, np.int32), np.zeros(count + 1, np.int64))
    return Part(corpus, np.arange(count), np.arange(count, dtype=np.int32))


def test_small_part_is_judged_whole() -> None:
    """Up to the bound it is the very part, whatever the seed."""
    whole = part(10)
    assert sample(whole, 10, 1) is whole


def test_sample_is_drawn_by_the_seed() -> None:
    """So many documents, in order, each with its own label; another seed draws others."""
    whole = part(1000)
    drawn = sample(whole, 100, 1)
    assert len(set(drawn.documents.tolist())) == 100
    assert drawn.documents.tolist() == sorted(drawn.documents) == drawn.labels.tolist()
    assert drawn.documents.tolist() == sample(whole, 100, 1).documents.tolist()
    assert drawn.documents.tolist() != sample(whole, 100, 2).documents.tolist()


def test_answers_of_many_classes_fit_in_memory() -> None:
    """The more classes the fewer documents, though enough to tell two epochs apart."""
    counts = [most_judged(classes) for classes in (2, 20, 1_000, 10_000)]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] == FEWEST_DOCUMENTS
    assert 4 * 1_000 * most_judged(1_000) <= 40 << 20


@pytest.fixture
def _eight_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_documents, "most_judged", lambda _classes: 8)


@pytest.mark.usefixtures("_eight_at_most")
def test_large_channels_are_judged_by_samples(tmp_path: Path) -> None:
    """All training documents are trained on; the other parts have so many of theirs, and why."""
    parameters = Hyperparameters(recipe="kim", min_count=1)
    documents = documents_of(tmp_path, parameters, ROWS, validation=ROWS[:30], test=ROWS[:7])
    prepared = documents.prepare(*documents.split(parameters), parameters)
    assert prepared.validation is not None
    assert prepared.test is not None
    sizes = [len(each) for each in (prepared.training, prepared.validation, prepared.test)]
    assert sizes == [len(ROWS), 8, 7]


@pytest.mark.usefixtures("_eight_at_most")
@pytest.mark.parametrize(("asked", "trained", "judged"), [(0, 52, 8), (0.5, 30, 8), (0.1, 54, 6)])
def test_no_more_documents_are_held_out_than_are_answered(
    tmp_path: Path, asked: float, trained: int, judged: int
) -> None:
    """Unless the user says how many: the rest is trained on."""
    given = {"validation_fraction": asked} if asked else {}
    parameters = Hyperparameters(recipe="kim", min_count=1, **given)
    documents = documents_of(tmp_path, parameters, ROWS)
    prepared = documents.prepare(*documents.split(parameters), parameters)
    assert prepared.validation is not None
    assert (len(prepared.training), len(prepared.validation)) == (trained, judged)
