"""What answers a browser at a distribution's domain: a file, or what an HTTP API answers.

Nothing is cached, so there is nothing to invalidate; names of AWS's own policies are not looked up:
all headers but the host go on to an API, and none to a bucket.
"""

import fnmatch
import re
from typing import Any

from werkzeug.wrappers import Request, Response

from textcnn.emulator.account import Account
from textcnn.emulator.content_delivery.domains import own_domain
from textcnn.emulator.content_delivery.files import read_file
from textcnn.emulator.content_delivery.header_policies import HeaderPolicies
from textcnn.emulator.http_api.apis import HttpApis

BUCKET = re.compile(r"(?P<bucket>[a-z0-9.-]+)\.s3\.[a-z0-9-]+\.amazonaws\.com")
API = re.compile(r"(?P<api>[a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com")


def respond_to_browser(account: Account, request: Request) -> Response | None:
    """Answer a request at a distribution's domain; None where the host is no such domain."""
    if not request.host.endswith(own_domain(account)):
        return None
    found = _find(account, request.host)
    if found is None:
        return Response("there is no distribution of this domain", status=404)
    client = account.client("cloudfront")
    config = client.get_distribution_config(Id=found["Id"])["DistributionConfig"]
    behaviour = _behaviour(config, request.path)
    if not config["Enabled"] or request.method not in behaviour["AllowedMethods"]["Items"]:
        response = Response("this distribution does not answer that", status=403)
    else:
        response = _from_origin(account, request, found, config, behaviour)
    _set_headers(account, behaviour, response)
    return response


def _find(account: Account, host: str) -> dict[str, Any] | None:
    pages = account.client("cloudfront").get_paginator("list_distributions").paginate()
    listed = (each for page in pages for each in page["DistributionList"].get("Items", []))
    found: dict[str, Any] | None = next(
        (each for each in listed if each["DomainName"] == host), None
    )
    return found


def _behaviour(config: dict[str, Any], path: str) -> dict[str, Any]:
    for each in config["CacheBehaviors"].get("Items", []):
        if fnmatch.fnmatchcase(path, each["PathPattern"]):
            found: dict[str, Any] = each
            return found
    default: dict[str, Any] = config["DefaultCacheBehavior"]
    return default


def _from_origin(
    account: Account,
    request: Request,
    distribution: dict[str, Any],
    config: dict[str, Any],
    behaviour: dict[str, Any],
) -> Response:
    origins = {each["Id"]: each["DomainName"] for each in config["Origins"]["Items"]}
    domain = origins[behaviour["TargetOriginId"]]
    bucket, api = BUCKET.fullmatch(domain), API.fullmatch(domain)
    if bucket is not None:
        key = request.path.removeprefix("/") or config.get("DefaultRootObject", "")
        return read_file(account, distribution, bucket["bucket"], key)
    if api is not None:
        return account.part(HttpApis).respond(api["api"], domain, request)
    return Response(f"the emulator does not know the origin {domain}", status=502)


def _set_headers(account: Account, behaviour: dict[str, Any], response: Response) -> None:
    policy = behaviour.get("ResponseHeadersPolicyId")
    if policy:
        for name, value in account.part(HeaderPolicies).store.get(policy).headers():
            response.headers[name] = value
