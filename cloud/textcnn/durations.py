"""Lengths of time as people write and read them."""

import re

from textcnn.errors import CommandError, Exit

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
FORM = re.compile(r"(\d+)([smhd])")


def parse(text: str) -> int:
    """Return the seconds of a length of time; raises ``CommandError`` for anything else.

    >>> parse("90m"), parse("8h"), parse("1d12h")
    (5400, 28800, 129600)
    """
    parts = FORM.findall(text.strip().lower())
    seconds = sum(int(number) * SECONDS[unit] for number, unit in parts)
    if "".join(map("".join, parts)) != text.strip().lower() or not seconds:
        raise CommandError(f"{text!r} is no length of time", "Write 90m, 8h or 1d12h.", Exit.USAGE)
    return seconds


def write(seconds: float) -> str:
    """Return a length of time in its two largest units.

    >>> write(42), write(192), write(90_000)
    ('42 s', '3 min 12 s', '1 d 1 h')
    """
    rest = round(seconds)
    parts: list[str] = []
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count or (unit == "s" and not parts):
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])
