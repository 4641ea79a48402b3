"""Which machines share the job, and which of them this one is."""

from dataclasses import dataclass

from text_classification.contract.configuration_files import read_object
from text_classification.contract.paths import Paths


@dataclass(frozen=True)
class Hosts:
    """The hosts of a job; without a resource configuration this host is alone.

    names: in order, this one's among them; the first writes what the job leaves.
    """

    current: str
    names: tuple[str, ...]

    @property
    def rank(self) -> int:
        """The place of this host among the names."""
        return self.names.index(self.current)


def read_hosts(paths: Paths) -> Hosts:
    """Return the hosts of resourceconfig.json; every field of it may be missing."""
    resources = read_object(paths.resource_config)
    listed = resources.get("hosts")
    names = {str(name) for name in listed} if isinstance(listed, list) else set()
    current = resources.get("current_host")
    if not current:
        # A host that is not told its name trains alone: twice is better than not at all.
        alone = min(names, default="algo-1")
        return Hosts(alone, (alone,))
    return Hosts(str(current), tuple(sorted(names | {str(current)})))
