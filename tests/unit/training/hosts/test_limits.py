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
        ({"folds": "2"}, "folds=2"),
        ({"tuning_trials": "5"}, "tuning_trials=5"),
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


@pytest.mark.parametrize("recipe", ["kim", "wide"])
def test_what_several_hosts_can_do_passes(recipe: str) -> None:
    """The recipes that ``fast`` trains, with networks side by side too."""
    check_hosts(resolve({"recipe": recipe, "networks": "2"}), 3)
