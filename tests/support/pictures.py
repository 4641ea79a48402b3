"""Screenshots: kept for people, and compared with small references that survive other machines.

Letters are those of one font everywhere (``tests/support/browser.py``), but browsers draw them a
little differently from version to version. So a picture is shrunk until letters are grey, and what
is compared is where ink, rules and bars are. A part that moves, goes or changes its colours is
found; a letter that is drawn anew is not, and need not be.
"""

import os
from pathlib import Path

from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Page

from tests.support.training import ROOT

KEPT = ROOT / ".screenshots"
REFERENCE = ROOT / "tests/web/reference"
# A pixel of a reference stands for so many in each direction.
SHRUNK = 20
# Of 255: what a pixel may differ by, and how many of a thousand may differ by more.
DIFFERENCE = 24
DIFFERING = 15
UPDATE = "UPDATE_SCREENSHOTS"


def compare(page: Page, name: str) -> None:
    """Keep a picture of the whole page; fail where it is not like its reference.

    With UPDATE_SCREENSHOTS set, it becomes the reference instead.
    """
    KEPT.mkdir(exist_ok=True)
    path = KEPT / f"{name}.png"
    page.screenshot(path=path, full_page=True, animations="disabled", caret="hide")
    small = _shrunk(path)
    reference = REFERENCE / f"{name}.png"
    if os.environ.get(UPDATE):
        small.save(reference, optimize=True)
    with Image.open(reference) as known:
        problem = difference(small, known.convert("RGB"))
    assert not problem, f"{path} is not like its reference: {problem}; {UPDATE}=1 makes it so"


def difference(one: Image.Image, other: Image.Image) -> str:
    """Return how two small pictures differ, in words; nothing where they are alike."""
    if one.size[0] != other.size[0] or abs(one.size[1] - other.size[1]) > 1 + other.size[1] // 20:
        return f"it has {one.size} pixels instead of {other.size}"
    width, height = one.size[0], min(one.size[1], other.size[1])
    box = (0, 0, width, height)
    apart = ImageChops.difference(one.crop(box), other.crop(box)).convert("L")
    differing = ImageStat.Stat(apart.point(lambda value: 255 * (value > DIFFERENCE))).mean[0] / 255
    return f"{1000 * differing:.0f} of 1000 pixels" if 1000 * differing > DIFFERING else ""


def _shrunk(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        size = (max(1, picture.width // SHRUNK), max(1, picture.height // SHRUNK))
        return picture.convert("RGB").resize(size, Image.Resampling.BOX)
