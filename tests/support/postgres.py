"""A PostgreSQL server of a test's own, with a password."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import chown

PASSWORD = "not-to-be-printed"
# Debian keeps the server's programs off PATH, by version.
PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Start a server below ``folder`` and yield the URL of an empty database."""
    # It refuses to run as root, and cannot reach root's temporary folders.
    user = "postgres" if os.getuid() == 0 else None
    if user:
        chown(folder, user)
    port = _free_port()
    (folder / "password").write_text(PASSWORD)
    programs, data = PLACES[-1], folder / "data"
    create = ["--auth=scram-sha-256", "--username=tuner", f"--pwfile={folder / 'password'}"]
    _run([f"{programs}/initdb", f"--pgdata={data}", *create], user)
    control = [f"{programs}/pg_ctl", f"--pgdata={data}", f"--log={folder / 'log'}", "--wait"]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    _run([*control, "start", f"--options={options}"], user)
    try:
        yield f"postgresql://tuner:{PASSWORD}@127.0.0.1:{port}/postgres"
    finally:
        _run([*control, "stop", "--mode=immediate"], user)


def _run(command: list[str], user: str | None) -> None:
    # The server inherits the output: a pipe would never be closed.
    subprocess.run(command, check=True, user=user, stdout=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
