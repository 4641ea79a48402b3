"""The hosts of a job, joined: what they agree on, and what they exchange."""

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import replace
from itertools import pairwise

import numpy as np

from text_classification.contract.failure import explain, reason
from text_classification.contract.hosts import Hosts
from text_classification.contract.settings import Settings
from text_classification.errors import Code, ConfigurationError, ResourceError
from text_classification.kernels.arrays import Ids
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.hosts.collective import (
    Array,
    Collective,
    Place,
    end_at_once,
    find_first,
)


class HostGroup:
    """The hosts of a job, this one among them; an ``Exchange`` of engines.

    rank: the place of this host among the names in order; size: how many train together, 1 once
    this host has left the group. stop: the stop request that all hosts hear in the same step, while
    ``own`` is that of this host.
    """

    def __init__(self, place: Place, settings: Settings, own: StopRequest) -> None:
        self.rank = place.rank
        self.size = len(place.names)
        self.stop = StopRequest()
        self._place = place
        self._seconds = settings.hosts_seconds
        self._step_seconds = settings.host_step_seconds
        self._own = own
        self._following = ExitStack()
        self._collective = Collective(place)
        self._collective.join(self._seconds, own)

    @property
    def is_first(self) -> bool:
        """Whether this host is the one that writes."""
        return self.rank == 0

    @property
    def is_asked_to_stop(self) -> bool:
        """Whether this host was asked to stop: the others need not have heard of it yet."""
        return bool(self._own)

    def sum(self, array: Array) -> Array:
        """Return the sum of all hosts' arrays, of one shape and type."""
        return self._collective.sum(array)

    def gathered(self, numbers: Ids, fingerprint: int) -> Ids:
        """Return the sum of all hosts' numbers, and hear of a stop; see ``Exchange``."""
        end = len(numbers)
        told = np.zeros(end + 1 + self.size, np.int32)
        told[:end] = numbers
        told[end] = self.is_asked_to_stop
        told[end + 1 + self.rank] = np.array(fingerprint, np.uint32).view(np.int32)
        told = self.sum(told)
        self._check_fingerprints(told[end + 1 :])
        if told[end]:
            self.stop.set()
        return told[:end]

    def gather_bytes(self, own: bytes) -> list[bytes]:
        """Return what each host has given, in the order of their ranks."""
        sizes = np.zeros(self.size, np.int64)
        sizes[self.rank] = len(own)
        bounds = [0, *np.cumsum(self.sum(sizes)).tolist()]
        content = np.zeros(bounds[-1], np.uint8)
        content[bounds[self.rank] : bounds[self.rank + 1]] = np.frombuffer(own, np.uint8)
        if len(content):
            content = self.sum(content)
        return [content[start:end].tobytes() for start, end in pairwise(bounds)]

    def agree(self, facts: Mapping[str, str], remedy: str) -> None:
        """Raise ``ConfigurationError`` that names a host where one has other facts."""
        told = [json.loads(each) for each in self.gather_bytes(json.dumps(facts).encode())]
        for name, theirs in zip(self._place.names, told, strict=True):
            for what, first in told[0].items():
                if theirs.get(what) != first:
                    raise ConfigurationError(
                        Code.HOSTS_DIFFER,
                        f"the hosts do not have the same {what}: {self._place.names[0]} has "
                        f"{first}, {name} {theirs.get(what)}",
                        where=name,
                        remedy=remedy,
                    )

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let all hosts come to the end of the block, or none.

        What fails on one is raised as ``ResourceError`` by the others when they get there, a stop
        as ``Stopped``.
        """
        try:
            yield
        except Exception as error:
            with suppress(ResourceError):
                self._tell(error)
            raise
        told = self._tell(None)
        for name, (cause, _) in zip(self._place.names, told, strict=True):
            if cause:
                raise ResourceError(
                    Code.HOST_FAILED,
                    f"the host {name} failed: {cause}",
                    where=name,
                    remedy="Mend that, then start the job again.",
                )
        if any(stopped for _, stopped in told):
            raise Stopped

    def uninterrupted(self) -> AbstractContextManager[None]:
        """Let no stop interrupt the block: what hosts exchange in it, all exchange to its end."""
        return self._own.passed_on(lambda: None)

    def start_training(self) -> None:
        """Form the group anew, with the patience of a step instead of that of preparation."""
        self._collective.leave()
        place = replace(self._place, port=self._place.port + 1)
        self._collective = Collective(place)
        self._collective.join(self._step_seconds, StopRequest())

    def leave(self) -> None:
        """End the group, which all hosts do together; this one goes on alone."""
        if self.size > 1:
            self._collective.leave()
            self.size = 1
            self._following.enter_context(self._own.passed_on(self.stop.set))

    def close(self) -> None:
        """Leave the group if it is still there, and let stop requests be."""
        self.leave()
        self._following.close()

    def _tell(self, error: Exception | None) -> list[tuple[str, bool]]:
        """Return the failure of each host, if any, and whether it was stopped."""
        stopped = isinstance(error, Stopped)
        cause = reason(explain(error)) if error and not stopped else ""
        with self.uninterrupted():
            told = self.gather_bytes(json.dumps([cause, stopped]).encode())
        return [tuple(json.loads(each)) for each in told]

    def _check_fingerprints(self, fingerprints: Ids) -> None:
        other = np.flatnonzero(fingerprints != fingerprints[0])
        if len(other):
            name = self._place.names[other[0]]
            raise ResourceError(
                Code.HOSTS_DIFFER,
                f"the weights of {name} are not those of {self._place.names[0]}: their processors "
                "round differently",
                where=name,
                remedy="Use instances with the same processors.",
            )


def together(group: HostGroup | None) -> AbstractContextManager[None]:
    """Let all hosts come to the end of the block, or none; a host alone does what it can."""
    return group.together() if group else nullcontext()


@contextmanager
def joined(hosts: Hosts, settings: Settings, stop: StopRequest) -> Iterator[HostGroup | None]:
    """Join the hosts of a job for as long as the block takes; None where there is one alone.

    Raises ``ResourceError`` where one does not come, and ``Stopped``.
    """
    if len(hosts.names) == 1:
        yield None
        return
    try:
        address = settings.first_host or find_first(hosts.names, settings.hosts_seconds, stop)
        place = Place(hosts.rank, hosts.names, address, settings.hosts_port)
        group = HostGroup(place, settings, stop)
        yield group
        group.close()
    except BaseException as error:
        end_at_once(0 if isinstance(error, Stopped) else 1)
        raise
