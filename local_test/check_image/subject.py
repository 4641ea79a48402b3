"""What is checked: an image, with documents to train on and requests to send."""

import itertools
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from check_image.engine import Engine
from check_image.sample import Sample


@dataclass(eq=False)
class Subject:
    """The image and all that its rules may use.

    image: its name. sample: what to train on and ask. scratch: a folder for this check alone.
    chosen: the identifiers of the rules that are checked. job_seconds: the longest a training
    job may take. model: a folder to serve in place of what training leaves. stack: what ends with
    the check.
    """

    engine: Engine
    image: str
    sample: Sample
    scratch: Path
    chosen: frozenset[str]
    job_seconds: float
    model: Path | None = None
    stack: ExitStack = field(default_factory=ExitStack)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def folder(self) -> Path:
        """Return a new folder."""
        path = self.scratch / str(next(self._numbers))
        path.mkdir()
        return path
