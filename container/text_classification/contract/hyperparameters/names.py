"""Tell which hyperparameter an unknown name probably meant."""

import difflib
import re
from collections.abc import Sequence

from text_classification.contract.hyperparameters.other_toolkits import ABSENT, SYNONYMS
from text_classification.contract.hyperparameters.schema import NAMES

# Keys that tuning jobs, SDKs and TensorFlow's estimator add by themselves.
ADDED_PREFIXES = ("_", "sagemaker_")
ADDED_NAMES = ("model_dir",)
# How alike two words are that are meant to be the same, by difflib.
ALIKE = 0.75
# Words that say of many hyperparameters how much there is of something, and not of what.
GENERAL = frozenset(
    {
        *("max", "min", "size", "rate", "count", "column", "name", "fraction"),
        "steps",
        "minutes",
        "units",
    }
)


def is_added_by_tools(name: str) -> bool:
    """Tell whether no person, but a tuning job or an SDK, has set a name."""
    return name.startswith(ADDED_PREFIXES) or name in ADDED_NAMES


def advice(unknown: Sequence[str]) -> str:
    """Return what to set in place of unknown names, in a sentence for each that has one."""
    if len(unknown) == 1 and (found := nearest(unknown[0])):
        return f"Did you mean {found}?"
    sentences = list(filter(None, map(_advice, unknown)))
    if len(sentences) < len(unknown):
        sentences.append(f"There are: {', '.join(NAMES)}.")
    return " ".join(sentences)


def nearest(name: str) -> str | None:
    """Return the hyperparameter of nearly the same meaning as a name, None where there is none.

    Not the one with the most letters in common: every word of it stands in the name, or the most
    words do.

    >>> nearest("num_train_epochs"), nearest("learning-rate"), nearest("droput"), nearest("zzz")
    ('epochs', 'learning_rate', 'dropout', None)
    """
    words = _words(name)
    whole = "_".join(words)
    if whole in ABSENT or whole in SYNONYMS:
        return SYNONYMS.get(whole)
    return max(NAMES, key=lambda each: _likeness(words, each)) if _any_alike(words) else None


def _advice(name: str) -> str:
    absent = ABSENT.get("_".join(_words(name)))
    if absent:
        return f"Leave out {_shown(name)}: {absent}."
    found = nearest(name)
    return f"For {_shown(name)}, did you mean {found}?" if found else ""


def _shown(name: str) -> str:
    return f"{name:.40}"


def _any_alike(words: Sequence[str]) -> bool:
    return any(_likeness(words, each)[0] for each in NAMES)


def _likeness(words: Sequence[str], name: str) -> tuple[float, float]:
    """Return how much of a hyperparameter's name is among some words, and how like the wholes are.

    The first is 0 where no word is, unless the names are alike without their underscores.
    """
    own = name.split("_")
    shared = [each for each in own if any(_alike(each, word) >= ALIKE for word in words)]
    whole = _alike("".join(words), "".join(own))
    if GENERAL.issuperset(shared):
        return (1.0 if whole >= ALIKE else 0.0), whole
    return len(shared) / len(own), len(shared) + whole


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _words(name: str) -> list[str]:
    """Return the words of a name, however they are told apart.

    >>> _words("--numTrain-Epochs")
    ['num', 'train', 'epochs']
    """
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name[:100])
    return [word for word in re.split(r"[^a-z0-9]+", snake.lower()) if word]
