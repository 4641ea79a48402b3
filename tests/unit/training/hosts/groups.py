"""Groups of hosts within this process: a thread stands for each."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from tests.support.hosts import LOOPBACK, two_free_ports
from text_classification.contract.settings import Settings
from text_classification.machine.signals import StopRequest
from text_classification.training.hosts.collective import Place
from text_classification.training.hosts.group import HostGroup

Result = TypeVar("Result")


def on_hosts(count: int, function: Callable[[HostGroup], Result]) -> Sequence[Result]:
    """Return what a function returns on each of some hosts, which are joined and leave."""
    names = tuple(f"algo-{number}" for number in range(1, count + 1))
    port, settings = two_free_ports(), Settings(hosts_seconds=60, host_step_seconds=60)

    def host(rank: int) -> Result:
        group = HostGroup(Place(rank, names, LOOPBACK, port), settings, StopRequest())
        result = function(group)
        group.close()
        return result

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(host, range(count)))
