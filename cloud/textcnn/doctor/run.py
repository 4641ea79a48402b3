"""Every check in turn, told as it comes."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from textcnn.aws import Aws
from textcnn.doctor import account, foundation, image, limits, spending
from textcnn.doctor.checks import UNKNOWN, Examination, ExaminedAccount, examine, problem
from textcnn.errors import CommandError
from textcnn.foundation import Foundation, read_foundation
from textcnn.results import Check

EXAMINATIONS: tuple[tuple[str, Examination], ...] = (
    ("region", account.region),
    ("stack", foundation.stack),
    ("role", foundation.role),
    ("bucket", foundation.bucket),
    ("image", image.image),
    ("platform", image.platform),
    ("quotas", limits.quotas),
    ("lambda", limits.lambda_concurrency),
    ("endpoints", spending.running),
)


def checks(aws: Aws, instance_type: str) -> Iterator[Check]:
    """Yield what is found; without credentials nothing else can be."""
    without_stack = ExaminedAccount(aws, None, instance_type)
    first = list(examine("credentials", account.credentials, without_stack))
    if first[0].state == UNKNOWN:
        yield problem("credentials", first[0].finding, first[0].remedy)
        return
    yield from first
    patient = ExaminedAccount(aws, _foundation(aws), instance_type)
    for subject, examination in EXAMINATIONS:
        yield from examine(subject, examination, patient)


def _foundation(aws: Aws) -> Foundation | None:
    """Return the foundation where there is one: a check of its own tells why there is none."""
    try:
        return read_foundation(aws)
    except (CommandError, ClientError):
        return None
