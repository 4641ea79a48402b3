"""Networks of containers: the engine's own, none, or one for the hosts of a job."""

import threading
import uuid
from collections import Counter

from textcnn.emulator.runtime.container import ContainerSpecification
from textcnn.emulator.runtime.engine import Engine

# Packets are not given the machine's address, so none comes back from outside; a published port
# is answered all the same.
ISOLATED = ("--opt", "com.docker.network.bridge.enable_ip_masquerade=false")


class Networks:
    """Makes a network for the first container that needs it, and removes it after the last."""

    def __init__(self, engine: Engine, label: str) -> None:
        self._engine = engine
        self._label = label
        self._names: dict[str, str] = {}
        self._used: Counter[str] = Counter()
        self._lock = threading.Lock()

    def enter(self, specification: ContainerSpecification) -> str:
        """Return the network that a container is to be in."""
        group = self._group(specification)
        if not group:
            return "bridge" if specification.network else "none"
        with self._lock:
            if group not in self._names:
                options = () if specification.network else ISOLATED
                name = f"textcnn-{uuid.uuid4().hex[:12]}"
                self._engine("network", "create", "--label", self._label, *options, name)
                self._names[group] = name
            self._used[group] += 1
            return self._names[group]

    def leave(self, specification: ContainerSpecification) -> None:
        """Take a removed container out, and remove a network that nobody needs any more."""
        group = self._group(specification)
        if not group:
            return
        with self._lock:
            self._used[group] -= 1
            if not self._used[group]:
                self._engine.does("network", "rm", self._names.pop(group))

    def _group(self, specification: ContainerSpecification) -> str:
        isolated_server = specification.command == "serve" and not specification.network
        return specification.group or (specification.name if isolated_server else "")
