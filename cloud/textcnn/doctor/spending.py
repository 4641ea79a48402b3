"""Idle costs: endpoints on instances."""

from collections.abc import Iterator

from textcnn import endpoints
from textcnn.doctor.checks import ExaminedAccount, ok
from textcnn.endpoints import Kind
from textcnn.results import Check


def running(patient: ExaminedAccount) -> Iterator[Check]:
    """Name the endpoints that cost by the hour."""
    costing = []
    for name in endpoints.names(patient.aws):
        endpoint = endpoints.look_up(patient.aws, name)
        if endpoint and endpoint.kind is not Kind.SERVERLESS and endpoint.instances:
            costing.append(f"{name} ({endpoint.instances} of {endpoint.instance_type})")
    if costing:
        what = ", ".join(costing)
        yield ok("endpoints", f"by the hour: {what}", "`textcnn ls` shows since when.")
    else:
        yield ok("endpoints", "none that costs while nobody asks")
