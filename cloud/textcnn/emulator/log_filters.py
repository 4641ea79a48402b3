"""FilterLogEvents by the beginning of streams' names, which moto passes over in silence.

It would answer every job's lines for one job's, so it is given the streams by name instead.
"""

import io
import json

from botocore.exceptions import ClientError
from werkzeug.wrappers import Request, Response

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import ServiceError

TARGET = "Logs_20140328.FilterLogEvents"


def name_streams(account: Account, request: Request) -> Response | None:
    """Name the streams in the request; answer it where there is none of that name."""
    if request.headers.get("X-Amz-Target") != TARGET:
        return None
    body = request.get_data()
    query = json.loads(body or b"{}")
    prefix = query.pop("logStreamNamePrefix", None)
    if prefix is not None:
        streams = _streams(account, query["logGroupName"], prefix)
        if not streams:
            return Response('{"events": []}', content_type="application/x-amz-json-1.1")
        body = json.dumps({**query, "logStreamNames": streams}).encode()
    request.environ["wsgi.input"] = io.BytesIO(body)
    request.environ["CONTENT_LENGTH"] = str(len(body))
    return None


def _streams(account: Account, group: str, prefix: str) -> list[str]:
    pages = account.client("logs").get_paginator("describe_log_streams")
    try:
        return [
            stream["logStreamName"]
            for page in pages.paginate(logGroupName=group, logStreamNamePrefix=prefix)
            for stream in page["logStreams"]
        ]
    except ClientError as error:
        told = error.response["Error"]
        raise ServiceError(told["Code"], told["Message"]) from None
