"""The return values of a resource, by which others refer to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ReturnValues:
    """What ``Ref`` and ``Fn::GetAtt`` give for a resource."""

    reference: str
    attributes: Mapping[str, str] = field(default_factory=dict)
