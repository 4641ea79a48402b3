"""An execution environment: a process with a function's code that answers one request at a time."""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from concurrent.futures import TimeoutError as OutOfTime
from pathlib import Path

from textcnn.emulator.functions.runtime_api import Invocation, RuntimeApi
from textcnn.emulator.functions.settings import FunctionSettings
from textcnn.emulator.logs import LogSender

END_SECONDS = 2.0
# How long the service gives the code to be imported; it is not counted as the function's time.
START_SECONDS = 10.0


class Environment:
    """The process, its code in a folder, and the runtime API that it asks for requests."""

    def __init__(
        self, settings: FunctionSettings, variables: dict[str, str], log: LogSender, stream: str
    ) -> None:
        self.settings = settings
        self._log, self._stream = log, stream
        self._folder = Path(tempfile.mkdtemp(prefix="function-"))
        with zipfile.ZipFile(io.BytesIO(settings.code)) as archive:
            archive.extractall(self._folder)
        self._api = RuntimeApi()
        self._process = subprocess.Popen(  # noqa: S603 - what the account's own function is
            [sys.executable, "-P", "-m", "awslambdaric", settings.handler],
            cwd=self._folder,
            env={**self._own_variables(), **settings.variables, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def invoke(self, event: bytes, seconds: float) -> bytes:
        """Return what the function returns.

        Raises ``FunctionError`` where it fails or its process ends, ``TimeoutError`` where it takes
        longer; the environment is of no use then.
        """
        self._api.ready.wait(START_SECONDS)
        deadline = int((time.time() + seconds) * 1000)
        invocation = Invocation(event, deadline, self.settings.arn)
        self._api.put(invocation)
        if not self.is_running():
            self._api.settle("ended", b"")
        try:
            return invocation.outcome.result(seconds)
        except OutOfTime:
            raise TimeoutError from None

    def is_running(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End the process and leave nothing of it; all that it printed is in the log then."""
        self._process.terminate()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._log.close()
        self._api.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        with self._process.stdout as output:
            for line in output:
                self._log.send(self._stream, line.decode("utf-8", "replace").rstrip("\n"))
        self._api.settle("ended", b"")

    def _own_variables(self) -> dict[str, str]:
        """Return what Lambda sets; nothing of what the emulator's own caller has set."""
        level = {"AWS_LAMBDA_LOG_LEVEL": "INFO"} if self.settings.log_format == "JSON" else {}
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "PYTHONPATH": str(self._folder),
            "PYTHONUNBUFFERED": "1",
            "LAMBDA_TASK_ROOT": str(self._folder),
            "AWS_LAMBDA_RUNTIME_API": self._api.address,
            "AWS_LAMBDA_FUNCTION_NAME": self.settings.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_LOG_FORMAT": self.settings.log_format,
            "AWS_LAMBDA_LOG_GROUP_NAME": self.settings.log_group,
            "_HANDLER": self.settings.handler,
            **level,
        }
