"""Checkpoints: copied in before a container starts, uploaded while it runs and at its end."""

import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from textcnn.emulator.objects import Location, Objects
from textcnn.emulator.runtime.container import OPT_ML

PAUSE_SECONDS = 0.5
# Names that the service's uploader passes over; the latter two are its own marks.
PASSED_OVER = (".sagemaker-ignore", ".sagemaker-uploading", ".sagemaker-uploaded")

Version = tuple[int, int]

log = logging.getLogger(__name__)


class Checkpoints:
    """The checkpoints of one host, and the thread that uploads them."""

    def __init__(self, objects: Objects, configuration: Mapping[str, Any], root: Path) -> None:
        path = configuration.get("LocalPath", f"{OPT_ML}/checkpoints")
        self._folder = root / path.removeprefix(f"{OPT_ML}/")
        self._place = Location.parse(configuration["S3Uri"])
        self._objects = objects
        self._uploaded: dict[str, Version] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._upload_on, daemon=True)
        self.any_uploaded = threading.Event()

    def copy_in(self) -> None:
        """Write what S3 has into the folder."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o777)  # the container may run as any user
        prefix = self._place.key.rstrip("/")
        beginning = Location(self._place.bucket, f"{prefix}/" if prefix else "")
        for key in self._objects.keys(beginning):
            path = self._folder / key.removeprefix(beginning.key)
            self._objects.download(Location(beginning.bucket, key), path)
            path.chmod(0o666)
        self._uploaded = self._versions()

    def start(self) -> None:
        """Begin to upload what changes."""
        self._thread.start()

    def stop(self) -> None:
        """Upload nothing any more."""
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join()

    def finish(self) -> None:
        """Upload what is left when it has been stopped; errors are botocore's."""
        self._upload()

    def _upload_on(self) -> None:
        while not self._ended.wait(PAUSE_SECONDS):
            try:
                self._upload()
            except (BotoCoreError, ClientError) as error:
                log.warning("checkpoints are uploaded later: %s", error)

    def _upload(self) -> None:
        for name, version in self._versions().items():
            if self._uploaded.get(name) == version:
                continue
            try:
                self._objects.upload(self._folder / name, self._place.below(name))
            except FileNotFoundError:
                continue  # the container keeps only a few of them
            self._uploaded[name] = version
            self.any_uploaded.set()

    def _versions(self) -> dict[str, Version]:
        """Return size and time of each file to upload, by its name."""
        files = {}
        for path in self._folder.rglob("*"):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            if path.is_file() and not path.name.endswith(PASSED_OVER):
                name = path.relative_to(self._folder).as_posix()
                files[name] = (status.st_size, status.st_mtime_ns)
        return files
