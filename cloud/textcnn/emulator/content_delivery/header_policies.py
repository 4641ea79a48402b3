"""Response headers policies: kept, given back, and turned into headers."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from werkzeug.wrappers import Request, Response

from textcnn.emulator.account import Account
from textcnn.emulator.operations import Operations
from textcnn.emulator.protocol.errors import ServiceError
from textcnn.emulator.protocol.rest_xml import read_request, write_response
from textcnn.emulator.store import Store

PATH = re.compile(r"/2020-05-31/response-headers-policy(?:/(?P<Id>[^/]+))?")
# By the method, and whether a policy is named.
NAMES = {
    ("POST", False): "CreateResponseHeadersPolicy",
    ("GET", False): "ListResponseHeadersPolicies",
    ("GET", True): "GetResponseHeadersPolicy",
    ("PUT", True): "UpdateResponseHeadersPolicy",
    ("DELETE", True): "DeleteResponseHeadersPolicy",
}
cloudfront = Operations("cloudfront")


@dataclass
class HeaderPolicy:
    """A policy; tag changes with each change."""

    configuration: dict[str, Any]
    changed: Any
    identifier: str = field(default_factory=lambda: str(uuid.uuid4()))
    tag: str = field(default_factory=lambda: uuid.uuid4().hex)

    def headers(self) -> Iterator[tuple[str, str]]:
        """Yield the headers that it sets."""
        security = self.configuration.get("SecurityHeadersConfig", {})
        for name, member, write in SECURITY:
            if member in security:
                yield name, write(security[member])
        for custom in self.configuration.get("CustomHeadersConfig", {}).get("Items", []):
            yield custom["Header"], custom["Value"]

    def shown(self) -> dict[str, Any]:
        """Return it as the service answers it."""
        policy = {
            "Id": self.identifier,
            "LastModifiedTime": self.changed,
            "ResponseHeadersPolicyConfig": self.configuration,
        }
        return {"ResponseHeadersPolicy": policy, "ETag": self.tag}


def _transport_security(member: dict[str, Any]) -> str:
    value = f"max-age={member['AccessControlMaxAgeSec']}"
    value += "; includeSubDomains" if member.get("IncludeSubdomains") else ""
    return value + ("; preload" if member.get("Preload") else "")


# The header, the member that sets it, and how.
SECURITY: tuple[tuple[str, str, Any], ...] = (
    (
        "Content-Security-Policy",
        "ContentSecurityPolicy",
        lambda member: member["ContentSecurityPolicy"],
    ),
    ("X-Content-Type-Options", "ContentTypeOptions", lambda _: "nosniff"),
    ("X-Frame-Options", "FrameOptions", lambda member: member["FrameOption"]),
    ("Referrer-Policy", "ReferrerPolicy", lambda member: member["ReferrerPolicy"]),
    ("Strict-Transport-Security", "StrictTransportSecurity", _transport_security),
)


class HeaderPolicies:
    """The policies of the account, by identifier."""

    def __init__(self, _account: Account) -> None:
        self.store: Store[HeaderPolicy] = Store(_missing, _taken)

    def close(self) -> None:
        """Have nothing to end."""


def handle_header_policies(account: Account, request: Request) -> Response | None:
    """Answer a request for response headers policies; None for any other of CloudFront's."""
    match = PATH.fullmatch(request.path)
    if match is None:
        return None
    path = {name: value for name, value in match.groupdict().items() if value}
    name = NAMES.get((request.method, bool(path)))
    if name is None:
        return None
    values = read_request("cloudfront", name, request, path)
    return write_response("cloudfront", name, dict(cloudfront.carry_out(account, name, values)))


@cloudfront("CreateResponseHeadersPolicy")
def create(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Keep a policy under a name that is not taken."""
    store = account.part(HeaderPolicies).store
    configuration = values["ResponseHeadersPolicyConfig"]
    if any(each.configuration["Name"] == configuration["Name"] for each in store):
        raise _taken(configuration["Name"])
    policy = HeaderPolicy(configuration, account.now())
    store.add(policy.identifier, policy)
    return policy.shown()


@cloudfront("GetResponseHeadersPolicy")
def get(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer a policy."""
    return account.part(HeaderPolicies).store.get(values["Id"]).shown()


@cloudfront("ListResponseHeadersPolicies")
def list_all(account: Account, _: dict[str, Any]) -> dict[str, Any]:
    """Answer all policies, which are few, on one page; none of them is AWS's own."""
    items = [
        {"Type": "custom", "ResponseHeadersPolicy": each.shown()["ResponseHeadersPolicy"]}
        for each in account.part(HeaderPolicies).store
    ]
    listed = {"MaxItems": max(100, len(items)), "Quantity": len(items), "Items": items}
    return {"ResponseHeadersPolicyList": listed}


@cloudfront("UpdateResponseHeadersPolicy")
def update(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Change a policy that nobody has changed meanwhile."""
    policy = _unchanged(account, values)
    policy.configuration = values["ResponseHeadersPolicyConfig"]
    policy.changed, policy.tag = account.now(), uuid.uuid4().hex
    return policy.shown()


@cloudfront("DeleteResponseHeadersPolicy")
def delete(account: Account, values: dict[str, Any]) -> None:
    """Forget a policy that nobody has changed meanwhile."""
    _unchanged(account, values)
    account.part(HeaderPolicies).store.remove(values["Id"])


def _unchanged(account: Account, values: dict[str, Any]) -> HeaderPolicy:
    policy = account.part(HeaderPolicies).store.get(values["Id"])
    if values.get("IfMatch") != policy.tag:
        raise ServiceError(
            "InvalidIfMatchVersion", "The If-Match version is missing or not valid.", 400
        )
    return policy


def _missing(_: str) -> ServiceError:
    return ServiceError(
        "NoSuchResponseHeadersPolicy", "The response headers policy does not exist.", 404
    )


def _taken(name: str) -> ServiceError:
    return ServiceError(
        "ResponseHeadersPolicyAlreadyExists",
        f"A response headers policy with the name {name} already exists.",
        409,
    )
