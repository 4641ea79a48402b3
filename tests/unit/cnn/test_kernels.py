"""The compiled kernels against their NumPy twins, and what they refuse."""

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.skipping import skip
from tests.support.training import ROOT, environment
from text_classification.cnn import kernels, twins
from text_classification.cnn.configuration import Floats
from text_classification.corpus.encoded import Ids, Indices

seeds = st.integers(0, 2**32 - 1)


@pytest.fixture(autouse=True)
def _compiled() -> None:
    """The tests below compare nothing where there is no compiled library."""
    if kernels.library() is None:
        skip("the kernels are not compiled: make kernels needs a C compiler")


class Case:
    """A random batch: any widths, filters, embedding size and lengths."""

    def __init__(self, seed: int) -> None:
        generator = np.random.default_rng(seed)
        self.widths = tuple(
            generator.choice(np.arange(1, 13), generator.integers(1, 5), replace=False).tolist()
        )
        self.filters = int(generator.integers(1, 70))
        self.size = int(generator.integers(1, 70))
        self.distinct = int(generator.integers(1, 40))
        lengths = max(self.widths) + generator.integers(0, 30, generator.integers(1, 9))
        self.offsets: Indices = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        self.positions: Ids = generator.integers(0, self.distinct, self.offsets[-1]).astype(
            np.int32
        )
        rows = sum(self.widths) * self.filters
        self.kernels: Floats = generator.normal(size=(rows, self.size)).astype(np.float32)
        self.embedded: Floats = generator.normal(size=(self.distinct, self.size)).astype(np.float32)
        shape = (len(lengths), len(self.widths) * self.filters)
        kept = generator.random(shape) < 0.5
        self.gradient: Floats = (generator.normal(size=shape) * kept).astype(np.float32)

    @property
    def projected(self) -> Floats:
        return self.embedded @ self.kernels.T


@settings(deadline=None)
@given(seeds, st.integers(1, 4))
def test_pooling_equals_its_twin(seed: int, threads: int) -> None:
    """Maxima to the bit, and the first window where several are equal."""
    case = Case(seed)
    arguments = case.projected, case.positions, case.offsets, case.widths, case.filters
    best, where = kernels.pool_forward(*arguments, threads=threads)
    expected, first = twins.pool_forward(*arguments)
    np.testing.assert_allclose(best, expected, rtol=1e-5, atol=1e-5)
    assert (where == first).mean() > 0.99  # sums in another order may turn a near tie


@settings(deadline=None)
@given(seeds, st.integers(1, 4))
def test_way_back_equals_its_twin(seed: int, threads: int) -> None:
    """Gradients of embedded tokens and kernels, to rounding."""
    case = Case(seed)
    _, where = twins.pool_forward(
        case.projected, case.positions, case.offsets, case.widths, case.filters
    )
    arguments = (
        case.gradient,
        where,
        case.positions,
        case.offsets,
        case.widths,
        case.embedded,
        case.kernels,
    )
    for ours, expected in zip(
        kernels.pool_backward(*arguments, threads=threads),
        twins.pool_backward(*arguments),
        strict=True,
    ):
        np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-4)


@given(st.lists(st.integers(0, 49), max_size=200))
def test_distinct_ids(values: list[int]) -> None:
    """Each id once, the batch put together again from them, the table as it was."""
    ids, table = np.array(values, np.int32), np.full(50, -1, np.int32)
    found, positions = kernels.distinct_ids(ids, table)
    assert sorted(found.tolist()) == sorted(set(values)) == twins.distinct_ids(ids)[0].tolist()
    assert found[positions].tolist() == values
    assert (table == -1).all()


@settings(deadline=None)
@given(seeds, st.integers(1, 4))
def test_adam_equals_its_twin(seed: int, threads: int) -> None:
    """Only the named rows change, and as the twin changes them."""
    generator = np.random.default_rng(seed)
    rows, size = (int(number) for number in generator.integers(1, 50, 2))
    ids = generator.permutation(rows)[: generator.integers(0, rows + 1)].astype(np.int32)
    weights, mean, square = np.abs(generator.normal(size=(3, rows, size))).astype(np.float32)
    theirs = weights.copy(), mean.copy(), square.copy()
    gradient = generator.normal(size=(len(ids), size)).astype(np.float32)
    constants = 0.01, 0.1, 0.001, 1e-7
    kernels.adam_rows(weights, mean, square, gradient, ids, *constants, threads=threads)
    twins.adam_rows(theirs[0], theirs[1], theirs[2], gradient, ids, *constants)
    for one, other in zip((weights, mean, square), theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_bounds_are_checked_before_c_sees_them() -> None:
    """Ids out of range, documents too short, wrong types and wrong shapes are refused."""
    case = Case(1)
    good = case.projected, case.positions, case.offsets, case.widths, case.filters
    beyond = case.positions.copy()
    beyond[-1] = case.distinct
    short = case.offsets.copy()
    short[-2] = short[-1]
    for arguments in (
        (good[0], beyond, *good[2:]),
        (good[0], -beyond - 1, *good[2:]),
        (*good[:2], short, *good[3:]),
        (good[0].astype(np.float64), *good[1:]),
        (np.asfortranarray(good[0]), *good[1:]),
        (*good[:4], case.filters + 1),
        (*good[:3], (70,), case.filters),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            kernels.pool_forward(*arguments, threads=1)
    with pytest.raises(ValueError, match="not in"):
        kernels.distinct_ids(np.array([5], np.int32), np.full(5, -1, np.int32))


def _pool_in_child(expected: Floats) -> None:
    case = Case(3)
    arguments = case.projected, case.positions, case.offsets, case.widths, case.filters
    best, _ = kernels.pool_forward(*arguments, threads=4)
    os._exit(0 if np.array_equal(best, expected) else 1)


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_forked_child_computes_after_its_parent_did() -> None:
    """Threads of the parent do not live in the child; the child starts its own."""
    case = Case(3)
    arguments = case.projected, case.positions, case.offsets, case.widths, case.filters
    best, _ = kernels.pool_forward(*arguments, threads=4)
    child = multiprocessing.get_context("fork").Process(target=_pool_in_child, args=(best,))
    child.start()
    child.join(30)
    assert child.exitcode == 0


@pytest.mark.parametrize("flags", [("-DNO_DISPATCH",), ("-DNO_DISPATCH", "-O3")])
def test_sanitizers_find_nothing(tmp_path: Path, flags: tuple[str, ...]) -> None:
    """The same comparisons pass under the address and undefined-behaviour sanitizers."""
    library = tmp_path / "kernels.so"
    source = ROOT / "container/text_classification/cnn/kernels.c"
    sanitize = "-fsanitize=address,undefined"
    options = ("-g", "-O1", sanitize, "-fno-sanitize-recover=all", "-fPIC", "-shared", *flags)
    subprocess.run(["gcc", *options, "-o", library, source, "-lm"], check=True)
    runtime = subprocess.run(
        ["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True
    )
    command = "from tests.unit.cnn.sanitized import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", command, str(library)],
        cwd=ROOT,
        env={
            **environment(tmp_path),
            "LD_PRELOAD": runtime.stdout.strip(),
            "ASAN_OPTIONS": "detect_leaks=0",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    assert "compared 200 cases" in result.stdout
