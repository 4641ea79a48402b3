"""Values that are each right and do not go together."""

from text_classification.cnn.architectures.recipes import recipes
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.errors import Code, ConfigurationError


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
