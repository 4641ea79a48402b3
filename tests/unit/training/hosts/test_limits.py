"""training/hosts/limits.py."""

import pytest

from text_classification.errors import Code, ConfigurationError
from text_classification.training.hosts.limits import check_hosts
from text_classification.training.hyperparameters.parse import resolve


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"recipe": "stacked"}, "recipe=stacked with stacked"),
        ({"pooling": "average"}, "recipe=wide with pooled"),
        ({"engine": "keras"}, "engine=keras"),
        ({"tuning_trials": "5"}, "tuning without study_storage"),
    ],
)
def test_what_several_hosts_cannot_do_is_named(asked: dict[str, str], named: str) -> None:
    """One host trains it all."""
    chosen = resolve(asked)
    with pytest.raises(ConfigurationError) as caught:
        check_hosts(chosen, 2)
    assert caught.value.code is Code.HOSTS_UNSUPPORTED
    assert named in caught.value.message
    check_hosts(chosen, 1)


@pytest.mark.parametrize(
    "asked",
    [
        {"recipe": "kim", "networks": "2"},
        {"recipe": "wide", "folds": "5"},
        {"tuning_trials": "5", "study_storage": "mysql://user:word@host/studies"},
    ],
)
def test_what_several_hosts_can_do_passes(asked: dict[str, str]) -> None:
    """The recipes that ``fast`` trains; folds, and trials of a study that all hosts reach."""
    check_hosts(resolve(asked), 3)
