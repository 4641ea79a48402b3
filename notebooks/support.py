"""What the notebooks share: where the project lies, one look of all pictures, words in colour."""

import os
import sys
import warnings
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import matplotlib as mpl
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib_inline.backend_inline import set_matplotlib_formats

ROOT = Path(__file__).parents[1]
# Colours that people with any colour vision can tell apart (Okabe and Ito 2008), and two greys.
BLUE, SKY, GREEN = "#0072B2", "#56B4E9", "#009E73"
ORANGE, YELLOW, PINK = "#D55E00", "#E69F00", "#CC79A7"
INK, GREY, LIGHT = "#1f2328", "#6e7781", "#d1d9e0"

_LOOK: dict[Any, Any] = {
    "figure.dpi": 80,
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "font.size": 10,
    "text.color": INK,
    "text.parse_math": False,  # a document may hold dollar signs
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlepad": 10,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": LIGHT,
    "grid.linewidth": 0.6,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
}


def visit(
    address: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Ask a page's domain as a browser does; return status, headers in small letters, and body.

    Browsers know every name below localhost for their own machine. Python does not, so it asks
    127.0.0.1 and says the name.
    """
    place = urlsplit(address)
    host = place.netloc
    if place.hostname and place.hostname.endswith(".localhost"):
        place = place._replace(netloc=f"127.0.0.1:{place.port}")
    given = {"Host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    asked = Request(place._replace(path=path).geturl(), data=body, headers=given)  # noqa: S310
    try:
        answer = urlopen(asked)  # noqa: S310 - it is the page's own address
    except HTTPError as error:
        answer = error
    with answer:
        told = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status, told, answer.read()


def prepare() -> None:
    """Put the project's packages in reach of this notebook and its programs; set the look."""
    folders = [str(ROOT / name) for name in ("container", "cloud", "local_test")]
    sys.path[:0] = folders
    os.environ["PYTHONPATH"] = os.pathsep.join(folders)
    mpl.rcParams.update(_LOOK)
    set_matplotlib_formats("retina")  # pictures of twice as many pixels
    # Optuna's progress bars want widgets; there are none to be drawn here.
    warnings.filterwarnings("ignore", "IProgress not found")


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Write a name beside each row of a picture, the first on top."""
    axes.set_yticks(range(len(names)), list(names))
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params("y", length=0)
    axes.grid(visible=False, axis="y")


def coloured_words(title: str, words: Sequence[str], values: Iterable[float]) -> HTML:
    """Return words on a ground that is the stronger, the more each says.

    A value above 0 is blue with a line below, one below 0 orange with a dotted line. The grounds
    let the page's own colours through, so they can be read on light and dark pages.
    """
    values = list(values)
    strongest = max((abs(value) for value in values), default=0) or 1
    shown = " ".join(
        _coloured(word, value, abs(value) / strongest)
        for word, value in zip(words, values, strict=True)
    )
    style = "max-width: 62em; line-height: 1.9; margin: 0.4em 0 1.2em"
    return HTML(f'<div style="{style}"><b>{escape(title)}</b><br>{shown}</div>')


def _coloured(word: str, value: float, strength: float) -> str:
    if strength < 0.05:  # noqa: PLR2004 - too little to be seen
        return escape(word)
    colour, line = ("0, 114, 178", "solid") if value > 0 else ("213, 94, 0", "dotted")
    style = (
        f"background: rgba({colour}, {0.5 * strength:.2f}); padding: 1px 2px; border-radius: 3px; "
        f"border-bottom: 2px {line} rgba({colour}, {min(1, strength + 0.2):.2f})"
    )
    return f'<span style="{style}" title="{value:+.2f}">{escape(word)}</span>'
