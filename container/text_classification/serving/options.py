"""What a caller may ask for besides answers: one schema, wherever the options were written."""

import difflib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from text_classification.errors import Code, RequestError

Presence = Literal["present", "absent"]
TOP = 3
# Each answer repeats the names, so that a small request could ask for an enormous answer.
MOST_FIELDS = 100
FieldName = Annotated[str, Field(max_length=200)]
# What a place says: the names of options and their values, strings or JSON.
Given = Mapping[str, Any]


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _names(value: Any) -> Any:
    """Split ``id,page`` into names; pydantic types what is left."""
    if isinstance(value, str):
        return [name for part in value.split(",") if (name := part.strip())]
    return value


class Options(BaseModel):
    """The options of a request; those of JSON bodies, headers and media types are the same."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Options")

    top_k: Annotated[
        Annotated[int, Field(ge=1)] | Literal["all"] | None, BeforeValidator(_lower)
    ] = Field(TOP, description="How many labels `top` lists, best first; `all` or null for all.")
    k: Annotated[int, Field(ge=1)] | None = Field(
        None, description="BlazingText's name for `top_k`; it counts where both are given."
    )
    explain: bool = Field(
        default=False, description="Whether to say what each token added to the label's logit."
    )
    fields: Annotated[tuple[FieldName, ...], BeforeValidator(_names)] = Field(
        (),
        max_length=MOST_FIELDS,
        description="Fields of each record that are given back with its answer, such as `id`; "
        "`*` for all but the text. In headers the names stand between commas.",
    )
    strict: bool = Field(
        default=False,
        description="Whether a bad record fails the request with 400; else it gets an error in "
        "place of its answer, where there is a good one beside it, and in batch transform always.",
    )
    shape: Literal["own", "blazingtext"] = Field(
        "own",
        description="`blazingtext` answers as BlazingText does, with `label` and `prob` as lists; "
        "so does a request in its shape (`configuration`, or `source` in JSON Lines).",
    )
    text_column: str = Field(
        "",
        coerce_numbers_to_str=True,
        max_length=200,
        description="The field or column that holds the text, in CSV also its number counted "
        "from 0; by default the usual names.",
    )
    header: Annotated[Presence, BeforeValidator(_lower)] | None = Field(
        None,
        description="Whether the first row of a CSV body names its columns; by default it does "
        "where it names the text column.",
    )
    answer_header: Annotated[Presence, BeforeValidator(_lower)] | None = Field(
        None,
        description="Whether a CSV answer begins with its columns' names, as `header` in `Accept` "
        "asks too; by default it does not.",
    )
    lines: bool = Field(
        default=False, description="Whether each line of a plain text is a document of its own."
    )

    @property
    def listed(self) -> int | None:
        """How many labels an answer lists; None for all."""
        if self.k is not None:
            return self.k
        if self.shape == "blazingtext" and "top_k" not in self.model_fields_set:
            return 1
        return self.top_k if isinstance(self.top_k, int) else None


def read_options(places: Mapping[str, Given]) -> Options:
    """Return the options that were given in some places, by their names; a later place counts.

    Raises ``RequestError`` 400 for an unknown option or a wrong value, with the place.
    """
    given = {name: value for options in places.values() for name, value in options.items()}
    try:
        return Options.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0])
    where = [place for place, options in places.items() if name in options][-1]
    if name not in Options.model_fields:
        raise _unknown(name, where)
    raise RequestError(
        400,
        Code.OPTION_INVALID,
        f"the option {name} is wrong: {first['msg']}",
        where=where,
        remedy="GET /openapi.json describes the options.",
    )


def options_among(given: Given) -> Given:
    """Return what a header gives as options, or was meant to.

    The rest is passed over. Media types have parameters of their own, which the container before
    this one in a pipeline may have set, as ``application/jsonlines;data=text``; and a caller's
    custom attributes are his own.
    """
    return {
        name: value
        for name, value in given.items()
        if name in Options.model_fields or _nearest(name)
    }


def _nearest(name: str) -> list[str]:
    return difflib.get_close_matches(name[:40], Options.model_fields, n=1)


def _unknown(name: str, where: str) -> RequestError:
    nearest = _nearest(name)
    return RequestError(
        400,
        Code.OPTION_INVALID,
        f"there is no option {name!r:.40}",
        where=where,
        remedy=f"Did you mean {nearest[0]}?"
        if nearest
        else f"There are {', '.join(Options.model_fields)}.",
    )
