"""What the engines read, beside the shape, the learning rate and the seed."""

from text_classification.contract.hyperparameters.declaration import (
    Affects,
    Fields,
    KnownBy,
    hyperparameter,
)
from text_classification.contract.hyperparameters.kinds import Whole


class EngineOptions(Fields):
    """How a network is trained where that is not as plainly as can be.

    Every engine gets all of them, and each must come to the same weights by them.
    """

    batch_normalization: bool = hyperparameter(
        False,  # noqa: FBT003 - a default
        description="Whether kim's pooled features are normalised in training. It is folded into "
        "the weights that are kept, so a job that goes on from them trains without.",
        affects=Affects.SHAPE,
        known_by=KnownBy.RECIPES_THAT_NAME_IT,
    )
    networks: Whole = hyperparameter(
        1,
        ge=1,
        le=16,
        description="How many networks of kim are trained side by side, from different first "
        "weights, and made one whose logits are the mean of theirs. Each is of the size set here, "
        "so training and answers take so many times as long.",
        affects=Affects.SHAPE,
        known_by=KnownBy.RECIPES_THAT_NAME_IT,
    )
    adversarial: float = hyperparameter(
        0.0,
        ge=0,
        le=10,
        description="Adversarial training: each step learns from its documents once more, with "
        "the vectors of their tokens moved to where the loss is larger, by so many lengths of a "
        "vector for each document; 0: not. It takes twice the time, and the network is the better "
        "where documents are short. wide does it with 0.2, but not for documents of more than 64 "
        "tokens on average, nor for more than 12,000.",
        affects=Affects.WEIGHTS,
        known_by=KnownBy.RECIPES_THAT_NAME_IT,
        searchable=True,
    )
    frozen_epochs: Whole = hyperparameter(
        0,
        ge=0,
        le=10_000,
        description="The first epochs, in which the vectors of the tokens stay as they are; as "
        "many as epochs: always. Of use where they come from a channel embeddings or model.",
        unit="epochs",
        affects=Affects.WEIGHTS,
    )


PLAIN = EngineOptions()
