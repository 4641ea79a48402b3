"""All hyperparameters together."""

from typing import Any

from text_classification.contract.hyperparameters.declaration import (
    Affects,
    KnownBy,
    hyperparameter,
)
from text_classification.contract.hyperparameters.documents import Documents
from text_classification.contract.hyperparameters.engine_options import EngineOptions
from text_classification.contract.hyperparameters.network import Network
from text_classification.contract.hyperparameters.results import Results
from text_classification.contract.hyperparameters.tokens import Tokens
from text_classification.contract.hyperparameters.training import Training
from text_classification.contract.hyperparameters.tuning import Tuning

# The recipe that suits what is asked for; see ``training/hyperparameters/default_recipe.py``.
AUTO_RECIPE = "auto"


class Hyperparameters(Results, Tuning, Training, EngineOptions, Network, Tokens, Documents):
    """All hyperparameters with their ranges and units; the other defaults are those of ``kim``."""

    recipe: str = hyperparameter(
        AUTO_RECIPE,
        "The network and the defaults to start from; auto: wide, or kim with ngrams=false. Every "
        "hyperparameter that the recipe knows can be set on top.",
        affects=Affects.SHAPE,
    )

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for by name, without the defaults of recipe and schema."""
        return self.model_dump(include=self.model_fields_set)


# The recipe first, as it decides on the others' defaults; then group by group.
NAMES = ("recipe", *(name for name in Hyperparameters.model_fields if name != "recipe"))


def names_that_affect(*effects: Affects) -> set[str]:
    """Return the names of the hyperparameters that decide on one of these."""
    return {name for name in NAMES if declared(name)["affects"] in effects}


def searchable_names() -> tuple[str, ...]:
    """Return the names of the hyperparameters that tuning may search, whatever the recipe."""
    return tuple(name for name in NAMES if declared(name)["searchable"])


def is_known_by_every_recipe(name: str) -> bool:
    """Tell whether a hyperparameter is known by recipes that do not name it."""
    return KnownBy(declared(name)["known_by"]) is KnownBy.EVERY_RECIPE


def unit_of(name: str) -> str:
    """Return the unit of a hyperparameter; empty where it has none."""
    return str(declared(name)["unit"])


def declared(name: str) -> dict[str, Any]:
    """Return what the field of a hyperparameter says of it besides its values."""
    extra = Hyperparameters.model_fields[name].json_schema_extra
    if not isinstance(extra, dict):
        raise TypeError(f"the field {name} is not declared by hyperparameter()")
    return dict(extra)
