"""What a benchmark prints, and the file it leaves."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.rounds import Samples

RESULTS = Path(__file__).with_name("results")


@dataclass
class Findings:
    """What has been measured: the ratios (or scores) by name, and what led to them."""

    ratios: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


def show_table(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table: the first column to the left, numbers to the right."""
    lines = [list(header), *map(list, rows)]
    sizes = [max(map(len, column)) for column in zip(*lines, strict=True)]
    print(f"\n{title}")
    for first, *others in lines if any(header) else lines[1:]:
        cells = [f"{cell:>{size}}" for cell, size in zip(others, sizes[1:], strict=True)]
        print("  ".join(["", f"{first:<{sizes[0]}}", *cells]).rstrip(), flush=True)


def show_samples(title: str, unit: str, samples: Samples) -> None:
    """Print the median of each measure, how far it strayed, and its ratio to the first one's."""
    base = median(next(iter(samples.values())))
    rows = [
        [name, *map(number, (median(values), min(values), max(values), median(values) / base))]
        for name, values in samples.items()
    ]
    show_table(title, (unit, "median", "least", "most", "ratio"), rows)


def publish(name: str, findings: Findings, machine: Mapping[str, Any]) -> None:
    """Write ``results/NAME.json`` and print the findings as the last line."""
    RESULTS.mkdir(exist_ok=True)
    rounded = _rounded({**findings.ratios, "details": findings.details})
    path = RESULTS / f"{name}.json"
    text = json.dumps({**rounded, "machine": machine}, indent=2, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")
    print(f"\nwritten to {path}")
    print(f"RESULT {json.dumps(rounded, ensure_ascii=False)}", flush=True)


def number(value: float) -> str:
    """Write a number with the digits that a measurement deserves.

    >>> number(1234.5), number(12.345), number(0.01234)
    ('1,234', '12.3', '0.0123')
    """
    return f"{value:,.0f}" if value >= 1000 else f"{value:#.3g}".rstrip(".")  # noqa: PLR2004


def _rounded(value: Any) -> Any:
    """Round the floating-point numbers in a JSON value to four digits."""
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    return float(f"{value:.4g}") if isinstance(value, float) else value
