"""Folders of documents, as a person has them."""

import csv
from pathlib import Path

from letters import letters


def write_letters(path: Path, count: int, seed: int = 1) -> Path:
    """Write letters of two or more labels into a CSV file; other seeds, other letters."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = [(letter.label, letter.text) for letter in letters(count, seed=seed)]
        csv.writer(file).writerows([("label", "text"), *rows])
    return path
