"""Pairs of bars, at training and now, as SVG that follows the page's colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 640
HEIGHT = 150
AXIS = 22
ROW = 34
NAME = 190
LARGEST_NAME = 24
MOST_LABELS = 20


@dataclass(frozen=True)
class Pair:
    """Two shares of the same thing."""

    name: str
    before: float
    now: float


def histogram(before: Sequence[int], now: Sequence[int], title: str) -> str:
    """Return two histograms over 0 to 1 beside each other in each bin."""
    firsts, seconds = _shares(before), _shares(now)
    largest = max([*firsts, *seconds]) or 1.0
    step = WIDTH / len(firsts)
    bars = []
    for index, (first, second) in enumerate(zip(firsts, seconds, strict=True)):
        left = index * step
        bars += [
            _upright(left + 0.1 * step, 0.4 * step, first / largest, "before"),
            _upright(left + 0.5 * step, 0.4 * step, second / largest, "now"),
        ]
    ticks = [
        f'<text x="{share * WIDTH:.0f}" y="{HEIGHT + 16}" text-anchor="{anchor}">{share:g}</text>'
        for share, anchor in ((0, "start"), (0.25, "middle"), (0.5, "middle"), (0.75, "middle"))
    ]
    ticks.append(f'<text x="{WIDTH}" y="{HEIGHT + 16}" text-anchor="end">1</text>')
    line = f'<path class="axis" d="M0 {HEIGHT + 0.5}H{WIDTH}"/>'
    return _drawing(HEIGHT + AXIS, title, [*bars, line, *ticks])


def label_bars(pairs: Sequence[Pair], title: str) -> str:
    """Return two bars for each label, with its name before them and the shares behind."""
    largest = max((max(each.before, each.now) for each in pairs), default=0.0) or 1.0
    room = WIDTH - NAME - 60
    parts = []
    for index, each in enumerate(pairs):
        top = index * ROW
        parts.append(f'<text x="0" y="{top + 20}">{escape(_short(each.name))}</text>')
        for share, place, kind in ((each.before, top + 4, "before"), (each.now, top + 17, "now")):
            length = room * share / largest
            left = f'x="{NAME + length + 6:.1f}" y="{place + 10}"'
            parts += [
                f'<rect class="{kind}" x="{NAME}" y="{place}" width="{length:.1f}" height="11"/>',
                f'<text class="small" {left}>{share:.1%}</text>',
            ]
    return _drawing(len(pairs) * ROW, title, parts)


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts) or 1
    return [count / total for count in counts]


def _upright(left: float, width: float, share: float, kind: str) -> str:
    height = share * (HEIGHT - 4)
    return (
        f'<rect class="{kind}" x="{left:.1f}" y="{HEIGHT - height:.1f}" width="{width:.1f}" '
        f'height="{height:.1f}"/>'
    )


def _drawing(height: int, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )


def _short(name: str) -> str:
    return name if len(name) <= LARGEST_NAME else f"{name[: LARGEST_NAME - 1]}…"
