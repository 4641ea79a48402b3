"""The options of a prediction request: one schema, wherever a client writes them."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from text_classification.contract.delimiters import Delimiter
from text_classification.contract.values import (
    Declared,
    choice,
    declarations,
    declared,
    either,
    flag,
    names,
    null,
    text,
    whole,
)
from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.format.foreign_options import FOREIGN, translated

Presence = Literal["present", "absent"]
# Each answer repeats the names, so that a small request could ask for an enormous answer.
MOST_FIELDS = 100
LONGEST_NAME = 200
# What a place says: the names of options and their values, strings or JSON.
Given = Mapping[str, Any]


@dataclass(frozen=True)
class Options:
    """The options of a request; those of JSON bodies, headers and media types are the same."""

    top_k: int | Literal["all"] | None = declared(
        either(whole(1), choice("all"), null()),
        "How many labels `top` lists, best first; `all` or null for all.",
        default=3,
    )
    k: int | None = declared(
        either(whole(1), null()),
        "BlazingText's name for `top_k`; it counts where both are given.",
        default=None,
    )
    explain: bool = declared(
        flag(),
        "Whether to say what each token added to the label's logit.",
        default=False,
    )
    explain_label: str = declared(
        text(),
        "The label whose logit `explain` tells of; by default each document's best.",
        default="",
    )
    fields: tuple[str, ...] = declared(
        names(MOST_FIELDS, LONGEST_NAME),
        "Fields of each record that are given back with its answer, such as `id`; "
        "`*` for all but the text. In headers the names stand between commas.",
        default=(),
    )
    strict: bool = declared(
        flag(),
        "Whether a bad record fails the request with 400; else it gets an error in "
        "place of its answer, where there is a good one beside it, and in batch transform always.",
        default=False,
    )
    shape: Literal["own", "blazingtext"] = declared(
        choice("own", "blazingtext"),
        "`blazingtext` answers as BlazingText does, with `label` and `prob` as lists; "
        "so does a request in its shape (`configuration`, or `source` in JSON Lines).",
        default="own",
    )
    text_column: str = declared(
        text(LONGEST_NAME),
        "The field or column that holds the text, in CSV and lists also its number counted "
        "from 0; several with commas between them are joined. By default the model's own and the "
        "usual names.",
        default="",
    )
    header: Presence | None = declared(
        either(choice(*get_args(Presence)), null()),
        "Whether the first row of a CSV body names its columns; by default it does "
        "where it names the text column, see requests.md.",
        default=None,
    )
    answer_header: Presence | None = declared(
        either(choice(*get_args(Presence)), null()),
        "Whether a CSV answer begins with its columns' names, as `header` in `Accept` "
        "asks too; by default it does not.",
        default=None,
    )
    delimiter: Delimiter | None = declared(
        either(choice(*get_args(Delimiter)), null()),
        "What separates the fields of a CSV body; by default a comma, or what separates the names "
        "of a header. Without known names, rows that look like those of another are refused.",
        default=None,
    )
    lines: bool | None = declared(
        either(flag(), null()),
        "Whether each line of a plain text is a document of its own; by default in batch "
        "transform alone.",
        default=None,
    )
    scores: bool = declared(
        flag(),
        "Whether an answer also has `labels` and `scores`: all labels in the model's order, the "
        "same in every answer, and their scores; in CSV a list each, behind the best labels.",
        default=False,
    )
    model: bool = declared(
        flag(),
        "Whether a JSON answer says what gave it: the model's name, date of training, scores, "
        "number of labels and limits. Other media types and BlazingText's shape have no place "
        "for that, and are refused with 400.",
        default=False,
    )
    timing: bool = declared(
        flag(),
        "Whether a JSON answer says how long it took, in milliseconds of the server's; "
        "where `model` is refused, so is this.",
        default=False,
    )

    @property
    def listed(self) -> int | None:
        """How many labels a response lists; None for all."""
        if self.k is not None:
            return self.k
        return self.top_k if isinstance(self.top_k, int) else None


# The options by their names.
OPTIONS: Mapping[str, Declared] = declarations(Options)
# Options that everyday words are near: a caller's own mode, code or time is none of them misspelt.
_EVERYDAY = frozenset({"model", "timing"})


def read_options(places: Mapping[str, Given]) -> Options:
    """Return the options that were given in some places, by their names; a later place counts.

    Raises ``RequestError`` 400 for an unknown option or a wrong value, with the place.
    """
    places_of = {name: place for place, options in places.items() for name in options}
    values = {name: _read(name, places[place][name], place) for name, place in places_of.items()}
    if not FOREIGN.keys().isdisjoint(values):
        values = translated(values)
    if values.get("shape") == "blazingtext":
        values.setdefault("top_k", 1)
    return Options(**values)


def _read(name: str, value: Any, place: str) -> Any:
    option = OPTIONS.get(name) or FOREIGN.get(name)
    if option is None:
        raise _unknown(name, place)
    try:
        return option.kind.read(value)
    except ValueError as error:
        raise RequestError(
            400,
            Code.OPTION_INVALID,
            f"the option {name} is wrong: {error}",
            where=place,
            remedy="GET /openapi.json describes the options.",
        ) from None


def options_among(given: Given) -> Given:
    """Return what a header gives as options, or was meant to.

    The rest is passed over. Media types have parameters of their own, which the container before
    this one in a pipeline may have set, as ``application/jsonlines;data=text``; and a caller's
    custom attributes are his own.
    """
    return {name: value for name, value in given.items() if _is_meant(name)}


def _is_meant(name: str) -> bool:
    return name in OPTIONS or name in FOREIGN or not _EVERYDAY.issuperset(_nearest(name))


def _nearest(name: str) -> list[str]:
    return difflib.get_close_matches(name[:40], OPTIONS, n=1)


def _unknown(name: str, where: str) -> RequestError:
    nearest = _nearest(name)
    return RequestError(
        400,
        Code.OPTION_INVALID,
        f"there is no option {name!r:.40}",
        where=where,
        remedy=f"Did you mean {nearest[0]}?" if nearest else f"There are {', '.join(OPTIONS)}.",
    )
