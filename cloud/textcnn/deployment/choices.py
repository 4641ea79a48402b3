"""What a person can choose about an endpoint, checked before anything is made."""

import re
from dataclasses import dataclass

from textcnn.endpoints import Kind
from textcnn.errors import CommandError, Exit

DEFAULT_INSTANCE = "ml.m5.large"
MEMORY = (1024, 2048, 3072, 4096, 5120, 6144)
RANGE = re.compile(r"(\d+):(\d+)")
VARIABLE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
INSTEAD = f"Choose an instance: --instance-type {DEFAULT_INSTANCE}, which costs by the hour."


@dataclass(frozen=True)
class Choices:
    """The options of ``deploy``; capture is a percentage, 0 for none."""

    memory: int = 2048
    concurrency: int = 5
    instance_type: str | None = None
    count: int | None = None
    autoscale: str | None = None
    asynchronous: bool = False
    capture: int = 0
    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()
    isolated: bool = False
    kms_key: str | None = None
    variables: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """What the endpoint runs on: instances only where something asks for them."""
        if self.asynchronous:
            return Kind.ASYNCHRONOUS
        return Kind.INSTANCE if self.instance_type else Kind.SERVERLESS

    @property
    def scaling(self) -> tuple[int, int] | None:
        """The fewest and the most instances, or None without scaling."""
        if self.autoscale is None:
            return None
        found = RANGE.fullmatch(self.autoscale)
        fewest, most = (int(found[1]), int(found[2])) if found else (1, 0)
        least = 0 if self.asynchronous else 1
        if not least <= fewest <= most or most == 0:
            zero = "" if self.asynchronous else "; only an asynchronous endpoint scales down to 0"
            raise CommandError(
                f"--autoscale {self.autoscale} is no range of instances",
                f"Write the fewest and the most: --autoscale 1:4{zero}.",
                Exit.USAGE,
            )
        return fewest, most

    @property
    def instances(self) -> int:
        """How many instances there are at first."""
        if self.scaling and self.count is None:
            return max(self.scaling[0], 1)
        return self.count or 1

    @property
    def environment(self) -> dict[str, str]:
        """The container's variables by name."""
        found = [(text, VARIABLE.fullmatch(text)) for text in self.variables]
        wrong = next((text for text, match in found if match is None), None)
        if wrong is not None:
            raise CommandError(
                f"--env {wrong} is no variable", "Write --env NAME=VALUE.", Exit.USAGE
            )
        return {match[1]: match[2] for _, match in found if match}

    def check(self) -> None:
        """Raise ``CommandError`` for choices that do not go together."""
        _ = self.scaling, self.environment
        if self.kind is Kind.SERVERLESS:
            self._check_serverless()
        if bool(self.subnets) != bool(self.security_groups):
            raise CommandError(
                "a VPC needs subnets and security groups",
                "Give --subnet and --security-group.",
                Exit.USAGE,
            )

    def _check_serverless(self) -> None:
        asked = {
            "data capture (--capture)": self.capture > 0,
            "VPC (--subnet)": bool(self.subnets),
            "network isolation (--isolated)": self.isolated,
            "range of instances (--autoscale)": self.autoscale is not None,
            "number of instances (--count)": self.count is not None,
        }
        names = [name for name, is_asked in asked.items() if is_asked]
        if names:
            raise CommandError(
                f"a serverless endpoint has no {' and no '.join(names)}", INSTEAD, Exit.USAGE
            )
        if self.memory not in MEMORY:
            sizes = ", ".join(map(str, MEMORY))
            raise CommandError(
                f"--memory {self.memory} is no size of a serverless endpoint",
                f"There are {sizes} MB.",
                Exit.USAGE,
            )
