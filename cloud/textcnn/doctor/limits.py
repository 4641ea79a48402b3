"""What the account may run: quotas of an instance type, and Lambda's concurrency."""

from collections.abc import Iterator

from textcnn.doctor.checks import ExaminedAccount, ok, problem, unknown
from textcnn.results import Check

CONSOLE = "Ask for more in the console of Service Quotas, under Amazon SageMaker."
# The quotas by what they end with, and what 0 means for us.
USES = {
    "for training job usage": "Train on another --instance-type. ",
    "for spot training job usage": "",
    "for endpoint usage": "Deploy serverless, or on another --instance-type. ",
    "for transform job usage": "Transform on another --instance-type. ",
}
SPOT = "for spot training job usage"
# What Lambda gives to an account that has not asked.
USUAL_CONCURRENCY = 1000


def quotas(patient: ExaminedAccount) -> Iterator[Check]:
    """Tell how many instances of the type the account may have, by use."""
    wanted = {f"{patient.instance_type} {use}": use for use in USES}
    client = patient.aws.advice_client("service-quotas")
    found: dict[str, float] = {}
    for page in client.get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker"):
        for quota in page["Quotas"]:
            if quota["QuotaName"] in wanted:
                found[wanted[quota["QuotaName"]]] = quota["Value"]
    for use in USES:
        yield _quota(patient.instance_type, use, found.get(use))


def lambda_concurrency(patient: ExaminedAccount) -> Iterator[Check]:
    """Tell how many requests a page in front of an endpoint can answer at once."""
    limits = patient.aws.advice_client("lambda").get_account_settings()["AccountLimit"]
    number = limits["ConcurrentExecutions"]
    few = "Ask for more in Service Quotas, under AWS Lambda, before many use a page."
    yield ok("lambda", f"{number} requests at once", few if number < USUAL_CONCURRENCY else "")


def _quota(instance_type: str, use: str, value: float | None) -> Check:
    subject = f"{instance_type} {use.removeprefix('for ').removesuffix(' usage')}"
    if value is None:
        # The service tells no quota whose default was never applied to the account.
        return unknown(
            "quota", f"{subject}: Service Quotas tells none", f"Check the type. {CONSOLE}"
        )
    if value > 0:
        return ok("quota", f"{subject}: {value:.0f}")
    if use == SPOT:
        return ok("quota", f"{subject}: 0, so jobs run on demand", CONSOLE)
    return problem("quota", f"{subject}: 0", USES[use] + CONSOLE)
