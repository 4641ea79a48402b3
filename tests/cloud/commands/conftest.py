"""The commands as a person gives them: in this process, against the shared emulator."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader, create_loader
from botocore.session import Session
from pydantic import TypeAdapter

from tests.support.emulated import Client
from textcnn.emulator.server import Emulator
from textcnn.foundation import Foundation, read_foundation
from textcnn.main import main
from textcnn.options import Context

from .documents import write_letters

ROOT = Path(__file__).parents[3]
MANIFEST = {
    "schemaVersion": 2,
    "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
    "config": {
        "mediaType": "application/vnd.docker.container.image.v1+json",
        "size": 7023,
        "digest": "sha256:" + "b5" * 32,
    },
    "layers": [],
}
# A model that is trained in a moment.
QUICK = (
    *("--set", "recipe=kim"),
    *("--set", "epochs=2"),
    *("--set", "filters=8"),
    *("--set", "embedding_size=16"),
    *("--set", "report=false"),
    *("--set", "keras_export=false"),
)


@dataclass(frozen=True)
class Told:
    """How a command ended and what it told."""

    code: int
    out: str
    err: str

    def read(self, kind: type) -> Any:
        """Return the result that --output json printed, held against its type."""
        assert self.out, self.err
        return TypeAdapter(kind).validate_json(self.out)


Command = Callable[..., Told]


def run(*arguments: str) -> Told:
    """Run ``textcnn`` with these arguments; the environment says where AWS is."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(list(arguments))
    return Told(code, out.getvalue(), err.getvalue())


@cache
def _loader() -> Loader:
    """Each command has a session of its own, and would parse the services' models anew."""
    return create_loader()


@contextmanager
def pointed_at(emulator: Emulator) -> Iterator[None]:
    """An environment in which AWS is the emulator, as its two lines say."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in emulator.environment.items():
            patch.setenv(name, value)
        patch.setattr(
            Session,
            "_register_data_loader",
            lambda self: self._components.register_component("data_loader", _loader()),
        )
        yield


@pytest.fixture(autouse=True)
def pointed(emulator: Emulator) -> Iterator[None]:
    """Each test's commands are pointed at the shared emulator."""
    with pointed_at(emulator):
        yield


@pytest.fixture
def textcnn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command, given in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return run


@pytest.fixture(scope="session")
def foundation(emulator: Emulator, client: Client) -> Foundation:
    """The foundation as `textcnn setup` makes it, with an image in its repository."""
    with pointed_at(emulator):
        told = run("setup", "--yes")
        assert told.code == 0, told.err
        found = read_foundation(Context().aws)
    push(client, found.repository, "first")
    return found


@pytest.fixture(scope="session")
def letters_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of documents: training and test."""
    folder = tmp_path_factory.mktemp("letters")
    write_letters(folder / "training/letters.csv", 80)
    write_letters(folder / "test/letters.csv", 20, seed=2)
    return folder


def push(client: Client, repository: str, tag: str, **changes: Any) -> str:
    """Put an image's manifest into the repository; return its digest."""
    manifest = {**MANIFEST, "annotations": {"tag": tag}, **changes}
    answer = client("ecr").put_image(
        repositoryName=repository,
        imageManifest=json.dumps(manifest),
        imageManifestMediaType=manifest["mediaType"],
        imageTag=tag,
    )
    digest: str = answer["image"]["imageId"]["imageDigest"]
    return digest
