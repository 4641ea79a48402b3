"""Which machines share the job, and what this one does."""

from dataclasses import dataclass

from text_classification.contract.configuration_files import read_object
from text_classification.contract.paths import Paths


@dataclass(frozen=True)
class Hosts:
    """The hosts of a job; without a resource configuration this host is alone."""

    current: str
    names: tuple[str, ...]

    @property
    def is_primary(self) -> bool:
        """Whether this host trains: the first by name does, the others have nothing to do."""
        return self.current == min(self.names)


def read_hosts(paths: Paths) -> Hosts:
    """Return the hosts of resourceconfig.json; every field of it may be missing."""
    resources = read_object(paths.resource_config)
    listed = resources.get("hosts")
    names = tuple(str(name) for name in listed) if isinstance(listed, list) else ()
    # A host that is not told its name trains: twice is better than not at all.
    current = str(resources.get("current_host") or min(names, default="algo-1"))
    return Hosts(current, names if current in names else (*names, current))
