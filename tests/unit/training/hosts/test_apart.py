"""training/hosts/apart.py, on hosts that are threads of this process."""

import pytest

from tests.support.waiting import wait_until
from tests.unit.training.hosts.groups import on_hosts
from text_classification.errors import Code, DataError, ResourceError
from text_classification.machine.signals import Stopped
from text_classification.training.hosts.apart import apart
from text_classification.training.hosts.group import HostGroup


def test_all_hosts_wait_for_the_last() -> None:
    """Whatever they do meanwhile; then they can exchange again. A host alone waits for none."""
    done: list[int] = []

    def work(group: HostGroup) -> None:
        with apart(group):
            wait_until(lambda: len(done) == group.rank)
            done.append(group.rank)
        assert done == [0, 1, 2]
        assert group.gather_bytes(b"x") == [b"x"] * 3
        assert not group.stop

    on_hosts(3, work)
    with apart(None):
        pass


def test_a_stop_request_to_one_host_is_heard_by_all() -> None:
    """In the middle of what each does by itself; what that comes to is kept."""

    def work(group: HostGroup) -> bool:
        with apart(group):
            if group.rank == 1:
                group._own.set()  # a signal's work
            wait_until(lambda: bool(group.stop))
        return bool(group.stop)

    assert on_hosts(2, work) == [True, True]


@pytest.mark.parametrize("stopped", [False, True])
def test_what_fails_on_one_host_ends_all(*, stopped: bool) -> None:
    """The others are told which host failed and why; a stop is no failure."""

    def work(group: HostGroup) -> None:
        fails = group.rank == 1
        cause = Stopped() if stopped else DataError(Code.ROW_INVALID, "a bad row")
        kind = Stopped if stopped else DataError if fails else ResourceError
        with pytest.raises(kind) as caught, apart(group):
            _fail(cause) if fails else wait_until(lambda: bool(group.stop))
        if isinstance(caught.value, ResourceError):
            assert "the host algo-2 failed: ROW_INVALID: a bad row" in caught.value.message

    on_hosts(2, work)


def _fail(cause: Exception) -> None:
    raise cause
