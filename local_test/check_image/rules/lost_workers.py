"""A server whose worker processes die."""

import time
from http import HTTPStatus

from check_image import limits
from check_image.client import NoResponse
from check_image.engine import Container, EngineError
from check_image.outcome import Failed, Skipped
from check_image.rule import Source, rule
from check_image.runs import good_request, usual_service
from check_image.sample import Request
from check_image.server import Server, serving
from check_image.subject import Subject

LIST = 'for file in /proc/[0-9]*/stat; do read -r line <"$file" && echo "$line"; done; true'
PAUSE_SECONDS = 0.2


@rule("hosting.lost-workers", Source.INFERRED)
def lost_workers(subject: Subject) -> str:
    """A container that ends is replaced; one that lives on without its workers is not."""
    request, _ = good_request(subject)
    with serving(subject, usual_service(subject)) as server:
        killed = _kill_leaves(server.container)
        start = time.monotonic()
        while time.monotonic() - start < limits.RECOVERY_SECONDS:
            if not server.container.runs:
                return f"without {killed} processes it ended, with {server.container.wait(1)}"
            if _responds(server, request):
                return f"without {killed} processes it answered again, {_after(start)}"
            time.sleep(PAUSE_SECONDS)
        health = "200" if server.client.healthy() else "not 200"
        raise Failed(f"without {killed} processes it does not answer; /ping is {health}")


def leaves(table: str) -> list[int]:
    """Return the processes without children, of lines as in /proc/PID/stat.

    The first process is none of them, nor is what was started from outside and its children.
    """
    parents = {}
    for line in table.splitlines():
        number, _, rest = line.partition(" (")
        state, parent = rest.rpartition(") ")[2].split()[:2]
        if state != "Z":
            parents[int(number)] = int(parent)
    return sorted(
        number for number, parent in parents.items() if parent and number not in parents.values()
    )


def _kill_leaves(container: Container) -> int:
    """Kill the processes that have no children and return how many they were."""
    try:
        found = leaves(container.execute(LIST))
        if not found:
            raise Skipped("the server is one process")
        container.execute(f"kill -9 {' '.join(map(str, found))}")
    except EngineError as error:
        raise Skipped(f"its processes cannot be killed: {error}") from None
    return len(found)


def _responds(server: Server, request: Request) -> bool:
    try:
        return server.client.invocations(request).status == HTTPStatus.OK
    except NoResponse:
        return False


def _after(start: float) -> str:
    return f"{time.monotonic() - start:.1f} s later"
