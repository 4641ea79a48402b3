"""Policies of buckets are kept and given back, and stop nobody.

moto takes each statement whose condition it cannot judge for a refusal, so that a bucket which
only refuses requests without TLS would refuse all; its permissions are not what is rehearsed here.
"""

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket


def allow_everyone() -> None:
    """Have moto let requests through whatever a bucket's policy says."""
    setattr(FakeBucket, "get_permission", _neutral)  # noqa: B010 - mypy forbids the other form


def _neutral(_bucket: FakeBucket, _action: str, _resource: str) -> PermissionResult:
    return PermissionResult.NEUTRAL
