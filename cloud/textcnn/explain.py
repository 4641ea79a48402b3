"""Explain errors of AWS, and what to do about them."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
)

from textcnn.errors import CommandError, Exit

EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
# S3 answers a HEAD request without words: its code is the status.
DENIED = frozenset({"403", "AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
WRONG_KEYS = frozenset({"InvalidClientTokenId", "UnrecognizedClientException"})
THROTTLED = frozenset({"Throttling", "ThrottlingException", "TooManyRequestsException"})
REGION = "Give --region, or set AWS_DEFAULT_REGION or a region in your AWS profile."
LOG_IN = "Log in again (`aws sso login` or `aws configure`), then give the same command."


def explain(error: ClientError | BotoCoreError | OSError) -> CommandError:
    """Return the error in a person's terms; what is not known keeps its own words."""
    if isinstance(error, ClientError):
        return _explain_response(error)
    if isinstance(error, OSError):
        file = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        return CommandError(f"a file cannot be read or written: {file}")
    return _explain_way(error)


def _explain_way(error: BotoCoreError) -> CommandError:
    """Return what keeps a request from AWS."""
    if isinstance(error, NoCredentialsError):
        return CommandError("there are no AWS credentials", LOG_IN, Exit.REFUSED)
    if isinstance(error, NoRegionError):
        return CommandError("no AWS region is set", REGION, Exit.USAGE)
    if isinstance(error, ProfileNotFound):
        return CommandError(str(error), "`aws configure list-profiles` shows them.", Exit.USAGE)
    if isinstance(error, EndpointConnectionError):
        return CommandError(
            str(error),
            "Check the region and the network, and AWS_ENDPOINT_URL where it is set.",
            Exit.REFUSED,
        )
    return CommandError(str(error), "", Exit.REFUSED)


def _explain_response(error: ClientError) -> CommandError:
    code = error.response["Error"].get("Code", "")
    message = f"{error.operation_name}: {_message(error)}"
    if code in EXPIRED:
        return CommandError("the AWS credentials have expired", LOG_IN, Exit.REFUSED)
    if code in WRONG_KEYS:
        return CommandError("AWS does not know these credentials", LOG_IN, Exit.REFUSED)
    if code in DENIED:
        remedy = (
            "Ask an administrator for this permission; `textcnn setup --print` writes the policy "
            "that an operator needs."
        )
        return CommandError(message, remedy, Exit.REFUSED)
    if code == "ResourceLimitExceeded":
        remedy = (
            "Ask for a higher quota in the console of Service Quotas (new accounts have 0 of most "
            "instance types), or choose another --instance-type; `textcnn doctor` shows quotas."
        )
        return CommandError(message, remedy, Exit.REFUSED)
    if code in THROTTLED:
        return CommandError(message, "AWS is busy: give the same command again.", Exit.REFUSED)
    return CommandError(message, "", Exit.FAILED)


def _message(error: ClientError) -> str:
    """Return the service's own words; what is a web page came from something in between."""
    told = error.response["Error"]
    words = str(told.get("Message") or told.get("Code", ""))
    if "<html" in words:
        return f"HTTP {error.response['ResponseMetadata']['HTTPStatusCode']}, without a reason"
    return words
