"""The emulator as an HTTP server on the loopback address."""

import logging
import shutil
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from textcnn.emulator.account import Account, Timing
from textcnn.emulator.address import DEFAULT_REGION
from textcnn.emulator.application import Application
from textcnn.emulator.bucket_policies import allow_everyone
from textcnn.emulator.functions.settings import keep_logging
from textcnn.emulator.runtime.container import Runtime
from textcnn.emulator.runtime.processes import Processes
from textcnn.emulator.schedules.clock import Clock

LOOPBACK = "127.0.0.1"


class QuietHandler(MotoRequestHandler):
    """Reads requests as moto needs them, speaks HTTP/1.1 and prints no line for each."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log the request's line at the level of details."""
        logging.getLogger(__name__).debug("%s %s %s", self.requestline, code, size)


class Emulator:
    """A running emulator; a context manager that leaves neither a container nor a file."""

    def __init__(
        self,
        port: int = 0,
        region: str = DEFAULT_REGION,
        runtime: Runtime | None = None,
        folder: Path | None = None,
        timing: Timing = Timing(),  # noqa: B008 - it is frozen
    ) -> None:
        allow_everyone()
        keep_logging()
        self._own_folder = folder is None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="sagemaker-emulator-"))
        self.account = Account(region, self.folder, "", runtime or Processes(), timing)
        self._server = make_server(
            LOOPBACK,
            port,
            Application(self.account),
            threaded=True,
            request_handler=QuietHandler,
        )
        self.account.url = self.url
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """The address that AWS_ENDPOINT_URL is set to."""
        return f"http://{LOOPBACK}:{self._server.server_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What points boto3, the AWS CLI and the sagemaker SDK at this emulator."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "emulator",
            "AWS_SECRET_ACCESS_KEY": "emulator",
            "AWS_DEFAULT_REGION": self.account.region,
        }

    def start(self) -> Self:
        """Begin to answer, in a thread of its own."""
        self._thread.start()
        self.account.part(Clock)
        return self

    def stop(self) -> None:
        """Stop to answer, end what runs and remove what was written."""
        self.account.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        if self._own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
