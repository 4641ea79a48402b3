"""training/ngrams/second_training.py: when a network is trained once more on all documents."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.training.documents import ROWS, documents_of
from text_classification.contract.settings import Settings
from text_classification.errors import Code, ResourceError
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.hyperparameters.parse import parse_hyperparameters
from text_classification.training.ngrams import ngram_settings, second_training
from text_classification.training.ngrams.ngram_branch import NgramBranch, fit_branch
from text_classification.training.ngrams.ngram_limits import NgramLimits
from text_classification.training.ngrams.second_training import NgramMaker
from text_classification.training.selection.final_model import FinalModel, train_final

PARAMETERS = parse_hyperparameters(
    {"recipe": "wide", "embedding_size": 4, "filters": 4, "epochs": 1, "learning_rate": 0.01}
)


class Branches:
    """Stands for ``make_branch``: n-grams beside which a network has some share."""

    def __init__(self, share: float, error: Exception | None = None) -> None:
        self.share, self.error = share, error
        self.made: list[int] = []

    def __call__(self, final: FinalModel, limits: NgramLimits, stop: StopRequest) -> NgramBranch:
        self.made.append(len(final.trained.prepared.training))
        if self.error:
            raise self.error
        return replace(fit_branch(final, limits, stop), share=self.share)


def train(folder: Path, monkeypatch: pytest.MonkeyPatch, branches: Branches) -> FinalModel:
    """Train as a job does: a fifth of 60 documents is held out."""
    monkeypatch.setattr(second_training, "make_branch", branches)
    documents = documents_of(folder, PARAMETERS, ROWS)
    stop, settings = StopRequest(), Settings(root=folder / "nowhere")
    maker = NgramMaker(NgramLimits(), stop)
    final = train_final(
        documents,
        PARAMETERS,
        settings,
        folder,
        stop,
        is_worth_it=maker.is_worth_training_again,
    )
    return maker.added(final)


@pytest.fixture
def _many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ngram_settings, "PART", 10)


def test_few_documents_are_always_worth_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-grams are made once, of all of them."""
    branches = Branches(share=0.01)
    final = train(tmp_path, monkeypatch, branches)
    assert branches.made == [60]
    assert len(final.trained.prepared.training) == 60
    assert final.trained.ngrams is not None


@pytest.mark.usefixtures("_many")
@pytest.mark.parametrize(("share", "made"), [(0.1, [48]), (0.9, [48, 60])])
def test_network_of_a_small_share_is_not_trained_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float, made: list[int]
) -> None:
    """The n-grams that told its share are those of the model; after a second training, new ones."""
    branches = Branches(share)
    final = train(tmp_path, monkeypatch, branches)
    assert branches.made == made
    assert len(final.trained.prepared.training) == made[-1]
    assert final.trained.ngrams is not None
    assert final.held_out.probabilities.shape == (12, 2)


@pytest.mark.usefixtures("_many")
def test_few_held_out_documents_are_not_worth_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the share: next to nothing new would be learned."""
    monkeypatch.setattr(second_training, "SMALL_PART", 0.25)
    branches = Branches(share=0.9)
    final = train(tmp_path, monkeypatch, branches)
    assert branches.made == [48]
    assert len(final.trained.prepared.training) == 48


@pytest.mark.usefixtures("_many")
@pytest.mark.parametrize(
    ("error", "documents"),
    [(ResourceError(Code.OUT_OF_MEMORY, "no memory"), 60), (Stopped(), 48)],
)
def test_failure_leaves_the_network(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    documents: int,
) -> None:
    """It is told, and n-grams that cannot be made are not tried again."""
    branches = Branches(1.0, error)
    final = train(tmp_path, monkeypatch, branches)
    assert len(final.trained.prepared.training) == documents
    assert final.trained.ngrams is None
    assert caplog.text.count("the model has no n-grams") == 1
    if documents == 60:
        assert branches.made == [48]
