"""A Docker engine, driven through its client."""

import os
import shutil
import subprocess
from collections.abc import Sequence

CLIENT_SECONDS = 300.0
# One that came with the engine speaks its language; others on PATH may be newer.
CLIENTS = ("/usr/bin/docker", "docker")


class EngineError(Exception):
    """A command of the engine failed; the message is its own, in one line."""


def find_client() -> str | None:
    """Return the client that DOCKER names, or one that is installed; None where there is none."""
    named = os.environ.get("DOCKER")
    names = (named,) if named else CLIENTS
    return next((path for name in names if (path := shutil.which(name))), None)


class Engine:
    """The client's verbs."""

    def __init__(self, client: str) -> None:
        self._client = client

    def __call__(self, *arguments: str, seconds: float = CLIENT_SECONDS) -> str:
        """Run the client and return what it printed; raises ``EngineError`` where it fails."""
        code, said = self.output(arguments, seconds)
        if code:
            raise EngineError(" ".join(said.split()))
        return said.strip()

    def does(self, *arguments: str, seconds: float = CLIENT_SECONDS) -> bool:
        """Run the client and return whether it succeeded."""
        return self.output(arguments, seconds)[0] == 0

    def output(self, arguments: Sequence[str], seconds: float) -> tuple[int, str]:
        """Run the client; return its exit code and both streams."""
        try:
            done = subprocess.run(  # noqa: S603 - the engine's client, without a shell
                [self._client, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return 1, f"{self._client} {arguments[0]} did not answer within {seconds:.0f} s"
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the client and return its process, both streams in one pipe."""
        return subprocess.Popen(  # noqa: S603 - likewise
            [self._client, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl+C is the emulator's to handle
        )
