"""What is going to be in front of an endpoint, before anybody says yes."""

from collections.abc import Mapping
from dataclasses import dataclass

from textcnn import endpoints
from textcnn.aws import Aws
from textcnn.endpoints import Endpoint, Kind
from textcnn.errors import CommandError, Exit
from textcnn.foundation import Foundation
from textcnn.page import place
from textcnn.page.files import PageFile, has_index
from textcnn.page.function import code_key, function_zip
from textcnn.page.key import OPEN, digest, new_key
from textcnn.page.place import Page

DAY = 24 * 60 * 60
# The template's own.
USUAL_RATE = "5"
BILLED = "each request, by CloudFront, API Gateway, Lambda and the endpoint; little is stored"


@dataclass(frozen=True)
class PageOptions:
    """What was asked for; settings are parameters of the template that were given."""

    is_open: bool
    renews_key: bool
    settings: Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """A page as it is to be.

    key: a new one, to be told once; empty where the page keeps its key or is open. present: the
    page that is updated.
    """

    endpoint: Endpoint
    foundation: Foundation
    options: PageOptions
    files: list[PageFile]
    key: str
    code: bytes
    present: Page | None

    @property
    def code_key(self) -> str:
        """Where the function's code lies."""
        return code_key(self.endpoint.name, self.code)

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the stack: those of before, and what is given anew."""
        before = self.present.stack.parameters if self.present else {}
        given = {
            "PermissionsBoundaryArn": self.foundation.permissions_boundary_arn,
            **before,
            "EndpointName": self.endpoint.name,
            "EndpointArn": self.endpoint.arn,
            "CodeBucket": self.foundation.bucket,
            "CodeKey": self.code_key,
            "KeyDigest": digest(self.key) if self.key else OPEN,
            **self.options.settings,
        }
        return {name: value for name, value in given.items() if name not in self.kept}

    @property
    def kept(self) -> frozenset[str]:
        """The parameters that stay as they are, unseen: the digest of a key that is kept."""
        keeps = not (self.options.is_open or self.key)
        return frozenset({"KeyDigest"}) if keeps else frozenset()


def make_plan(
    aws: Aws,
    endpoint: Endpoint,
    foundation: Foundation,
    options: PageOptions,
    files: list[PageFile],
) -> Plan:
    """Return the plan; a key is made where there is none to keep, or another is asked for."""
    present = place.find(aws, endpoint.name)
    if present is not None and not present.stack.is_usable:
        present = None  # what an earlier try left is deleted first
    keeps_key = not options.renews_key and present is not None and _has_told_its_key(aws, present)
    key = "" if options.is_open or keeps_key else new_key()
    return Plan(endpoint, foundation, options, files, key, function_zip(), present)


def _has_told_its_key(aws: Aws, page: Page) -> bool:
    """Whether somebody may have the key: it is told when the last file has been put."""
    return page.access == "closed" and has_index(aws, page.bucket)


def find_endpoint(aws: Aws, name: str | None) -> Endpoint:
    """Return the endpoint that a page is to ask; raises ``CommandError`` for one that cannot be."""
    found = endpoints.meant(aws, name)
    if found.kind is Kind.ASYNCHRONOUS:
        raise CommandError(
            f"{found.name} is asynchronous: its answers come later, and into S3",
            "A page asks serverless endpoints and those on instances.",
            Exit.USAGE,
        )
    return found


def lines(plan: Plan) -> list[tuple[str, str]]:
    """Return the plan as names and values."""
    does = "update of the page" if plan.present else "new page"
    told = [
        ("endpoint", f"{plan.endpoint.name} ({does})"),
        ("files", f"{len(plan.files)}, {sum(len(each.content) for each in plan.files)} bytes"),
        ("access", _access(plan)),
        ("limit", f"{plan.parameters.get('RequestsPerSecond', USUAL_RATE)} requests a second"),
        ("costs", BILLED),
        ("ends", f"when you remove it: textcnn page remove {plan.endpoint.name}"),
    ]
    if plan.parameters.get("Alarms", "true") == "true":
        told.insert(-1, ("alarms", "three, billed by the month; --no-alarms for none"))
    return told


def risk(plan: Plan) -> str:
    """Return what an open page risks."""
    rate = int(plan.parameters.get("RequestsPerSecond", USUAL_RATE))
    return (
        f"an open page has no key: whoever finds its address can ask {plan.endpoint.name}, up to "
        f"{rate * DAY:,} times a day, and you pay for each request"
    )


def _access(plan: Plan) -> str:
    if plan.options.is_open:
        return "open to everybody"
    return "closed by a new key" if plan.key else "closed, by the key that it has"
