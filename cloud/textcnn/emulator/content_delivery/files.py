"""An object of a bucket, for a distribution that the bucket's policy lets read."""

import json
from typing import Any

from botocore.exceptions import ClientError
from werkzeug.wrappers import Response

from textcnn.emulator.account import Account

SERVICE = "cloudfront.amazonaws.com"


def read_file(account: Account, distribution: dict[str, Any], bucket: str, key: str) -> Response:
    """Return an object; 403 where it cannot be read, which S3 also says of one that is missing."""
    s3 = account.client("s3")
    try:
        if not _lets_read(s3, bucket, distribution["ARN"]):
            return _denied()
        item = s3.get_object(Bucket=bucket, Key=key)
    except ClientError:
        return _denied()
    response = Response(item["Body"].read(), content_type=item["ContentType"])
    for member, header in (("CacheControl", "Cache-Control"), ("ETag", "ETag")):
        if item.get(member):
            response.headers[header] = item[member]
    return response


def _lets_read(s3: Any, bucket: str, arn: str) -> bool:
    """Whether a statement of the bucket's policy allows this distribution to get objects."""
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    return any(
        statement["Effect"] == "Allow"
        and statement["Principal"] == {"Service": SERVICE}
        and statement["Action"] == "s3:GetObject"
        and statement["Resource"] == f"arn:aws:s3:::{bucket}/*"
        and statement["Condition"] == {"StringEquals": {"AWS:SourceArn": arn}}
        for statement in policy["Statement"]
    )


def _denied() -> Response:
    body = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>'
    return Response(body, status=403, content_type="application/xml")
