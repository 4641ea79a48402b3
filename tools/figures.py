"""The figures that the benchmarks have left in benchmarks/results, as a page to read."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from accuracy_figures import accuracies, accuracy_plot, costs, models_of

RESULTS = Path(__file__).parents[1] / "benchmarks/results"

INTRODUCTION = """\
# Figures

Generated from `benchmarks/results`, where each benchmark leaves what it measured and on what
machine. Whatever is compared was measured in the same run, in turns; a ratio is of medians.
"""

# Benchmark -> what each of its ratios says. Above 1 is in our favour, unless less is better.
RATIOS: Mapping[str, Mapping[str, str]] = {
    "training": {
        "keras_b64": "training step of 64 documents, Keras' time to ours",
        "torch_b64": "the same, PyTorch's time to ours",
        "keras_b256": "training step of 256 documents, Keras' time to ours",
        "torch_b256": "the same, PyTorch's time to ours",
        "keras_heavywater": "an epoch of long documents of many words, Keras' time to ours",
        "million_vocabulary": "step with 1,000,000 tokens to one with 20,000 (less is better)",
    },
    "inference": {
        "ort_dense_single": "one document, one thread, ONNX Runtime's time to ours",
        "keras_single": "the same, Keras' time to ours",
        "fasttext_batch": "documents a second in batches, one thread, ours to fastText's",
        "tfidf_batch": "the same, ours to those of TF-IDF and a linear model",
        "import_time_of_numpy": "import, our time to NumPy's alone (less is better)",
        "import_mb_over_numpy": "import, our memory over NumPy's alone, in MB (less is better)",
    },
    "endpoint": {
        "of_constant": "requests a second, ours to a constant answer's on the same stack",
        "best_peer": "the same, ours to the best other server's",
        "keras_flask": "the same, ours to those of Keras in Flask",
        "batch_best_peer": "documents a second in large bodies, ours to the best other server's",
        "start_keras_flask": "start to the first answer, Keras in Flask's time to ours",
        "memory_4_workers_of_1": "memory of 4 workers to that of one (less is better)",
    },
}
# Part of bench-scale -> what its ratios say, {n} being the documents of most jobs, {f} a tenth and
# {t} ten times of them.
SCALE: Mapping[str, Mapping[str, str]] = {
    "reading": {
        "reading": "csv.gz to ids, {f} documents, documents a second, ours to the former code's"
    },
    "reading_memory": {
        "reading_memory_growth": "memory of reading {n} documents to that of {f} (less is better)"
    },
    "kim": {
        "kim_fasttext": "job of `kim` on {n} documents to fastText's of 5 epochs (less is better)",
        "kim_fasttext_margin": "the same, test accuracy, points above fastText's",
    },
    "classes": {"memory_classes": "`kim`, {n} documents of 1,000 classes, GB at most"},
    "wide": {
        "wide_kim_{f}": "job of `wide` on {f} documents to that of `kim`, time (less is better)",
        "wide_kim_{n}": "the same, {n} documents",
        "wide_{f}": "job of `wide` on {f} documents, the former code's time to ours",
        "memory_{n}": "`wide`, {n} documents, GB at most",
        "classes_1000": "`wide`, {f} documents, time with 1,000 classes to that with 20",
    },
    "growth": {
        "seconds_{t}": "`wide`, {t} documents of 33 words, seconds from start to end",
        "gigabytes_{t}": "the same, GB at most, but for pages of files",
        "memory_growth": "the same, beside labels and offsets, to {n} documents (less is better)",
    },
    "hosts": {
        "hosts_2": "a step of 256 documents, one host's time to that of two",
        "hosts_4": "the same, four hosts, by processor time where they share processors",
    },
}


def figures() -> str:
    """Return docs/figures.md."""
    sections = [INTRODUCTION, *map(_ratios, RATIOS), _accuracy(), *_scale()]
    return "\n".join(sections)


def _ratios(name: str) -> str:
    found = _read(name)
    rows = [(said, _number(found[ratio])) for ratio, said in RATIOS[name].items()]
    return _section(name, found, ("what", "measured"), rows)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"  # noqa: PLR2004


def accuracy_svg() -> str:
    """Return docs/accuracy.svg."""
    return accuracy_plot(_read("accuracy")).svg


def _accuracy() -> str:
    found = _read("accuracy")
    header = ("% of test", *models_of(found).values(), "Kim 2014")
    told = (
        "\nOurs is the default, the same for all sets; Kim's CNN is as he published it, with "
        "word2vec (1.6 GB). Points above the better of SVM and fastText: "
        f"{found['mean_margin']:.2f} on average, {found['worst_margin']:.2f} at the least.\n\n"
    )
    cost = ("", "mean accuracy, %", "training on all sets, s", "documents a second, one thread")
    picture = f"![{accuracy_plot(found).description}](accuracy.svg)"
    times = f"{_table(cost, costs(found))}\n\n{picture}\n"
    return _section("accuracy", found, header, accuracies(found)) + told + times


def _scale() -> list[str]:
    """Return the section of the parts that were measured, each by itself on some machine."""
    rows: list[tuple[str, ...]] = []
    for part, ratios in SCALE.items():
        if (RESULTS / f"scale_{part}.json").exists():
            found = _read(f"scale_{part}")
            most = found["details"]["documents"]
            keys = {"n": most, "f": most // 10, "t": 10 * most}
            sizes = {name: f"{count:,}" for name, count in keys.items()}
            rows += [
                (said.format(**sizes), _number(found[name.format(**keys)]), _where(found))
                for name, said in ratios.items()
            ]
    table = _table(("what", "measured", "on"), rows)
    return [f"## Scale\n\n`make bench-scale`, part by part\n\n{table}\n"] if rows else []


def _section(
    name: str, found: Mapping[str, Any], header: Iterable[str], rows: Iterable[Iterable[str]]
) -> str:
    return (
        f"## {name.capitalize()}\n\n"
        f"`make bench-{name}`, {_where(found)}\n\n{_table(header, rows)}\n"
    )


def _where(found: Mapping[str, Any]) -> str:
    """Return when and on what machine something was measured."""
    machine = found["machine"]
    return f"{machine['date']}, {machine['processor']}, {machine['cores']} cores"


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(header), *map(list, rows)]
    bars = ["---", *("--:" for _ in lines[0][1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in (lines[0], bars, *lines[1:]))


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return found
