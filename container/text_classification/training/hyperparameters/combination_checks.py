"""Values that are each right and do not go together."""

import logging
from collections.abc import Collection

from text_classification.cnn.architectures.recipes import recipes
from text_classification.contract.hyperparameters.schema import NAMES, Hyperparameters
from text_classification.contract.hyperparameters.tuning import Tuning
from text_classification.errors import Code, ConfigurationError

_OF_TUNING = frozenset(Tuning.model_fields) - {"tuning_trials"}

log = logging.getLogger(__name__)


def check_together(chosen: Hyperparameters) -> None:
    """Raise ``ConfigurationError`` for values that are each right and do not go together."""
    kind = recipes()[chosen.recipe].architecture(chosen)
    if chosen.engine not in {"auto", *kind.engines}:
        raise ConfigurationError(
            Code.HYPERPARAMETER_INVALID,
            f"the engine {chosen.engine} does not train {kind.architecture}, which these "
            "hyperparameters ask for",
            remedy=f"Set engine to auto or {' or '.join(kind.engines)}.",
        )
    if chosen.networks > 1 and not kind.can_be_joined:
        raise ConfigurationError(
            Code.HYPERPARAMETER_INVALID,
            f"networks is {chosen.networks}, and several networks of {kind.architecture} do not "
            "make one",
            remedy="Set networks to 1, or pooling to max.",
        )


def warn_of_unused(chosen: Hyperparameters) -> None:
    """Warn of values that were asked for and do nothing beside the others."""
    if chosen.tuning_trials:
        return  # which may search what the others depend on
    _warn("there is no tuning, as tuning_trials is 0", _OF_TUNING, chosen)
    if chosen.decay_rate == 1:
        _warn("the learning rate does not fall, as decay_rate is 1", {"decay_steps"}, chosen)


def _warn(reason: str, names: Collection[str], chosen: Hyperparameters) -> None:
    unused = [name for name in NAMES if name in names and name in chosen.model_fields_set]
    if unused:
        log.warning("%s; so nothing comes of %s", reason, ", ".join(unused))
