"""AWS::CloudFront: distributions, and what their origins and answers go by."""

from typing import Any

from botocore.exceptions import ClientError

from textcnn.emulator.stacks.resources.content_requests import content_request
from textcnn.emulator.stacks.resources.kind import Kind, Properties, Work, is_missing
from textcnn.emulator.stacks.return_values import ReturnValues


class _Configured(Kind):
    """What is nothing but its configuration; ``Ref`` is its identifier, and it has no tags."""

    noun: str
    # The noun as botocore's methods have it.
    method: str
    replacing = frozenset()
    tag_property = None

    def create(self, work: Work, properties: Properties) -> str:
        """Make it."""
        request = content_request(f"Create{self.noun}", properties)
        created = self._call(work, "create", **request)
        return str(created[self.noun]["Id"])

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Ask for it."""
        self._call(work, "get", Id=identifier)
        return ReturnValues(identifier, {"Id": identifier})

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Change it."""
        tag = self._call(work, "get", Id=identifier)["ETag"]
        request = content_request(f"Update{self.noun}", after)
        self._call(work, "update", Id=identifier, IfMatch=tag, **request)

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Delete it."""
        try:
            tag = self._call(work, "get", Id=identifier)["ETag"]
            self._call(work, "delete", Id=identifier, IfMatch=tag)
        except ClientError as error:
            if not is_missing(error, f"NoSuch{self.noun}"):
                raise

    def _call(self, work: Work, verb: str, **request: Any) -> dict[str, Any]:
        response: dict[str, Any] = getattr(work.client("cloudfront"), f"{verb}_{self.method}")(
            **request
        )
        return response


class OriginAccessControl(_Configured):
    """How CloudFront signs what it asks a bucket."""

    type = "AWS::CloudFront::OriginAccessControl"
    properties = frozenset({"OriginAccessControlConfig"})
    noun, method = "OriginAccessControl", "origin_access_control"


class ResponseHeadersPolicy(_Configured):
    """The headers of answers."""

    type = "AWS::CloudFront::ResponseHeadersPolicy"
    properties = frozenset({"ResponseHeadersPolicyConfig"})
    noun, method = "ResponseHeadersPolicy", "response_headers_policy"


class Distribution(Kind):
    """A distribution; ``Ref`` is its identifier. It is switched off before it is deleted."""

    type = "AWS::CloudFront::Distribution"
    properties = frozenset({"DistributionConfig", "Tags"})
    replacing = frozenset()

    def create(self, work: Work, properties: Properties) -> str:
        """Make it, by a reference of its own."""
        config = {**properties["DistributionConfig"], "CallerReference": work.name(128)}
        desired = {"DistributionConfig": config, "Tags": {"Items": properties.get("Tags", [])}}
        request = content_request(
            "CreateDistributionWithTags", {"DistributionConfigWithTags": desired}
        )
        created = work.client("cloudfront").create_distribution_with_tags(**request)
        return str(created["Distribution"]["Id"])

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Wait until it is deployed, and ask for its domain."""
        client = work.client("cloudfront")
        work.until(lambda: _describe(client, identifier)["Status"] == "Deployed")
        domain = _describe(client, identifier)["DomainName"]
        return ReturnValues(identifier, {"Id": identifier, "DomainName": domain})

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Change it, and its tags."""
        _change(work, identifier, after["DistributionConfig"])
        if after.get("Tags") != before.get("Tags"):
            client = work.client("cloudfront")
            arn = _describe(client, identifier)["ARN"]
            client.tag_resource(Resource=arn, Tags={"Items": after.get("Tags", [])})

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Switch it off, wait until that is everywhere, and delete it."""
        client = work.client("cloudfront")
        try:
            tag = _change(work, identifier, {**properties["DistributionConfig"], "Enabled": False})
            work.until(lambda: _describe(client, identifier)["Status"] == "Deployed")
            client.delete_distribution(Id=identifier, IfMatch=tag)
        except ClientError as error:
            if not is_missing(error, "NoSuchDistribution"):
                raise


def _describe(client: Any, identifier: str) -> dict[str, Any]:
    distribution: dict[str, Any] = client.get_distribution(Id=identifier)["Distribution"]
    return distribution


def _change(work: Work, identifier: str, properties: Properties) -> str:
    client = work.client("cloudfront")
    now = client.get_distribution_config(Id=identifier)
    config = {**properties, "CallerReference": now["DistributionConfig"]["CallerReference"]}
    request = content_request("UpdateDistribution", {"DistributionConfig": config})
    changed = client.update_distribution(Id=identifier, IfMatch=now["ETag"], **request)
    return str(changed["ETag"])
