"""A server whose model is missing or broken must not say that it is well."""

import shutil
from pathlib import Path

from check_image import limits
from check_image.outcome import require
from check_image.rule import Severity, Source, rule
from check_image.runs import good_server, model_folder
from check_image.server import MODEL, Service, model_volume, serving
from check_image.subject import Subject


@rule("hosting.no-model", Source.INFERRED, Severity.SHOULD)
def no_model(subject: Subject) -> str:
    """A ping that is 200 without a model keeps an instance in rotation that cannot answer."""
    return _never_ready(subject, subject.folder())


@rule("hosting.broken-model", Source.INFERRED, Severity.SHOULD)
def broken_model(subject: Subject) -> str:
    """A ping that is 200 with half a model keeps an instance in rotation that cannot answer."""
    return _never_ready(subject, _cut(model_folder(subject), subject.folder()))


def _never_ready(subject: Subject, model: Path) -> str:
    """Look for twice as long as a good server takes."""
    limit = limits.BROKEN_SECONDS + 2 * (good_server(subject).seconds or 0)
    with serving(subject, Service({MODEL: model_volume(subject, model)}), limit) as server:
        require(server.seconds is None, f"/ping says 200 after {server.seconds or 0:.1f} s")
        return server.problem


def _cut(model: Path, folder: Path) -> Path:
    """Copy a model into a folder, the first half of each file only; return the folder."""
    shutil.copytree(model, folder, dirs_exist_ok=True)
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("r+b") as file:
                file.truncate(path.stat().st_size // 2)
    return folder
