"""How the network is trained, and what is made of it."""

from typing import Literal

from text_classification.contract.hyperparameters.declaration import (
    Affects,
    Fields,
    hyperparameter,
)
from text_classification.contract.hyperparameters.kinds import Whole


class Training(Fields):
    """How the network is trained, and what is made of it."""

    learning_rate: float = hyperparameter(
        1e-3,
        gt=0,
        le=1,
        description="The step size of the Adam optimizer at the first step; auto goes with the "
        "batch_size that is chosen.",
        affects=Affects.WEIGHTS,
        searchable=True,
    )
    decay_steps: Whole = hyperparameter(
        1000,
        ge=1,
        le=1_000_000_000,
        description="The steps in which the learning rate falls to decay_rate times itself.",
        unit="steps",
        affects=Affects.WEIGHTS,
        searchable=True,
    )
    decay_rate: float = hyperparameter(
        1.0,
        gt=0,
        le=1,
        description="What the learning rate is multiplied by in decay_steps steps, smoothly: step "
        "n takes learning_rate * decay_rate ** (n / decay_steps); 1 leaves it as it is.",
        affects=Affects.WEIGHTS,
        searchable=True,
    )
    class_weights: Literal["none", "balanced"] = hyperparameter(
        "none",
        description="How much a training document counts: none, each as much; balanced, each "
        "class as much: documents / (classes * documents of its class).",
        affects=Affects.WEIGHTS,
        searchable=True,
    )
    batch_size: Whole = hyperparameter(
        64,
        ge=1,
        le=65_536,
        description="Documents in a training step. Where neither it nor learning_rate is set, or "
        "both are auto, they suit the number of training documents: from 100,000 on more a step, "
        "at a larger rate, as the log tells.",
        unit="documents",
        affects=Affects.WEIGHTS,
        searchable=True,
    )
    epochs: Whole = hyperparameter(
        50,
        ge=1,
        le=10_000,
        description="The most passes over the training documents.",
        unit="epochs",
        affects=Affects.DURATION,
    )
    patience: Whole = hyperparameter(
        3,
        ge=1,
        le=10_000,
        description="Training ends after so many epochs in which neither accuracy nor loss on "
        "validation reached a new best; the weights with the best accuracy are kept.",
        unit="epochs",
        affects=Affects.DURATION,
    )
    engine: Literal["auto", "fast", "keras"] = hyperparameter(
        "auto",
        description="What computes the training steps: fast on the processor, keras by TensorFlow; "
        "auto takes keras where it can use a GPU and for what fast does not know: stacked, and "
        "other poolings than max.",
        affects=Affects.WEIGHTS,
    )
    seed: Whole = hyperparameter(
        0,
        ge=0,
        le=2**32 - 1,
        description="Decides the split, the first weights, the order of the documents and dropout. "
        "The same seed gives the same model, bit for bit; with keras, on as many processors.",
        affects=Affects.WEIGHTS,
    )
    folds: Whole = hyperparameter(
        0,
        ge=0,
        le=100,
        description="Cross-validation: the training documents are dealt to so many folds, "
        "stratified by label, and a model is trained without each of them; then one on all. "
        "0 or 1: none. A validation channel is not dealt out; the last model is held against it.",
        affects=Affects.MODEL,
    )
    ngrams: bool = hyperparameter(
        False,  # noqa: FBT003 - a default
        description="Whether a linear model of words, pairs of them and, unless there is much "
        "text, character n-grams is trained beside the network, and their logits are added.",
        affects=Affects.MODEL,
    )
    refit: bool = hyperparameter(
        False,  # noqa: FBT003 - a default
        description="Whether to train once more on all training documents, those held out for "
        "validation too, for as many epochs as were best; scores are those before it. With n-grams "
        "and more than 20,000 documents, only where the network counts for much beside them.",
        affects=Affects.MODEL,
    )
    processes: Whole = hyperparameter(
        0,
        ge=0,
        le=256,
        description="How many models are trained side by side, each by a process with its share of "
        "the processors, which grows when others have nothing left to train; 0: as many as there "
        "are processors, one where a GPU trains.",
        affects=Affects.EXECUTION,
    )
    checkpoint_minutes: float = hyperparameter(
        5,
        gt=0,
        le=10_000,
        description="How often a checkpoint is written within an epoch, where the job has a folder "
        "for checkpoints; one is written after each epoch anyway.",
        unit="minutes",
        affects=Affects.EXECUTION,
    )
