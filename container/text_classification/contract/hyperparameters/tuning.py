"""Which hyperparameters a study tries, and how it compares them."""

from typing import Literal

from pydantic import SecretStr

from text_classification.contract.hyperparameters.declaration import Affects, Fields, hyperparameter
from text_classification.contract.hyperparameters.kinds import DatabaseUrl, JsonObject, Whole


class Tuning(Fields):
    """Which hyperparameters a study tries, and how it compares them."""

    tuning_trials: Whole = hyperparameter(
        0,
        ge=0,
        le=100_000,
        description="Tuning: how many models, each with other hyperparameters, are tried before "
        "the last is trained with the best; those of an interrupted job count. 0: none.",
        affects=Affects.SEARCH,
    )
    tuning_minutes: float = hyperparameter(
        0,
        ge=0,
        le=100_000,
        description="After so much time no further trial begins; those under way go on to their "
        "end. A job that was interrupted counts anew. 0: no limit.",
        unit="minutes",
        affects=Affects.SEARCH,
    )
    tuning_objective: Literal["pr_auc", "accuracy", "macro_f1"] = hyperparameter(
        "pr_auc",
        description="What the best trial has most of, on validation: the area under the "
        "precision-recall curve, mean over the classes; accuracy; macro F1.",
        affects=Affects.COMPARISON,
    )
    tuning_epochs: Whole = hyperparameter(
        10,
        ge=1,
        le=10_000,
        description="The most epochs of a trial, where epochs allows as many; the last model is "
        "trained for longer if it pays.",
        unit="epochs",
        affects=Affects.COMPARISON,
    )
    tuning_sampler: Literal["tpe", "random"] = hyperparameter(
        "tpe",
        description="How the hyperparameters of a trial are chosen: tpe learns from the trials "
        "before (tree-structured Parzen estimator), random does not. Both go by seed.",
        affects=Affects.SEARCH,
    )
    tuning_pruner: Literal["median", "hyperband", "none"] = hyperparameter(
        "median",
        description="When a trial is given up after an epoch: median, below the median of the "
        "others after as many; hyperband, by successive halving; none, never.",
        affects=Affects.SEARCH,
    )
    search_space: JsonObject = hyperparameter(
        "",
        max_length=10_000,
        description="What tuning searches, as JSON: a range with low, high and log, or a list of "
        "choices, by hyperparameter. Empty takes the recipe's, but for hyperparameters that are "
        "set.",
        affects=Affects.SEARCH,
    )
    study_storage: DatabaseUrl = hyperparameter(
        SecretStr(""),
        description="The database of the study, where several machines share it: a URL of "
        "PostgreSQL (postgresql://user:password@host/name) or MySQL (mysql://...). Empty keeps it "
        "in SQLite, among the checkpoints where the job has a folder for them.",
        affects=Affects.SEARCH,
    )
    study_name: str = hyperparameter(
        "",
        max_length=200,
        description="The name of the study in its database. Empty makes one of the documents and "
        "the hyperparameters, so that jobs which are alike share it.",
        affects=Affects.SEARCH,
    )
