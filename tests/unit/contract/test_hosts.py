"""contract/hosts.py."""

from typing import Any

import pytest

from tests.unit.helpers import write_configuration
from text_classification.contract.hosts import Hosts, read_hosts
from text_classification.contract.paths import Paths


def test_missing_file_means_alone(paths: Paths) -> None:
    """A local run without resourceconfig.json trains."""
    hosts = read_hosts(paths)
    assert hosts == Hosts("algo-1", ("algo-1",))
    assert hosts.rank == 0


@pytest.mark.parametrize("names", [["algo-1", "algo-2"], ["algo-2", "algo-10"], ["b", "a", "c"]])
def test_hosts_agree_on_their_places(paths: Paths, names: list[str]) -> None:
    """Whatever the order of the names, each host has a place of its own, the same for all."""
    ranks = {}
    for name in names:
        write_configuration(paths.resource_config, {"current_host": name, "hosts": names})
        hosts = read_hosts(paths)
        assert (hosts.current, hosts.names) == (name, tuple(sorted(names)))
        ranks[name] = hosts.rank
    assert sorted(names, key=lambda name: ranks[name]) == sorted(names)


@pytest.mark.parametrize(
    "resources",
    [
        {},
        {"hosts": ["algo-1"]},
        {"hosts": ["somewhere"]},
        {"hosts": []},
        {"hosts": None, "current_host": None},
        {"current_host": "algo-1"},
        {"current_host": "somewhere"},
        {"hosts": "algo-1"},
    ],
)
def test_every_field_may_be_missing(paths: Paths, resources: dict[str, Any]) -> None:
    """A host that knows of no other trains."""
    write_configuration(paths.resource_config, resources)
    hosts = read_hosts(paths)
    assert hosts.rank == 0
    assert len(hosts.names) == 1


@pytest.mark.parametrize("names", [["algo-1", "algo-2"], ["a", "b"], ["z-2", "z-1"]])
def test_host_without_a_name_trains_alone(paths: Paths, names: list[str]) -> None:
    """Where current_host is absent no job ends without a model, or waits for others."""
    write_configuration(paths.resource_config, {"hosts": names})
    assert read_hosts(paths) == Hosts(min(names), (min(names),))
