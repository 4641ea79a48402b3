"""The one look of all figures, and SVG that a page can hold: its colours, its words, no font."""

import io
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

from cycler import cycler
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK = "#1f2328"
MUTED = "#59636e"
GRID = "#d1d9e0"
PAPER = "#ffffff"
BLUE = "#0b5cad"
ORANGE = "#b35400"
# Each colour and what stands for it on a dark page. On the page's own, those that are written in
# have a contrast of 4.5 at least.
DARK = {
    INK: "#e6edf3",
    MUTED: "#9da7b3",
    GRID: "#3d444d",
    PAPER: "#0d1117",
    BLUE: "#6cb2ff",
    ORANGE: "#ffa657",
    "#1a7f37": "#56d364",
    "#8250df": "#d2a8ff",
    "#cf222e": "#ff7b72",
    "#0e7c86": "#4fd1d9",
    "#bf3989": "#f778ba",
    "#7a5c00": "#e3b341",
}
SERIES = tuple(DARK)[4:]
WIDTH = 9.0  # inches, the width of the page
ROW = 0.15  # inches that the row of a class takes
# Classes that are told apart by colour.
MOST_COLOURED = len(SERIES)
LONGEST_NAME = 32

_LOOK: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "report",
    "text.parse_math": False,  # a label may hold dollar signs
    "axes.unicode_minus": False,
    "font.family": "DejaVu Sans",  # comes with Matplotlib; wider than what pages are shown in
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.labelsize": 9,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.fontsize": 8.5,
    "legend.frameon": True,
    "legend.facecolor": PAPER,
    "legend.edgecolor": PAPER,
    "legend.framealpha": 0.85,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.edgecolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.facecolor": PAPER,
    "figure.facecolor": PAPER,
    "axes.prop_cycle": cycler(color=SERIES),
    "lines.linewidth": 1.6,
}
_STYLE = re.compile(r"<style.*?</style>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_REFERENCE = re.compile(r'(\bid="|href="#|url\(#)')
_COLOUR = re.compile("|".join(DARK))
Parameters = ParamSpec("Parameters")


@dataclass(frozen=True)
class Drawing:
    """A drawn figure: its file's name, its heading, what it shows in words, and the SVG file."""

    name: str
    title: str
    description: str
    svg: str

    @property
    def inline(self) -> str:
        """The SVG as an HTML page holds it: colours are the page's, ids the figure's own."""
        body = _STYLE.sub("", self.svg[self.svg.index("<svg ") :], count=1)
        return _TAG.sub(lambda tag: self._of_the_page(tag[0]), body)

    def _of_the_page(self, tag: str) -> str:
        tag = _COLOUR.sub(lambda colour: f"var({variable(colour[0])})", tag)
        return _REFERENCE.sub(rf"\g<1>{self.name}-", tag)


def variable(colour: str) -> str:
    """Return the name of the CSS variable that stands for a colour.

    >>> variable("#1f2328")
    '--c-1f2328'
    """
    return f"--c-{colour[1:]}"


def drawing(
    name: str, title: str
) -> Callable[[Callable[Parameters, tuple[Figure, str]]], Callable[Parameters, Drawing]]:
    """Have a function draw in the common look; it returns a figure and what it shows, in words."""

    def decorate(
        draw: Callable[Parameters, tuple[Figure, str]],
    ) -> Callable[Parameters, Drawing]:
        @wraps(draw)
        def drawn(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Drawing:
            with rc_context(_LOOK), warnings.catch_warnings():
                # The font only measures; readers have letters that it lacks.
                warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
                figure, description = draw(*args, **kwargs)
                return Drawing(name, title, description, _svg(figure))

        return drawn

    return decorate


def panels(height: float, columns: int = 1) -> tuple[Figure, list[Axes]]:
    """Return a figure as wide as the page, ``height`` in inches, and its panels side by side."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, list(figure.subplots(1, columns, squeeze=False)[0])


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Give each row of a panel the name of its class, the first on top."""
    axes.set_yticks(range(len(names)), [short(name) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params("y", length=0)
    axes.grid(visible=False, axis="y")


def height_of_rows(count: int) -> float:
    """Return the inches that the rows of so many classes take."""
    return max(count * ROW, 0.6)


def percent(share: float) -> str:
    r"""Return a share as words hold it, with a space that does not break.

    >>> percent(0.9426)
    '94.3\xa0%'
    """
    return f"{100 * share:.1f}\xa0%"


def short(name: str) -> str:
    """Return the name of a class, cut to what a figure has room for."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _svg(figure: Figure) -> str:
    file = io.StringIO()
    # No date, so that the same job gives the same files.
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(file, format="svg", metadata=nothing)
    return file.getvalue()
