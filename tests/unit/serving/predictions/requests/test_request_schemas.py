"""serving/predictions/requests/request_schemas.py."""

from text_classification.contract.column_names import TEXT_NAMES
from text_classification.serving.predictions.requests.field_names import (
    LIST_FIELDS,
    OPTION_FIELDS,
)
from text_classification.serving.predictions.requests.request_schemas import (
    Lists,
    RequestOptions,
    Texts,
)


def test_parsers_and_document_name_the_same_fields() -> None:
    """The parsers go by the names alone, since they do without the types."""
    for shape, names in (
        (Texts, TEXT_NAMES),
        (RequestOptions, OPTION_FIELDS),
        (Lists, LIST_FIELDS),
    ):
        assert set(shape.__annotations__) == set(names)
