"""The files of a running server, in the folder that is private to it."""

from pathlib import Path

# The file that workers write when they begin; before, nginx need not ask.
READY = "ready"
# The folder for large responses.
RESPONSES = "responses"


def nginx_socket(folder: Path) -> Path:
    """Return the unix socket where nginx tells how much it has to do."""
    return folder / "nginx.sock"


def metrics_socket(folder: Path) -> Path:
    """Return the unix socket where the supervisor answers GET /metrics."""
    return folder / "metrics.sock"


def request_pipe(folder: Path) -> Path:
    """Return the pipe into which nginx writes a line for each request."""
    return folder / "requests"


def application_socket(folder: Path) -> Path:
    """Return the unix socket where the workers answer nginx."""
    return folder / "application.sock"
