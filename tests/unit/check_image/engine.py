"""An engine that runs nothing: it describes an image."""

from pathlib import Path
from typing import Any

from check_image.engine import Engine
from check_image.rules import RULES
from check_image.sample import Sample
from check_image.subject import Subject


class DescribingEngine(Engine):
    """An engine that knows one image by its description."""

    def __init__(self, described: dict[str, Any]) -> None:
        super().__init__("no-docker")
        self._described = described

    def description(self, image: str) -> dict[str, Any]:
        assert image == "sample"
        return self._described


def subject_of(scratch: Path, described: dict[str, Any] | None = None) -> Subject:
    """Return a subject whose image has this description."""
    return Subject(
        engine=DescribingEngine(described or {}),
        image="sample",
        sample=Sample({}, None, (), given=False),
        scratch=scratch,
        chosen=frozenset(RULES),
        job_seconds=1,
    )
