"""The pages that there are: a stack for each, named after the endpoint that it asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from textcnn import stacks
from textcnn.aws import Aws
from textcnn.errors import CommandError, Exit
from textcnn.ownership import TAG_KEY, TAG_VALUE
from textcnn.stacks import Stack

STACK_PREFIX = "textcnn-page-"


@dataclass(frozen=True)
class Page:
    """A page; what a stack that failed does not tell is empty."""

    endpoint: str
    stack: Stack
    address: str

    @property
    def access(self) -> str:
        """Whether it is ``open``, or ``closed`` by a key."""
        return self.stack.outputs.get("Access", "")

    @property
    def bucket(self) -> str:
        """The bucket of its files."""
        return self.stack.outputs.get("BucketName", "")

    @property
    def created(self) -> datetime | None:
        """When it was made."""
        return self.stack.created


def stack_name(endpoint: str) -> str:
    """Return the name of a page's stack."""
    return f"{STACK_PREFIX}{endpoint}"


def pages(aws: Aws) -> list[Page]:
    """Return all pages of the account and region."""
    return list(_pages(aws))


def find(aws: Aws, endpoint: str) -> Page | None:
    """Return an endpoint's page, or None."""
    stack = stacks.find(aws, stack_name(endpoint))
    return page_of(aws, stack) if stack else None


def meant(aws: Aws, endpoint: str | None) -> Page:
    """Return an endpoint's page, or the only one there is; raises ``CommandError``."""
    found = [page for page in pages(aws) if endpoint in {None, page.endpoint}]
    if len(found) == 1:
        return found[0]
    if not found:
        of = f" of {endpoint}" if endpoint else ""
        raise CommandError(
            f"there is no page{of} in {aws.region}",
            "`textcnn page deploy ENDPOINT` makes one; --region looks elsewhere.",
            Exit.MISSING,
        )
    listed = ", ".join(page.endpoint for page in found)
    raise CommandError(f"there are {len(found)} pages: of {listed}", "Say which.", Exit.USAGE)


def page_of(aws: Aws, stack: Stack) -> Page:
    """Return the page that a stack is."""
    domain = stack.outputs.get("DomainName", "")
    # As AWS itself is asked: by HTTPS, unless AWS_ENDPOINT_URL says otherwise.
    scheme = urlsplit(aws.client("cloudfront").meta.endpoint_url).scheme
    address = f"{scheme}://{domain}/" if domain else ""
    return Page(stack.name.removeprefix(STACK_PREFIX), stack, address)


def link(page: Page, key: str) -> str:
    """Return the address with the key behind the #, which no browser sends to anybody."""
    return f"{page.address}#key={key}" if key else page.address


def _pages(aws: Aws) -> Iterator[Page]:
    for stack in stacks.having_tag(aws, TAG_KEY, TAG_VALUE):
        if stack.name.startswith(STACK_PREFIX):
            yield page_of(aws, stack)
