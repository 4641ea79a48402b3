"""Hyperparameters from the command line, held against the image's own schema."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.search_space import SearchSpace
from text_classification.errors import TextClassificationError
from text_classification.training.hyperparameters.job_search_space import search_space
from text_classification.training.hyperparameters.parse import parse_hyperparameters
from textcnn.errors import CommandError, Exit

# SageMaker's limits.
MOST = 100
LONGEST = 2500


def read(settings: Iterable[str], file: Path | None, **own: str) -> dict[str, str]:
    """Return what --hyperparameters, --set and other options (own) say, as SageMaker takes it.

    --set wins over the file. Raises ``CommandError`` for what the image would refuse.
    """
    given = dict(_of_file(file)) if file else {}
    given |= dict(map(_setting, settings))
    for name, value in own.items():
        if given.get(name, value) != value:
            raise CommandError(f"{name} is set twice", "Leave out one of them.", Exit.USAGE)
        given[name] = value
    check(given)
    return given


def check(given: Mapping[str, str]) -> tuple[Hyperparameters, SearchSpace]:
    """Return what the image makes of hyperparameters, and what it would search.

    Raises ``CommandError`` in the image's own words.
    """
    _check_limits(given)
    try:
        read_by_image = parse_hyperparameters(given)
        return read_by_image, search_space(read_by_image)
    except TextClassificationError as error:
        raise CommandError(error.message, error.remedy, Exit.USAGE) from None


def _of_file(file: Path) -> dict[str, str]:
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}", "", Exit.USAGE) from None
    except ValueError as error:
        raise CommandError(f"{file} is no JSON: {error}", "", Exit.USAGE) from None
    if not isinstance(values, dict):
        raise CommandError(f"{file} holds no JSON object", 'Write {"recipe": "wide"}.', Exit.USAGE)
    return {name: _text(value) for name, value in values.items()}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise CommandError(f"--set {text} names no value", "Write --set epochs=20.", Exit.USAGE)
    return name.strip(), value


def _check_limits(given: Mapping[str, str]) -> None:
    if len(given) > MOST:
        raise CommandError(
            f"SageMaker takes {MOST} hyperparameters; these are {len(given)}", "", Exit.USAGE
        )
    for name, value in given.items():
        if len(value) > LONGEST:
            raise CommandError(
                f"{name} has {len(value)} characters; SageMaker takes {LONGEST}", "", Exit.USAGE
            )
