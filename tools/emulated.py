"""What docs/emulator_operations.md says: what the emulator has, from the registries in its code."""

from textcnn.emulator.content_delivery.header_policies import cloudfront
from textcnn.emulator.faults import ERRORS, KINDS, Kind
from textcnn.emulator.operations import Operations
from textcnn.emulator.sagemaker import OPERATIONS as SAGEMAKER
from textcnn.emulator.stacks.operations import OPERATIONS as CLOUDFORMATION
from textcnn.emulator.stacks.resources import KINDS as RESOURCES

HEAD = """\
# What the emulator has

Generated from the registries in `cloud/textcnn/emulator/`. An operation that is not listed is
refused with status 501 and its name. What the emulator is and is not:
[its page](../cloud/textcnn/emulator/README.md).

"""
RUNTIME = """\
## sagemaker-runtime

`InvokeEndpoint`, `InvokeEndpointAsync`

"""
MOTO = """\
## All other services

are moto's: S3, ECR, STS, IAM, CloudWatch and its logs, EventBridge Scheduler, Budgets, Application
Auto Scaling, Lambda, API Gateway, the rest of CloudFront and what else [moto has](https://docs.getmoto.org/en/latest/docs/services/index.html).
"""
# What the other faults do to a job whose name is the target.
TO_JOBS: dict[Kind, str] = {
    "fail-job": "a training job fails",
    "lose-instance": "an instance is gone at once; the job fails, or starts anew by its retries",
    "interrupt": "a spot instance is taken away; the job goes on from its checkpoints",
}


def emulator_operations() -> str:
    """Return docs/emulator_operations.md."""
    parts = [
        *(HEAD, _service(SAGEMAKER), RUNTIME, _service(CLOUDFORMATION), _resources()),
        *(_service(cloudfront, "of its own, beside moto's"), _faults()),
    ]
    return "".join(parts) + MOTO


def _service(operations: Operations, whose: str = "") -> str:
    names = operations.names
    listed = "\n".join(f"- `{name}`" for name in names)
    count = whose or f"{len(names)} of {len(operations.model.operation_names)} operations"
    return f"## {operations.service}\n\n{count}:\n\n{listed}\n\n"


def _resources() -> str:
    listed = "\n".join(f"- `{name}`" for name in sorted(RESOURCES))
    return (
        "### Resource types\n\nthat a template may hold; one with any other is refused by its name:"
        f"\n\n{listed}\n\n"
    )


def _faults() -> str:
    rows = [f"| `{kind}` | {_happens(kind)} |" for kind in KINDS]
    return "\n".join(["## Faults", "", "| kind | what happens |", "|---|---|", *rows]) + "\n\n"


def _happens(kind: Kind) -> str:
    if kind in ERRORS:
        code, _, status = ERRORS[kind]
        return f"a request is answered {status} `{code}`"
    return TO_JOBS[kind]
