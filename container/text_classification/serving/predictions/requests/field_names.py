"""The fields of JSON bodies that have a meaning; ``request_schemas`` says which."""

from functools import lru_cache

from text_classification.contract.column_names import TEXT_NAMES, named_between_commas, plain

# Where a list of records may be.
LIST_FIELDS = (
    *("instances", "inputs", "documents", "texts"),
    *("dataframe_records", "dataframe_split"),
)
# Where options may be; MLflow has them in the last, beside its documents.
OPTION_FIELDS = ("parameters", "configuration")
MLFLOW_OPTIONS = "params"
# Where SageMaker's common format has the values of a record.
FEATURES = "features"
# Requests mostly give the same option, or none.
_remembered = lru_cache(maxsize=64)


@_remembered
def text_names(text_column: str, own: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that a text may have, in their plain form; the first that is there counts.

    text_column: the option; own: those that the model's documents had in training.
    """
    if text_column:
        return (plain(text_column),)
    return (*own, *TEXT_NAMES) if own else TEXT_NAMES


@_remembered
def joined_names(text_column: str, own: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of several texts that are joined, as training joins them; often none.

    >>> joined_names("Title, body, title,", ())
    ('title', 'body')
    """
    wanted = text_column or next(iter(own), "")
    if "," not in wanted:
        return ()
    return tuple(dict.fromkeys(map(plain, named_between_commas(wanted))))
