"""Values that are each right and do not go together."""

import logging

from text_classification.cnn.architectures.recipes import recipes
from text_classification.contract.hyperparameters.schema import NAMES, Hyperparameters
from text_classification.contract.hyperparameters.tuning import Tuning
from text_classification.errors import Code, ConfigurationError

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
        return
    asked = Tuning.model_fields.keys() & chosen.model_fields_set - {"tuning_trials"}
    unused = [name for name in NAMES if name in asked]
    if unused:
        log.warning(
            "there is no tuning, as tuning_trials is 0; so nothing comes of %s", ", ".join(unused)
        )
