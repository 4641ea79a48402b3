"""Steps on several hosts against one, a processor each, at the loopback address.

``python -m benchmarks.scale.hosts``. Where there are fewer processors than hosts the clock says
nothing. Then the processor's time counts, that of the busiest host against that of one alone: what
a step takes but for waiting.
"""

import argparse
import os
import socket
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from benchmarks.machine import describe
from benchmarks.process import Process, unrestrained
from benchmarks.report import Findings, publish, show_samples
from benchmarks.rounds import Measure, Samples, medians, round_robin

LIBRARIES = ("numpy", "xgboost-cpu")
BATCH = 256
HOSTS = (1, 2, 4)


class Group:
    """Processes that train together."""

    def __init__(self, hosts: int, opened: ExitStack) -> None:
        port = _two_free_ports()
        self._processes = [
            opened.enter_context(Process("benchmarks.peers.shared_training", rank, hosts, port))
            for rank in range(hosts)
        ]
        self._threads = opened.enter_context(ThreadPoolExecutor(hosts))
        # By the clock only where each host has a processor.
        self.by_clock = hosts <= len(os.sched_getaffinity(0))

    def wait_until_ready(self) -> None:
        """Wait until the hosts have joined."""
        list(self._threads.map(Process.wait_until_ready, self._processes))

    def call(self, method: str, *arguments: object) -> list[Any]:
        """Return what a method returns on each host."""
        return list(self._threads.map(lambda each: each.call(method, *arguments), self._processes))

    def clock(self) -> float:
        """Return the milliseconds of a step."""
        return self._milliseconds(0)

    def processor(self) -> float:
        """Return the milliseconds of a step that the busiest host computes."""
        return self._milliseconds(1)

    def _milliseconds(self, kind: int) -> float:
        return 1000 * max(float(each[kind]) for each in self.call("seconds", BATCH))


def main() -> int:
    """Measure, print a table, write results/scale_hosts.json."""
    argparse.ArgumentParser(description="Compare steps on several hosts with one.").parse_args()
    unrestrained()
    publish("scale_hosts", measure(), describe(LIBRARIES))
    return 0


def measure() -> Findings:
    """Return ``hosts_2`` and ``hosts_4``: how many times sooner a step is over than on one host."""
    findings = Findings()
    with ExitStack() as opened:
        groups = {hosts: Group(hosts, opened) for hosts in HOSTS}
        for group in groups.values():
            group.wait_until_ready()
        clock = medians(_measured("", {hosts: each.clock for hosts, each in groups.items()}))
        processor = medians(
            _measured(
                ", processor's time", {hosts: each.processor for hosts, each in groups.items()}
            )
        )
        digests = {each for group in groups.values() for each in group.call("digest")}
        for hosts in HOSTS[1:]:
            typical = clock if groups[hosts].by_clock else processor
            findings.ratios[f"hosts_{hosts}"] = typical["1"] / typical[str(hosts)]
    print(f"  the weights are {'equal bit for bit' if len(digests) == 1 else 'NOT EQUAL'}")
    findings.ratios["hosts_equal"] = len(digests) == 1
    findings.details["host_step_ms"] = {"clock": clock, "processor": processor}
    return findings


def _measured(what: str, measures: Mapping[int, Measure]) -> Samples:
    """Return samples by the number of hosts, printed."""
    samples = round_robin({str(hosts): measure for hosts, measure in measures.items()})
    show_samples(f"A step of batch {BATCH} by hosts{what}", "milliseconds", samples)
    return samples


def _two_free_ports() -> int:
    """Return the first of two ports in a row that nobody listens on."""
    while True:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                other.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


if __name__ == "__main__":
    sys.exit(main())
