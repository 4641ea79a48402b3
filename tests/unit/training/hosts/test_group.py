"""training/hosts/group.py, on hosts that are threads of this process."""

import socket

import numpy as np
import pytest

from tests.support.hosts import LOOPBACK, two_free_ports
from tests.unit.training.hosts.groups import on_hosts
from text_classification.contract.hosts import Hosts
from text_classification.contract.settings import Settings
from text_classification.errors import Code, ConfigurationError, DataError, ResourceError
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.hosts.collective import Collective, Place, find_first
from text_classification.training.hosts.group import HostGroup, joined


def _gathers(group: HostGroup) -> None:
    texts = [b"one", b"", b"three"]
    assert group.gather_bytes(texts[group.rank]) == texts
    assert group.gather_bytes(b"") == [b"", b"", b""]


def _agrees(group: HostGroup) -> None:
    group.agree({"version": "1"}, "")
    with pytest.raises(ConfigurationError, match=r"same NumPy: algo-1 has 2, algo-2 1 .*Mend\.$"):
        group.agree({"version": "1", "NumPy": "1" if group.rank == 1 else "2"}, "Mend.")


def _fails_together(group: HostGroup) -> None:
    with group.together():
        pass
    bad, stopped = DataError(Code.ROW_INVALID, "a bad row"), Stopped()
    kind = DataError if group.rank == 2 else ResourceError
    with pytest.raises(kind) as caught, group.together():
        _raise(bad if group.rank == 2 else None)
    if group.rank != 2:
        assert caught.value.code is Code.HOST_FAILED
        assert "the host algo-3 failed: ROW_INVALID: a bad row" in caught.value.message
    with pytest.raises(Stopped), group.together():
        _raise(stopped if group.rank == 1 else None)


def _raise(error: Exception | None) -> None:
    if error:
        raise error


def _exchanges(group: HostGroup) -> None:
    group.start_training()
    floats = np.array([0.1, -0.0, np.nan], np.float32)
    own = np.zeros(3, np.int32)
    own[group.rank] = floats.view(np.int32)[group.rank]
    assert group.gathered(own, 0xFFFFFFFF).tobytes() == floats.tobytes()
    assert not group.stop
    if group.rank == 1:
        group._own.set()  # a signal's work
    group.gathered(own, 7)
    assert group.stop
    with pytest.raises(ResourceError, match="weights of algo-2 are not those of algo-1") as caught:
        group.gathered(own, group.rank % 2)
    assert caught.value.code is Code.HOSTS_DIFFER


def test_hosts_exchange_agree_and_fail_together() -> None:
    """What is gathered keeps its bits; differences, failures and stops of one are told to all."""

    def all_of_it(group: HostGroup) -> bool:
        for check in (_gathers, _agrees, _fails_together, _exchanges):
            check(group)
        group.leave()
        return (group.size, group.is_first) == (1, group.rank == 0)

    assert on_hosts(3, all_of_it) == [True] * 3


def test_a_stop_is_heard_by_a_host_that_goes_on_alone() -> None:
    """The first host saves the model when the others have left; a signal then is for it alone."""

    def stopped_later(group: HostGroup) -> bool:
        group.leave()
        if group.is_first:
            group._own.set()
        return bool(group.stop)

    assert on_hosts(2, stopped_later) == [True, False]


def test_a_host_that_does_not_come_is_told_in_time() -> None:
    """The first host waits as long as it is told to, and names whom it waited for."""
    place = Place(0, ("algo-1", "algo-2"), LOOPBACK, two_free_ports())
    with pytest.raises(ResourceError, match=r"within 1 seconds: algo-1, algo-2") as caught:
        Collective(place).join(1, StopRequest())
    assert caught.value.code is Code.HOST_MISSING


def test_a_first_host_that_does_not_answer_is_told_in_time() -> None:
    """A host that comes when the others have given up ends as they did."""
    place = Place(1, ("algo-1", "algo-2"), LOOPBACK, two_free_ports())
    with pytest.raises(ResourceError) as caught:
        Collective(place).join(1, StopRequest())
    assert caught.value.code is Code.HOST_MISSING


def test_waiting_for_hosts_ends_with_a_stop() -> None:
    """A job that is stopped before all hosts are there does not wait for them."""
    stop = StopRequest()
    stop.set()
    with pytest.raises(Stopped):
        Collective(Place(1, ("a", "b"), LOOPBACK, two_free_ports())).join(60, stop)
    with pytest.raises(Stopped):
        find_first(("no-such-host.invalid",), 60, stop)


def test_unknown_names_are_told() -> None:
    """Of the hosts whose names lead nowhere, not of those that are there."""
    with pytest.raises(ResourceError, match=r"within 0 seconds: no-such-host\.invalid\.") as caught:
        find_first(("localhost", "no-such-host.invalid"), 0, StopRequest())
    assert caught.value.code is Code.HOST_MISSING
    assert find_first(("localhost",), 0, StopRequest()) == LOOPBACK


def test_a_taken_port_is_told() -> None:
    """By its number, with the setting that changes it."""
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ResourceError, match=rf"port {port} of 127\.0\.0\.1") as caught:
            Collective(Place(0, ("a", "b"), LOOPBACK, port)).join(1, StopRequest())
    assert caught.value.code is Code.PORT_TAKEN
    assert "HOSTS_PORT" in caught.value.remedy


def test_a_host_alone_joins_nobody() -> None:
    """Nothing of XGBoost is loaded for it."""
    with joined(Hosts("algo-1", ("algo-1",)), Settings(), StopRequest()) as group:
        assert group is None
