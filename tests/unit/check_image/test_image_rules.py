"""Rules on an image's description: what no image can be made for here."""

from pathlib import Path
from typing import Any

import pytest

from check_image.outcome import Failed, Skipped
from check_image.rules import RULES
from tests.unit.check_image.engine import subject_of

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


@pytest.mark.parametrize(
    ("rule", "described", "evidence"),
    [
        ("image.platform", {"Os": "linux", "Architecture": "amd64"}, "linux/amd64"),
        ("image.size", {"Size": 2_000_000_000}, "2.00 GB"),
        ("image.manifest", {"Descriptor": {"mediaType": MANIFEST}}, MANIFEST),
        ("image.entry-point", {"Config": {"Entrypoint": None}}, "the verb is the program"),
        ("image.labels", {"Config": None}, "none"),
        *(
            ("image.entry-point", {"Config": {"Entrypoint": command}}, "exec form")
            for command in (
                ["/entry.sh", "-c"],
                ["/bin/bash", "/entry.sh", "-c"],
                ["bash", "-o", "noclobber", "/entry.sh"],
                ["/usr/bin/env", "python3", "-c", "print()"],
            )
        ),
    ],
)
def test_kept(tmp_path: Path, rule: str, described: dict[str, Any], evidence: str) -> None:
    """What an engine tells is taken as it is, and what is missing as its default."""
    assert evidence in RULES[rule].check(subject_of(tmp_path, described))


@pytest.mark.parametrize(
    ("rule", "described", "evidence"),
    [
        ("image.platform", {"Os": "linux", "Architecture": "arm64"}, "--platform linux/amd64"),
        ("image.size", {"Size": 10_100_000_000}, "10.1 GB"),
        ("image.manifest", {"Descriptor": {"mediaType": INDEX}}, "--provenance=false"),
        *(
            ("image.entry-point", {"Config": {"Entrypoint": command}}, "one string")
            for command in (
                ["/bin/sh", "-c", "python3 -m program"],
                ["/bin/bash", "-lc"],
                ["bash", "-o", "pipefail", "-ec"],
                ["/usr/bin/env", "zsh", "-l", "-c"],
            )
        ),
    ],
)
def test_broken(tmp_path: Path, rule: str, described: dict[str, Any], evidence: str) -> None:
    """The evidence says what to do, where that is not plain."""
    with pytest.raises(Failed, match=evidence):
        RULES[rule].check(subject_of(tmp_path, described))


def test_manifest_of_an_engine_that_keeps_none(tmp_path: Path) -> None:
    """What cannot be seen is skipped, not passed."""
    with pytest.raises(Skipped, match="when it pushes"):
        RULES["image.manifest"].check(subject_of(tmp_path, {"Id": "sha256:0"}))
