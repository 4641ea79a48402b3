"""The notebooks: each runs from top to bottom, and what is shown of it is of its source."""

from pathlib import Path

import pytest

from tests.notebooks.tool import NOTEBOOKS, run
from tests.support.skipping import skip

pytestmark = pytest.mark.long
# The most seconds that one may take, on a machine that does other things beside.
LIMIT = 900
LARGEST_BYTES = 1_500_000
# What the tool answers where a notebook's environment is not there.
NOT_HERE = 3

SOURCES = sorted(NOTEBOOKS.glob("[0-9]_*.py"))


def test_each_source_has_its_notebook_and_none_is_left_over():
    assert SOURCES
    assert {path.stem for path in NOTEBOOKS.glob("*.ipynb")} == {path.stem for path in SOURCES}


@pytest.mark.exhaustive
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_runs_from_top_to_bottom_and_is_of_its_source(source: Path):
    """The last cell of each asserts that nothing is left of what it made."""
    checked = run("--check", source.stem, "--seconds", str(LIMIT), timeout=LIMIT + 60)
    if checked.returncode == NOT_HERE:
        skip(checked.stderr)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_is_small_enough_to_be_shown_by_code_hosts(source: Path):
    assert source.with_suffix(".ipynb").stat().st_size < LARGEST_BYTES
