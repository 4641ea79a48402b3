"""The shape of the network; most are known by the recipes alone whose network has them."""

from typing import Literal

from text_classification.contract.hyperparameters.declaration import (
    Affects,
    Fields,
    KnownBy,
    hyperparameter,
)
from text_classification.contract.hyperparameters.kinds import Padding, Whole, Width, Widths


class Network(Fields):
    """The shape of the network; most are known by the recipes alone whose network has them."""

    embedding_size: Whole = hyperparameter(
        128,
        ge=1,
        le=4096,
        description="Numbers that represent a token; as many as pretrained vectors have, where "
        "they are taken.",
        affects=Affects.SHAPE,
        searchable=True,
    )
    pretrained: Literal["auto", "english", "none"] = hyperparameter(
        "auto",
        description="english: tokens start from the English word vectors of the image (GloVe), "
        "and embedding_size is 100; auto: so where most words of the training documents have one, "
        "unless embedding_size is set or a channel embeddings or model is there; none: from "
        "chance. Vectors of other languages come in the channel embeddings.",
        affects=Affects.WEIGHTS,
    )
    kernel_widths: Widths = hyperparameter(
        (3, 4, 5),
        description="The widths of the convolution kernels of kim.",
        unit="tokens",
        affects=Affects.SHAPE,
        known_by=KnownBy.RECIPES_THAT_NAME_IT,
        searchable=True,
    )
    filters: Whole = hyperparameter(
        128,
        ge=1,
        le=4096,
        description="Filters of each kernel width of kim, or of each convolution of stacked.",
        affects=Affects.SHAPE,
        known_by=KnownBy.RECIPES_THAT_NAME_IT,
        searchable=True,
    )
    pooling: Literal["max", "attention", "average"] = hyperparameter(
        "max",
        description="What kim makes of the windows of a filter: max, the largest; attention, their "
        "mean, weighed by what is learned; average, their plain mean. The last two are trained by "
        "keras and served from float32, slower.",
        affects=Affects.SHAPE,
        known_by=KnownBy.RECIPES_THAT_NAME_IT,
    )
    kernel_size: Width = hyperparameter(
        5,
        description="The width of both convolutions of stacked: tokens in the first, pooled "
        "positions in the second.",
        affects=Affects.SHAPE,
        known_by=KnownBy.RECIPES_THAT_NAME_IT,
        searchable=True,
    )
    strides: Width = hyperparameter(
        3,
        description="The step from one window of stacked's convolutions to the next.",
        affects=Affects.SHAPE,
        known_by=KnownBy.RECIPES_THAT_NAME_IT,
        searchable=True,
    )
    padding: Padding = hyperparameter(
        "valid",
        description="The windows of stacked's convolutions: valid lie wholly in the sequence, "
        "same reach beyond its ends, over zeros.",
        affects=Affects.SHAPE,
        known_by=KnownBy.RECIPES_THAT_NAME_IT,
        searchable=True,
    )
    pool_size: Width = hyperparameter(
        2,
        description="How many positions stacked's max pooling makes one of.",
        affects=Affects.SHAPE,
        known_by=KnownBy.RECIPES_THAT_NAME_IT,
        searchable=True,
    )
    pool_padding: Padding = hyperparameter(
        "same",
        description="What stacked's max pooling does with positions left over at the ends: valid "
        "drops them, same pools them.",
        affects=Affects.SHAPE,
        known_by=KnownBy.RECIPES_THAT_NAME_IT,
        searchable=True,
    )
    dense_units: Whole = hyperparameter(
        128,
        ge=1,
        le=4096,
        description="Units of stacked's dense layer before the last.",
        affects=Affects.SHAPE,
        known_by=KnownBy.RECIPES_THAT_NAME_IT,
        searchable=True,
    )
    dropout: float = hyperparameter(
        0.5,
        ge=0,
        lt=1,
        description="The part of the last dense layer's inputs dropped at each training step.",
        affects=Affects.WEIGHTS,
        known_by=KnownBy.RECIPES_THAT_NAME_IT,
        searchable=True,
    )
