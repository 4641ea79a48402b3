"""Schemas of JSON request bodies, for the OpenAPI document."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.config import JsonValue
from typing_extensions import TypedDict

from text_classification.contract.column_names import TEXT_NAMES
from text_classification.serving.predictions.format.options import Options
from text_classification.serving.predictions.requests.field_names import LIST_FIELDS


def _any_of(names: Sequence[str]) -> ConfigDict:
    """Return the configuration of a record: one of these fields at least, and any others."""
    required: list[JsonValue] = [{"required": [name]} for name in names]
    return ConfigDict(extra="allow", json_schema_extra={"anyOf": required})


class Texts(TypedDict, total=False):
    """Where a text may be."""

    text: str
    document: str
    content: str
    body: str
    sentence: str
    abstract: str
    description: str
    words: str
    review: str
    tweet: str
    message: str
    comment: str
    utterance: str
    question: str
    query: str
    headline: str
    data: str
    inputs: str
    input: str
    title: str
    source: str


class Record(Texts, total=False):
    """A document with any fields besides; its text is in the first of these that is there.

    Upper case counts as lower. The name that the model's documents had in training goes before.
    """

    __pydantic_config__ = _any_of(TEXT_NAMES)  # type: ignore[misc]


class Features(TypedDict):
    """A record of SageMaker's common format: the one string among its values is the text."""

    features: Annotated[list[str], Field(min_length=1, max_length=1)]


class Split(TypedDict):
    """A table as pandas writes it with `orient="split"`; of several columns one is named text."""

    columns: Annotated[list[str], Field(min_length=1, max_length=1)]
    data: Annotated[
        list[Annotated[list[str], Field(min_length=1, max_length=1)]], Field(min_length=1)
    ]


class RequestOptions(TypedDict, total=False):
    """Where options may be."""

    parameters: Options | None
    configuration: Options | None


class Lists(TypedDict, total=False):
    """Where documents may be."""

    instances: Annotated[list[str | Record | Features], Field(min_length=1)]
    inputs: Annotated[list[str | Record], Field(min_length=1)]
    documents: Annotated[list[str | Record], Field(min_length=1)]
    texts: Annotated[list[str | Record], Field(min_length=1)]
    dataframe_records: Annotated[list[Record], Field(min_length=1)]
    dataframe_split: Split


class OneDocument(Texts, RequestOptions, total=False):
    """A record, with options for its answer."""

    __pydantic_config__ = _any_of(TEXT_NAMES)  # type: ignore[misc]


class ManyDocuments(Lists, RequestOptions, total=False):
    """Documents, with options for their answers."""

    __pydantic_config__ = _any_of(LIST_FIELDS)  # type: ignore[misc]


JsonLine = str | Record | Features
JsonBody = str | OneDocument | ManyDocuments | Annotated[list[str | Record], Field(min_length=1)]


class Timing(TypedDict):
    """Where the time of a request went until its answer was written, as in the server's log."""

    waiting_ms: Annotated[float, Field(ge=0, description="For its turn.")]
    reading_ms: Annotated[float, Field(ge=0, description="The body, from bytes to records.")]
    computing_ms: Annotated[float, Field(ge=0, description="All else, writing included.")]
