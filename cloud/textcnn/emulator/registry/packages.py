"""Model packages: versions in groups with an approval, or packages with a name of their own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import NotEmulated, ServiceError, ValidationException
from textcnn.emulator.registry.groups import Group, Groups
from textcnn.emulator.store import Store

UNKNOWN = ("CertifyForMarketplace", "SourceAlgorithmSpecification", "ValidationSpecification")
PENDING = "PendingManualApproval"
# Members of UpdateModelPackage that are no members of the package.
NO_MEMBERS = frozenset(
    {
        "ModelPackageArn",
        "ClientToken",
        "CustomerMetadataProperties",
        "CustomerMetadataPropertiesToRemove",
        "AdditionalInferenceSpecificationsToAdd",
    }
)


@dataclass
class Package:
    """One package; group and version are those of a version, else empty and None."""

    values: dict[str, Any]
    arn: str
    created: datetime
    group: str = ""
    version: int | None = None
    changed: datetime | None = None
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The package's own name; a version has that of its group."""
        name: str = self.group or self.values["ModelPackageName"]
        return name

    def update(self, values: dict[str, Any], now: datetime) -> None:
        """Change what a request of UpdateModelPackage names."""
        self.values |= {name: each for name, each in values.items() if name not in NO_MEMBERS}
        self.metadata |= values.get("CustomerMetadataProperties", {})
        for key in values.get("CustomerMetadataPropertiesToRemove", []):
            self.metadata.pop(key, None)
        specifications = self.values.setdefault("AdditionalInferenceSpecifications", [])
        specifications += values.get("AdditionalInferenceSpecificationsToAdd", [])
        self.changed = now


class Packages:
    """The account's model packages, by ARN."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._packages: Store[Package] = Store(_missing, _taken)
        self._by_token: dict[str, Package] = {}

    def create(self, request: dict[str, Any]) -> Package:
        """Create a package; a request that is sent again, by its token, creates no other."""
        token = request.pop("ClientToken", None)
        if token in self._by_token:
            return self._by_token[token]
        for name in UNKNOWN:
            if request.get(name):
                raise NotEmulated(f"CreateModelPackage's {name}")
        package = self._made(request)
        self._packages.add(package.arn, package)
        self._account.tags.add(package.arn, request.get("Tags", []))
        if token:
            self._by_token[token] = package
        return package

    def _made(self, request: dict[str, Any]) -> Package:
        name, group_name = request.get("ModelPackageName"), request.get("ModelPackageGroupName")
        # The service's words for these two: getmoto/moto#7165.
        if name and group_name:
            raise ValidationException(
                "Both ModelPackageName and ModelPackageGroupName are provided in the input. Cannot "
                "determine which one to use."
            )
        if group_name:
            return self._version(request, self._account.part(Groups).get(group_name))
        if not name:
            raise ValidationException("Missing ARN.")
        return self._package(request, name)

    def _version(self, request: dict[str, Any], group: Group) -> Package:
        group.versions += 1
        values = {"ModelApprovalStatus": PENDING} | request
        package = self._package(values, f"{group.name}/{group.versions}")
        package.group, package.version = group.name, group.versions
        return package

    def _package(self, values: dict[str, Any], name: str) -> Package:
        metadata = dict(values.get("CustomerMetadataProperties", {}))
        arn = self._account.arn("model-package", name)
        return Package(dict(values), arn, self._account.now(), metadata=metadata)

    def get(self, name: str) -> Package:
        """Return a package by its ARN, or by its own name."""
        arn = name if name.startswith("arn:") else self._account.arn("model-package", name)
        return self._packages.get(arn)

    def remove(self, name: str) -> None:
        """Forget a package."""
        package = self._packages.remove(self.get(name).arn)
        self._account.tags.forget(package.arn)

    def close(self) -> None:
        """Nothing runs."""

    def __iter__(self) -> Iterator[Package]:
        return iter(self._packages)


def _missing(arn: str) -> ServiceError:
    return ValidationException(f"ModelPackage {arn} does not exist.")


def _taken(arn: str) -> ServiceError:
    return ValidationException(f"Model Package already exists: {arn}")
