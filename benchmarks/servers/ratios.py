"""How our server compares with the others."""

from collections.abc import Mapping

from benchmarks.servers.catalogue import CONSTANT, KERAS, OURS
from benchmarks.servers.measurement import Measurement


def ratios(found: Mapping[str, Measurement]) -> dict[str, float]:
    """Return how ours compares; of several numbers of connections, the one where it is worst."""
    ours = found[OURS]
    peers = {
        name: measurement for name, measurement in found.items() if name not in (OURS, CONSTANT)
    }

    def worst(others: Mapping[str, Measurement]) -> float:
        return min(
            load.requests_a_second
            / max(other.loads[connections].requests_a_second for other in others.values())
            for connections, load in ours.loads.items()
        )

    compared = {"of_constant": worst({CONSTANT: found[CONSTANT]}), "best_peer": worst(peers)}
    if KERAS in peers:
        compared["keras_flask"] = worst({KERAS: peers[KERAS]})
        compared["start_keras_flask"] = peers[KERAS].start / ours.start
    batches = [measurement.batch for measurement in peers.values() if measurement.batch]
    compared["batch_best_peer"] = (ours.batch or 0) / max(batches)
    return compared
