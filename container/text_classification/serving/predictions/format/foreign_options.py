"""Options by the names of Hugging Face: what they mean here, or why they are refused."""

from collections.abc import Mapping
from typing import Any

from text_classification.contract.values import Declared, Kind, choice, flag, whole


def _truncation() -> Kind:
    """Return the kind of ways to cut a long document: what the network does anyway."""

    def convert(value: Any) -> str:
        word = str(value).strip().lower()
        if word not in {"true", "only_first", "longest_first"}:
            raise ValueError
        return word

    words = "true: the network reads so many tokens alone, and `truncated` tells of more"
    return Kind(words, {"enum": [True, "only_first", "longest_first"]}, convert)


def _padding() -> Kind:
    """Return the kind of ways to fill up short documents, which change no response."""
    return Kind("true or false, or a word", {"type": ["boolean", "string"]}, str)


def _never() -> Kind:
    """Return the kind of what is always refused."""

    def convert(value: Any) -> Any:
        raise ValueError(value)

    words = "to be chosen: the model reads as many tokens as it was trained with"
    return Kind(words, {"not": {}}, convert)


# The options by their names.
FOREIGN: Mapping[str, Declared] = {
    "return_all_scores": Declared(
        flag(), "True is `top_k=all` here, false `top_k=1`; `top_k` goes before it.", None, ""
    ),
    "function_to_apply": Declared(
        choice("softmax", "default"), "Scores are a softmax; others are refused.", None, ""
    ),
    "truncation": Declared(
        _truncation(), "Long documents are truncated anyway; others are refused.", None, ""
    ),
    "padding": Declared(_padding(), "It changes no answer.", None, ""),
    "batch_size": Declared(whole(1), "It changes no answer.", None, ""),
    "max_length": Declared(_never(), "It is refused: the model has its own.", None, ""),
}


def translated(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return options with those of other names translated, or left out where they ask for nothing.

    >>> translated({"return_all_scores": True, "truncation": "true", "explain": True})
    {'explain': True, 'top_k': 'all'}
    """
    own = {name: value for name, value in values.items() if name not in FOREIGN}
    if "return_all_scores" in values:
        own.setdefault("top_k", "all" if values["return_all_scores"] else 1)
    return own
