"""Hosts in network namespaces of their own, on one bridge, who know each other by name.

Each is a process of ``unshare`` that holds its namespaces open; no name of theirs is left on the
machine, and what is in them ends with it.
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

# Ends with whoever has started it, since its input does.
HOLD = ("unshare", "--net", "--mount", "--uts", "cat")


def are_possible() -> bool:
    """Tell whether this user may make namespaces, and has the programs for it."""
    try:
        tried = subprocess.run(
            [*HOLD[:-1], "ip", "link", "add", "tried", "type", "bridge"],
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        return False
    return tried.returncode == 0


class Namespaces:
    """Machines with one network: the first is the switch, the others are named hosts."""

    def __init__(self, held: Sequence[int]) -> None:
        self._held = held

    def command(self, host: int, command: Sequence[str | Path]) -> list[str]:
        """Return a command as it is run on a host, numbered from 0 on."""
        return [*_inside(self._held[host + 1]), *map(str, command)]

    def cut_off(self, host: int) -> None:
        """Take a host from the network: nothing comes from it any more, not even an end."""
        _run(self._held[0], "ip", "link", "set", f"port{host}", "down")


@contextmanager
def namespaces(names: Sequence[str], folder: Path) -> Iterator[Namespaces]:
    """Make a machine for each name for as long as the block takes."""
    with ExitStack() as opened:
        held = [opened.enter_context(_held()) for _ in ("switch", *names)]
        _run(held[0], "ip", "link", "add", "bridge", "type", "bridge")
        _run(held[0], "ip", "link", "set", "bridge", "up")
        hosts = folder / "names-of-hosts"
        addresses = [f"10.77.0.{number}" for number in range(1, len(names) + 1)]
        lines = zip(["127.0.0.1", *addresses], ["localhost", *names], strict=True)
        hosts.write_text("".join(f"{address} {name}\n" for address, name in lines))
        for number, (each, address) in enumerate(zip(held[1:], addresses, strict=True)):
            port = f"port{number}"
            _run(
                held[0],
                "ip",
                "link",
                "add",
                port,
                "type",
                "veth",
                "peer",
                "eth0",
                "netns",
                f"{each}",
            )
            _run(held[0], "ip", "link", "set", port, "master", "bridge", "up")
            _run(each, "ip", "addr", "add", f"{address}/24", "dev", "eth0")
            _run(each, "ip", "link", "set", "eth0", "up")
            _run(each, "ip", "link", "set", "lo", "up")
            _run(each, "mount", "--bind", str(hosts), "/etc/hosts")
        yield Namespaces(held)


@contextmanager
def _held() -> Iterator[int]:
    """Yield the number of a process in namespaces of its own."""
    with subprocess.Popen(HOLD, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"\n")
        process.stdin.flush()
        process.stdout.readline()  # unshare is done, and is cat now
        try:
            yield process.pid
        finally:
            process.stdin.close()


def _inside(pid: int) -> list[str]:
    return ["nsenter", "--target", str(pid), "--net", "--mount", "--uts"]


def _run(pid: int, *command: str) -> None:
    subprocess.run([*_inside(pid), *command], check=True, env={"PATH": os.environ["PATH"]})
