"""Schemas of the requests and responses of multi-model endpoints.

The names are those of AWS's Multi Model Server, which the platform goes by.
"""

from typing import Annotated, NotRequired
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from typing_extensions import TypedDict

from text_classification.errors import Code, RequestError
from text_classification.serving.models.shared_file import Description

# A request line is 8190 bytes at most, and has a method and the rest of the address too.
LONGEST_NAME = 8000
LONGEST_URL = 4096
# Room for both of them, escaped.
LARGEST_BODY = 1 << 17
MOST_LISTED = 1000


def _addressable(name: str) -> str:
    """Refuse a name that no address can hold: every model that is loaded can be asked."""
    if "\0" in name:
        raise ValueError("it holds the character 0")
    if len(quote(name, safe="")) > LONGEST_NAME:
        raise ValueError(f"it is longer than {LONGEST_NAME} characters, percent-encoded")
    return name


class ModelToLoad(BaseModel):
    """A model to load: its name, which may be anything, and the folder that its files are in."""

    model_config = ConfigDict(frozen=True, extra="ignore", title="ModelToLoad")

    model_name: Annotated[str, Field(min_length=1), AfterValidator(_addressable)]
    url: Annotated[str, Field(min_length=1, max_length=LONGEST_URL)]


class Page(BaseModel):
    """Which of the loaded models to list."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    limit: Annotated[int, Field(ge=1, le=MOST_LISTED)] = Field(
        100, description="How many models to list at most."
    )
    next_page_token: Annotated[str, Field(pattern="^([0-9a-f]{64})?$")] = Field(
        "", description="The `nextPageToken` of the page before."
    )


class ListedModel(TypedDict):
    """A model that is loaded."""

    modelName: str
    modelUrl: str


class ListedModels(TypedDict):
    """Some of the loaded models, with a token where there are more."""

    models: list[ListedModel]
    nextPageToken: NotRequired[str]


class Done(TypedDict):
    """What was done."""

    status: str


def model_to_load(body: bytes) -> ModelToLoad:
    """Return what a body asks to load. Raises ``RequestError`` 400."""
    try:
        return ModelToLoad.model_validate_json(body)
    except ValidationError as error:
        raise _refusal(
            error, Code.BODY_INVALID, 'Send {"model_name": "...", "url": "..."}.'
        ) from None


def page(arguments: dict[str, str]) -> Page:
    """Return what a query asks for. Raises ``RequestError`` 400."""
    try:
        return Page.model_validate(arguments)
    except ValidationError as error:
        raise _refusal(
            error, Code.OPTION_INVALID, "GET /openapi.json describes the query."
        ) from None


def listed_model(description: Description) -> ListedModel:
    """Return what is answered of a model."""
    return {"modelName": description.name, "modelUrl": description.url}


def listed_models(descriptions: list[Description], token: str) -> ListedModels:
    """Return a page; token: that of the next one, empty where there is none."""
    models = [listed_model(each) for each in descriptions]
    return {"models": models, "nextPageToken": token} if token else {"models": models}


def _refusal(error: ValidationError, code: Code, remedy: str) -> RequestError:
    first = error.errors(include_url=False, include_input=False)[0]
    where = str(first["loc"][0]) if first["loc"] else ""
    return RequestError(
        400, code, f"the request is wrong: {first['msg']}", where=where, remedy=remedy
    )
